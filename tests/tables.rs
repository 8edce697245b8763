//! The tables, the types, the documentation and the README agree.

mod common;

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use common::ENVELOPE;
use isl_volano::isl_light::{Event as IslEvent, Notification, Parameter};
use isl_volano::volano_chat::{
    Chat, Create, Delete, Enter, Event, Exit, Kick, KickKind, Membership, Ring, Whisper,
};

/// The parameters that the vendor documents, with a value that each takes: first those of the
/// envelope, then the others, in the vendor's order.
const DOCUMENTED: &[(&str, &str)] = &[
    ("TIMESTAMP", "1206303963"),
    ("MODULE", "ISL_Light"),
    ("EVENT", "STOP"),
    ("SERVERID", "19"),
    ("DOMAIN_ID", "s-999_0_0"),
    ("reason", "x"),
    ("reasonSoftwareType", "desk"),
    ("reasonAddress", "192.0.2.10"),
    ("SESSIONID", "s19_3_390"),
    ("CPUSER_ID", "s19_0_12"),
    ("CPUSER_EID", "crm-4711"),
    ("CPUSER", "janez"),
    ("CPUSER_NAME", "janez"),
    ("CPUSER_DOMAIN", "default"),
    ("CPUSER_DOMAIN_ID", "s-999_0_0"),
    ("createdTime", "1206303063"),
    ("startTime", "1206303111"),
    ("totalTransferredBytes", "10485760"),
    ("totalConnectionTime", "852"),
    ("lastTransferredPacketTime", "1206303960"),
    ("transportReconnects", "1"),
    ("gracefulExit", "1"),
    ("deskVersion", "4.4.2332.60"),
    ("deskAddress", "192.0.2.10"),
    ("deskTransport", "HTTPS"),
    ("deskLanguage", "en"),
    ("deskNetworkInterfaces", "192.168.0.1"),
    ("deskPlatform", "win32"),
    ("deskCode", "12345678"),
    ("textCode", "12345678"),
    ("clientVersion", "4.4.2332.60"),
    ("clientAddress", "198.51.100.7"),
    ("clientTransport", "direct"),
    ("clientLanguage", "sl"),
    ("clientNetworkInterfaces", "10.0.0.5"),
    ("clientPlatform", "win32"),
];

/// The events that the vendor documents.
const EVENTS: &[&str] = &[
    "NEW SESSION",
    "CODE",
    "GETCODE",
    "START",
    "STOP",
    "INVALID",
    "RECONNECT",
    "TERMINATED",
    "MESSAGE",
];

/// The elements that VolanoChat documents, and `whisper`: as the server writes each of them.
const ELEMENTS: &[&str] = &[
    "<create><room>1</room></create>",
    "<enter type=\"member\"><room>1</room><user>2</user><host>3</host><profile>4</profile></enter>",
    "<enter type=\"non-member\"><room>1</room><user>2</user><host>3</host><profile>4</profile></enter>",
    "<chat><room>1</room><user>2</user><message>3</message></chat>",
    "<whisper><room>1</room><from>2</from><to>3</to><message>4</message></whisper>",
    "<ring><room>1</room><from>2</from><to>3</to></ring>",
    "<kick type=\"remove\"><room>1</room><from>2</from><to>3</to></kick>",
    "<kick type=\"disconnect\"><room>1</room><from>2</from><to>3</to></kick>",
    "<kick type=\"ban\"><room>1</room><from>2</from><to>3</to></kick>",
    "<exit><room>1</room><user>2</user></exit>",
    "<delete><room>1</room></delete>",
];

/// The same events, made by hand.
fn events() -> Vec<Event<'static>> {
    vec![
        Create::new("1").into(),
        Enter::new(Membership::Member, "1", "2", "3", "4").into(),
        Enter::new(Membership::NonMember, "1", "2", "3", "4").into(),
        Chat::new("1", "2", "3").into(),
        Whisper::new("1", "2", "3", "4").into(),
        Ring::new("1", "2", "3").into(),
        Kick::new(KickKind::Remove, "1", "2", "3").into(),
        Kick::new(KickKind::Disconnect, "1", "2", "3").into(),
        Kick::new(KickKind::Ban, "1", "2", "3").into(),
        Exit::new("1", "2").into(),
        Delete::new("1").into(),
    ]
}

#[test]
fn parameters_are_the_documented_ones() {
    let documented: Vec<_> = DOCUMENTED.iter().map(|(name, _)| *name).collect();
    let known: Vec<_> = Parameter::ALL.iter().map(|known| known.name()).collect();
    assert_eq!(known, documented);
    assert_eq!(known.len(), 5 + 31);
    assert_eq!(known.iter().collect::<HashSet<_>>().len(), known.len());
    assert_eq!(Parameter::ENVELOPE, &Parameter::ALL[..5]);
    for parameter in Parameter::ALL {
        let envelope = Parameter::ENVELOPE.contains(parameter);
        assert_eq!(parameter.is_envelope(), envelope, "{parameter}");
    }
}

