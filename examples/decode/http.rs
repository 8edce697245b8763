//! Raw HTTP/1.x requests, back to back, split into their bodies.
//!
//! Bytes come in pieces of any size; how they are cut makes no difference to the result. The time
//! is linear in the input. No more is held than the request that is being read and the last piece.

use std::fmt;
use std::io::{self, Read};
use std::mem::MaybeUninit;
use std::ops::Range;

/// How much is read at a time, in bytes.
const CHUNK: usize = 128 << 10;

/// How long the head of a request can be, in bytes, and the trailer of a chunked one.
pub(crate) const MAX_HEAD: usize = 64 << 10;
/// How long a body can be, in bytes.
pub(crate) const MAX_BODY: usize = 256 << 20;
/// How long a line with the size of a chunk can be, in bytes.
const MAX_SIZE_LINE: usize = 4 << 10;
/// How many headers a request can have.
const MAX_HEADERS: usize = 128;

/// Tells whether bytes begin with a request line: `METHOD SP target SP HTTP/1.x`.
#[derive(Debug, Default)]
pub(crate) struct Sniffer {
    place: Place,
    seen: usize,
}

/// Where in a request line the sniffer is.
#[derive(Debug, Default, Clone, Copy)]
enum Place {
    /// Before it: empty lines are passed over.
    #[default]
    Before,
    Method,
    /// After the method, or in the target.
    Target {
        empty: bool,
    },
    /// So many bytes into the version.
    Version(usize),
    Decided(bool),
}

const VERSION: &[u8] = b"HTTP/1.";

impl Sniffer {
    pub(crate) fn new() -> Self {
        Sniffer::default()
    }

    /// Looks at the next bytes; `None` as long as more are needed to tell.
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

/// What is wrong with a request. Nothing can be told of what comes after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HttpError {
    /// Where, in all the bytes that were fed.
    pub(crate) offset: u64,
    message: String,
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (byte {})", self.message, self.offset)
    }
}

/// Reads bytes, and splits them into bodies.
#[derive(Debug, Default)]
pub(crate) struct Splitter {
    buffer: Vec<u8>,
    /// Where the bytes in the buffer begin that were read and not yet used.
    start: usize,
    /// Where they end.
    end: usize,
    /// Where the buffer begins in the input.
    offset: u64,
    /// How far after `start` the end of the head or line was looked for.
    scanned: usize,
    state: State,
    /// The body of a chunked request, as far as it was read.
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
    /// In a chunk, so many bytes before its end.
    ChunkData(usize),
    /// After the data of a chunk.
    ChunkEnd,
    /// After the last chunk, and so many bytes of the trailer.
    Trailer(usize),
    /// Nothing more is read.
    Over,
}

/// What came of looking at the buffer.
enum Step {
    /// The state has changed: look again.
    On,
    /// More bytes are needed.
    Wait,
    /// A body: there in the buffer.
    Sized(Range<usize>),
    /// A body, put together from chunks.
    Chunked,
}

impl Splitter {
    pub(crate) fn new() -> Self {
        Splitter::default()
    }

    /// Reads more bytes, and returns them; none at the end of the input.
    pub(crate) fn read_from(&mut self, from: &mut impl Read) -> io::Result<&[u8]> {
        if let State::Over = self.state {
            self.start = self.end;
        }
        // No more is moved than was used since the last move: linear in all.
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

    /// Says that there are no more bytes.
    pub(crate) fn finish(&mut self) {
        self.ended = true;
    }

    /// The next body or the error that ends the input; `None` until more bytes are read.
    ///
    /// A body is never empty, for a request without one has no payload.
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

    /// What was read and not yet used.
    pub(crate) fn rest(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Goes over the next `length` bytes, and on in `state`.
    fn advance(&mut self, length: usize, state: State) {
        self.start += length;
        self.scanned = 0;
        self.state = state;
    }

    /// An error at the byte `at` of what is not yet used.
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
        let window = self.rest();
        let window = window.get(..MAX_HEAD).unwrap_or(window);
        match head_end(window, self.scanned) {
            Ok(end) => {
                let head = window.get(..end).unwrap_or_default();
                let framing = framing(head).map_err(|(at, message)| self.error(at, message))?;
                // A body without a byte is none.
                let state = match framing {
                    Framing::Length(0) => State::Head,
                    Framing::Length(length) => State::Sized(length),
                    Framing::Chunked => State::ChunkSize,
                };
                self.body.clear();
                self.advance(end, state);
                Ok(Step::On)
            }
            Err(_) if window.len() == MAX_HEAD => Err(match framing(window) {
                Err((at, message)) => self.error(at, message),
                Ok(_) => self.error(0, format!("expected a head of at most {MAX_HEAD} bytes")),
            }),
            Err(scanned) => {
                self.scanned = scanned;
                Ok(Step::Wait)
            }
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
        // An extension after a `;` means nothing here.
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
            let message = format!("expected the size of a chunk, found {}", quote(line));
            return Err(self.error(0, message));
        };
        if size > (MAX_BODY - self.body.len()) as u64 {
            return Err(self.error(0, too_long()));
        }
        let state = match size {
            0 => State::Trailer(0),
            // It is not greater than `MAX_BODY`.
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
            _ => return Err(self.error(0, "expected a line end after a chunk")),
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

    /// How long the next line is without its end and with it, if all of it was read.
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
            None if window.len() == limit => Err(self.error(
                0,
                "expected the size of a chunk or a trailer, found a long line",
            )),
            None => {
                self.scanned = window.len();
                Ok(None)
            }
        }
    }

    /// What is missing at the end of the input, if anything.
    #[cold]
    fn truncated(&self) -> Option<HttpError> {
        let rest = self.rest();
        let end = rest.len();
        Some(match self.state {
            State::Head if rest.is_empty() => return None,
            State::Head => match framing(rest) {
                Err((at, message)) => self.error(at, message),
                Ok(_) => self.error(end, "expected the rest of a request's head, found the end"),
            },
            State::Sized(length) => self.error(
                end,
                format!("expected a body of {length} bytes, found {end}"),
            ),
            _ => self.error(end, "expected the rest of a chunked body, found the end"),
        })
    }
}

/// Where the head ends, after the empty line. If it does not, from where to look once there is
/// more. `from` is what this returned the last time, or 0.
fn head_end(bytes: &[u8], from: usize) -> Result<usize, usize> {
    let mut from = from;
    loop {
        let Some(at) = line_feed(bytes.get(from..).unwrap_or_default()) else {
            return Err(bytes.len());
        };
        let end = from + at;
        match bytes.get(end + 1..).unwrap_or_default() {
            [b'\n', ..] => return Ok(end + 2),
            [b'\r', b'\n', ..] => return Ok(end + 3),
            [] | [b'\r'] => return Err(end),
            _ => from = end + 1,
        }
    }
}

/// Where the first line feed stands: eight bytes at a time, as heads are long.
fn line_feed(bytes: &[u8]) -> Option<usize> {
    let (blocks, rest) = bytes.as_chunks::<8>();
    for (index, block) in blocks.iter().enumerate() {
        const ONES: u64 = u64::from_ne_bytes([1; 8]);
        let differing = u64::from_le_bytes(*block) ^ (ONES * b'\n' as u64);
        let found = differing.wrapping_sub(ONES) & !differing & (ONES << 7);
        if found != 0 {
            return Some(8 * index + found.trailing_zeros() as usize / 8);
        }
    }
    let at = rest.iter().position(|&byte| byte == b'\n')?;
    Some(8 * blocks.len() + at)
}

/// How long a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    Length(usize),
    Chunked,
}

