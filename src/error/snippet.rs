//! An error with its place in the input.

use std::fmt;

use unicode_width::UnicodeWidthStr as _;

use super::quote::push_escaped;
use super::report::Error;

/// The maximum number of characters shown on each side of the marked ones.
const CONTEXT: usize = 60;
/// The number of bytes that hold at least one character more, which shows whether to add an
/// ellipsis: a character has up to four bytes.
const NEAR: usize = 4 * (CONTEXT + 1);

impl Error {
    /// Returns a value that displays the error and the part of the input that it is about, with
    /// the wrong bytes marked.
    ///
    /// Control characters, and those that change the direction of writing, are escaped, so the
    /// snippet is safe to print to a terminal.
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

/// An [`Error`] with its place in the input.
///
/// This struct is created by [`Error::snippet`].
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

/// Returns each character of `bytes` as it is shown. Invalid UTF-8 is shown as `\xff`.
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

/// A line of text, and its width in terminal columns.
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
