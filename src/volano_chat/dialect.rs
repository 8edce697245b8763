//! How the text of a body is to be understood.

use std::fmt;
use std::str::FromStr;

use super::event::Event;
use crate::error::{Error, UnknownNameError};
use crate::utf8;

/// How the text of a body is to be understood: as it stands, or with references decoded.
///
/// ```
/// use isl_volano::volano_chat::{Dialect, Exit};
///
/// let body = "<exit><room>Tea &amp; Cakes</room><user>Bob</user></exit>\n";
/// assert_eq!(Dialect::Auto.parse(body)?, Exit::new("Tea &amp; Cakes", "Bob").into());
/// assert_eq!(Dialect::Xml.parse(body)?, Exit::new("Tea & Cakes", "Bob").into());
/// # Ok::<(), isl_volano::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Dialect {
    /// `auto`: a body that is framed as the server frames it is read as [`Verbatim`], any other
    /// as XML if the feature `xml` is on. See [`Event::parse`].
    ///
    /// [`Verbatim`]: Dialect::Verbatim
    #[default]
    Auto,
    /// `verbatim`: what the server itself writes; text is taken as it stands. See
    /// [`Event::parse_verbatim`].
    Verbatim,
    /// `xml`: well-formed XML; references are decoded. See [`Event::parse_xml`].
    #[cfg(feature = "xml")]
    Xml,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: &'static [Dialect] = &[
        Dialect::Auto,
        Dialect::Verbatim,
        #[cfg(feature = "xml")]
        Dialect::Xml,
    ];

    /// Returns the dialect's name: `auto`, `verbatim` or `xml`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Dialect::Auto => "auto",
            Dialect::Verbatim => "verbatim",
            #[cfg(feature = "xml")]
            Dialect::Xml => "xml",
        }
    }

    /// Parses a body of this dialect.
    ///
    /// # Errors
    ///
    /// Those of [`Event::parse`], [`Event::parse_verbatim`] or [`Event::parse_xml`].
    pub fn parse(self, body: &str) -> Result<Event<'_>, Error> {
        match self {
            Dialect::Auto => Event::parse(body),
            Dialect::Verbatim => Event::parse_verbatim(body),
            #[cfg(feature = "xml")]
            Dialect::Xml => Event::parse_xml(body),
        }
    }

    /// Parses a body of this dialect, if it is UTF-8.
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Dialect::parse), and [`InvalidUtf8`](crate::ErrorKind::InvalidUtf8): the
    /// body is in [another character set](crate::volano_chat#other-character-sets).
    pub fn parse_bytes(self, body: &[u8]) -> Result<Event<'_>, Error> {
        self.parse(utf8::text(body)?)
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Dialect {
    type Err = UnknownNameError;

    fn from_str(name: &str) -> Result<Self, UnknownNameError> {
        let mut dialects = Dialect::ALL.iter().copied();
        dialects
            .find(|dialect| dialect.as_str() == name)
            .ok_or_else(|| UnknownNameError::new("dialect", name))
    }
}

#[cfg(feature = "serde")]
crate::serde_text::serde_as_name!(Dialect, as_str);
