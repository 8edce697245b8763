//! Parsed bodies are equal after a round trip through every format.
#![cfg(feature = "serde")]

mod common;
#[path = "oracle/stored.rs"]
mod stored;

use common::{ENVELOPE, isl_captures};
use isl_volano::isl_light::{Notification, Parameter, Parser};
use isl_volano::{ErrorKind, Family, Payload};

/// The stored form of [`ENVELOPE`].
const JSON: &str = r#"{"TIMESTAMP":1206303963,"MODULE":"ISL_Light","EVENT":"STOP","SERVERID":19,"DOMAIN_ID":"s-999_0_0"}"#;

/// Bodies whose values were changed or lost by serde before the stored form existed, and similar
/// ones.
const BODIES: &[&str] = &[
    // In an event of another module, a known name whose value does not fit.
    "TIMESTAMP=1&MODULE=ISL_PRONTO&EVENT=X&SERVERID=1&DOMAIN_ID=s&gracefulExit=true",
    "TIMESTAMP=1&MODULE=ISL_PRONTO&EVENT=X&SERVERID=1&DOMAIN_ID=s&createdTime=&createdTime=5",
    "TIMESTAMP=1&MODULE=ISL_PRONTO&EVENT=X&SERVERID=1&DOMAIN_ID=s&reason=a&reason=b&reason=",
    "TIMESTAMP=1&MODULE=ISL_GROOP&EVENT=X&SERVERID=-1&DOMAIN_ID=s&SESSIONID=007&startTime=007",
    // In lenient mode: values that do not fit, repeated names, invalid UTF-8.
    "TIMESTAMP=1&MODULE=ISL_Light&EVENT=X&SERVERID=1&DOMAIN_ID=s&totalTransferredBytes=1e6",
    "TIMESTAMP=1&MODULE=ISL_Light&EVENT=X&SERVERID=1&DOMAIN_ID=s&SESSIONID=s1_2_3&SESSIONID=s9_9_9",
    "TIMESTAMP=1&MODULE=ISL_Light&EVENT=X&SERVERID=1&DOMAIN_ID=s&gracefulExit=true",
    "TIMESTAMP=1&MODULE=ISL_Light&EVENT=X&SERVERID=1&DOMAIN_ID=s&gracefulExit=x&gracefulExit=1",
    "TIMESTAMP=1&MODULE=ISL_Light&EVENT=X&SERVERID=1&DOMAIN_ID=s&gracefulExit=1&gracefulExit=0",
    "TIMESTAMP=x&TIMESTAMP=1&MODULE=ISL_LIGHT&MODULE=ISL_LIGHT&EVENT=NEWSESSION&SERVERID=1&DOMAIN_ID=s",
    "TIMESTAMP=1&MODULE=ISL_Light&EVENT=X&SERVERID=1&DOMAIN_ID=s&reason=%E9%zz&%ff=%00",
    // Names that could collide with those of the stored form.
    "TIMESTAMP=1&MODULE=ISL_Light&EVENT=X&SERVERID=1&DOMAIN_ID=s&extra=1&extra=2&=&==&isl-light=x",
    // Numbers at their limits.
    "TIMESTAMP=253402300799&MODULE=ISL_Light&EVENT=X&SERVERID=-9223372036854775808&DOMAIN_ID=&\
     totalTransferredBytes=18446744073709551615&totalConnectionTime=18446744073709551615",
    "TIMESTAMP=0&MODULE=&EVENT=&SERVERID=9223372036854775807&DOMAIN_ID=&reason=&deskPlatform=",
];

#[test]
fn every_parsed_body_round_trips() {
    let captures = isl_captures();
    let captured = captures.iter().map(|capture| capture.body.as_str());
    let mut strict = 0;
    for body in captured.chain(BODIES.iter().copied()) {
        if let Ok(notification) = Notification::parse(body) {
            strict += 1;
            stored::check_notification(&notification);
        }
        let lenient = Notification::parse_lenient(body.as_bytes()).expect(body);
        stored::check_notification(&lenient.notification);
    }
    assert!(strict > captures.len(), "{strict}");
}

