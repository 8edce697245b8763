//! Allocations: none for text that needs no decoding, one for each text that does.
//!
//! Only allocations inside the closures are counted. Dropping is checked separately.

mod common;

use allocation_counter::measure;
use common::{ENVELOPE, IslCapture, chat_captures, isl_captures};
use isl_volano::isl_light::{Extra, Notification, Parser};
use isl_volano::volano_chat::{Chat, Event};
use isl_volano::{Error, Payload};

/// Returns the result of the work, and its number of allocations.
fn counted<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let mut result = None;
    let allocations = measure(|| result = Some(work()));
    (result.expect("a result"), allocations.count_total)
}

/// Asserts that dropping allocates nothing.
#[track_caller]
fn discard<T>(value: T) {
    assert_eq!(measure(|| drop(value)).count_total, 0);
}

/// A way to parse a form.
type Read = fn(&str) -> Result<Notification<'_>, Error>;

/// Returns the number of names and values in a body that need decoding.
fn escaped(body: &str) -> u64 {
    body.split(['&', '='])
        .filter(|text| text.contains(['%', '+']))
        .count() as u64
}

/// Returns the number of allocations for the list of parameters without a field.
fn list(extra: &Extra<'_>) -> u64 {
    u64::from(!extra.is_empty())
}

fn parsed(capture: &IslCapture) -> Notification<'_> {
    Notification::parse(&capture.body).expect(&capture.name)
}

#[test]
fn parsing_a_form_allocates_once_for_each_encoded_text() {
    let mut total = 0;
    for capture in isl_captures() {
        let body = &*capture.body;
        let expected = escaped(body) + list(&parsed(&capture).extra);
        let ways: [Read; 5] = [
            |body| Notification::parse(body),
            |body| Notification::parse_bytes(body.as_bytes()),
            |body| Parser::new().lenient().parse(body),
            |body| Parser::new().max_parameters(40).parse(body),
            |body| match Payload::parse(body)? {
                Payload::IslLight(event) => Ok(event),
                other => panic!("{other:?}"),
            },
        ];
        for (way, read) in ways.iter().enumerate() {
            let (event, allocations) = counted(|| read(body));
            assert_eq!(allocations, expected, "{}, way {way}", capture.name);
            discard(event.expect(&capture.name));
        }
        total += expected;
    }
    assert!(total > 40, "{total} allocations");
}

#[test]
fn parsing_a_form_without_encoded_text_allocates_nothing() {
    for capture in isl_captures() {
        let body: String = capture.body.replace(['%', '+'], "-");
        let (event, allocations) = counted(|| Parser::new().lenient().parse(&body));
        let event = event.expect(&capture.name);
        assert_eq!(allocations, list(&event.extra), "{}", capture.name);
    }
}

#[test]
fn parsing_a_form_into_a_buffer_allocates_only_the_extra_list() {
    for capture in isl_captures() {
        let body = capture.body.as_bytes();
        let expected = list(&parsed(&capture).extra);
        for parser in [Parser::new(), Parser::new().lenient()] {
            let mut buffer = vec![0; body.len()];
            let (event, allocations) = counted(|| parser.parse_in(body, &mut buffer));
            assert_eq!(allocations, expected, "{}", capture.name);
            discard(event.expect(&capture.name));

            // The number depends on the capacity, not on the content.
            let mut buffer = Vec::with_capacity(body.len());
            let (event, allocations) = counted(|| parser.parse_in(body, &mut buffer));
            assert_eq!(allocations, expected, "{}", capture.name);
            discard(event.expect(&capture.name));

            // A buffer without capacity grows once, and keeps its capacity.
            let mut buffer = Vec::new();
            for growth in [1, 0] {
                let (event, allocations) = counted(|| parser.parse_in(body, &mut buffer));
                assert_eq!(allocations, expected + growth, "{}", capture.name);
                discard(event.expect(&capture.name));
            }
        }
    }
}

