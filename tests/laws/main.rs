//! What holds for all values and for all bodies.

mod arbitrary;
#[path = "../common/mod.rs"]
mod common;
mod cuts;

use arbitrary::{LAST_SECOND, event, form, markup, notification, pasted, text};
use common::sorted_pairs;
use cuts::all_cuts;
use isl_volano::isl_light::{Notification, Parameter, Parser, Reply, Secret, Value};
use isl_volano::volano_chat::{Dialect, Event, LineEnd};
use isl_volano::{Error, ErrorKind, Family, Payload};
use proptest::prelude::*;

/// As many cases as usual, and no files left behind by a failure: it prints its input.
fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

const LENIENT: Parser = Parser::new().lenient();

fn fail(error: impl std::fmt::Display) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

/// What every reading of a form must keep to.
fn check_form(body: &[u8]) -> Result<(), TestCaseError> {
    let strict = Notification::parse_bytes(body);
    let lenient = LENIENT.parse_bytes(body);
    for (parser, parsed) in [(Parser::new(), &strict), (LENIENT, &lenient)] {
        let mut buffer = Vec::new();
        prop_assert_eq!(&parser.parse_in(body, &mut buffer), parsed);
        if let Ok(text) = str::from_utf8(body) {
            prop_assert_eq!(&parser.parse(text), parsed);
        }
        match parsed {
            Ok(event) => {
                prop_assert_eq!(&event.clone().into_owned(), event);
                let written = event.to_form();
                prop_assert_eq!(
                    &parser.parse(&written),
                    parsed,
                    "read again from {}",
                    written
                );
                for parameter in [
                    Parameter::Timestamp,
                    Parameter::CreatedTime,
                    Parameter::StartTime,
                    Parameter::LastTransferredPacketTime,
                ] {
                    let seconds = match event.get(parameter) {
                        Some(Value::Unsigned(seconds)) => seconds,
                        None => continue,
                        other => panic!("{parameter}: {other:?}"),
                    };
                    prop_assert!(seconds <= LAST_SECOND.unsigned_abs());
                }
            }
            Err(error) => check_error(error, body)?,
        }
    }
    if let Ok(strict) = &strict {
        prop_assert_eq!(Ok(strict), lenient.as_ref(), "strict and lenient");
    }
    if let Ok(lenient) = &lenient {
        let kept = |body: &[u8]| {
            let mut pairs = sorted_pairs(body);
            // An empty typed value counts as absent, and two names have two spellings.
            pairs.retain(|(name, value)| !(value.is_empty() && is_typed(name)));
            for (_, value) in &mut pairs {
                match &**value {
                    "NEWSESSION" => *value = "NEW SESSION".to_owned(),
                    "ISL_LIGHT" => *value = "ISL_Light".to_owned(),
                    _ => {}
                }
            }
            pairs.sort();
            pairs
        };
        prop_assert_eq!(kept(body), kept(lenient.to_form().as_bytes()), "pairs kept");
    } else {
        let kind = lenient.map_err(|error| error.kind()).unwrap_err();
        let only = [ErrorKind::MissingParameter, ErrorKind::InvalidValue];
        prop_assert!(only.contains(&kind), "lenient fails with {:?}", kind);
    }
    Ok(())
}

/// Whether the parameter has a type other than text.
fn is_typed(name: &str) -> bool {
    [
        "TIMESTAMP",
        "SERVERID",
        "createdTime",
        "startTime",
        "totalTransferredBytes",
        "totalConnectionTime",
        "lastTransferredPacketTime",
        "transportReconnects",
        "gracefulExit",
    ]
    .contains(&name)
}

/// What every error must keep to.
fn check_error(error: &isl_volano::Error, body: &[u8]) -> Result<(), TestCaseError> {
    let span = error.span();
    prop_assert_eq!(error.offset(), span.start);
    prop_assert!(
        span.start <= span.end && span.end <= body.len(),
        "{:?}",
        error
    );
    if let Ok(body) = str::from_utf8(body) {
        prop_assert!(body.is_char_boundary(span.start), "{:?}", error);
        prop_assert!(body.is_char_boundary(span.end), "{:?}", error);
    }
    let shown = error.to_string();
    prop_assert!(shown.len() < 400, "{} bytes: {}", shown.len(), shown);
    prop_assert!(!shown.chars().any(common::is_deceptive), "{:?}", shown);
    let marked = error.snippet(body).to_string();
    prop_assert_eq!(marked.lines().count(), 3, "{}", marked);
    let deceptive = |c| c != '\n' && common::is_deceptive(c);
    prop_assert!(!marked.chars().any(deceptive), "{:?}", marked);
    Ok(())
}

