//! Events as XML documents.

use std::borrow::Cow;
use std::ops::Range;

use super::event::{ELEMENTS, Event, StartTag};
use super::frame::{Frame, MAX_CHILDREN};
use super::tidy;
use crate::error::{Error, ErrorKind, quote, quote_name, quote_tag};
use crate::xml::{self, Tag, Token, Tokenizer};

impl<'a> Event<'a> {
    /// Parses a well-formed XML document.
    ///
    /// The child elements can be in any order, with white space, comments and processing instructions
    /// between them. Text is borrowed from the body if it has no references, carriage returns,
    /// comments or CDATA sections.
    ///
    /// # Errors
    ///
    /// - [`NotWellFormed`](ErrorKind::NotWellFormed), [`InvalidReference`](ErrorKind::InvalidReference):
    ///   the body is not well-formed XML 1.0.
    /// - [`Doctype`](ErrorKind::Doctype): it has a DOCTYPE, which is not allowed.
    /// - [`UnknownElement`](ErrorKind::UnknownElement),
    ///   [`UnexpectedElement`](ErrorKind::UnexpectedElement),
    ///   [`MissingElement`](ErrorKind::MissingElement),
    ///   [`DuplicateElement`](ErrorKind::DuplicateElement),
    ///   [`UnexpectedAttribute`](ErrorKind::UnexpectedAttribute),
    ///   [`MissingAttribute`](ErrorKind::MissingAttribute),
    ///   [`InvalidValue`](ErrorKind::InvalidValue),
    ///   [`UnexpectedText`](ErrorKind::UnexpectedText): it is not an event.
    ///
    /// ```
    /// use isl_volano::volano_chat::{Event, Kick, KickKind};
    ///
    /// let body = "<kick type='ban'><room>Tea</room><from>Mod</from><to>&lt;Bob&gt;</to></kick>";
    /// assert_eq!(
    ///     Event::parse_xml(body)?,
    ///     Kick::new(KickKind::Ban, "Tea", "Mod", "<Bob>").into(),
    /// );
    /// # Ok::<(), isl_volano::Error>(())
    /// ```
    pub fn parse_xml(body: &'a str) -> Result<Self, Error> {
        tidy::parse(body).map_or_else(|| parse_document(body), Ok)
    }
}

/// Parses a document with the tokenizer.
#[inline(never)]
fn parse_document(body: &str) -> Result<Event<'_>, Error> {
    let mut tokens = Tokenizer::new(body);
    let root = read_root(&mut tokens)?;
    let texts = read_children(&mut tokens, root.frame())?;
    while tokens.next()?.is_some() {}
    Ok(Event::from_parts(root, texts))
}

/// Reads up to the start tag of the root element.
fn read_root(tokens: &mut Tokenizer<'_>) -> Result<StartTag, Error> {
    let Some(Token::StartTag(tag)) = tokens.next()? else {
        return Err(no_element(tokens.end()));
    };
    let Some(frame) = StartTag::frame_of(tag.name) else {
        return Err(unknown_element(&tag));
    };
    let Frame { element, types, .. } = *frame;
    let mut root = StartTag::new(element, None);
    for attribute in tag.attributes() {
        let attribute = attribute?;
        if attribute.name != "type" || types.is_empty() {
            return Err(unexpected_attribute(&tag, attribute.name));
        }
        let kind = attribute.value();
        root = kind.and_then(|kind| StartTag::new(element, Some(&kind)));
        if root.is_none() {
            return Err(unknown_type(&tag, frame, &attribute.raw));
        }
    }
    root.ok_or_else(|| {
        let message = format!("missing attribute `type` on `<{element}>`");
        Error::new(ErrorKind::MissingAttribute, tag.at, element, message)
    })
}

/// Reads the children and the end tag of the root element.
fn read_children<'a>(
    tokens: &mut Tokenizer<'a>,
    frame: &Frame,
) -> Result<[Cow<'a, str>; MAX_CHILDREN], Error> {
    let mut texts = [const { None }; MAX_CHILDREN];
    loop {
        match tokens.next()? {
            Some(Token::StartTag(tag)) => {
                let (child, text) = find_child(&tag, frame, &mut texts)?;
                *text = Some(read_text(tokens, child)?);
            }
            Some(Token::EndTag(at)) => {
                let mut children = frame.children.iter().zip(&texts);
                return match children.find(|(_, text)| text.is_none()) {
                    Some((child, _)) => Err(missing_child(child, frame, at)),
                    None => Ok(texts.map(Option::unwrap_or_default)),
                };
            }
            Some(Token::Text(text, _)) if xml::is_space(&text) => {}
            Some(Token::Text(_, at)) => return Err(unexpected_text(tokens, frame, at)),
            None => return Err(tokens.unclosed(frame.element)),
        }
    }
}

