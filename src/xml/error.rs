//! Errors about any document.

use std::ops::Range;

use crate::error::{Error, ErrorKind, quote};

/// Creates the error that a document is not well-formed: `problem` says why.
#[cold]
pub(super) fn malformed(at: Range<usize>, problem: &str, found: &str) -> Error {
    let message = format!("not well-formed: {problem}: {}", quote(found));
    Error::new(ErrorKind::NotWellFormed, at, None, message)
}

/// Creates the error that a document has a DOCTYPE.
#[cold]
pub(super) fn doctype(at: Range<usize>) -> Error {
    let message = "DOCTYPE is not allowed";
    Error::new(ErrorKind::Doctype, at, None, message)
}

/// Creates the error that the `&` at the start of `text` begins no valid reference.
#[cold]
pub(super) fn invalid_reference(text: &str) -> Error {
    let found = text.split('<').next().unwrap_or_default();
    let found = found.split_inclusive(';').next().unwrap_or_default();
    let message = format!("invalid reference: {}", quote(found));
    Error::new(ErrorKind::InvalidReference, 0..found.len(), None, message)
}
