//! From a body to a notification.

use std::borrow::Cow;
use std::str;

use super::reader::Reader;
use super::{Notification, Parameter};
use crate::error::{Error, ErrorKind, quote};
use crate::form::{self, Malformed, Pair, Pairs};

/// How a body is to be read.
///
/// Strict, unless it is told otherwise: see [`Notification::parse`] for what that means.
///
/// ```
/// use isl_volano::isl_light::Parser;
///
/// let body = "TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=19\
///             &DOMAIN_ID=s-999_0_0&gracefulExit=maybe";
/// assert!(Parser::new().parse(body).is_err());
///
/// let stop = Parser::new().lenient().parse(body)?;
/// assert_eq!(stop.session.graceful_exit, None);
/// assert_eq!(stop.extra.get("gracefulExit"), Some("maybe"));
/// # Ok::<(), isl_volano::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Parser {
    lenient: bool,
    max_parameters: Option<usize>,
}

/// How many parameters a strict parser takes unless it is told otherwise.
const MAX_PARAMETERS: usize = 1000;

impl Parser {
    /// A strict parser, which takes up to 1,000 parameters.
    #[must_use]
    pub const fn new() -> Self {
        Parser {
            lenient: false,
            max_parameters: None,
        }
    }

    /// Takes whatever can be taken.
    ///
    /// ICP sends an event that is turned down again and again, and a newer server or a customer's
    /// own dialog can send what no one foresaw: this is for services that would rather have such
    /// an event in part than not at all.
    ///
    /// The body is decoded as the URL standard does: a `%` that does not encode anything stands
    /// for itself, and bytes that are not UTF-8 become U+FFFD. A known parameter whose value does
    /// not fit its type, or that is given a second time, goes to [`Notification::extra`] under
    /// its own name. There is no limit to the number of parameters unless one is
    /// [set](Parser::max_parameters). Only a missing envelope is an error.
    #[must_use]
    pub const fn lenient(mut self) -> Self {
        self.lenient = true;
        self
    }

    /// Takes up to `limit` parameters, instead of 1,000.
    #[must_use]
    pub const fn max_parameters(mut self, limit: usize) -> Self {
        self.max_parameters = Some(limit);
        self
    }

