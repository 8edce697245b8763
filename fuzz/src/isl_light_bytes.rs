//! Any bytes as a form: what the readers promise of every input, and the laws of writing.

use std::str;

use isl_volano::isl_light::{Notification, Parser};
use isl_volano::{Error, ErrorKind, Family, Payload};

use crate::parameters::{self, ENVELOPES, Kind, WORDS};
use crate::{check, text};

/// Reads the bytes as they are, behind an envelope, and there as words.
pub fn run(data: &[u8]) {
    examine(data);
    let envelope = ENVELOPES[data.len() % ENVELOPES.len()].as_bytes();
    examine(&[envelope, data].concat());
    examine(&[envelope, text::spelled(data, WORDS).as_bytes()].concat());
}

fn examine(body: &[u8]) {
    let strict = read(Parser::new(), body);
    let lenient = read(Parser::new().lenient(), body);
    if strict.is_ok() {
        assert_eq!(strict, lenient);
    }
    if Family::of(body) == Family::IslLight {
        assert_eq!(
            Payload::parse_bytes(body).map_err(Error::from),
            strict.map(Payload::IslLight)
        );
    }
}

/// Reads a body in every way there is; all of them have to agree.
fn read(parser: Parser, body: &[u8]) -> Result<Notification<'_>, Error> {
    let result = parser.parse_bytes(body);
    if let Ok(text) = str::from_utf8(body) {
        assert_eq!(parser.parse(text), result);
    }
    // A buffer that is fresh, and one that was used before and is longer.
    for mut buffer in [Vec::new(), vec![b'%'; body.len() + 7]] {
        assert_eq!(parser.parse_in(body, &mut buffer), result);
    }
    match &result {
        Ok(notification) => write(parser, body, notification),
        Err(error) => check::error(error, body),
    }
    limit(parser, body, &result);
    result
}

/// What is written reads back as the same, and nothing is lost.
fn write(parser: Parser, body: &[u8], notification: &Notification<'_>) {
    let written = notification.to_form();
    check::harmless(&notification.to_string());
    check::harmless(&written);
    let again = parser.parse(&written).expect("what was written");
    assert_eq!(again, *notification);
    assert_eq!(again.to_form(), written);
    assert_eq!(notification.clone().into_owned(), *notification);

    let pairs = sorted_pairs(body);
    assert_eq!(sorted_pairs(written.as_bytes()), pairs);
    let kept = parameters::pairs(notification).into_iter();
    let mut kept: Vec<_> = kept
        .map(|(name, value)| {
            let value = parameters::spelling(&name, &value).to_owned();
            (name, value)
        })
        .collect();
    kept.sort();
    assert_eq!(kept, pairs);
}

/// The pairs of a body by the URL standard, without order. An empty value is none, unless it is
/// text, and a name with two spellings is written in one.
fn sorted_pairs(body: &[u8]) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = form_urlencoded::parse(body)
        .filter(|(name, value)| {
            !value.is_empty() || parameters::kind(name).is_none_or(|kind| kind == Kind::Text)
        })
        .map(|(name, value)| {
            let value = parameters::spelling(&name, &value).to_owned();
            (name.into_owned(), value)
        })
        .collect();
    pairs.sort();
    pairs
}

/// A limit that the body keeps changes nothing; one that it does not keep is an error.
fn limit(parser: Parser, body: &[u8], result: &Result<Notification<'_>, Error>) {
    let pairs = body.split(|byte| *byte == b'&');
    let count = pairs.filter(|pair| !pair.is_empty()).count();
    if count <= 1000 {
        let limited = parser.max_parameters(count).parse_bytes(body);
        assert_eq!(limited, *result);
    }
    if let Some(fewer) = count.checked_sub(1) {
        let limited = parser.max_parameters(fewer).parse_bytes(body);
        let error = limited.expect_err("one parameter too many");
        // A strict reader may have come upon another error before.
        if parser == Parser::new().lenient() {
            assert_eq!(error.kind(), ErrorKind::TooManyParameters);
            check::error(&error, body);
        }
    }
}
