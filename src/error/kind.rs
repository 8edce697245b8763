//! The kinds of error.

use std::fmt;
use std::str::FromStr;

use super::unknown_name::UnknownNameError;

/// Defines the kinds from a list.
macro_rules! error_kinds {
    ($($(#[$doc:meta])+ $kind:ident,)+) => {
        /// The kind of an [`Error`](crate::Error).
        ///
        /// Its name is a label for metrics: see [`as_str`](ErrorKind::as_str).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $($(#[$doc])+ $kind,)+
        }

        impl ErrorKind {
            /// Every kind.
            pub const ALL: &'static [ErrorKind] = &[$(ErrorKind::$kind),+];

            /// Returns the name of the variant, such as `InvalidValue`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(ErrorKind::$kind => stringify!($kind),)+
                }
            }
        }
    };
}

error_kinds! {
    /// The body, or a percent-decoded name or value in it, is not UTF-8.
    InvalidUtf8,
    /// A `%` is not followed by two hexadecimal digits (ISL Light).
    InvalidPercentEncoding,
    /// A required parameter is missing (ISL Light).
    MissingParameter,
    /// A known parameter is repeated (ISL Light).
    DuplicateParameter,
    /// The value of a parameter does not fit its type (ISL Light), or the value of an attribute is
    /// unknown (VolanoChat).
    InvalidValue,
    /// The body has more parameters than the parser's
    /// [limit](crate::isl_light::Parser::max_parameters) (ISL Light).
    TooManyParameters,
    /// The body has more than one [reading](crate::volano_chat::Event::readings) (VolanoChat).
    Ambiguous,
    /// The body is not in the format of the server (VolanoChat).
    NotVerbatim,
    /// The document is not well-formed XML (VolanoChat).
    NotWellFormed,
    /// The document has a DOCTYPE, which is not allowed (VolanoChat).
    Doctype,
    /// A reference is malformed, to an unknown entity, or to a character that XML does not allow
    /// (VolanoChat).
    InvalidReference,
    /// The root element is missing, or is not an event (VolanoChat).
    UnknownElement,
    /// An element is not allowed in its parent (VolanoChat).
    UnexpectedElement,
    /// A required element is missing (VolanoChat).
    MissingElement,
    /// An element is repeated (VolanoChat).
    DuplicateElement,
    /// An attribute is not allowed on its element (VolanoChat).
    UnexpectedAttribute,
    /// A required attribute is missing (VolanoChat).
    MissingAttribute,
    /// Text is not allowed here (VolanoChat).
    UnexpectedText,
    /// The text to write has a character that XML 1.0 does not allow, even escaped.
    UnrepresentableText,
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for ErrorKind {
    type Err = UnknownNameError;

    fn from_str(name: &str) -> Result<Self, UnknownNameError> {
        let mut kinds = ErrorKind::ALL.iter().copied();
        kinds
            .find(|kind| kind.as_str() == name)
            .ok_or_else(|| UnknownNameError::new("error kind", name))
    }
}