/// What a head says of the body, or what is wrong and where in the head.
///
/// A head that is not complete, but not wrong so far, says nothing.
fn framing(head: &[u8]) -> Result<Framing, (usize, String)> {
    let mut headers = [const { MaybeUninit::uninit() }; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut []);
    if let Err(error) = request.parse_with_uninit_headers(head, &mut headers) {
        return Err(malformed(head, error));
    }
    let mut length: Option<u64> = None;
    let mut chunked = false;
    for header in request.headers.iter() {
        let at = || header.value.as_ptr().addr() - head.as_ptr().addr();
        if header.name.eq_ignore_ascii_case("content-length") {
            // A list of the same number is that number.
            for value in header.value.split(|&byte| byte == b',') {
                let number = match number(value.trim_ascii()) {
                    Some(number) if length.is_none_or(|length| length == number) => number,
                    _ => {
                        let found = quote(header.value);
                        return Err((at(), format!("expected one Content-Length, found {found}")));
                    }
                };
                length = Some(number);
            }
        } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
            if chunked || !header.value.trim_ascii().eq_ignore_ascii_case(b"chunked") {
                let found = quote(header.value);
                return Err((
                    at(),
                    format!("expected the coding \"chunked\", found {found}"),
                ));
            }
            chunked = true;
        }
    }
    match (chunked, length) {
        (false, None) => Ok(Framing::Length(0)),
        (true, None) => Ok(Framing::Chunked),
        (false, Some(length)) => match usize::try_from(length) {
            Ok(length) if length <= MAX_BODY => Ok(Framing::Length(length)),
            _ => Err((0, too_long())),
        },
        // A body with two ends has two readings.
        (true, Some(_)) => Err((
            0,
            "expected a Content-Length or chunks, found both".to_owned(),
        )),
    }
}

/// A number of digits only.
fn number(digits: &[u8]) -> Option<u64> {
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    str::from_utf8(digits).ok()?.parse().ok()
}

/// The first line that makes the head malformed, and why.
#[cold]
fn malformed(head: &[u8], error: httparse::Error) -> (usize, String) {
    let mut start = 0;
    let mut found = head;
    for line in head.split_inclusive(|&byte| byte == b'\n') {
        let until = head.get(..start + line.len()).unwrap_or(head);
        let mut headers = [const { MaybeUninit::uninit() }; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut []);
        found = line;
        if request
            .parse_with_uninit_headers(until, &mut headers)
            .is_err()
        {
            break;
        }
        start += line.len();
    }
    let found = quote(found.trim_ascii_end());
    (start, format!("malformed request: {error} in {found}"))
}

fn too_long() -> String {
    format!("expected a body of at most {MAX_BODY} bytes")
}

/// Bytes in double quotes, escaped, and cut when they are many.
fn quote(bytes: &[u8]) -> String {
    const QUOTED: usize = 48;
    match bytes.get(..QUOTED) {
        Some(short) if bytes.len() > QUOTED => format!("\"{}…\"", short.escape_ascii()),
        _ => format!("\"{}\"", bytes.escape_ascii()),
    }
}
