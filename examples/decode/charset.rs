//! Character sets.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use encoding_rs::{DecoderResult, Encoding};

/// A character set of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charset {
    Utf8,
    /// The seven-bit set of RFC 20 and Java.
    Ascii,
    /// The set of ISO and Java, with control characters at 80 to 9f. In the Encoding standard, its
    /// names stand for windows-1252.
    Latin1,
    Windows1252,
    /// A set of the Encoding standard.
    Other(&'static Encoding),
}

impl Charset {
    /// Returns the character set with this label.
    pub(crate) fn for_label(label: &str) -> Option<Self> {
        let encoding = Encoding::for_label_no_replacement(label.as_bytes())?;
        Some(if encoding == encoding_rs::UTF_8 {
            Charset::Utf8
        } else if encoding == encoding_rs::WINDOWS_1252 {
            match label.trim().to_ascii_lowercase().as_str() {
                "windows-1252" | "cp1252" | "x-cp1252" => Charset::Windows1252,
                "ascii" | "us-ascii" | "ansi_x3.4-1968" => Charset::Ascii,
                _ => Charset::Latin1,
            }
        } else {
            Charset::Other(encoding)
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Charset::Utf8 => "utf-8",
            Charset::Ascii => "us-ascii",
            Charset::Latin1 => "iso-8859-1",
            Charset::Windows1252 => "windows-1252",
            Charset::Other(encoding) => encoding.name(),
        }
    }

    /// Returns whether ASCII characters have the same bytes as in ASCII.
    pub(crate) fn extends_ascii(self) -> bool {
        match self {
            Charset::Other(encoding) => encoding.is_ascii_compatible(),
            _ => true,
        }
    }

    /// Decodes the bytes, or finds the first invalid ones.
    pub(crate) fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, Malformed> {
        let malformed = |span: Range<usize>| Malformed {
            charset: self.name(),
            bytes: bytes.get(span.clone()).unwrap_or_default().to_vec(),
            offset: span.start,
        };
        match self {
            Charset::Utf8 => str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
                let start = error.valid_up_to();
                let end = error.error_len().map_or(bytes.len(), |n| start + n);
                malformed(start..end)
            }),
            Charset::Ascii => match bytes.iter().position(|byte| !byte.is_ascii()) {
                Some(at) => Err(malformed(at..at + 1)),
                None => Ok(String::from_utf8_lossy(bytes)),
            },
            Charset::Latin1 => Ok(encoding_rs::mem::decode_latin1(bytes)),
            Charset::Windows1252 => Ok(encoding_rs::WINDOWS_1252
                .decode_without_bom_handling(bytes)
                .0),
            Charset::Other(encoding) => {
                let text = without_mark(encoding, bytes);
                encoding
                    .decode_without_bom_handling_and_without_replacement(text)
                    .ok_or_else(|| {
                        let span = first_malformed(encoding, text);
                        let before = bytes.len() - text.len();
                        malformed(span.start + before..span.end + before)
                    })
            }
        }
    }
}

/// Removes a byte order mark, which is not part of the text.
fn without_mark<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> &'a [u8] {
    match Encoding::for_bom(bytes) {
        Some((marked, length)) if marked == encoding => bytes.get(length..).unwrap_or_default(),
        _ => bytes,
    }
}

#[cold]
fn first_malformed(encoding: &'static Encoding, bytes: &[u8]) -> Range<usize> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(1024);
    let mut read = 0;
    loop {
        let rest = bytes.get(read..).unwrap_or_default();
        let (result, more) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
        read += more;
        match result {
            DecoderResult::OutputFull => text.clear(),
            DecoderResult::InputEmpty => return read..read,
            DecoderResult::Malformed(length, after) => {
                let end = read.saturating_sub(usize::from(after));
                return end.saturating_sub(usize::from(length))..end;
            }
        }
    }
}

/// Bytes that are invalid in a character set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Malformed {
    charset: &'static str,
    bytes: Vec<u8>,
    /// The offset of the bytes.
    pub(crate) offset: usize,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "invalid {}: \"{}\" (byte {})",
            self.charset,
            self.bytes.escape_ascii(),
            self.offset
        )
    }
}