#[test]
fn names_are_told_apart() {
    for &parameter in Parameter::ALL {
        let name = parameter.name();
        assert_eq!(Parameter::from_name(name), Some(parameter), "{name}");
        assert_eq!(name.parse(), Ok(parameter), "{name}");
        assert_eq!(parameter.to_string(), name);
        assert!(!parameter.description().is_empty(), "{name}");
        assert!(!parameter.description().starts_with(' '), "{name}");
        // What differs in the case, in length or in one character is another name.
        let mut others = vec![name.to_lowercase(), name.to_uppercase()];
        others.extend((0..name.len()).map(|end| name[..end].to_owned()));
        others.extend((0..name.len()).map(|at| format!("{}~{}", &name[..at], &name[at + 1..])));
        others.push(format!("{name} "));
        for other in others.iter().filter(|other| *other != name) {
            let other_known = DOCUMENTED.iter().any(|(known, _)| known == other);
            assert_eq!(
                Parameter::from_name(other).is_some(),
                other_known,
                "{other:?}"
            );
            assert_eq!(other.parse::<Parameter>().is_ok(), other_known, "{other:?}");
        }
    }
}

#[test]
fn each_parameter_has_a_field_of_its_own() {
    for (name, value) in &DOCUMENTED[5..] {
        let body = format!("{ENVELOPE}&{name}={value}");
        let event = Notification::parse(&body).expect(name);
        assert!(event.extra.is_empty(), "{name}");
        for &parameter in Parameter::ALL {
            let found = event.get(parameter).map(|value| value.to_string());
            let expected = DOCUMENTED
                .iter()
                .find(|documented| documented.0 == parameter.name())
                .filter(|_| parameter.is_envelope() || parameter.name() == *name)
                .map(|documented| documented.1.to_owned());
            assert_eq!(found, expected, "{parameter} of {body}");
        }
        assert_eq!(event.to_form(), body);
    }
}

#[test]
fn every_parameter_is_in_the_docs_of_its_field() {
    let source = include_str!("../src/isl_light/notification.rs");
    let docs: String = source
        .lines()
        .filter(|line| line.trim_start().starts_with("///"))
        .collect();
    for (name, _) in DOCUMENTED {
        assert!(
            docs.contains(&format!("`{name}`")),
            "no field says `{name}`"
        );
    }
}

#[test]
fn isl_events_are_the_documented_ones() {
    let known: Vec<_> = IslEvent::KNOWN.iter().map(IslEvent::as_str).collect();
    assert_eq!(known, EVENTS);
    for name in EVENTS {
        let event = IslEvent::new(*name);
        assert!(!matches!(event, IslEvent::Other(_)), "{name}");
        assert_eq!(event.as_str(), *name);
    }
}

#[test]
fn elements_are_the_documented_ones() {
    let events = events();
    assert_eq!(events.len(), ELEMENTS.len());
    for (event, body) in events.iter().zip(ELEMENTS) {
        assert_eq!(event.to_verbatim().as_deref(), Ok(&*format!("{body}\n")));
        assert_eq!(event.to_xml().as_deref(), Ok(*body));
        for parse in [Event::parse, Event::parse_verbatim, Event::parse_xml] {
            assert_eq!(parse(body).as_ref(), Ok(event), "{body}");
        }
        let texts: String = event
            .texts()
            .map(|(child, text)| format!("<{child}>{text}</{child}>"))
            .collect();
        assert!(body.contains(&texts), "{texts} in {body}");
        assert!(body.starts_with(&format!("<{}", event.name())), "{body}");
        let kind = event.kind().map(|kind| format!(" type=\"{kind}\""));
        assert_eq!(kind.is_some(), body.contains(" type="), "{body}");
        assert!(body.contains(&kind.unwrap_or_default()), "{body}");
    }
    let types: Vec<_> = Membership::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(types, ["member", "non-member"]);
    let types: Vec<_> = KickKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(types, ["remove", "disconnect", "ban"]);
}

/// README.md has a table of every parameter and every element.
#[test]
fn the_readme_names_everything() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(readme).expect("README.md is there");
    let elements = [
        "create",
        "enter",
        "chat",
        "whisper",
        "ring",
        "kick",
        "exit",
        "delete",
        "room",
        "user",
        "host",
        "profile",
        "message",
        "from",
        "to",
        "member",
        "non-member",
        "remove",
        "disconnect",
        "ban",
    ];
    let names = DOCUMENTED.iter().map(|(name, _)| *name);
    for name in names.chain(EVENTS.iter().copied()).chain(elements) {
        assert!(
            readme.contains(&format!("`{name}`")),
            "README.md does not name `{name}`"
        );
    }
}
