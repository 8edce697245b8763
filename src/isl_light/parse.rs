//! Parsing: from a body to a notification.

use std::borrow::Cow;
use std::mem;

use super::builder::{Builder, Mode, bit, blank};
use super::field::Field;
use super::notification::Notification;
use super::parameter::{Parameter, parameters};
use crate::error::{Error, ErrorKind, quote, quote_name};
use crate::form::{self, Buffer, Cursor, DecodeError, Decoder, Heap, PairSpan};
use crate::utf8;

/// Options for parsing a body.
///
/// Strict by default: see [`Notification::parse`].
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

/// The number of parameters that a strict parser accepts by default.
const MAX_PARAMETERS: usize = 1000;

/// A notification parsed in lenient mode, and what did not fit: see
/// [`Notification::parse_lenient`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lenient<'a> {
    /// The notification.
    pub notification: Notification<'a>,
    /// What strict mode would have refused, in the order of the body, up to 100 errors: each with
    /// its kind, its place and the parameter that it is about.
    pub problems: Vec<Error>,
    /// The number of problems beyond those.
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
    /// ICP sends an event that is refused again and again, and a newer server or a customer's own
    /// dialog can send what no one foresaw: this is for services that prefer such an event in part
    /// to none at all. [`Notification::parse_lenient`] also returns what did not fit.
    ///
    /// The body is decoded as the URL standard does: a `%` that encodes nothing stands for itself,
    /// and bytes that are not UTF-8 become U+FFFD. A known parameter whose value does not fit its
    /// field, or that is repeated, goes to [`Notification::extra`] under its own name. The number
    /// of parameters has no limit unless one is [set](Parser::max_parameters). The only error left
    /// is an envelope that is incomplete, or whose time or number cannot be parsed.
    #[must_use]
    pub const fn lenient(mut self) -> Self {
        self.lenient = true;
        self
    }

    /// Sets the number of parameters that are accepted.
    #[must_use]
    pub const fn max_parameters(mut self, limit: usize) -> Self {
        self.max_parameters = Some(limit);
        self
    }

    /// Parses a body; see [`Notification::parse`].
    ///
    /// # Errors
    ///
    /// Those of [`Notification::parse`], as far as the options leave them.
    pub fn parse<'a>(&self, body: &'a str) -> Result<Notification<'a>, Error> {
        self.parse_str(body, &mut Heap)
    }

    /// Parses a body; see [`Notification::parse_bytes`].
    ///
    /// # Errors
    ///
    /// Those of [`Notification::parse_bytes`], as far as the options leave them.
    pub fn parse_bytes<'a>(&self, body: &'a [u8]) -> Result<Notification<'a>, Error> {
        self.parse_utf8(body, &mut Heap)
    }

    /// Parses a body without allocating: text that needs decoding is decoded into `buffer`.
    ///
    /// The buffer grows to the body's length if it is shorter, and can be used again once the
    /// notification is dropped. Two things are on the heap all the same: the list of pairs in
    /// [`Notification::extra`], if there are any, and, in [lenient](Parser::lenient) mode, text
    /// that is malformed.
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

    /// Parses a body in lenient mode, and returns what did not fit; see
    /// [`Notification::parse_lenient`].
    ///
    /// # Errors
    ///
    /// Those of [`Notification::parse_lenient`].
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
    /// Those of [`Notification::from_pairs`], as far as the options leave them.
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
        // Filled in where it is returned.
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
        // A parameter is two bytes long at the least, with the `&` after it.
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
    // Servers send the parameters in the documented order, and leave some out.
    while !pairs.cursor.is_at_end() {
        pairs.parse_in_order()?;
        pairs.parse_any_order()?;
    }
    Ok(())
}

/// Pairs on their way from a body to a notification.
struct Pairs<'a, 'n, 'p, D> {
    cursor: Cursor<'a>,
    builder: &'p mut Builder<'a, 'n>,
    decoder: &'p mut D,
    lenient: bool,
}

impl<'a, D: Decoder<'a>> Pairs<'a, '_, '_, D> {
    /// Parses the first pair, if it is the first of the documented order.
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

    /// Parses pairs of any name, up to and with the first that has a field.
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

    /// Parses the value of a known parameter, which `text` begins with.
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

    /// Decodes the value of the pair that was parsed last.
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

/// Defines the straight code for pairs in the documented order.
///
/// What is left of the body and which parameters were seen stay in registers. A value that is
/// short, plain and the first of its name goes right into its field; every other goes through
/// [`Pairs::parse_value`].
macro_rules! define_parse_in_order {
    ($(
        #[doc = $doc:literal]
        $parameter:ident $name:literal $($field:ident).+: $kind:ident;
    )+) => {
        impl<'a, D: Decoder<'a>> Pairs<'a, '_, '_, D> {
            /// Parses the pairs that follow in the documented order, as far as they do.
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

/// Fills in a field that is empty: there is nothing to drop.
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

/// The error about the text at `start` in the body, which does not decode: a name, or the value of
/// the parameter `name`.
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

/// Returns where text is malformed, as a message says it: in a name, or in the value of the
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
    /// Text that needs no decoding is borrowed from the body; every other text is allocated once.
    /// Parameters can come in any order. A parameter that the crate does not know is kept in
    /// [`extra`](Notification::extra), and so is one that has no field in an event of
    /// [another module](crate::isl_light#other-modules): there, a known name whose value does not
    /// fit is no error.
    ///
    /// # Errors
    ///
    /// - [`MissingParameter`](ErrorKind::MissingParameter): a parameter of the
    ///   [envelope](Parameter::ENVELOPE) is missing, or is a number or a time and empty.
    /// - [`DuplicateParameter`](ErrorKind::DuplicateParameter): a known parameter is repeated.
    /// - [`InvalidValue`](ErrorKind::InvalidValue): a value does not fit its field. Numbers are
    ///   digits without a plus sign or needless zeros, so that they are written as they were
    ///   parsed. An empty value is the same as none, unless the field is text.
    /// - [`InvalidPercentEncoding`](ErrorKind::InvalidPercentEncoding) and
    ///   [`InvalidUtf8`](ErrorKind::InvalidUtf8): text is not well encoded.
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

    /// Parses a form body in strict mode; see [`parse`](Notification::parse).
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Notification::parse), and [`InvalidUtf8`](ErrorKind::InvalidUtf8) for
    /// bytes that are not UTF-8 as they stand.
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

    /// Parses a form body in [lenient](Parser::lenient) mode, and returns what did not fit.
    ///
    /// For services that keep every event and log why it was not read in full. Where strict mode
    /// succeeds, the notification is the same, and there are no problems unless the event is of
    /// another module.
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
    /// [`MissingParameter`](ErrorKind::MissingParameter) and
    /// [`InvalidValue`](ErrorKind::InvalidValue): the envelope is incomplete, or its time or number
    /// cannot be parsed. [`form::pairs`] still reads the pairs of such a body.
    pub fn parse_lenient(body: &'a [u8]) -> Result<Lenient<'a>, Error> {
        Parser::new().parse_lenient(body)
    }

    /// Parses a form body of any type in strict mode into an owned value: for extractors, channels
    /// and `bytes::Bytes`.
    ///
    /// # Errors
    ///
    /// Those of [`parse_bytes`](Notification::parse_bytes).
    pub fn parse_owned(body: impl AsRef<[u8]>) -> Result<Notification<'static>, Error> {
        Notification::parse_bytes(body.as_ref()).map(Notification::into_owned)
    }

    /// Creates a notification from decoded pairs, such as rows of a database, in strict mode.
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
    /// Those of [`parse`](Notification::parse) that concern names and values. They have no
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
