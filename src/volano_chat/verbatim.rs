//! Bodies as the server writes them: recognised by the fixed tags, which nothing escapes.

use std::borrow::Cow;
use std::iter::FusedIterator;
use std::ops::Range;
use std::str;

use memchr::memmem;

use super::Event;
use super::event::Name;
use super::frame::{Frame, MAX_CHILDREN};
use crate::error::{Error, ErrorKind, quote};
use crate::xml;

/// What stands where in a body: the event, and the texts between the fixed tags.
///
/// A body has a reading for every way to cut it at the separators, less those in which the
/// address of the host holds `<`.
#[derive(Debug, Clone)]
struct Framed<'a> {
    name: Name,
    kind: usize,
    frame: &'static Frame,
    /// The body between the opening and the closing.
    inner: &'a str,
    /// Where that begins in the body.
    start: usize,
}

/// Where the separators stand in [`Framed::inner`]; only as many are used as there are.
type Cuts = [usize; MAX_CHILDREN - 1];

/// What the fixed tags say of a body.
pub(super) enum Recognised<'a> {
    /// It is not framed as the server frames events.
    No(Error),
    /// It has one reading.
    One(Reading<'a>),
    /// It has more than one.
    Several(Error),
}

/// One way to read a body.
pub(super) struct Reading<'a> {
    name: Name,
    kind: usize,
    texts: [&'a str; MAX_CHILDREN],
}

/// Recognises a body by its fixed tags, in linear time.
pub(super) fn recognise(body: &str) -> Recognised<'_> {
    let framed = match Framed::new(body) {
        Ok(framed) => framed,
        Err(error) => return Recognised::No(error),
    };
    match (framed.first(), framed.last()) {
        (Ok(first), Some(last)) if first == last => Recognised::One(framed.reading(&first)),
        (Ok(first), last) => Recognised::Several(framed.ambiguous(&first, last)),
        (Err(error), _) => Recognised::No(error),
    }
}

impl<'a> Reading<'a> {
    /// The event with the texts as they stand.
    pub(super) fn verbatim(self) -> Option<Event<'a>> {
        Event::assemble(self.name, self.kind, self.texts.map(Cow::Borrowed))
    }

    /// The event with the references in the texts decoded, if that is what they look like: if
    /// no text holds `<`, and every `&` begins a valid reference. Else with the texts as they
    /// stand.
    pub(super) fn decoded(self) -> Option<Event<'a>> {
        let escaped = self.texts.iter().all(|text| !text.contains('<'));
        let mut decoded = [const { Cow::Borrowed("") }; MAX_CHILDREN];
        if escaped {
            for (decoded, text) in decoded.iter_mut().zip(self.texts) {
                match dereference(text) {
                    Some(text) => *decoded = text,
                    None => return self.verbatim(),
                }
            }
            return Event::assemble(self.name, self.kind, decoded);
        }
        self.verbatim()
    }
}

/// The text with its references decoded; `None` if a `&` begins no valid one.
fn dereference(text: &str) -> Option<Cow<'_, str>> {
    let Some(mut at) = memchr::memchr(b'&', text.as_bytes()) else {
        return Some(Cow::Borrowed(text));
    };
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let (run, reference) = rest.split_at_checked(at)?;
        let (c, length) = xml::reference(reference)?;
        decoded.push_str(run);
        decoded.push(c);
        rest = reference.get(length..)?;
        match memchr::memchr(b'&', rest.as_bytes()) {
            Some(next) => at = next,
            None => break,
        }
    }
    decoded.push_str(rest);
    Some(Cow::Owned(decoded))
}

/// The body without the line end that the server puts behind it: LF or CRLF, if there is one.
fn without_line_end(body: &str) -> &str {
    match body.strip_suffix('\n') {
        Some(body) => body.strip_suffix('\r').unwrap_or(body),
        None => body,
    }
}

