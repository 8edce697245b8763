//! The types of values: how they parse their text, compare and are displayed.

use std::cmp::Ordering;
use std::collections::HashMap;

use isl_volano::isl_light::{
    Address, DatabaseId, Event, Extra, KnownParameterError, Module, NetworkInterfaces,
    Notification, Parameter, Platform, SoftwareType, Transport, Value, Version,
};
use isl_volano::volano_chat::{KickKind, LineEnd, Membership};
use isl_volano::{ErrorKind, Family, Payload, UnknownNameError};

#[test]
fn database_ids() {
    for (text, parts) in [
        ("s19_3_390", Some((19, 3, 390))),
        ("s-999_0_0", Some((-999, 0, 0))),
        ("s-1_0_1", Some((-1, 0, 1))),
        ("s0_0_18446744073709551615", Some((0, 0, u64::MAX))),
        ("s0_0_18446744073709551616", None),
        ("s19_-3_390", None),
        ("s+19_3_390", None),
        ("s19_+3_390", None),
        ("s19_3_+390", None),
        ("s19_3", None),
        ("s19_3_390_1", None),
        ("19_3_390", None),
        ("S19_3_390", None),
        ("s_3_390", None),
        ("s19_3_390 ", None),
        ("", None),
    ] {
        let id = DatabaseId::new(text);
        assert_eq!(id.parts(), parts, "{text:?}");
        assert_eq!(id.server(), parts.map(|parts| parts.0), "{text:?}");
        assert_eq!(id.as_str(), text);
    }
}

#[test]
fn identifiers_and_addresses_can_be_keys_of_maps() {
    let sessions = HashMap::from([(DatabaseId::new("s19_3_390"), 1)]);
    assert_eq!(sessions.get("s19_3_390"), Some(&1));
    let sides = HashMap::from([(Address::new("192.0.2.10"), 2)]);
    assert_eq!(sides.get("192.0.2.10"), Some(&2));
}

#[test]
fn addresses() {
    assert_eq!(
        Address::new("192.0.2.10").ip(),
        Some([192, 0, 2, 10].into())
    );
    assert!(
        Address::new("2001:db8::1")
            .ip()
            .is_some_and(|ip| ip.is_ipv6())
    );
    for (text, ip, port) in [
        ("192.0.2.10:7615", "192.0.2.10", Some(7615)),
        ("[192.0.2.10]", "", None),
        ("192.0.2.10:", "", None),
        ("192.0.2.10:+80", "", None),
        ("192.0.2.10:65536", "", None),
        ("192.0.2.10%eth0", "", None),
        ("2001:db8::7", "2001:db8::7", None),
        ("[2001:db8::7]", "2001:db8::7", None),
        ("[2001:db8::7]:7615", "2001:db8::7", Some(7615)),
        ("[2001:db8::7]7615", "", None),
        ("[2001:db8::7]:x", "", None),
        ("[2001:db8::7", "", None),
        ("fe80::1%eth0", "fe80::1", None),
        ("[fe80::1%eth0]:80", "fe80::1", Some(80)),
        ("host:80", "", None),
        ("", "", None),
        ("unknown", "", None),
        ("192.0.2", "", None),
        ("192.0.2.10 ", "", None),
        ("192.000.002.010", "", None),
    ] {
        let address = Address::new(text);
        assert_eq!(address.ip(), ip.parse().ok(), "{text:?}");
        assert_eq!(address.port(), port, "{text:?}");
    }
    let ip: std::net::IpAddr = [192, 0, 2, 10].into();
    assert_eq!(Address::from(ip), "192.0.2.10");
    for (text, addresses) in [
        (
            "192.168.0.1;192.168.0.2;",
            &["192.168.0.1", "192.168.0.2"][..],
        ),
        ("192.168.0.1", &["192.168.0.1"]),
        (";;a;;b", &["a", "b"]),
        (";", &[]),
        ("", &[]),
    ] {
        let interfaces = NetworkInterfaces::new(text);
        let found: Vec<_> = interfaces
            .iter()
            .map(|address| address.to_string())
            .collect();
        assert_eq!(found, addresses, "{text:?}");
    }
}

