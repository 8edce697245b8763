//! Registering for the events of a room, and acknowledging them.

use std::borrow::Cow;
use std::fmt;

use crate::form;

/// The body that acknowledges an event: a single line feed, so that the connection stays open.
///
/// Send it with status 200, `Content-Type: text/plain` and `Content-Length: 1`. Any other status ends
/// the registration. There is no other way to end it.
pub const ACKNOWLEDGEMENT: &str = "\n";

/// A registration for the events of a room.
///
/// Send a GET request to the server's `register` servlet. It answers with status 200 if it accepts
/// the registration, otherwise 400. The room need not exist yet, and its name must match exactly. The
/// server keeps the query of the callback URL, so you can put the name of the room there.
///
/// With the feature `serde`, its stored form is `{"room":"Tea","href":"http://example.com"}`.
///
/// ```
/// use isl_volano::volano_chat::Registration;
///
/// let registration = Registration::new("Tea & Cakes", "http://example.com/events?room=tea");
/// assert_eq!(
///     registration.url("http://chat.example.com:8080"),
///     "http://chat.example.com:8080/servlet/register?room=Tea+%26+Cakes\
///      &href=http%3A%2F%2Fexample.com%2Fevents%3Froom%3Dtea",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Registration<'a> {
    /// `room`: the name of the room.
    pub room: Cow<'a, str>,
    /// `href`: the URL that the server posts the events to.
    pub callback: Cow<'a, str>,
}

impl<'a> Registration<'a> {
    /// Creates a registration for the events of a room, with the URL to post them to.
    #[must_use]
    pub fn new(room: impl Into<Cow<'a, str>>, callback: impl Into<Cow<'a, str>>) -> Self {
        Registration {
            room: room.into(),
            callback: callback.into(),
        }
    }

    /// Returns the URL to request, on a server such as `http://chat.example.com:8080`.
    #[must_use]
    pub fn url(&self, server: &str) -> String {
        format!("{}{self}", server.strip_suffix('/').unwrap_or(server))
    }
}

/// Formats the request target: the path of the servlet and the query.
impl fmt::Display for Registration<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let target = form::written(|target| {
            target
                .raw("/servlet/register?room=")?
                .text(&self.room)?
                .raw("&href=")?
                .text(&self.callback)
        });
        f.pad(&target)
    }
}
