//! XML against roxmltree: the same documents are accepted, and the same texts found.

use std::str;

use arbitrary::Unstructured;
use isl_volano::volano_chat::Event;

use crate::oracle::frame::Reading;
use crate::oracle::samples::document;
use crate::oracle::{error, xml};

/// Reads the bytes as they are, and as the plan of a document.
pub(crate) fn run(data: &[u8]) {
    if let Ok(text) = str::from_utf8(data) {
        examine(text);
    }
    if let Ok(text) = document(&mut Unstructured::new(data)) {
        examine(&text);
    }
}

fn examine(text: &str) {
    let result = Event::parse_xml(text);
    if let Err(error) = &result {
        error::check(error, text.as_bytes());
    }
    let found = result.as_ref().ok().map(Reading::of);
    assert_eq!(found, xml::reading(text), "{text:?}: {result:?}");
}
