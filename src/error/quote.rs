//! Input in messages: short and escaped.

/// As much of the input as a message quotes, in characters.
const QUOTED: usize = 32;
/// The same in bytes, escaped: a character that is escaped takes up to ten.
const QUOTED_BYTES: usize = 96;

/// `text` in double quotes, escaped, and cut when it is long.
pub(crate) fn quote(text: &str) -> String {
    format!("\"{}\"", shorten(text))
}

/// `text` in double quotes, escaped.
pub(crate) fn quote_whole(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        push_escaped(&mut quoted, c);
    }
    quoted.push('"');
    quoted
}

/// `text` escaped, and cut when it is long.
pub(super) fn shorten(text: &str) -> String {
    let mut short = String::new();
    for (index, c) in text.chars().enumerate() {
        let length = short.len();
        push_escaped(&mut short, c);
        if index == QUOTED || short.len() > QUOTED_BYTES {
            short.truncate(length);
            short.push('…');
            break;
        }
    }
    short
}

/// Appends `c`, escaped where a terminal or a reader could be deceived by it.
pub(super) fn push_escaped(out: &mut String, c: char) {
    match c {
        '\'' => out.push(c),
        // Letters and symbols by their category, and yet they show as nothing: fillers of Hangul,
        // blanks of Braille and of hieroglyphs, a note without a head, the place of an object.
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}' | '\u{13441}'
        | '\u{13442}' | '\u{1d159}' | '\u{fffc}' => out.extend(c.escape_unicode()),
        // Unicode's own table: controls, unassigned and private characters, and the
        // invisible ones that join, hide or turn the direction of writing.
        _ => out.extend(c.escape_debug()),
    }
}
