//! Percent-encoding.

use crate::decimal;
use crate::scan::{self, BLOCK, Block};
use crate::utf8;

/// Returns the form that `write` writes.
pub(crate) fn written(write: impl for<'o> Fn(Writer<'o>) -> Option<Writer<'o>>) -> String {
    // Most forms are short. They are written on the stack, so that the allocation has the exact size.
    if let Some(text) = written_in(&mut [0; SHORT], &write) {
        return text.to_owned();
    }
    let mut room = SHORT;
    loop {
        // There was not enough room: write it again with twice as much.
        room = room.saturating_mul(2);
        let mut out = vec![0; room];
        if let Some(text) = written_in(&mut out, &write) {
            let length = text.len();
            out.truncate(length);
            // A form is ASCII.
            return String::from_utf8(out).unwrap_or_default();
        }
    }
}

/// The room on the stack in bytes, which is enough for the forms that servers send.
const SHORT: usize = 1536;

/// Returns the text written into `out`, if there was enough room.
#[inline(always)]
fn written_in(
    out: &mut [u8],
    write: impl for<'o> Fn(Writer<'o>) -> Option<Writer<'o>>,
) -> Option<&str> {
    let left = write(Writer { room: out })?.room.len();
    let length = out.len().saturating_sub(left);
    utf8::text(out.get(..length)?).ok()
}

/// A writer of forms. Every method returns the writer for what follows, so that it stays in
/// registers, or `None` if there is not enough room.
pub(crate) struct Writer<'o> {
    /// The remaining room.
    room: &'o mut [u8],
}

impl Writer<'_> {
    /// Writes ASCII text as it is.
    #[inline(always)]
    pub(crate) fn raw(self, text: &'static str) -> Option<Self> {
        let room = put(self.room, text.as_bytes())?;
        Some(Writer { room })
    }

    /// Writes text as the URL standard's serializer does: letters, digits and `*-._` unchanged, a
    /// space as `+`, every other byte as `%` and two hexadecimal digits.
    #[inline(always)]
    pub(crate) fn text(self, text: &str) -> Option<Self> {
        let room = encode(self.room, text)?;
        Some(Writer { room })
    }

    /// Writes a number in decimal digits.
    #[inline(always)]
    pub(crate) fn number(self, number: u64) -> Option<Self> {
        let room = decimal::write(self.room, number)?;
        Some(Writer { room })
    }
}

/// Writes the bytes to the front of `room`, and returns the rest of it.
#[inline(always)]
fn put<'o>(room: &'o mut [u8], bytes: &[u8]) -> Option<&'o mut [u8]> {
    let (to, room) = room.split_at_mut_checked(bytes.len())?;
    to.copy_from_slice(bytes);
    Some(room)
}

fn encode<'o>(room: &'o mut [u8], text: &str) -> Option<&'o mut [u8]> {
    let text = text.as_bytes();
    // Most values fit a block: a function of its own for the others keeps this one short.
    if text.len() > BLOCK {
        return encode_long(room, text);
    }
    encode_block(room, scan::padded(text), text.len())
}

#[inline(never)]
fn encode_long<'o>(room: &'o mut [u8], text: &[u8]) -> Option<&'o mut [u8]> {
    let mut room = room;
    let mut rest = text;
    while let Some((block, after)) = rest.split_first_chunk() {
        room = encode_block(room, *block, BLOCK)?;
        rest = after;
    }
    encode_block(room, scan::padded(rest), rest.len())
}

/// Writes the first `length` bytes of a block.
#[inline(always)]
fn encode_block(room: &mut [u8], block: [u8; BLOCK], length: usize) -> Option<&mut [u8]> {
    // Copying a whole block is faster than copying `length` bytes; the excess is overwritten.
    *room.first_chunk_mut()? = block;
    let special = special(Block::new(&block));
    if (special.trailing_zeros() as usize) < length {
        return escape_block(room, block, special, length);
    }
    room.get_mut(length..)
}

/// Writes the first `length` bytes of a block, some of which need encoding.
#[inline(never)]
#[expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "all lengths are within the block, and the table has every byte"
)]
fn escape_block(
    room: &mut [u8],
    block: [u8; BLOCK],
    special: u32,
    length: usize,
) -> Option<&mut [u8]> {
    let mut room = room;
    let mut block = u128::from_le_bytes(block);
    let mut special = special;
    let mut left = length as u32;
    loop {
        let plain = left.min(special.trailing_zeros());
        *room.first_chunk_mut()? = block.to_le_bytes();
        room = room.get_mut(plain as usize..)?;
        if plain == left {
            return Some(room);
        }
        room = match (block >> (8 * plain)) as u8 {
            b' ' => put(room, b"+")?,
            byte => put(room, &ESCAPES[usize::from(byte)])?,
        };
        let done = plain + 1;
        block = block.unbounded_shr(8 * done);
        special >>= done;
        left -= done;
    }
}

/// Returns a bit for every byte that needs encoding.
#[inline(always)]
fn special(block: Block) -> u32 {
    let letters = block.lower().within(b'a', b'z');
    let digits = block.within(b'-', b'9') & !block.is(b'/');
    !(letters | digits | block.is(b'*') | block.is(b'_')).to_bitmask() & 0xffff
}

/// The percent-encoding of every byte.
#[expect(clippy::indexing_slicing, reason = "the compiler does it")]
const ESCAPES: [[u8; 3]; 256] = {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut escapes = [*b"%00"; 256];
    let mut byte = 0;
    while byte < 256 {
        escapes[byte][1] = DIGITS[byte >> 4];
        escapes[byte][2] = DIGITS[byte & 15];
        byte += 1;
    }
    escapes
};

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn every_byte_is_encoded_as_the_standard_says_at_every_position_of_a_block() {
        for c in (0..=0x2ff).filter_map(char::from_u32) {
            for before in 0..33 {
                let text = format!("{}{c}{}", "a".repeat(before), "~b c".repeat(before % 5));
                let written = written(|out| out.text(&text));
                let expected: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
                assert_eq!(written, expected);
            }
        }
    }
}
