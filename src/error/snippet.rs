//! The place of an error in its input, shown to people.

use std::fmt;

use unicode_width::UnicodeWidthStr as _;

use super::quote::push_escaped;
use super::report::Error;

/// The most characters of the input that are shown on each side of what is marked.
const CONTEXT: usize = 60;
/// The bytes that hold one character more, which shows whether there are more: a character has at
/// most four.
const NEAR: usize = 4 * (CONTEXT + 1);

impl Error {
    /// Shows the error with the part of the input that it is about, marked beneath.
    ///
    /// Control characters and marks that change the direction of writing are escaped, so the
    /// snippet can be shown on a terminal.
    ///
    /// ```
    /// use isl_volano::isl_light::Notification;
    ///
    /// let body = "TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=%zz";
    /// let error = Notification::parse(body).unwrap_err();
    /// assert_eq!(error.snippet(body.as_bytes()).to_string(), "\
    /// invalid percent-encoding in `SERVERID`: \"%zz\" (byte 58)
    ///   | TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=%zz
    ///   |                                                           ^^^");
    /// ```
    #[must_use]
    pub fn snippet<'a>(&'a self, input: &'a [u8]) -> Snippet<'a> {
        Snippet { error: self, input }
    }
}

/// An [`Error`] with its place in the input marked beneath; created by [`Error::snippet`].
#[derive(Debug, Clone, Copy)]
pub struct Snippet<'a> {
    error: &'a Error,
    input: &'a [u8],
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

/// A line of text and its width in columns of a terminal.
#[derive(Default)]
struct Line {
    text: String,
    width: usize,
}

impl Line {
    fn push_str(&mut self, piece: &str) {
        self.text.push_str(piece);
        self.width = self.width.saturating_add(piece.width());
    }
}
