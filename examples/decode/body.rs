//! From a body to an event.

use std::borrow::Cow;

use isl_volano::isl_light::Parser;
use isl_volano::volano_chat::{Dialect, Event};
use isl_volano::{Error, ErrorKind, Family, Payload};

use crate::charset::{Charset, Malformed};
use crate::form;
use crate::http::{HttpError, MAX_BODY};

/// A body as it is parsed.
pub(crate) struct Body<'a> {
    /// `None` where the character set hides it.
    pub(crate) family: Option<Family>,
    /// The character set, where it was guessed.
    pub(crate) guessed: Option<Charset>,
    /// The bytes as they came, or in UTF-8. The parser's offsets count in them.
    pub(crate) bytes: Cow<'a, [u8]>,
}

/// Why there is no event.
pub(crate) enum Problem {
    Parse(Error),
    Charset(Malformed),
    Http(HttpError),
    TooLong,
}

impl Problem {
    /// The kind's name, for programs.
    pub(crate) fn kind(&self) -> String {
        match self {
            Problem::Parse(error) => format!("{:?}", error.kind()),
            Problem::Charset(_) => "InvalidEncoding".to_owned(),
            Problem::Http(_) => "InvalidHttp".to_owned(),
            Problem::TooLong => "TooLong".to_owned(),
        }
    }

    pub(crate) fn message(&self) -> String {
        match self {
            Problem::Parse(error) => error.to_string(),
            Problem::Charset(malformed) => malformed.to_string(),
            Problem::Http(error) => error.to_string(),
            Problem::TooLong => format!("body too long: more than {MAX_BODY} bytes"),
        }
    }

    /// Of a parser in the body as it is in UTF-8, of a character set in the body as it came, of
    /// HTTP in the source.
    pub(crate) fn offset(&self) -> u64 {
        match self {
            Problem::Parse(error) => error.offset() as u64,
            Problem::Charset(malformed) => malformed.offset as u64,
            Problem::Http(error) => error.offset,
            Problem::TooLong => MAX_BODY as u64,
        }
    }

    pub(crate) fn parameter(&self) -> Option<&str> {
        match self {
            Problem::Parse(error) => error.name(),
            _ => None,
        }
    }
}

/// How bodies are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decoder {
    parser: Parser,
    dialect: Dialect,
    charset: Option<Charset>,
}

impl Decoder {
    pub(crate) fn new(lenient: bool, dialect: Dialect, charset: Option<Charset>) -> Self {
        let parser = Parser::new();
        Decoder {
            parser: if lenient { parser.lenient() } else { parser },
            dialect,
            charset,
        }
    }

    /// Brings a body into UTF-8, if it is known to be in something else. A bare body is all that a
    /// file holds.
    pub(crate) fn body<'a>(
        &self,
        raw: &'a [u8],
        bare: bool,
    ) -> Result<Body<'a>, (Body<'a>, Problem)> {
        let mut bytes = Cow::Borrowed(raw);
        if let Some(charset) = self.charset {
            match decode(raw, charset) {
                Ok(decoded) => bytes = decoded,
                Err(malformed) => {
                    let problem = match (charset, Payload::parse_bytes(raw)) {
                        // The crate has words for this one.
                        (Charset::Utf8, Err(error)) => Problem::Parse(error.error),
                        _ => Problem::Charset(malformed),
                    };
                    let body = Body {
                        family: charset.extends_ascii().then(|| Family::of(raw)),
                        guessed: None,
                        bytes,
                    };
                    return Err((body, problem));
                }
            }
        }
        let family = Family::of(&bytes);
        if bare && family == Family::IslLight {
            bytes = without_line_end(bytes);
        }
        Ok(Body {
            family: Some(family),
            guessed: None,
            bytes,
        })
    }

    /// The body in the character set that it seems to be in, if it is not in UTF-8 and nothing was
    /// said: VolanoChat's server writes in that of its platform.
    #[cold]
    pub(crate) fn guess(&self, body: &Body<'_>, error: &Error) -> Option<Body<'static>> {
        if self.charset.is_some()
            || body.family != Some(Family::VolanoChat)
            || error.kind() != ErrorKind::InvalidUtf8
        {
            return None;
        }
        let charset = Charset::Windows1252;
        let text = charset.decode(&body.bytes).ok()?;
        // Only where it is clear what is read.
        Event::parse_verbatim(&text).ok()?;
        Some(Body {
            family: body.family,
            guessed: Some(charset),
            bytes: Cow::Owned(text.into_owned().into_bytes()),
        })
    }

    /// Parses a body; what needs decoding is decoded into `buffer`.
    pub(crate) fn event<'a>(
        &self,
        body: &'a Body<'_>,
        buffer: &'a mut Vec<u8>,
    ) -> Result<Payload<'a>, Error> {
        let bytes = &*body.bytes;
        if body.family == Some(Family::IslLight) {
            let notification = self.parser.parse_in(bytes, buffer)?;
            return Ok(Payload::IslLight(notification));
        }
        self.dialect.parse_bytes(bytes).map(Payload::VolanoChat)
    }
}

/// Brings a body into UTF-8.
fn decode(raw: &[u8], charset: Charset) -> Result<Cow<'_, [u8]>, Malformed> {
    // The parser of forms expects UTF-8. A form in UTF-16 is ASCII before it is encoded.
    if charset != Charset::Utf8 && charset.extends_ascii() && Family::of(raw) == Family::IslLight {
        form::to_utf8(raw, charset).map(Cow::Owned)
    } else {
        charset.decode(raw).map(into_bytes)
    }
}

fn into_bytes(text: Cow<'_, str>) -> Cow<'_, [u8]> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

/// A form has no line end; one after it is an editor's or a shell's.
fn without_line_end(bytes: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let length = match &*bytes {
        [body @ .., b'\r', b'\n'] | [body @ .., b'\n'] => body.len(),
        body => body.len(),
    };
    match bytes {
        Cow::Borrowed(bytes) => Cow::Borrowed(bytes.get(..length).unwrap_or(bytes)),
        Cow::Owned(mut bytes) => {
            bytes.truncate(length);
            Cow::Owned(bytes)
        }
    }
}
