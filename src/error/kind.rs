//! The kinds of errors.

use std::fmt;
use std::str::FromStr;

use super::unknown_name::UnknownNameError;

/// Defines the kinds from their one list.
macro_rules! error_kinds {
    ($($(#[$doc:meta])+ $kind:ident,)+) => {
        /// The kinds of [`Error`](crate::Error): what is wrong, for programs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $($(#[$doc])+ $kind,)+
        }

        impl ErrorKind {
            /// Every kind.
            pub const ALL: &'static [ErrorKind] = &[$(ErrorKind::$kind),+];

            /// Returns the name of the variant, such as `InvalidValue`: a label for metrics.
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
    /// Bytes that are not UTF-8, as they stand or after percent-decoding.
    InvalidUtf8,
    /// A `%` that two hexadecimal digits do not follow (ISL Light).
    InvalidPercentEncoding,
    /// A parameter of the envelope is not there (ISL Light).
    MissingParameter,
    /// A known parameter is given twice (ISL Light).
    DuplicateParameter,
    /// A parameter's value does not fit its type (ISL Light), or an attribute's is not one
    /// of those that the element may have (VolanoChat).
    InvalidValue,
    /// There are more parameters than the parser was told to take (ISL Light).
    TooManyParameters,
    /// The body has more than one reading (VolanoChat): see
    /// [`Event::readings`](crate::volano_chat::Event::readings).
    Ambiguous,
    /// The body is not framed as the server frames it (VolanoChat).
    NotVerbatim,
    /// The document is not well-formed XML (VolanoChat).
    NotWellFormed,
    /// The document has a DOCTYPE, which is always refused (VolanoChat).
    Doctype,
    /// A reference that XML does not know, or to a character that it does not allow
    /// (VolanoChat).
    InvalidReference,
    /// The document's element is none of the events (VolanoChat).
    UnknownElement,
    /// An element that has no place there (VolanoChat).
    UnexpectedElement,
    /// An element that the event must have is not there (VolanoChat).
    MissingElement,
    /// An element is there twice (VolanoChat).
    DuplicateElement,
    /// An attribute that the element does not have (VolanoChat).
    UnexpectedAttribute,
    /// An attribute that the element must have is not there (VolanoChat).
    MissingAttribute,
    /// Text that has no place there (VolanoChat).
    UnexpectedText,
    /// Text that XML 1.0 cannot carry, not even escaped (writers).
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