    /// Reads a body; see [`Notification::parse`].
    ///
    /// # Errors
    ///
    /// As [`Notification::parse`], less what the parser was told to take.
    pub fn parse<'a>(&self, body: &'a str) -> Result<Notification<'a>, Error> {
        self.read(body, &mut Heap)
    }

    /// Reads a body; see [`Notification::parse_bytes`].
    ///
    /// # Errors
    ///
    /// As [`Notification::parse_bytes`], less what the parser was told to take.
    pub fn parse_bytes<'a>(&self, body: &'a [u8]) -> Result<Notification<'a>, Error> {
        match str::from_utf8(body) {
            Ok(body) => self.read(body, &mut Heap),
            Err(_) if self.lenient => self.read_lossy(body),
            Err(error) => Err(Error::invalid_utf8(body, &error)),
        }
    }

    /// Reads a body without allocating: what needs decoding is decoded into `buffer`.
    ///
    /// The buffer grows to the body's length if it is shorter, and can be used again once the
    /// notification is gone. Two things are on the heap all the same: the list of pairs in
    /// [`Notification::extra`], if there are any, and, with a [lenient](Parser::lenient) parser,
    /// texts that are malformed.
    ///
    /// ```
    /// use isl_volano::isl_light::Parser;
    ///
    /// let mut buffer = Vec::new();
    /// for reason in ["desk+closed+session", "ping+timeout"] {
    ///     let body = format!("TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=19\
    ///                         &DOMAIN_ID=s-999_0_0&reason={reason}");
    ///     let stop = Parser::new().parse_in(body.as_bytes(), &mut buffer)?;
    ///     assert_eq!(stop.reason.text.unwrap(), reason.replace('+', " "));
    /// }
    /// # Ok::<(), isl_volano::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Parser::parse_bytes`].
    pub fn parse_in<'a>(
        &self,
        body: &'a [u8],
        buffer: &'a mut Vec<u8>,
    ) -> Result<Notification<'a>, Error> {
        if buffer.len() < body.len() {
            buffer.resize(body.len(), 0);
        }
        match str::from_utf8(body) {
            Ok(body) => self.read(body, &mut Buffer(buffer)),
            Err(_) if self.lenient => self.read_lossy(body),
            Err(error) => Err(Error::invalid_utf8(body, &error)),
        }
    }

    fn limit(&self) -> usize {
        let default = if self.lenient {
            usize::MAX
        } else {
            MAX_PARAMETERS
        };
        self.max_parameters.unwrap_or(default)
    }

    #[inline]
    fn read<'a>(
        &self,
        body: &'a str,
        decoder: &mut impl Decoder<'a>,
    ) -> Result<Notification<'a>, Error> {
        let mut reader = Reader::new(self.lenient);
        let mut pairs = Pairs::new(body.as_bytes());
        let mut left = self.limit();
        // Servers send parameters in the documented order, and leave some out.
        let mut next = Parameter::Timestamp;
        while let Some(pair) = pairs.next() {
            if left == 0 {
                return Err(self.too_many(pair));
            }
            left -= 1;
            let text = body.get(pair.start..pair.end).unwrap_or_default();
            let (raw_name, raw_value) = split(text);
            let start = pair.end - raw_value.len();
            let name_at = pair.start..pair.start + raw_name.len();
            let parameter = if raw_name == next.name() {
                Some(next)
            } else {
                None
            };
            let decode = |raw: &'a str, at, name: Option<&str>, decoder: &mut _| {
                self.decode(raw, at, name, decoder)
            };
            let (parameter, name) = match parameter {
                Some(parameter) => (Some(parameter), Cow::Borrowed(raw_name)),
                None => {
                    let name = if pair.escaped {
                        decode(raw_name, pair.start, None, decoder)?
                    } else {
                        Cow::Borrowed(raw_name)
                    };
                    (Parameter::from_name(&name), name)
                }
            };
            let value = if pair.escaped {
                decode(raw_value, start, Some(&name), decoder)?
            } else {
                Cow::Borrowed(raw_value)
            };
            match parameter {
                Some(parameter) => {
                    reader.take(parameter, value, name_at, start..pair.end)?;
                    next = parameter.next();
                }
                None => reader.take_extra(name, value, || pairs.left().min(left) + 1),
            }
        }
        reader.finish(body.len())
    }

    /// Decodes a name, or the value of the parameter `name`, at `start` in the body.
    #[inline]
    fn decode<'a>(
        &self,
        raw: &'a str,
        start: usize,
        name: Option<&str>,
        decoder: &mut impl Decoder<'a>,
    ) -> Result<Cow<'a, str>, Error> {
        match decoder.decode(raw) {
            Ok(text) => Ok(text),
            Err(_) if self.lenient => Ok(form::decode_lossy(raw.as_bytes())),
            Err(malformed) => Err(Error::malformed(malformed, raw, start, name)),
        }
    }

    /// Reads a body that is not UTF-8, leniently.
    #[cold]
    #[inline(never)]
    fn read_lossy<'a>(&self, body: &'a [u8]) -> Result<Notification<'a>, Error> {
        let mut reader = Reader::new(self.lenient);
        let mut pairs = Pairs::new(body);
        let mut left = self.limit();
        while let Some(pair) = pairs.next() {
            if left == 0 {
                return Err(self.too_many(pair));
            }
            left -= 1;
            let bytes = body.get(pair.start..pair.end).unwrap_or_default();
            let equals = memchr::memchr(b'=', bytes);
            let (name, value) = match equals.and_then(|at| bytes.split_at_checked(at)) {
                Some((name, value)) => (name, value.get(1..).unwrap_or_default()),
                None => (bytes, &[][..]),
            };
            let name_at = pair.start..pair.start + name.len();
            let value_at = pair.end - value.len()..pair.end;
            let (name, value) = (form::decode_lossy(name), form::decode_lossy(value));
            match Parameter::from_name(&name) {
                Some(parameter) => reader.take(parameter, value, name_at, value_at)?,
                None => reader.take_extra(name, value, || pairs.left().min(left) + 1),
            }
        }
        reader.finish(body.len())
    }

    #[cold]
    fn too_many(&self, pair: Pair) -> Error {
        Error::new(
            ErrorKind::TooManyParameters,
            pair.start..pair.end,
            None,
            format!("expected at most {} parameters, found more", self.limit()),
        )
    }
}

/// A pair's name and value; without a `=`, the value is empty.
#[inline]
fn split(pair: &str) -> (&str, &str) {
    pair.split_once('=')
        .unwrap_or_else(|| pair.split_at_checked(pair.len()).unwrap_or((pair, "")))
}

