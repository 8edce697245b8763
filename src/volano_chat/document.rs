//! Bodies that are well-formed XML: read by quick-xml, and checked where it is lenient.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::errors::{IllFormedError, SyntaxError};
use quick_xml::events::BytesStart;

use super::Event;
use super::event::Name;
use super::frame::{Frame, MAX_CHILDREN};
use crate::error::{Error, ErrorKind, quote};
use crate::xml;

impl<'a> Event<'a> {
    /// Reads a well-formed XML document.
    ///
    /// The children can come in any order, with white space, comments and processing instructions
    /// between them. Text is borrowed from the body if it is in one piece without references and
    /// carriage returns.
    ///
    /// # Errors
    ///
    /// - [`NotWellFormed`](ErrorKind::NotWellFormed), [`InvalidReference`](ErrorKind::InvalidReference):
    ///   it is no well-formed XML 1.0.
    /// - [`Doctype`](ErrorKind::Doctype): it has a DOCTYPE, which is refused unread.
    /// - [`UnknownElement`](ErrorKind::UnknownElement),
    ///   [`UnexpectedElement`](ErrorKind::UnexpectedElement),
    ///   [`MissingElement`](ErrorKind::MissingElement),
    ///   [`DuplicateElement`](ErrorKind::DuplicateElement),
    ///   [`UnexpectedAttribute`](ErrorKind::UnexpectedAttribute),
    ///   [`MissingAttribute`](ErrorKind::MissingAttribute),
    ///   [`InvalidValue`](ErrorKind::InvalidValue),
    ///   [`UnexpectedText`](ErrorKind::UnexpectedText): it is no event.
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
        // A byte order mark says how the document is encoded, and is not part of it.
        const MARK: char = '\u{feff}';
        let Some(document) = body.strip_prefix(MARK) else {
            return Document::new(body).read();
        };
        let read = if document.starts_with(MARK) {
            // The reader would pass over a second one, and lose its place.
            let message = "expected an element, found \"\\u{feff}\"";
            let at = 0..MARK.len_utf8();
            Err(Error::new(ErrorKind::UnexpectedText, at, None, message))
        } else {
            Document::new(document).read()
        };
        read.map_err(|error| error.shifted(MARK.len_utf8()))
    }
}

/// Where in a document the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the element.
    Prolog,
    /// In the element, between its children.
    Between,
    /// In the child of this place in the frame.
    Child(usize),
    /// Behind the element.
    Epilog,
}

/// A document being read.
struct Document<'a> {
    body: &'a str,
    reader: Reader<&'a [u8]>,
    place: Place,
    /// The element, once it has come, and its kind.
    name: Option<(Name, usize)>,
    texts: [Option<Cow<'a, str>>; MAX_CHILDREN],
}

impl<'a> Document<'a> {
    fn new(body: &'a str) -> Self {
        let mut reader = Reader::from_str(body);
        reader.config_mut().check_comments = true;
        Document {
            body,
            reader,
            place: Place::Prolog,
            name: None,
            texts: [const { None }; MAX_CHILDREN],
        }
    }