impl<'a> Framed<'a> {
    fn new(body: &'a str) -> Result<Self, Error> {
        let line = without_line_end(body);
        for &name in Name::ALL {
            let frame = name.frame();
            for (kind, opening) in frame.openings.iter().enumerate() {
                let Some(rest) = line.strip_prefix(opening) else {
                    continue;
                };
                let Some(inner) = rest.strip_suffix(frame.closing) else {
                    return Err(not_closed(line, opening.len(), frame));
                };
                return Ok(Framed {
                    name,
                    kind,
                    frame,
                    inner,
                    start: opening.len(),
                });
            }
        }
        Err(not_opened(line))
    }

    /// The cuts as far to the left as they go; if there are none, what is missing.
    fn first(&self) -> Result<Cuts, Error> {
        let mut cuts = Cuts::default();
        self.reset(&mut cuts, 0)
            .map_err(|separator| self.not_separated(&cuts, separator))?;
        Ok(cuts)
    }

    /// Puts the separators from `from` on as far to the left as they go behind those before.
    /// Fails with the one that has no place.
    fn reset(&self, cuts: &mut Cuts, from: usize) -> Result<(), usize> {
        for index in from..self.frame.separators.len() {
            let behind = self.text_start(cuts, index);
            match (self.find(index, behind), cuts.get_mut(index)) {
                (Some(at), Some(cut)) => *cut = at,
                _ => return Err(index),
            }
        }
        Ok(())
    }

    /// The cuts as far to the right as they go.
    fn last(&self) -> Option<Cuts> {
        let mut cuts = Cuts::default();
        let mut before = self.inner.len();
        for index in (0..self.frame.separators.len()).rev() {
            before = self.rfind(index, before)?;
            *cuts.get_mut(index)? = before;
        }
        Some(cuts)
    }

    /// The next cuts, in the order of the dictionary.
    fn next(&self, cuts: &Cuts) -> Option<Cuts> {
        for index in (0..self.frame.separators.len()).rev() {
            // An address ends at the next `<`, nowhere else.
            if self.frame.is_address(index) {
                continue;
            }
            let mut cuts = *cuts;
            let cut = cuts.get_mut(index)?;
            if let Some(at) = self.find(index, *cut + 1) {
                *cut = at;
                if self.reset(&mut cuts, index + 1).is_ok() {
                    return Some(cuts);
                }
            }
        }
        None
    }

    /// Where the next separator `index` stands, from `from` on.
    fn find(&self, index: usize, from: usize) -> Option<usize> {
        let separator = self.separator(index);
        let mut from = from;
        loop {
            let rest = self.inner.get(from..)?;
            let at = from + memmem::find(rest.as_bytes(), separator.as_bytes())?;
            if !self.frame.is_address(index + 1) {
                return Some(at);
            }
            let text = at + separator.len();
            let end = text + memchr::memchr(b'<', self.inner.as_bytes().get(text..)?)?;
            if self
                .inner
                .get(end..)?
                .starts_with(self.separator(index + 1))
            {
                return Some(at);
            }
            from = end;
        }
    }

    /// Where the last separator `index` stands that ends at `to` or before.
    fn rfind(&self, index: usize, to: usize) -> Option<usize> {
        let separator = self.separator(index);
        let mut to = to;
        loop {
            let rest = self.inner.get(..to)?;
            let at = memmem::rfind(rest.as_bytes(), separator.as_bytes())?;
            if !self.frame.is_address(index) {
                return Some(at);
            }
            // Before an address is the end of the separator before, with no `<` between.
            let before = self.separator(index.checked_sub(1)?);
            let tag = before.len() - before.rfind('<')?;
            let start = memchr::memrchr(b'<', self.inner.as_bytes().get(..at)?)? + tag;
            if start <= at
                && self
                    .inner
                    .get(..start)
                    .is_some_and(|text| text.ends_with(before))
            {
                return Some(at);
            }
            to = at;
        }
    }

