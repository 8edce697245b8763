//! The dictionaries and the programs match the tables.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use isl_volano::isl_light::Parameter;
use isl_volano_fuzz::{dictionary, targets};

#[test]
fn the_dictionaries_match_the_tables() {
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
fn every_target_has_a_program() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
    let programs: BTreeSet<_> = manifest
        .lines()
        .filter_map(|line| {
            line.strip_prefix("path = \"fuzz_targets/")?
                .strip_suffix(".rs\"")
        })
        .collect();
    assert_eq!(programs, targets().map(|target| target.0).collect());
    for name in programs {
        let program = fs::read_to_string(folder.join(format!("fuzz_targets/{name}.rs")));
        assert!(program.expect(name).contains(&format!("target!({name})")));
    }
}
