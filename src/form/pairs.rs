//! Splitting a body into pairs.

use std::borrow::Cow;
use std::iter::{self, FusedIterator};
use std::mem;
use std::ops::Range;

use super::decode::decode_lossy;
use crate::scan::{self, BLOCK, Block};

/// Parses any form into its pairs, decoded, in order.
///
/// Decoding follows the URL standard and never fails: malformed percent-encoding stays unchanged,
/// invalid UTF-8 becomes U+FFFD, and empty pairs are skipped. Text is borrowed from the body unless
/// it needs decoding.
///
/// Use this for forms that [`Notification`](crate::isl_light::Notification) refuses. For example, a
/// form without the envelope of an event can still be stored pair by pair.
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

/// An iterator over the names and values of a form.
///
/// This struct is created by [`pairs`].
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

/// Splits at the first `delimiter`. Without one, the second part is empty.
fn split_once(bytes: &[u8], delimiter: u8) -> (&[u8], &[u8]) {
    let at = memchr::memchr(delimiter, bytes).unwrap_or(bytes.len());
    let (before, rest) = bytes.split_at_checked(at).unwrap_or((bytes, &[]));
    (before, rest.get(1..).unwrap_or_default())
}

/// The length of a pair, and whether it needs decoding because it has a `%` or a `+`.
pub(crate) type End = (usize, bool);

/// Finds the end of the pair at the start of `bytes`: the next `&`, or the end of the body.
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
    // Without a `&`, the pair ends with the body.
    let end = blocks.len() * BLOCK + ends.trailing_zeros() as usize;
    let end = end.min(bytes.len());
    (end, escaped | (escapes & before(ends) != 0))
}

/// Finds the end of the pair at the start of `bytes` if it is in the first block, as for most values.
#[inline(always)]
pub(crate) fn end_of_short_pair(bytes: &[u8]) -> Option<End> {
    let (ends, escapes) = masks(bytes.first_chunk()?);
    let end = (ends.trailing_zeros() as usize, escapes & before(ends) != 0);
    (ends != 0).then_some(end)
}

/// Splits off the value at the start of `text` if it ends in the first block, as most values do, and
/// needs no decoding.
#[inline(always)]
pub(crate) fn split_plain(text: &str) -> Option<(&str, &str)> {
    let bytes = text.as_bytes().first_chunk()?;
    let block = Block::new(bytes);
    // One mask for all three bytes. That the found byte is `&` tells the compiler that `text` can be
    // split there.
    let mask = (block.is(b'&') | block.is(b'%') | block.is(b'+')).to_bitmask();
    let end = (mask | 1 << BLOCK).trailing_zeros() as usize;
    if bytes.get(end) != Some(&b'&') {
        return None;
    }
    text.split_at_checked(end)
}

/// Returns the bits below the lowest set bit.
#[inline(always)]
fn before(bits: u32) -> u32 {
    bits.wrapping_sub(1) & !bits
}

/// Returns the ranges of the pairs that are not empty.
pub(crate) fn pair_spans(body: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    memchr::memchr_iter(b'&', body)
        .chain(iter::once(body.len()))
        .map(move |end| mem::replace(&mut start, end.saturating_add(1))..end)
        .filter(|pair| !pair.is_empty())
}

/// Returns two sets of bits, with the lowest bit for the first byte: those of `&`, and those of `%`
/// and `+`.
#[inline(always)]
fn masks(block: &[u8; BLOCK]) -> (u32, u32) {
    let block = Block::new(block);
    let escapes = block.is(b'%') | block.is(b'+');
    (block.is(b'&').to_bitmask(), escapes.to_bitmask())
}
