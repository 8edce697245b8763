//! From a body to a notification.

use std::borrow::Cow;
use std::ops::Range;

use super::reader::{self, Place, Reader};
use super::{Notification, Parameter};
use crate::error::{Error, ErrorKind, quote};
use crate::form::{self, DecodeError};
use crate::utf8;

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
        self.read_bytes(body, &mut Heap)
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
        self.read_bytes(body, &mut Buffer(buffer))
    }

    #[inline]
    fn read_bytes<'a>(
        &self,
        body: &'a [u8],
        decoder: &mut impl Decoder<'a>,
    ) -> Result<Notification<'a>, Error> {
        match utf8::text(body) {
            Ok(body) => self.read(body, decoder),
            Err(_) if self.lenient => self.read_lossy(body),
            Err(error) => Err(error),
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
        self.check_count(body.as_bytes())?;
        reader::read(
            self.lenient,
            body.len(),
            |reader| {
                let mut input = Input {
                    body,
                    rest: body,
                    escaped: false,
                    parser: self,
                    decoder,
                };
                input.take_first(reader)?;
                // Servers send the parameters in the documented order, and leave some out.
                while !input.rest.is_empty() {
                    reader.take_in_order(&mut input)?;
                    input.take_out_of_order(reader)?;
                }
                Ok(())
            },
            |error| error,
        )
    }

    /// Reads a body that is not UTF-8, leniently.
    #[cold]
    #[inline(never)]
    fn read_lossy<'a>(&self, body: &'a [u8]) -> Result<Notification<'a>, Error> {
        self.check_count(body)?;
        reader::read(
            self.lenient,
            body.len(),
            |reader| {
                for pair in form::pairs(body) {
                    let raw = |at: &Range<usize>| body.get(at.clone()).unwrap_or_default();
                    let place = Place::new(pair.start, raw(&pair));
                    let name = form::decode_lossy(raw(&place.name));
                    let value = form::decode_lossy(raw(&place.value));
                    match Parameter::from_name(&name) {
                        Some(parameter) => reader.take(parameter, value, || place)?,
                        None => {
                            let behind = body.get(pair.end..).unwrap_or_default();
                            reader.take_extra(name, value, || form::pairs(behind).count());
                        }
                    }
                }
                Ok(())
            },
            |error| error,
        )
    }

    /// Fails if there are more parameters than may be.
    #[inline]
    fn check_count(&self, body: &[u8]) -> Result<(), Error> {
        // A parameter takes two bytes at the least, with what ends it.
        if body.len() / 2 < self.limit() {
            return Ok(());
        }
        self.count(body)
    }

    #[cold]
    #[inline(never)]
    fn count(&self, body: &[u8]) -> Result<(), Error> {
        let limit = self.limit();
        match form::pairs(body).nth(limit) {
            None => Ok(()),
            Some(pair) => Err(Error::new(
                ErrorKind::TooManyParameters,
                pair,
                None,
                format!("expected at most {limit} parameters, found more"),
            )),
        }
    }
}

/// What is left of a body.
pub(super) struct Input<'a, 'p, D> {
    body: &'a str,
    /// The pairs that are not yet taken, each with the `&` before it; the first has none.
    rest: &'a str,
    /// Whether the pair that was taken last needs decoding.
    escaped: bool,
    parser: &'p Parser,
    decoder: &'p mut D,
}

