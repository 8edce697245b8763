//! Bodies and their results, side by side in `tests/golden/`, with a folder for each subject.
//!
//! A new case is two files, `isl_light/SUBJECT/NAME.form` or `volano_chat/SUBJECT/NAME.xml` and
//! `NAME.json` beside it, and a line in `tests/golden/README.md` that says what it shows.
//! `UPDATE_GOLDEN=1 cargo test --test golden` writes the JSON; read what it wrote.
#![cfg(feature = "serde")]

mod common;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::{env, fs};

use common::path;
use isl_volano::Error;
use isl_volano::isl_light::{Notification, Parser};
use isl_volano::volano_chat::Event;
use serde_json::json;
use serde_json::ser::{PrettyFormatter, Serializer};

/// The maximum number of readings that are listed.
const READINGS: usize = 8;

/// Returns JSON with the original order and duplicates, with each pair on one line.
fn pretty(value: &impl serde::Serialize) -> String {
    let mut json = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut json, Formatter::default());
    value.serialize(&mut serializer).expect("JSON");
    String::from_utf8(json).expect("JSON")
}

/// A formatter like [`PrettyFormatter`], except that nested arrays stay on one line.
#[derive(Default)]
struct Formatter<'a> {
    pretty: PrettyFormatter<'a>,
    arrays: usize,
}

impl serde_json::ser::Formatter for Formatter<'_> {
    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.arrays += 1;
        match self.arrays {
            1 => self.pretty.begin_array(out),
            _ => out.write_all(b"["),
        }
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.arrays -= 1;
        match self.arrays {
            0 => self.pretty.end_array(out),
            _ => out.write_all(b"]"),
        }
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        match self.arrays {
            1 => self.pretty.begin_array_value(out, first),
            _ if first => Ok(()),
            _ => out.write_all(b", "),
        }
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.end_array_value(out)
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.begin_object(out)
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.end_object(out)
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.pretty.begin_object_key(out, first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.begin_object_value(out)
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.pretty.end_object_value(out)
    }
}

/// Returns an event in its stored form, or the error.
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

/// Returns the result of each parser, by the name of the parser.
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

/// Returns the paths in a folder, sorted.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    entries.sort();
    entries
}

/// Checks every input of a family, that there are at least `at_least` of them, and that there are
/// no other files.
fn check_family(family: &str, extension: &str, at_least: usize) {
    let mut count = 0;
    for subject in entries(&path("golden").join(family)) {
        let (inputs, others): (Vec<_>, Vec<_>) = entries(&subject)
            .into_iter()
            .partition(|file| file.extension().is_some_and(|of| of == extension));
        inputs.iter().for_each(|input| check(input));
        count += inputs.len();
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
    assert!(count >= at_least, "{family}: {count} inputs");
}

#[test]
fn isl_light() {
    check_family("isl_light", "form", 158);
}

#[test]
fn volano_chat() {
    check_family("volano_chat", "xml", 123);
}

/// The index has a sentence for every folder and every case, and no others.
#[test]
fn the_index_describes_every_case() {
    let index = fs::read_to_string(path("golden/README.md")).expect("the index is there");
    let mut sections = index.split("\n## `").skip(1);
    for family in ["isl_light", "volano_chat"] {
        let mut subjects = entries(&path("golden").join(family));
        while let Some(found) = subjects.first() {
            let section = sections
                .next()
                .unwrap_or_else(|| panic!("the index has no {}", found.display()));
            let (subject, section) = section.split_once("`\n\n").expect("a heading");
            let folder = path("golden").join(subject);
            assert!(
                subjects.contains(&folder),
                "{subject}: no folder of {family}"
            );
            subjects.retain(|other| *other != folder);

            let (says, cases) = section.split_once("\n\n").expect("a sentence");
            assert!(says.ends_with('.'), "{subject}: {says:?}");
            let mut lines = Vec::new();
            for line in cases.lines().filter(|line| !line.is_empty()) {
                let line = line.strip_prefix("- `").expect(line);
                let (case, says) = line.split_once("`: ").expect(line);
                assert!(
                    says.ends_with('.') && says.len() > 1,
                    "{subject}/{case}: {says:?}"
                );
                lines.push(folder.join(case));
            }
            lines.sort();
            let cases = entries(&folder).into_iter();
            let cases = cases.filter(|file| file.extension().is_some_and(|of| of != "json"));
            let mut cases: Vec<_> = cases.map(|file| file.with_extension("")).collect();
            cases.sort();
            assert_eq!(lines, cases, "{subject}");
        }
    }
    assert_eq!(sections.next(), None, "a folder that is not there");
}
