//! The dialects of bodies.

use std::fmt;
use std::str::FromStr;

use super::event::Event;
use crate::error::{Error, UnknownNameError};
use crate::utf8;

/// The format of a body: that of the server, or XML.
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
    /// `auto`: parses a body in the server's format as [`Verbatim`](Dialect::Verbatim), and any other
    /// body as XML if the feature `xml` is enabled. See [`Event::parse`].
    #[default]
    Auto,
    /// `verbatim`: parses the server's format, with text unchanged. See [`Event::parse_verbatim`].
    Verbatim,
    /// `xml`: parses well-formed XML, and decodes references. See [`Event::parse_xml`].
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

    /// Returns the name of the dialect: `auto`, `verbatim` or `xml`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Dialect::Auto => "auto",
            Dialect::Verbatim => "verbatim",
            #[cfg(feature = "xml")]
            Dialect::Xml => "xml",
        }
    }

    /// Parses a body in this dialect.
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

    /// Parses a body in this dialect, which must be UTF-8.
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Dialect::parse), and [`InvalidUtf8`](crate::ErrorKind::InvalidUtf8) if the
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
