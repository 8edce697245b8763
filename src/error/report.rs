//! The error type.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::str::Utf8Error;

use super::kind::ErrorKind;
use super::quote;

/// An error that can occur when parsing a body or writing a value.
///
/// [`kind`](Error::kind), [`name`](Error::name) and [`offset`](Error::offset) say what is wrong, with
/// which parameter or element, and where.
///
/// The `Display` implementation writes them in one line, with a short, escaped excerpt of what was
/// found. [`Error::snippet`] also shows the place in the input.
///
/// An `Error` is one word wide.
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
///     "invalid value for `TIMESTAMP`: expected seconds since 1970-01-01, from 0 to 253402300799 \
///      without leading zeros, found \"today\" (byte 10)",
/// );
/// ```
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Error(Box<Report>);

#[derive(Clone, PartialEq, Eq)]
struct Report {
    kind: ErrorKind,
    /// `None` if the input has no byte offsets.
    span: Option<Range<usize>>,
    /// The second place where an ambiguous body can be split.
    other: Option<usize>,
    name: Option<Cow<'static, str>>,
    message: Cow<'static, str>,
}

impl Error {
    /// Creates an error at the bytes `span` of the input.
    #[cold]
    #[inline(never)]
    pub(crate) fn new(
        kind: ErrorKind,
        span: Range<usize>,
        name: impl Into<Option<&'static str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Error::without_span(kind, name, message).at(span)
    }

    /// Creates an error in an input without byte offsets.
    #[cold]
    #[inline(never)]
    pub(crate) fn without_span(
        kind: ErrorKind,
        name: impl Into<Option<&'static str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Error(Box::new(Report {
            kind,
            span: None,
            other: None,
            name: name.into().map(Cow::Borrowed),
            message: message.into(),
        }))
    }

    /// Sets the bytes of the input that are wrong.
    #[cold]
    pub(crate) fn at(mut self, span: Range<usize>) -> Self {
        self.0.span = Some(span);
        self
    }

    /// Sets the second place.
    #[cold]
    pub(crate) fn and_at(mut self, other: usize) -> Self {
        self.0.other = Some(other);
        self
    }

    /// Sets the name to one from the input.
    #[cold]
    pub(crate) fn named(mut self, name: &str) -> Self {
        self.0.name = Some(Cow::Owned(quote::shorten(name)));
        self
    }

    /// Creates an error about bytes that are not UTF-8: those of `context`, such as ` in a name`.
    #[cold]
    pub(crate) fn invalid_utf8(input: &[u8], error: &Utf8Error, context: &str) -> Self {
        let start = error.valid_up_to();
        let end = error
            .error_len()
            .map_or(input.len(), |length| start.saturating_add(length));
        let found = input.get(start..end).unwrap_or_default().escape_ascii();
        let message = format!("invalid UTF-8{context}: \"{found}\"");
        Error::new(ErrorKind::InvalidUtf8, start..end, None, message)
    }

    /// Moves the error by `offset`: only the input from there on was parsed.
    pub(crate) fn shifted(mut self, offset: usize) -> Self {
        if let Some(Range { start, end }) = &mut self.0.span {
            *start = start.saturating_add(offset);
            *end = end.saturating_add(offset);
        }
        if let Some(other) = &mut self.0.other {
            *other = other.saturating_add(offset);
        }
        self
    }

    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the byte offset of the error in the input, which is a character boundary.
    ///
    /// If a parameter is missing, this is the length of the input. For an error of a writer, it is
    /// the offset in the text that cannot be written. For an error about a single value or about
    /// pairs, which have no offsets, it is 0.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.span().start
    }

    /// Returns the range of the bytes that are wrong. It is empty if something is missing.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.0.span.clone().unwrap_or_default()
    }

    /// Returns the name of the parameter or element that the error is about, as on the wire.
    ///
    /// A name from the input is escaped and shortened.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match (&self.span, self.other) {
            (Some(span), Some(other)) => write!(f, " at bytes {} and {other}", span.start),
            (Some(span), None) => write!(f, " (byte {})", span.start),
            (None, _) => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut error = f.debug_struct("Error");
        error
            .field("kind", &self.0.kind)
            .field("span", &self.span())
            .field("name", &self.0.name)
            .field("message", &self.0.message);
        if let Some(other) = self.0.other {
            error.field("other", &other);
        }
        error.finish()
    }
}
