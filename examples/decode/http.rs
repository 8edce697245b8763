//! Splits concatenated raw HTTP/1.x requests into their bodies.
//!
//! Bytes arrive in pieces of any size, which does not change the result. Time is linear in the
//! input. Only the current request and the last piece are in memory.

mod head;

use std::fmt;
use std::io::{self, Read};
use std::ops::Range;

use head::{Framing, Head, KnownHeads, quote, too_long};

pub(crate) use head::MAX_BODY;

/// The number of bytes to read at a time.
const CHUNK: usize = 128 << 10;

/// The maximum length of the head of a request, and of the trailer of a chunked one, in bytes.
pub(crate) const MAX_HEAD: usize = 64 << 10;
/// The maximum length of a line with the size of a chunk, in bytes.
const MAX_SIZE_LINE: usize = 4 << 10;

/// Detects whether bytes begin with a request line: `METHOD SP target SP HTTP/1.x`.
#[derive(Debug, Default)]
pub(crate) struct Sniffer {
    place: Place,
    seen: usize,
}

/// The position of the sniffer in a request line.
#[derive(Debug, Default, Clone, Copy)]
enum Place {
    /// Before it. Empty lines are skipped.
    #[default]
    Before,
    Method,
    /// After the method, or in the target.
    Target {
        empty: bool,
    },
    /// At this offset in the version.
    Version(usize),
    Decided(bool),
}

const VERSION: &[u8] = b"HTTP/1.";

impl Sniffer {
    pub(crate) fn new() -> Self {
        Sniffer::default()
    }

    /// Looks at the next bytes. Returns `None` if more bytes are needed.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Option<bool> {
        for &byte in bytes {
            if let Place::Decided(_) = self.place {
                break;
            }
            self.place = self.place.after(byte);
            self.seen += 1;
            if self.seen > MAX_HEAD && !matches!(self.place, Place::Decided(_)) {
                self.place = Place::Decided(false);
            }
        }
        match self.place {
            Place::Decided(decision) => Some(decision),
            _ => None,
        }
    }
}

impl Place {
    fn after(self, byte: u8) -> Place {
        match (self, byte) {
            (Place::Before, b'\r' | b'\n') => Place::Before,
            (Place::Before | Place::Method, _) if is_token(byte) => Place::Method,
            (Place::Method, b' ') => Place::Target { empty: true },
            (Place::Target { .. }, 0x21..=0x7e | 0x80..) => Place::Target { empty: false },
            (Place::Target { empty: false }, b' ') => Place::Version(0),
            (Place::Version(at), _) if VERSION.get(at) == Some(&byte) => {
                if at + 1 == VERSION.len() {
                    Place::Decided(true)
                } else {
                    Place::Version(at + 1)
                }
            }
            _ => Place::Decided(false),
        }
    }
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// An error in a request. The input after it cannot be split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HttpError {
    /// The offset in the input.
    pub(crate) offset: u64,
    message: String,
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (byte {})", self.message, self.offset)
    }
}

/// A reader that splits its input into bodies.
#[derive(Debug, Default)]
pub(crate) struct Splitter {
    buffer: Vec<u8>,
    /// The start of the unused bytes in the buffer.
    start: usize,
    /// The end of the unused bytes in the buffer.
    end: usize,
    /// The offset of the buffer in the input.
    offset: u64,
    /// The number of bytes after `start` that were searched for the end of the head or line.
    scanned: usize,
    state: State,
    known_heads: KnownHeads,
    /// The body of a chunked request so far.
    body: Vec<u8>,
    /// Whether the input has ended.
    ended: bool,
}

#[derive(Debug, Default, Clone, Copy)]
enum State {
    /// Before or in the head of a request.
    #[default]
    Head,
    /// In a body of this length.
    Sized(usize),
    /// Before a chunk.
    ChunkSize,
    /// In a chunk, this many bytes before its end.
    ChunkData(usize),
    /// After the data of a chunk.
    ChunkEnd,
    /// After the last chunk, and this many bytes of the trailer.
    Trailer(usize),
    /// At the end.
    Over,
}

/// The result of a step.
enum Step {
    /// The state changed: take the next step.
    On,
    /// More bytes are needed.
    Wait,
    /// A body, at this range of the buffer.
    Sized(Range<usize>),
    /// A body, assembled from chunks.
    Chunked,
}

impl Splitter {
    pub(crate) fn new() -> Self {
        Splitter::default()
    }

