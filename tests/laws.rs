//! Laws for all values and all bodies, checked on random bytes and on every capture.
#![cfg(all(feature = "isl-light", feature = "volano-chat", feature = "xml"))]

mod common;
mod oracle;

use std::collections::BTreeMap;

use arbitrary::Unstructured;
use isl_volano::isl_light::{Module, Notification, Parameter};
use isl_volano::volano_chat::Event;
use oracle::laws::LAWS;
use oracle::samples;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestCaseError, TestRng, TestRunner};

/// The number of random byte strings for each law.
const CASES: u32 = 500;
/// Enough for a form with a dozen parameters, or an event with four texts.
const LONGEST: usize = 400;

fn check(name: &str) {
    let (_, law) = LAWS.iter().find(|law| law.0 == name).expect("a law");
    let captures = common::isl_captures().into_iter();
    let forms = captures.map(|capture| capture.body.into_bytes());
    let captures = common::chat_captures().into_iter();
    for body in forms.chain(captures.map(|capture| capture.bytes)) {
        law(&body);
    }

    let config = ProptestConfig {
        cases: CASES,
        // A failure prints its input, so no files are saved.
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let bytes = prop::collection::vec(any::<u8>(), 0..LONGEST);
    let result = TestRunner::new(config).run(&bytes, |bytes| {
        law(&bytes);
        Ok::<_, TestCaseError>(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// Defines a test for each law, so that they run in parallel, and a test that no law is missing.
macro_rules! laws {
    ($($(#[$meta:meta])* $name:ident)+) => {
        $(
            $(#[$meta])*
            #[test]
            fn $name() {
                check(stringify!($name));
            }
        )+

        #[test]
        fn every_law_is_checked() {
            let names: Vec<_> = LAWS.iter().map(|law| law.0).collect();
            assert_eq!(names, [$($(#[$meta])* stringify!($name)),+]);
        }
    };
}

laws! {
    isl_light_bytes
    isl_light_value
    isl_light_against_form_urlencoded
    volano_chat_bytes
    volano_chat_value
    volano_chat_against_xml
    #[cfg(feature = "serde")]
    stored_form
    replies
}

/// The laws are of little use unless the samples are diverse.
#[test]
fn samples_are_diverse() {
    let mut sorts = BTreeMap::new();
    let mut count = |sort: String| *sorts.entry(sort).or_insert(0) += 1;
    let mut random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    for _ in 0..CASES {
        let mut bytes = vec![0; random.next_u32() as usize % LONGEST];
        random.fill_bytes(&mut bytes);
        for form in samples::forms(&bytes) {
            count(sort_of_form(&form));
        }
        let framed = samples::framed(&bytes).into_iter();
        let framed = framed.filter_map(|body| String::from_utf8(body).ok());
        let nearly = samples::body(&mut Unstructured::new(&bytes)).into_iter();
        for body in framed.chain(nearly) {
            count(match Event::readings(&body).take(3).count() {
                0 if Event::parse_xml(&body).is_ok() => "XML alone".to_owned(),
                readings => format!("{readings} readings"),
            });
        }
        let document = samples::document(&mut Unstructured::new(&bytes)).expect("a document");
        let error = Event::parse_xml(&document)
            .map_err(|error| error.kind())
            .err();
        count(format!("document: {error:?}"));
        if is_tidy(&document) {
            count(format!("tidy document: {error:?}"));
        }
    }
    for sort in [
        "strict, Light",
        "strict, other",
        "strict, other, known names in extra",
        "lenient: DuplicateParameter",
        "lenient: InvalidPercentEncoding",
        "lenient: InvalidUtf8",
        "lenient: InvalidValue",
        "none: MissingParameter",
        "0 readings",
        "1 readings",
        "2 readings",
        "3 readings",
        "XML alone",
        "document: None",
        "document: Some(NotWellFormed)",
        "document: Some(UnexpectedAttribute)",
        "tidy document: None",
        "tidy document: Some(NotWellFormed)",
    ] {
        let count = sorts.get(sort).copied().unwrap_or_default();
        assert!(count >= 10, "{sort}: {count} of {sorts:?}");
    }
}

/// Returns whether a document looks tidy.
fn is_tidy(document: &str) -> bool {
    let untidy = ["\r", "<!", "/>", " >", "\n>", "\t>", "\u{feff}<"];
    let instructions = document.rfind("<?").unwrap_or_default();
    instructions == 0 && !untidy.iter().any(|untidy| document.contains(untidy))
}

fn sort_of_form(form: &[u8]) -> String {
    let strict = match Notification::parse_bytes(form) {
        Ok(strict) => strict,
        Err(error) => {
            let lenient = Notification::parse_lenient(form);
            let lenient = lenient.map_or("none", |_| "lenient");
            return format!("{lenient}: {:?}", error.kind());
        }
    };
    if strict.module == Module::IslLight {
        return "strict, Light".to_owned();
    }
    let is_known = |name| Parameter::from_name(name).is_some();
    if strict.extra.iter().any(|pair| is_known(pair.0)) {
        return "strict, other, known names in extra".to_owned();
    }
    "strict, other".to_owned()
}