    fn read(mut self) -> Result<Event<'a>, Error> {
        use quick_xml::events::Event as Token;
        loop {
            let start = self.position();
            let token = match self.reader.read_event() {
                Ok(token) => token,
                Err(error) => return Err(self.not_well_formed(&error)),
            };
            let at = start..self.position();
            match token {
                Token::Start(tag) => self.open(&tag, at)?,
                Token::End(_) => self.close(at)?,
                Token::Empty(tag) => {
                    self.open(&tag, at.clone())?;
                    self.close(at)?;
                }
                Token::Text(_) => self.text(at, 0)?,
                Token::CData(_) => self.text(at, "<![CDATA[".len())?,
                Token::GeneralRef(_) => self.reference(at)?,
                Token::Comment(_) => {
                    let raw = self.raw(&at);
                    check_chars(raw, at.start)?;
                    let content = raw.strip_prefix("<!--");
                    let content = content.and_then(|raw| raw.strip_suffix("-->"));
                    // `<!-->` and `<!--->` are none.
                    if content.is_none_or(|content| content.ends_with('-')) {
                        return Err(malformed(
                            at,
                            "a comment that `--` only begins and ends",
                            raw,
                        ));
                    }
                }
                Token::PI(_) => self.check_instruction(at)?,
                Token::Decl(_) => {
                    let raw = self.raw(&at);
                    if at.start != 0 {
                        let expected = "an XML declaration only where a document begins";
                        return Err(malformed(at, expected, raw));
                    }
                    if !xml::is_declaration(raw) {
                        let expected = "an XML declaration such as `<?xml version=\"1.0\"?>`";
                        return Err(malformed(at, expected, raw));
                    }
                }
                Token::DocType(_) => return Err(doctype(at)),
                Token::Eof => return self.finish(),
            }
        }
    }

    /// A start tag.
    fn open(&mut self, tag: &BytesStart<'_>, at: Range<usize>) -> Result<(), Error> {
        self.enter(tag, at.clone()).map_err(|error| {
            // A tag that is taken has a name that is known. The others may have none.
            if xml::is_name(tag.name().as_ref()) {
                return error;
            }
            let raw = self.raw(&at);
            malformed(at, "a name behind `<`", raw)
        })
    }

    /// Enters the element of a start tag.
    fn enter(&mut self, tag: &BytesStart<'_>, at: Range<usize>) -> Result<(), Error> {
        let qualified = tag.name();
        let found = qualified.as_ref();
        match self.place {
            Place::Prolog => {
                let Some(&name) = Name::ALL.iter().find(|name| name.frame().element == found)
                else {
                    return Err(unknown_element(at, found));
                };
                let kind = kind(tag, name.frame(), at)?;
                self.name = Some((name, kind));
                self.place = Place::Between;
                Ok(())
            }
            Place::Between => {
                let frame = self.frame();
                let Some(index) = frame.children.iter().position(|child| *child == found) else {
                    return Err(unexpected_element(at, found, frame));
                };
                no_attributes(tag, found, at.clone())?;
                match self.texts.get_mut(index) {
                    Some(text @ None) => *text = Some(Cow::Borrowed("")),
                    _ => {
                        let error = Error::new(
                            ErrorKind::DuplicateElement,
                            at,
                            None,
                            "expected once, found a second time",
                        );
                        return Err(error.named(found));
                    }
                }
                self.place = Place::Child(index);
                Ok(())
            }
            Place::Child(index) => {
                let child = self
                    .frame()
                    .children
                    .get(index)
                    .copied()
                    .unwrap_or_default();
                let error = Error::new(
                    ErrorKind::UnexpectedElement,
                    at,
                    child,
                    format!("expected text, found the element {}", quote(found)),
                );
                Err(error)
            }
            Place::Epilog => {
                let raw = self.raw(&at);
                Err(malformed(at, "nothing behind the element", raw))
            }
        }
    }

    /// An end tag, whose name the reader has checked.
    fn close(&mut self, at: Range<usize>) -> Result<(), Error> {
        if let Place::Child(_) = self.place {
            self.place = Place::Between;
            return Ok(());
        }
        let frame = self.frame();
        for (child, text) in frame.children.iter().zip(&self.texts) {
            if text.is_none() {
                let at = at.start..at.start;
                let message = format!("expected in <{}>, found none", frame.element);
                return Err(Error::new(ErrorKind::MissingElement, at, *child, message));
            }
        }
        self.place = Place::Epilog;
        Ok(())
    }

    /// Characters as they stand, or in a CDATA section, whose opening is `opening` bytes long.
    fn text(&mut self, at: Range<usize>, opening: usize) -> Result<(), Error> {
        let raw = self.raw(&at);
        let between = opening == 0 && !matches!(self.place, Place::Child(_));
        if between && xml::is_space(raw) {
            return Ok(());
        }
        let text = match opening {
            0 => raw,
            // What ends a section is three bytes long.
            _ => raw
                .get(opening..raw.len().saturating_sub(3))
                .unwrap_or_default(),
        };
        if opening > 0 && matches!(self.place, Place::Prolog | Place::Epilog) {
            return Err(malformed(at, "a CDATA section only in an element", raw));
        }
        if xml::is_plain(text) {
            return self.push(Cow::Borrowed(text), at);
        }
        check_chars(text, at.start.saturating_add(opening))?;
        if opening == 0
            && let Some(end) = text.find("]]>")
        {
            let behind = text.get(end..).unwrap_or_default();
            let expected = "`]]>` only where a CDATA section ends";
            let error = malformed(0.."]]>".len(), expected, behind);
            return Err(error.shifted(end).shifted(at.start));
        }
        self.push(normalised(text), at)
    }

    fn reference(&mut self, at: Range<usize>) -> Result<(), Error> {
        let raw = self.raw(&at);
        match xml::reference(raw) {
            Some((c, length)) if length == raw.len() => {
                if matches!(self.place, Place::Prolog | Place::Epilog) {
                    return Err(malformed(at, "a reference only in an element", raw));
                }
                match self.joined(&at) {
                    Some(text) => text.push(c),
                    None => return self.push(Cow::Owned(c.into()), at),
                }
                Ok(())
            }
            _ => Err(invalid_reference(raw, at)),
        }
    }

    /// The text of the child that the reader is in, as one that can be added to.
    fn joined(&mut self, at: &Range<usize>) -> Option<&mut String> {
        let Place::Child(index) = self.place else {
            return None;
        };
        let text = self.texts.get_mut(index)?.as_mut()?;
        if let Cow::Borrowed(first) = text {
            // Room for all that comes until the next tag.
            let rest = self.body.as_bytes().get(at.start..).unwrap_or_default();
            let room = memchr::memchr(b'<', rest).unwrap_or(rest.len());
            let mut joined = String::with_capacity(first.len().saturating_add(room));
            joined.push_str(first);
            *text = Cow::Owned(joined);
        }
        Some(text.to_mut())
    }

    /// Takes a piece of text.
    fn push(&mut self, piece: Cow<'a, str>, at: Range<usize>) -> Result<(), Error> {
        if let Place::Child(index) = self.place {
            match self.texts.get_mut(index) {
                Some(Some(text)) if text.is_empty() => *text = piece,
                _ => {
                    if let Some(text) = self.joined(&at) {
                        text.push_str(&piece);
                    }
                }
            }
            return Ok(());
        }
        if xml::is_space(&piece) {
            return Ok(());
        }
        let raw = self.raw(&at);
        let found = raw.trim_start_matches(xml::SPACE);
        let expected = match self.place {
            Place::Prolog => "an element",
            Place::Epilog => "nothing behind the element",
            _ => "only elements",
        };
        Err(Error::new(
            ErrorKind::UnexpectedText,
            at.end.saturating_sub(found.len())..at.end,
            self.name.map(|(name, _)| name.frame().element),
            format!("expected {expected}, found {}", quote(found)),
        ))
    }

    fn finish(self) -> Result<Event<'a>, Error> {
        let end = self.body.len();
        match (self.place, self.name) {
            (Place::Epilog, Some((name, kind))) => {
                let texts = self.texts.map(Option::unwrap_or_default);
                Ok(Event::assemble(name, kind, texts))
            }
            (_, None) => Err(Error::new(
                ErrorKind::UnknownElement,
                end..end,
                None,
                format!("expected one of {}, found the end of the body", elements()),
            )),
            (place, Some((name, _))) => {
                let frame = name.frame();
                let open = match place {
                    Place::Child(index) => frame.children.get(index).copied(),
                    _ => Some(frame.element),
                };
                let open = open.unwrap_or_default();
                Err(Error::new(
                    ErrorKind::NotWellFormed,
                    end..end,
                    open,
                    format!("expected `</{open}>`, found the end of the body"),
                ))
            }
        }
    }

    fn frame(&self) -> &'static Frame {
        // Nobody asks before the element has come.
        self.name.map_or(Name::Create, |(name, _)| name).frame()
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position())
            .unwrap_or(usize::MAX)
            .min(self.body.len())
    }

    fn raw(&self, at: &Range<usize>) -> &'a str {
        self.body.get(at.clone()).unwrap_or_default()
    }

    fn check_instruction(&self, at: Range<usize>) -> Result<(), Error> {
        let raw = self.raw(&at);
        check_chars(raw, at.start)?;
        let content = raw
            .strip_prefix("<?")
            .and_then(|raw| raw.strip_suffix("?>"));
        let content = content.unwrap_or_default();
        let target = content.split(xml::SPACE).next();
        match target {
            Some(target) if xml::is_name(target) && !target.eq_ignore_ascii_case("xml") => Ok(()),
            _ => Err(malformed(
                at,
                "a processing instruction with a name of its own",
                raw,
            )),
        }
    }

    #[cold]
    fn not_well_formed(&self, error: &quick_xml::Error) -> Error {
        let at = usize::try_from(self.reader.error_position()).unwrap_or(usize::MAX);
        let end = self.body.len();
        let border = |at: &usize| self.body.is_char_boundary(*at);
        let at = (0..=at.min(end)).rev().find(border).unwrap_or_default();
        let expected = match error {
            quick_xml::Error::Syntax(error) => match error {
                SyntaxError::InvalidBangMarkup => "a comment or a CDATA section",
                SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl => {
                    "`?>` to end the instruction"
                }
                SyntaxError::UnclosedComment => "`-->` to end the comment",
                SyntaxError::UnclosedDoctype => return doctype(at..end),
                SyntaxError::UnclosedCData => "`]]>` to end the CDATA section",
                SyntaxError::UnclosedTag => "`>` to end the tag",
                SyntaxError::UnclosedSingleQuotedAttributeValue => "`'` to end the value",
                SyntaxError::UnclosedDoubleQuotedAttributeValue => "`\"` to end the value",
            },
            quick_xml::Error::IllFormed(error) => match error {
                IllFormedError::MismatchedEndTag { expected, .. } => {
                    let found = quote(self.body.get(at..).unwrap_or_default());
                    return Error::new(
                        ErrorKind::NotWellFormed,
                        at..end,
                        None,
                        format!("expected `</{expected}>`, found {found}"),
                    )
                    .named(expected);
                }
                IllFormedError::UnmatchedEndTag(_) => "no end tag without its start tag",
                IllFormedError::DoubleHyphenInComment => "a comment that `--` only begins and ends",
                IllFormedError::UnclosedReference => {
                    let raw = self.body.get(at..).unwrap_or_default();
                    return invalid_reference(raw, at..end);
                }
                IllFormedError::MissingDoctypeName => return doctype(at..end),
                _ => "well-formed XML",
            },
            _ => "well-formed XML",
        };
        let found = quote(self.body.get(at..).unwrap_or_default());
        let message = format!("expected {expected}, found {found}");
        Error::new(ErrorKind::NotWellFormed, at..end, None, message)
    }
}

