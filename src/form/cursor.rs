//! Parsing the pairs of a body one at a time.

use std::ops::Range;

use super::pairs::{end_of_pair, end_of_short_pair, pair_spans};

/// A position in a body.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'a> {
    body: &'a str,
    /// The pairs that are not yet parsed, each with the `&` before it, which the first lacks.
    rest: &'a str,
    /// Whether the last parsed pair needs decoding.
    escaped: bool,
}

/// The ranges of a pair in a body.
#[derive(Debug, Clone, Default)]
pub(crate) struct PairSpan {
    pub(crate) name: Range<usize>,
    pub(crate) value: Range<usize>,
}

impl PairSpan {
    /// Locates the name and the value of `pair`, which begins at `start`. Without a `=`, the value
    /// is empty.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "all offsets are within the body"
    )]
    pub(crate) fn new(start: usize, pair: &[u8]) -> Self {
        let end = start + pair.len();
        let equals = memchr::memchr(b'=', pair).map(|equals| start + equals);
        PairSpan {
            name: start..equals.unwrap_or(end),
            value: equals.map_or(end, |equals| equals + 1)..end,
        }
    }
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(body: &'a str) -> Self {
        Cursor {
            body,
            rest: body,
            escaped: false,
        }
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Returns what is not yet parsed.
    #[inline(always)]
    pub(crate) fn rest(&self) -> &'a str {
        self.rest
    }

    /// Moves on to `rest`, a suffix of what is not yet parsed.
    #[inline(always)]
    pub(crate) fn advance_to(&mut self, rest: &'a str) {
        self.rest = rest;
    }

    /// Parses the value at the start of `text`, a suffix of what is not yet parsed. Returns it, not
    /// decoded.
    pub(crate) fn value(&mut self, text: &'a str) -> &'a str {
        self.split_off(text)
    }

    /// Parses the next pair. Returns it without the `&` before it, not decoded.
    pub(crate) fn pair(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        Some(self.split_off(self.rest.strip_prefix('&').unwrap_or(self.rest)))
    }

    /// Returns whether the last parsed pair needs decoding.
    #[inline(always)]
    pub(crate) fn is_escaped(&self) -> bool {
        self.escaped
    }

    /// Returns the number of pairs that are not yet parsed.
    pub(crate) fn remaining(&self) -> usize {
        pair_spans(self.rest.as_bytes()).count()
    }

    /// Splits off the start of `text` up to the next `&`, and moves on after it.
    #[inline(never)]
    fn split_off(&mut self, text: &'a str) -> &'a str {
        match end_of_short_pair(text.as_bytes()) {
            Some(end) => self.split_at(text, end),
            None => self.split_off_long(text),
        }
    }

    #[inline(never)]
    fn split_off_long(&mut self, text: &'a str) -> &'a str {
        self.split_at(text, end_of_pair(text.as_bytes()))
    }

    #[inline(always)]
    fn split_at(&mut self, text: &'a str, (end, escaped): (usize, bool)) -> &'a str {
        let (pair, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        self.rest = rest;
        self.escaped = escaped;
        pair
    }

    /// Locates the last parsed pair.
    #[cold]
    pub(crate) fn last_span(&self) -> PairSpan {
        let end = self.body.len().saturating_sub(self.rest.len());
        let before = self.body.as_bytes().get(..end).unwrap_or_default();
        let start = memchr::memrchr(b'&', before).map_or(0, |before| before.saturating_add(1));
        PairSpan::new(start, before.get(start..).unwrap_or_default())
    }
}
