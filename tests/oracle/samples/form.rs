//! Forms that are notifications, or almost.

use std::str;

use arbitrary::{Result, Unstructured};

use super::text::{spelled, text};
use crate::oracle::parameters::{ENVELOPE, EVENTS, PARAMETERS};
use crate::oracle::words::{ENVELOPES, FORM};

/// Creates forms: from the bytes themselves, after an envelope, from words, and as instructions for
/// a form.
pub(crate) fn forms(data: &[u8]) -> Vec<Vec<u8>> {
    let envelope = ENVELOPES[data.len() % ENVELOPES.len()].as_bytes();
    let words = spelled(data, FORM);
    let mut forms = vec![
        data.to_vec(),
        [envelope, data].concat(),
        [envelope, words.as_bytes()].concat(),
    ];
    forms.extend(form(&mut Unstructured::new(data)));
    forms
}

/// How a form differs from those that servers send.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Plan {
    /// Not at all: each name once, with values that fit.
    Tidy,
    /// With repeated names and values that do not fit, as other modules could send them.
    Odd,
    /// In every way: with a repeated or incomplete envelope, invalid UTF-8, and raw bytes.
    Wild,
}

/// Creates a form with an envelope and parameters in any order, for an event of any module.
fn form(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let plan = *u.choose(&[Plan::Tidy, Plan::Odd, Plan::Odd, Plan::Wild])?;
    let mut pairs = Vec::new();
    for known in &PARAMETERS[..ENVELOPE] {
        let value = match known.name {
            "MODULE" => *u.choose(MODULES)?,
            "EVENT" if u.ratio(1, 2)? => *u.choose(EVENTS)?,
            "EVENT" => "NEWSESSION",
            _ => known.sample,
        };
        if plan < Plan::Wild || u.ratio(15, 16)? {
            pairs.push((known.name.to_owned(), value.as_bytes().to_vec()));
        }
    }
    for _ in 0..u.int_in_range(0..=12)? {
        let name = name(u, plan, &pairs)?;
        let value = value(u, plan, &name)?;
        // Mostly after the envelope, as servers do.
        let at = if u.ratio(3, 4)? {
            pairs.len()
        } else {
            u.int_in_range(0..=pairs.len())?
        };
        pairs.insert(at, (name, value));
    }
    let mut form = Vec::new();
    for (index, (name, value)) in pairs.iter().enumerate() {
        if index > 0 {
            form.push(b'&');
        }
        encode(u, plan, name.as_bytes(), &mut form)?;
        // A name alone has an empty value.
        if !value.is_empty() || u.ratio(3, 4)? {
            form.push(b'=');
            encode(u, plan, value, &mut form)?;
        }
    }
    if plan == Plan::Wild && u.ratio(1, 8)? && !form.is_empty() {
        let at = u.choose_index(form.len())?;
        form[at] = u.arbitrary()?;
    }
    Ok(form)
}

const MODULES: &[&str] = &[
    "ISL_Light",
    "ISL_Light",
    "ISL_LIGHT",
    "ISL_PRONTO",
    "ISL_GROOP",
    "isl_light",
    "",
];

/// Names that could be confused with those of the stored form or of another field.
const OTHER_NAMES: &[&str] = &[
    "extra",
    "clientCountry",
    "start-time",
    "timestamp",
    "event",
    "x",
    "",
];

/// Values at the limits of a type, or that fit no type.
const VALUES: &[&str] = &[
    "0",
    "1",
    "2",
    "-1",
    "-0",
    "00",
    "05",
    "007",
    "+1",
    "1.0",
    "1e6",
    "true",
    "false",
    "12345678",
    "1206303963",
    "1206303:63",
    "1206303/63",
    "253402300799",
    "253402300800",
    "18446744073709551615",
    "18446744073709551616",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "ISL_Light",
    "ISL_LIGHT",
    "ISL_PRONTO",
    "NEWSESSION",
    "NEW SESSION",
    "s19_3_390",
    "192.168.0.1;192.168.0.2;",
];

/// Creates a name: of any parameter, of one that was used, or another.
fn name(u: &mut Unstructured<'_>, plan: Plan, before: &[(String, Vec<u8>)]) -> Result<String> {
    let names = match plan {
        Plan::Wild => PARAMETERS,
        Plan::Tidy | Plan::Odd => &PARAMETERS[ENVELOPE..],
    };
    let known = u.choose(names)?.name;
    let is_new = before.iter().all(|pair| pair.0 != known);
    match u.int_in_range(0..=7)? {
        0..=4 if is_new || plan > Plan::Tidy => Ok(known.to_owned()),
        5 if plan > Plan::Tidy => {
            // Repeat it if it is one of these names.
            let again = before.last().map_or("", |pair| &pair.0);
            let again = names.iter().find(|known| known.name == again);
            Ok(again.map_or(known, |again| again.name).to_owned())
        }
        6 if plan == Plan::Wild => text(u, FORM),
        _ => Ok((*u.choose(OTHER_NAMES)?).to_owned()),
    }
}

/// Creates a value: one that fits, an empty one, one that fits other parameters, text, or bytes.
fn value(u: &mut Unstructured<'_>, plan: Plan, name: &str) -> Result<Vec<u8>> {
    let known = PARAMETERS.iter().find(|known| known.name == name);
    let value = match (u.int_in_range(0..=7)?, known) {
        (0..=1, Some(known)) => known.sample.to_owned(),
        (2, _) => String::new(),
        (3 | 4, _) => text(u, FORM)?,
        (5, _) if plan == Plan::Wild => {
            return Ok([text(u, FORM)?.as_bytes(), &[u.arbitrary()?]].concat());
        }
        _ => (*u.choose(VALUES)?).to_owned(),
    };
    let misfit = known.filter(|known| !value.is_empty() && !known.kind.fits(&value));
    Ok(match misfit {
        Some(known) if plan == Plan::Tidy => known.sample.into(),
        _ => value.into(),
    })
}

/// Appends text, encoded in some way or raw.
fn encode(u: &mut Unstructured<'_>, plan: Plan, text: &[u8], form: &mut Vec<u8>) -> Result<()> {
    let styles = if plan == Plan::Wild { 7 } else { 6 };
    let style = u.int_in_range(0..=styles)?;
    for &byte in text {
        match style {
            // Encode what needs it, with upper-case or lower-case digits.
            0..=5 if byte.is_ascii_alphanumeric() || b"*-._".contains(&byte) => form.push(byte),
            0..=2 if byte == b' ' => form.push(b'+'),
            0..=3 => form.extend_from_slice(format!("%{byte:02X}").as_bytes()),
            4..=5 => form.extend_from_slice(format!("%{byte:02x}").as_bytes()),
            // Encode all bytes.
            6 => form.extend_from_slice(format!("%{byte:02X}").as_bytes()),
            _ => form.push(byte),
        }
    }
    Ok(())
}
