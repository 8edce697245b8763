//! A tokenizer for XML documents. It uses quick-xml, and adds the checks of XML 1.0 that quick-xml
//! omits.

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
use crate::error::{Error, ErrorKind, quote, quote_tag};

/// A token of a well-formed document. Comments, processing instructions and everything outside the
/// root element are checked and skipped.
pub(crate) enum Token<'a> {
    /// A start tag. An empty-element tag is a start tag followed by an end tag.
    StartTag(Tag<'a>),
    /// The end tag of the last opened element, with its range.
    EndTag(Range<usize>),
    /// Decoded text, with its range. One text can be split into several tokens.
    Text(Cow<'a, str>, Range<usize>),
}

/// A start tag.
pub(crate) struct Tag<'a> {
    /// The name of the element.
    pub(crate) name: &'a str,
    /// The range of the tag.
    pub(crate) at: Range<usize>,
    /// The text between `<` and `>` or `/>`.
    content: &'a str,
}

/// An attribute of a start tag.
pub(crate) struct Attribute<'a> {
    /// The name of the attribute.
    pub(crate) name: &'a str,
    /// The value, not decoded.
    pub(crate) raw: Cow<'a, str>,
}

impl<'a> Tag<'a> {
    /// Returns an iterator over the attributes, which fails if they are not well-formed.
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
    /// Returns the decoded value, or `None` if it has an invalid reference.
    pub(crate) fn value(&self) -> Option<Cow<'_, str>> {
        attribute_value(&self.raw).ok()
    }
}

/// A tokenizer for a document.
pub(crate) struct Tokenizer<'a> {
    body: &'a str,
    /// The start of the document, after the byte order mark.
    start: usize,
    reader: Reader<&'a [u8]>,
    /// The name of the root element, after its start tag was read.
    root: Option<&'a str>,
    /// The number of open elements.
    depth: usize,
    /// The range of an empty-element tag whose end tag is the next token.
    empty: Option<Range<usize>>,
}

impl<'a> Tokenizer<'a> {
    /// Creates a tokenizer for a document. A byte order mark is skipped, as it is not part of the
    /// document.
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

    /// Returns the next token, or `None` at the end of the body.
    ///
    /// At the end, elements can still be open: see [`unclosed`](Tokenizer::unclosed).
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

    /// Returns the part of the body in the range `at`.
    pub(crate) fn raw(&self, at: &Range<usize>) -> &'a str {
        self.body.get(at.clone()).unwrap_or_default()
    }

    /// Returns the length of the body.
    pub(crate) fn end(&self) -> usize {
        self.body.len()
    }

    /// Creates the error that the body ends before the end tag of the element `name`.
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
            return Err(malformed(at, "invalid element name", raw));
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

    /// Returns an end tag, whose name quick-xml has checked.
    fn end_tag(&mut self, at: Range<usize>) -> Token<'a> {
        self.depth = self.depth.saturating_sub(1);
        Token::EndTag(at)
    }

    /// Returns the text before the next markup. Returns `None` if it is empty, or white space outside
    /// the root element.
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

    /// Creates the error that there is text outside the root element: `found`, which ends at `end`.
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
                let tag = quote_tag("</", root, ">");
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
        // `<!-->` and `<!--->` are not comments.
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
        quote_tag("</", name, ">"),
        quote(found)
    );
    Error::new(ErrorKind::NotWellFormed, at, None, message).named(name)
}
