//! Text of XML 1.0: which characters it has, what stands for them, and how it is escaped.

mod declaration;

pub(crate) use declaration::is_declaration;

use crate::error::{Error, ErrorKind};
use crate::scan::{self, Block, Mask};

/// Whether XML 1.0 has the character (production 2, `Char`).
#[inline]
pub(crate) fn is_char(c: char) -> bool {
    !matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}')
}

/// White space (production 3, `S`).
pub(crate) const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

/// Whether the text is white space, if anything.
pub(crate) fn is_space(text: &str) -> bool {
    text.bytes().all(|byte| SPACE.contains(&byte.into()))
}

/// Whether the character can begin a name (production 4, `NameStartChar`).
fn is_name_start(c: char) -> bool {
    matches!(c,
        ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}'
        | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}'
        | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}'
        | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

/// Whether the text is a name (production 5, `Name`).
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(is_name_start)
        && text.chars().all(|c| {
            is_name_start(c)
                || matches!(c,
                    '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}'
                    | '\u{203f}'..='\u{2040}')
        })
}

/// The reference that `text` begins with: the character that it stands for, and its length.
/// `None` if there is none that XML knows without a DOCTYPE.
pub(crate) fn reference(text: &str) -> Option<(char, usize)> {
    let name = text.strip_prefix('&')?;
    // The longest reference needs no more, unless it is padded with zeros.
    let end = memchr::memchr(b';', name.as_bytes())?;
    let name = name.get(..end)?;
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
            // `from_str_radix` would take a sign.
            if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return None;
            }
            let c = char::from_u32(u32::from_str_radix(digits, radix).ok()?)?;
            is_char(c).then_some(c)?
        }
    };
    // With the `&` and the `;`.
    Some((c, end.saturating_add(2)))
}

/// Fails at the first character that XML 1.0 does not have.
#[inline]
pub(crate) fn check_chars(text: &str) -> Result<(), Error> {
    let mut rest = text;
    while let Some(at) = scan::find(rest.as_bytes(), control_or_ef) {
        // What is marked is the first byte of a character.
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

/// The error that `rest`, the last part of `text`, begins with a character that XML 1.0 does not
/// have.
#[cold]
fn not_a_char(
    kind: ErrorKind,
    name: Option<&'static str>,
    text: &str,
    rest: &str,
    c: char,
) -> Error {
    let message = format!(
        "expected characters of XML 1.0, found U+{:04X}",
        u32::from(c)
    );
    let start = text.len().saturating_sub(rest.len());
    Error::new(kind, 0..c.len_utf8(), name, message).shifted(start)
}

/// Whether text between tags has nothing that is to be checked or changed: no character that XML
/// may not have, no carriage return, and nothing that could be the end of a CDATA section.
pub(crate) fn is_plain(text: &str) -> bool {
    let suspect = |block: Block| {
        let plain = block.is(b'\t') | block.is(b'\n');
        control_or_ef(block) & !plain | block.is(b'>')
    };
    scan::find(text.as_bytes(), suspect).is_none()
}

/// Appends `text` escaped, as content or between double quotes, so that a reader gets back
/// what it was, line ends included.
pub(crate) fn escape(out: &mut String, name: &'static str, text: &str) -> Result<(), Error> {
    let mut rest = text;
    while let Some(at) = scan::find(rest.as_bytes(), special) {
        // What is marked is the first byte of a character.
        let (run, marked) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(run);
        let mut chars = marked.chars();
        match chars.next() {
            Some('<') => out.push_str("&lt;"),
            Some('>') => out.push_str("&gt;"),
            Some('&') => out.push_str("&amp;"),
            Some('"') => out.push_str("&quot;"),
            Some('\r') => out.push_str("&#13;"),
            Some(c) if is_char(c) => out.push(c),
            Some(c) => {
                let kind = ErrorKind::UnrepresentableText;
                return Err(not_a_char(kind, Some(name), text, marked, c));
            }
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    Ok(())
}

/// Mask what may have to be escaped, and what XML may not have.
#[inline(always)]
fn special(block: Block) -> Mask {
    let markup = block.is(b'<') | block.is(b'>') | block.is(b'&') | block.is(b'"');
    markup | control_or_ef(block)
}

/// Mask the control characters, and the byte that U+FFFE and U+FFFF begin with.
#[inline(always)]
fn control_or_ef(block: Block) -> Mask {
    block.within(0, 0x1f) | block.is(0xef)
}
