//! A document as tags and text: split by quick-xml, and checked where that is more lenient than
//! XML 1.0.

use std::borrow::Cow;
use std::io::BufRead;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::errors::{IllFormedError, SyntaxError};
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesStart, Event};

use super::chars::{check_chars, is_name, trim_start};
use super::declaration::{is_declaration, is_instruction};
use super::error::{doctype, malformed};
use super::text::{attribute_value, cdata_section, character_data};
use crate::error::{Error, ErrorKind, quote, quote_name};

/// A piece of a well-formed document; comments, processing instructions and what stands outside
/// the root element are checked and passed over.
pub(crate) enum Token<'a> {
    /// A start tag; an empty-element tag is one, too, and its end tag comes next.
    StartTag(Tag<'a>),
    /// The end tag of the element that was opened last, with its place.
    EndTag(Range<usize>),
    /// Text as it is meant, with its place. Text in one piece can come as several tokens.
    Text(Cow<'a, str>, Range<usize>),
}

/// A start tag.
pub(crate) struct Tag<'a> {
    /// The element's name.
    pub(crate) name: &'a str,
    /// Where the tag stands.
    pub(crate) at: Range<usize>,
    /// What stands between `<` and `>` or `/>`.
    content: &'a str,
}

/// An attribute of a start tag.
pub(crate) struct Attribute<'a> {
    /// The attribute's name.
    pub(crate) name: &'a str,
    /// The value as it is written.
    pub(crate) raw: Cow<'a, str>,
}

impl<'a> Tag<'a> {
    /// The attributes; fails where they are not well-formed.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = Result<Attribute<'a>, Error>> {
        let attributes = Attributes::new(self.content, self.name.len());
        attributes.map(|attribute| match attribute {
            Ok(attribute) => Ok(Attribute {
                name: attribute.key.into_inner(),
                raw: attribute.value,
            }),
            Err(_) => {
                let problem = "malformed or duplicate attribute";
                Err(malformed(self.at.clone(), problem, self.content))
            }
        })
    }
}

impl Attribute<'_> {
    /// The value as it is meant; `None` if a reference in it is not valid.
    pub(crate) fn value(&self) -> Option<Cow<'_, str>> {
        attribute_value(&self.raw).ok()
    }
}

/// Reads a document from its beginning to its end.
pub(crate) struct Tokenizer<'a> {
    body: &'a str,
    /// Where the reader began: after the byte order mark.
    start: usize,
    reader: Reader<&'a [u8]>,
    /// The root element's name, once its start tag has come.
    root: Option<&'a str>,
    /// How many elements are open.
    depth: usize,
    /// Where an empty-element tag stands whose end tag is to come.
    empty: Option<Range<usize>>,
}

impl<'a> Tokenizer<'a> {
    /// Begins with a document, which may have a byte order mark: it says how the document is
    /// encoded, and is not part of it.
    pub(crate) fn new(body: &'a str) -> Self {
        let document = body.strip_prefix('\u{feff}').unwrap_or(body);
        let mut reader = Reader::from_str(document);
        reader.config_mut().check_comments = true;
        Tokenizer {
            body,
            start: body.len().saturating_sub(document.len()),
            reader,
            root: None,
            depth: 0,
            empty: None,
        }
    }

