//! Excerpts of the input in messages: short and escaped.

/// The maximum number of characters in an excerpt.
const QUOTED: usize = 32;
/// The maximum length of an excerpt in bytes, escaped: an escape has up to ten.
const QUOTED_BYTES: usize = 96;

/// Returns `text` in double quotes, escaped and shortened.
pub(crate) fn quote(text: &str) -> String {
    format!("\"{}\"", shorten(text))
}

/// Returns a name in backticks, escaped and shortened.
pub(crate) fn quote_name(name: &str) -> String {
    quote_tag("", name, "")
}

/// Returns a tag in backticks, with its name escaped and shortened.
pub(crate) fn quote_tag(open: &str, name: &str, close: &str) -> String {
    let name = shorten(name).replace('`', "\\u{60}");
    format!("`{open}{name}{close}`")
}

/// Returns `text` in double quotes, escaped.
pub(crate) fn quote_whole(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        push_escaped(&mut quoted, c);
    }
    quoted.push('"');
    quoted
}

/// Returns `text` escaped and shortened.
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

/// Appends `c`, escaped if it could mislead a terminal or a reader.
pub(super) fn push_escaped(out: &mut String, c: char) {
    match c {
        '\'' => out.push(c),
        // Invisible characters in the categories of letters and symbols: Hangul fillers, the
        // Braille and hieroglyph blanks, the null notehead, the object replacement character.
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{2800}' | '\u{13441}'
        | '\u{13442}' | '\u{1d159}' | '\u{fffc}' => out.extend(c.escape_unicode()),
        // By Unicode's table: control, unassigned and private characters, and invisible ones that
        // join, hide, or change the direction of writing.
        _ => out.extend(c.escape_debug()),
    }
}