#[test]
fn the_extra_list_is_one_allocation_of_any_length() {
    for count in [1, 2, 3, 4, 5, 100, 995] {
        for known_after in ["", "&reason=x", "&reason=x&gracefulExit=1"] {
            let pairs = "&rating=5".repeat(count);
            let body = format!("{ENVELOPE}{pairs}{known_after}");
            let parser = Parser::new().max_parameters(2000);
            let (event, allocations) = counted(|| parser.parse(&body));
            assert_eq!(event.expect("an event").extra.len(), count);
            assert_eq!(allocations, 1, "{count} pairs, then {known_after:?}");
        }
    }
}

#[test]
fn writing_a_form_allocates_only_the_body() {
    for capture in isl_captures() {
        let event = parsed(&capture);
        let (form, allocations) = counted(|| event.to_form());
        // A body of usual length fits the initial capacity.
        assert!(form.len() < 1000, "{}: {}", capture.name, form.len());
        assert_eq!(allocations, 1, "{}", capture.name);
    }
}

#[test]
fn parsing_the_servers_format_allocates_nothing() {
    let (mut one, mut several) = (0, 0);
    for capture in chat_captures() {
        let body = &*capture.body;
        let (readings, allocations) = counted(|| Event::readings(body).take(3).count());
        assert_eq!(allocations, 0, "{}", capture.name);
        for parse in [Event::parse, Event::parse_verbatim] {
            let (event, allocations) = counted(|| parse(body));
            assert!(allocations == 0 || event.is_err(), "{}", capture.name);
            discard(event);
        }
        let (payload, allocations) = counted(|| Payload::parse(body));
        assert!(allocations == 0 || payload.is_err(), "{}", capture.name);
        discard(payload);
        let (event, allocations) = counted(|| Event::parse_verbatim(body));
        if readings > 1 {
            several += 1;
            assert!(event.is_err(), "{}", capture.name);
            continue;
        }
        one += 1;
        assert_eq!(allocations, 0, "{}", capture.name);
        discard(event.expect(&capture.name));
    }
    assert!(one > 400 && several > 3, "{one} and {several}");
}

#[test]
fn parsing_xml_allocates_once_for_each_escaped_text() {
    let mut decoded = 0;
    for capture in chat_captures() {
        let Ok(xml) = capture.said.to_xml() else {
            continue;
        };
        let (event, allocations) = counted(|| Event::parse_xml(&xml));
        let escaped = capture
            .said
            .texts()
            .filter(|(_, text)| text.contains(['&', '<', '>', '"', '\r']))
            .count() as u64;
        assert_eq!(allocations, escaped, "{}: {xml}", capture.name);
        decoded += escaped;
        discard(event);
    }
    assert!(decoded > 100, "{decoded} texts decoded");
}

#[test]
fn parsing_hostile_texts_verbatim_allocates_nothing() {
    for texts in [
        ["Tea & Cakes", "Al", "hi"],
        ["Tea", "Al", "me & you"],
        ["Tea &amp; Cakes", "Al", "me & you"],
        ["Tea &amp; Cakes", "A&#108;", "&amp;&"],
        ["Tea &amp; Cakes", "Al", "<3"],
    ] {
        let [room, user, message] = texts;
        let said = Event::from(Chat::new(room, user, message));
        let body = said.to_verbatim().expect("one reading");
        let (event, allocations) = counted(|| Event::parse(&body));
        assert_eq!(event.as_ref(), Ok(&said));
        assert_eq!(allocations, 0, "{body}");
    }
}

#[test]
fn writing_an_event_allocates_only_the_body() {
    for capture in chat_captures() {
        let event = &capture.said;
        if let (Ok(_), allocations) = counted(|| event.to_verbatim()) {
            assert_eq!(allocations, 1, "{}: {event}", capture.name);
        }
        let texts: usize = event.texts().map(|(_, text)| text.len()).sum();
        if let (Ok(xml), allocations) = counted(|| event.to_xml()) {
            // The initial capacity fits the texts, the tags and a few references. With more, it
            // grows.
            let grown = xml.len() > texts + 128;
            assert!(allocations == 1 || grown, "{}: {event}", capture.name);
        }
    }
}
