//! Parsing a body into a notification.

use std::borrow::Cow;
use std::mem;

use super::builder::{Builder, Mode, bit, blank};
use super::field::Field;
use super::notification::Notification;
use super::parameter::{Parameter, parameters};
use crate::error::{Error, ErrorKind, quote, quote_name};
use crate::form::{self, Buffer, Cursor, DecodeError, Decoder, Heap, PairSpan};
use crate::utf8;

/// A parser with options.
///
/// A parser is strict by default, like [`Notification::parse`].
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

/// The default limit of parameters in strict mode.
const MAX_PARAMETERS: usize = 1000;

/// A notification parsed in lenient mode, and the problems that were found.
///
/// This struct is returned by [`Notification::parse_lenient`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lenient<'a> {
    /// The notification.
    pub notification: Notification<'a>,
    /// The errors that strict mode would have returned, in the order of the body, up to 100.
    pub problems: Vec<Error>,
    /// The number of further problems.
    pub omitted_problems: usize,
}

impl Parser {
    /// Creates a strict parser, which accepts up to 1,000 parameters.
    #[must_use]
    pub const fn new() -> Self {
        Parser {
            lenient: false,
            max_parameters: None,
        }
    }

    /// Enables lenient parsing.
    ///
    /// A newer server or a customer's dialog can send parameters that this crate does not expect.
    /// Use lenient parsing if you prefer a part of such an event to none.
    /// [`Notification::parse_lenient`] also returns the problems.
    ///
    /// Decoding follows the URL standard: malformed percent-encoding stays unchanged, and invalid
    /// UTF-8 becomes U+FFFD. A known parameter that is repeated, or whose value does not fit its
    /// field, is kept in [`Notification::extra`] under its name, unless its value is empty and the
    /// field is not text. The number of parameters has no limit unless you
    /// [set](Parser::max_parameters) one. Parsing fails only if the envelope is incomplete, if its
    /// time or number is invalid, or if there are too many parameters.
    #[must_use]
    pub const fn lenient(mut self) -> Self {
        self.lenient = true;
        self
    }

    /// Sets the maximum number of parameters.
    #[must_use]
    pub const fn max_parameters(mut self, limit: usize) -> Self {
        self.max_parameters = Some(limit);
        self
    }

