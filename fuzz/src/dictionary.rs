//! The dictionaries of the fuzzers.

use std::collections::BTreeSet;

use isl_volano::isl_light::{Module, Platform, SoftwareType, Transport};

use crate::oracle::frame::FRAMES;
use crate::oracle::parameters::{EVENTS, PARAMETERS};

/// Returns the dictionary of forms: parameters, named values, and delimiters.
pub fn form() -> String {
    let parameters = PARAMETERS.iter().map(|known| known.name);
    let values = EVENTS.iter().copied();
    let values = values
        .chain(Module::KNOWN.iter().map(Module::as_str))
        .chain(SoftwareType::KNOWN.iter().map(SoftwareType::as_str))
        .chain(Transport::KNOWN.iter().map(Transport::as_str))
        .chain(Platform::KNOWN.iter().map(Platform::as_str))
        // The other spellings.
        .chain(["NEWSESSION", "NEW+SESSION", "ISL_LIGHT"]);
    dictionary(&[
        (
            "parameter",
            parameters.map(|name| format!("{name}=")).collect(),
        ),
        ("value", values.map(str::to_owned).collect()),
        (
            "mark",
            ["&", "=", "+", "%", "%25", "%C3%A9", "%ff", "&&", "=&"]
                .map(str::to_owned)
                .into(),
        ),
        (
            "number",
            [
                "0",
                "1",
                "-1",
                "253402300799",
                "253402300800",
                "18446744073709551615",
                "18446744073709551616",
                "9223372036854775807",
                "-9223372036854775808",
            ]
            .map(str::to_owned)
            .into(),
        ),
    ])
}

/// Returns the dictionary of events: tags, types, and the syntax of XML.
pub fn xml() -> String {
    let mut tags = BTreeSet::new();
    for frame in FRAMES {
        tags.extend(frame.kinds().into_iter().map(|kind| frame.opening(kind)));
        tags.extend(frame.separators());
        tags.insert(frame.closing());
    }
    let types: BTreeSet<_> = FRAMES
        .iter()
        .flat_map(|frame| frame.types)
        .copied()
        .collect();
    let types = types.into_iter().map(str::to_owned);
    dictionary(&[
        ("tag", tags.into_iter().collect()),
        ("type", types.collect()),
        (
            "mark",
            [
                "<",
                "</",
                ">",
                "/>",
                "<!--",
                "-->",
                "<![CDATA[",
                "]]>",
                "<?",
                "?>",
                "<!DOCTYPE",
                "<?xml version=\"1.0\"?>",
                " type=\"",
                "&",
                "&amp;",
                "&lt;",
                "&gt;",
                "&apos;",
                "&quot;",
                "&#13;",
                "&#x",
                ";",
            ]
            .map(str::to_owned)
            .into(),
        ),
    ])
}

/// Formats words for libFuzzer: one per line, with a label, which it ignores.
fn dictionary(groups: &[(&str, Vec<String>)]) -> String {
    let mut dictionary = String::from("# Written by `cargo run --example seed`.\n");
    for (label, words) in groups {
        for word in words {
            let escaped = word.replace('\\', "\\\\").replace('"', "\\\"");
            dictionary += &format!("{label}=\"{escaped}\"\n");
        }
    }
    dictionary
}
