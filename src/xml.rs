//! Text of XML 1.0: which characters it has, what stands for them, and how it is escaped.

use crate::error::{Error, ErrorKind};

/// Whether XML 1.0 has the character (production 2, `Char`).
#[inline]
pub(crate) fn is_char(c: char) -> bool {
    !matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}')
}

/// Whether the byte is white space (production 3, `S`).
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
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
    Some((c, end + 2))
}

/// Appends `text` escaped, as content or between double quotes, so that a reader gets back
/// what it was, line ends included.
pub(crate) fn escape(out: &mut String, name: &'static str, text: &str) -> Result<(), Error> {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| SPECIAL[usize::from(byte)]) {
        let (run, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(run);
        let mut chars = special.chars();
        match chars.next() {
            Some('<') => out.push_str("&lt;"),
            Some('>') => out.push_str("&gt;"),
            Some('&') => out.push_str("&amp;"),
            Some('"') => out.push_str("&quot;"),
            Some('\r') => out.push_str("&#13;"),
            Some(c) if is_char(c) => out.push(c),
            Some(c) => {
                let at = text.len() - special.len();
                return Err(Error::new(
                    ErrorKind::UnrepresentableText,
                    at..at + c.len_utf8(),
                    name,
                    format!(
                        "expected characters of XML 1.0, found U+{:04X}",
                        u32::from(c)
                    ),
                ));
            }
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    Ok(())
}

/// The bytes that do not simply stand for themselves: what is escaped, what XML does not have,
/// and the first byte of U+FFFE and U+FFFF.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        special[byte] = match byte as u8 {
            b'\t' | b'\n' => false,
            b'<' | b'>' | b'&' | b'"' | 0..0x20 | 0xef => true,
            _ => false,
        };
        byte += 1;
    }
    special
};
