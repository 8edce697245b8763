//! Serialization of VolanoChat's events and of types for text.
#![cfg(feature = "serde")]

mod common;
#[path = "oracle/stored.rs"]
mod stored;

use std::fmt::Debug;

use common::{chat_captures, is_deceptive};
use isl_volano::isl_light::{
    Address, DatabaseId, Event as IslEvent, Module, NetworkInterfaces, Platform, SoftwareType,
    Transport, Version,
};
use isl_volano::volano_chat::{
    Chat, Create, Delete, Dialect, Enter, Event, Exit, Kick, KickKind, LineEnd, Membership,
    Registration, Ring, Whisper,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[test]
fn events_of_volano_chat_are_maps() {
    let events: [(Event<'_>, &str); 8] = [
        (Create::new("r").into(), r#"{"event":"create","room":"r"}"#),
        (
            Enter::new(Membership::NonMember, "r", "u", "h", "p").into(),
            r#"{"event":"enter","type":"non-member","room":"r","user":"u","host":"h","profile":"p"}"#,
        ),
        (
            Chat::new("r", "u", "<\0&").into(),
            r#"{"event":"chat","room":"r","user":"u","message":"<\u0000&"}"#,
        ),
        (
            Whisper::new("r", "f", "t", "m").into(),
            r#"{"event":"whisper","room":"r","from":"f","to":"t","message":"m"}"#,
        ),
        (
            Ring::new("r", "f", "t").into(),
            r#"{"event":"ring","room":"r","from":"f","to":"t"}"#,
        ),
        (
            Kick::new(KickKind::Ban, "r", "f", "t").into(),
            r#"{"event":"kick","type":"ban","room":"r","from":"f","to":"t"}"#,
        ),
        (
            Exit::new("r", "u").into(),
            r#"{"event":"exit","room":"r","user":"u"}"#,
        ),
        (Delete::new("r").into(), r#"{"event":"delete","room":"r"}"#),
    ];
    for (event, json) in events {
        assert_eq!(serde_json::to_string(&event).expect(json), json);
        assert_eq!(serde_json::from_str::<Event<'_>>(json).expect(json), event);
    }
}

#[test]
fn every_parsed_body_of_volano_chat_round_trips() {
    let (mut one, mut more) = (0, 0);
    for capture in chat_captures() {
        if let Ok(event) = Event::parse_owned(&capture.body) {
            one += 1;
            stored::check_event(&event);
        }
        for reading in Event::readings(&capture.body).take(4) {
            more += 1;
            stored::check(&reading.into_owned());
        }
    }
    assert_eq!((one, more), (430, 457));
}

#[test]
fn types_of_volano_chat_round_trip() {
    stored::check(&Create::new("r"));
    stored::check(&Delete::new("r"));
    for membership in Membership::ALL {
        stored::check(membership);
        stored::check(&Enter::new(*membership, "r", "u", "h", ""));
    }
    stored::check(&Chat::new("", "", "\0\u{202e}"));
    stored::check(&Whisper::new("r", "f", "t", "m"));
    stored::check(&Ring::new("r", "f", "t"));
    for kind in KickKind::ALL {
        stored::check(kind);
        stored::check(&Kick::new(*kind, "r", "f", "t"));
    }
    stored::check(&Exit::new("r", "u"));
    stored::check(&Registration::new("Tea & Cakes", "http://example.com"));
    for dialect in Dialect::ALL {
        assert_eq!(dialect.to_string(), dialect.as_str());
        stored::check(dialect);
    }
    for line_end in [LineEnd::Lf, LineEnd::CrLf] {
        stored::check(&line_end);
    }
}

#[test]
fn types_of_volano_chat_have_the_names_of_the_wire() {
    let kick = Kick::new(KickKind::Ban, "r", "f", "t");
    for (json, expected) in [
        (
            serde_json::to_string(&kick),
            r#"{"type":"ban","room":"r","from":"f","to":"t"}"#,
        ),
        (serde_json::to_string(&KickKind::Ban), r#""ban""#),
        (
            serde_json::to_string(&Membership::NonMember),
            r#""non-member""#,
        ),
        (
            serde_json::to_string(&Registration::new("r", "u")),
            r#"{"room":"r","href":"u"}"#,
        ),
        (serde_json::to_string(&Dialect::Verbatim), r#""verbatim""#),
        (serde_json::to_string(&LineEnd::CrLf), r#""\r\n""#),
    ] {
        assert_eq!(json.expect("JSON"), expected);
    }
    // Formats that are not self-describing store the texts in order.
    let bytes = postcard::to_allocvec(&Event::from(kick.clone())).expect("postcard");
    assert_eq!(bytes, b"\x05\x04kick\x03ban\x01r\x01f\x01t");
    let bytes = postcard::to_allocvec(&kick).expect("postcard");
    assert_eq!(bytes, b"\x04\x03ban\x01r\x01f\x01t");
}

#[test]
fn events_of_volano_chat_in_forms_and_in_any_order() {
    let event = Event::from(Kick::new(KickKind::Remove, "Tea & Cakes", "f", ""));
    let form = serde_urlencoded::to_string(&event).expect("a form");
    assert_eq!(form, "event=kick&type=remove&room=Tea+%26+Cakes&from=f&to=");
    let mut pairs: Vec<_> = form.split('&').collect();
    for _ in 0..pairs.len() {
        pairs.rotate_left(1);
        let form = pairs.join("&");
        assert_eq!(
            serde_urlencoded::from_str(&form),
            Ok(event.clone()),
            "{form}"
        );
        assert_eq!(
            serde_html_form::from_str(&form),
            Ok(event.clone()),
            "{form}"
        );
    }

    /// An event with another field next to it.
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Row {
        id: u32,
        #[serde(flatten)]
        event: Event<'static>,
    }
    let row = Row { id: 7, event };
    let json = serde_json::to_string(&row).expect("JSON");
    assert_eq!(serde_json::from_str::<Row>(&json).expect(&json), row);
}

#[test]
fn events_of_volano_chat_have_their_fields_and_no_others() {
    for (json, message) in [
        (
            json!({"event": "exit", "room": "r"}),
            "missing field `user`",
        ),
        (
            json!({"event": "exit", "room": "r", "user": "u", "host": "h"}),
            "unexpected field `host`",
        ),
        (
            json!({"event": "exit", "type": "ban", "room": "r", "user": "u"}),
            "unexpected field `type`",
        ),
        (
            json!({"event": "kick", "room": "r", "from": "f", "to": "t"}),
            "missing field `type`",
        ),
        (
            json!({"event": "kick", "type": "maim", "room": "r", "from": "f", "to": "t"}),
            "invalid value for `type`: expected one of `remove`, `disconnect`, `ban`, found \"maim\"",
        ),
        (
            json!({"event": "kick", "type": "member", "room": "r", "from": "f", "to": "t"}),
            "invalid value for `type`: expected one of `remove`, `disconnect`, `ban`, found \"member\"",
        ),
        (json!({"room": "r"}), "missing field `event`"),
        (json!({}), "missing field `event`"),
        (
            json!({"event": "blink", "room": "r"}),
            "invalid value for `event`: expected one of `create`, `enter`, `chat`, `whisper`, `ring`, `kick`, `exit`, \
             `delete`, found \"blink\"",
        ),
        (
            json!({"event": "delete", "room": "r", "colour": "red"}),
            "unknown field \"colour\": expected the name of a field",
        ),
        (
            json!({"event": "delete", "room": null}),
            "invalid type: null, expected a string",
        ),
        (
            json!({"event": "delete", "room": ["r"]}),
            "invalid type: sequence, expected a string",
        ),
        (
            json!({"event": "delete", "room": 7}),
            "invalid type: integer `7`, expected a string",
        ),
        (
            json!(["delete", "r"]),
            "invalid type: sequence, expected a map of texts for `Event`",
        ),
        (
            json!("delete"),
            "invalid type: text \"delete\", expected a map of texts for `Event`",
        ),
        (
            json!(null),
            "invalid type: null, expected a map of texts for `Event`",
        ),
    ] {
        let error = serde_json::from_value::<Event<'_>>(json.clone()).expect_err("an error");
        assert_eq!(error.to_string(), message, "{json}");
    }
    let error = |json| {
        serde_json::from_str::<Exit<'_>>(json)
            .expect_err(json)
            .to_string()
    };
    assert!(
        error(r#"{"event":"exit","room":"r","user":"u"}"#).starts_with("unknown field \"event\"")
    );
    assert_eq!(
        error(r#"{"room":"a","room":"b"}"#),
        "duplicate field `room` at line 1 column 18",
    );
    // In a sequence, the order of the texts is fixed.
    for texts in [
        &["exit", "r"][..],
        &["exit", "r", "u", "x"],
        &["exit", "r", "u", "1", "2", "3", "4"],
        &["kick", "r", "f", "t"],
        &["blink", "r"],
        &[],
    ] {
        let bytes = postcard::to_allocvec(texts).expect("postcard");
        assert!(
            postcard::from_bytes::<Event<'_>>(&bytes).is_err(),
            "{texts:?}"
        );
        let bytes = rmp_serde::to_vec(texts).expect("MessagePack");
        assert!(
            rmp_serde::from_slice::<Event<'_>>(&bytes).is_err(),
            "{texts:?}"
        );
    }
}

/// Excerpts of a stored form from a stranger are short and escaped.
#[test]
fn errors_of_volano_chat_show_no_raw_text() {
    let hostile = "\u{1b}[31m\u{202e}\0\r\n".to_owned() + &"x".repeat(100_000);
    let text = Value::from(hostile.clone());
    let number: Value = serde_json::from_str(&"9".repeat(400)).unwrap_or_else(|_| json!(1e300));
    let mut errors = Vec::new();
    for event in [
        json!({ hostile.clone(): "r" }),
        json!({ "event": text }),
        json!({ "event": "kick", "type": text, "room": "r", "from": "f", "to": "t" }),
        json!({ "event": "delete", "room": { hostile.clone(): 1 } }),
        json!({ "event": "delete", "room": [text] }),
        json!({ "event": "delete", "room": number }),
        json!({ "event": ["delete"], "room": text }),
        json!([text]),
        text.clone(),
    ] {
        errors.push(serde_json::from_value::<Event<'_>>(event.clone()).unwrap_err());
        errors.push(serde_json::from_str::<Event<'_>>(&event.to_string()).unwrap_err());
        errors.push(serde_json::from_value::<Kick<'_>>(event.clone()).unwrap_err());
        errors.push(serde_json::from_value::<Registration<'_>>(event).unwrap_err());
    }
    errors.push(serde_json::from_value::<KickKind>(text.clone()).unwrap_err());
    errors.push(serde_json::from_value::<Membership>(text.clone()).unwrap_err());
    errors.push(serde_json::from_value::<Dialect>(text.clone()).unwrap_err());
    errors.push(serde_json::from_value::<LineEnd>(text).unwrap_err());
    let mut shown: Vec<_> = errors.iter().map(ToString::to_string).collect();

    let mut cbor = Vec::new();
    ciborium::into_writer(&[&*hostile], &mut cbor).expect("CBOR");
    shown.push(
        ciborium::from_reader::<Event<'_>, _>(&*cbor)
            .unwrap_err()
            .to_string(),
    );
    let bytes = rmp_serde::to_vec(&json!({ hostile: 1 })).expect("MessagePack");
    shown.push(
        rmp_serde::from_slice::<Event<'_>>(&bytes)
            .unwrap_err()
            .to_string(),
    );

    for shown in shown {
        assert!(shown.len() < 300, "{} bytes: {shown:.300?}", shown.len());
        assert!(!shown.chars().any(is_deceptive), "{shown:?}");
    }
}

/// A type for text is stored as text.
macro_rules! assert_text {
    ($($type:ident $text:literal;)+) => {
        $(
            let json = serde_json::to_string($text).expect("JSON");
            let value = $type::new($text);
            assert_eq!(serde_json::to_string(&value).expect("JSON"), json);
            assert_eq!(serde_json::from_str::<$type<'_>>(&json).expect(&json), value);
            assert!(serde_json::from_str::<$type<'_>>("7").is_err(), stringify!($type));
        )+
    };
}

#[test]
fn types_for_text_are_text() {
    assert_text! {
        DatabaseId "s19_3_390";
        Address "192.0.2.10";
        NetworkInterfaces "192.168.0.1;";
        Version "4.4.2332.60";
        Module "ISL_Light";
        Module "ISL_PRONTO";
        IslEvent "NEW SESSION";
        IslEvent "HOLD";
        Transport "HTTPS";
        SoftwareType "desk";
        Platform "win32";
    }
    assert_eq!(
        serde_json::to_string(&IslEvent::new("NEWSESSION")).unwrap(),
        r#""NEW SESSION""#
    );
    assert_eq!(
        serde_json::to_string(&Membership::NonMember).unwrap(),
        r#""non-member""#
    );
    assert_eq!(
        serde_json::from_str::<KickKind>(r#""ban""#).unwrap(),
        KickKind::Ban
    );
    assert!(serde_json::from_str::<KickKind>(r#""Ban""#).is_err());
}

#[test]
fn a_sequence_of_too_many_texts_is_not_read_to_its_end() {
    let texts = ["exit", "r", "u", "x", "x", "x", "x", "x"];
    let bytes = rmp_serde::to_vec(&texts).expect("it is written");
    let error = rmp_serde::from_slice::<Event<'_>>(&bytes).expect_err("an error");
    assert_eq!(
        error.to_string(),
        "invalid length 7, expected a sequence of texts for `Event`"
    );
}
