//! Lenient parsing: what is kept and what is reported.

mod common;

use common::ENVELOPE;
use isl_volano::ErrorKind::{
    self, DuplicateParameter, InvalidPercentEncoding, InvalidUtf8, InvalidValue,
};
use isl_volano::form;
use isl_volano::isl_light::{Notification, Parameter, Parser};

/// Parses a body with `rest` after the envelope, and asserts the problems, with offsets in `rest`,
/// and the pairs in `extra`.
#[track_caller]
fn assert_problems(
    rest: &[u8],
    problems: &[(ErrorKind, usize, Option<&str>)],
    extra: &[(&str, &str)],
) {
    let body = [ENVELOPE.as_bytes(), rest].concat();
    let lenient = Notification::parse_lenient(&body).expect("an envelope");
    assert_eq!(lenient.omitted_problems, 0);
    let notification = &lenient.notification;
    let parser = Parser::new().lenient();
    assert_eq!(parser.parse_bytes(&body).as_ref(), Ok(notification));

    let found = lenient.problems.iter();
    let found = found.map(|error| (error.kind(), error.offset() - ENVELOPE.len(), error.name()));
    assert_eq!(found.collect::<Vec<_>>(), problems);
    assert_eq!(notification.extra.iter().collect::<Vec<_>>(), extra);

    // The error of strict mode is among the problems.
    match Notification::parse_bytes(&body) {
        Ok(strict) => {
            assert_eq!(&strict, notification);
            assert_eq!(problems, []);
        }
        Err(error) if str::from_utf8(&body).is_err() => {
            let kind = error.kind();
            assert!(
                lenient
                    .problems
                    .iter()
                    .any(|problem| problem.kind() == kind)
            );
        }
        Err(error) => assert!(lenient.problems.contains(&error), "{error}"),
    }
}

#[test]
fn misfits_are_kept_and_reported() {
    assert_problems(
        b"&SESSIONID=s19_3_390&clientCountry=SI",
        &[],
        &[("clientCountry", "SI")],
    );
    assert_problems(
        b"&totalTransferredBytes=1e6&startTime=soon",
        &[
            (InvalidValue, 23, Some("totalTransferredBytes")),
            (InvalidValue, 37, Some("startTime")),
        ],
        &[("totalTransferredBytes", "1e6"), ("startTime", "soon")],
    );
    assert_problems(
        b"&SESSIONID=s1_2_3&SESSIONID=s9_9_9",
        &[(DuplicateParameter, 18, Some("SESSIONID"))],
        &[("SESSIONID", "s9_9_9")],
    );
    assert_problems(
        b"&reason=%E9&%zz=%4",
        &[
            (InvalidUtf8, 8, Some("reason")),
            (InvalidPercentEncoding, 12, None),
            (InvalidPercentEncoding, 16, Some("%zz")),
        ],
        &[("%zz", "%4")],
    );
}

#[test]
fn replaced_bytes_are_reported() {
    assert_problems(
        b"&reason=\xe9&\xff=%zz&a=%E9&b=\xfe",
        &[
            (InvalidUtf8, 8, Some("reason")),
            (InvalidUtf8, 10, None),
            (InvalidPercentEncoding, 12, Some("\u{fffd}")),
            (InvalidUtf8, 18, Some("a")),
            (InvalidUtf8, 24, Some("b")),
        ],
        &[("\u{fffd}", "%zz"), ("a", "\u{fffd}"), ("b", "\u{fffd}")],
    );
}

/// The memory for errors is limited, and omitted problems are counted.
#[test]
fn no_more_than_a_hundred_problems_are_reported() {
    let body = format!("{ENVELOPE}{}", "&gracefulExit=x".repeat(1000));
    let lenient = Notification::parse_lenient(body.as_bytes()).expect("an envelope");
    assert_eq!(lenient.problems.len(), 100);
    assert_eq!(lenient.omitted_problems, 900);
    assert_eq!(lenient.notification.extra.len(), 1000);
}

#[test]
fn only_an_invalid_envelope_is_an_error() {
    for (body, kind, name) in [
        (
            "TIMESTAMP=today&MODULE=m&EVENT=e&SERVERID=1&DOMAIN_ID=",
            InvalidValue,
            "TIMESTAMP",
        ),
        (
            "TIMESTAMP=1&MODULE=m&EVENT=e&SERVERID=019&DOMAIN_ID=",
            InvalidValue,
            "SERVERID",
        ),
        (
            "TIMESTAMP=1&MODULE=m&EVENT=e&SERVERID=&DOMAIN_ID=",
            ErrorKind::MissingParameter,
            "SERVERID",
        ),
        (
            "TIMESTAMP=1&MODULE=m&EVENT=e&SERVERID=1",
            ErrorKind::MissingParameter,
            "DOMAIN_ID",
        ),
        ("", ErrorKind::MissingParameter, "TIMESTAMP"),
    ] {
        // With any other error in the body.
        for rest in ["", "&reason=%zz&gracefulExit=x&SESSIONID=a&SESSIONID=b"] {
            let body = format!("{body}{rest}");
            let error = Notification::parse_lenient(body.as_bytes()).expect_err(&body);
            assert_eq!((error.kind(), error.name()), (kind, Some(name)), "{body}");
            // The pairs can still be kept.
            let expected: Vec<_> = form_urlencoded::parse(body.as_bytes()).collect();
            assert_eq!(form::pairs(body.as_bytes()).collect::<Vec<_>>(), expected);
        }
    }
}

