//! The parsers of ISL Light, compared with simple ones based on `form_urlencoded` and on serde's
//! derive.

use isl_volano::form;
use isl_volano::isl_light::{Notification, Parameter, Parser};

use crate::oracle::form::{Derived, Form, is_well_encoded, raw_pairs};
use crate::oracle::parameters::{self, Kind, spelling};
use crate::oracle::samples::forms;

/// Parses the forms created from the bytes.
pub(crate) fn run(data: &[u8]) {
    for form in forms(data) {
        examine(&form);
    }
}

fn examine(body: &[u8]) {
    assert!(form::pairs(body).eq(form_urlencoded::parse(body)));

    let reference = Form::read(body);
    let lenient = Parser::new().lenient().parse_bytes(body);
    assert_eq!(lenient.is_ok(), reference.is_complete(), "{lenient:?}");
    if let Ok(notification) = &lenient {
        assert_eq!(parameters::pairs(notification), reference.pairs());
    }

    let strict = Parser::new().parse_bytes(body);
    let is_strict = reference.is_strict() && is_well_encoded(body);
    let is_short = raw_pairs(body).count() <= 1000;
    assert_eq!(strict.is_ok(), is_strict && is_short, "{strict:?}");
    if let Ok(notification) = &strict {
        derived(body, notification);
    }

    // Exactly the refused parameters are reported.
    if let Ok(lenient) = Notification::parse_lenient(body) {
        let is_orderly = reference.is_orderly() && is_well_encoded(body);
        assert_eq!(lenient.problems.is_empty(), is_orderly, "{lenient:?}");
    }

    // Decoded pairs give the same notification.
    let pairs = || form_urlencoded::parse(body);
    assert_eq!(
        Parser::new().lenient().from_pairs(pairs()).ok(),
        lenient.ok()
    );
    let from_pairs = Notification::from_pairs(pairs());
    assert_eq!(from_pairs.is_ok(), reference.is_strict() && is_short);
    if strict.is_ok() {
        assert_eq!(from_pairs, strict);
    }
}

/// Checks that the fields are equal to those of serde's derive, if that accepts the body.
fn derived(body: &[u8], notification: &Notification<'_>) {
    // serde_urlencoded replaces invalid UTF-8, and cannot parse an empty number.
    let Ok(derived) = serde_urlencoded::from_bytes::<Derived>(body) else {
        return;
    };
    for (name, value) in derived.pairs() {
        let parameter: Parameter = name.parse().expect("a parameter");
        let found = notification.get(parameter).map(|found| found.to_string());
        // In an event of another module, a known parameter can have another meaning. Then its field
        // is empty, and the parameter is kept in `extra`.
        let is_other = found.is_none() && notification.extra.get(name).is_some();
        let is_none = value.is_empty() && parameters::kind(name) != Some(Kind::Text);
        let expected = (!is_none).then(|| spelling(name, &value));
        assert!(
            is_other || found.as_deref() == expected,
            "{name}: {found:?}, {value:?}"
        );
    }
}