#[test]
fn versions_are_ordered() {
    let ordered = [
        "",
        "a",
        "b.1",
        "0",
        "00",
        "1",
        "1.",
        "1.a",
        "1.0",
        "1.2",
        "01.10",
        "1.10",
        "1.10.0",
        "2",
        "4.4.2332.60",
        "4.10",
        "10",
        "99999999999999999999",
        "100000000000000000000",
    ];
    for (index, left) in ordered.iter().enumerate() {
        for (other, right) in ordered.iter().enumerate() {
            let (left, right) = (Version::new(*left), Version::new(*right));
            assert_eq!(left.cmp(&right), index.cmp(&other), "{left} and {right}");
            assert_eq!(left.partial_cmp(&right), Some(index.cmp(&other)));
            assert_eq!(left == right, left.cmp(&right) == Ordering::Equal);
        }
    }
}

/// Known texts in every spelling, and texts that are kept as `Other`.
macro_rules! assert_known {
    ($($type:ident: $($text:literal)+;)+) => {
        $(
            let known: Vec<_> = $type::KNOWN.iter().map(|known| known.as_str()).collect();
            assert_eq!(known, [$($text),+]);
            for known in $type::KNOWN {
                assert_eq!(&$type::new(known.as_str()), known);
                assert!(!matches!($type::new(known.as_str()), $type::Other(_)));
                assert_eq!(&known.clone().into_owned(), known);
            }
            for text in ["", "other", " ", "é"] {
                let $type::Other(other) = $type::new(text) else {
                    panic!("{text:?} is known");
                };
                assert_eq!(other.as_str(), text);
                assert_eq!($type::Other(other), *text);
            }
        )+
    };
}

#[test]
fn known_texts() {
    assert_known! {
        Event: "NEW SESSION" "CODE" "GETCODE" "START" "STOP" "INVALID" "RECONNECT" "TERMINATED"
            "MESSAGE";
        Module: "ISL_Light";
        SoftwareType: "desk" "client";
        Transport: "direct" "HTTP" "HTTPS";
        Platform: "win32";
    }
    assert_eq!(Event::new("NEWSESSION"), Event::NewSession);
    assert_eq!(Module::new("ISL_LIGHT"), Module::IslLight);
    // A value equals a text in either spelling.
    for text in ["NEW SESSION", "NEWSESSION"] {
        assert_eq!(Event::NewSession, text);
        assert_eq!(Event::new(text), text);
    }
    for text in ["ISL_Light", "ISL_LIGHT"] {
        assert_eq!(Module::IslLight, text);
        assert_eq!(Module::new(text), text);
    }
    assert_ne!(Module::IslLight, "isl_light");
    assert_ne!(Module::new("ISL_PRONTO"), "ISL_LIGHT");
    for other in ["New Session", "NEW  SESSION", "NEW_SESSION", "newsession"] {
        assert_ne!(Event::new(other), Event::NewSession, "{other}");
    }
}

/// The methods of every type for text.
macro_rules! assert_text {
    ($($type:ident)+) => {
        $(
            let value = $type::from("some text");
            assert_eq!(value, $type::from(String::from("some text")));
            assert_eq!(value, $type::from(std::borrow::Cow::Borrowed("some text")));
            assert_eq!(value, "some text");
            assert_eq!(value, *"some text");
            assert_ne!(value, "other text");
            assert_eq!(value.as_ref() as &str, "some text");
            assert_eq!(value.to_string(), "some text");
            assert_eq!(format!("{value:>11}|{value:<11}|"), "  some text|some text  |");
            assert_eq!(value.clone().into_owned(), value);
            assert_eq!(value, String::from("some text"));
            assert_eq!("some text".parse(), Ok(value.clone()));
            assert_eq!(String::from(value), "some text");
        )+
    };
}

#[test]
fn types_for_text() {
    assert_text!(
        DatabaseId Address NetworkInterfaces Version Event Module SoftwareType Transport Platform
    );
    assert_eq!(DatabaseId::new("x").into_cow(), "x");
}

