//! Looking for bytes, sixteen at a time.

use wide::u8x16;

/// Sixteen bytes, looked at together.
#[derive(Clone, Copy)]
pub(crate) struct Block(u8x16);

/// The bytes of a block that were looked for.
pub(crate) type Marks = u8x16;

/// How many bytes are looked at together.
pub(crate) const BLOCK: usize = 16;

impl Block {
    #[inline(always)]
    pub(crate) fn new(bytes: &[u8; BLOCK]) -> Self {
        Block(u8x16::new(*bytes))
    }

    /// Marks this byte.
    #[inline(always)]
    pub(crate) fn is(self, byte: u8) -> Marks {
        self.0.simd_eq(u8x16::splat(byte))
    }

    /// Marks the bytes from `first` to `last`.
    #[inline(always)]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "bytes of a block wrap around; the range is a constant"
    )]
    pub(crate) fn within(self, first: u8, last: u8) -> Marks {
        let from_first = self.0 - u8x16::splat(first);
        from_first
            .min(u8x16::splat(last - first))
            .simd_eq(from_first)
    }

    /// The block with ASCII letters in lower case; other bytes come out as something else, but
    /// never as a letter.
    #[inline(always)]
    pub(crate) fn lower(self) -> Self {
        Block(self.0 | u8x16::splat(0x20))
    }
}

/// Where the first byte stands that `mark` marks.
#[inline(always)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "all offsets are within `bytes`, or the last block of it"
)]
pub(crate) fn find(bytes: &[u8], mark: impl Fn(Block) -> Marks) -> Option<usize> {
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

/// Up to [`BLOCK`] bytes as a block, zeros behind them.
#[inline(always)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "where there is a chunk, the length is no less"
)]
pub(crate) fn padded(bytes: &[u8]) -> [u8; BLOCK] {
    // The first and the last bytes, which may be the same ones, put together where they belong.
    let length = bytes.len() as u32;
    let padded = if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (first, last) = (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
        u128::from(first) | u128::from(last) << (8 * (length - 8))
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        u128::from(u64::from(first) | u64::from(last) << (8 * (length - 4)))
    } else {
        let bytes = bytes.iter().rev();
        bytes.fold(0, |padded, byte| padded << 8 | u128::from(*byte))
    };
    padded.to_le_bytes()
}