/// What every reading of a body of VolanoChat must keep to.
fn check_markup(body: &str) -> Result<(), TestCaseError> {
    let readings: Vec<_> = Event::readings(body).collect();
    prop_assert_eq!(&readings, &all_cuts(body), "readings");

    let verbatim = Event::parse_verbatim(body);
    match (&verbatim, &readings[..]) {
        (Ok(event), [reading]) => {
            prop_assert_eq!(event, reading);
            let end = LineEnd::of(body).unwrap_or_default();
            let written = event.to_verbatim_with(end);
            prop_assert_eq!(
                written.as_ref().map(|body| body.trim_end()),
                Ok(body.trim_end())
            );
        }
        (Err(error), []) => prop_assert_eq!(error.kind(), ErrorKind::NotVerbatim),
        (Err(error), [_, _, ..]) => prop_assert_eq!(error.kind(), ErrorKind::Ambiguous),
        (found, readings) => prop_assert!(false, "{:?} of {:?}", found, readings),
    }

    let xml = Event::parse_xml(body);
    let parsed = Event::parse(body);
    match &readings[..] {
        [] => prop_assert_eq!(&parsed, &xml),
        [reading] => prop_assert_eq!(&parsed, &Ok(reading.clone()), "as it stands"),
        _ => prop_assert_eq!(
            parsed.as_ref().map_err(|error| error.kind()),
            Err(ErrorKind::Ambiguous)
        ),
    }

    if let Ok(event) = &xml {
        // What is read as XML is XML, and says the same to a judge, who keeps some of the
        // carriage returns that line-end normalisation takes away.
        let judge = roxmltree::Document::parse(body).map_err(fail)?;
        for (child, text) in event.texts().filter(|_| !body.contains('\r')) {
            let mut nodes = judge.root_element().children();
            let node = nodes.find(|node| node.has_tag_name(child)).expect(child);
            let pieces = node.children().filter(|piece| piece.is_text());
            let judged: String = pieces.filter_map(|piece| piece.text()).collect();
            prop_assert_eq!(judged, text);
        }
    }

    prop_assert_eq!(&Event::parse_bytes(body.as_bytes()), &parsed);
    prop_assert_eq!(&Event::parse_owned(body), &parsed);
    for (dialect, read) in [
        (Dialect::Auto, &parsed),
        (Dialect::Verbatim, &verbatim),
        (Dialect::Xml, &xml),
    ] {
        prop_assert_eq!(&dialect.parse(body), read, "{}", dialect);
        prop_assert_eq!(&dialect.parse_bytes(body.as_bytes()), read, "{}", dialect);
    }
    for read in [&verbatim, &xml, &parsed] {
        match read {
            Ok(event) => {
                prop_assert_eq!(&event.clone().into_owned(), event);
                check_event(event)?;
            }
            Err(error) => check_error(error, body.as_bytes())?,
        }
    }
    Ok(())
}

