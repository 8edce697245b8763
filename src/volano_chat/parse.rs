//! From a body to an event.

use std::str::FromStr;

use super::event::Event;
use super::fast_path;
use super::template::{self, Readings};
use crate::error::Error;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::utf8;

impl<'a> Event<'a> {
    /// Parses a body, whether the server wrote it or something that knows XML.
    ///
    /// - A body that is framed as the server frames it, with its tags in its order, is parsed as
    ///   [the server writes it](Event::parse_verbatim): text is taken as it stands, and
    ///   **references are not decoded**. Nothing that a user types can turn into something else.
    /// - A body that is framed otherwise (with an XML declaration, white space, comments, in another
    ///   order) is parsed [as XML](Event::parse_xml), if the feature `xml` is on.
    ///
    /// If something between you and the server makes XML of the bodies, ask for
    /// [`parse_xml`](Event::parse_xml): it can leave the framing as it was, and escape the text.
    ///
    /// # Errors
    ///
    /// [`Ambiguous`](ErrorKind::Ambiguous) if the server would write the body for more than one
    /// event; else those of [`parse_xml`](Event::parse_xml) or, without the feature `xml`, of
    /// [`parse_verbatim`](Event::parse_verbatim).
    ///
    /// ```
    /// use isl_volano::volano_chat::{Event, Exit};
    ///
    /// let body = "<exit><room>Tea & <Cakes></room><user>Bob</user></exit>\n";
    /// assert_eq!(Event::parse(body)?, Exit::new("Tea & <Cakes>", "Bob").into());
    ///
    /// // A user whose name is typed as `&#66;ob` is not Bob.
    /// let body = "<exit><room>Tea & <Cakes></room><user>&#66;ob</user></exit>\n";
    /// assert_eq!(Event::parse(body)?, Exit::new("Tea & <Cakes>", "&#66;ob").into());
    /// # Ok::<(), isl_volano::Error>(())
    /// ```
    pub fn parse(body: &'a str) -> Result<Self, Error> {
        if let Some(event) = fast_path::parse(body) {
            return Ok(event);
        }
        parse_auto(body)
    }

    /// Parses a body, as [`parse`](Event::parse) does, if it is UTF-8.
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Event::parse), and [`InvalidUtf8`](ErrorKind::InvalidUtf8): the body is in
    /// [another character set](crate::volano_chat#other-character-sets).
    pub fn parse_bytes(body: &'a [u8]) -> Result<Self, Error> {
        Event::parse(utf8::text(body)?)
    }

    /// Parses a body, as [`parse_bytes`](Event::parse_bytes) does, into an event that does not
    /// borrow from it: for extractors, channels and `bytes::Bytes`.
    ///
    /// # Errors
    ///
    /// Those of [`parse_bytes`](Event::parse_bytes).
    pub fn parse_owned(body: impl AsRef<[u8]>) -> Result<Event<'static>, Error> {
        Event::parse_bytes(body.as_ref()).map(Event::into_owned)
    }

    /// Parses a body as the server itself writes it: by the fixed tags around the texts, which are
    /// taken as they stand.
    ///
    /// The exact inverse of the server. One line end after the element is skipped. Nothing is
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
        if let Some(event) = fast_path::parse(body) {
            return Ok(event);
        }
        parse_template(body)
    }

    /// Returns every event for which the server would write this body; none if it writes no such
    /// body.
    ///
    /// A user who puts the server's own tags into a name or a message makes a body that can be
    /// read in more than one way. There can be very many ways: look at a few only.
    ///
    /// Sometimes it helps to know who is in the room. Here one reading has a user whom nobody
    /// knows, and so it is Alice who tries to make Admin speak:
    ///
    /// ```
    /// use isl_volano::{ErrorKind, volano_chat::Event};
    ///
    /// let body = "<chat><room>Tea</room><user>Alice</user>\
    ///     <message></message><user>Admin</user><message>spoof</message></chat>\n";
    /// assert_eq!(Event::parse(body).unwrap_err().kind(), ErrorKind::Ambiguous);
    ///
    /// let in_the_room = ["Admin", "Alice"];
    /// let said: Vec<_> = Event::readings(body)
    ///     .take(100)
    ///     .filter(|event| event.actor().is_some_and(|user| in_the_room.contains(&user)))
    ///     .collect();
    /// let [Event::Chat(chat)] = &said[..] else { panic!("still more than one") };
    /// assert_eq!(chat.user, "Alice");
    /// assert_eq!(chat.message, "</message><user>Admin</user><message>spoof");
    /// ```
    ///
    /// Often it does not: a user can take any name, the one that makes the other reading true
    /// included. Of the thirteen ambiguous bodies among the captures of a real server, the users in
    /// the room decide three; in the other ten, the names of both readings are in the room:
    ///
    /// ```
    /// use isl_volano::volano_chat::Event;
    ///
    /// let body = "<chat><room>Tea</room><user>Al</user><message>b</user><message>hi</message></chat>\n";
    /// let in_the_room = ["Al", "Al</user><message>b"];
    /// let speakers: Vec<_> = Event::readings(body)
    ///     .take(100)
    ///     .filter_map(|event| event.actor().map(str::to_owned))
    ///     .collect();
    /// assert_eq!(speakers, in_the_room);
    /// ```
    #[must_use]
    pub fn readings(body: &'a str) -> Readings<'a> {
        Readings::new(body)
    }
}

/// Parses a body that is not for the fast path, as the server writes it.
#[inline(never)]
fn parse_template(body: &str) -> Result<Event<'_>, Error> {
    template::parse(body).unwrap_or_else(|| Err(template::mismatch(body)))
}

/// Parses a body that is not for the fast path, however it is framed.
#[inline(never)]
fn parse_auto(body: &str) -> Result<Event<'_>, Error> {
    template::parse(body).unwrap_or_else(|| {
        #[cfg(feature = "xml")]
        return Event::parse_xml(body);
        #[cfg(not(feature = "xml"))]
        Err(template::mismatch(body))
    })
}

/// Parses a body as [`Event::parse_owned`] does.
impl FromStr for Event<'static> {
    type Err = Error;

    fn from_str(body: &str) -> Result<Self, Error> {
        Event::parse_owned(body)
    }
}
