//! What was parsed comes back the same from every format, however odd the body was.

use std::str;

use isl_volano::isl_light::{Notification, Parser};
use isl_volano::volano_chat::Event;

use crate::oracle::samples::{forms, framed};
use crate::oracle::stored::{check_event, check_notification};

/// How many readings of a body are stored.
const READINGS: usize = 4;

/// Reads the bytes as a form and as an event in every way in which those are made of them, and
/// stores what was read.
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