    /// Parses a body; see [`Notification::parse`].
    ///
    /// # Errors
    ///
    /// Those of [`Notification::parse`] that the options allow.
    pub fn parse<'a>(&self, body: &'a str) -> Result<Notification<'a>, Error> {
        self.parse_str(body, &mut Heap)
    }

    /// Parses a body; see [`Notification::parse_bytes`].
    ///
    /// # Errors
    ///
    /// Those of [`Notification::parse_bytes`] that the options allow.
    pub fn parse_bytes<'a>(&self, body: &'a [u8]) -> Result<Notification<'a>, Error> {
        self.parse_utf8(body, &mut Heap)
    }

    /// Parses a body, decoding text into `buffer` instead of allocating.
    ///
    /// The buffer grows to the length of the body if it is shorter. It can be reused when the
    /// notification is dropped. Two things are still allocated: the list of parameters in
    /// [`Notification::extra`], unless it is empty, and, in [lenient](Parser::lenient) mode,
    /// malformed text.
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
    /// Those of [`Parser::parse_bytes`].
    pub fn parse_in<'a>(
        &self,
        body: &'a [u8],
        buffer: &'a mut Vec<u8>,
    ) -> Result<Notification<'a>, Error> {
        if buffer.len() < body.len() {
            buffer.resize(body.len(), 0);
        }
        self.parse_utf8(body, &mut Buffer(buffer))
    }

    /// Parses a body in lenient mode, and returns the problems; see
    /// [`Notification::parse_lenient`].
    ///
    /// # Errors
    ///
    /// Those of [`Notification::parse_lenient`], and
    /// [`TooManyParameters`](ErrorKind::TooManyParameters) if you set a limit.
    pub fn parse_lenient<'a>(&self, body: &'a [u8]) -> Result<Lenient<'a>, Error> {
        let parser = self.lenient();
        parser.check_count(body)?;
        let mut notification = blank();
        let mut builder = Builder::new(&mut notification, Mode::Reporting);
        match utf8::text(body) {
            Ok(text) => parse_pairs(text, &mut builder, &mut Heap, true)?,
            Err(_) => parse_lossy(body, &mut builder)?,
        }
        builder.finish(Some(body.len()))?;
        let (problems, omitted_problems) = builder.into_problems();
        Ok(Lenient {
            notification,
            problems,
            omitted_problems,
        })
    }

    /// Creates a notification from decoded pairs; see [`Notification::from_pairs`].
    ///
    /// # Errors
    ///
    /// Those of [`Notification::from_pairs`] that the options allow.
    pub fn from_pairs<'a, N, V>(
        &self,
        pairs: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Notification<'a>, Error>
    where
        N: Into<Cow<'a, str>>,
        V: Into<Cow<'a, str>>,
    {
        let limit = self.limit();
        let mut notification = blank();
        let mut builder = Builder::new(&mut notification, self.mode());
        for (index, (name, value)) in pairs.into_iter().enumerate() {
            if index == limit {
                return Err(too_many_parameters(limit));
            }
            let (name, value) = (name.into(), value.into());
            match Parameter::from_name(&name) {
                Some(parameter) => builder.set(parameter, value, || None)?,
                None => builder.push_extra(name, value, || 0),
            }
        }
        builder.finish(None)?;
        Ok(notification)
    }

    #[inline]
    fn parse_utf8<'a>(
        &self,
        body: &'a [u8],
        decoder: &mut impl Decoder<'a>,
    ) -> Result<Notification<'a>, Error> {
        match utf8::text(body) {
            Ok(body) => self.parse_str(body, decoder),
            Err(error) => self.parse_not_utf8(body, error),
        }
    }

    #[inline]
    fn parse_str<'a>(
        &self,
        body: &'a str,
        decoder: &mut impl Decoder<'a>,
    ) -> Result<Notification<'a>, Error> {
        self.check_count(body.as_bytes())?;
        // The notification is filled in where it is returned.
        let mut parsed = Ok(blank());
        if let Ok(notification) = &mut parsed {
            let mut builder = Builder::new(notification, self.mode());
            let filled = parse_pairs(body, &mut builder, decoder, self.lenient);
            if let Err(error) = filled.and_then(|()| builder.finish(Some(body.len()))) {
                parsed = Err(error);
            }
        }
        parsed
    }

    #[cold]
    #[inline(never)]
    fn parse_not_utf8<'a>(&self, body: &'a [u8], error: Error) -> Result<Notification<'a>, Error> {
        if !self.lenient {
            return Err(error);
        }
        self.check_count(body)?;
        let mut notification = blank();
        let mut builder = Builder::new(&mut notification, self.mode());
        parse_lossy(body, &mut builder)?;
        builder.finish(Some(body.len()))?;
        Ok(notification)
    }

    fn mode(&self) -> Mode {
        if self.lenient {
            Mode::Lenient
        } else {
            Mode::Strict
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

    /// Fails if there are more parameters than the limit.
    #[inline]
    fn check_count(&self, body: &[u8]) -> Result<(), Error> {
        // A parameter takes at least two bytes, with the `&` after it.
        if body.len() / 2 < self.limit() {
            return Ok(());
        }
        self.count(body)
    }

    #[cold]
    #[inline(never)]
    fn count(&self, body: &[u8]) -> Result<(), Error> {
        let limit = self.limit();
        match form::pair_spans(body).nth(limit) {
            None => Ok(()),
            Some(pair) => Err(too_many_parameters(limit).at(pair)),
        }
    }
}

#[cold]
fn too_many_parameters(limit: usize) -> Error {
    let message = format!("too many parameters: more than {limit}");
    Error::without_span(ErrorKind::TooManyParameters, None, message)
}

/// Parses all pairs of a body.
#[inline]
fn parse_pairs<'a>(
    body: &'a str,
    builder: &mut Builder<'a, '_>,
    decoder: &mut impl Decoder<'a>,
    lenient: bool,
) -> Result<(), Error> {
    let mut pairs = Pairs {
        cursor: Cursor::new(body),
        builder,
        decoder,
        lenient,
    };
    pairs.parse_first()?;
    // Servers send the parameters in the documented order, and omit some.
    while !pairs.cursor.is_at_end() {
        pairs.parse_in_order()?;
        pairs.parse_any_order()?;
    }
    Ok(())
}

