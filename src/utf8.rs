//! UTF-8 validation.

use std::str;

use crate::error::Error;

/// Converts bytes to text.
#[inline]
pub(crate) fn text(bytes: &[u8]) -> Result<&str, Error> {
    simdutf8::basic::from_utf8(bytes).or_else(|_| diagnosed(bytes))
}

/// Validates again with the standard library, which reports what is wrong.
#[cold]
#[inline(never)]
fn diagnosed(bytes: &[u8]) -> Result<&str, Error> {
    str::from_utf8(bytes).map_err(|error| Error::invalid_utf8(bytes, &error, ""))
}
