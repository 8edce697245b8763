//! From the form's text to what it means.

use std::borrow::Cow;
use std::mem;
use std::ops::Range;
use std::str;

/// Why a text is not well encoded, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// A `%` without two hexadecimal digits after it.
    Percent(Range<usize>),
    /// Bytes that are not UTF-8 once they are decoded.
    Utf8(Range<usize>),
}

/// Decodes `+` and percent-encoding; allocates only if there are any.
#[inline]
pub(crate) fn decode(raw: &str) -> Result<Cow<'_, str>, Malformed> {
    let mut decoded = Vec::with_capacity(raw.len());
    let changed = unescape(raw.as_bytes(), |run| decoded.extend_from_slice(run));
    match changed {
        Some(false) => Ok(Cow::Borrowed(raw)),
        Some(true) => match String::from_utf8(decoded) {
            Ok(text) => Ok(Cow::Owned(text)),
            Err(_) => Err(diagnose(raw)),
        },
        None => Err(diagnose(raw)),
    }
}

/// The same into the front of `buffer`, which is cut off and lives on as the text.
///
/// The buffer must have room for `raw`. Nothing is allocated.
#[inline]
pub(crate) fn decode_in<'a>(raw: &str, buffer: &mut &'a mut [u8]) -> Result<&'a str, Malformed> {
    let mut written = 0;
    let well = unescape(raw.as_bytes(), |run| {
        if let Some(room) = buffer.get_mut(written..written + run.len()) {
            room.copy_from_slice(run);
        }
        written += run.len();
    });
    if well.is_none() {
        return Err(diagnose(raw));
    }
    let (text, rest) = mem::take(buffer)
        .split_at_mut_checked(written)
        .unwrap_or_default();
    *buffer = rest;
    str::from_utf8(text).map_err(|_| diagnose(raw))
}

/// Decodes as the URL standard does: what is not well encoded stays as it stands, and bytes
/// that are not UTF-8 become U+FFFD.
pub(crate) fn decode_lossy(raw: &[u8]) -> Cow<'_, str> {
    let mut decoded = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        let (byte, length) = match byte {
            b'+' => (b' ', 1),
            b'%' => match octet(raw, at) {
                Some(octet) => (octet, 3),
                None => (b'%', 1),
            },
            byte => (byte, 1),
        };
        decoded.push(byte);
        at += length;
    }
    if decoded == raw {
        return String::from_utf8_lossy(raw);
    }
    match String::from_utf8(decoded) {
        Ok(text) => Cow::Owned(text),
        Err(error) => Cow::Owned(String::from_utf8_lossy(error.as_bytes()).into_owned()),
    }
}

/// Hands the decoded bytes to `push`, run by run; says whether they differ from `raw`.
/// `None` where the percent-encoding is malformed.
#[inline]
fn unescape(raw: &[u8], mut push: impl FnMut(&[u8])) -> Option<bool> {
    let mut rest = raw;
    let mut changed = false;
    while let Some(at) = rest.iter().position(|&byte| byte == b'%' || byte == b'+') {
        changed = true;
        let (run, escape) = rest.split_at_checked(at)?;
        push(run);
        rest = match *escape {
            [b'+', ref rest @ ..] => {
                push(b" ");
                rest
            }
            [_, high, low, ref rest @ ..] => {
                push(&[hex(high)? << 4 | hex(low)?]);
                rest
            }
            _ => return None,
        };
    }
    push(rest);
    Some(changed)
}

/// The octet that the percent-encoding at `at` stands for.
fn octet(raw: &[u8], at: usize) -> Option<u8> {
    match *raw.get(at..at + 3)? {
        [b'%', high, low] => Some(hex(high)? << 4 | hex(low)?),
        _ => None,
    }
}

#[inline]
fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Finds what is wrong with a text that did not decode.
#[cold]
#[inline(never)]
fn diagnose(raw: &str) -> Malformed {
    // Each decoded octet, and where it came from.
    let mut octets = Vec::new();
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(&byte) = raw.as_bytes().get(at) {
        let (octet, length) = match byte {
            b'%' => match octet(raw.as_bytes(), at) {
                Some(octet) => (octet, 3),
                None => {
                    let mut end = raw.len().min(at + 3);
                    while !raw.is_char_boundary(end) {
                        end += 1;
                    }
                    return Malformed::Percent(at..end);
                }
            },
            b'+' => (b' ', 1),
            byte => (byte, 1),
        };
        octets.push(octet);
        places.push(at);
        at += length;
    }
    places.push(raw.len());
    let Err(error) = str::from_utf8(&octets) else {
        return Malformed::Utf8(0..raw.len());
    };
    let start = error.valid_up_to();
    let end = error
        .error_len()
        .map_or(octets.len(), |length| start + length);
    let place = |octet: usize, fallback| places.get(octet).copied().unwrap_or(fallback);
    let mut start = place(start, 0);
    // Raw characters are whole, so a broken sequence begins or ends with an encoded octet;
    // the mark may still have to move to the beginning of a raw one.
    while !raw.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = place(end, raw.len());
    while !raw.is_char_boundary(end) {
        end += 1;
    }
    Malformed::Utf8(start..end)
}