impl<'a, D: Decoder<'a>> Input<'a, '_, D> {
    /// The value of the next pair, if `prefix` is what it begins with: a `&`, a parameter's name,
    /// and a `=`.
    #[inline(always)]
    pub(super) fn value_after(
        &mut self,
        prefix: &'static str,
        parameter: Parameter,
    ) -> Option<Result<Cow<'a, str>, Error>> {
        let text = self.rest.strip_prefix(prefix)?;
        Some(self.value(text, parameter))
    }

    /// Takes the pair whose value `text` begins with.
    #[inline(always)]
    fn value(&mut self, text: &'a str, parameter: Parameter) -> Result<Cow<'a, str>, Error> {
        let raw = self.take(text);
        if self.escaped {
            self.decode_value(raw, parameter)
        } else {
            Ok(Cow::Borrowed(raw))
        }
    }

    /// Takes the pair of which `text` is what is left.
    #[inline(never)]
    fn take(&mut self, text: &'a str) -> &'a str {
        match form::end_of_short_pair(text.as_bytes()) {
            Some(end) => self.cut(text, end),
            None => self.take_long(text),
        }
    }

    #[inline(never)]
    fn take_long(&mut self, text: &'a str) -> &'a str {
        self.cut(text, form::end_of_pair(text.as_bytes()))
    }

    #[inline(always)]
    fn cut(&mut self, text: &'a str, (end, escaped): (usize, bool)) -> &'a str {
        let (pair, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        self.rest = rest;
        self.escaped = escaped;
        pair
    }

    /// Where the pair stands that was taken last.
    #[cold]
    pub(super) fn taken(&self) -> Place {
        let end = self.body.len().saturating_sub(self.rest.len());
        let before = self.body.as_bytes().get(..end).unwrap_or_default();
        let start = memchr::memrchr(b'&', before).map_or(0, |before| before.saturating_add(1));
        Place::new(start, before.get(start..).unwrap_or_default())
    }

    /// Takes the first pair, if it is the first that is documented.
    #[inline(always)]
    fn take_first(&mut self, reader: &mut Reader<'a, '_>) -> Result<(), Error> {
        let first = Parameter::Timestamp;
        let text = self.rest.strip_prefix(first.name());
        match text.and_then(|text| text.strip_prefix('=')) {
            Some(text) => reader.take(first, self.value(text, first)?, || self.taken()),
            None => self.take_out_of_order(reader),
        }
    }

    /// Takes pairs of any name, up to and with the first that there is a field for.
    #[inline(never)]
    fn take_out_of_order(&mut self, reader: &mut Reader<'a, '_>) -> Result<(), Error> {
        while !self.rest.is_empty() {
            let pair = self.take(self.rest.strip_prefix('&').unwrap_or(self.rest));
            if pair.is_empty() {
                continue;
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = if self.escaped {
                let place = self.taken();
                let name = self.decode(name, place.name.start, None)?;
                let value = self.decode(value, place.value.start, Some(&name))?;
                (name, value)
            } else {
                (Cow::Borrowed(name), Cow::Borrowed(value))
            };
            let Some(parameter) = Parameter::from_name(&name) else {
                reader.take_extra(name, value, || form::pairs(self.rest.as_bytes()).count());
                continue;
            };
            return reader.take(parameter, value, || self.taken());
        }
        Ok(())
    }

    /// Decodes the value of the pair that was taken last.
    #[inline(never)]
    fn decode_value(&mut self, raw: &'a str, parameter: Parameter) -> Result<Cow<'a, str>, Error> {
        match self.decoder.decode(raw) {
            Some(text) => Ok(text),
            None => self.malformed(raw, self.taken().value.start, Some(parameter.name())),
        }
    }

    /// Decodes a name, or the value of the parameter `name`, at `start` in the body.
    fn decode(
        &mut self,
        raw: &'a str,
        start: usize,
        name: Option<&str>,
    ) -> Result<Cow<'a, str>, Error> {
        if !form::is_escaped(raw) {
            return Ok(Cow::Borrowed(raw));
        }
        match self.decoder.decode(raw) {
            Some(text) => Ok(text),
            None => self.malformed(raw, start, name),
        }
    }

    #[cold]
    #[inline(never)]
    fn malformed(
        &self,
        raw: &'a str,
        start: usize,
        name: Option<&str>,
    ) -> Result<Cow<'a, str>, Error> {
        if self.parser.lenient {
            return Ok(form::decode_lossy(raw.as_bytes()));
        }
        Err(Error::malformed(raw, start, name))
    }
}

/// Where text goes that needs decoding.
pub(super) trait Decoder<'a> {
    fn decode(&mut self, raw: &'a str) -> Option<Cow<'a, str>>;
}

/// Each text is allocated.
struct Heap;

impl<'a> Decoder<'a> for Heap {
    #[inline]
    fn decode(&mut self, raw: &'a str) -> Option<Cow<'a, str>> {
        form::decode(raw).map(Cow::Owned)
    }
}

/// Each text is cut off the front of a buffer of the caller's, which is as long as the body.
struct Buffer<'a>(&'a mut [u8]);

impl<'a> Decoder<'a> for Buffer<'a> {
    #[inline]
    fn decode(&mut self, raw: &'a str) -> Option<Cow<'a, str>> {
        form::decode_in(raw, &mut self.0).map(Cow::Borrowed)
    }
}

impl Error {
    #[cold]
    fn malformed(raw: &str, start: usize, name: Option<&str>) -> Error {
        let (kind, span, expected) = match form::diagnose(raw) {
            DecodeError::Percent(span) => (
                ErrorKind::InvalidPercentEncoding,
                span,
                "two hexadecimal digits after `%`",
            ),
            DecodeError::Utf8(span) => (ErrorKind::InvalidUtf8, span, "percent-encoded UTF-8"),
        };
        let found = quote(raw.get(span.clone()).unwrap_or_default());
        let message = format!("expected {expected}, found {found}");
        let error = Error::new(kind, span, None, message).shifted(start);
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
