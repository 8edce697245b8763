//! Bodies of any length, regular and hostile, and the work on them.

use std::hint::black_box;

use isl_volano::ErrorKind;
use isl_volano::isl_light::{Notification, Parser};
use isl_volano::volano_chat::Event;

/// A kind of body, and the work on it.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    /// The maximum peak memory as a multiple of the length of the body, without 2 KiB.
    pub(crate) memory: f64,
    /// The parts of the body: a beginning, a repeated piece, an end.
    parts: [&'static [u8]; 3],
    /// Prepares the work on a body. The work asserts its result.
    pub(crate) prepare: for<'a> fn(&'a [u8]) -> Work<'a>,
}

pub(crate) type Work<'a> = Box<dyn FnMut() + 'a>;

impl Shape {
    const fn new(
        name: &'static str,
        memory: f64,
        parts: [&'static [u8]; 3],
        prepare: for<'a> fn(&'a [u8]) -> Work<'a>,
    ) -> Self {
        Shape {
            name,
            memory,
            parts,
            prepare,
        }
    }

    /// Returns a body of about this length.
    pub(crate) fn body(&self, length: usize) -> Vec<u8> {
        let [start, piece, end] = self.parts;
        let count = length.saturating_sub(start.len() + end.len()) / piece.len();
        [start, &piece.repeat(count), end].concat()
    }
}

const ENVELOPE: &[u8] =
    b"TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=19&DOMAIN_ID=s-999_0_0";
const REASON: &[u8] =
    b"TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=19&DOMAIN_ID=s-999_0_0&reason=";
const CHAT: &[u8] = b"<chat><room>r</room><user>u</user><message>";
const CHAT_XML: &[u8] = b"<chat ><room>r</room><user>u</user><message>";
const CHAT_END: &[u8] = b"</message></chat>\n";

const STRICT: Parser = Parser::new();
const UNLIMITED: Parser = Parser::new().max_parameters(usize::MAX);
const LENIENT: Parser = Parser::new().lenient();

