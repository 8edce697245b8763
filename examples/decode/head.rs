//! The head of a request, and the length of its body.

use std::collections::VecDeque;
use std::mem::MaybeUninit;
use std::ops::Range;

/// The maximum length of a body in bytes.
pub(crate) const MAX_BODY: usize = 256 << 20;
/// The maximum number of headers of a request.
const MAX_HEADERS: usize = 128;

/// A complete head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    /// The length, including the empty line.
    pub(crate) length: usize,
    pub(crate) body: Framing,
    /// The range of the number of the Content-Length, if there is only one.
    digits: Range<usize>,
}

/// The length of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    Length(usize),
    Chunked,
}

/// An error in a head, and its offset.
pub(crate) type HeadError = (usize, String);

impl Head {
    /// Parses a head at the start of `bytes`. Returns `None` if it is incomplete and valid so far.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Option<Head>, HeadError> {
        let mut headers = [const { MaybeUninit::uninit() }; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut []);
        let head_length = match request.parse_with_uninit_headers(bytes, &mut headers) {
            Ok(httparse::Status::Complete(length)) => length,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(error) => return Err(malformed(bytes, error)),
        };
        let mut length: Option<u64> = None;
        let mut digits = 0..0;
        let mut chunked = false;
        for header in request.headers.iter() {
            let at = || header.value.as_ptr().addr() - bytes.as_ptr().addr();
            if header.name.eq_ignore_ascii_case("content-length") {
                digits = match length {
                    None => at()..at() + header.value.len(),
                    Some(_) => 0..0,
                };
                // A list of equal numbers counts as this number.
                for value in header.value.split(|&byte| byte == b',') {
                    let number = match number(value.trim_ascii()) {
                        Some(number) if length.is_none_or(|length| length == number) => number,
                        _ => {
                            let found = quote(header.value);
                            let message = format!("invalid or repeated Content-Length: {found}");
                            return Err((at(), message));
                        }
                    };
                    length = Some(number);
                }
            } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
                if chunked || !header.value.trim_ascii().eq_ignore_ascii_case(b"chunked") {
                    let found = quote(header.value);
                    let message = format!("unsupported Transfer-Encoding: {found}");
                    return Err((at(), message));
                }
                chunked = true;
            }
        }
        let body = match (chunked, length) {
            (false, None) => Framing::Length(0),
            (true, None) => Framing::Chunked,
            (false, Some(length)) => match usize::try_from(length) {
                Ok(length) if length <= MAX_BODY => Framing::Length(length),
                _ => return Err((0, too_long())),
            },
            // The end of the body would be ambiguous.
            (true, Some(_)) => {
                let message = "both a Content-Length and a Transfer-Encoding";
                return Err((0, message.to_owned()));
            }
        };
        Ok(Some(Head {
            length: head_length,
            body,
            digits,
        }))
    }

    /// Returns a head with this length, and no body.
    pub(crate) fn without_body(length: usize) -> Head {
        Head {
            length,
            body: Framing::Length(0),
            digits: 0..0,
        }
    }
}

/// The last heads, without the digits of their Content-Length. Senders repeat their heads, and a
/// head that differs from a known one only in these digits need not be parsed.
#[derive(Debug, Default)]
pub(crate) struct KnownHeads {
    /// The parts before and after the digits.
    heads: VecDeque<(Vec<u8>, Vec<u8>)>,
}

impl KnownHeads {
    /// The maximum number of heads, for example one for each room.
    const KEPT: usize = 16;

    /// Adds a head that was parsed from these bytes.
    pub(crate) fn insert(&mut self, bytes: &[u8], head: &Head) {
        let Range { start, end } = head.digits;
        let digits = bytes.get(start..end).unwrap_or_default();
        if number(digits).is_some()
            && self.find(bytes).is_none()
            && let (Some(before), Some(after)) = (bytes.get(..start), bytes.get(end..head.length))
        {
            self.heads.truncate(Self::KEPT - 1);
            self.heads.push_front((before.to_vec(), after.to_vec()));
        }
    }

