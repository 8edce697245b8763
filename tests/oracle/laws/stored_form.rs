//! Parsed bodies round-trip through every format.

use std::str;

use isl_volano::isl_light::{Notification, Parser};
use isl_volano::volano_chat::Event;

use crate::oracle::samples::{forms, framed};
use crate::oracle::stored::{check_event, check_notification};

/// The number of readings of a body that are stored.
const READINGS: usize = 4;

/// Parses the forms and events created from the bytes, and stores the results.
pub(crate) fn run(data: &[u8]) {
    for form in forms(data) {
        let strict = Notification::parse_bytes(&form);
        let lenient = Parser::new().lenient().parse_bytes(&form);
        for notification in [strict, lenient].iter().flatten() {
            check_notification(notification);
        }
    }
    for body in framed(data) {
        let Ok(body) = str::from_utf8(&body) else {
            continue;
        };
        let parsed = Event::parse(body);
        let xml = Event::parse_xml(body);
        parsed.iter().chain(&xml).for_each(check_event);
        Event::readings(body)
            .take(READINGS)
            .for_each(|event| check_event(&event));
    }
}
