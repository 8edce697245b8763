//! Fuzz targets of `isl-volano`: functions that take bytes and panic if a guarantee is broken.
//!
//! All but one are the laws that the tests of the crate check. Nothing here needs libFuzzer or
//! nightly. With cargo-fuzz, each target is a program driven by libFuzzer. Otherwise, the same
//! program runs the files given as arguments, and the tests replay every seed and every past
//! finding.

pub mod decode_files;
pub mod dictionary;
#[path = "../../tests/oracle/mod.rs"]
mod oracle;
pub mod seed;

/// A target: its name and its function.
pub type Target = (&'static str, fn(&[u8]));

/// Returns all targets.
pub fn targets() -> impl Iterator<Item = Target> {
    let laws = oracle::laws::LAWS.iter().copied();
    laws.chain([("decode_files", decode_files::run as fn(&[u8]))])
}

/// Runs the target with this name.
pub fn run(name: &str, data: &[u8]) {
    let target = targets().find(|target| target.0 == name);
    target.expect("a target").1(data);
}

/// Defines the program of a target: that of libFuzzer, or one that runs the files given as
/// arguments.
#[macro_export]
macro_rules! target {
    ($name:ident) => {
        #[cfg(fuzzing)]
        libfuzzer_sys::fuzz_target!(|data: &[u8]| $crate::run(stringify!($name), data));

        #[cfg(not(fuzzing))]
        fn main() -> std::io::Result<()> {
            for path in std::env::args_os().skip(1) {
                $crate::run(stringify!($name), &std::fs::read(path)?);
            }
            Ok(())
        }
    };
}
