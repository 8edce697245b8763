//! Fuzz targets of `isl-volano`: one module each, whose `run` takes bytes and panics when a
//! promise is broken.
//!
//! Nothing here needs libFuzzer or nightly. With cargo-fuzz each target is a program that
//! libFuzzer drives; without, the same program runs the files that it is given, and the tests
//! replay every seed and every past finding.

pub mod decode_files;
pub mod isl_light_against_form_urlencoded;
pub mod isl_light_bytes;
pub mod isl_light_value;
pub mod volano_chat_against_xml;
pub mod volano_chat_bytes;
pub mod volano_chat_value;

mod check;
pub mod dictionary;
pub mod frame;
pub mod parameters;
pub mod seed;
mod text;

/// A target: its name and what it runs.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: &[Target] = &[
    ("isl_light_bytes", isl_light_bytes::run),
    ("isl_light_value", isl_light_value::run),
    (
        "isl_light_against_form_urlencoded",
        isl_light_against_form_urlencoded::run,
    ),
    ("volano_chat_bytes", volano_chat_bytes::run),
    ("volano_chat_value", volano_chat_value::run),
    ("volano_chat_against_xml", volano_chat_against_xml::run),
    ("decode_files", decode_files::run),
];

/// The program of a target: libFuzzer's, or one that runs the files that it is given.
#[macro_export]
macro_rules! target {
    ($name:ident) => {
        #[cfg(fuzzing)]
        libfuzzer_sys::fuzz_target!(|data: &[u8]| $crate::$name::run(data));

        #[cfg(not(fuzzing))]
        fn main() -> std::io::Result<()> {
            for path in std::env::args_os().skip(1) {
                $crate::$name::run(&std::fs::read(path)?);
            }
            Ok(())
        }
    };
}
