//! Percent-decoding.

use std::borrow::Cow;
use std::mem;
use std::ops::Range;
use std::str;

use crate::scan::{self, BLOCK, Block};

/// A place to store decoded text.
pub(crate) trait Decoder<'a> {
    /// Decodes `+` and percent-encoding. Returns `None` if the text is malformed; [`diagnose`] finds
    /// the reason.
    fn decode(&mut self, raw: &'a str) -> Option<Cow<'a, str>>;
}

/// Allocates each text on the heap.
pub(crate) struct Heap;

impl<'a> Decoder<'a> for Heap {
    #[inline]
    fn decode(&mut self, raw: &'a str) -> Option<Cow<'a, str>> {
        decode(raw).map(Cow::Owned)
    }
}

/// Takes the room for each text from the front of a buffer, which is as long as the body.
pub(crate) struct Buffer<'a>(pub(crate) &'a mut [u8]);

impl<'a> Decoder<'a> for Buffer<'a> {
    #[inline]
    fn decode(&mut self, raw: &'a str) -> Option<Cow<'a, str>> {
        decode_in(raw, &mut self.0).map(Cow::Borrowed)
    }
}

/// The reason why a text cannot be decoded, and the range of the text that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DecodeError {
    /// A `%` without two hexadecimal digits after it.
    Percent(Range<usize>),
    /// Bytes that are not UTF-8 after decoding.
    Utf8(Range<usize>),
}

/// Returns whether the text needs decoding.
pub(crate) fn is_escaped(raw: &str) -> bool {
    raw.bytes().any(|byte| byte == b'%' || byte == b'+')
}

/// Returns whether the text decodes without loss.
pub(crate) fn is_well_encoded(raw: &str) -> bool {
    !is_escaped(raw) || decode(raw).is_some()
}

/// Decodes into a new string.
fn decode(raw: &str) -> Option<String> {
    // Most texts are short. They are decoded on the stack, so that the allocation has the exact size.
    let room = raw.len().saturating_add(BLOCK);
    if let Some(decoded) = [0; SHORT + BLOCK].get_mut(..room) {
        let length = unescape(raw.as_bytes(), decoded)?;
        return str::from_utf8(decoded.get(..length)?)
            .ok()
            .map(str::to_owned);
    }
    let mut decoded = vec![0; room];
    let length = unescape(raw.as_bytes(), &mut decoded)?;
    decoded.truncate(length);
    String::from_utf8(decoded).ok()
}

/// The maximum length of a short text in bytes.
const SHORT: usize = 64;

/// Decodes into the front of `buffer`, and splits it off as the text, without allocating.
///
/// The buffer must have room for `raw`.
fn decode_in<'a>(raw: &str, buffer: &mut &'a mut [u8]) -> Option<&'a str> {
    let length = unescape(raw.as_bytes(), buffer)?;
    let (text, rest) = mem::take(buffer).split_at_mut_checked(length)?;
    *buffer = rest;
    str::from_utf8(text).ok()
}

/// Decodes as the URL standard does: malformed percent-encoding stays unchanged, and invalid UTF-8
/// becomes U+FFFD.
pub(crate) fn decode_lossy(raw: &[u8]) -> Cow<'_, str> {
    if memchr::memchr2(b'%', b'+', raw).is_none() {
        return String::from_utf8_lossy(raw);
    }
    let mut decoded = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&byte, after)) = rest.split_first() {
        let (byte, after) = match byte {
            b'+' => (b' ', after),
            b'%' => octet(after).unwrap_or((b'%', after)),
            byte => (byte, after),
        };
        decoded.push(byte);
        rest = after;
    }
    match String::from_utf8(decoded) {
        Ok(text) => Cow::Owned(text),
        Err(error) => Cow::Owned(String::from_utf8_lossy(error.as_bytes()).into_owned()),
    }
}

