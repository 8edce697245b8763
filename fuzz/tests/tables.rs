//! What stands here a second time stands in the crate a first time: no more and no less.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use isl_volano::isl_light::Parameter;
use isl_volano::volano_chat::{Event, KickKind, Membership};
use isl_volano_fuzz::frame::FRAMES;
use isl_volano_fuzz::parameters::PARAMETERS;
use isl_volano_fuzz::{TARGETS, dictionary};

#[test]
fn the_parameters_are_those_of_the_crate() {
    let ours: Vec<_> = PARAMETERS.iter().map(|parameter| parameter.0).collect();
    let theirs: Vec<_> = Parameter::ALL
        .iter()
        .map(|parameter| parameter.name())
        .collect();
    assert_eq!(ours, theirs);
}

#[test]
fn the_frames_are_those_of_the_crate() {
    // The crate's own list is in the message that says what it expects.
    let message = Event::parse_xml("<other/>")
        .expect_err("no event")
        .to_string();
    let theirs: Vec<_> = message
        .split('<')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('>')?.0))
        .collect();
    let ours: Vec<_> = FRAMES.iter().map(|frame| frame.element).collect();
    assert_eq!(ours, theirs);

    let types = |element| {
        let frame = FRAMES.iter().find(|frame| frame.element == element);
        frame.expect("a frame").types.to_vec()
    };
    assert_eq!(
        types("enter"),
        Membership::ALL
            .iter()
            .map(|kind| kind.as_str())
            .collect::<Vec<_>>()
    );
    assert_eq!(
        types("kick"),
        KickKind::ALL
            .iter()
            .map(|kind| kind.as_str())
            .collect::<Vec<_>>()
    );
}

#[test]
fn the_dictionaries_are_those_of_the_tables() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionaries");
    for (file, written) in [
        ("form.dict", dictionary::form()),
        ("xml.dict", dictionary::xml()),
    ] {
        let kept = fs::read_to_string(folder.join(file)).expect(file);
        assert_eq!(
            kept, written,
            "{file}: `cargo run --example seed` writes it anew"
        );
    }

    let form = dictionary::form();
    let parameters: BTreeSet<_> = form
        .lines()
        .filter_map(|line| line.strip_prefix("parameter=\"")?.strip_suffix("=\""))
        .collect();
    assert_eq!(
        parameters,
        Parameter::ALL
            .iter()
            .map(|parameter| parameter.name())
            .collect()
    );
}

#[test]
fn every_target_is_a_program() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
    let programs: BTreeSet<_> = manifest
        .lines()
        .filter_map(|line| {
            line.strip_prefix("path = \"fuzz_targets/")?
                .strip_suffix(".rs\"")
        })
        .collect();
    assert_eq!(programs, TARGETS.iter().map(|target| target.0).collect());
    for name in programs {
        let program = fs::read_to_string(folder.join(format!("fuzz_targets/{name}.rs")));
        assert!(program.expect(name).contains(&format!("target!({name})")));
    }
}