/// Fails at a character that XML does not have, in a text that begins at `start`.
fn check_chars(text: &str, start: usize) -> Result<(), Error> {
    xml::check_chars(text).map_err(|error| error.shifted(start))
}

/// The text with every line end as a line feed (XML 1.0, 2.11).
fn normalised(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The kind that a start tag gives, as a place among the frame's types.
fn kind(tag: &BytesStart<'_>, frame: &Frame, at: Range<usize>) -> Result<usize, Error> {
    let element = frame.element;
    let mut kind = None;
    for attribute in tag.attributes() {
        let Ok(attribute) = attribute else {
            return Err(malformed(
                at,
                "attributes of the form `name=\"value\"`, each once",
                tag,
            ));
        };
        let key = attribute.key.as_ref();
        if key != "type" || frame.types.is_empty() {
            return Err(unexpected_attribute(at, element, key));
        }
        let value = attribute_value(&attribute.value);
        kind = frame
            .types
            .iter()
            .position(|known| value.as_deref() == Some(*known));
        if kind.is_none() {
            let known: Vec<_> = frame.types.iter().map(|known| quote(known)).collect();
            let found = quote(&attribute.value);
            return Err(Error::new(
                ErrorKind::InvalidValue,
                at,
                element,
                format!(
                    "expected the attribute `type` to be one of {}, found {found}",
                    known.join(", ")
                ),
            ));
        }
    }
    match kind {
        Some(kind) => Ok(kind),
        None if frame.types.is_empty() => Ok(0),
        None => Err(Error::new(
            ErrorKind::MissingAttribute,
            at,
            element,
            "expected the attribute `type`, found none",
        )),
    }
}

/// An attribute's value with its references decoded; `None` if one is not valid.
fn attribute_value(raw: &str) -> Option<String> {
    let mut value = String::new();
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        let (c, length) = if c == '&' {
            xml::reference(rest)?
        } else {
            (c, c.len_utf8())
        };
        value.push(c);
        rest = rest.get(length..)?;
    }
    Some(value)
}

