//! Checking that bytes are UTF-8.

use std::str;

use crate::error::Error;

/// Returns the bytes as text, if they are UTF-8.
#[inline]
pub(crate) fn text(bytes: &[u8]) -> Result<&str, Error> {
    simdutf8::basic::from_utf8(bytes).or_else(|_| diagnosed(bytes))
}

/// The same by the standard library, which says what is wrong.
#[cold]
#[inline(never)]
fn diagnosed(bytes: &[u8]) -> Result<&str, Error> {
    str::from_utf8(bytes).map_err(|error| Error::invalid_utf8(bytes, &error, ""))
}
