//! What is wrong with a body, and where.

mod excerpt;
mod unknown_name;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::str::{FromStr, Utf8Error};

pub use excerpt::Snippet;
pub(crate) use excerpt::{quote, quote_whole};
pub use unknown_name::UnknownNameError;

/// Why a body could not be read, or a value could not be written.
///
/// One word wide. Shown with `{}` it is one line that says what was expected and what was
/// found, never more than a short, escaped excerpt of the input. [`Error::snippet`] shows the
/// place in the input.
///
/// ```
/// use isl_volano::{ErrorKind, isl_light::Notification};
///
/// let body = "TIMESTAMP=today&MODULE=ISL_Light&EVENT=STOP&SERVERID=19&DOMAIN_ID=s-999_0_0";
/// let error = Notification::parse(body).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::InvalidValue);
/// assert_eq!(error.offset(), 10);
/// assert_eq!(error.name(), Some("TIMESTAMP"));
/// assert_eq!(
///     error.to_string(),
///     "TIMESTAMP: expected seconds since 1970-01-01, from 0 to 253402300799, found \"today\" (byte 10)",
/// );
/// ```
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Error(Box<Report>);

#[derive(Clone, PartialEq, Eq)]
struct Report {
    kind: ErrorKind,
    span: Range<usize>,
    name: Option<Cow<'static, str>>,
    message: Cow<'static, str>,
}

impl Error {
    /// An error at the bytes `span` of the input.
    #[cold]
    #[inline(never)]
    pub(crate) fn new(
        kind: ErrorKind,
        span: Range<usize>,
        name: impl Into<Option<&'static str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Error(Box::new(Report {
            kind,
            span,
            name: name.into().map(Cow::Borrowed),
            message: message.into(),
        }))
    }

    /// The same error, about a name that came with the input.
    #[cold]
    pub(crate) fn named(mut self, name: &str) -> Self {
        self.0.name = Some(Cow::Owned(excerpt::shorten(name)));
        self
    }

    /// Bytes that are not UTF-8.
    #[cold]
    pub(crate) fn invalid_utf8(input: &[u8], error: &Utf8Error) -> Self {
        let start = error.valid_up_to();
        let end = error
            .error_len()
            .map_or(input.len(), |length| start.saturating_add(length));
        let found = input.get(start..end).unwrap_or_default().escape_ascii();
        let message = format!("expected UTF-8, found the bytes \"{found}\"");
        Error::new(ErrorKind::InvalidUtf8, start..end, None, message)
    }

    /// The message where there are no byte offsets.
    #[cfg(feature = "serde")]
    pub(crate) fn without_place(&self) -> String {
        match self.name() {
            Some(name) => format!("{name}: {}", self.0.message),
            None => self.0.message.to_string(),
        }
    }

    /// The same error in an input of which what was read is only the part from `offset` on.
    pub(crate) fn shifted(mut self, offset: usize) -> Self {
        let Range { start, end } = &mut self.0.span;
        *start = start.saturating_add(offset);
        *end = end.saturating_add(offset);
        self
    }

    /// What is wrong, for programs.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Where it is wrong: a byte offset in the input, on a character boundary.
    ///
    /// The input's length when something is missing. An error of a writer has no input: its
    /// offset counts in the text that cannot be written.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.0.span.start
    }

    /// The bytes that are wrong, as far as they are known: empty when something is missing.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.0.span.clone()
    }

    /// The parameter or element that it is about, by its name on the wire.
    ///
    /// A name that came with the input is shortened and escaped.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Shows the error with the part of the input that it is about, marked beneath.
    ///
    /// Control characters and marks that turn the direction of writing come out escaped, so
    /// that input from a stranger can be shown on a terminal.
    ///
    /// ```
    /// use isl_volano::isl_light::Notification;
    ///
    /// let body = "TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=%zz";
    /// let error = Notification::parse(body).unwrap_err();
    /// assert_eq!(error.snippet(body.as_bytes()).to_string(), "\
    /// SERVERID: expected two hexadecimal digits after `%`, found \"%zz\" (byte 58)
    ///   | TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=%zz
    ///   |                                                           ^^^");
    /// ```
    #[must_use]
    pub fn snippet<'a>(&'a self, input: &'a [u8]) -> Snippet<'a> {
        Snippet::new(self, input)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(f, "{name}: ")?;
        }
        write!(f, "{} (byte {})", self.message, self.span.start)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("span", &self.0.span)
            .field("name", &self.0.name)
            .field("message", &self.0.message)
            .finish()
    }
}

/// Defines the kinds from their one list.
macro_rules! error_kinds {
    ($($(#[$doc:meta])+ $kind:ident,)+) => {
        /// What is wrong, for programs: the kinds of [`Error`].
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
