//! Texts, with a high proportion of hostile ones.

use arbitrary::{Result, Unstructured};

/// Creates a text from a few pieces: single characters, or some of `words`.
pub(crate) fn text(u: &mut Unstructured<'_>, words: &[&str]) -> Result<String> {
    let mut text = String::new();
    for _ in 0..u.int_in_range(0..=6)? {
        if u.ratio(3, 5)? {
            text.push_str(u.choose(words)?);
        } else {
            text.push(u.arbitrary()?);
        }
    }
    Ok(text)
}

/// Reads each byte as one of `words`, which random bytes would rarely spell out.
pub(crate) fn spelled(data: &[u8], words: &[&str]) -> String {
    data.iter()
        .take(64)
        .filter_map(|byte| words.get(usize::from(*byte) % words.len()))
        .copied()
        .collect()
}
