//! The two families of events.

use std::fmt;
use std::str::FromStr;

use crate::error::UnknownNameError;

/// The family of a body: its sender, ISL Conference Proxy or VolanoChat.
///
/// The family is all that a handler needs to answer, even if the body cannot be parsed:
///
/// ```
/// use isl_volano::Family;
///
/// let body = b"EVENT=no+envelope";
/// let family = Family::of(body);
/// assert_eq!(family, Family::IslLight);
/// // Answer with status 200.
/// assert_eq!(family.content_type(), "text/xml; charset=utf-8");
/// assert_eq!(family.acknowledgement(), "<nomessage/>");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Family {
    /// ISL Conference Proxy.
    IslLight,
    /// VolanoChat.
    VolanoChat,
}

impl Family {
    /// Every family.
    pub const ALL: &'static [Family] = &[Family::IslLight, Family::VolanoChat];

    /// Returns the family of a body: VolanoChat if the first byte that is not white space is `<`,
    /// otherwise ISL Conference Proxy.
    ///
    /// The content type of the request does not tell them apart: both servers send
    /// `application/x-www-form-urlencoded`.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        match body.trim_ascii_start().first() {
            Some(b'<') => Family::VolanoChat,
            _ => Family::IslLight,
        }
    }

    /// Returns the name of the family: `isl-light` or `volano-chat`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Family::IslLight => "isl-light",
            Family::VolanoChat => "volano-chat",
        }
    }

    /// Returns the body that acknowledges an event. Send it with status 200 and the
    /// [content type](Family::content_type).
    ///
    /// Without it, ISL Conference Proxy repeats the event forever. VolanoChat ends the registration
    /// on any other status.
    #[must_use]
    pub const fn acknowledgement(self) -> &'static str {
        match self {
            Family::IslLight => "<nomessage/>",
            Family::VolanoChat => "\n",
        }
    }

    /// Returns the content type of the acknowledgement.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Family::IslLight => "text/xml; charset=utf-8",
            Family::VolanoChat => "text/plain",
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

#[cfg(feature = "serde")]
crate::serde_text::serde_as_name!(Family, as_str);
