//! From a text to the form's text.

use crate::scan::{self, BLOCK, Block};

/// Appends `text` as the URL standard's serializer writes it: letters, digits and `*-._` as
/// they are, a space as `+`, every other byte as `%` and two hexadecimal digits.
pub(crate) fn encode(out: &mut Vec<u8>, text: &str) {
    let mut rest = text.as_bytes();
    while let Some((block, behind)) = rest.split_first_chunk() {
        encode_block(out, *block, BLOCK);
        rest = behind;
    }
    encode_block(out, scan::padded(rest), rest.len());
}

/// Appends the first `length` bytes of a block.
#[inline(always)]
#[expect(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "all lengths are within the block, and the table has every byte"
)]
fn encode_block(out: &mut Vec<u8>, block: [u8; BLOCK], length: usize) {
    let mut special = special(Block::new(&block));
    let mut block = u128::from_le_bytes(block);
    let mut left = length as u32;
    loop {
        // What is plain at the front is copied with the rest of the block, which is quicker than
        // to copy as much as there is, and the rest is cut off.
        let plain = left.min(special.trailing_zeros());
        out.extend_from_slice(&block.to_le_bytes());
        out.truncate(out.len() - (BLOCK - plain as usize));
        if plain == left {
            return;
        }
        match (block >> (8 * plain)) as u8 {
            b' ' => out.push(b'+'),
            byte => out.extend_from_slice(&ESCAPES[usize::from(byte)]),
        }
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

/// Appends `number` in decimal digits.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "eight zeros at the most are cut off eight digits"
)]
pub(crate) fn push_digits(out: &mut Vec<u8>, number: u64) {
    const EIGHT_DIGITS: u64 = 100_000_000;
    let (high, low) = (number / EIGHT_DIGITS, number % EIGHT_DIGITS);
    let (top, middle) = (high / EIGHT_DIGITS, high % EIGHT_DIGITS);
    // The first eight digits that are not all zero begin with the first that is not.
    let (first, others) = match (top, middle) {
        (0, 0) => (low, &[][..]),
        (0, _) => (middle, &[low][..]),
        _ => (top, &[middle, low][..]),
    };
    let digits = eight_digits(first);
    let zeros = (digits.trailing_zeros() / 8).min(7);
    out.extend_from_slice(&(digits >> (8 * zeros) | ZEROS).to_le_bytes());
    out.truncate(out.len() - zeros as usize);
    for eight in others {
        out.extend_from_slice(&(eight_digits(*eight) | ZEROS).to_le_bytes());
    }
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

/// The text that was written, which is ASCII.
pub(crate) fn into_text(out: Vec<u8>) -> String {
    String::from_utf8(out).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{encode, into_text, push_digits};

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
            let mut out = Vec::new();
            push_digits(&mut out, number);
            assert_eq!(into_text(out), number.to_string());
        }
    }

    #[test]
    fn every_byte_is_written_as_the_standard_says_in_every_place_of_a_block() {
        for c in (0..=0x2ff).filter_map(char::from_u32) {
            for before in 0..33 {
                let text = format!("{}{c}{}", "a".repeat(before), "~b c".repeat(before % 5));
                let mut out = Vec::new();
                encode(&mut out, &text);
                let expected: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
                assert_eq!(into_text(out), expected);
            }
        }
    }
}