pub(crate) const SHAPES: &[Shape] = &[
    // The machine itself, with data that exceeds its caches and with new memory.
    Shape::new("machine: UTF-8 check", 0.0, [b"", b"x", b""], |body| {
        Box::new(move || assert!(str::from_utf8(black_box(body)).is_ok()))
    }),
    Shape::new("machine: copy", 1.0, [b"", b"x", b""], |body| {
        Box::new(move || assert_eq!(black_box(body.to_vec()).len(), body.len()))
    }),
    Shape::new(
        "machine: copy into used memory",
        0.0,
        [b"", b"x", b""],
        |body| {
            let mut used = body.to_vec();
            Box::new(move || {
                used.copy_from_slice(black_box(body));
                assert_eq!(black_box(&used).len(), body.len());
            })
        },
    ),
    // ISL Light, regular.
    Shape::new(
        "isl: unknown parameters",
        3.0,
        [ENVELOPE, b"&parameter=value", b""],
        |body| read(move || UNLIMITED.parse_bytes(body), has_extra),
    ),
    Shape::new("isl: one plain value", 0.0, [REASON, b"x", b""], |body| {
        read(move || STRICT.parse_bytes(body), long_reason)
    }),
    Shape::new(
        "isl: one value, all escaped",
        1.0,
        [REASON, b"%41", b""],
        |body| read(move || STRICT.parse_bytes(body), long_reason),
    ),
    Shape::new(
        "isl: the same, caller's buffer",
        0.0,
        [REASON, b"%41", b""],
        |body| {
            let mut buffer = vec![0; body.len()];
            Box::new(move || {
                let event = STRICT.parse_in(black_box(body), &mut buffer);
                assert!(long_reason(&event.expect("an event")));
            })
        },
    ),
    Shape::new(
        "isl: write one plain value",
        3.0,
        [REASON, b"x", b""],
        write_form,
    ),
    Shape::new(
        "isl: write one escaped value",
        2.0,
        [REASON, b"%41%21", b""],
        write_form,
    ),
    Shape::new(
        "isl: write unknown parameters",
        3.0,
        [ENVELOPE, b"&parameter=value", b""],
        write_form,
    ),
    // ISL Light, hostile.
    Shape::new(
        "isl: unknown of one byte",
        24.0,
        [ENVELOPE, b"&a", b""],
        |body| read(move || UNLIMITED.parse_bytes(body), has_extra),
    ),
    Shape::new(
        "isl: too many, strict",
        0.0,
        [ENVELOPE, b"&a", b""],
        |body| {
            fail(
                move || STRICT.max_parameters(100).parse_bytes(body),
                ErrorKind::TooManyParameters,
            )
        },
    ),
    Shape::new("isl: only &", 0.0, [ENVELOPE, b"&", b""], |body| {
        read(
            move || STRICT.parse_bytes(body),
            |event| event.extra.is_empty(),
        )
    }),
    Shape::new("isl: only %, strict", 1.0, [REASON, b"%", b""], |body| {
        fail(
            move || STRICT.parse_bytes(body),
            ErrorKind::InvalidPercentEncoding,
        )
    }),
    Shape::new("isl: only %, lenient", 1.0, [REASON, b"%", b""], |body| {
        read(move || LENIENT.parse_bytes(body), long_reason)
    }),
    Shape::new(
        "isl: encoded, no UTF-8 at the end",
        1.0,
        [REASON, b"%41", b"%ff"],
        |body| fail(move || STRICT.parse_bytes(body), ErrorKind::InvalidUtf8),
    ),
    Shape::new(
        "isl: the same, lenient",
        2.0,
        [REASON, b"%41", b"%ff"],
        |body| read(move || LENIENT.parse_bytes(body), long_reason),
    ),
    Shape::new(
        "isl: plain, no UTF-8 at all, lenient",
        7.0,
        [REASON, b"\xff", b""],
        |body| read(move || LENIENT.parse_bytes(body), long_reason),
    ),
    Shape::new(
        "isl: duplicates, lenient",
        16.0,
        [ENVELOPE, b"&reason=x", b""],
        |body| read(move || LENIENT.parse_bytes(body), has_extra),
    ),
    Shape::new(
        "isl: misfits, lenient",
        16.0,
        [ENVELOPE, b"&startTime=x", b""],
        |body| read(move || LENIENT.parse_bytes(body), has_extra),
    ),
    // VolanoChat, regular.
    Shape::new("chat: plain", 0.0, [CHAT, b"x", CHAT_END], |body| {
        read(move || Event::parse_bytes(body), long_message)
    }),
    Shape::new(
        "chat: references",
        0.0,
        [CHAT, b"&amp;", CHAT_END],
        |body| read(move || Event::parse_bytes(body), long_message),
    ),
    Shape::new(
        "chat: XML, plain",
        0.0,
        [CHAT_XML, b"x", CHAT_END],
        |body| read(move || Event::parse_xml(text(body)), long_message),
    ),
    Shape::new(
        "chat: XML, references",
        1.0,
        [CHAT_XML, b"&amp;", CHAT_END],
        |body| read(move || Event::parse_xml(text(body)), long_message),
    ),
    Shape::new(
        "chat: XML, comments",
        1.0,
        [CHAT_XML, b"a<!---->", CHAT_END],
        |body| read(move || Event::parse_xml(text(body)), long_message),
    ),
    Shape::new(
        "chat: XML, CDATA",
        1.0,
        [CHAT_XML, b"<![CDATA[a]]>", CHAT_END],
        |body| read(move || Event::parse_xml(text(body)), long_message),
    ),
    Shape::new(
        "chat: write plain XML",
        1.0,
        [CHAT, b"x", CHAT_END],
        |body| write_event(body, |event| event.to_xml().expect("text")),
    ),
    Shape::new(
        "chat: write escaped XML",
        12.0,
        [CHAT, b"&", CHAT_END],
        |body| write_event(body, |event| event.to_xml().expect("text")),
    ),
    Shape::new(
        "chat: write verbatim",
        1.0,
        [CHAT, b"x", CHAT_END],
        |body| write_event(body, |event| event.to_verbatim().expect("one reading")),
    ),
    // VolanoChat, hostile.
    Shape::new("chat: only &", 0.0, [CHAT, b"&", CHAT_END], |body| {
        read(move || Event::parse_bytes(body), long_message)
    }),
    Shape::new("chat: only <", 0.0, [CHAT, b"<", CHAT_END], |body| {
        read(move || Event::parse_bytes(body), long_message)
    }),
    Shape::new(
        "chat: half references",
        0.0,
        [CHAT, b"&#", CHAT_END],
        |body| read(move || Event::parse_bytes(body), long_message),
    ),
    Shape::new(
        "chat: references, then none",
        0.0,
        [CHAT, b"&amp;", b"&</message></chat>"],
        |body| read(move || Event::parse_bytes(body), long_message),
    ),
    Shape::new(
        "chat: tags over and over",
        0.0,
        [CHAT, b"</user><message>", CHAT_END],
        |body| fail(move || Event::parse_bytes(body), ErrorKind::Ambiguous),
    ),
    Shape::new(
        "chat: the same, verbatim",
        0.0,
        [CHAT, b"</user><message>", CHAT_END],
        |body| {
            fail(
                move || Event::parse_verbatim(text(body)),
                ErrorKind::Ambiguous,
            )
        },
    ),
    Shape::new(
        "chat: the same, ten readings",
        0.0,
        [CHAT, b"</user><message>", CHAT_END],
        |body| {
            Box::new(move || {
                let readings = Event::readings(black_box(text(body))).take(10);
                assert_eq!(readings.count(), 10);
            })
        },
    ),
    Shape::new(
        "enter: hosts over and over",
        0.0,
        [
            b"<enter type=\"member\"><room>r</room><user>",
            b"</user><host>",
            b"</user><host>192.0.2.1</host><profile>p</profile></enter>\n",
        ],
        |body| {
            read(
                move || Event::parse_bytes(body),
                |event| event.name() == "enter",
            )
        },
    ),
    Shape::new("no XML: only <", 0.0, [b"<chat ", b"<", b""], |body| {
        fail(move || Event::parse_bytes(body), ErrorKind::NotWellFormed)
    }),
    // The stored form, from an untrusted source.
    #[cfg(feature = "serde")]
    Shape::new(
        "stored: extra pairs",
        22.0,
        [STORED, b",[\"\",\"\"]", b"]}"],
        |body| read(move || stored(body), has_extra),
    ),
    #[cfg(feature = "serde")]
    Shape::new(
        "stored: one long text",
        1.0,
        [STORED_REASON, b"x", b"\"}"],
        |body| read(move || stored(body), long_reason),
    ),
    #[cfg(feature = "serde")]
    Shape::new(
        "stored: a list under a long name",
        1.0,
        [b"{\"", b"A", b"\":[[]]}"],
        |body| Box::new(move || assert!(stored(black_box(body)).is_err())),
    ),
    #[cfg(feature = "serde")]
    Shape::new(
        "stored: lists in lists",
        0.0,
        [b"{\"extra\":", b"[", b""],
        |body| Box::new(move || assert!(stored(black_box(body)).is_err())),
    ),
    #[cfg(feature = "serde")]
    Shape::new(
        "stored event: one long text",
        1.0,
        [
            br#"{"event":"chat","room":"r","user":"u","message":""#,
            b"x",
            b"\"}",
        ],
        |body| read(move || stored_event(body), long_message),
    ),
    #[cfg(feature = "serde")]
    Shape::new(
        "stored event: escapes",
        1.0,
        [
            br#"{"event":"chat","room":"r","user":"u","message":""#,
            b"\\u003c",
            b"\"}",
        ],
        |body| read(move || stored_event(body), long_message),
    ),
    #[cfg(feature = "serde")]
    Shape::new(
        "stored event: a long name",
        0.0,
        [b"{\"", b"A", b"\":[[]]}"],
        |body| Box::new(move || assert!(stored_event(black_box(body)).is_err())),
    ),
    #[cfg(feature = "serde")]
    Shape::new(
        "stored event: lists in lists",
        0.0,
        [b"{\"room\":", b"[", b""],
        |body| Box::new(move || assert!(stored_event(black_box(body)).is_err())),
    ),
];