/// The state of parsing the pairs of a body into a notification.
struct Pairs<'a, 'n, 'p, D> {
    cursor: Cursor<'a>,
    builder: &'p mut Builder<'a, 'n>,
    decoder: &'p mut D,
    lenient: bool,
}

impl<'a, D: Decoder<'a>> Pairs<'a, '_, '_, D> {
    /// Parses the first pair, with a fast path for the first parameter in the documented order.
    #[inline(always)]
    fn parse_first(&mut self) -> Result<(), Error> {
        let Some(text) = self.cursor.rest().strip_prefix("TIMESTAMP=") else {
            return self.parse_any_order();
        };
        if let Some((raw, after)) = form::split_plain(text)
            && let Ok(value) = Field::read(Cow::Borrowed(raw))
        {
            self.builder.notification.timestamp = value;
            self.builder.seen = bit(Parameter::Timestamp);
            self.cursor.advance_to(after);
            return Ok(());
        }
        self.parse_value(Parameter::Timestamp, text)
    }

    /// Parses pairs with any name, up to and including the first with a field.
    #[inline(never)]
    fn parse_any_order(&mut self) -> Result<(), Error> {
        while let Some(pair) = self.cursor.pair() {
            if pair.is_empty() {
                continue;
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = if self.cursor.is_escaped() {
                let span = self.cursor.last_span();
                let name = self.decode_at(name, span.name.start, None)?;
                let value = self.decode_at(value, span.value.start, Some(&name))?;
                (name, value)
            } else {
                (Cow::Borrowed(name), Cow::Borrowed(value))
            };
            let Some(parameter) = Parameter::from_name(&name) else {
                let remaining = || self.cursor.remaining();
                self.builder.push_extra(name, value, remaining);
                continue;
            };
            let span = || Some(self.cursor.last_span());
            return self.builder.set(parameter, value, span);
        }
        Ok(())
    }

    /// Parses the value of a known parameter at the start of `text`.
    #[inline(never)]
    fn parse_value(&mut self, parameter: Parameter, text: &'a str) -> Result<(), Error> {
        let raw = self.cursor.value(text);
        let value = if self.cursor.is_escaped() {
            self.decode(raw, parameter)?
        } else {
            Cow::Borrowed(raw)
        };
        let span = || Some(self.cursor.last_span());
        self.builder.set(parameter, value, span)
    }

    /// Decodes the value of the last parsed pair.
    #[inline(never)]
    fn decode(&mut self, raw: &'a str, parameter: Parameter) -> Result<Cow<'a, str>, Error> {
        match self.decoder.decode(raw) {
            Some(text) => Ok(text),
            None => {
                let start = self.cursor.last_span().value.start;
                self.decode_malformed(raw, start, Some(parameter.name()))
            }
        }
    }

    /// Decodes a name, or the value of the parameter `name`, at `start` in the body.
    fn decode_at(
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
            None => self.decode_malformed(raw, start, name),
        }
    }

    #[cold]
    #[inline(never)]
    fn decode_malformed(
        &mut self,
        raw: &'a str,
        start: usize,
        name: Option<&str>,
    ) -> Result<Cow<'a, str>, Error> {
        let error = || malformed(raw, start, name);
        if !self.lenient {
            return Err(error());
        }
        self.builder.report(error);
        Ok(form::decode_lossy(raw.as_bytes()))
    }
}

/// Defines straight-line code for pairs in the documented order.
///
/// The rest of the body and the set of seen parameters stay in registers. A value that is short, not
/// encoded, and the first of its name is stored in its field directly. Any other value is handled by
/// [`Pairs::parse_value`].
macro_rules! define_parse_in_order {
    ($(
        #[doc = $doc:literal]
        $parameter:ident $name:literal $($field:ident).+: $kind:ident;
    )+) => {
        impl<'a, D: Decoder<'a>> Pairs<'a, '_, '_, D> {
            /// Parses pairs as long as they follow the documented order.
            #[inline(always)]
            fn parse_in_order(&mut self) -> Result<(), Error> {
                let mut rest = self.cursor.rest();
                let mut seen = self.builder.seen;
                $(
                    if let Some(text) = rest.strip_prefix(concat!("&", $name, "=")) {
                        const BIT: u64 = bit(Parameter::$parameter);
                        if seen & BIT == 0
                            && let Some((raw, after)) = form::split_plain(text)
                            && let Ok(value) = Field::read(Cow::Borrowed(raw))
                        {
                            fill(&mut self.builder.notification.$($field).+, value);
                            seen |= BIT;
                            rest = after;
                        } else {
                            self.builder.seen = seen;
                            self.parse_value(Parameter::$parameter, text)?;
                            seen = self.builder.seen;
                            rest = self.cursor.rest();
                        }
                    }
                )+
                self.cursor.advance_to(rest);
                self.builder.seen = seen;
                Ok(())
            }
        }
    };
}

