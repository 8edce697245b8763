//! From a text to the form's text.

use std::mem;

use crate::scan::{self, BLOCK, Block};
use crate::utf8;

/// The form's text that `write` writes.
pub(crate) fn written(write: impl Fn(&mut Writer<'_>) -> Option<()>) -> String {
    // What is not very long is written on the stack, so that what is allocated fits.
    if let Some(text) = written_in(&mut [0; SHORT], &write) {
        return text.to_owned();
    }
    let mut room = SHORT;
    loop {
        // Not enough: it is written anew, with twice the room.
        room = room.saturating_mul(2);
        let mut out = vec![0; room];
        if let Some(text) = written_in(&mut out, &write) {
            let length = text.len();
            out.truncate(length);
            // It is ASCII.
            return String::from_utf8(out).unwrap_or_default();
        }
    }
}

/// What counts as not very long, in bytes: more than what servers send.
const SHORT: usize = 1536;

/// The text that was written into `out`, if there was room.
#[inline(always)]
fn written_in(out: &mut [u8], write: impl Fn(&mut Writer<'_>) -> Option<()>) -> Option<&str> {
    let mut writer = Writer { room: out };
    write(&mut writer)?;
    let left = writer.room.len();
    let length = out.len().saturating_sub(left);
    utf8::text(out.get(..length)?).ok()
}

/// A form's text in the making. Everything gives `None` when there is no room left.
pub(crate) struct Writer<'o> {
    /// What is not yet written.
    room: &'o mut [u8],
}

impl Writer<'_> {
    /// Writes what is not to be escaped, which is ASCII.
    #[inline(always)]
    pub(crate) fn raw(&mut self, text: &'static str) -> Option<()> {
        self.room = put(mem::take(&mut self.room), text.as_bytes())?;
        Some(())
    }

    /// Writes a text as the URL standard's serializer does: letters, digits and `*-._` as they
    /// are, a space as `+`, every other byte as `%` and two hexadecimal digits.
    #[inline(always)]
    pub(crate) fn text(&mut self, text: &str) -> Option<()> {
        self.room = encode(mem::take(&mut self.room), text)?;
        Some(())
    }

    /// Writes a number in decimal digits.
    #[inline(always)]
    pub(crate) fn number(&mut self, number: u64) -> Option<()> {
        self.room = put_number(mem::take(&mut self.room), number)?;
        Some(())
    }
}

/// Writes the bytes to the front of `room`, and gives what is left of it.
#[inline(always)]
fn put<'o>(room: &'o mut [u8], bytes: &[u8]) -> Option<&'o mut [u8]> {
    let (to, room) = room.split_at_mut_checked(bytes.len())?;
    to.copy_from_slice(bytes);
    Some(room)
}

fn encode<'o>(room: &'o mut [u8], text: &str) -> Option<&'o mut [u8]> {
    let mut room = room;
    let mut rest = text.as_bytes();
    while let Some((block, behind)) = rest.split_first_chunk() {
        room = encode_block(room, *block, BLOCK)?;
        rest = behind;
    }
    encode_block(room, scan::padded(rest), rest.len())
}

/// Writes the first `length` bytes of a block.
#[inline(always)]
fn encode_block(room: &mut [u8], block: [u8; BLOCK], length: usize) -> Option<&mut [u8]> {
    // A block is copied whole, which is quicker than as much of it as there is; what comes next
    // is written over the rest.
    *room.first_chunk_mut()? = block;
    let special = special(Block::new(&block));
    if (special.trailing_zeros() as usize) < length {
        return escape_block(room, block, special, length);
    }
    room.get_mut(length..)
}

/// Writes the first `length` bytes of a block, some of which are to be escaped.
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

/// A bit for every byte that does not stand for itself.
#[inline(always)]
fn special(block: Block) -> u32 {
    let letters = block.lower().within(b'a', b'z');
    let digits = block.within(b'-', b'9') & !block.is(b'/');
    !(letters | digits | block.is(b'*') | block.is(b'_')).to_bitmask() & 0xffff
}

/// The escape of every byte.
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

fn put_number(room: &mut [u8], number: u64) -> Option<&mut [u8]> {
    const EIGHT_DIGITS: u64 = 100_000_000;
    if number < EIGHT_DIGITS {
        return put_first_digits(room, number);
    }
    let (high, low) = (number / EIGHT_DIGITS, number % EIGHT_DIGITS);
    let room = if high < EIGHT_DIGITS {
        put_first_digits(room, high)?
    } else {
        let room = put_first_digits(room, high / EIGHT_DIGITS)?;
        put(
            room,
            &(eight_digits(high % EIGHT_DIGITS) | ZEROS).to_le_bytes(),
        )?
    };
    put(room, &(eight_digits(low) | ZEROS).to_le_bytes())
}

/// Writes a number of up to eight digits, beginning with the first that is not zero.
#[inline(always)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "seven zeros at the most are cut off eight digits"
)]
fn put_first_digits(room: &mut [u8], number: u64) -> Option<&mut [u8]> {
    let digits = eight_digits(number);
    let zeros = (digits.trailing_zeros() / 8).min(7);
    *room.first_chunk_mut()? = (digits >> (8 * zeros) | ZEROS).to_le_bytes();
    room.get_mut(8 - zeros as usize..)
}

/// The digit `0`, eight times.
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// The eight digits of a number, one in each byte, the first in the lowest: halves of four digits,
/// each divided into pairs, and these into digits, all at once. Division is multiplication by the
/// inverse, rounded so that it is exact for numbers as small as these.
#[inline(always)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "each part of the number stays within its bits"
)]
fn eight_digits(number: u64) -> u64 {
    let fours = (number / 10_000) | ((number % 10_000) << 32);
    let hundreds = (fours * 10_486) >> 20 & 0x0000_007f_0000_007f;
    let pairs = hundreds | (fours - hundreds * 100) << 16;
    let tens = (pairs * 103) >> 10 & 0x000f_000f_000f_000f;
    tens | (pairs - tens * 10) << 8
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn numbers_are_written_as_the_standard_library_writes_them() {
        let mut number: u64 = 1;
        let mut numbers = vec![0, u64::MAX];
        for power in 0..20 {
            let ten = 10_u64.pow(power);
            numbers.extend([ten - 1, ten, ten + 1, ten.saturating_mul(9)]);
        }
        for _ in 0..10_000 {
            number = number
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            numbers.extend([number, number >> (number % 64), number % 100_000_000]);
        }
        for number in numbers {
            let text = written(|out| out.number(number));
            assert_eq!(text, number.to_string());
        }
    }

    #[test]
    fn every_byte_is_written_as_the_standard_says_in_every_place_of_a_block() {
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