/// Where text goes that needs decoding.
trait Decoder<'a> {
    fn decode(&mut self, raw: &'a str) -> Result<Cow<'a, str>, Malformed>;
}

/// Each text is allocated.
struct Heap;

impl<'a> Decoder<'a> for Heap {
    #[inline]
    fn decode(&mut self, raw: &'a str) -> Result<Cow<'a, str>, Malformed> {
        form::decode(raw)
    }
}

/// Each text is cut off the front of a buffer of the caller's, which is as long as the body.
struct Buffer<'a>(&'a mut [u8]);

impl<'a> Decoder<'a> for Buffer<'a> {
    #[inline]
    fn decode(&mut self, raw: &'a str) -> Result<Cow<'a, str>, Malformed> {
        form::decode_in(raw, &mut self.0).map(Cow::Borrowed)
    }
}

impl Error {
    #[cold]
    fn malformed(malformed: Malformed, raw: &str, start: usize, name: Option<&str>) -> Error {
        let (kind, span, expected) = match malformed {
            Malformed::Percent(span) => (
                ErrorKind::InvalidPercentEncoding,
                span,
                "two hexadecimal digits after `%`",
            ),
            Malformed::Utf8(span) => (ErrorKind::InvalidUtf8, span, "percent-encoded UTF-8"),
        };
        let found = raw.get(span.clone()).unwrap_or_default();
        let error = Error::new(
            kind,
            start + span.start..start + span.end,
            None,
            format!("expected {expected}, found {}", quote(found)),
        );
        match name {
            Some(name) => error.named(name),
            None => error,
        }
    }
}

impl<'a> Notification<'a> {
    /// Reads a body, strictly.
    ///
    /// Text that needs no decoding is borrowed from it; every other text is allocated once.
    /// Parameters can come in any order. One that the crate does not know is kept in
    /// [`extra`](Notification::extra), and so is one that has no field in an event of
    /// [another module](crate::isl_light#other-modules): there, a known name whose value does
    /// not fit is no error.
    ///
    /// # Errors
    ///
    /// - [`MissingParameter`](ErrorKind::MissingParameter): a parameter of the
    ///   [envelope](Parameter::ENVELOPE) is not there, or is a number or a time and empty.
    /// - [`DuplicateParameter`](ErrorKind::DuplicateParameter): a known one is given twice.
    /// - [`InvalidValue`](ErrorKind::InvalidValue): the value does not fit the field. Numbers are
    ///   digits without a sign or needless zeros, so that they are written as they were read. An
    ///   empty value is the same as none, unless the field is text.
    /// - [`InvalidPercentEncoding`](ErrorKind::InvalidPercentEncoding) and
    ///   [`InvalidUtf8`](ErrorKind::InvalidUtf8): the text is not well encoded.
    /// - [`TooManyParameters`](ErrorKind::TooManyParameters): there are more than 1,000;
    ///   [`Parser::max_parameters`] sets another limit.
    ///
    /// ```
    /// use isl_volano::isl_light::Notification;
    ///
    /// let body = "TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=START&SERVERID=19\
    ///             &DOMAIN_ID=s-999_0_0&clientAddress=198.51.100.7";
    /// let start = Notification::parse(body)?;
    /// assert_eq!(start.client.address.unwrap().ip(), Some([198, 51, 100, 7].into()));
    /// # Ok::<(), isl_volano::Error>(())
    /// ```
    pub fn parse(body: &'a str) -> Result<Self, Error> {
        Parser::new().parse(body)
    }

    /// Reads a body, strictly; see [`parse`](Notification::parse).
    ///
    /// # Errors
    ///
    /// As [`parse`](Notification::parse), and [`InvalidUtf8`](ErrorKind::InvalidUtf8) for bytes
    /// that are not UTF-8 as they stand.
    ///
    /// ```
    /// use isl_volano::{ErrorKind, isl_light::Notification};
    ///
    /// let error = Notification::parse_bytes(b"reason=\xe9").unwrap_err();
    /// assert_eq!((error.kind(), error.offset()), (ErrorKind::InvalidUtf8, 7));
    /// ```
    pub fn parse_bytes(body: &'a [u8]) -> Result<Self, Error> {
        Parser::new().parse_bytes(body)
    }
}
