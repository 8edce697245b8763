//! Input shown to people: short, escaped, and marked.

use std::fmt;

use super::Error;

/// As much of the input as a message quotes, in characters.
const QUOTED: usize = 32;
/// The same in bytes, escaped: a character that is escaped takes up to ten.
const QUOTED_BYTES: usize = 96;
/// As much of the input as is shown on each side of a mark, in characters.
const CONTEXT: usize = 60;
/// As many bytes as hold one character more, so that it shows whether there are more: a character
/// has at most four.
const NEAR: usize = 4 * (CONTEXT + 1);

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
fn push_escaped(out: &mut String, c: char) {
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

/// An [`Error`] beneath which the place in the input is marked; made by [`Error::snippet`].
#[derive(Debug, Clone, Copy)]
pub struct Snippet<'a> {
    error: &'a Error,
    input: &'a [u8],
}

impl<'a> Snippet<'a> {
    pub(super) fn new(error: &'a Error, input: &'a [u8]) -> Self {
        Snippet { error, input }
    }
}

impl<'a> fmt::Display for Snippet<'a> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let span = self.error.span();
        let split = |bytes: &'a [u8], at| bytes.split_at_checked(at).unwrap_or((bytes, &[]));
        let (before, rest) = split(self.input, span.start);
        let (marked, after) = split(rest, span.len());

        let first = |bytes: &'a [u8]| bytes.get(..NEAR).unwrap_or(bytes);
        let left = before.len().saturating_sub(NEAR);
        let left = shown(before.get(left..).unwrap_or_default());
        let marked = shown(first(marked));
        let right = shown(first(after));

        let mut line = Line::default();
        if left.len() > CONTEXT {
            line.push_str("…");
        }
        for piece in left.iter().skip(left.len().saturating_sub(CONTEXT)) {
            line.push_str(piece);
        }
        let column = line.width;
        for piece in marked.iter().take(CONTEXT) {
            line.push_str(piece);
        }
        let carets = line.width.saturating_sub(column).max(1);
        if marked.len() <= CONTEXT {
            for piece in right.iter().take(CONTEXT) {
                line.push_str(piece);
            }
        }
        if marked.len() > CONTEXT || right.len() > CONTEXT {
            line.push_str("…");
        }
        write!(
            f,
            "{}\n  | {}\n  | {:column$}{:^<carets$}",
            self.error, line.text, "", ""
        )
    }
}

/// Each character of `bytes` as it is shown, bytes that are not UTF-8 as `\xff`.
fn shown(bytes: &[u8]) -> Vec<String> {
    let mut pieces = Vec::new();
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            let mut piece = String::new();
            match c {
                '"' | '\\' => piece.push(c),
                _ => push_escaped(&mut piece, c),
            }
            pieces.push(piece);
        }
        for byte in chunk.invalid() {
            pieces.push(format!("\\x{byte:02x}"));
        }
    }
    pieces
}

/// A line of text and how many columns of a terminal it takes.
#[derive(Default)]
struct Line {
    text: String,
    width: usize,
}

impl Line {
    fn push_str(&mut self, piece: &str) {
        self.text.push_str(piece);
        let columns: usize = piece.chars().map(columns).sum();
        self.width = self.width.saturating_add(columns);
    }
}

/// How many columns a terminal gives to `c`: two to the scripts of East Asia and to emoji.
fn columns(c: char) -> usize {
    match u32::from(c) {
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}
