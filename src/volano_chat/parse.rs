//! Parsing a body into an event.

use std::str::FromStr;

use super::event::Event;
use super::fast_path;
use super::template::{self, Readings};
use crate::error::{Error, ErrorKind};
use crate::utf8;

impl<'a> Event<'a> {
    /// Parses a body from the server, or from a proxy that writes XML.
    ///
    /// - A body in the server's format, with the tags in the server's order, is parsed with
    ///   [`parse_verbatim`](Event::parse_verbatim): **references are not decoded**, and all text is
    ///   exactly what a user typed.
    /// - Any other body, for example with an XML declaration, white space, comments, or in another
    ///   order, is parsed with [`parse_xml`](Event::parse_xml), if the feature `xml` is enabled.
    ///
    /// For bodies from a known XML producer, use [`parse_xml`](Event::parse_xml): a document can have
    /// the tags of the server's format and escaped text.
    ///
    /// # Errors
    ///
    /// [`Ambiguous`](ErrorKind::Ambiguous) if the server would write the body for more than one
    /// event. [`NotVerbatim`](ErrorKind::NotVerbatim) if the body begins with the tags of the server's
    /// format, does not match it, and is not well-formed XML. Otherwise those of
    /// [`parse_xml`](Event::parse_xml) or, without the feature `xml`, of
    /// [`parse_verbatim`](Event::parse_verbatim).
    ///
    /// ```
    /// use isl_volano::volano_chat::{Event, Exit};
    ///
    /// let body = "<exit><room>Tea & <Cakes></room><user>Bob</user></exit>\n";
    /// assert_eq!(Event::parse(body)?, Exit::new("Tea & <Cakes>", "Bob").into());
    ///
    /// // A user with the name `&#66;ob` is not Bob.
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

    /// Parses a body, which must be UTF-8; see [`parse`](Event::parse).
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Event::parse), and [`InvalidUtf8`](ErrorKind::InvalidUtf8) if the body is in
    /// [another character set](crate::volano_chat#other-character-sets).
    pub fn parse_bytes(body: &'a [u8]) -> Result<Self, Error> {
        Event::parse(utf8::text(body)?)
    }

    /// Parses a body of any type into an owned value, for extractors, channels and `bytes::Bytes`;
    /// see [`parse_bytes`](Event::parse_bytes).
    ///
    /// # Errors
    ///
    /// Those of [`parse_bytes`](Event::parse_bytes).
    pub fn parse_owned(body: impl AsRef<[u8]>) -> Result<Event<'static>, Error> {
        Event::parse_bytes(body.as_ref()).map(Event::into_owned)
    }

    /// Parses a body in the server's format, with texts unchanged.
    ///
    /// This is the exact inverse of the server: it splits the body at the tags that the server writes.
    /// One line end after the root element is skipped. Nothing is allocated.
    ///
    /// # Errors
    ///
    /// - [`NotVerbatim`](ErrorKind::NotVerbatim): the server cannot write such a body.
    /// - [`Ambiguous`](ErrorKind::Ambiguous): the server would write the body for more than one event;
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

    /// Returns an iterator over every event for which the server would write this body.
    ///
    /// If a user puts the server's tags into a name or a message, the body can be read in more than
    /// one way. The number of readings can be very large, so take only a few.
    ///
    /// Sometimes the list of users in the room decides. Here, one reading has an unknown user, so it
    /// is Alice who tries to speak as Admin:
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
    /// Often it does not, because a user can also choose a name that makes the other reading
    /// plausible. Of the 13 ambiguous bodies captured from a real server, the list of users decides
    /// three. In the other ten, the users of both readings are in the room:
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

/// Parses a body in the server's format that the fast path does not accept.
#[inline(never)]
fn parse_template(body: &str) -> Result<Event<'_>, Error> {
    template::parse(body).unwrap_or_else(|| Err(template::mismatch(body)))
}

/// Parses a body in any format that the fast path does not accept.
#[inline(never)]
fn parse_auto(body: &str) -> Result<Event<'_>, Error> {
    template::parse(body).unwrap_or_else(|| {
        #[cfg(feature = "xml")]
        return Event::parse_xml(body).map_err(|error| likelier_error(body, error));
        #[cfg(not(feature = "xml"))]
        Err(template::mismatch(body))
    })
}

/// Returns the error of a body that is in neither format. If the body begins with the server's tags,
/// an `&` or a `<` in a text is no mistake, so the difference from the server's format is the cause.
#[cfg(feature = "xml")]
#[cold]
fn likelier_error(body: &str, error: Error) -> Error {
    let is_markup = matches!(
        error.kind(),
        ErrorKind::InvalidReference | ErrorKind::NotWellFormed
    );
    if is_markup && template::has_opening(body) {
        return template::mismatch(body);
    }
    error
}

impl FromStr for Event<'static> {
    type Err = Error;

    fn from_str(body: &str) -> Result<Self, Error> {
        Event::parse_owned(body)
    }
}
