//! The XML parser, compared with roxmltree: both accept the same documents and find the same texts.
//! The parser of tidy documents agrees with the tokenizer.

use std::ops::Range;
use std::str;

use arbitrary::Unstructured;
use isl_volano::volano_chat::Event;
use isl_volano::{Error, ErrorKind};

use crate::oracle::frame::Reading;
use crate::oracle::samples::{changed, document};
use crate::oracle::{error, xml};

/// Parses the bytes themselves, and documents created from them with changes.
pub(crate) fn run(data: &[u8]) {
    if let Ok(text) = str::from_utf8(data) {
        examine(text);
    }
    if let Ok(text) = document(&mut Unstructured::new(data)) {
        examine(&text);
        for other in changed(&text, data) {
            examine(&other);
        }
    }
}

fn examine(text: &str) {
    let result = Event::parse_xml(text);
    if let Err(error) = &result {
        error::check(error, text.as_bytes());
    }
    let found = result.as_ref().ok().map(Reading::of);
    assert_eq!(found, xml::reading(text), "{text:?}: {result:?}");
    compare_with_general(text, &result);
}

/// Checks that a comment after the document, which is then not tidy, changes nothing.
fn compare_with_general(text: &str, result: &Result<Event<'_>, Error>) {
    let commented = format!("{text}<!---->");
    let general = Event::parse_xml(&commented);
    match (result, &general) {
        // If the document is incomplete, the error is at another place, or the comment becomes a
        // part of it.
        (Err(error), Err(_)) if error.span().end == text.len() => {}
        (Err(error), Err(general)) => assert_eq!(outline(error), outline(general), "{text:?}"),
        _ => assert_eq!(*result, general, "{text:?}"),
    }
    if let (Ok(event), Ok(general)) = (result, &general) {
        let borrowed = borrowed(event, text);
        assert_eq!(borrowed, self::borrowed(general, &commented), "{text:?}");
    }
}

/// Returns the properties of an error that do not depend on the end of the body.
fn outline(error: &Error) -> (ErrorKind, Range<usize>, Option<&str>) {
    (error.kind(), error.span(), error.name())
}

/// Returns for each text whether it is borrowed from the body or empty.
fn borrowed(event: &Event<'_>, body: &str) -> Vec<bool> {
    let body = body.as_bytes().as_ptr_range();
    let texts = event.texts();
    texts
        .map(|(_, text)| text.is_empty() || body.contains(&text.as_ptr()))
        .collect()
}
