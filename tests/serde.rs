//! Events of VolanoChat and types over text through serde.
#![cfg(feature = "serde")]

mod common;

use common::chat_captures;
use isl_volano::isl_light::{
    Address, DatabaseId, Event as IslEvent, Module, NetworkInterfaces, Platform, SoftwareType,
    Transport, Version,
};
use isl_volano::volano_chat::{
    Chat, Create, Delete, Enter, Event, Exit, Kick, KickKind, Membership, Ring, Whisper,
};
use serde_json::json;

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
fn events_of_volano_chat_through_every_library() {
    for capture in chat_captures() {
        let (name, said) = (&capture.name, &capture.said);
        let json = serde_json::to_string(said).expect(name);
        assert_eq!(
            &serde_json::from_str::<Event<'_>>(&json).expect(name),
            said,
            "{name}"
        );
        let form = serde_urlencoded::to_string(said).expect(name);
        assert_eq!(
            &serde_urlencoded::from_str::<Event<'_>>(&form).expect(name),
            said,
            "{name}"
        );
        let form = serde_html_form::to_string(said).expect(name);
        assert_eq!(
            &serde_html_form::from_str::<Event<'_>>(&form).expect(name),
            said,
            "{name}"
        );
    }
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
            "unknown field `host`, expected `room` or `user`",
        ),
        (
            json!({"event": "kick", "room": "r", "from": "f", "to": "t"}),
            "missing field `type`",
        ),
        (
            json!({"event": "kick", "type": "maim", "room": "r", "from": "f", "to": "t"}),
            "unknown variant `maim`, expected one of `remove`, `disconnect`, `ban`",
        ),
        (json!({"room": "r"}), "missing field `event`"),
        (
            json!({"event": "blink", "room": "r"}),
            "unknown variant `blink`, expected one of `create`, `enter`, `chat`, `whisper`, \
             `ring`, `kick`, `exit`, `delete`",
        ),
    ] {
        let error = serde_json::from_value::<Event<'_>>(json.clone()).expect_err("an error");
        assert_eq!(error.to_string(), message, "{json}");
    }
    let twice = r#"{"event":"delete","room":"a","room":"b"}"#;
    assert!(serde_json::from_str::<Event<'_>>(twice).is_err());
}

/// A type over text is its text.
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
fn types_over_text_are_text() {
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