/// Returns the child of this start tag, and the place for its text.
fn find_child<'t, 'a>(
    tag: &Tag<'_>,
    frame: &Frame,
    texts: &'t mut [Option<Cow<'a, str>>; MAX_CHILDREN],
) -> Result<(&'static str, &'t mut Option<Cow<'a, str>>), Error> {
    let mut children = frame.children.iter().zip(texts);
    let Some((child, text)) = children.find(|(child, _)| **child == tag.name) else {
        return Err(unexpected_child(tag, frame));
    };
    if let Some(attribute) = tag.attributes().next() {
        return Err(unexpected_attribute(tag, attribute?.name));
    }
    if text.is_some() {
        let message = format!("duplicate element `<{child}>` in `<{}>`", frame.element);
        let at = tag.at.clone();
        return Err(Error::new(ErrorKind::DuplicateElement, at, *child, message));
    }
    Ok((child, text))
}

/// Reads the text of a child and its end tag.
fn read_text<'a>(tokens: &mut Tokenizer<'a>, child: &'static str) -> Result<Cow<'a, str>, Error> {
    let mut text = Cow::Borrowed("");
    loop {
        match tokens.next()? {
            Some(Token::Text(piece, _)) if text.is_empty() => text = piece,
            Some(Token::Text(piece, _)) => text.to_mut().push_str(&piece),
            Some(Token::EndTag(_)) => return Ok(text),
            Some(Token::StartTag(tag)) => {
                let message = format!(
                    "unexpected element {} in `<{child}>`, expected text",
                    quote_tag("<", tag.name, ">")
                );
                return Err(Error::new(
                    ErrorKind::UnexpectedElement,
                    tag.at,
                    child,
                    message,
                ));
            }
            None => return Err(tokens.unclosed(child)),
        }
    }
}

#[cold]
fn no_element(end: usize) -> Error {
    let message = format!(
        "missing root element: expected {}, found the end of the body",
        one_of(ELEMENTS)
    );
    Error::new(ErrorKind::UnknownElement, end..end, None, message)
}

#[cold]
fn unknown_element(tag: &Tag<'_>) -> Error {
    let message = format!(
        "unknown element {}, expected {}",
        quote_tag("<", tag.name, ">"),
        one_of(ELEMENTS)
    );
    Error::new(ErrorKind::UnknownElement, tag.at.clone(), None, message).named(tag.name)
}

#[cold]
fn unexpected_child(tag: &Tag<'_>, frame: &Frame) -> Error {
    let message = format!(
        "unexpected element {} in `<{}>`, expected {}",
        quote_tag("<", tag.name, ">"),
        frame.element,
        one_of(frame.children)
    );
    let at = tag.at.clone();
    Error::new(ErrorKind::UnexpectedElement, at, frame.element, message)
}

#[cold]
fn missing_child(child: &'static str, frame: &Frame, end: Range<usize>) -> Error {
    let message = format!("missing element `<{child}>` in `<{}>`", frame.element);
    let at = end.start..end.start;
    Error::new(ErrorKind::MissingElement, at, child, message)
}

#[cold]
fn unexpected_attribute(tag: &Tag<'_>, found: &str) -> Error {
    let message = format!(
        "unexpected attribute {} on {}",
        quote_name(found),
        quote_tag("<", tag.name, ">")
    );
    let at = tag.at.clone();
    Error::new(ErrorKind::UnexpectedAttribute, at, None, message).named(tag.name)
}

#[cold]
fn unknown_type(tag: &Tag<'_>, frame: &Frame, found: &str) -> Error {
    let types: Vec<_> = frame.types.iter().map(|known| quote(known)).collect();
    let message = format!(
        "invalid value for attribute `type` on `<{}>`: expected one of {}, found {}",
        frame.element,
        types.join(", "),
        quote(found)
    );
    let at = tag.at.clone();
    Error::new(ErrorKind::InvalidValue, at, frame.element, message)
}

#[cold]
fn unexpected_text(tokens: &Tokenizer<'_>, frame: &Frame, at: Range<usize>) -> Error {
    let found = xml::trim_start(tokens.raw(&at));
    let message = format!("unexpected text in `<{}>`: {}", frame.element, quote(found));
    let at = at.end.saturating_sub(found.len())..at.end;
    Error::new(ErrorKind::UnexpectedText, at, frame.element, message)
}

/// Returns the start tags of these elements, as a message lists them.
fn one_of(names: &[&str]) -> String {
    let tags: Vec<_> = names.iter().map(|name| format!("`<{name}>`")).collect();
    match &tags[..] {
        [tag] => tag.clone(),
        tags => format!("one of {}", tags.join(", ")),
    }
}