    /// Reads more bytes, and returns them. Returns no bytes at the end of the input.
    pub(crate) fn read_from(&mut self, from: &mut impl Read) -> io::Result<&[u8]> {
        if let State::Over = self.state {
            self.start = self.end;
        }
        // Each move is at most as long as the bytes used since the last one, so the total is
        // linear.
        if self.end - self.start <= self.start {
            self.buffer.copy_within(self.start..self.end, 0);
            self.offset += self.start as u64;
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            self.buffer.resize(CHUNK.max(2 * self.end), 0);
        }
        let room = self.buffer.get_mut(self.end..).unwrap_or_default();
        let length = room.len().min(CHUNK);
        let room = room.get_mut(..length).unwrap_or_default();
        let length = loop {
            match from.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        let bytes = room.get(..length).unwrap_or_default();
        self.end += bytes.len();
        Ok(bytes)
    }

    /// Marks the end of the input.
    pub(crate) fn finish(&mut self) {
        self.ended = true;
    }

    /// Returns the next body or the error that ends the input, or `None` until more bytes are read.
    ///
    /// A body is never empty, because a request without a body has no payload.
    pub(crate) fn next(&mut self) -> Option<Result<&[u8], HttpError>> {
        loop {
            let step = match self.state {
                State::Head => self.head(),
                State::Sized(length) => self.sized(length),
                State::ChunkSize => self.chunk_size(),
                State::ChunkData(left) => Ok(self.chunk_data(left)),
                State::ChunkEnd => self.chunk_end(),
                State::Trailer(length) => self.trailer(length),
                State::Over => Ok(Step::Wait),
            };
            match step {
                Ok(Step::On) => {}
                Ok(Step::Wait) if self.ended && !matches!(self.state, State::Over) => {
                    let error = self.truncated();
                    self.state = State::Over;
                    return error.map(Err);
                }
                Ok(Step::Wait) => return None,
                Ok(Step::Sized(range)) => {
                    return Some(Ok(self.buffer.get(range).unwrap_or_default()));
                }
                Ok(Step::Chunked) => return Some(Ok(&self.body)),
                Err(error) => {
                    self.state = State::Over;
                    return Some(Err(error));
                }
            }
        }
    }

    /// Returns the unused bytes.
    pub(crate) fn rest(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Uses the next `length` bytes, and sets the state.
    fn advance(&mut self, length: usize, state: State) {
        self.start += length;
        self.scanned = 0;
        self.state = state;
    }

    /// Returns an error at the offset `at` in the unused bytes.
    #[cold]
    fn error(&self, at: usize, message: impl Into<String>) -> HttpError {
        HttpError {
            offset: self.offset + (self.start + at) as u64,
            message: message.into(),
        }
    }

    fn head(&mut self) -> Result<Step, HttpError> {
        // Some senders put an empty line after a body.
        let empty = self
            .rest()
            .iter()
            .take_while(|&&b| b == b'\r' || b == b'\n');
        self.start += empty.count();
        let window = self.buffer.get(self.start..self.end).unwrap_or_default();
        let window = window.get(..MAX_HEAD).unwrap_or(window);
        let head = if self.scanned == 0
            && let Some(head) = self.known_heads.find(window)
        {
            head
        } else if let Some(head) = self.parse_head(window)? {
            self.known_heads.insert(window, &head);
            head
        } else {
            // Continue to search for the end of the head from here.
            self.scanned = head::end(window, self.scanned).unwrap_or_else(|scanned| scanned);
            return Ok(Step::Wait);
        };
        // An empty body is not a payload.
        let state = match head.body {
            Framing::Length(0) => State::Head,
            Framing::Length(length) => State::Sized(length),
            Framing::Chunked => State::ChunkSize,
        };
        self.body.clear();
        self.advance(head.length, state);
        Ok(Step::On)
    }

    /// Parses the head at the start of the bytes, if it is complete.
    fn parse_head(&self, window: &[u8]) -> Result<Option<Head>, HttpError> {
        // Most heads are complete at the first attempt.
        if self.scanned == 0
            && let Ok(Some(head)) = Head::parse(window)
        {
            return Ok(Some(head));
        }
        // Otherwise, search for the end first, so that a head is not parsed again for each of its
        // pieces.
        let too_long = || format!("head too long: more than {MAX_HEAD} bytes");
        match head::end(window, self.scanned) {
            Ok(end) => match Head::parse(window.get(..end).unwrap_or_default()) {
                Ok(head) => Ok(Some(head.unwrap_or_else(|| Head::without_body(end)))),
                Err((at, message)) => Err(self.error(at, message)),
            },
            Err(_) if window.len() < MAX_HEAD => Ok(None),
            Err(_) => match Head::parse(window) {
                Ok(_) => Err(self.error(0, too_long())),
                Err((at, message)) => Err(self.error(at, message)),
            },
        }
    }

    fn sized(&mut self, length: usize) -> Result<Step, HttpError> {
        if self.rest().len() < length {
            return Ok(Step::Wait);
        }
        let body = self.start..self.start + length;
        self.advance(length, State::Head);
        Ok(Step::Sized(body))
    }

    fn chunk_size(&mut self) -> Result<Step, HttpError> {
        let Some((line, length)) = self.line(MAX_SIZE_LINE)? else {
            return Ok(Step::Wait);
        };
        let line = self.rest().get(..line).unwrap_or_default();
        // Ignore an extension after a `;`.
        let digits = line.split(|&byte| byte == b';').next().unwrap_or_default();
        let digits = digits.trim_ascii_end();
        let size = if digits.iter().all(u8::is_ascii_hexdigit) {
            str::from_utf8(digits)
                .ok()
                .and_then(|digits| u64::from_str_radix(digits, 16).ok())
        } else {
            None
        };
        let Some(size) = size else {
            let message = format!("invalid chunk size: {}", quote(line));
            return Err(self.error(0, message));
        };
        if size > (MAX_BODY - self.body.len()) as u64 {
            return Err(self.error(0, too_long()));
        }
        let state = match size {
            0 => State::Trailer(0),
            // The size is at most `MAX_BODY`.
            size => State::ChunkData(size as usize),
        };
        self.advance(length, state);
        Ok(Step::On)
    }

    fn chunk_data(&mut self, left: usize) -> Step {
        let rest = self.buffer.get(self.start..self.end).unwrap_or_default();
        let data = rest.get(..left).unwrap_or(rest);
        self.body.extend_from_slice(data);
        let length = data.len();
        if length < left {
            self.advance(length, State::ChunkData(left - length));
            return Step::Wait;
        }
        self.advance(length, State::ChunkEnd);
        Step::On
    }

    fn chunk_end(&mut self) -> Result<Step, HttpError> {
        let length = match self.rest() {
            [b'\n', ..] => 1,
            [b'\r', b'\n', ..] => 2,
            [] | [b'\r'] => return Ok(Step::Wait),
            _ => return Err(self.error(0, "missing line end after a chunk")),
        };
        self.advance(length, State::ChunkSize);
        Ok(Step::On)
    }

    fn trailer(&mut self, before: usize) -> Result<Step, HttpError> {
        let Some((line, length)) = self.line(MAX_HEAD - before)? else {
            return Ok(Step::Wait);
        };
        if line > 0 {
            self.advance(length, State::Trailer(before + length));
            return Ok(Step::On);
        }
        self.advance(length, State::Head);
        Ok(if self.body.is_empty() {
            Step::On
        } else {
            Step::Chunked
        })
    }

    /// Returns the length of the next line without and with its end, if the line is complete.
    fn line(&mut self, limit: usize) -> Result<Option<(usize, usize)>, HttpError> {
        let window = self.rest();
        let window = window.get(..limit).unwrap_or(window);
        let rest = window.get(self.scanned..).unwrap_or_default();
        match rest.iter().position(|&byte| byte == b'\n') {
            Some(at) => {
                let end = self.scanned + at;
                let line = window.get(..end).unwrap_or_default();
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                Ok(Some((line.len(), end + 1)))
            }
            None if window.len() == limit => Err(self.error(0, "line too long in a chunked body")),
            None => {
                self.scanned = window.len();
                Ok(None)
            }
        }
    }

    /// Returns the error at the end of the input, if a request is incomplete.
    #[cold]
    fn truncated(&self) -> Option<HttpError> {
        let rest = self.rest();
        let end = rest.len();
        Some(match self.state {
            State::Head if rest.is_empty() => return None,
            State::Head => match Head::parse(rest) {
                Err((at, message)) => self.error(at, message),
                Ok(_) => self.error(end, "incomplete head"),
            },
            State::Sized(length) => self.error(
                end,
                format!("incomplete body: expected {length} bytes, found {end}"),
            ),
            _ => self.error(end, "incomplete chunked body"),
        })
    }
}
