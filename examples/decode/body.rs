//! Decoding a body into an event.

use std::borrow::Cow;

use isl_volano::isl_light::{Notification, Parser};
use isl_volano::volano_chat::{Dialect, Event};
use isl_volano::{Error, ErrorKind, Family, Payload};

use crate::charset::{Charset, Malformed};
use crate::form;
use crate::http::{HttpError, MAX_BODY};

/// A body to parse.
pub(crate) struct Body<'a> {
    /// `None` if the character set is not known.
    pub(crate) family: Option<Family>,
    /// The character set, if it was guessed.
    pub(crate) guessed: Option<Charset>,
    /// The original bytes, or the bytes converted to UTF-8. Offsets of the parser are in them.
    pub(crate) bytes: Cow<'a, [u8]>,
}

/// An event, and what lenient parsing left out of its fields.
pub(crate) struct Decoded<'a> {
    pub(crate) event: Payload<'a>,
    pub(crate) problems: Vec<Error>,
    /// The number of further problems.
    pub(crate) omitted_problems: usize,
}

impl<'a> From<Payload<'a>> for Decoded<'a> {
    fn from(event: Payload<'a>) -> Self {
        Decoded {
            event,
            problems: Vec::new(),
            omitted_problems: 0,
        }
    }
}

/// The reason why a payload is not an event.
pub(crate) enum Problem {
    Parse(Error),
    Charset(Malformed),
    Http(HttpError),
    TooLong,
}

impl Problem {
    /// Returns the name of the kind.
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

    /// Returns the offset of the error. For a parser, it is in the body in UTF-8; for a character
    /// set, in the original body; for HTTP, in the source.
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

/// The options for decoding bodies.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Decoder {
    lenient: bool,
    dialect: Dialect,
    charset: Option<Charset>,
}

impl Decoder {
    pub(crate) fn new(lenient: bool, dialect: Dialect, charset: Option<Charset>) -> Self {
        Decoder {
            lenient,
            dialect,
            charset,
        }
    }

    /// Converts a body to UTF-8, if its character set is given. A bare body is a complete file.
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
                        // Use the crate's error for UTF-8.
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

    /// Returns the body in the character set that it seems to have, if it is not UTF-8 and no
    /// character set is given. VolanoChat's server uses that of its platform.
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
        // Only if the result is unambiguous.
        Event::parse_verbatim(&text).ok()?;
        Some(Body {
            family: body.family,
            guessed: Some(charset),
            bytes: Cow::Owned(text.into_owned().into_bytes()),
        })
    }

    /// Parses a body. Text that needs decoding is decoded into `buffer`.
    pub(crate) fn event<'a>(
        &self,
        body: &'a Body<'_>,
        buffer: &'a mut Vec<u8>,
    ) -> Result<Decoded<'a>, Error> {
        let bytes = &*body.bytes;
        if body.family != Some(Family::IslLight) {
            let event = self.dialect.parse_bytes(bytes)?;
            return Ok(Payload::VolanoChat(event).into());
        }
        if self.lenient {
            let lenient = Notification::parse_lenient(bytes)?;
            return Ok(Decoded {
                event: Payload::IslLight(lenient.notification),
                problems: lenient.problems,
                omitted_problems: lenient.omitted_problems,
            });
        }
        let notification = Parser::new().parse_in(bytes, buffer)?;
        Ok(Payload::IslLight(notification).into())
    }
}

/// Converts a body to UTF-8.
fn decode(raw: &[u8], charset: Charset) -> Result<Cow<'_, [u8]>, Malformed> {
    // The parser of forms expects UTF-8. A form in UTF-16 has percent-encoded UTF-8.
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

/// Removes a line end after a form, which an editor or a shell added.
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