/// Sets an empty field, without dropping its previous value.
#[inline(always)]
fn fill<T>(field: &mut T, value: T) {
    mem::forget(mem::replace(field, value));
}

parameters!(define_parse_in_order);

/// Parses all pairs of a body that is not UTF-8, in lenient mode.
#[cold]
#[inline(never)]
fn parse_lossy<'a>(body: &'a [u8], builder: &mut Builder<'a, '_>) -> Result<(), Error> {
    for pair in form::pair_spans(body) {
        let bytes = body.get(pair.clone()).unwrap_or_default();
        let span = PairSpan::new(pair.start, bytes);
        let raw = |at: &std::ops::Range<usize>| body.get(at.clone()).unwrap_or_default();
        let name = form::decode_lossy(raw(&span.name));
        let value = form::decode_lossy(raw(&span.value));
        for (at, name) in [(&span.name, None), (&span.value, Some(&*name))] {
            match str::from_utf8(raw(at)) {
                Err(error) => builder.report(|| {
                    let error = Error::invalid_utf8(raw(at), &error, &context(name));
                    with_name(error.shifted(at.start), name)
                }),
                Ok(text) if !form::is_well_encoded(text) => {
                    builder.report(|| malformed(text, at.start, name));
                }
                Ok(_) => {}
            }
        }
        match Parameter::from_name(&name) {
            Some(parameter) => builder.set(parameter, value, || Some(span))?,
            None => {
                let after = body.get(pair.end..).unwrap_or_default();
                builder.push_extra(name, value, || form::pair_spans(after).count());
            }
        }
    }
    Ok(())
}

/// Creates the error that the text at `start` in the body cannot be decoded. It is a name, or the
/// value of the parameter `name`.
#[cold]
fn malformed(raw: &str, start: usize, name: Option<&str>) -> Error {
    let (kind, span, encoding) = match form::diagnose(raw) {
        DecodeError::Percent(span) => (ErrorKind::InvalidPercentEncoding, span, "percent-encoding"),
        DecodeError::Utf8(span) => (ErrorKind::InvalidUtf8, span, "UTF-8"),
    };
    let found = quote(raw.get(span.clone()).unwrap_or_default());
    let message = format!("invalid {encoding}{}: {found}", context(name));
    with_name(Error::new(kind, span, None, message).shifted(start), name)
}

/// Returns the part of the message that says where the text is: in a name, or in the value of the
/// parameter `name`.
fn context(name: Option<&str>) -> String {
    match name {
        Some(name) => format!(" in {}", quote_name(name)),
        None => " in a name".to_owned(),
    }
}

fn with_name(error: Error, name: Option<&str>) -> Error {
    match name {
        Some(name) => error.named(name),
        None => error,
    }
}

impl<'a> Notification<'a> {
    /// Parses a form body in strict mode.
    ///
    /// Text is borrowed from the body unless it needs decoding. Parameters can be in any order.
    /// Parameters without a field are kept in [`extra`](Notification::extra). In an event of
    /// [another module](crate::isl_light#other-modules), so are known parameters that are repeated
    /// or whose value does not fit, because their names can have another meaning there.
    ///
    /// # Errors
    ///
    /// - [`MissingParameter`](ErrorKind::MissingParameter): a parameter of the
    ///   [envelope](Parameter::ENVELOPE) is missing, or is a number or a time and empty, such as
    ///   `SERVERID=`.
    /// - [`DuplicateParameter`](ErrorKind::DuplicateParameter): a known parameter is repeated, such
    ///   as `reason=a&reason=b`.
    /// - [`InvalidValue`](ErrorKind::InvalidValue): a value does not fit its field, such as
    ///   `gracefulExit=maybe`. Numbers are digits without a plus sign or leading zeros, so that they
    ///   are written as they were parsed. An empty value means no value, unless the field is text.
    /// - [`InvalidPercentEncoding`](ErrorKind::InvalidPercentEncoding) and
    ///   [`InvalidUtf8`](ErrorKind::InvalidUtf8): a name or a value cannot be decoded, such as
    ///   `reason=50%` or `reason=%E9`.
    /// - [`TooManyParameters`](ErrorKind::TooManyParameters): there are more than 1,000 parameters.
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