    fn separator(&self, index: usize) -> &'static str {
        self.frame
            .separators
            .get(index)
            .copied()
            .unwrap_or_default()
    }

    /// Where the text of the child `index` begins.
    fn text_start(&self, cuts: &Cuts, index: usize) -> usize {
        match index
            .checked_sub(1)
            .and_then(|before| Some((before, cuts.get(before)?)))
        {
            Some((before, cut)) => cut + self.separator(before).len(),
            None => 0,
        }
    }

    /// Where the text of the child `index` stands.
    fn text(&self, cuts: &Cuts, index: usize) -> Range<usize> {
        let end = match cuts.get(index) {
            Some(cut) if index < self.frame.separators.len() => *cut,
            _ => self.inner.len(),
        };
        self.text_start(cuts, index)..end
    }

    fn reading(&self, cuts: &Cuts) -> Reading<'a> {
        let mut texts = [""; MAX_CHILDREN];
        for (index, text) in texts.iter_mut().enumerate().take(self.frame.children.len()) {
            *text = self.inner.get(self.text(cuts, index)).unwrap_or_default();
        }
        Reading {
            name: self.name,
            kind: self.kind,
            texts,
        }
    }

    #[cold]
    fn not_separated(&self, cuts: &Cuts, index: usize) -> Error {
        let start = self.text_start(cuts, index);
        let name = self.frame.children.get(index).copied();
        let separator = self.separator(index);
        let expected = if self.frame.is_address(index + 1) {
            format!(
                "`{separator}`, an address without `<`, and `{}`",
                self.separator(index + 1)
            )
        } else {
            format!("`{separator}`")
        };
        Error::new(
            ErrorKind::NotVerbatim,
            self.start + start..self.start + self.inner.len(),
            name,
            format!("expected text and then {expected}, found none"),
        )
    }

    #[cold]
    fn ambiguous(&self, first: &Cuts, last: Option<Cuts>) -> Error {
        let last = last.unwrap_or(*first);
        let differing = first
            .iter()
            .zip(&last)
            .position(|(first, last)| first != last);
        let index = differing.unwrap_or_default();
        let at = |cuts: &Cuts| self.start + cuts.get(index).copied().unwrap_or_default();
        let separator = self.separator(index);
        Error::new(
            ErrorKind::Ambiguous,
            at(first)..at(first) + separator.len(),
            self.frame.children.get(index).copied(),
            format!(
                "expected `{separator}` in one place, found it again at byte {}: more than one reading",
                at(&last),
            ),
        )
    }
}

#[cold]
fn not_opened(line: &str) -> Error {
    Error::new(
        ErrorKind::NotVerbatim,
        0..line.len(),
        None,
        format!(
            "expected the tags that begin an event, such as `<chat><room>`, found {}",
            quote(line)
        ),
    )
}

#[cold]
fn not_closed(line: &str, start: usize, frame: &Frame) -> Error {
    let mut at = line.len().saturating_sub(frame.closing.len()).max(start);
    while !line.is_char_boundary(at) {
        at += 1;
    }
    let found = quote(line.get(at..).unwrap_or_default());
    Error::new(
        ErrorKind::NotVerbatim,
        at..line.len(),
        frame.element,
        format!("expected `{}` at the end, found {found}", frame.closing),
    )
}

/// Every reading of a body as the server writes them; made by [`Event::readings`].
///
/// The first has its first texts as short as can be. The next is found when it is asked for, in
/// time linear in the body; there can be as many as a polynomial of the body's length, of a
/// degree of up to three, so take no more than you need.
#[derive(Debug, Clone)]
pub struct Readings<'a> {
    framed: Option<(Framed<'a>, Cuts)>,
}

impl<'a> Iterator for Readings<'a> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        let (framed, cuts) = self.framed.as_mut()?;
        let event = framed.reading(cuts).verbatim();
        match framed.next(cuts) {
            Some(next) => *cuts = next,
            None => self.framed = None,
        }
        event
    }
}

impl FusedIterator for Readings<'_> {}

impl<'a> Event<'a> {
    /// Reads a body as the server itself writes it: by the fixed tags around the texts, which are
    /// taken as they stand.
    ///
    /// The exact inverse of the server. One line end behind the body is passed over. Nothing is
    /// allocated.
    ///
    /// # Errors
    ///
    /// - [`NotVerbatim`](ErrorKind::NotVerbatim): the server does not write such a body.
    /// - [`Ambiguous`](ErrorKind::Ambiguous): it is what the server writes for more than one event;
    ///   see [`readings`](Event::readings).
    ///
    /// ```
    /// use isl_volano::volano_chat::Event;
    ///
    /// let body = "<chat><room>Tea</room><user>Alice</user><message>AT&amp;T</message></chat>\n";
    /// let Event::Chat(chat) = Event::parse_verbatim(body)? else { panic!("not a chat") };
    /// assert_eq!(chat.message, "AT&amp;T");
    /// # Ok::<(), isl_volano::Error>(())
    /// ```
    pub fn parse_verbatim(body: &'a str) -> Result<Self, Error> {
        match recognise(body) {
            Recognised::One(reading) => reading.verbatim().ok_or_else(|| not_opened(body)),
            Recognised::Several(error) | Recognised::No(error) => Err(error),
        }
    }

