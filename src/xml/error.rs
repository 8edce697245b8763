//! What is wrong with a document, whatever it is about.

use std::ops::Range;

use crate::error::{Error, ErrorKind, quote};

/// The document is not well-formed at `at`.
#[cold]
pub(super) fn malformed(at: Range<usize>, expected: &str, found: &str) -> Error {
    let message = format!("expected {expected}, found {}", quote(found));
    Error::new(ErrorKind::NotWellFormed, at, None, message)
}

/// The document has a DOCTYPE.
#[cold]
pub(super) fn doctype(at: Range<usize>) -> Error {
    let message = "expected no DOCTYPE, found one";
    Error::new(ErrorKind::Doctype, at, None, message)
}

/// `text` begins with `&`, and with no reference.
#[cold]
pub(super) fn invalid_reference(text: &str) -> Error {
    let found = text.split('<').next().unwrap_or_default();
    let found = found.split_inclusive(';').next().unwrap_or_default();
    let message = format!(
        "expected a reference to a character of XML 1.0, found {}",
        quote(found)
    );
    Error::new(ErrorKind::InvalidReference, 0..found.len(), None, message)
}
