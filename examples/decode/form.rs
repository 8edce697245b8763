//! Forms in another character set than UTF-8.

use crate::charset::{Charset, Malformed};

/// Brings a form into UTF-8. Its bytes are of a character set that extends ASCII, whether they
/// stand in it as they are or percent-encoded: in windows-1252, `%E9` becomes `%C3%A9`.
///
/// What is ASCII stays as it is, and so does a `%` without two digits, which the parser judges.
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
        // No character set has these bytes within another character.
        out.extend(form.get(at));
        at += 1;
    }
    Ok(out)
}

/// The octet at this place and its length in the form, unless it is left as it is: `&`, `=`, `+`, a
/// line end or a `%` that encodes nothing.
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
