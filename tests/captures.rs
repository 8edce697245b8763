//! Captured requests of real servers, compared with what was really said.

mod common;

use common::{chat_captures, encode, isl_captures, sorted_pairs};
use isl_volano::isl_light::{Event as IslEvent, Module, Notification, Parameter, Value};
use isl_volano::volano_chat::{Dialect, Event, LineEnd};
use isl_volano::{Error, ErrorKind, Family, Payload};

#[test]
fn chat_verbatim_is_what_was_said() {
    let (mut one, mut several) = (0, 0);
    for capture in chat_captures() {
        let (name, body) = (&capture.name, &*capture.body);
        match Event::parse_verbatim(body) {
            Ok(event) => {
                one += 1;
                assert_eq!(event, capture.said, "{name}");
                assert_eq!(Event::readings(body).count(), 1, "{name}");
                let written = event.to_verbatim_with(capture.line_end).expect(name);
                assert_eq!(written, body, "{name}");
                assert_eq!(encode(&capture.charset, &written), capture.bytes, "{name}");
                assert_eq!(LineEnd::of(body), Some(capture.line_end), "{name}");
            }
            Err(error) => {
                several += 1;
                assert_eq!(error.kind(), ErrorKind::Ambiguous, "{name}: {error}");
                let readings: Vec<_> = Event::readings(body).collect();
                assert!((2..=3).contains(&readings.len()), "{name}: {readings:?}");
                assert!(readings.contains(&capture.said), "{name}: {readings:?}");
                let refused = capture.said.to_verbatim_with(capture.line_end);
                assert_eq!(refused.unwrap_err().kind(), ErrorKind::Ambiguous, "{name}");
            }
        }
        assert_eq!(Family::of(&capture.bytes), Family::VolanoChat, "{name}");
    }
    assert_eq!((one, several), (430, 13));
}

#[test]
fn chat_is_what_was_said() {
    let mut ambiguous = 0;
    for capture in chat_captures() {
        let name = &capture.name;
        match Event::parse(&capture.body) {
            Ok(event) => assert_eq!(event, capture.said, "{name}"),
            Err(error) => {
                ambiguous += 1;
                assert_eq!(error.kind(), ErrorKind::Ambiguous, "{name}: {error}");
                assert!(Event::parse_verbatim(&capture.body).is_err(), "{name}");
            }
        }
    }
    assert_eq!(ambiguous, 13);
}

/// The rooms of the captures have names such as `Tea & <Cakes>`, which are not valid XML. In a room
/// with a plain name, text also stays as it was typed, including `AT&amp;T` and `&lt;script&gt;`.
#[test]
fn chat_in_a_room_with_a_plain_name_is_what_was_said() {
    let mut escaped = Vec::new();
    for capture in chat_captures() {
        let name = &capture.name;
        let body = capture.body.replacen(capture.said.room(), "Tea", 1);
        let readings: Vec<_> = Event::readings(&body).take(4).collect();
        match (&readings[..], Event::parse(&body)) {
            ([said], Ok(read)) => {
                assert_eq!(read, *said, "{name}");
                if Event::parse_xml(&body).is_ok_and(|read| read != *said) {
                    escaped.push(name.clone());
                }
            }
            (_, Ok(read)) => panic!("{name}: {read} is one of {} readings", readings.len()),
            (_, Err(error)) => assert_eq!(error.kind(), ErrorKind::Ambiguous, "{name}: {error}"),
        }
    }
    // An XML parser changes these texts.
    let names = escaped.iter().map(|name| &name[..10]);
    assert!(
        names.eq([
            "utf8-00010",
            "utf8-00029",
            "utf8-00032",
            "utf8-00033",
            "utf8-00067",
            "utf8-00068",
            "utf8-00166",
            "utf8-00172",
            "utf8-00173",
        ]),
        "{escaped:?}"
    );
}

#[test]
fn chat_in_utf8_parses_from_bytes() {
    let mut read = 0;
    for capture in chat_captures() {
        let name = &capture.name;
        let parsed = Event::parse_bytes(&capture.bytes);
        match std::str::from_utf8(&capture.bytes) {
            Ok(body) => {
                read += 1;
                assert_eq!(parsed, Event::parse(body), "{name}");
                assert_eq!(
                    Payload::parse_bytes(&capture.bytes).map_err(Error::from),
                    parsed.map(Payload::VolanoChat),
                    "{name}"
                );
            }
            Err(error) => {
                let refused = parsed.unwrap_err();
                assert_eq!(refused.kind(), ErrorKind::InvalidUtf8, "{name}");
                assert_eq!(refused.offset(), error.valid_up_to(), "{name}");
            }
        }
    }
    // In the other character sets, only text without accents is UTF-8 as well.
    assert_eq!(read, 259);
}

