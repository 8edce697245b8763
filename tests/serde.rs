//! Events through serde: JSON, the form libraries, and axum.
#![cfg(feature = "serde")]

mod common;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use axum::Form;
use axum::body::Body;
use axum::extract::FromRequest;
use axum::http::{Method, Request};
use common::{ENVELOPE, chat_captures, isl_captures};
use isl_volano::Payload;
use isl_volano::isl_light::{
    Address, DatabaseId, Event as IslEvent, Module, NetworkInterfaces, Notification, Parameter,
    Platform, SoftwareType, Transport, Version,
};
use isl_volano::volano_chat::{
    Chat, Create, Delete, Enter, Event, Exit, Kick, KickKind, Membership, Ring, Whisper,
};
use serde_json::json;

const JSON: &str = r#"{"TIMESTAMP":1206303963,"MODULE":"ISL_Light","EVENT":"STOP","SERVERID":19,"DOMAIN_ID":"s-999_0_0"}"#;

/// The notification of this JSON, with `rest` behind the envelope.
fn parse(rest: &str) -> Result<Notification<'static>, serde_json::Error> {
    let json = JSON.replace('}', &format!(",{rest}}}"));
    serde_json::from_str(&json)
}

#[track_caller]
fn assert_refused(rest: &str, message: &str) {
    let error = parse(rest).expect_err(rest).to_string();
    let place = error.find(" at line").unwrap_or(error.len());
    assert_eq!(&error[..place], message);
}

#[test]
fn a_notification_is_a_flat_map() {
    let body = format!(
        "{ENVELOPE}&CPUSER=%5C%5Cdefault%5Cjanez&createdTime=1206303063&totalConnectionTime=852\
         &gracefulExit=1&deskNetworkInterfaces=192.168.0.1;192.168.0.2;&clientCountry=SI"
    );
    let event = Notification::parse(&body).expect("it parses");
    let json = JSON.replace(
        '}',
        r#","CPUSER":"\\\\default\\janez","createdTime":1206303063,"totalConnectionTime":852,"gracefulExit":true,"deskNetworkInterfaces":"192.168.0.1;192.168.0.2;","clientCountry":"SI"}"#,
    );
    assert_eq!(serde_json::to_string(&event).expect("JSON"), json);
    assert_eq!(
        serde_json::from_str::<Notification<'_>>(&json).expect("it reads"),
        event
    );
    let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        serde_json::from_value::<Notification<'_>>(value).expect("it reads"),
        event
    );
    let reader = json.as_bytes();
    assert_eq!(
        serde_json::from_reader::<_, Notification<'_>>(reader).expect("it reads"),
        event
    );
}

#[test]
fn values_are_text_or_numbers_alike() {
    let numbers = parse(
        r#""startTime":5,"totalTransferredBytes":18446744073709551615,"deskCode":12345678,"x":-7"#,
    );
    let texts = parse(
        r#""startTime":"5","totalTransferredBytes":"18446744073709551615","deskCode":"12345678","x":"-7""#,
    );
    let numbers = numbers.expect("numbers");
    assert_eq!(numbers, texts.expect("texts"));
    assert_eq!(numbers.session.total_transferred_bytes, Some(u64::MAX));
    assert_eq!(numbers.session.desk_code.as_deref(), Some("12345678"));
    assert_eq!(numbers.extra.get("x"), Some("-7"));
    let minus = JSON.replace("19", "-9223372036854775808");
    let minus: Notification<'_> = serde_json::from_str(&minus).expect("it reads");
    assert_eq!(minus.server_id, i64::MIN);
}

#[test]
fn truth_has_four_spellings() {
    for (json, truth) in [
        ("true", Some(true)),
        ("\"true\"", Some(true)),
        ("\"1\"", Some(true)),
        ("1", Some(true)),
        ("false", Some(false)),
        ("\"false\"", Some(false)),
        ("\"0\"", Some(false)),
        ("0", Some(false)),
        ("null", None),
        ("\"\"", None),
    ] {
        let event = parse(&format!("\"gracefulExit\":{json}")).expect(json);
        assert_eq!(event.session.graceful_exit, truth, "{json}");
    }
    // Only the one parameter takes the words: on the wire they would be text.
    assert_refused(
        r#""transportReconnects":true"#,
        "transportReconnects: expected a whole number from 0 to 18446744073709551615, found \"true\"",
    );
}

