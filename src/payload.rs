//! Which family a body is of.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, UnknownNameError};
use crate::isl_light::Notification;
use crate::utf8;
use crate::volano_chat::Event;

/// An event of either family, for a service that takes both at one URL.
///
/// ```
/// use isl_volano::{Payload, volano_chat::Delete};
///
/// let body = "<delete><room>Tea</room></delete>\n";
/// assert_eq!(Payload::parse(body)?, Payload::VolanoChat(Delete::new("Tea").into()));
/// # Ok::<(), isl_volano::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(untagged))]
#[expect(
    clippy::large_enum_variant,
    reason = "a box would be an allocation for every event"
)]
#[non_exhaustive]
pub enum Payload<'a> {
    /// ISL Light, or another module of ISL Conference Proxy.
    IslLight(Notification<'a>),
    /// VolanoChat.
    VolanoChat(Event<'a>),
}

/// Who sends a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Family {
    /// ISL Conference Proxy.
    IslLight,
    /// VolanoChat.
    VolanoChat,
}

impl Family {
    /// Tells by the body: if its first byte that is not white space is `<`, it is VolanoChat's,
    /// else ISL Conference Proxy's.
    ///
    /// The request's content type says nothing: VolanoChat's server calls its bodies
    /// `application/x-www-form-urlencoded`, too.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        match body.trim_ascii_start().first() {
            Some(b'<') => Family::VolanoChat,
            _ => Family::IslLight,
        }
    }

    /// Every family.
    pub const ALL: &'static [Family] = &[Family::IslLight, Family::VolanoChat];

    /// The family's name: `isl-light` or `volano-chat`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Family::IslLight => "isl-light",
            Family::VolanoChat => "volano-chat",
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Family {
    type Err = UnknownNameError;

    fn from_str(name: &str) -> Result<Self, UnknownNameError> {
        let mut families = Family::ALL.iter().copied();
        families
            .find(|family| family.as_str() == name)
            .ok_or_else(|| UnknownNameError::new("family", name))
    }
}

impl<'a> Payload<'a> {
    /// Reads a body of either [family](Family::of).
    ///
    /// # Errors
    ///
    /// Those of [`Notification::parse`] or of [`Event::parse`].
    pub fn parse(body: &'a str) -> Result<Self, Error> {
        match Family::of(body.as_bytes()) {
            Family::IslLight => Notification::parse(body).map(Payload::IslLight),
            Family::VolanoChat => Event::parse(body).map(Payload::VolanoChat),
        }
    }

    /// Reads a body of either [family](Family::of).
    ///
    /// # Errors
    ///
    /// As [`parse`](Payload::parse), and [`InvalidUtf8`](crate::ErrorKind::InvalidUtf8).
    pub fn parse_bytes(body: &'a [u8]) -> Result<Self, Error> {
        Payload::parse(utf8::text(body)?)
    }

    /// Which family it is of.
    #[must_use]
    pub const fn family(&self) -> Family {
        match self {
            Payload::IslLight(_) => Family::IslLight,
            Payload::VolanoChat(_) => Family::VolanoChat,
        }
    }

    /// The same, independent of the input that it was parsed from.
    #[must_use]
    pub fn into_owned(self) -> Payload<'static> {
        match self {
            Payload::IslLight(notification) => Payload::IslLight(notification.into_owned()),
            Payload::VolanoChat(event) => Payload::VolanoChat(event.into_owned()),
        }
    }
}
