//! What is allocated: nothing for text that needs no decoding, one for each that does.
//!
//! Only allocating is counted, of what is inside the closures; giving back is looked at apart.

mod common;

use allocation_counter::measure;
use common::{ENVELOPE, IslCapture, chat_captures, isl_captures};
use isl_volano::isl_light::{Extra, Notification, Parser};
use isl_volano::volano_chat::{Chat, Event};
use isl_volano::{Error, Payload};

/// What the work gives, and how many allocations it took.
fn counted<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let mut result = None;
    let allocations = measure(|| result = Some(work()));
    (result.expect("a result"), allocations.count_total)
}

/// Giving back allocates nothing.
#[track_caller]
fn discard<T>(value: T) {
    assert_eq!(measure(|| drop(value)).count_total, 0);
}

/// A way to read a form.
type Read = fn(&str) -> Result<Notification<'_>, Error>;

/// How many names and values there are in a body that need decoding.
fn escaped(body: &str) -> u64 {
    body.split(['&', '='])
        .filter(|text| text.contains(['%', '+']))
        .count() as u64
}

/// The list of the pairs that have no field is an allocation, if there are any.
fn list(extra: &Extra<'_>) -> u64 {
    u64::from(!extra.is_empty())
}

fn parsed(capture: &IslCapture) -> Notification<'_> {
    Notification::parse(&capture.body).expect(&capture.name)
}

#[test]
fn reading_a_form_allocates_once_for_each_text_that_needs_decoding() {
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
fn reading_a_form_allocates_nothing_where_nothing_is_escaped() {
    for capture in isl_captures() {
        let body: String = capture.body.replace(['%', '+'], "-");
        let (event, allocations) = counted(|| Parser::new().lenient().parse(&body));
        let event = event.expect(&capture.name);
        assert_eq!(allocations, list(&event.extra), "{}", capture.name);
    }
}

#[test]
fn reading_a_form_into_a_buffer_allocates_the_list_of_extra_pairs_only() {
    for capture in isl_captures() {
        let body = capture.body.as_bytes();
        let expected = list(&parsed(&capture).extra);
        for parser in [Parser::new(), Parser::new().lenient()] {
            let mut buffer = vec![0; body.len()];
            let (event, allocations) = counted(|| parser.parse_in(body, &mut buffer));
            assert_eq!(allocations, expected, "{}", capture.name);
            discard(event.expect(&capture.name));

            // What counts is the room, not what is in it.
            let mut buffer = Vec::with_capacity(body.len());
            let (event, allocations) = counted(|| parser.parse_in(body, &mut buffer));
            assert_eq!(allocations, expected, "{}", capture.name);
            discard(event.expect(&capture.name));

            // A buffer without room gets it at once, and keeps it.
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
fn the_list_of_extra_pairs_is_one_allocation_however_many_there_are() {
    for count in [1, 2, 3, 4, 5, 100, 995] {
        for known_behind in ["", "&reason=x", "&reason=x&gracefulExit=1"] {
            let pairs = "&rating=5".repeat(count);
            let body = format!("{ENVELOPE}{pairs}{known_behind}");
            let parser = Parser::new().max_parameters(2000);
            let (event, allocations) = counted(|| parser.parse(&body));
            assert_eq!(event.expect("an event").extra.len(), count);
            assert_eq!(allocations, 1, "{count} pairs, then {known_behind:?}");
        }
    }
}

#[test]
fn writing_a_form_allocates_the_body_only() {
    for capture in isl_captures() {
        let event = parsed(&capture);
        let (form, allocations) = counted(|| event.to_form());
        // There is room for a body of usual length from the beginning.
        assert!(form.len() < 1000, "{}: {}", capture.name, form.len());
        assert_eq!(allocations, 1, "{}", capture.name);
    }
}

#[test]
fn reading_what_the_server_writes_allocates_nothing() {
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
fn reading_xml_allocates_once_for_each_text_that_is_escaped() {
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
fn reading_hostile_texts_allocates_nothing_where_they_are_taken_as_they_stand() {
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
fn writing_an_event_allocates_the_body_only() {
    for capture in chat_captures() {
        let event = &capture.said;
        if let (Ok(_), allocations) = counted(|| event.to_verbatim()) {
            assert_eq!(allocations, 1, "{}: {event}", capture.name);
        }
        let texts: usize = event.texts().map(|(_, text)| text.len()).sum();
        if let (Ok(xml), allocations) = counted(|| event.to_xml()) {
            // There is room for the texts, the tags and a few references; for more, it grows.
            let grown = xml.len() > texts + 128;
            assert!(allocations == 1 || grown, "{}: {event}", capture.name);
        }
    }
}
