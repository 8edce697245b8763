//! Forms in other character sets than UTF-8.

use crate::charset::{Charset, Malformed};

/// Converts a form to UTF-8. Raw and percent-encoded bytes are in a character set that extends
/// ASCII. For example, `%E9` in windows-1252 becomes `%C3%A9`.
///
/// ASCII is unchanged, as is a `%` without two digits, which is left to the parser.
pub(crate) fn to_utf8(form: &[u8], charset: Charset) -> Result<Vec<u8>, Malformed> {
    let mut out = Vec::with_capacity(form.len());
    let mut octets = Vec::new();
    let mut at = 0;
    while at < form.len() {
        let start = at;
        octets.clear();
        while let Some((octet, length)) = octet_at(form, at) {
            octets.push(octet);
            at += length;
        }
        if octets.is_ascii() {
            out.extend_from_slice(form.get(start..at).unwrap_or_default());
        } else {
            let text = charset.decode(&octets).map_err(|mut malformed| {
                malformed.offset = (0..malformed.offset).fold(start, |at, _| {
                    at + octet_at(form, at).map_or(0, |(_, length)| length)
                });
                malformed
            })?;
            let encoded = form_urlencoded::byte_serialize(text.as_bytes());
            out.extend(encoded.flat_map(str::bytes));
        }
        // In no character set are these bytes part of another character.
        out.extend(form.get(at));
        at += 1;
    }
    Ok(out)
}

/// Returns the octet at this offset and its length in the form, or `None` if it is left unchanged:
/// `&`, `=`, `+`, a line end or a malformed `%`.
fn octet_at(form: &[u8], at: usize) -> Option<(u8, usize)> {
    match form.get(at..)? {
        [] | [b'&' | b'=' | b'+' | b'\r' | b'\n', ..] => None,
        [b'%', rest @ ..] => {
            let digit = |at: usize| char::from(*rest.get(at)?).to_digit(16);
            let octet = 16 * digit(0)? + digit(1)?;
            Some((u8::try_from(octet).ok()?, "%00".len()))
        }
        [octet, ..] => Some((*octet, 1)),
    }
}
