//! Where the pairs of a body begin and end.

use wide::u8x32;

/// Bytes that are looked at together: as many as a mask has bits.
const BLOCK: usize = 64;

/// A pair as it stands in the body, `name=value` or `name`: never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pair {
    /// Where it begins.
    pub(crate) start: usize,
    /// Where the `&` stands that ends it, or the body's length.
    pub(crate) end: usize,
    /// Whether there is a `%` or a `+` in it, so that it needs decoding.
    pub(crate) escaped: bool,
}

/// The pairs of a body, in order. Empty ones (`&&`) are passed over, as the URL standard does.
///
/// Each block of the body becomes two masks, of the bytes that end a pair and of those that
/// escape; the pairs are then read off the masks.
#[derive(Debug)]
pub(crate) struct Pairs<'a> {
    body: &'a [u8],
    /// Where the block begins that the masks are of.
    block: usize,
    /// The ends of pairs in the block that are not yet passed.
    ends: u64,
    /// The escapes in the block that are not yet passed.
    escapes: u64,
    /// Where the next pair begins.
    start: usize,
    /// Whether an earlier block has an escape that belongs to the next pair.
    escaped: bool,
}

impl<'a> Pairs<'a> {
    #[inline]
    pub(crate) fn new(body: &'a [u8]) -> Self {
        let mut pairs = Pairs {
            body,
            block: 0,
            ends: 0,
            escapes: 0,
            start: 0,
            escaped: false,
        };
        pairs.look();
        pairs
    }

    /// How many pairs there are in what is left.
    #[cold]
    pub(crate) fn left(&self) -> usize {
        let rest = self.body.get(self.start..).unwrap_or_default();
        let begins = |at: usize| rest.get(at).is_some_and(|byte| *byte != b'&');
        let behind = memchr::memchr_iter(b'&', rest).filter(|at| begins(at + 1));
        usize::from(begins(0)) + behind.count()
    }

    /// Makes the masks of the block at `self.block`.
    ///
    /// The end of the body counts as the end of a pair, so that the last one is like the rest.
    #[inline]
    fn look(&mut self) {
        let rest = self.body.get(self.block..).unwrap_or_default();
        if let Some(block) = rest.first_chunk::<BLOCK>() {
            (self.ends, self.escapes) = masks(block);
        } else {
            let mut block = [b'&'; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            (self.ends, self.escapes) = masks(&block);
        }
    }
}

impl Iterator for Pairs<'_> {
    type Item = Pair;

    #[inline]
    fn next(&mut self) -> Option<Pair> {
        loop {
            while self.ends != 0 {
                let bit = self.ends.trailing_zeros();
                let before = (1 << bit) - 1;
                let pair = Pair {
                    start: self.start,
                    end: self.block + bit as usize,
                    escaped: self.escaped | (self.escapes & before != 0),
                };
                if pair.end >= self.body.len() {
                    // The body's end, and the `&` that fill up the last block.
                    self.ends = 0;
                    self.block = self.body.len();
                    self.start = self.body.len();
                    return (pair.start < self.body.len()).then_some(Pair {
                        end: self.body.len(),
                        ..pair
                    });
                }
                self.ends &= self.ends - 1;
                self.escapes &= !before;
                self.escaped = false;
                self.start = pair.end + 1;
                if pair.start < pair.end {
                    return Some(pair);
                }
            }
            if self.block >= self.body.len() {
                return None;
            }
            self.escaped |= self.escapes != 0;
            self.block += BLOCK;
            self.look();
        }
    }
}

/// The masks of a block: of `&`, and of `%` and `+`. The first byte is the lowest bit.
#[inline]
fn masks(block: &[u8; BLOCK]) -> (u64, u64) {
    let (low, high) = block.split_at(BLOCK / 2);
    let (low, high) = (half(low), half(high));
    let join = |low: u32, high: u32| u64::from(low) | u64::from(high) << (BLOCK / 2);
    (join(low.0, high.0), join(low.1, high.1))
}

#[inline]
fn half(bytes: &[u8]) -> (u32, u32) {
    let bytes = u8x32::from(bytes);
    let ends = bytes.simd_eq(u8x32::splat(b'&'));
    let escapes = bytes.simd_eq(u8x32::splat(b'%')) | bytes.simd_eq(u8x32::splat(b'+'));
    (ends.to_bitmask(), escapes.to_bitmask())
}
