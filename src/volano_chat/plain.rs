//! The short way for nearly every body: its texts one after the other, each up to the next `<`.

use crate::scan;

/// The text up to the next `<`, and what stands behind `tags`, if they begin there. `None` if not,
/// or if there is a `&` in the text and `REFERENCES` are to be decoded.
#[inline(always)]
pub(super) fn plain_text<'a, const REFERENCES: bool>(
    rest: &'a str,
    tags: &str,
) -> Option<(&'a str, &'a str)> {
    let (text, behind) = rest.split_at_checked(end_of_text::<REFERENCES>(rest.as_bytes()))?;
    Some((text, behind.strip_prefix(tags)?))
}

/// Where the next `<` stands, or `&` if `REFERENCES` are to be decoded; else the end.
#[inline(never)]
fn end_of_text<const REFERENCES: bool>(bytes: &[u8]) -> usize {
    let end = scan::find(bytes, |block| {
        if REFERENCES {
            block.is(b'<') | block.is(b'&')
        } else {
            block.is(b'<')
        }
    });
    end.unwrap_or(bytes.len())
}