#[test]
fn a_second_value_fills_the_envelope_if_the_first_does_not_fit() {
    let body = b"TIMESTAMP=x&TIMESTAMP=5&MODULE=ISL_Light&EVENT=STOP&SERVERID=1&DOMAIN_ID=s";
    let lenient = Notification::parse_lenient(body).expect("an envelope");
    assert_eq!(lenient.notification.timestamp.unix_timestamp(), 5);
    assert_eq!(lenient.notification.extra.get("TIMESTAMP"), Some("x"));
    assert_eq!(lenient.problems.len(), 1);
}

#[test]
fn a_notification_is_created_from_pairs() {
    for capture in common::isl_captures() {
        let parsed = Notification::parse(&capture.body).expect(&capture.name);
        let pairs = form::pairs(capture.body.as_bytes());
        assert_eq!(
            Notification::from_pairs(pairs).as_ref(),
            Ok(&parsed),
            "{}",
            capture.name
        );
        let set = capture
            .pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()));
        assert_eq!(
            Notification::from_pairs(set).as_ref(),
            Ok(&parsed),
            "{}",
            capture.name
        );
    }
    let envelope = || form::pairs(ENVELOPE.as_bytes());
    let from = |pairs: &[(&'static str, &'static str)]| {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()));
        Notification::from_pairs(envelope().chain(pairs)).map_err(|error| error.to_string())
    };
    assert_eq!(
        from(&[("gracefulExit", "maybe")]),
        Err("invalid value for `gracefulExit`: expected 1 or 0, found \"maybe\"".to_owned())
    );
    assert_eq!(
        from(&[("reason", "a"), ("reason", "b")]),
        Err("duplicate parameter `reason`".to_owned())
    );
    assert_eq!(
        Notification::from_pairs([("MODULE", "m")]).map_err(|error| error.to_string()),
        Err("missing required parameter `TIMESTAMP`".to_owned())
    );
    let parser = Parser::new().max_parameters(4);
    assert_eq!(
        parser
            .from_pairs(envelope())
            .map_err(|error| error.to_string()),
        Err("too many parameters: more than 4".to_owned())
    );
    assert_eq!(
        Parser::new().max_parameters(5).from_pairs(envelope()),
        from(&[]).map_err(|_| unreachable!())
    );
}

#[test]
fn every_parameter_can_be_set_and_removed() {
    let mut event = Notification::parse(ENVELOPE).expect("it parses");
    for &parameter in Parameter::ALL {
        let value = match parameter.kind() {
            isl_volano::isl_light::Kind::Text => "x",
            _ => "1",
        };
        let name = parameter.name();
        event.set(parameter, value).expect(name);
        assert_eq!(
            event
                .get(parameter)
                .map(|value| value.to_string())
                .as_deref(),
            Some(value)
        );
    }
    assert_eq!(Notification::parse(&event.to_form()).as_ref(), Ok(&event));
    for &parameter in Parameter::ALL {
        let is_text = parameter.kind() == isl_volano::isl_light::Kind::Text;
        match event.set(parameter, "") {
            Ok(()) if is_text => assert_eq!(event.get(parameter).unwrap().to_string(), ""),
            Ok(()) => assert_eq!(event.get(parameter), None, "{parameter}"),
            Err(error) => {
                assert!(parameter.is_envelope() && !is_text, "{error}");
                assert_eq!(error.kind(), InvalidValue);
                assert!(event.get(parameter).is_some());
            }
        }
    }
    let error = event.set(Parameter::StartTime, "\u{1b}[31m").unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid value for `startTime`: expected seconds since 1970-01-01, from 0 to 253402300799 without leading zeros, found \"\\u{1b}[31m\""
    );
}

/// The limit does not depend on the features of the crate `time`.
#[test]
fn no_time_is_after_the_year_9999() {
    let body = |time: &str| ENVELOPE.replace("1206303963", time);
    assert!(Notification::parse(&body("253402300799")).is_ok());
    for time in [
        "253402300800",
        "9223372036854775807",
        "18446744073709551615",
    ] {
        let error = Notification::parse(&body(time))
            .map(|_| ())
            .expect_err(time);
        assert_eq!(error.kind(), InvalidValue);
    }
}

#[test]
fn a_line_for_logs_has_no_session_code_and_no_control_characters() {
    let body = format!(
        "{}&deskCode=12345678&textCode=87654321&CPUSER=janez&reason=%1B%0A%E2%80%AE&SESSION_CODE=5551234",
        ENVELOPE.replace("STOP", "%07")
    );
    let line = Notification::parse(&body).expect("it parses").to_string();
    assert_eq!(
        line,
        "TIMESTAMP=1206303963 MODULE=\"ISL_Light\" EVENT=\"\\u{7}\" SERVERID=19 DOMAIN_ID=\"s-999_0_0\" \
         reason=\"\\u{1b}\\n\\u{202e}\" extra=1"
    );
}

#[test]
fn text_that_is_well_encoded_is_no_problem_where_other_text_is_not() {
    assert_problems(
        b"&reasonAddress=%C3%A9+x&reason=\xe9",
        &[(InvalidUtf8, 31, Some("reason"))],
        &[],
    );
}

#[test]
fn a_problem_of_another_parameter_is_omitted_after_a_hundred() {
    let body = format!("{ENVELOPE}{}&startTime=x", "&gracefulExit=x".repeat(100));
    let lenient = Notification::parse_lenient(body.as_bytes()).expect("an envelope");
    assert_eq!(lenient.problems.len(), 100);
    assert_eq!(lenient.omitted_problems, 1);
    assert_eq!(lenient.notification.extra.get("startTime"), Some("x"));
}
