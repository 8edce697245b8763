//! Characters, white space and names of XML 1.0.

use crate::error::{Error, ErrorKind};
use crate::scan::{self, Block, Mask};

/// Returns whether XML 1.0 allows the character (production 2, `Char`).
#[inline]
pub(super) fn is_char(c: char) -> bool {
    !matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}')
}

/// White space (production 3, `S`).
pub(super) const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

fn is_space_byte(byte: u8) -> bool {
    SPACE.contains(&byte.into())
}

/// Returns whether the text is empty or white space.
pub(crate) fn is_space(text: &str) -> bool {
    text.bytes().all(is_space_byte)
}

/// Removes leading white space.
pub(crate) fn trim_start(text: &str) -> &str {
    let spaces = text.bytes().take_while(|byte| is_space_byte(*byte));
    text.get(spaces.count()..).unwrap_or_default()
}

/// Splits at the first `delimiter`, an ASCII character that is probably near the start.
pub(crate) fn split_near(text: &str, delimiter: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == delimiter)?;
    let (before, rest) = text.split_at_checked(at)?;
    Some((before, rest.get(1..)?))
}

/// Returns whether the character can start a name (production 4, `NameStartChar`).
fn is_name_start(c: char) -> bool {
    matches!(c,
        ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}'
        | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}'
        | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}'
        | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

/// Returns whether the text is a name (production 5, `Name`).
pub(super) fn is_name(text: &str) -> bool {
    let is_name_char = |c| {
        is_name_start(c)
            || matches!(c,
                '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}'
                | '\u{203f}'..='\u{2040}')
    };
    // Most names consist of lower-case letters.
    match text.trim_start_matches(|c: char| c.is_ascii_lowercase()) {
        "" => !text.is_empty(),
        rest => text.starts_with(is_name_start) && rest.chars().all(is_name_char),
    }
}

/// Fails at the first character that XML 1.0 does not allow.
#[inline]
pub(super) fn check_chars(text: &str) -> Result<(), Error> {
    let mut rest = text;
    while let Some(at) = scan::find(rest.as_bytes(), control_or_ef) {
        // The mask is on the first byte of a character.
        let marked = rest.get(at..).unwrap_or_default();
        let mut chars = marked.chars();
        if let Some(c) = chars.next()
            && !is_char(c)
        {
            return Err(not_a_char(ErrorKind::NotWellFormed, None, text, marked, c));
        }
        rest = chars.as_str();
    }
    Ok(())
}

/// Creates the error that XML 1.0 does not allow `c`, the first character of `rest`, a suffix of `text`.
#[cold]
pub(super) fn not_a_char(
    kind: ErrorKind,
    name: Option<&'static str>,
    text: &str,
    rest: &str,
    c: char,
) -> Error {
    let problem = match name {
        Some(name) => format!("cannot write `{name}` as XML"),
        None => "not well-formed".to_owned(),
    };
    let message = format!("{problem}: U+{:04X} is not allowed", u32::from(c));
    let start = text.len().saturating_sub(rest.len());
    Error::new(kind, 0..c.len_utf8(), name, message).shifted(start)
}

/// Masks control characters, and the first byte of U+FFFE and U+FFFF.
#[inline(always)]
pub(super) fn control_or_ef(block: Block) -> Mask {
    block.within(0, 0x1f) | block.is(0xef)
}
