//! The tables, the types and their documentation agree; `reference` holds the guide to them.

mod common;
mod oracle;

use std::collections::HashSet;

use isl_volano::isl_light::{Event as IslEvent, Notification, Parameter};
use isl_volano::volano_chat::{Event, KickKind, Membership};
use oracle::frame::{FRAMES, Reading};
use oracle::parameters::{Documented, ENVELOPE, EVENTS, PARAMETERS};

/// Returns one event of each element and type, with the positions of its children as texts.
fn readings() -> Vec<Reading> {
    let mut readings = Vec::new();
    for frame in FRAMES {
        for kind in frame.kinds() {
            let texts = frame.children.iter().zip(1..);
            readings.push(Reading {
                element: frame.element,
                kind,
                texts: texts
                    .map(|(name, place)| (*name, place.to_string()))
                    .collect(),
            });
        }
    }
    readings
}

#[test]
fn parameters_are_the_documented_ones() {
    let documented: Vec<_> = PARAMETERS.iter().map(|known| known.name).collect();
    let known: Vec<_> = Parameter::ALL.iter().map(|known| known.name()).collect();
    assert_eq!(known, documented);
    assert_eq!(known.iter().collect::<HashSet<_>>().len(), known.len());
    assert_eq!(Parameter::ENVELOPE, &Parameter::ALL[..5]);
    for parameter in Parameter::ALL {
        let envelope = Parameter::ENVELOPE.contains(parameter);
        assert_eq!(parameter.is_envelope(), envelope, "{parameter}");
    }
}

/// The kinds have the same names.
#[test]
fn kinds_are_the_documented_ones() {
    for (known, documented) in Parameter::ALL.iter().zip(PARAMETERS) {
        let (kind, expected) = (known.kind(), documented.kind);
        assert_eq!(format!("{kind:?}"), format!("{expected:?}"), "{known}");
    }
}

#[test]
fn similar_names_are_distinct() {
    for &parameter in Parameter::ALL {
        let name = parameter.name();
        assert_eq!(Parameter::from_name(name), Some(parameter), "{name}");
        assert_eq!(name.parse(), Ok(parameter), "{name}");
        assert_eq!(parameter.to_string(), name);
        assert!(!parameter.description().is_empty(), "{name}");
        assert!(!parameter.description().starts_with(' '), "{name}");
        // A name that differs in case, in length or in one character is another name.
        let mut others = vec![name.to_lowercase(), name.to_uppercase()];
        others.extend((0..name.len()).map(|end| name[..end].to_owned()));
        others.extend((0..name.len()).map(|at| format!("{}~{}", &name[..at], &name[at + 1..])));
        others.push(format!("{name} "));
        for other in others.iter().filter(|other| *other != name) {
            let other_known = PARAMETERS.iter().any(|known| known.name == *other);
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
fn each_parameter_has_its_own_field() {
    for known in &PARAMETERS[ENVELOPE..] {
        let (name, value) = (known.name, known.sample);
        let body = format!("{}&{name}={value}", common::ENVELOPE);
        let event = Notification::parse(&body).expect(name);
        assert!(event.extra.is_empty(), "{name}");
        for &parameter in Parameter::ALL {
            let found = event.get(parameter).map(|value| value.to_string());
            let expected = PARAMETERS
                .iter()
                .find(|documented| documented.name == parameter.name())
                .filter(|_| parameter.is_envelope() || parameter.name() == name)
                .map(|documented| documented.sample.to_owned());
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
    for Documented { name, .. } in PARAMETERS {
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
    for reading in readings() {
        let (event, body) = (reading.event(), reading.body());
        assert_eq!(event.to_verbatim(), Ok(format!("{body}\n")));
        assert_eq!(event.to_xml().as_ref(), Ok(&body));
        for parse in [Event::parse, Event::parse_verbatim, Event::parse_xml] {
            assert_eq!(parse(&body).as_ref(), Ok(&event), "{body}");
        }
        assert_eq!(Reading::of(&event), reading);
    }
    // There are no further elements: the error message lists all of them.
    let message = Event::parse_xml("<other/>")
        .expect_err("no event")
        .to_string();
    let (_, expected) = message.split_once(", expected one of ").expect("a list");
    let elements: Vec<_> = expected
        .split('<')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('>')?.0))
        .collect();
    let documented: Vec<_> = FRAMES.iter().map(|frame| frame.element).collect();
    assert_eq!(elements, documented);
    // There are no further types.
    let types = |element| {
        let frame = FRAMES.iter().find(|frame| frame.element == element);
        frame.expect("a frame").types
    };
    let known: Vec<_> = Membership::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(known, types("enter"));
    let known: Vec<_> = KickKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(known, types("kick"));
}
