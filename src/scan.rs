//! Searching for bytes, sixteen at a time.

use wide::u8x16;

/// Sixteen bytes, which are compared at once.
#[derive(Clone, Copy)]
pub(crate) struct Block(u8x16);

/// A mask of the bytes of a block that match a search.
pub(crate) type Mask = u8x16;

/// The number of bytes in a block.
pub(crate) const BLOCK: usize = 16;

impl Block {
    #[inline(always)]
    pub(crate) fn new(bytes: &[u8; BLOCK]) -> Self {
        Block(u8x16::new(*bytes))
    }

    /// Returns a mask of the bytes equal to `byte`.
    #[inline(always)]
    pub(crate) fn is(self, byte: u8) -> Mask {
        self.0.simd_eq(u8x16::splat(byte))
    }

    /// Returns a mask of the bytes from `first` to `last`.
    #[inline(always)]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "bytes of a block wrap around; the range is a constant"
    )]
    pub(crate) fn within(self, first: u8, last: u8) -> Mask {
        let from_first = self.0 - u8x16::splat(first);
        from_first
            .min(u8x16::splat(last - first))
            .simd_eq(from_first)
    }

    /// Returns the block with ASCII letters in lower case. Other bytes change, but never to a
    /// letter.
    #[inline(always)]
    pub(crate) fn lower(self) -> Self {
        Block(self.0 | u8x16::splat(0x20))
    }
}

/// Finds the first byte that is in the mask.
#[inline(always)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "all offsets are within `bytes`, or the last block of it"
)]
pub(crate) fn find(bytes: &[u8], mark: impl Fn(Block) -> Mask) -> Option<usize> {
    let (blocks, rest) = bytes.as_chunks();
    for (index, block) in blocks.iter().enumerate() {
        let marks = mark(Block::new(block)).to_bitmask();
        if marks != 0 {
            return Some(BLOCK * index + marks.trailing_zeros() as usize);
        }
    }
    if rest.is_empty() {
        return None;
    }
    let marks = mark(Block::new(&padded(rest))).to_bitmask();
    let at = BLOCK * blocks.len() + marks.trailing_zeros() as usize;
    (at < bytes.len()).then_some(at)
}

/// Returns up to [`BLOCK`] bytes as a block, padded with zeros.
#[inline(always)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "there are no more than sixteen bytes, and in the second case fewer than eight"
)]
pub(crate) fn padded(bytes: &[u8]) -> [u8; BLOCK] {
    // The first bytes, followed by those of the last bytes that are not among them.
    let length = bytes.len() as u32;
    let (low, high) = if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let last = u64::from_le_bytes(*last);
        (
            u64::from_le_bytes(*first),
            last.unbounded_shr(8 * (16 - length)),
        )
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let last = u32::from_le_bytes(*last).unbounded_shr(8 * (8 - length));
        (
            u64::from(u32::from_le_bytes(*first)) | u64::from(last) << 32,
            0,
        )
    } else {
        let bytes = bytes.iter().rev();
        (
            bytes.fold(0, |padded, byte| padded << 8 | u64::from(*byte)),
            0,
        )
    };
    (u128::from(low) | u128::from(high) << 64).to_le_bytes()
}
