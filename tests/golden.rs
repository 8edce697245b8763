//! Bodies and what becomes of them, side by side in `tests/golden/`.
//!
//! A new case is two files: `isl_light/NAME.form` or `volano_chat/NAME.xml`, and `NAME.json` there.
//! `UPDATE_GOLDEN=1 cargo test --test golden` writes the second; read what it wrote.
#![cfg(feature = "serde")]

mod common;

use std::path::{Path, PathBuf};
use std::{env, fs};

use common::path;
use isl_volano::Error;
use isl_volano::isl_light::{Notification, Parser};
use isl_volano::volano_chat::Event;
use serde_json::json;

/// The most readings that are listed.
const READINGS: usize = 8;

/// Pretty JSON, which shows the order and what comes twice.
fn pretty(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).expect("JSON")
}

/// An event as serde writes it, or the error.
fn outcome<T: serde::Serialize>(result: Result<T, Error>) -> String {
    match result {
        Ok(event) => pretty(&event),
        Err(error) => pretty(&json!({"error": {
            "kind": format!("{:?}", error.kind()),
            "message": error.to_string(),
            "offset": error.offset(),
            "name": error.name(),
        }})),
    }
}

/// What each parser makes of a body, by the parser's name.
fn outcomes(family: &str, body: &[u8]) -> Vec<(&'static str, String)> {
    if family == "form" {
        return vec![
            ("strict", outcome(Notification::parse_bytes(body))),
            (
                "lenient",
                outcome(Parser::new().lenient().parse_bytes(body)),
            ),
        ];
    }
    let Ok(body) = str::from_utf8(body) else {
        return vec![("parse", outcome(Event::parse_bytes(body)))];
    };
    let readings: Vec<_> = Event::readings(body).take(READINGS).collect();
    vec![
        ("parse", outcome(Event::parse(body))),
        ("verbatim", outcome(Event::parse_verbatim(body))),
        ("xml", outcome(Event::parse_xml(body))),
        ("readings", pretty(&readings)),
    ]
}

fn check(input: &Path) {
    let family = input.extension().and_then(|extension| extension.to_str());
    let body = fs::read(input).expect("the input is there");
    let found: Vec<_> = outcomes(family.expect("an extension"), &body)
        .iter()
        .map(|(parser, json)| format!("  \"{parser}\": {}", json.replace('\n', "\n  ")))
        .collect();
    let found = format!("{{\n{}\n}}\n", found.join(",\n"));
    let golden = input.with_extension("json");
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&golden, found).expect("the JSON can be written");
        return;
    }
    let shown = golden.display();
    let expected = fs::read_to_string(&golden).unwrap_or_else(|error| {
        panic!(
            "{shown}: {error}\n\
             make it with `UPDATE_GOLDEN=1 cargo test --test golden`, then read it"
        )
    });
    assert!(
        found == expected,
        "{shown} says\n{expected}\nbut it is\n{found}\n\
         if that is meant, `UPDATE_GOLDEN=1 cargo test --test golden` writes it",
    );
}

fn files(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(path("golden").join(folder))
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
}

/// Checks every input of the folder, of which there are so many at least, and that there is
/// nothing else.
fn check_folder(folder: &str, extension: &str, at_least: usize) {
    let (inputs, others): (Vec<_>, Vec<_>) = files(folder)
        .into_iter()
        .partition(|file| file.extension().is_some_and(|of| of == extension));
    assert!(
        inputs.len() >= at_least,
        "{folder}: {} inputs",
        inputs.len()
    );
    inputs.iter().for_each(|input| check(input));
    for file in others {
        let shown = file.display();
        let input = file.with_extension(extension);
        assert!(inputs.contains(&input), "{shown}: no {extension} file");
        assert!(
            file.extension().is_some_and(|of| of == "json"),
            "{shown}: no JSON"
        );
    }
}

#[test]
fn isl_light() {
    check_folder("isl_light", "form", 158);
}

#[test]
fn volano_chat() {
    check_folder("volano_chat", "xml", 123);
}