fn no_attributes(tag: &BytesStart<'_>, element: &str, at: Range<usize>) -> Result<(), Error> {
    match tag.attributes().next() {
        None => Ok(()),
        Some(Ok(attribute)) => Err(unexpected_attribute(at, element, attribute.key.as_ref())),
        Some(Err(_)) => Err(malformed(
            at,
            "attributes of the form `name=\"value\"`, each once",
            tag,
        )),
    }
}

/// The names of the events, as a message lists them.
fn elements() -> String {
    let elements: Vec<_> = Name::ALL
        .iter()
        .map(|name| format!("<{}>", name.frame().element))
        .collect();
    elements.join(", ")
}

#[cold]
fn malformed(at: Range<usize>, expected: &str, found: &str) -> Error {
    let message = format!("expected {expected}, found {}", quote(found));
    Error::new(ErrorKind::NotWellFormed, at, None, message)
}

#[cold]
fn doctype(at: Range<usize>) -> Error {
    let message = "expected no DOCTYPE, found one";
    Error::new(ErrorKind::Doctype, at, None, message)
}

#[cold]
fn unknown_element(at: Range<usize>, found: &str) -> Error {
    let message = format!(
        "expected one of {}, found the element {}",
        elements(),
        quote(found)
    );
    Error::new(ErrorKind::UnknownElement, at, None, message).named(found)
}

#[cold]
fn unexpected_element(at: Range<usize>, found: &str, frame: &Frame) -> Error {
    let children: Vec<_> = frame
        .children
        .iter()
        .map(|child| format!("<{child}>"))
        .collect();
    let expected = children.join(", ");
    Error::new(
        ErrorKind::UnexpectedElement,
        at,
        frame.element,
        format!(
            "expected one of {expected}, found the element {}",
            quote(found)
        ),
    )
}

#[cold]
fn unexpected_attribute(at: Range<usize>, element: &str, found: &str) -> Error {
    let message = format!("expected no such attribute, found {}", quote(found));
    Error::new(ErrorKind::UnexpectedAttribute, at, None, message).named(element)
}

#[cold]
fn invalid_reference(raw: &str, at: Range<usize>) -> Error {
    let found = raw.split('<').next().unwrap_or_default();
    let found = found.split_inclusive(';').next().unwrap_or_default();
    let message = format!(
        "expected a reference to a character of XML 1.0, found {}",
        quote(found)
    );
    Error::new(ErrorKind::InvalidReference, 0..found.len(), None, message).shifted(at.start)
}