    /// Returns the head at the start of `bytes`, if it is known.
    pub(crate) fn find(&self, bytes: &[u8]) -> Option<Head> {
        self.heads.iter().find_map(|(before, after)| {
            let rest = bytes.strip_prefix(&**before)?;
            let end = rest.iter().position(|byte| !byte.is_ascii_digit())?;
            let (digits, rest) = rest.split_at_checked(end)?;
            rest.strip_prefix(&**after)?;
            let length = usize::try_from(number(digits)?).ok()?;
            (length <= MAX_BODY).then(|| Head {
                length: before.len() + end + after.len(),
                body: Framing::Length(length),
                digits: before.len()..before.len() + end,
            })
        })
    }
}

/// Returns the end of the head, after the empty line. If there is none, returns as an error where
/// to continue when there are more bytes. `from` is the result of the previous call, or 0.
pub(crate) fn end(bytes: &[u8], from: usize) -> Result<usize, usize> {
    let mut from = from;
    loop {
        let Some(at) = line_feed(bytes.get(from..).unwrap_or_default()) else {
            return Err(bytes.len());
        };
        let end = from + at;
        match bytes.get(end + 1..).unwrap_or_default() {
            [b'\n', ..] => return Ok(end + 2),
            [b'\r', b'\n', ..] => return Ok(end + 3),
            [] | [b'\r'] => return Err(end),
            _ => from = end + 1,
        }
    }
}

/// Finds the first line feed, eight bytes at a time because heads are long.
fn line_feed(bytes: &[u8]) -> Option<usize> {
    let (blocks, rest) = bytes.as_chunks::<8>();
    for (index, block) in blocks.iter().enumerate() {
        const ONES: u64 = u64::from_ne_bytes([1; 8]);
        let differing = u64::from_le_bytes(*block) ^ (ONES * b'\n' as u64);
        let found = differing.wrapping_sub(ONES) & !differing & (ONES << 7);
        if found != 0 {
            return Some(8 * index + found.trailing_zeros() as usize / 8);
        }
    }
    let at = rest.iter().position(|&byte| byte == b'\n')?;
    Some(8 * blocks.len() + at)
}

/// Parses a number that consists of digits only.
fn number(digits: &[u8]) -> Option<u64> {
    let (first, rest) = digits.split_first()?;
    let digit = |byte: &u8| char::from(*byte).to_digit(10).map(u64::from);
    rest.iter().try_fold(digit(first)?, |number, byte| {
        number.checked_mul(10)?.checked_add(digit(byte)?)
    })
}

/// Finds the first line that makes the head malformed, and the reason.
#[cold]
fn malformed(head: &[u8], error: httparse::Error) -> (usize, String) {
    let mut start = 0;
    let mut found = head;
    for line in head.split_inclusive(|&byte| byte == b'\n') {
        let until = head.get(..start + line.len()).unwrap_or(head);
        let mut headers = [const { MaybeUninit::uninit() }; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut []);
        found = line;
        if request
            .parse_with_uninit_headers(until, &mut headers)
            .is_err()
        {
            break;
        }
        start += line.len();
    }
    let found = quote(found.trim_ascii_end());
    let message = match start {
        // The likeliest cause is the request before it.
        0 => format!("expected a request line, found {found}; a body needs a Content-Length"),
        _ => format!("malformed request: {error} in {found}"),
    };
    (start, message)
}

pub(crate) fn too_long() -> String {
    format!("body too long: more than {MAX_BODY} bytes")
}

/// Returns bytes in double quotes, escaped and shortened.
pub(crate) fn quote(bytes: &[u8]) -> String {
    const QUOTED: usize = 48;
    match bytes.get(..QUOTED) {
        Some(short) if bytes.len() > QUOTED => format!("\"{}…\"", short.escape_ascii()),
        _ => format!("\"{}\"", bytes.escape_ascii()),
    }
}
