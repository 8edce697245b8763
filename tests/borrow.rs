//! Text that needs no decoding is borrowed from the input, as its address shows.

mod common;

use std::borrow::Cow;

use common::{ENVELOPE, chat_captures, isl_captures};
use isl_volano::Payload;
use isl_volano::isl_light::{Notification, Parameter, Parser, Value};
use isl_volano::volano_chat::{Dialect, Event};

/// Returns whether the text is a part of `input`, by its address.
fn lies_in(text: &str, input: &[u8]) -> bool {
    input.as_ptr_range().contains(&text.as_ptr()) || text.is_empty()
}

/// Returns the raw value of a parameter in a body.
fn raw<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    body.split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|pair| pair.0 == name)
        .map(|pair| pair.1)
}

/// Returns the texts of a notification, with the names of their parameters.
fn texts<'n>(event: &'n Notification<'_>) -> impl Iterator<Item = (String, &'n str)> {
    let fields = Parameter::ALL.iter().filter_map(|parameter| {
        match (parameter, event.get(*parameter)?) {
            // Known names are constants.
            (Parameter::Event | Parameter::Module, _) => None,
            (_, Value::Text(text)) => Some((parameter.name().to_owned(), text)),
            _ => None,
        }
    });
    let extra = event.extra.iter();
    fields.chain(extra.map(|(name, value)| (name.to_owned(), value)))
}

fn is_known(text: &str) -> bool {
    matches!(
        text,
        "desk" | "client" | "direct" | "HTTP" | "HTTPS" | "win32"
    )
}

#[test]
fn isl_light_borrows_text_that_needs_no_decoding() {
    let (mut borrowed, mut owned) = (0, 0);
    for capture in isl_captures() {
        let body = &*capture.body;
        for event in [
            Notification::parse(body).expect(&capture.name),
            Notification::parse_bytes(body.as_bytes()).expect(&capture.name),
            Parser::new().lenient().parse(body).expect(&capture.name),
        ] {
            for (name, text) in texts(&event).filter(|(_, text)| !is_known(text)) {
                let raw = raw(body, &name).unwrap_or_else(|| panic!("{}: {name}", capture.name));
                let plain = !raw.contains(['%', '+']);
                assert_eq!(
                    lies_in(text, body.as_bytes()),
                    plain,
                    "{}: {name}",
                    capture.name
                );
                if plain { borrowed += 1 } else { owned += 1 }
            }
        }
    }
    assert!(
        borrowed > 300 && owned > 50,
        "{borrowed} borrowed, {owned} owned"
    );
}

/// Tests values of every length, so that they end at every position of a block, with one encoded
/// character before, in, or after them.
#[test]
fn isl_light_borrows_texts_of_every_length() {
    for length in 0..50 {
        let text = "x".repeat(length);
        for (reason, after) in [("", ""), ("%20", ""), ("", "%20"), ("", "+++")] {
            let rest = format!(
                "reason={text}{reason}&CPUSER_EID={after}&more={}",
                "y".repeat(40)
            );
            let body = format!("{ENVELOPE}&CPUSER=%20&{rest}");
            for body in [body, format!("{rest}&{ENVELOPE}")] {
                let event = Notification::parse(&body).expect(&body);
                let borrowed = matches!(event.reason.text, Some(Cow::Borrowed(_)));
                assert_eq!(borrowed, reason.is_empty(), "{body}");
            }
        }
    }
}

#[test]
fn isl_light_decodes_into_the_given_buffer() {
    for capture in isl_captures() {
        let body = capture.body.as_bytes();
        let mut buffer = vec![0; body.len()];
        let place = buffer.as_ptr_range();
        let event = Parser::new()
            .parse_in(body, &mut buffer)
            .expect(&capture.name);
        let mut decoded = 0;
        for (name, text) in texts(&event).filter(|(_, text)| !is_known(text)) {
            if !lies_in(text, body) {
                decoded += 1;
                assert!(place.contains(&text.as_ptr()), "{}: {name}", capture.name);
            }
        }
        assert_eq!(decoded > 0, capture.body.contains("%"), "{}", capture.name);
    }
}

#[test]
fn isl_light_keeps_the_cow_of_the_input() {
    let body = format!("{ENVELOPE}&reason=plain&CPUSER=a%5Cb&x=plain&y=a+b&%7A=plain");
    let event = Notification::parse(&body).expect("it parses");
    assert!(matches!(
        event.domain_id.into_cow(),
        Cow::Borrowed("s-999_0_0")
    ));
    assert!(matches!(event.reason.text, Some(Cow::Borrowed("plain"))));
    assert!(matches!(&event.user.full_name, Some(Cow::Owned(name)) if name == "a\\b"));
    let extra: Vec<_> = event.extra.into_iter().collect();
    assert!(matches!(
        &extra[0],
        (Cow::Borrowed("x"), Cow::Borrowed("plain"))
    ));
    assert!(matches!(&extra[1], (Cow::Borrowed("y"), Cow::Owned(text)) if text == "a b"));
    assert!(matches!(&extra[2], (Cow::Owned(name), Cow::Borrowed("plain")) if name == "z"));
}

#[test]
fn volano_chat_borrows_text_that_needs_no_decoding() {
    let mut borrowed = 0;
    for capture in chat_captures() {
        let (name, body) = (&capture.name, &*capture.body);
        for event in [Event::parse(body), Event::parse_verbatim(body)]
            .into_iter()
            .flatten()
        {
            for (child, text) in event.texts() {
                borrowed += 1;
                assert!(lies_in(text, body.as_bytes()), "{name}: {child}");
            }
        }
        for event in Event::readings(body) {
            assert!(
                event
                    .texts()
                    .all(|(_, text)| lies_in(text, body.as_bytes())),
                "{name}"
            );
        }
        if let Ok(Payload::VolanoChat(event)) = Payload::parse(body) {
            assert!(
                event
                    .texts()
                    .all(|(_, text)| lies_in(text, body.as_bytes())),
                "{name}"
            );
        }
    }
    assert!(borrowed > 2000, "{borrowed} borrowed");
}

#[test]
fn volano_chat_borrows_contiguous_text_from_xml() {
    let (mut borrowed, mut owned) = (0, 0);
    for capture in chat_captures() {
        let name = &capture.name;
        let Ok(document) = capture.said.to_xml() else {
            continue;
        };
        for event in [Event::parse_xml(&document), Dialect::Xml.parse(&document)] {
            let event = event.expect(name);
            for (child, text) in event.texts() {
                let escaped = text.contains(['<', '>', '&', '"', '\r']);
                let found = lies_in(text, document.as_bytes());
                assert_eq!(found, !escaped, "{name}: {child}");
                if escaped { owned += 1 } else { borrowed += 1 }
            }
        }
    }
    assert!(
        borrowed > 500 && owned > 500,
        "{borrowed} borrowed, {owned} owned"
    );
}

#[test]
fn a_value_that_goes_to_extra_is_borrowed_though_an_escaped_one_follows() {
    // The parameter that is out of order makes the parser expect `reason` again.
    let body =
        format!("{ENVELOPE}&reason=a&clientAddress=1&deskVersion=1&reason=bc&x=%20%20%20%20%20%20");
    let event = Parser::new().lenient().parse(&body).expect("an envelope");
    let repeated = event.extra.get("reason").expect("the second value");
    assert_eq!(repeated, "bc");
    assert!(lies_in(repeated, body.as_bytes()));
}
