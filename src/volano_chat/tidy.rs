//! Tidy XML: only elements, white space between them, and text with references. It is parsed without a
//! tokenizer.

use std::borrow::Cow;

use super::event::{Event, StartTag};
use super::frame::MAX_CHILDREN;
use crate::xml;

/// Parses a tidy document. Returns `None` for any other document, which [`document`] parses or refuses
/// with an error.
///
/// A tidy document has an optional XML declaration; no attribute except `type`; each child once, in
/// any order; white space between elements, but not in tags; and no carriage return.
///
/// [`document`]: super::document
pub(super) fn parse(body: &str) -> Option<Event<'_>> {
    if memchr::memchr(b'\r', body.as_bytes()).is_some() {
        return None;
    }
    let (tag, mut rest) = split_root(split_declaration(body)?)?;
    let frame = tag.frame();
    let mut texts = [const { None }; MAX_CHILDREN];
    for _ in frame.children {
        let (name, content) = split_start_tag(rest)?;
        let index = frame.children.iter().position(|child| *child == name)?;
        let (text, after) = split_text(content)?;
        if texts.get_mut(index)?.replace(text).is_some() {
            return None;
        }
        rest = split_end_tag(after, name)?;
    }
    let rest = split_end_tag(xml::trim_start(rest), frame.element)?;
    xml::is_space(rest).then(|| Event::from_parts(tag, texts.map(Option::unwrap_or_default)))
}

/// Splits off an XML declaration, if there is one.
fn split_declaration(body: &str) -> Option<&str> {
    if !body.starts_with("<?") {
        return Some(body);
    }
    let end = memchr::memchr(b'>', body.as_bytes())?;
    let (declaration, rest) = body.split_at_checked(end.checked_add(1)?)?;
    xml::is_declaration(declaration).then_some(rest)
}

/// Splits off the start tag of the root element.
fn split_root(rest: &str) -> Option<(StartTag, &str)> {
    let (content, rest) = split_start_tag(rest)?;
    let (element, kind) = match xml::split_near(content, b' ') {
        Some((element, attribute)) => (element, Some(unquote(attribute.strip_prefix("type=")?)?)),
        None => (content, None),
    };
    Some((StartTag::new(element, kind)?, rest))
}

/// Splits off white space and a start tag. Returns the text between `<` and the next `>`.
fn split_start_tag(rest: &str) -> Option<(&str, &str)> {
    xml::split_near(xml::trim_start(rest).strip_prefix('<')?, b'>')
}

/// Splits off the end tag of this element.
fn split_end_tag<'a>(rest: &'a str, name: &str) -> Option<&'a str> {
    let rest = rest.strip_prefix("</")?.strip_prefix(name)?;
    rest.strip_prefix('>')
}

/// Splits off the text up to the next `<`.
fn split_text(rest: &str) -> Option<(Cow<'_, str>, &str)> {
    let end = memchr::memchr(b'<', rest.as_bytes())?;
    let (raw, rest) = rest.split_at_checked(end)?;
    Some((xml::character_data(raw).ok()?, rest))
}

