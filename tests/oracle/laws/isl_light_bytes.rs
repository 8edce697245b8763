//! Any bytes as a form: guarantees of the parsers for every input, and round trips.

use std::str;

use isl_volano::isl_light::{Notification, Parameter, Parser, Value};
use isl_volano::{Error, ErrorKind, Family, Payload};

use crate::oracle::deceptive::assert_harmless;
use crate::oracle::error;
use crate::oracle::form::raw_pairs;
use crate::oracle::parameters::{self, Kind, LAST_SECOND, PARAMETERS, spelling};
use crate::oracle::samples::forms;

/// Parses the forms created from the bytes.
pub(crate) fn run(data: &[u8]) {
    for form in forms(data) {
        examine(&form);
    }
}

/// The number of problems of a report that are checked in detail.
const PROBLEMS: usize = 8;

const STRICT: Parser = Parser::new();
const LENIENT: Parser = Parser::new().lenient();

fn examine(body: &[u8]) {
    let strict = read(STRICT, body);
    let lenient = read(LENIENT, body);
    if strict.is_ok() {
        assert_eq!(strict, lenient);
    }
    if let Err(error) = &lenient {
        let kinds = [ErrorKind::MissingParameter, ErrorKind::InvalidValue];
        assert!(kinds.contains(&error.kind()), "{error:?}");
    }
    report(body, &lenient);

    let notification = Notification::parse_bytes(body);
    assert_eq!(notification, strict);
    assert_eq!(Notification::parse_owned(body), strict);
    if let Ok(body) = str::from_utf8(body) {
        assert_eq!(Notification::parse(body), strict);
        assert_eq!(body.parse::<Notification<'_>>(), strict);
    }
    if Family::of(body) == Family::IslLight {
        let payload = Payload::parse_bytes(body).map_err(Error::from);
        assert_eq!(payload, strict.map(Payload::IslLight));
    }
}

/// Parses a body in every way. All results must agree.
fn read(parser: Parser, body: &[u8]) -> Result<Notification<'_>, Error> {
    let result = parser.parse_bytes(body);
    if let Ok(text) = str::from_utf8(body) {
        assert_eq!(parser.parse(text), result);
    }
    // A new buffer, and a longer one that was used before.
    for mut buffer in [Vec::new(), vec![b'%'; body.len() + 7]] {
        assert_eq!(parser.parse_in(body, &mut buffer), result);
    }
    match &result {
        Ok(notification) => write(parser, body, notification),
        Err(error) => error::check(error, body),
    }
    limit(parser, body, &result);
    result
}

/// Checks that the written body parses to an equal notification, and that nothing is lost.
fn write(parser: Parser, body: &[u8], notification: &Notification<'_>) {
    let written = notification.to_form();
    assert_harmless(&notification.to_string());
    assert_harmless(&written);
    let again = parser.parse(&written).expect("what was written");
    assert_eq!(again, *notification);
    assert_eq!(again.to_form(), written);
    assert_eq!(notification.clone().into_owned(), *notification);
    fields(notification);

    let pairs = sorted_pairs(body);
    assert_eq!(sorted_pairs(written.as_bytes()), pairs);
    let kept = parameters::pairs(notification).into_iter();
    let mut kept: Vec<_> = kept
        .map(|(name, value)| {
            let value = spelling(&name, &value).to_owned();
            (name, value)
        })
        .collect();
    kept.sort();
    assert_eq!(kept, pairs);
}

/// Checks that each field has a value of its kind, and can be set to it.
fn fields(notification: &Notification<'_>) {
    let mut made = Notification::new(notification.timestamp, "".into(), "".into(), 0, "".into());
    for known in PARAMETERS {
        let parameter = Parameter::from_name(known.name).expect(known.name);
        let Some(value) = notification.get(parameter) else {
            continue;
        };
        match (known.kind, value) {
            (Kind::Text, Value::Text(_))
            | (Kind::Integer, Value::Signed(_))
            | (Kind::Count | Kind::Bytes | Kind::Seconds, Value::Unsigned(_))
            | (Kind::Timestamp, Value::Unsigned(..=LAST_SECOND))
            | (Kind::Bool, Value::Bool(_)) => {}
            (kind, value) => panic!("{}: {kind:?}, {value:?}", known.name),
        }
        made.set(parameter, value.to_string()).expect(known.name);
    }
    made.extra = notification.extra.clone();
    assert_eq!(made, *notification);
}

/// Returns the sorted pairs of a body according to the URL standard. Empty values are omitted
/// unless they are text, and names with two spellings have one.
fn sorted_pairs(body: &[u8]) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = form_urlencoded::parse(body)
        .filter(|(name, value)| {
            !value.is_empty() || parameters::kind(name).is_none_or(|kind| kind == Kind::Text)
        })
        .map(|(name, value)| {
            let value = spelling(&name, &value).to_owned();
            (name.into_owned(), value)
        })
        .collect();
    pairs.sort();
    pairs
}

/// Checks that the report matches the notification of the lenient parser.
fn report(body: &[u8], lenient: &Result<Notification<'_>, Error>) {
    let reported = Notification::parse_lenient(body);
    if let Ok(reported) = &reported {
        for problem in reported.problems.iter().take(PROBLEMS) {
            error::check(problem, body);
        }
        assert!(reported.problems.len() <= 100);
        assert!(reported.problems.len() == 100 || reported.omitted_problems == 0);
        // The problems are in the order of the body.
        let pair = |problem: &Error| {
            let before = &body[..problem.offset()];
            before.iter().filter(|byte| **byte == b'&').count()
        };
        assert!(
            reported.problems.iter().map(pair).is_sorted(),
            "{:?}",
            reported.problems
        );
    }
    let notification = reported.map(|reported| reported.notification);
    assert_eq!(notification, *lenient);
}

/// Checks that a sufficient limit changes nothing, and that a lower one is an error.
fn limit(parser: Parser, body: &[u8], result: &Result<Notification<'_>, Error>) {
    let count = raw_pairs(body).count();
    if count <= 1000 {
        let limited = parser.max_parameters(count).parse_bytes(body);
        assert_eq!(limited, *result);
    }
    if let Some(fewer) = count.checked_sub(1) {
        let limited = parser.max_parameters(fewer).parse_bytes(body);
        let error = limited.expect_err("one parameter too many");
        // A strict parser may return another error first.
        if parser == LENIENT {
            assert_eq!(error.kind(), ErrorKind::TooManyParameters);
            error::check(&error, body);
        }
    }
}