    /// The next token; none at the end of the body.
    ///
    /// At the end, elements may still be open: see [`unclosed`](Tokenizer::unclosed).
    pub(crate) fn next(&mut self) -> Result<Option<Token<'a>>, Error> {
        if let Some(at) = self.empty.take() {
            return Ok(Some(self.end_tag(at)));
        }
        loop {
            if let Some(text) = self.character_data()? {
                return Ok(Some(text));
            }
            let start = self.position();
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => return Err(self.not_well_formed(&error)),
            };
            let at = start..self.position();
            match event {
                Event::Start(tag) => return self.start_tag(&tag, at).map(Some),
                Event::Empty(tag) => {
                    self.empty = Some(at.clone());
                    return self.start_tag(&tag, at).map(Some);
                }
                Event::End(_) => return Ok(Some(self.end_tag(at))),
                Event::CData(_) => return self.cdata_section(at).map(Some),
                Event::Comment(_) => self.check_comment(at)?,
                Event::PI(_) => self.check_instruction(at)?,
                Event::Decl(_) => self.check_declaration(at)?,
                Event::DocType(_) => return Err(doctype(at)),
                // Text is read before quick-xml sees it.
                Event::Text(_) | Event::GeneralRef(_) => {}
                Event::Eof => return Ok(None),
            }
        }
    }

    /// The body from `at.start` to `at.end`.
    pub(crate) fn raw(&self, at: &Range<usize>) -> &'a str {
        self.body.get(at.clone()).unwrap_or_default()
    }

    /// Where the body ends.
    pub(crate) fn end(&self) -> usize {
        self.body.len()
    }

    /// The error that the body ends before the element `name` does.
    #[cold]
    pub(crate) fn unclosed(&self, name: &'static str) -> Error {
        let message = format!("not well-formed: expected `</{name}>`, found the end of the body");
        let at = self.end()..self.end();
        Error::new(ErrorKind::NotWellFormed, at, name, message)
    }

    fn position(&self) -> usize {
        let position = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        position.saturating_add(self.start).min(self.body.len())
    }

    fn start_tag(&mut self, tag: &BytesStart<'_>, at: Range<usize>) -> Result<Token<'a>, Error> {
        let raw = self.raw(&at);
        let content = raw.get(1..).and_then(|raw| raw.get(..tag.len()));
        let content = content.unwrap_or_default();
        let name = content.get(..tag.name().as_ref().len()).unwrap_or_default();
        if !is_name(name) {
            return Err(malformed(at, "no element name after `<`", raw));
        }
        match self.root {
            None => self.root = Some(name),
            Some(_) if self.depth == 0 => {
                return Err(malformed(at, "more than one root element", raw));
            }
            Some(_) => {}
        }
        self.depth = self.depth.saturating_add(1);
        Ok(Token::StartTag(Tag { name, at, content }))
    }

    /// An end tag, whose name quick-xml has checked.
    fn end_tag(&mut self, at: Range<usize>) -> Token<'a> {
        self.depth = self.depth.saturating_sub(1);
        Token::EndTag(at)
    }

    /// The text up to the next markup. None if there is none, or if it is white space outside the
    /// root element.
    fn character_data(&mut self) -> Result<Option<Token<'a>>, Error> {
        let start = self.position();
        let rest = self.body.as_bytes().get(start..).unwrap_or_default();
        if matches!(rest.first(), None | Some(b'<')) {
            return Ok(None);
        }
        let length = memchr::memchr(b'<', rest).unwrap_or(rest.len());
        self.reader.stream().consume(length);
        let at = start..start.saturating_add(length);
        let raw = self.raw(&at);
        if self.depth > 0 {
            let text = character_data(raw).map_err(|error| error.shifted(start))?;
            return Ok(Some(Token::Text(text, at)));
        }
        match trim_start(raw) {
            "" => Ok(None),
            found => Err(self.text_outside(found, at.end)),
        }
    }

    /// The error that there is text outside the root element: `found`, which ends at `end`.
    #[cold]
    fn text_outside(&self, found: &str, end: usize) -> Error {
        let start = end.saturating_sub(found.len());
        let found = match found.find('&') {
            Some(0) => found.split_inclusive(';').next(),
            Some(reference) => found.get(..reference),
            None => Some(found),
        };
        let found = found.unwrap_or_default();
        if let Err(error) = character_data(found) {
            return error.shifted(start);
        }
        let at = start..start.saturating_add(found.len());
        if found.starts_with('&') {
            return malformed(at, "reference outside the root element", found);
        }
        let error = |place: &str| {
            let message = format!("unexpected text {place}: {}", quote(found));
            Error::new(ErrorKind::UnexpectedText, at, None, message)
        };
        match self.root {
            None => error("before the root element"),
            Some(root) => {
                let tag = quote_name(&format!("</{root}>"));
                error(&format!("after {tag}")).named(root)
            }
        }
    }

    fn cdata_section(&self, at: Range<usize>) -> Result<Token<'a>, Error> {
        const OPENING: &str = "<![CDATA[";
        let raw = self.raw(&at);
        if self.depth == 0 {
            return Err(malformed(at, "CDATA section outside the root element", raw));
        }
        let content = raw.strip_prefix(OPENING).unwrap_or_default();
        let content = content.strip_suffix("]]>").unwrap_or_default();
        let start = at.start.saturating_add(OPENING.len());
        let text = cdata_section(content).map_err(|error| error.shifted(start))?;
        Ok(Token::Text(text, at))
    }

    fn check_comment(&self, at: Range<usize>) -> Result<(), Error> {
        let raw = self.raw(&at);
        check_chars(raw).map_err(|error| error.shifted(at.start))?;
        let content = raw.strip_prefix("<!--");
        let content = content.and_then(|raw| raw.strip_suffix("-->"));
        // `<!-->` and `<!--->` are none.
        if content.is_none_or(|content| content.ends_with('-')) {
            return Err(malformed(at, "`--` within a comment", raw));
        }
        Ok(())
    }

    fn check_instruction(&self, at: Range<usize>) -> Result<(), Error> {
        let raw = self.raw(&at);
        check_chars(raw).map_err(|error| error.shifted(at.start))?;
        if is_instruction(raw) {
            return Ok(());
        }
        Err(malformed(at, "invalid processing instruction", raw))
    }

    fn check_declaration(&self, at: Range<usize>) -> Result<(), Error> {
        let raw = self.raw(&at);
        let problem = if at.start != self.start {
            "XML declaration not at the start of the document"
        } else if !is_declaration(raw) {
            "invalid XML declaration"
        } else {
            return Ok(());
        };
        Err(malformed(at, problem, raw))
    }

    #[cold]
    fn not_well_formed(&self, error: &quick_xml::Error) -> Error {
        let at = usize::try_from(self.reader.error_position()).unwrap_or(usize::MAX);
        let at = at.saturating_add(self.start).min(self.end());
        let border = |at: &usize| self.body.is_char_boundary(*at);
        let at = (0..=at).rev().find(border).unwrap_or_default()..self.end();
        let found = self.raw(&at);
        let problem = match error {
            quick_xml::Error::Syntax(error) => match error {
                SyntaxError::InvalidBangMarkup => "no comment or CDATA section after `<!`",
                SyntaxError::UnclosedPI => "unclosed processing instruction",
                SyntaxError::UnclosedXmlDecl => "unclosed XML declaration",
                SyntaxError::UnclosedComment => "unclosed comment",
                SyntaxError::UnclosedDoctype => return doctype(at),
                SyntaxError::UnclosedCData => "unclosed CDATA section",
                SyntaxError::UnclosedTag => "unclosed tag",
                SyntaxError::UnclosedSingleQuotedAttributeValue
                | SyntaxError::UnclosedDoubleQuotedAttributeValue => "unclosed attribute value",
            },
            quick_xml::Error::IllFormed(error) => match error {
                IllFormedError::MismatchedEndTag { expected, .. } => {
                    return mismatched(at, expected, found);
                }
                IllFormedError::UnmatchedEndTag(_) => "end tag without a start tag",
                IllFormedError::DoubleHyphenInComment => "`--` within a comment",
                IllFormedError::MissingDoctypeName => return doctype(at),
                _ => "invalid markup",
            },
            _ => "invalid markup",
        };
        malformed(at, problem, found)
    }
}

/// Creates the error that an end tag is not that of the element `name`, which is open.
#[cold]
fn mismatched(at: Range<usize>, name: &str, found: &str) -> Error {
    let message = format!(
        "not well-formed: expected {}, found {}",
        quote_name(&format!("</{name}>")),
        quote(found)
    );
    Error::new(ErrorKind::NotWellFormed, at, None, message).named(name)
}