    /// Every event for which the server would write this body; none if it writes no such body.
    ///
    /// A user who puts the server's own tags into a name or a message makes a body that can be
    /// read in more than one way. Who knows the room and who is in it can tell which is right:
    ///
    /// ```
    /// use isl_volano::{ErrorKind, volano_chat::Event};
    ///
    /// let body = "<chat><room>Tea</room><user>Al</user><message>b</user><message>hi</message></chat>\n";
    /// assert_eq!(Event::parse(body).unwrap_err().kind(), ErrorKind::Ambiguous);
    ///
    /// let in_the_room = ["Al", "Zoe"];
    /// let said: Vec<_> = Event::readings(body)
    ///     .filter(|event| matches!(event, Event::Chat(chat) if in_the_room.contains(&&*chat.user)))
    ///     .collect();
    /// let [Event::Chat(chat)] = &said[..] else { panic!("still more than one") };
    /// assert_eq!(chat.message, "b</user><message>hi");
    /// ```
    #[must_use]
    pub fn readings(body: &'a str) -> Readings<'a> {
        let framed = Framed::new(body).ok();
        Readings {
            framed: framed.and_then(|framed| framed.first().ok().map(|cuts| (framed, cuts))),
        }
    }

    /// Reads a body, whether the server wrote it or something that knows XML.
    ///
    /// First it is read [as the server writes it](Event::parse_verbatim). If it is framed so, and
    /// has one reading in which no text holds `<` and every `&` begins a valid reference, the
    /// references are decoded; if not, the texts are taken as they stand. A body that is framed
    /// otherwise (with an XML declaration, white space, comments, in another order) is read
    /// [as XML](Event::parse_xml).
    ///
    /// Text is borrowed from the body unless references in it are decoded.
    ///
    /// # Errors
    ///
    /// [`Ambiguous`](ErrorKind::Ambiguous) if it has more than one reading as the server writes
    /// it; else those of [`parse_xml`](Event::parse_xml).
    ///
    /// ```
    /// use isl_volano::volano_chat::{Event, Exit};
    ///
    /// for body in [
    ///     "<exit><room>Tea & <Cakes></room><user>Bob</user></exit>\n",
    ///     "<exit><room>Tea &amp; &lt;Cakes></room><user>Bob</user></exit>\n",
    ///     "<?xml version='1.0'?>\n<exit>\n  <user>Bob</user>\n  <room>Tea &amp; &lt;Cakes></room>\n</exit>",
    /// ] {
    ///     assert_eq!(Event::parse(body)?, Exit::new("Tea & <Cakes>", "Bob").into());
    /// }
    /// # Ok::<(), isl_volano::Error>(())
    /// ```
    pub fn parse(body: &'a str) -> Result<Self, Error> {
        match recognise(body) {
            Recognised::One(reading) => reading.decoded().ok_or_else(|| not_opened(body)),
            Recognised::Several(error) => Err(error),
            Recognised::No(_) => Event::parse_xml(body),
        }
    }

    /// Reads a body of bytes; see [`parse`](Event::parse).
    ///
    /// # Errors
    ///
    /// As [`parse`](Event::parse), and [`InvalidUtf8`](ErrorKind::InvalidUtf8): the body is in
    /// [another character set](crate::volano_chat#other-character-sets).
    pub fn parse_bytes(body: &'a [u8]) -> Result<Self, Error> {
        match str::from_utf8(body) {
            Ok(body) => Event::parse(body),
            Err(error) => Err(Error::invalid_utf8(body, &error)),
        }
    }
}