#[test]
fn extra_refuses_known_parameters() {
    let mut extra = Extra::default();
    assert!(extra.is_empty());
    for &known in Parameter::ALL {
        let refused = extra.push(known.name(), "x").unwrap_err();
        assert_eq!(refused, KnownParameterError(known));
        assert_eq!(
            refused.to_string(),
            format!("parameter `{known}` has its own field")
        );
    }
    extra.push("a", "1").expect("not known");
    extra.push("b", "2").expect("not known");
    extra.push("a", "3").expect("not known");
    assert_eq!((extra.len(), extra.is_empty()), (3, false));
    assert_eq!(
        (extra.get("a"), extra.get("b"), extra.get("c")),
        (Some("1"), Some("2"), None)
    );
    assert_eq!(extra.iter().len(), 3);
    assert_eq!(extra.clone().into_owned(), extra);
    let borrowed: Vec<_> = (&extra).into_iter().collect();
    assert_eq!(borrowed, [("a", "1"), ("b", "2"), ("a", "3")]);
    let mut fewer = extra.clone();
    assert_eq!(fewer.remove("a").as_deref(), Some("1"));
    assert_eq!(fewer.remove("c"), None);
    assert_eq!(fewer.iter().collect::<Vec<_>>(), [("b", "2"), ("a", "3")]);
    let pairs: Vec<_> = extra.into_iter().collect();
    assert_eq!(pairs[2], ("a".into(), "3".into()));
    let unknown: Result<Parameter, UnknownNameError> = "a\u{1b}".parse();
    let message = unknown.unwrap_err().to_string();
    assert_eq!(message, "unknown parameter \"a\\u{1b}\"");
}

#[test]
fn values_are_displayed_as_on_the_wire() {
    assert_eq!(Value::Text("a b").to_string(), "a b");
    assert_eq!(
        Value::Unsigned(u64::MAX).to_string(),
        "18446744073709551615"
    );
    assert_eq!(Value::Signed(i64::MIN).to_string(), "-9223372036854775808");
    assert_eq!(Value::Bool(true).to_string(), "1");
    assert_eq!(Value::Bool(false).to_string(), "0");
    assert_eq!(
        format!(
            "{:>4}{:>3}{:>3}",
            Value::Text("a"),
            Value::Unsigned(1),
            Value::Bool(true)
        ),
        "   a  1  1"
    );
}

#[test]
fn kinds_and_families_are_displayed_by_name() {
    assert_eq!(
        format!("{:>7}|{:<11}|", KickKind::Ban, Membership::NonMember),
        "    ban|non-member |"
    );
    assert_eq!(Family::IslLight.as_str(), "isl-light");
    assert_eq!(Family::VolanoChat.as_str(), "volano-chat");
    for &family in Family::ALL {
        assert_eq!(family.to_string().parse(), Ok(family));
    }
    for &kind in ErrorKind::ALL {
        assert_eq!(kind.to_string(), format!("{kind:?}"));
        assert_eq!(kind.as_str().parse(), Ok(kind));
    }
    let unknown: Result<Family, UnknownNameError> = "ISL".parse();
    assert_eq!(unknown.unwrap_err().to_string(), "unknown family \"ISL\"");
    let payload = Payload::parse("<delete><room>r</room></delete>").expect("it parses");
    assert_eq!(payload.family(), Family::VolanoChat);
    assert_eq!(payload.to_string(), "delete room=\"r\"");
    assert_eq!(payload.clone().into_owned(), payload);
    let body = "TIMESTAMP=0&MODULE=ISL_Light&EVENT=STOP&SERVERID=0&DOMAIN_ID=x&reason=y";
    let payload = Payload::parse(body).expect("it parses");
    assert_eq!(payload.family(), Family::IslLight);
    assert!(payload.to_string().starts_with("TIMESTAMP=0 MODULE="));
    assert_eq!(payload.clone().into_owned(), payload);
}

#[test]
fn numbers_are_written_as_they_are_parsed() {
    for number in [i64::MIN, -10, -1, 0, 1, 10, i64::MAX] {
        let body = format!("TIMESTAMP=0&MODULE=m&EVENT=e&SERVERID={number}&DOMAIN_ID=");
        let event = Notification::parse(&body).expect(&body);
        assert_eq!(event.server_id, number);
        assert_eq!(event.to_form(), body);
    }
}

#[test]
fn line_ends() {
    assert_eq!(
        (LineEnd::Lf.as_str(), LineEnd::CrLf.as_str()),
        ("\n", "\r\n")
    );
    for (body, end) in [
        ("", None),
        ("x", None),
        ("x\r", None),
        ("\n", Some(LineEnd::Lf)),
        ("x\n", Some(LineEnd::Lf)),
        ("\r\n", Some(LineEnd::CrLf)),
        ("x\n\r\n", Some(LineEnd::CrLf)),
    ] {
        assert_eq!(LineEnd::of(body), end, "{body:?}");
    }
    assert_eq!(LineEnd::default(), LineEnd::Lf);
}
