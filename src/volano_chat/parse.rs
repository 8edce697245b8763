//! From a body to an event.

use std::borrow::Cow;

use super::event::Event;
use super::fast_path;
use super::frame::MAX_CHILDREN;
use super::template::{self, Readings};
use crate::error::Error;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::{utf8, xml};

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
        if let Some(event) = fast_path::parse::<false>(body) {
            return Ok(event);
        }
        read_verbatim(body)
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
        Readings::new(body)
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
        if let Some(event) = fast_path::parse::<true>(body) {
            return Ok(event);
        }
        read(body)
    }

    /// Reads a body of bytes; see [`parse`](Event::parse).
    ///
    /// # Errors
    ///
    /// As [`parse`](Event::parse), and [`InvalidUtf8`](ErrorKind::InvalidUtf8): the body is in
    /// [another character set](crate::volano_chat#other-character-sets).
    pub fn parse_bytes(body: &'a [u8]) -> Result<Self, Error> {
        Event::parse(utf8::text(body)?)
    }
}

/// Reads a body that is not for the fast path, as it stands.
#[inline(never)]
fn read_verbatim(body: &str) -> Result<Event<'_>, Error> {
    template::parse(body, template::as_it_stands).unwrap_or_else(|| Err(template::mismatch(body)))
}

/// Reads a body that is not for the fast path.
#[inline(never)]
fn read(body: &str) -> Result<Event<'_>, Error> {
    template::parse(body, decoded).unwrap_or_else(|| Event::parse_xml(body))
}

/// The texts with their references decoded, if none holds `<` and every `&` begins a valid
/// reference; else the texts as they stand.
fn decoded(texts: [&str; MAX_CHILDREN]) -> [Cow<'_, str>; MAX_CHILDREN] {
    if !texts.iter().all(|text| is_escaped(text)) {
        return template::as_it_stands(texts);
    }
    texts.map(|text| dereferenced(text).unwrap_or_default())
}

fn is_escaped(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'<', b'&', rest.as_bytes()) {
        let marked = rest.get(at..).unwrap_or_default();
        let Some((_, after)) = xml::reference(marked) else {
            return false;
        };
        rest = after;
    }
    true
}

fn dereferenced(text: &str) -> Option<Cow<'_, str>> {
    if memchr::memchr2(b'<', b'&', text.as_bytes()).is_none() {
        return Some(Cow::Borrowed(text));
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr2(b'<', b'&', rest.as_bytes()) {
        let (run, marked) = rest.split_at_checked(at)?;
        decoded.push_str(run);
        let (c, after) = xml::reference(marked)?;
        decoded.push(c);
        rest = after;
    }
    decoded.push_str(rest);
    Some(Cow::Owned(decoded))
}