#[cfg(feature = "serde")]
const STORED: &[u8] = br#"{"TIMESTAMP":1,"MODULE":"ISL_Light","EVENT":"STOP","SERVERID":19,"DOMAIN_ID":"","extra":[["",""]"#;
#[cfg(feature = "serde")]
const STORED_REASON: &[u8] = br#"{"TIMESTAMP":1,"MODULE":"ISL_Light","EVENT":"STOP","SERVERID":19,"DOMAIN_ID":"","reason":""#;

#[cfg(feature = "serde")]
fn stored(json: &[u8]) -> serde_json::Result<Notification<'static>> {
    serde_json::from_slice(json)
}

#[cfg(feature = "serde")]
fn stored_event(json: &[u8]) -> serde_json::Result<Event<'static>> {
    serde_json::from_slice(json)
}

fn text(body: &[u8]) -> &str {
    str::from_utf8(body).expect("UTF-8")
}

/// Parses, and checks the result.
fn read<'a, T: 'a, E: std::fmt::Debug + 'a>(
    read: impl Fn() -> Result<T, E> + 'a,
    check: impl Fn(&T) -> bool + 'a,
) -> Work<'a> {
    Box::new(move || {
        let event = black_box(read()).expect("an event");
        assert!(check(&event), "not the event that was sent");
    })
}

/// Parses, and checks that it fails.
fn fail<'a, T: std::fmt::Debug + 'a>(
    read: impl Fn() -> Result<T, isl_volano::Error> + 'a,
    kind: ErrorKind,
) -> Work<'a> {
    Box::new(move || assert_eq!(black_box(read()).expect_err("an error").kind(), kind))
}

fn write_form(body: &[u8]) -> Work<'_> {
    let event = UNLIMITED.parse_bytes(body).expect("an event");
    Box::new(move || {
        let form = black_box(&event).to_form();
        assert!(2 * form.len() > body.len());
    })
}

fn write_event<'a>(body: &'a [u8], write: fn(&Event<'_>) -> String) -> Work<'a> {
    let event = Event::parse_bytes(body).expect("an event");
    Box::new(move || assert!(write(black_box(&event)).len() + 2 > body.len()))
}

fn has_extra(event: &Notification<'_>) -> bool {
    !event.extra.is_empty()
}

fn long_reason(event: &Notification<'_>) -> bool {
    event
        .reason
        .text
        .as_ref()
        .is_some_and(|text| text.len() > 200)
}

fn long_message(event: &Event<'_>) -> bool {
    matches!(event, Event::Chat(chat) if chat.message.len() > 50)
}
