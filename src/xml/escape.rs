//! Escaping text.

use super::chars::{control_or_ef, is_char, not_a_char};
use crate::error::{Error, ErrorKind};
use crate::scan::{self, Block, Mask};

/// Appends `text`, escaped as the content of an element. An XML parser returns the same text,
/// including line ends.
pub(crate) fn escape(out: &mut String, name: &'static str, text: &str) -> Result<(), Error> {
    write(out, name, text, |c| match c {
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '&' => Some("&amp;"),
        '"' => Some("&quot;"),
        '\r' => Some("&#13;"),
        _ => None,
    })
}

/// Appends `text`, escaped as the value of an attribute in double quotes. White space is written as
/// character references, because an XML parser replaces it with spaces (XML 1.0, 3.3.3).
pub(crate) fn escape_attribute(
    out: &mut String,
    name: &'static str,
    text: &str,
) -> Result<(), Error> {
    write(out, name, text, |c| match c {
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '&' => Some("&amp;"),
        '"' => Some("&quot;"),
        '\t' => Some("&#9;"),
        '\n' => Some("&#10;"),
        '\r' => Some("&#13;"),
        _ => None,
    })
}

/// Appends `text`, with each character replaced by its reference if there is one.
#[inline(always)]
fn write(
    out: &mut String,
    name: &'static str,
    text: &str,
    reference: impl Fn(char) -> Option<&'static str>,
) -> Result<(), Error> {
    let mut rest = text;
    while let Some(at) = scan::find(rest.as_bytes(), special) {
        // The mask is on the first byte of a character.
        let (run, marked) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(run);
        let mut chars = marked.chars();
        if let Some(c) = chars.next() {
            match reference(c) {
                Some(reference) => out.push_str(reference),
                None if is_char(c) => out.push(c),
                None => {
                    let kind = ErrorKind::UnrepresentableText;
                    return Err(not_a_char(kind, Some(name), text, marked, c));
                }
            }
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    Ok(())
}

/// Masks bytes that may need escaping, or that XML may not allow.
#[inline(always)]
fn special(block: Block) -> Mask {
    let markup = block.is(b'<') | block.is(b'>') | block.is(b'&') | block.is(b'"');
    markup | control_or_ef(block)
}

#[cfg(test)]
mod tests {
    use super::{escape, escape_attribute};

    #[test]
    fn characters_that_a_parser_changes_are_written_as_references() {
        let text = "a\t\n\r\r\n<>&\"'é\u{85}\u{2028}\u{fffd}]]>";
        let rest = "&lt;&gt;&amp;&quot;'é\u{85}\u{2028}\u{fffd}]]&gt;";
        let mut content = String::new();
        escape(&mut content, "message", text).expect("characters of XML");
        assert_eq!(content, format!("a\t\n&#13;&#13;\n{rest}"));
        let mut value = String::new();
        escape_attribute(&mut value, "secret", text).expect("characters of XML");
        assert_eq!(value, format!("a&#9;&#10;&#13;&#13;&#10;{rest}"));
    }
}
