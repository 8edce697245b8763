//! XML that is tidy: the elements, white space between them, and text with references. Nothing else,
//! and so it takes no tokenizer.

use std::borrow::Cow;

use super::event::{Event, StartTag};
use super::frame::MAX_CHILDREN;
use crate::xml;

/// Parses a document that is tidy. `None` for any other, well-formed or not: [`document`] parses
/// those, and says what is wrong.
///
/// What is tidy: an XML declaration or none; no attribute but `type`; each child once, in any order;
/// white space between elements, and none in tags; no carriage return.
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

/// Splits an XML declaration off, if there is one.
fn split_declaration(body: &str) -> Option<&str> {
    if !body.starts_with("<?") {
        return Some(body);
    }
    let end = memchr::memchr(b'>', body.as_bytes())?;
    let (declaration, rest) = body.split_at_checked(end.checked_add(1)?)?;
    xml::is_declaration(declaration).then_some(rest)
}

/// Splits the start tag of the root element off.
fn split_root(rest: &str) -> Option<(StartTag, &str)> {
    let (content, rest) = split_start_tag(rest)?;
    let (element, kind) = match content.split_once(" type=") {
        Some((element, value)) => (element, Some(unquote(value)?)),
        None => (content, None),
    };
    Some((StartTag::new(element, kind)?, rest))
}

/// Splits white space and a start tag off: what stands between `<` and the next `>`.
fn split_start_tag(rest: &str) -> Option<(&str, &str)> {
    xml::trim_start(rest).strip_prefix('<')?.split_once('>')
}

/// Splits the end tag of this element off.
fn split_end_tag<'a>(rest: &'a str, name: &str) -> Option<&'a str> {
    let rest = rest.strip_prefix("</")?.strip_prefix(name)?;
    rest.strip_prefix('>')
}

/// Splits the text up to the next `<` off.
fn split_text(rest: &str) -> Option<(Cow<'_, str>, &str)> {
    let end = memchr::memchr(b'<', rest.as_bytes())?;
    let (raw, rest) = rest.split_at_checked(end)?;
    Some((xml::character_data(raw).ok()?, rest))
}

/// The value in quotes of either sort.
fn unquote(value: &str) -> Option<&str> {
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.strip_prefix(quote)?.strip_suffix(quote)
}