    /// Parses a form body in strict mode; see [`parse`](Notification::parse).
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Notification::parse), and [`InvalidUtf8`](ErrorKind::InvalidUtf8) if the
    /// body itself is not UTF-8.
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

    /// Parses a form body in [lenient](Parser::lenient) mode, and returns the problems.
    ///
    /// Use this to keep every event and to log what is wrong with it. If strict mode accepts a body,
    /// the notification is the same, and there are no problems unless the event is of another
    /// module.
    ///
    /// ```
    /// use isl_volano::{ErrorKind, isl_light::Notification};
    ///
    /// let body = b"TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=19\
    ///              &DOMAIN_ID=s-999_0_0&totalTransferredBytes=1e6&reason=Adi%F3s";
    /// let lenient = Notification::parse_lenient(body)?;
    /// assert_eq!(lenient.notification.extra.get("totalTransferredBytes"), Some("1e6"));
    /// assert_eq!(lenient.notification.reason.text.as_deref(), Some("Adi\u{fffd}s"));
    ///
    /// let problems: Vec<_> = lenient.problems.iter().map(|p| (p.kind(), p.name())).collect();
    /// assert_eq!(problems, [
    ///     (ErrorKind::InvalidValue, Some("totalTransferredBytes")),
    ///     (ErrorKind::InvalidUtf8, Some("reason")),
    /// ]);
    /// # Ok::<(), isl_volano::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`MissingParameter`](ErrorKind::MissingParameter) or
    /// [`InvalidValue`](ErrorKind::InvalidValue) if the envelope is incomplete, or its time or number
    /// is invalid. [`form::pairs`] still parses the pairs of such a body.
    pub fn parse_lenient(body: &'a [u8]) -> Result<Lenient<'a>, Error> {
        Parser::new().parse_lenient(body)
    }

    /// Parses a form body of any type in strict mode into an owned value, for extractors, channels
    /// and `bytes::Bytes`.
    ///
    /// # Errors
    ///
    /// Those of [`parse_bytes`](Notification::parse_bytes).
    pub fn parse_owned(body: impl AsRef<[u8]>) -> Result<Notification<'static>, Error> {
        Notification::parse_bytes(body.as_ref()).map(Notification::into_owned)
    }

    /// Creates a notification from decoded names and values, such as rows of a database, in strict
    /// mode.
    ///
    /// ```
    /// use isl_volano::isl_light::Notification;
    ///
    /// let stop = Notification::from_pairs([
    ///     ("TIMESTAMP", "1206303963"),
    ///     ("MODULE", "ISL_Light"),
    ///     ("EVENT", "STOP"),
    ///     ("SERVERID", "19"),
    ///     ("DOMAIN_ID", "s-999_0_0"),
    ///     ("reason", "desk closed session"),
    ///     ("clientCountry", "SI"),
    /// ])?;
    /// assert_eq!(stop.reason.text.as_deref(), Some("desk closed session"));
    /// assert_eq!(stop.extra.get("clientCountry"), Some("SI"));
    /// # Ok::<(), isl_volano::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Notification::parse) that concern names and values, without an
    /// [offset](Error::offset).
    pub fn from_pairs<N, V>(pairs: impl IntoIterator<Item = (N, V)>) -> Result<Self, Error>
    where
        N: Into<Cow<'a, str>>,
        V: Into<Cow<'a, str>>,
    {
        Parser::new().from_pairs(pairs)
    }
}

impl std::str::FromStr for Notification<'static> {
    type Err = Error;

    fn from_str(body: &str) -> Result<Self, Error> {
        Notification::parse_owned(body)
    }
}
