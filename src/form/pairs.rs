//! Finding the pairs of a body.

use std::borrow::Cow;
use std::iter::{self, FusedIterator};
use std::mem;
use std::ops::Range;

use super::decode::decode_lossy;
use crate::scan::{self, BLOCK, Block};

/// Parses any form into its pairs, decoded, in order.
///
/// It decodes as the URL standard does, and so never fails: a malformed `%` stays as it stands,
/// bytes that are not UTF-8 become U+FFFD, and empty pairs are skipped. Text is borrowed from the
/// body where it needs no decoding.
///
/// For what [`Notification`](crate::isl_light::Notification) refuses: a form without the envelope
/// of an event, say, can still be stored pair by pair.
///
/// ```
/// use isl_volano::form;
///
/// let body = b"name=Ren%C3%A9&empty&x=1+2&&%zz=\xff";
/// let pairs: Vec<_> = form::pairs(body).collect();
/// assert_eq!(pairs, [
///     ("name".into(), "Ren\u{e9}".into()),
///     ("empty".into(), "".into()),
///     ("x".into(), "1 2".into()),
///     ("%zz".into(), "\u{fffd}".into()),
/// ]);
/// ```
#[must_use]
pub fn pairs(body: &[u8]) -> Pairs<'_> {
    Pairs { rest: body }
}

/// An iterator over the pairs of a form, name and value: see [`pairs`].
#[derive(Debug, Clone)]
pub struct Pairs<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (Cow<'a, str>, Cow<'a, str>);

    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            let (pair, rest) = split_once(self.rest, b'&');
            self.rest = rest;
            if !pair.is_empty() {
                let (name, value) = split_once(pair, b'=');
                return Some((decode_lossy(name), decode_lossy(value)));
            }
        }
        None
    }
}

impl FusedIterator for Pairs<'_> {}

/// Splits at the first `delimiter`; without one, nothing follows.
fn split_once(bytes: &[u8], delimiter: u8) -> (&[u8], &[u8]) {
    let at = memchr::memchr(delimiter, bytes).unwrap_or(bytes.len());
    let (before, rest) = bytes.split_at_checked(at).unwrap_or((bytes, &[]));
    (before, rest.get(1..).unwrap_or_default())
}

/// Where a pair ends: its length, and whether there is a `%` or a `+` in it, so that it needs
/// decoding.
pub(crate) type End = (usize, bool);

/// Finds the end of the pair that `bytes` begins with: the next `&`, or the end of the body.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "all offsets are within `bytes`"
)]
pub(crate) fn end_of_pair(bytes: &[u8]) -> End {
    let (blocks, rest) = bytes.as_chunks();
    let mut escaped = false;
    for (index, block) in blocks.iter().enumerate() {
        let (ends, escapes) = masks(block);
        if ends != 0 {
            let end = index * BLOCK + ends.trailing_zeros() as usize;
            return (end, escaped | (escapes & before(ends) != 0));
        }
        escaped |= escapes != 0;
    }
    let (ends, escapes) = masks(&scan::padded(rest));
    // Where there is no `&`, the pair ends with the body.
    let end = blocks.len() * BLOCK + ends.trailing_zeros() as usize;
    let end = end.min(bytes.len());
    (end, escaped | (escapes & before(ends) != 0))
}

/// The same, if it lies within the first block, as it does for most values.
#[inline(always)]
pub(crate) fn end_of_short_pair(bytes: &[u8]) -> Option<End> {
    let (ends, escapes) = masks(bytes.first_chunk()?);
    let end = (ends.trailing_zeros() as usize, escapes & before(ends) != 0);
    (ends != 0).then_some(end)
}

/// Splits a text at the end of the value that it begins with, if that is within the first block, as
/// for most values, and if the value needs no decoding.
#[inline(always)]
pub(crate) fn split_plain(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes().first_chunk()?;
    let block = Block::new(bytes);
    // One mask for all: which byte it is tells the compiler that a text can be split there.
    let mask = (block.is(b'&') | block.is(b'%') | block.is(b'+')).to_bitmask();
    let end = (mask | 1 << BLOCK).trailing_zeros() as usize;
    if bytes.get(end) != Some(&b'&') {
        return None;
    }
    text.split_at_checked(end)
}

/// Returns the bits before the lowest.
#[inline(always)]
fn before(bits: u32) -> u32 {
    bits.wrapping_sub(1) & !bits
}

/// Finds the pairs that are not empty.
pub(crate) fn pair_spans(body: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    memchr::memchr_iter(b'&', body)
        .chain(iter::once(body.len()))
        .map(move |end| mem::replace(&mut start, end.saturating_add(1))..end)
        .filter(|pair| !pair.is_empty())
}

/// Returns a bit for every byte, the first the lowest: for `&`, and for `%` and `+`.
#[inline(always)]
fn masks(block: &[u8; BLOCK]) -> (u32, u32) {
    let block = Block::new(block);
    let escapes = block.is(b'%') | block.is(b'+');
    (block.is(b'&').to_bitmask(), escapes.to_bitmask())
}
