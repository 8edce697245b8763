//! Decimal numbers, eight digits at a time.

/// Parses a number in the one form in which [`write()`] writes it: digits without leading zeros.
#[inline]
pub(crate) fn parse_unsigned(text: &[u8]) -> Option<u64> {
    match text {
        [byte] => parse_digit(*byte),
        [] | [b'0', ..] => None,
        _ => {
            let (mut number, digits) = match text.split_first_chunk() {
                // The length of a current time: it cannot overflow.
                Some((eight, [tens, ones])) => {
                    let number = parse_eight_digits(*eight)?;
                    let tens = parse_digit(*tens)?.wrapping_mul(10);
                    let last = tens.wrapping_add(parse_digit(*ones)?);
                    return Some(number.wrapping_mul(100).wrapping_add(last));
                }
                Some((eight, digits)) => (parse_eight_digits(*eight)?, digits),
                None => (0, text),
            };
            for byte in digits {
                number = number.checked_mul(10)?.checked_add(parse_digit(*byte)?)?;
            }
            Some(number)
        }
    }
}

#[inline(always)]
fn parse_digit(byte: u8) -> Option<u64> {
    let digit = byte.wrapping_sub(b'0');
    (digit <= 9).then_some(u64::from(digit))
}

/// Parses a number with an optional minus sign, which zero does not have.
#[inline]
pub(crate) fn parse_signed(text: &[u8]) -> Option<i64> {
    match text {
        [b'-', b'0', ..] => None,
        [b'-', digits @ ..] => 0_i64.checked_sub_unsigned(parse_unsigned(digits)?),
        digits => parse_unsigned(digits)?.try_into().ok(),
    }
}

/// The digit `0`, eight times.
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// Parses eight digits at once: pairs of digits, then pairs of pairs, then both halves.
#[inline]
fn parse_eight_digits(digits: [u8; 8]) -> Option<u64> {
    const NIBBLES: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    let digits = u64::from_le_bytes(digits);
    let carried = digits.wrapping_add(0x0606_0606_0606_0606);
    if (digits & NIBBLES) != ZEROS || (carried & NIBBLES) != ZEROS {
        return None;
    }
    let digits = digits.wrapping_sub(ZEROS);
    let pairs = (digits.wrapping_mul((10 << 8) + 1) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul((100 << 16) + 1) >> 16) & 0x0000_ffff_0000_ffff;
    Some(fours.wrapping_mul((10_000 << 32) + 1) >> 32)
}

/// Writes a number to the front of `room`, and returns the room after it. Returns `None` if there is
/// not enough room.
#[inline(always)]
pub(crate) fn write(room: &mut [u8], number: u64) -> Option<&mut [u8]> {
    const EIGHT_DIGITS: u64 = 100_000_000;
    if number < EIGHT_DIGITS {
        return write_first_digits(room, number);
    }
    let (high, low) = (number / EIGHT_DIGITS, number % EIGHT_DIGITS);
    let room = if (10..100).contains(&high) {
        // The length of a current time: two digits come first.
        let (digits, room) = room.split_first_chunk_mut()?;
        *digits = two_digits(high as u8);
        room
    } else if high < EIGHT_DIGITS {
        write_first_digits(room, high)?
    } else {
        let room = write_first_digits(room, high / EIGHT_DIGITS)?;
        write_eight_digits(room, high % EIGHT_DIGITS)?
    };
    write_eight_digits(room, low)
}

#[inline(always)]
fn two_digits(number: u8) -> [u8; 2] {
    [
        (number / 10).wrapping_add(b'0'),
        (number % 10).wrapping_add(b'0'),
    ]
}

#[inline(always)]
fn write_eight_digits(room: &mut [u8], number: u64) -> Option<&mut [u8]> {
    let (digits, room) = room.split_first_chunk_mut()?;
    *digits = (eight_digits(number) | ZEROS).to_le_bytes();
    Some(room)
}

/// Writes a number of up to eight digits, without leading zeros.
#[inline(always)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "at most seven zeros are cut off eight digits"
)]
fn write_first_digits(room: &mut [u8], number: u64) -> Option<&mut [u8]> {
    let digits = eight_digits(number);
    let zeros = (digits.trailing_zeros() / 8).min(7);
    *room.first_chunk_mut()? = (digits >> (8 * zeros) | ZEROS).to_le_bytes();
    room.get_mut(8 - zeros as usize..)
}

/// Returns the eight digits of a number, one in each byte, the first in the lowest byte. The number is
/// split into halves of four digits, these into pairs, and these into digits, all at once. Division is
/// multiplication by the inverse, rounded so that it is exact for numbers this small.
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
    use super::{parse_signed, parse_unsigned, write};

    fn numbers() -> Vec<u64> {
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
        numbers
    }

    #[test]
    fn numbers_are_written_and_parsed_as_by_the_standard_library() {
        for number in numbers() {
            let mut room = [0; 32];
            let left = write(&mut room, number).expect("there is room").len();
            let text = str::from_utf8(&room[..room.len() - left]).expect("digits");
            assert_eq!(text, number.to_string());
            assert_eq!(parse_unsigned(text.as_bytes()), Some(number));
            let signed = number as i64;
            assert_eq!(parse_signed(signed.to_string().as_bytes()), Some(signed));
        }
    }

    #[test]
    fn a_digit_is_a_digit_in_every_place() {
        for length in 1..=20 {
            let digits = &b"11111111111111111111"[..length];
            for place in 0..length {
                for byte in 0..=255 {
                    let mut text = digits.to_vec();
                    text[place] = byte;
                    let number: Option<u64> = str::from_utf8(&text)
                        .ok()
                        .filter(|text| !text.starts_with('+'))
                        .and_then(|text| text.parse().ok())
                        .filter(|_| length == 1 || text[0] != b'0');
                    assert_eq!(parse_unsigned(&text), number, "{text:?}");
                }
            }
        }
    }
}