/// Removes the quotes of either kind around a value.
fn unquote(value: &str) -> Option<&str> {
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.strip_prefix(quote)?.strip_suffix(quote)
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::volano_chat::{Chat, Create, Event, Kick, KickKind};

    const TEA: &str = "<chat><room>Tea</room><user>Al</user><message>hi</message></chat>";

    fn chat(message: &str) -> String {
        TEA.replace("hi", message)
    }

    #[test]
    fn parses_tidy_documents() {
        let tea = Event::from(Chat::new("Tea", "Al", "hi"));
        for body in [
            TEA,
            &format!("\n\t {TEA}\n\t "),
            &format!("<?xml version='1.0'?>{TEA}"),
            &format!("<?xml version = \"1.1\"\n encoding='UTF-8' standalone='no' ?> \n{TEA}\n"),
            &TEA.replace("><", ">\n \t<"),
            "<chat><message>hi</message> <user>Al</user><room>Tea</room></chat>",
        ] {
            assert_eq!(parse(body), Some(tea.clone()), "{body:?}");
        }
        for (raw, message) in [
            ("", ""),
            (" \t\n ", " \t\n "),
            (
                "é\u{7f}\u{85}\u{feff}\u{fffd}",
                "é\u{7f}\u{85}\u{feff}\u{fffd}",
            ),
            ("a>b ]]", "a>b ]]"),
            ("&lt;&gt;&amp;&apos;&quot;", "<>&'\""),
            ("&#65;l &#x1F600;&#13;&#0010;", "Al \u{1f600}\r\n"),
        ] {
            let event = Event::from(Chat::new("Tea", "Al", message));
            assert_eq!(parse(&chat(raw)), Some(event), "{raw:?}");
        }
        for quote in ["'", "\""] {
            let body = format!(
                "<kick type={quote}ban{quote}><from>Mod</from><to>Al</to><room>Tea</room></kick>"
            );
            let event = Kick::new(KickKind::Ban, "Tea", "Mod", "Al").into();
            assert_eq!(parse(&body), Some(event), "{body:?}");
        }
        let create = Create::new("Tea").into();
        assert_eq!(parse("<create><room>Tea</room></create>"), Some(create));
    }

    #[test]
    fn leaves_other_documents_to_the_tokenizer() {
        for message in [
            "\r",
            "\r\n",
            "]]>",
            "&",
            "&a;",
            "&#0;",
            "&#xD800;",
            "&lt",
            "<",
            "<b>hi</b>",
            "</user>",
            "<![CDATA[hi]]>",
            "<!---->",
            "<?a?>",
            "\0",
            "\u{1f}",
            "\u{fffe}",
            "\u{ffff}",
        ] {
            assert_eq!(parse(&chat(message)), None, "{message:?}");
        }
        for (from, to) in [
            ("<chat>", "\u{feff}<chat>"),
            ("<chat>", "<!----><chat>"),
            ("<chat>", "<?a?><chat>"),
            ("<chat>", " <?xml version='1.0'?><chat>"),
            ("<chat>", "<?xml version='2.0'?><chat>"),
            ("<chat>", "<?xml version='1.0'?><?xml version='1.0'?><chat>"),
            ("<chat>", "<!DOCTYPE chat><chat>"),
            ("<chat>", "a<chat>"),
            ("<chat>", "<chat >"),
            ("<chat>", "<chat type='ban'>"),
            ("<chat>", "<chat a=''>"),
            ("<chat>", "<Chat>"),
            ("<chat>", "< chat>"),
            ("<chat>", ""),
            ("<room>", "<room >"),
            ("<room>", "<room a=''>"),
            ("<room>", "&#32;<room>"),
            ("<room>", "\u{85}<room>"),
            ("<room>", "\u{c}<room>"),
            ("<room>", "\r\n<room>"),
            ("<room>", "<!----><room>"),
            ("<room>", "<a></a><room>"),
            ("<room>", "<room></room><room>"),
            ("<room>Tea</room>", ""),
            ("<room>Tea</room>", "<room/>"),
            ("<room>Tea</room>", "<user></user>"),
            ("</user>", "</user >"),
            ("</user>", "</room>"),
            ("</user>", ""),
            ("</message>", "</message><a></a>"),
            ("</message>", "</message>a"),
            ("</chat>", "</chat >"),
            ("</chat>", "</chat"),
            ("</chat>", "</chat>a"),
            ("</chat>", "</chat>\0"),
            ("</chat>", "</chat>\r\n"),
            ("</chat>", "</chat><!---->"),
            ("</chat>", "</chat></chat>"),
        ] {
            let body = TEA.replacen(from, to, 1);
            assert_eq!(parse(&body), None, "{body:?}");
        }
        for start in [
            "<kick>",
            "<kick type=''>",
            "<kick type='member'>",
            "<kick type='ban\">",
            "<kick type=ban>",
            "<kick type='>",
            "<kick type=>",
            "<kick type='ban' >",
            "<kick type='ban'type='ban'>",
            "<kick  type='ban'>",
            "<kick type = 'ban'>",
            "<kick type='&#98;an'>",
            "<kick kind='ban'>",
        ] {
            let body = format!("{start}<room></room><from></from><to></to></kick>");
            assert_eq!(parse(&body), None, "{body:?}");
        }
        assert_eq!(parse(""), None);
        assert_eq!(parse("<?"), None);
    }
}