/// Decodes into `out`, which has room for `raw`, and returns the length of the result. Returns `None`
/// if the percent-encoding is malformed.
#[inline(always)]
#[expect(
    clippy::arithmetic_side_effects,
    reason = "decoded text is not longer than `raw`"
)]
fn unescape(raw: &[u8], out: &mut [u8]) -> Option<usize> {
    let mut rest = raw;
    let mut length = 0;
    loop {
        let (block, left) = match rest.first_chunk() {
            Some(block) => (*block, BLOCK),
            None => (scan::padded(rest), rest.len()),
        };
        let escapes = Block::new(&block);
        let escapes = (escapes.is(b'%') | escapes.is(b'+')).to_bitmask();
        let run = left.min(escapes.trailing_zeros() as usize);
        let room = out.get_mut(length..)?;
        match room.first_chunk_mut() {
            // Copying a whole block is faster; the excess is overwritten.
            Some(room) => *room = block,
            None => room.get_mut(..run)?.copy_from_slice(rest.get(..run)?),
        }
        rest = rest.get(run..)?;
        length += run;
        loop {
            let (byte, after) = match rest {
                [b'+', after @ ..] => (b' ', after),
                [b'%', digits @ ..] => octet(digits)?,
                [] => return Some(length),
                _ => break,
            };
            *out.get_mut(length)? = byte;
            length += 1;
            rest = after;
        }
    }
}

/// The value of each hexadecimal digit, and 255 for every other byte.
#[expect(clippy::indexing_slicing, reason = "the compiler does it")]
const HEX: [u8; 256] = {
    let mut digits = [255; 256];
    let mut value = 0;
    while value < 16 {
        digits[b"0123456789ABCDEF"[value] as usize] = value as u8;
        digits[b"0123456789abcdef"[value] as usize] = value as u8;
        value += 1;
    }
    digits
};

/// Decodes the two digits after a `%`. Returns the octet and the rest.
#[inline(always)]
fn octet(digits: &[u8]) -> Option<(u8, &[u8])> {
    let ([high, low], after) = digits.split_first_chunk()?;
    Some((hex(*high)? << 4 | hex(*low)?, after))
}

#[inline(always)]
fn hex(digit: u8) -> Option<u8> {
    let value = *HEX.get(usize::from(digit))?;
    (value < 16).then_some(value)
}

/// Finds the reason why a text cannot be decoded.
#[cold]
#[inline(never)]
pub(crate) fn diagnose(raw: &str) -> DecodeError {
    // Raw characters are complete, so an invalid sequence begins or ends with an encoded octet. The
    // range may still need to move to a boundary of a raw character.
    let border = |at: &usize| raw.is_char_boundary(*at);
    let floor = |at| (0..=at).rev().find(border).unwrap_or_default();
    let ceil = |at| (at..raw.len()).find(border).unwrap_or(raw.len());
    let mut octets = Vec::with_capacity(raw.len());
    let mut rest = raw.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let (octet, after) = match byte {
            b'%' => match octet(after) {
                Some(octet) => octet,
                None => {
                    let at = raw.len().saturating_sub(rest.len());
                    return DecodeError::Percent(at..ceil(at.saturating_add(3)));
                }
            },
            b'+' => (b' ', after),
            byte => (byte, after),
        };
        octets.push(octet);
        rest = after;
    }
    let Err(error) = str::from_utf8(&octets) else {
        return DecodeError::Utf8(0..raw.len());
    };
    // The offset of an octet in `raw`.
    let place = |octet: usize| {
        (0..octet).fold(0_usize, |at, _| match raw.as_bytes().get(at) {
            Some(b'%') => at.saturating_add(3),
            _ => at.saturating_add(1),
        })
    };
    let start = error.valid_up_to();
    let end = error
        .error_len()
        .map_or(octets.len(), |length| start.saturating_add(length));
    DecodeError::Utf8(floor(place(start))..ceil(place(end)))
}