#[test]
fn what_is_not_known_is_kept() {
    let event =
        parse(r#""a":"x","b":7,"c":false,"d":null,"e":["y",8],"a":"z","":"""#).expect("it reads");
    let extra: Vec<_> = event.extra.iter().collect();
    let expected = [
        ("a", "x"),
        ("b", "7"),
        ("c", "false"),
        ("e", "y"),
        ("e", "8"),
        ("a", "z"),
        ("", ""),
    ];
    assert_eq!(extra, expected);
    assert_eq!(
        parse(r#""reason":null"#).expect("it reads"),
        Notification::parse(ENVELOPE).unwrap()
    );
}

#[test]
fn what_does_not_fit_is_refused() {
    assert_refused(
        r#""SESSIONID":"a","SESSIONID":"b""#,
        "SESSIONID: expected once, found a second time",
    );
    assert_refused(
        r#""SESSIONID":["a","b"]"#,
        "SESSIONID: expected once, found a second time",
    );
    assert_refused(
        r#""EVENT":"STOP""#,
        "EVENT: expected once, found a second time",
    );
    assert_refused(
        r#""startTime":"soon""#,
        "startTime: expected seconds since 1970-01-01, from 0 to 253402300799, found \"soon\"",
    );
    assert_refused(
        r#""startTime":-1"#,
        "startTime: expected seconds since 1970-01-01, from 0 to 253402300799, found \"-1\"",
    );
    assert_refused(
        r#""gracefulExit":"yes""#,
        "gracefulExit: expected 1 or 0, found \"yes\"",
    );
    assert_refused(
        r#""startTime":1.5"#,
        "invalid type: floating point `1.5`, expected text, a whole number, true or false",
    );
    assert_refused(
        r#""x":{}"#,
        "invalid type: map, expected text, a whole number, true or false",
    );
    let missing = serde_json::from_str::<Notification<'_>>("{}")
        .unwrap_err()
        .to_string();
    assert_eq!(
        missing,
        "TIMESTAMP: expected in every event, found none at line 1 column 2"
    );
    let other = serde_json::from_str::<Notification<'_>>("7")
        .unwrap_err()
        .to_string();
    let expected = "expected a map of the parameters of an ISL Conference Proxy event";
    assert!(other.contains(expected), "{other}");
}

/// Runs a future that never waits.
fn run<F: Future>(future: F) -> F::Output {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the future waits"),
    }
}

fn request(body: &str) -> Request<Body> {
    Request::builder()
        .method(Method::POST)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body.to_owned()))
        .expect("a request")
}

#[test]
fn form_libraries_read_what_our_parser_reads() {
    for capture in isl_captures() {
        let (name, body) = (&capture.name, &*capture.body);
        let event = Notification::parse(body).expect(name);
        let read: Notification<'_> = serde_urlencoded::from_str(body).expect(name);
        assert_eq!(read, event, "{name}");
        let read: Notification<'_> = serde_html_form::from_str(body).expect(name);
        assert_eq!(read, event, "{name}");
        let Form(read): Form<Notification<'static>> =
            run(Form::from_request(request(body), &())).expect(name);
        assert_eq!(read, event, "{name}");
        let callback: Payload<'_> = serde_urlencoded::from_str(body).expect(name);
        assert_eq!(callback, Payload::IslLight(event), "{name}");
    }
}

#[test]
fn form_libraries_write_what_our_parser_reads() {
    for capture in isl_captures() {
        let name = &capture.name;
        let event = Notification::parse(&capture.body).expect(name);
        let ours = event.to_form();
        for written in [
            serde_urlencoded::to_string(&event).expect(name),
            serde_html_form::to_string(&event).expect(name),
        ] {
            // They know only one way to write what is true.
            let written = written.replace("gracefulExit=true", "gracefulExit=1");
            assert_eq!(written, ours, "{name}");
        }
    }
}

#[test]
fn axum_refuses_with_our_message() {
    let refused = run(Form::<Notification<'static>>::from_request(
        request(&format!("{ENVELOPE}&gracefulExit=maybe")),
        &(),
    ));
    let message = refused.expect_err("a rejection").body_text();
    assert!(
        message.contains("gracefulExit: expected 1 or 0, found \"maybe\""),
        "{message}"
    );
}

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
        let callback: Payload<'_> = serde_json::from_str(json).expect(json);
        assert_eq!(callback, Payload::VolanoChat(event));
        assert_eq!(serde_json::to_string(&callback).expect(json), json);
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
        assert!(serde_json::from_value::<Payload<'_>>(json).is_err());
    }
    let twice = r#"{"event":"delete","room":"a","room":"b"}"#;
    assert!(serde_json::from_str::<Event<'_>>(twice).is_err());
}

#[test]
fn callbacks_are_what_they_hold() {
    let callback = Payload::parse(ENVELOPE).expect("it parses");
    assert_eq!(serde_json::to_string(&callback).expect("JSON"), JSON);
    assert_eq!(
        serde_json::from_str::<Payload<'_>>(JSON).expect("it reads"),
        callback
    );
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
    let event = Notification::parse(ENVELOPE).expect("it parses");
    let values = Parameter::ENVELOPE
        .iter()
        .map(|parameter| event.get(*parameter));
    let values = serde_json::to_string(&values.collect::<Vec<_>>()).expect("JSON");
    assert_eq!(values, r#"[1206303963,"ISL_Light","STOP",19,"s-999_0_0"]"#);
}

#[test]
fn a_sequence_in_a_sequence_is_refused() {
    let body = r#"{"TIMESTAMP":1,"MODULE":"ISL_Light","EVENT":"STOP","SERVERID":1,"DOMAIN_ID":"s","x":["a",["b"]]}"#;
    let error = serde_json::from_str::<Notification>(body).unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid type: sequence, expected text, a whole number, true or false at line 1 column 90"
    );
}
