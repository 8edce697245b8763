//! The readers against a slow and plain one on top of `form_urlencoded`, and against what serde
//! derives.

use std::str;

use isl_volano::isl_light::{Notification, Parameter, Parser};
use percent_encoding::percent_decode;

use crate::parameters::{self, Derived, ENVELOPES, Kind, WORDS};
use crate::text;

/// Reads the bytes as they are, behind an envelope, and there as words.
pub fn run(data: &[u8]) {
    examine(data);
    let envelope = ENVELOPES[data.len() % ENVELOPES.len()].as_bytes();
    examine(&[envelope, data].concat());
    examine(&[envelope, text::spelled(data, WORDS).as_bytes()].concat());
}

fn examine(body: &[u8]) {
    let reference = Reference::read(body);
    let lenient = Parser::new().lenient().parse_bytes(body);
    assert_eq!(lenient.is_ok(), reference.complete());
    if let Ok(notification) = &lenient {
        assert_eq!(parameters::pairs(notification), reference.pairs());
    }

    let strict = Parser::new().parse_bytes(body);
    assert_eq!(strict.is_ok(), reference.is_strict(body), "{strict:?}");
    if let Ok(notification) = &strict {
        derived(body, notification);
    }
}

/// Where both accept the body, the fields are what serde derives.
fn derived(body: &[u8], notification: &Notification<'_>) {
    // serde_urlencoded replaces what is not UTF-8, and cannot read an empty number.
    let Ok(derived) = serde_urlencoded::from_bytes::<Derived<'_>>(body) else {
        return;
    };
    for (name, value) in derived.pairs() {
        let parameter: Parameter = name.parse().expect("a parameter");
        let found = notification.get(parameter).map(|found| found.to_string());
        // An event of another module can have a known parameter that means something else: its
        // field is empty then, and it is kept like any other.
        let is_other = found.is_none() && notification.extra.get(name).is_some();
        let is_none = value.is_empty() && parameters::kind(name) != Some(Kind::Text);
        let expected = (!is_none).then(|| parameters::spelling(name, &value));
        assert!(
            is_other || found.as_deref() == expected,
            "{name}: {found:?}, {value:?}"
        );
    }
}

/// A body as a lenient reader takes it, and what a strict one would say against it.
#[derive(Default)]
struct Reference {
    fields: Vec<(&'static str, String)>,
    extra: Vec<(String, String)>,
    /// The known parameters that do not fit or have been there before.
    odd: Vec<&'static str>,
}

impl Reference {
    fn read(body: &[u8]) -> Self {
        let mut reference = Reference::default();
        let mut seen = Vec::new();
        for (name, value) in form_urlencoded::parse(body) {
            let known = parameters::PARAMETERS.iter();
            let Some((known, kind)) = known.copied().find(|known| known.0 == name) else {
                reference
                    .extra
                    .push((name.into_owned(), value.into_owned()));
                continue;
            };
            if seen.contains(&known) {
                reference.odd.push(known);
            }
            seen.push(known);
            if value.is_empty() && kind != Kind::Text {
                continue;
            }
            if !kind.fits(&value) {
                reference.odd.push(known);
            }
            if kind.fits(&value) && reference.fields.iter().all(|field| field.0 != known) {
                let value = parameters::spelling(known, &value);
                reference.fields.push((known, value.to_owned()));
            } else {
                reference
                    .extra
                    .push((name.into_owned(), value.into_owned()));
            }
        }
        reference
    }

    fn field(&self, name: &str) -> Option<&str> {
        let field = self.fields.iter().find(|field| field.0 == name);
        field.map(|field| field.1.as_str())
    }

    /// Whether the envelope is there.
    fn complete(&self) -> bool {
        let envelope = parameters::PARAMETERS.iter().take(5);
        envelope
            .copied()
            .all(|(name, _)| self.field(name).is_some())
    }

    /// The fields in the documented order, then the rest.
    fn pairs(&self) -> Vec<(String, String)> {
        let known = parameters::PARAMETERS.iter();
        let fields = known.filter_map(|(name, _)| {
            let value = self.field(name)?;
            Some(((*name).to_owned(), value.to_owned()))
        });
        fields.chain(self.extra.iter().cloned()).collect()
    }

    /// Whether a strict reader takes the body.
    fn is_strict(&self, body: &[u8]) -> bool {
        let envelope = &parameters::PARAMETERS[..5];
        let is_odd = |name: &str| self.odd.contains(&name);
        let pairs = body.split(|byte| *byte == b'&');
        let mut pairs = pairs.filter(|pair| !pair.is_empty());
        self.complete()
            && pairs.clone().count() <= 1000
            && str::from_utf8(body).is_ok()
            && pairs.all(|pair| pair.splitn(2, |byte| *byte == b'=').all(well_encoded))
            && !envelope.iter().any(|(name, _)| is_odd(name))
            && (self.odd.is_empty() || self.field("MODULE") != Some("ISL_Light"))
    }
}

/// Whether every `%` encodes an octet, and what comes out is UTF-8.
fn well_encoded(text: &[u8]) -> bool {
    let mut rest = text.split(|byte| *byte == b'%');
    rest.next();
    let mut digits = rest.map(|behind| behind.iter().take(2));
    digits.all(|two| two.clone().count() == 2 && two.clone().all(u8::is_ascii_hexdigit))
        && percent_decode(text).decode_utf8().is_ok()
}
