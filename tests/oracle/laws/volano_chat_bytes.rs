//! Any bytes as an event: guarantees of the parsers for every input, and the readings.

use std::str;

use arbitrary::Unstructured;
use isl_volano::volano_chat::{Dialect, Event, LineEnd};
use isl_volano::{Error, ErrorKind, Family, Payload};

use crate::oracle::deceptive::assert_harmless;
use crate::oracle::error;
use crate::oracle::frame::{self, Reading};
use crate::oracle::samples::{self, framed};
use crate::oracle::xml::is_char;

/// The number of readings that are checked. There can be as many as the cube of the length.
const LIMIT: usize = 32;
/// The maximum length of a body for which all splits are tried.
const LONGEST: usize = 8192;

/// Parses the bytes themselves, in a frame, and as almost valid bodies created from them.
pub(crate) fn run(data: &[u8]) {
    examine(data);
    framed(data).iter().for_each(|body| examine(body));
    if let Ok(body) = samples::body(&mut Unstructured::new(data)) {
        examine(body.as_bytes());
    }
}

fn examine(bytes: &[u8]) {
    let result = Event::parse_bytes(bytes);
    if Family::of(bytes) == Family::VolanoChat {
        let payload = Payload::parse_bytes(bytes).map_err(Error::from);
        assert_eq!(payload, result.clone().map(Payload::VolanoChat));
    }
    if let Err(error) = &result {
        error::check(error, bytes);
    }
    match str::from_utf8(bytes) {
        Err(_) => assert_eq!(
            result.map_err(|error| error.kind()),
            Err(ErrorKind::InvalidUtf8)
        ),
        Ok(body) => {
            assert_eq!(Event::parse(body), result);
            assert_eq!(Event::parse_owned(body), result);
            let xml = Event::parse_xml(body);
            for (dialect, parsed) in [
                (Dialect::Auto, &result),
                (Dialect::Verbatim, &Event::parse_verbatim(body)),
                (Dialect::Xml, &xml),
            ] {
                assert_eq!(dialect.parse(body), *parsed, "{dialect}");
                assert_eq!(dialect.parse_bytes(bytes), *parsed, "{dialect}");
            }
            if let Err(error) = &xml {
                error::check(error, bytes);
            }
            if body.len() <= LONGEST {
                readings(body, &result, &xml);
            }
            for event in [result, xml].into_iter().flatten() {
                written(&event);
            }
        }
    }
}

type Parsed<'a> = Result<Event<'a>, Error>;

/// Checks that all parsers agree with every possible split.
fn readings(body: &str, parsed: &Parsed<'_>, xml: &Parsed<'_>) {
    let expected = frame::readings(body, LIMIT);
    let found: Vec<_> = Event::readings(body).take(LIMIT).collect();
    let found_readings: Vec<_> = found.iter().map(Reading::of).collect();
    assert_eq!(found_readings, expected);

    let verbatim = Event::parse_verbatim(body);
    if let Err(error) = &verbatim {
        error::check(error, body.as_bytes());
    }
    match found.as_slice() {
        [] => {
            let kind = verbatim.as_ref().map_err(Error::kind);
            assert_eq!(kind, Err(ErrorKind::NotVerbatim));
            let is_markup = xml.as_ref().is_err_and(|error| {
                matches!(
                    error.kind(),
                    ErrorKind::NotWellFormed | ErrorKind::InvalidReference
                )
            });
            let likelier = if is_markup && frame::has_opening(body) {
                &verbatim
            } else {
                xml
            };
            assert_eq!(parsed, likelier);
        }
        [event] => {
            assert_eq!(verbatim.as_ref(), Ok(event));
            let line_end = LineEnd::of(body).unwrap_or_default();
            let line = frame::without_line_end(body);
            assert_eq!(expected[0].body(), line);
            let written = event.to_verbatim_with(line_end);
            assert_eq!(written, Ok(format!("{line}{}", line_end.as_str())));
            assert_eq!(parsed.as_ref(), Ok(event));
        }
        several => {
            for result in [&verbatim, parsed] {
                let kind = result.as_ref().map_err(Error::kind);
                assert_eq!(kind, Err(ErrorKind::Ambiguous));
            }
            for (event, reading) in several.iter().zip(&expected) {
                assert_eq!(reading.body(), frame::without_line_end(body));
                let written = event.to_verbatim().map_err(|error| error.kind());
                assert_eq!(written, Err(ErrorKind::Ambiguous));
            }
        }
    }
}

/// Assertions about an event from any source.
pub(crate) fn written(event: &Event<'_>) {
    assert_harmless(&event.to_string());
    assert_eq!(event.clone().into_owned(), *event);
    let carried = event.texts().all(|(_, text)| text.chars().all(is_char));
    match event.to_xml() {
        Ok(xml) => {
            assert!(carried);
            assert_eq!(Event::parse_xml(&xml).as_ref(), Ok(event));
            assert_eq!(Dialect::Xml.parse_bytes(xml.as_bytes()).as_ref(), Ok(event));
            // It has the tags of the server's format, so nothing is decoded.
            assert_eq!(Event::parse(&xml), Event::parse_verbatim(&xml));
        }
        Err(error) => {
            assert!(!carried);
            assert_eq!(error.kind(), ErrorKind::UnrepresentableText);
            assert_harmless(&error.to_string());
        }
    }
}