/// What a writer accepts, the parser gives back; what it does not, it must not.
fn check_event(event: &Event<'_>) -> Result<(), TestCaseError> {
    match event.to_xml() {
        Ok(document) => {
            prop_assert_eq!(&Event::parse_xml(&document), &Ok(event.clone()));
            prop_assert_eq!(&Dialect::Xml.parse(&document), &Ok(event.clone()));
            // Its framing is the server's, and so `parse` decodes nothing.
            let escaped = Event::parse(&document).map_err(fail)?;
            prop_assert_eq!(&Event::parse_verbatim(&document), &Ok(escaped.clone()));
            for ((_, text), (_, escaped)) in event.texts().zip(escaped.texts()) {
                prop_assert_eq!(text == escaped, !text.contains(['<', '>', '&', '"', '\r']));
            }
            prop_assert!(
                roxmltree::Document::parse(&document).is_ok(),
                "{}",
                document
            );
        }
        Err(error) => {
            prop_assert_eq!(error.kind(), ErrorKind::UnrepresentableText);
            let carries = |c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
            prop_assert!(!event.texts().all(|(_, text)| text.chars().all(carries)));
        }
    }
    let pasted = pasted(event);
    let readings = all_cuts(&pasted);
    match event.to_verbatim() {
        Ok(body) => {
            prop_assert_eq!(&body, &format!("{pasted}\n"));
            prop_assert_eq!(&Event::parse_verbatim(&body), &Ok(event.clone()));
            prop_assert_eq!(&Event::parse(&body), &Ok(event.clone()));
            prop_assert_eq!(&body.parse::<Event<'_>>(), &Ok(event.clone()));
            let payload = Payload::parse(&body);
            prop_assert_eq!(payload, Ok(Payload::VolanoChat(event.clone())));
        }
        Err(error) => {
            let kind = if readings.contains(event) {
                ErrorKind::Ambiguous
            } else {
                ErrorKind::NotVerbatim
            };
            prop_assert_eq!(error.kind(), kind);
            prop_assert!(readings != [event.clone()], "refused without need");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_notification_written_reads_back(made in notification()) {
        let body = made.to_form();
        prop_assert_eq!(&Notification::parse(&body), &Ok(made.clone()), "{}", body);
        prop_assert_eq!(Payload::parse(&body), Ok(Payload::IslLight(made.clone())));
        check_form(body.as_bytes())?;
    }

    #[test]
    fn a_form_much_like_the_real_ones(body in form()) {
        check_form(&body)?;
    }

    #[test]
    fn a_form_of_any_bytes(body in prop::collection::vec(any::<u8>(), 0..200)) {
        check_form(&body)?;
    }

    #[test]
    fn an_event_written_reads_back(made in event()) {
        prop_assert_eq!(&made.clone().into_owned(), &made);
        check_event(&made)?;
    }

    #[test]
    fn an_event_pasted_has_the_right_one_among_its_readings(made in event()) {
        let body = pasted(&made);
        let is_address = !matches!(&made, Event::Enter(enter) if enter.host.contains('<'));
        prop_assert_eq!(Event::readings(&body).any(|event| event == made), is_address);
        check_markup(&body)?;
    }

    #[test]
    fn markup_much_like_the_real_one(body in markup()) {
        check_markup(&body)?;
    }

    #[test]
    fn markup_of_any_text(body in text()) {
        check_markup(&body)?;
    }

    #[test]
    fn any_bytes_at_all(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let parsed = Payload::parse_bytes(&body).map_err(Error::from);
        match Family::of(&body) {
            Family::IslLight => prop_assert_eq!(parsed, Notification::parse_bytes(&body).map(Payload::IslLight)),
            _ => prop_assert_eq!(parsed, Event::parse_bytes(&body).map(Payload::VolanoChat)),
        }
        if let Err(error) = Event::parse_bytes(&body) {
            check_error(&error, &body)?;
        }
    }

    #[test]
    fn a_reply_is_well_formed(texts in [text(), text(), text(), text()]) {
        let [secret, session, label, said] = texts;
        let reply = Reply::Chat {
            secret: Secret::new(secret.as_str()),
            session: session.as_str().into(),
            label: Some(label.as_str().into()),
            text: said.as_str().into(),
        };
        match reply.to_xml() {
            Ok(document) => {
                let judge = roxmltree::Document::parse(&document).expect("well-formed");
                let find = |name| judge.descendants().find(|node| node.has_tag_name(name)).expect(name);
                prop_assert_eq!(find("message").text().unwrap_or_default(), said);
                prop_assert_eq!(find("cp_label").text().unwrap_or_default(), label);
                prop_assert_eq!(find("module").attribute("secret"), Some(&*secret));
                prop_assert_eq!(find("session").attribute("id"), Some(&*session));
            }
            Err(error) => prop_assert_eq!(error.kind(), ErrorKind::UnrepresentableText),
        }
    }
}

#[cfg(feature = "serde")]
proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_notification_through_serde(made in notification()) {
        let json = serde_json::to_string(&made).expect("JSON");
        prop_assert_eq!(&serde_json::from_str::<Notification<'_>>(&json).map_err(fail)?, &made);
        let payload = Payload::from(made);
        let json = serde_json::to_string(&payload).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Payload<'_>>(&json).map_err(fail)?, payload);
    }

    #[test]
    fn an_event_through_serde(made in event()) {
        let json = serde_json::to_string(&made).expect("JSON");
        prop_assert_eq!(&serde_json::from_str::<Event<'_>>(&json).map_err(fail)?, &made);
        // Readers that sort the keys.
        let tree: serde_json::Value = serde_json::from_str(&json).map_err(fail)?;
        prop_assert_eq!(&serde_json::from_value::<Event<'_>>(tree).map_err(fail)?, &made);
        let mut cbor = Vec::new();
        ciborium::into_writer(&made, &mut cbor).map_err(fail)?;
        prop_assert_eq!(&ciborium::from_reader::<Event<'_>, _>(&*cbor).map_err(fail)?, &made);
        for bytes in [rmp_serde::to_vec(&made), rmp_serde::to_vec_named(&made)] {
            let bytes = bytes.map_err(fail)?;
            prop_assert_eq!(&rmp_serde::from_slice::<Event<'_>>(&bytes).map_err(fail)?, &made);
        }
        let bytes = postcard::to_allocvec(&made).map_err(fail)?;
        prop_assert_eq!(&postcard::from_bytes::<Event<'_>>(&bytes).map_err(fail)?, &made);
        let payload = Payload::from(made);
        let json = serde_json::to_string(&payload).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Payload<'_>>(&json).map_err(fail)?, payload);
    }
}
