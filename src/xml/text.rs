//! Decoding text: resolving references and normalizing line ends.

use std::borrow::Cow;

use super::chars::{check_chars, control_or_ef, is_char, split_near};
use super::error::{invalid_reference, malformed};
use crate::error::Error;
use crate::scan::{self, Block, Mask};

/// Decodes the text between markup.
///
/// Offsets of errors are relative to `raw`.
pub(crate) fn character_data(raw: &str) -> Result<Cow<'_, str>, Error> {
    if is_plain(raw) {
        return Ok(Cow::Borrowed(raw));
    }
    check_chars(raw)?;
    check_no_section_end(raw)?;
    decode(raw, |block| block.is(b'&') | block.is(b'\r'))
}

/// Decodes the content of a CDATA section, which has no references.
pub(super) fn cdata_section(raw: &str) -> Result<Cow<'_, str>, Error> {
    check_chars(raw)?;
    decode(raw, |block| block.is(b'\r'))
}

/// Decodes the value of an attribute.
pub(super) fn attribute_value(raw: &str) -> Result<Cow<'_, str>, Error> {
    decode(raw, |block| block.is(b'&'))
}

/// Returns whether the text needs no decoding and no further checks: it has no character that XML may
/// not allow, no carriage return, no reference, and no `>`.
fn is_plain(text: &str) -> bool {
    let suspect = |block: Block| {
        let plain = block.is(b'\t') | block.is(b'\n');
        control_or_ef(block) & !plain | block.is(b'>') | block.is(b'&')
    };
    scan::find(text.as_bytes(), suspect).is_none()
}

/// Fails at the first `]]>`.
fn check_no_section_end(raw: &str) -> Result<(), Error> {
    for end in memchr::memchr_iter(b'>', raw.as_bytes()) {
        let before = raw.get(..end).and_then(|raw| raw.strip_suffix("]]"));
        if let Some(found) = before.and_then(|before| raw.get(before.len()..)) {
            let at = raw.len().saturating_sub(found.len());
            let problem = "`]]>` outside a CDATA section";
            return Err(malformed(0.."]]>".len(), problem, found).shifted(at));
        }
    }
    Ok(())
}

/// Resolves references (XML 1.0, 4.4) and normalizes line ends to line feeds (2.11), at the `&` and
/// the carriage returns that `mark` masks.
fn decode(raw: &str, mark: impl Fn(Block) -> Mask) -> Result<Cow<'_, str>, Error> {
    let mut rest = raw;
    let mut text = String::new();
    while let Some(at) = scan::find(rest.as_bytes(), &mark) {
        if text.is_empty() {
            // Decoded text is not longer than raw text.
            text.reserve_exact(raw.len());
        }
        let (run, marked) = rest.split_at_checked(at).unwrap_or((rest, ""));
        text.push_str(run);
        rest = if let Some(after) = marked.strip_prefix('\r') {
            text.push('\n');
            after.strip_prefix('\n').unwrap_or(after)
        } else {
            let Some((c, after)) = reference(marked) else {
                let start = raw.len().saturating_sub(marked.len());
                return Err(invalid_reference(marked).shifted(start));
            };
            text.push(c);
            after
        };
    }
    if text.is_empty() {
        return Ok(Cow::Borrowed(raw));
    }
    text.push_str(rest);
    Ok(Cow::Owned(text))
}

/// Splits off the reference at the start of `text`. Returns its character and the rest, or `None` if
/// the reference is invalid without a DOCTYPE.
fn reference(text: &str) -> Option<(char, &str)> {
    let (name, after) = split_near(text.strip_prefix('&')?, b';')?;
    let c = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "apos" => '\'',
        "quot" => '"',
        _ => {
            let number = name.strip_prefix('#')?;
            let (digits, radix) = match number.strip_prefix('x') {
                Some(digits) => (digits, 16),
                None => (number, 10),
            };
            // `from_str_radix` accepts a sign.
            if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return None;
            }
            let c = char::from_u32(u32::from_str_radix(digits, radix).ok()?)?;
            is_char(c).then_some(c)?
        }
    };
    Some((c, after))
}
