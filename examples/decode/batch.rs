//! Payloads on their way to be decoded, many at a time.

use std::ops::Range;
use std::sync::Arc;

use crate::http::HttpError;

/// Payloads that stand one behind another in the input, of one source or of several.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) items: Vec<Item>,
    /// The bodies of all of them.
    pub(crate) bytes: Vec<u8>,
    /// How much of the input was read for them.
    pub(crate) read: u64,
}

#[derive(Debug)]
pub(crate) struct Item {
    /// What it is from, as it is shown.
    pub(crate) source: Arc<str>,
    /// Which of the source's payloads it is.
    pub(crate) index: u64,
    pub(crate) content: Content,
}

#[derive(Debug)]
pub(crate) enum Content {
    /// All that the source holds: where it stands in the batch.
    Bare(Range<usize>),
    /// The body of a request.
    Body(Range<usize>),
    /// Bytes that are no request.
    NoRequest(HttpError),
    /// A bare body that is longer than any can be.
    TooLong,
}
