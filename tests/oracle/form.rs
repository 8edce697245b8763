//! Slow and simple parsers of forms, based on `form_urlencoded` and on serde's derive.

use std::str;

use percent_encoding::percent_decode;
use serde::Deserialize;

use super::parameters::{ENVELOPE, Kind, PARAMETERS, documented_parameters, spelling};

/// A body as a lenient parser accepts it, and the errors of a strict parser.
#[derive(Debug, Default)]
pub(crate) struct Form {
    fields: Vec<(&'static str, String)>,
    extra: Vec<(String, String)>,
    /// The known parameters that are repeated or do not fit.
    odd: Vec<&'static str>,
}

impl Form {
    pub(crate) fn read(body: &[u8]) -> Self {
        let mut form = Form::default();
        let mut seen = Vec::new();
        for (name, value) in form_urlencoded::parse(body) {
            let known = PARAMETERS.iter().find(|known| known.name == name);
            let Some(known) = known else {
                form.extra.push((name.into_owned(), value.into_owned()));
                continue;
            };
            if seen.contains(&known.name) {
                form.odd.push(known.name);
            }
            seen.push(known.name);
            if value.is_empty() && known.kind != Kind::Text {
                continue;
            }
            let fits = known.kind.fits(&value);
            if !fits {
                form.odd.push(known.name);
            }
            if fits && form.field(known.name).is_none() {
                let value = spelling(known.name, &value).to_owned();
                form.fields.push((known.name, value));
            } else {
                form.extra.push((name.into_owned(), value.into_owned()));
            }
        }
        form
    }

    fn field(&self, name: &str) -> Option<&str> {
        let field = self.fields.iter().find(|field| field.0 == name);
        field.map(|field| field.1.as_str())
    }

    /// Returns whether the envelope is complete.
    pub(crate) fn is_complete(&self) -> bool {
        let mut envelope = PARAMETERS.iter().take(ENVELOPE);
        envelope.all(|known| self.field(known.name).is_some())
    }

    /// Returns the fields in the documented order, then the other parameters.
    pub(crate) fn pairs(&self) -> Vec<(String, String)> {
        let fields = PARAMETERS.iter().filter_map(|known| {
            let value = self.field(known.name)?;
            Some((known.name.to_owned(), value.to_owned()))
        });
        fields.chain(self.extra.iter().cloned()).collect()
    }

    /// Returns whether every parameter fits and is not repeated.
    pub(crate) fn is_orderly(&self) -> bool {
        self.odd.is_empty()
    }

    /// Returns whether a strict parser accepts the names and values, without regard to their
    /// encoding.
    pub(crate) fn is_strict(&self) -> bool {
        let mut envelope = PARAMETERS.iter().take(ENVELOPE);
        self.is_complete()
            && envelope.all(|known| !self.odd.contains(&known.name))
            && (self.is_orderly() || self.field("MODULE") != Some("ISL_Light"))
    }
}

/// Returns whether a strict parser accepts the encoding of a body.
pub(crate) fn is_well_encoded(body: &[u8]) -> bool {
    str::from_utf8(body).is_ok()
        && raw_pairs(body)
            .flat_map(|pair| pair.splitn(2, |byte| *byte == b'='))
            .all(is_text)
}

/// Returns the raw pairs of a body, without empty ones.
pub(crate) fn raw_pairs(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    let pairs = body.split(|byte| *byte == b'&');
    pairs.filter(|pair| !pair.is_empty())
}

/// Returns whether every `%` encodes an octet, and the decoded text is UTF-8.
fn is_text(encoded: &[u8]) -> bool {
    let mut digits = encoded.split(|byte| *byte == b'%').skip(1);
    digits.all(|rest| rest.len() >= 2 && rest.iter().take(2).all(u8::is_ascii_hexdigit))
        && percent_decode(encoded).decode_utf8().is_ok()
}

/// Defines the struct that users derive without this crate, with the names of the wire as fields.
macro_rules! define_derived {
    ($($name:ident $kind:ident $sample:literal;)+) => {
        #[expect(non_snake_case, reason = "the wire's names")]
        #[derive(Debug, Deserialize)]
        pub(crate) struct Derived {
            $($name: derived::$kind,)+
        }

        impl Derived {
            /// Returns the parameters that have a value, with their values.
            pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
                let mut pairs = Vec::new();
                $(pairs.extend(self.$name.as_ref().map(|value| (stringify!($name), value.to_string())));)+
                pairs
            }
        }
    };
}

/// Expands to the type of a field for each kind of value.
mod derived {
    pub(super) type Text = Option<String>;
    pub(super) type Integer = Option<i64>;
    pub(super) type Count = Option<u64>;
    pub(super) type Bytes = Option<u64>;
    pub(super) type Seconds = Option<u64>;
    pub(super) type Timestamp = Option<u64>;
    pub(super) type Bool = Option<String>;
}

documented_parameters!(define_derived);
