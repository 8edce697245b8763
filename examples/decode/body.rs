//! From a body to an event.

use std::borrow::Cow;

use isl_volano::isl_light::Parser;
use isl_volano::volano_chat::Event;
use isl_volano::{Error, Family, Payload};

use crate::args::{Args, Dialect};
use crate::charset::{Charset, Malformed};
use crate::http::{HttpError, MAX_BODY};

/// A body as it is parsed.
pub(crate) struct Body<'a> {
    pub(crate) family: Family,
    /// The character set, where it was guessed.
    pub(crate) guessed: Option<Charset>,
    /// The bytes as they came, or the text in UTF-8.
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
            Problem::TooLong => format!("expected a body of at most {MAX_BODY} bytes"),
        }
    }

    /// In the body, or, if it is none, in the source.
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
    pub(crate) fn new(args: &Args) -> Self {
        let parser = Parser::new();
        Decoder {
            parser: if args.lenient {
                parser.lenient()
            } else {
                parser
            },
            dialect: args.dialect,
            charset: args.charset,
        }
    }

    /// Brings a body into UTF-8, as far as it is known how. A bare one is all that a file holds.
    ///
    /// Fails with the family, where that can be told.
    pub(crate) fn body<'a>(
        &self,
        raw: &'a [u8],
        bare: bool,
    ) -> Result<Body<'a>, (Option<Family>, Problem)> {
        let mut guessed = None;
        let mut bytes = Cow::Borrowed(raw);
        match self.charset {
            Some(charset) => {
                bytes = into_bytes(charset.decode(raw).map_err(|malformed| {
                    let family = charset.extends_ascii().then(|| Family::of(raw));
                    let problem = match (charset, Payload::parse_bytes(raw)) {
                        // The crate has words for this one.
                        (Charset::Utf8, Err(error)) => Problem::Parse(error.error),
                        _ => Problem::Charset(malformed),
                    };
                    (family, problem)
                })?);
            }
            None if Family::of(raw) == Family::VolanoChat && str::from_utf8(raw).is_err() => {
                let charset = Charset::Windows1252;
                if let Ok(text) = charset.decode(raw)
                    && Event::parse_verbatim(&text).is_ok()
                {
                    guessed = Some(charset);
                    bytes = into_bytes(text);
                }
            }
            None => {}
        }
        let family = Family::of(&bytes);
        if bare && family == Family::IslLight {
            bytes = without_line_end(bytes);
        }
        Ok(Body {
            family,
            guessed,
            bytes,
        })
    }

    /// Parses a body; what needs decoding is decoded into `buffer`.
    pub(crate) fn event<'a>(
        &self,
        body: &'a Body<'_>,
        buffer: &'a mut Vec<u8>,
    ) -> Result<Payload<'a>, Error> {
        let bytes = &*body.bytes;
        if body.family == Family::IslLight {
            let notification = self.parser.parse_in(bytes, buffer)?;
            return Ok(Payload::IslLight(notification));
        }
        let event = match (str::from_utf8(bytes), self.dialect) {
            (Err(_), _) => Event::parse_bytes(bytes),
            (Ok(text), Dialect::Auto) => Event::parse(text),
            (Ok(text), Dialect::Verbatim) => Event::parse_verbatim(text),
            (Ok(text), Dialect::Xml) => Event::parse_xml(text),
        };
        event.map(Payload::VolanoChat)
    }
}

fn into_bytes(text: Cow<'_, str>) -> Cow<'_, [u8]> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

/// A form has no line end; one behind it is an editor's or a shell's.
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