#[test]
fn chat_round_trips_through_xml() {
    let (mut written, mut refused) = (0, 0);
    for capture in chat_captures() {
        let name = &capture.name;
        match capture.said.to_xml() {
            Ok(document) => {
                written += 1;
                assert_eq!(
                    Event::parse_xml(&document).as_ref(),
                    Ok(&capture.said),
                    "{name}"
                );
                assert_eq!(
                    Dialect::Xml.parse(&document).as_ref(),
                    Ok(&capture.said),
                    "{name}"
                );
                let document = roxmltree::Document::parse(&document).expect(name);
                let texts = document.root_element().children();
                let texts: Vec<_> = texts.map(|child| child.text().unwrap_or("")).collect();
                let said: Vec<_> = capture.said.texts().map(|(_, text)| text).collect();
                assert_eq!(texts, said, "{name}");
            }
            Err(error) => {
                refused += 1;
                assert_eq!(error.kind(), ErrorKind::UnrepresentableText, "{name}");
            }
        }
    }
    assert_eq!((written, refused), (425, 18));
}

/// Returns the expected value of a parameter: typed, or text if the documentation describes it as such.
fn expected(parameter: Parameter, text: &str) -> Option<Value<'_>> {
    use Parameter as P;
    match parameter {
        // Both spellings are parsed, the documented one is kept.
        P::Event if text == "NEWSESSION" => Some(Value::Text("NEW SESSION")),
        P::Module if text == "ISL_LIGHT" => Some(Value::Text("ISL_Light")),
        P::ServerId => Some(Value::Signed(text.parse().expect("a number"))),
        P::GracefulExit if !text.is_empty() => Some(Value::Bool(text == "1")),
        P::Timestamp
        | P::CreatedTime
        | P::StartTime
        | P::TotalTransferredBytes
        | P::TotalConnectionTime
        | P::LastTransferredPacketTime
        | P::TransportReconnects
        | P::GracefulExit => {
            (!text.is_empty()).then(|| Value::Unsigned(text.parse().expect("a number")))
        }
        _ => Some(Value::Text(text)),
    }
}

#[test]
fn isl_light_is_typed_and_nothing_is_lost() {
    let captures = isl_captures();
    assert_eq!(captures.len(), 15);
    for capture in &captures {
        let name = &capture.name;
        let event =
            Notification::parse(&capture.body).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (known, extra): (Vec<_>, Vec<_>) = capture
            .pairs
            .iter()
            .partition(|(name, _)| Parameter::from_name(name).is_some());
        for &parameter in Parameter::ALL {
            let pair = known.iter().find(|pair| pair.0 == parameter.name());
            let value = pair.and_then(|pair| expected(parameter, &pair.1));
            assert_eq!(event.get(parameter), value, "{name}: {parameter}");
        }
        let pairs: Vec<_> = extra
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        assert_eq!(event.extra.iter().collect::<Vec<_>>(), pairs, "{name}");
        assert_eq!(event.module, Module::IslLight, "{name}");
        assert_eq!(
            Payload::parse(&capture.body),
            Ok(Payload::IslLight(event)),
            "{name}"
        );
    }
}

#[test]
fn isl_light_is_written_as_it_was_parsed() {
    for capture in isl_captures() {
        let name = &capture.name;
        let event = Notification::parse(&capture.body).expect(name);
        let written = event.to_form();
        assert_eq!(Notification::parse(&written).as_ref(), Ok(&event), "{name}");

        // An empty typed value means no value, and names are written in one spelling.
        let mut pairs: Vec<_> = capture
            .pairs
            .into_iter()
            .filter(|(name, value)| !(name == "startTime" && value.is_empty()))
            .map(|(name, value)| match &*value {
                "ISL_LIGHT" => (name, "ISL_Light".to_owned()),
                "NEWSESSION" => (name, "NEW SESSION".to_owned()),
                _ => (name, value),
            })
            .collect();
        pairs.sort();
        assert_eq!(sorted_pairs(written.as_bytes()), pairs, "{name}");
    }
}

#[test]
fn isl_light_captures_have_every_event() {
    let events: Vec<_> = isl_captures()
        .iter()
        .map(|capture| {
            let event = Notification::parse(&capture.body).expect(&capture.name);
            event.into_owned().event
        })
        .collect();
    for known in IslEvent::KNOWN {
        assert!(events.contains(known), "no capture of {known}");
    }
    let other = events
        .iter()
        .filter(|event| matches!(event, IslEvent::Other(_)));
    assert_eq!(other.count(), 1);
}