#[test]
fn replaced_bytes_round_trip() {
    let body = [
        ENVELOPE.as_bytes(),
        b"&reason=\xe9&\xff=\xfe&SESSIONID=a&SESSIONID=\xff",
    ]
    .concat();
    let notification = Parser::new()
        .lenient()
        .parse_bytes(&body)
        .expect("an envelope");
    assert_eq!(notification.reason.text.as_deref(), Some("\u{fffd}"));
    stored::check_notification(&notification);
}

#[test]
fn a_notification_is_a_map_of_fields_and_a_list_of_pairs() {
    let body = format!(
        "{ENVELOPE}&CPUSER=%5C%5Cdefault%5Cjanez&createdTime=1206303063&totalConnectionTime=852\
         &gracefulExit=1&deskNetworkInterfaces=192.168.0.1;192.168.0.2;&clientCountry=SI&a=1&a=2"
    );
    let json = JSON.replace(
        '}',
        r#","CPUSER":"\\\\default\\janez","createdTime":1206303063,"totalConnectionTime":852,"gracefulExit":true,"deskNetworkInterfaces":"192.168.0.1;192.168.0.2;","extra":[["clientCountry","SI"],["a","1"],["a","2"]]}"#,
    );
    let event = Notification::parse(&body).expect("it parses");
    assert_eq!(serde_json::to_string(&event).expect("JSON"), json);
    let plain = Notification::parse(ENVELOPE).expect("it parses");
    assert_eq!(serde_json::to_string(&plain).expect("JSON"), JSON);
    let payload = serde_json::to_string(&Payload::from(plain)).expect("JSON");
    assert_eq!(payload, format!(r#"{{"isl-light":{JSON}}}"#));
}

/// Deserializes a notification from JSON with `rest` after the envelope.
fn parse(rest: &str) -> Result<Notification<'static>, serde_json::Error> {
    let json = JSON.replace('}', &format!(",{rest}}}"));
    serde_json::from_str(&json)
}

#[track_caller]
fn assert_refused(rest: &str, message: &str) {
    let error = parse(rest).expect_err(rest).to_string();
    let place = error.find(" at line").unwrap_or(error.len());
    assert_eq!(&error[..place], message);
    assert!(!error.contains(common::is_deceptive), "{error:?}");
}

#[test]
fn invalid_stored_forms_are_refused() {
    assert_refused(
        r#""SESSIONID":"a","SESSIONID":"b""#,
        "duplicate parameter `SESSIONID`",
    );
    assert_refused(
        r#""SESSIONID":null,"SESSIONID":"b""#,
        "duplicate parameter `SESSIONID`",
    );
    assert_refused(r#""extra":[],"extra":[]"#, "duplicate field `extra`");
    assert_refused(
        r#""SESSIONID":["a","b"]"#,
        "invalid type: sequence, expected text for `SESSIONID`",
    );
    assert_refused(
        r#""SESSIONID":5"#,
        "invalid type: integer `5`, expected text for `SESSIONID`",
    );
    assert_refused(
        r#""startTime":"soon""#,
        "invalid type: text \"soon\", expected seconds since 1970-01-01, from 0 to 253402300799 without leading zeros for `startTime`",
    );
    assert_refused(
        r#""startTime":-1"#,
        "invalid value for `startTime`: expected seconds since 1970-01-01, from 0 to 253402300799 without leading zeros, found \"-1\"",
    );
    assert_refused(
        r#""startTime":253402300800"#,
        "invalid value for `startTime`: expected seconds since 1970-01-01, from 0 to 253402300799 without leading zeros, found \"253402300800\"",
    );
    assert_refused(
        r#""startTime":1.5"#,
        "invalid type: floating point `1.5`, expected seconds since 1970-01-01, from 0 to 253402300799 without leading zeros for `startTime`",
    );
    assert_refused(
        r#""gracefulExit":1"#,
        "invalid type: integer `1`, expected true or false for `gracefulExit`",
    );
    assert_refused(
        r#""gracefulExit":"\u001b[31myes\u202e""#,
        "invalid type: text \"\\u{1b}[31myes\\u{202e}\", expected true or false for `gracefulExit`",
    );
    for name in ["reason", "gracefulExit"] {
        let expected = match name {
            "reason" => "text",
            _ => "true or false",
        };
        assert_refused(
            &format!(r#""{name}":-1"#),
            &format!("invalid type: integer `-1`, expected {expected} for `{name}`"),
        );
    }
    assert_refused(
        r#""transportReconnects":true"#,
        "invalid type: boolean `true`, expected a whole number from 0 to 18446744073709551615 without leading zeros for `transportReconnects`",
    );
    assert_refused(
        r#""\u001b[31mclientCountry":"SI""#,
        "unknown field \"\\u{1b}[31mclientCountry\": expected the name of a parameter, or `extra`",
    );
    assert_refused(
        r#""extra":"\u001b""#,
        "invalid type: text \"\\u{1b}\", expected a list of pairs for `extra`",
    );
    assert_refused(
        r#""extra":["\u001b"]"#,
        "invalid type: text \"\\u{1b}\", expected a list of a name and a value",
    );
    assert_refused(
        r#""extra":{"a":"b"}"#,
        "invalid type: map, expected a list of pairs for `extra`",
    );
    assert_refused(
        r#""extra":[["a"]]"#,
        "invalid length 1, expected a list of a name and a value",
    );
    assert_refused(
        r#""extra":[["a","b","c"]]"#,
        "invalid length 3, expected a list of a name and a value",
    );
    let long = "A".repeat(100_000);
    let error = parse(&format!(r#""{long}":["","",""]"#)).unwrap_err();
    assert!(error.to_string().len() < 200, "{error}");

    for (json, message) in [
        (
            "{}",
            "missing required parameter `TIMESTAMP` at line 1 column 2",
        ),
        (
            "7",
            "invalid type: integer `7`, expected a notification at line 1 column 1",
        ),
        (
            "[]",
            "invalid type: sequence, expected a notification at line 1 column 2",
        ),
        (
            r#"{"TIMESTAMP":null,"MODULE":"m","EVENT":"e","SERVERID":1,"DOMAIN_ID":""}"#,
            "missing required parameter `TIMESTAMP` at line 1 column 71",
        ),
    ] {
        let error = serde_json::from_str::<Notification<'_>>(json).unwrap_err();
        assert_eq!(error.to_string(), message, "{json}");
    }
}

#[test]
fn an_absent_value_can_be_null() {
    let plain = Notification::parse(ENVELOPE).expect("it parses");
    for rest in [r#""reason":null"#, r#""startTime":null,"extra":[]"#] {
        assert_eq!(parse(rest).expect(rest), plain);
    }
}

/// An earlier version, which did not know the name, may have stored it under `extra`.
#[test]
fn a_known_name_in_extra_fills_its_empty_field() {
    let stop = parse(r#""extra":[["gracefulExit","1"],["reason","a"],["reason","b"]]"#).unwrap();
    assert_eq!(stop.session.graceful_exit, Some(true));
    assert_eq!(stop.reason.text.as_deref(), Some("a"));
    assert_eq!(stop.extra.iter().collect::<Vec<_>>(), [("reason", "b")]);
    let null = parse(r#""reason":null,"extra":[["reason","a"]]"#).unwrap();
    assert_eq!(null.reason.text.as_deref(), Some("a"));
}

#[test]
fn a_payload_is_stored_under_the_name_of_its_family() {
    for (json, message) in [
        (r#"{"isl":{}}"#, "unknown family \"isl\" at line 1 column 6"),
        (
            "\"\\u001b\"",
            "unknown family \"\\u{1b}\" at line 1 column 8",
        ),
        ("{}", "expected value at line 1 column 2"),
        ("7", "expected value at line 1 column 1"),
        (
            r#"{"isl-light":{}}"#,
            "missing required parameter `TIMESTAMP` at line 1 column 15",
        ),
    ] {
        let error = serde_json::from_str::<Payload<'_>>(json).unwrap_err();
        assert_eq!(error.to_string(), message, "{json}");
    }
}

#[test]
fn errors_say_what_was_expected() {
    use serde::de::IntoDeserializer as _;
    use serde::de::value::{Error, U8Deserializer};

    let number: U8Deserializer<Error> = 7_u8.into_deserializer();
    let error = <Payload<'_> as serde::Deserialize>::deserialize(number).unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid type: integer `7`, expected a payload under the name of its family"
    );
    let error = serde_json::from_str::<Family>("7").unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid type: integer `7`, expected a name at line 1 column 1"
    );
}

#[test]
fn names_are_stored_as_their_text() {
    for &parameter in Parameter::ALL {
        stored::check(&parameter);
    }
    for &family in Family::ALL {
        stored::check(&family);
    }
    for &kind in ErrorKind::ALL {
        stored::check(&kind);
    }
    let json = serde_json::to_string(&Parameter::SessionId).unwrap();
    assert_eq!(json, "\"SESSIONID\"");
    let error = serde_json::from_str::<Parameter>("\"\\u001b\"").unwrap_err();
    assert_eq!(
        error.to_string(),
        "unknown parameter \"\\u{1b}\" at line 1 column 8"
    );
    let event = Notification::parse(ENVELOPE).expect("it parses");
    let values = Parameter::ENVELOPE
        .iter()
        .map(|parameter| event.get(*parameter));
    let values = serde_json::to_string(&values.collect::<Vec<_>>()).expect("JSON");
    assert_eq!(values, r#"[1206303963,"ISL_Light","STOP",19,"s-999_0_0"]"#);
}

/// Stored values can come from untrusted sources: memory and time stay linear.
#[test]
fn peak_memory_is_a_small_multiple_of_the_input() {
    type Shape = fn(usize) -> String;
    let shapes: [(&str, Shape); 6] = [
        ("a long name of a list", |size| {
            let items = vec!["\"\""; size / 6].join(",");
            format!("{{\"{}\":[{items}]}}", "A".repeat(size / 2))
        }),
        ("unknown names", |size| {
            let entries: Vec<_> = (0..size / 12).map(|n| format!("\"x{n}\":0")).collect();
            JSON.replace('}', &format!(",{}}}", entries.join(",")))
        }),
        ("a list for a text", |size| {
            JSON.replace(
                '}',
                &format!(",\"reason\":[{}]}}", vec!["\"\""; size / 3].join(",")),
            )
        }),
        ("a long text for a number", |size| {
            JSON.replace('}', &format!(",\"startTime\":\"{}\"}}", "9".repeat(size)))
        }),
        ("extra pairs", |size| {
            let pairs = vec!["[\"\",\"\"]"; size / 8].join(",");
            JSON.replace('}', &format!(",\"extra\":[{pairs}]}}"))
        }),
        ("known names among extra pairs", |size| {
            let pairs = vec!["[\"gracefulExit\",\"x\"]"; size / 20].join(",");
            JSON.replace('}', &format!(",\"extra\":[{pairs}]}}"))
        }),
    ];
    for (name, shape) in shapes {
        for size in [12_000, 192_000] {
            let json = shape(size);
            let payload = format!("{{\"isl-light\":{json}}}");
            let measured = allocation_counter::measure(|| {
                let _ = std::hint::black_box(serde_json::from_str::<Notification<'_>>(&json));
                let _ = std::hint::black_box(serde_json::from_str::<Payload<'_>>(&payload));
            });
            // A list grows by doubling, while the old one still exists. An empty pair takes nine
            // bytes of JSON and two strings.
            let bound = 25 * json.len() as u64;
            let peak = measured.bytes_max;
            assert!(
                peak <= bound,
                "{name}: {peak} bytes for {} of JSON",
                json.len()
            );
        }
    }
}

/// With `deserialize_map`, a tree returns an error with raw text of any length.
#[test]
fn errors_about_a_tree_are_short() {
    let text = "\u{1b}[31m".repeat(1000);
    for tree in [
        serde_json::json!(text),
        serde_json::json!({ "isl-light": text }),
    ] {
        for error in [
            serde_json::from_value::<Notification<'_>>(tree.clone()).unwrap_err(),
            serde_json::from_value::<Payload<'_>>(tree.clone()).unwrap_err(),
        ] {
            let error = error.to_string();
            assert!(error.len() < 300, "{error}");
            assert!(!error.contains(common::is_deceptive), "{error:?}");
        }
    }
}

#[test]
fn a_key_that_is_no_name_of_a_family_says_so() {
    use serde::de::value::{Error, MapAccessDeserializer, MapDeserializer};
    use serde::de::{Deserialize as _, Error as _};

    let pairs = MapDeserializer::<_, Error>::new([(true, "x")].into_iter());
    let result = Payload::deserialize(MapAccessDeserializer::new(pairs));
    let error = Error::custom("invalid type: boolean `true`, expected the name of a family");
    assert_eq!(result, Err(error));
}
