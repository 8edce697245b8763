//! Round trips of an arbitrary event.

use arbitrary::Unstructured;
use isl_volano::ErrorKind;
use isl_volano::volano_chat::{Event, LineEnd};

use super::volano_chat_bytes::written;
use crate::oracle::error;
use crate::oracle::frame::{self, Reading};
use crate::oracle::samples::reading;

/// Creates an event from the bytes, writes it and parses it.
pub(crate) fn run(data: &[u8]) {
    if let Ok(reading) = reading(&mut Unstructured::new(data)) {
        examine(&reading);
    }
}

fn examine(reading: &Reading) {
    let event = reading.event();
    assert_eq!(Reading::of(&event), *reading);
    written(&event);
    if let Ok(xml) = event.to_xml() {
        other_reader(&xml, reading);
    }

    #[cfg(feature = "serde")]
    crate::oracle::stored::check_event(&event);
    let text = |name| event.texts().find(|text| text.0 == name).map(|text| text.1);
    assert_eq!(Some(event.room()), text("room"));
    assert_eq!(event.actor(), text("user").or(text("from")));
    assert_eq!(event.target(), text("to"));
    assert_eq!(event.message(), text("message"));

    let body = reading.body();
    let readings = frame::readings(&body, 2);
    for line_end in [LineEnd::Lf, LineEnd::CrLf] {
        match (event.to_verbatim_with(line_end), readings.as_slice()) {
            (Ok(line), [one]) => {
                assert_eq!(one, reading);
                assert_eq!(line, format!("{body}{}", line_end.as_str()));
                assert_eq!(Event::parse_verbatim(&line).as_ref(), Ok(&event));
                assert!(Event::readings(&line).eq([event.clone()]));
            }
            (Err(error), []) => {
                // Only an event whose address contains `<` is not among the readings.
                assert!(
                    reading
                        .texts
                        .iter()
                        .any(|text| text.0 == "host" && text.1.contains('<'))
                );
                assert_eq!(error.kind(), ErrorKind::NotVerbatim);
                error::check(&error, body.as_bytes());
            }
            (Err(error), readings) => {
                // There are several readings, or the only one is another event.
                error::check(&error, body.as_bytes());
                assert!(readings.len() > 1 || readings[0] != *reading);
            }
            (Ok(line), _) => panic!("{line:?} has not one reading"),
        }
    }
}

/// Checks that roxmltree finds the same texts in the document.
fn other_reader(xml: &str, reading: &Reading) {
    let document = roxmltree::Document::parse(xml).expect("well-formed XML");
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), reading.element);
    assert_eq!(root.attribute("type"), reading.kind);
    let texts: Vec<_> = root
        .children()
        .map(|child| (child.tag_name().name(), child.text().unwrap_or_default()))
        .collect();
    let expected: Vec<_> = reading
        .texts
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    assert_eq!(texts, expected);
}
