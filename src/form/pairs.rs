//! Where the parts of a body end.

use std::iter;
use std::mem;
use std::ops::Range;

use crate::scan::{self, BLOCK, Block};

/// Where a pair ends: its length, and whether there is a `%` or a `+` in it, so that it needs
/// decoding.
pub(crate) type End = (usize, bool);

/// Where the pair ends that `bytes` begins with: at the next `&`, or with the body.
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

/// The same, if it is within the first block. Most values are as short as that.
#[inline(always)]
pub(crate) fn end_of_short_pair(bytes: &[u8]) -> Option<End> {
    let (ends, escapes) = masks(bytes.first_chunk()?);
    let end = (ends.trailing_zeros() as usize, escapes & before(ends) != 0);
    (ends != 0).then_some(end)
}

/// The bits before the lowest.
#[inline(always)]
fn before(bits: u32) -> u32 {
    bits.wrapping_sub(1) & !bits
}

/// Where the pairs stand, less those that are empty.
pub(crate) fn pairs(body: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    memchr::memchr_iter(b'&', body)
        .chain(iter::once(body.len()))
        .map(move |end| mem::replace(&mut start, end.saturating_add(1))..end)
        .filter(|pair| !pair.is_empty())
}

/// A bit for every byte, the first the lowest: where there is a `&`, and where a `%` or a `+`.
#[inline(always)]
fn masks(block: &[u8; BLOCK]) -> (u32, u32) {
    let block = Block::new(block);
    let escapes = block.is(b'%') | block.is(b'+');
    (block.is(b'&').to_bitmask(), escapes.to_bitmask())
}
