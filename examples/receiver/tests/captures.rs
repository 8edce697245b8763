//! Posts every capture to the running receiver and reads it back from the database: nothing is lost
//! or changed.

mod support;

use std::cell::RefCell;
use std::collections::BTreeMap;

use isl_volano::isl_light::{Notification, Parameter};
use isl_volano::volano_chat::Event;
use rusqlite::Row;
use serde_json::Value;
use support::{Capture, Receiver, captures};

fn text(row: &Row<'_>, column: &str) -> Option<String> {
    row.get(column).expect(column)
}

/// Posts captures in sequence on one connection, and calls `check` with each capture and its row.
fn check_each(
    captures: &[Capture],
    target: impl Fn(&Capture) -> String,
    check: impl Fn(&Capture, &Row<'_>),
) {
    let folder = tempfile::tempdir().expect("a folder");
    let receiver = Receiver::start(&folder, &[]);
    let mut client = receiver.connect();
    for capture in captures {
        let answer = client.post_capture(capture, &target(capture));
        match capture.said["charset"].is_string() {
            true => answer.acknowledges_volano_chat(),
            false => answer.acknowledges_isl_light(),
        }
    }
    let database = receiver.open();
    let mut statement = database
        .prepare("SELECT * FROM events ORDER BY id")
        .expect("a query");
    let mut rows = statement.query(()).expect("rows");
    for capture in captures {
        let row = rows.next().expect("a row").expect("a row");
        let body: Vec<u8> = row.get("body").expect("a body");
        assert_eq!(body, capture.body, "{}", capture.name);
        assert_eq!(row.get::<_, i64>("count"), Ok(1), "{}", capture.name);
        assert_eq!(
            row.get::<_, Option<i64>>("repeat_of"),
            Ok(None),
            "{}",
            capture.name
        );
        check(capture, row);
    }
    assert!(rows.next().expect("the end").is_none());
}

fn check_isl_light(capture: &Capture, row: &Row<'_>) {
    let name = &capture.name;
    let value = text(row, "value").expect(name);
    let stored: Notification<'_> = serde_json::from_str(&value).expect(name);
    let lenient = Notification::parse_lenient(&capture.body).expect(name);
    assert_eq!(stored, lenient.notification, "{name}");
    if let Ok(strict) = Notification::parse_bytes(&capture.body) {
        assert_eq!(stored, strict, "{name}");
        assert_eq!(text(row, "problems"), None, "{name}");
    }

    // What was really said.
    let pairs = capture.said["pairs"].as_array().expect("pairs");
    let pairs = pairs
        .iter()
        .map(|pair| (pair[0].as_str(), pair[1].as_str()));
    let said: BTreeMap<_, _> = pairs
        .map(|pair| (pair.0.expect(name), pair.1.expect(name)))
        .collect();
    for (&name, &said) in &said {
        let found = match name.parse::<Parameter>() {
            Ok(parameter) => stored.get(parameter).map(|value| value.to_string()),
            Err(_) => stored.extra.get(name).map(str::to_owned),
        };
        match (name, said, found) {
            ("startTime", "", None) => {}
            ("MODULE", "ISL_LIGHT", Some(found)) => assert_eq!(found, "ISL_Light"),
            ("EVENT", "NEWSESSION", Some(found)) => assert_eq!(found, "NEW SESSION"),
            (_, _, found) => assert_eq!(found.as_deref(), Some(said), "{name}"),
        }
    }
    let as_read = |name: &str| match said[name] {
        "NEWSESSION" => "NEW SESSION",
        "ISL_LIGHT" => "ISL_Light",
        other => other,
    };
    assert_eq!(text(row, "event").as_deref(), Some(as_read("EVENT")));
    assert_eq!(text(row, "module").as_deref(), Some(as_read("MODULE")));
    assert_eq!(
        text(row, "session").as_deref(),
        said.get("SESSIONID").copied()
    );
    assert_eq!(text(row, "actor").as_deref(), said.get("CPUSER").copied());
    let time = row.get::<_, i64>("time").expect("a time");
    assert_eq!(time.to_string(), said["TIMESTAMP"]);
}

#[test]
fn isl_light() {
    let captures = captures("isl_light");
    assert_eq!(captures.len(), 15);
    check_each(&captures, Capture::target, check_isl_light);
    check_each(&captures, |_| "/callback".to_owned(), check_isl_light);
}

/// Appends errors of strict mode to the captures: invalid UTF-8, invalid values, repeated
/// parameters.
#[test]
fn isl_light_lenient() {
    let rest: &[u8] = b"&gracefulExit=maybe&EVENT=again&extra=1&extra=2&reason=%E9%zz&\xff=\xfe";
    let mut captures = captures("isl_light");
    for capture in &mut captures {
        capture.body.extend_from_slice(rest);
        capture.request = support::request("/isl-light", &capture.body);
        let said = capture.said["pairs"].as_array().expect("pairs").clone();
        capture.said["pairs"] = Value::Array(said);
    }
    check_each(&captures, Capture::target, |capture, row| {
        check_isl_light(capture, row);
        let problems = text(row, "problems").expect("problems");
        let problems: Vec<Value> = serde_json::from_str(&problems).expect("JSON");
        let lenient = Notification::parse_lenient(&capture.body).expect(&capture.name);
        let told: Vec<_> = problems
            .iter()
            .map(|problem| problem["message"].as_str().expect("a message").to_owned())
            .collect();
        let expected: Vec<_> = lenient.problems.iter().map(ToString::to_string).collect();
        assert_eq!(told, expected, "{}", capture.name);
        assert!(told.len() >= 4, "{told:?}");
        assert!(
            text(row, "value")
                .expect("a value")
                .contains(r#"["gracefulExit","maybe"]"#)
        );
    });
}

/// Asserts that an event equals what was really said.
fn assert_said(event: &Event<'_>, capture: &Capture) {
    let said = &capture.said;
    assert_eq!(event.name(), said["event"].as_str().expect("an event"));
    // The texts in the server, or what its character set can represent of them.
    let mut fields: BTreeMap<_, _> = said["fields"].as_object().expect("fields").iter().collect();
    fields.extend(said["wire_fields"].as_object().into_iter().flatten());
    let kind = event.kind().map(|kind| ("type", kind));
    let found: BTreeMap<_, _> = event.texts().chain(kind).collect();
    assert_eq!(found.len(), fields.len(), "{}", capture.name);
    for (name, text) in fields {
        assert_eq!(
            found.get(&**name).copied(),
            text.as_str(),
            "{name} of {}",
            capture.name
        );
    }
}

fn check_volano_chat(capture: &Capture, row: &Row<'_>) {
    let name = &capture.name;
    let readings = text(row, "readings").map(|json| serde_json::from_str(&json).expect("JSON"));
    let readings: Vec<Event<'_>> = readings.unwrap_or_default();
    let Some(value) = text(row, "value") else {
        assert_eq!(
            text(row, "error_kind").as_deref(),
            Some("Ambiguous"),
            "{name}"
        );
        assert!(readings.len() > 1, "{name}");
        assert_eq!(text(row, "event"), None, "{name}");
        return;
    };
    let event: Event<'_> = serde_json::from_str(&value).expect(name);
    assert_said(&event, capture);
    assert_eq!(text(row, "event").as_deref(), Some(event.name()), "{name}");
    assert_eq!(text(row, "type").as_deref(), event.kind(), "{name}");
    assert_eq!(text(row, "room").as_deref(), Some(event.room()), "{name}");
    assert_eq!(text(row, "actor").as_deref(), event.actor(), "{name}");
    assert_eq!(text(row, "target").as_deref(), event.target(), "{name}");
    assert_eq!(text(row, "message").as_deref(), event.message(), "{name}");
    match text(row, "resolved_by") {
        Some(_) => assert!(readings.contains(&event), "{name}"),
        None => assert_eq!((readings.len(), text(row, "error")), (0, None), "{name}"),
    }
}

#[test]
fn volano_chat() {
    let captures = captures("volano_chat");
    assert_eq!(captures.len(), 443);
    let decided = RefCell::new(Vec::new());
    let target = |capture: &Capture| {
        let room = capture.said["fields"]["room"].as_str().expect("a room");
        capture.target_in(room)
    };
    check_each(&captures, target, |capture, row| {
        check_volano_chat(capture, row);
        if let Some(by) = text(row, "resolved_by") {
            decided
                .borrow_mut()
                .push(format!("{} by {by}", capture.name));
        }
    });
    // Three of thirteen ambiguous captures. In the others, the users of all readings are in the room.
    let expected = [
        "utf8-00037-chat by roster",
        "utf8-00038-chat by roster",
        "utf8-00083-chat by roster",
    ];
    assert_eq!(decided.into_inner(), expected);
}

#[test]
fn volano_chat_at_a_common_url() {
    let captures = captures("volano_chat");
    let target = |capture: &Capture| format!("/callback?room=Tea&encoding={}", capture.charset());
    check_each(&captures, target, check_volano_chat);
}
