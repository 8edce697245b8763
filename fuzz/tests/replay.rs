//! Runs every target on every seed, on every past finding, and on pseudo-random bytes, on stable
//! and without libFuzzer.

use isl_volano_fuzz::{run, seed, targets};

/// The number of pseudo-random byte strings for each target.
const STRINGS: u64 = 3000;

#[track_caller]
fn replay(name: &str) {
    let seeds = seed::seeds(name).expect("seeds");
    assert!(seeds.len() >= 15, "the captures are not where they were");
    for (file, bytes) in &seeds {
        println!("{file}");
        run(name, bytes);
        run(name, &bytes[..bytes.len() / 2]);
    }
    let mut random = Random(0);
    for string in 0..STRINGS {
        println!("string {string}");
        let length = random.next() % 512;
        let bytes: Vec<_> = (0..length)
            .map(|_| random.next().to_le_bytes()[0])
            .collect();
        run(name, &bytes);
    }
}

/// SplitMix64, which gives the same bytes in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }
}

/// Defines a test for each target, so that they run in parallel, and a test that no target is
/// missing.
macro_rules! replays {
    ($($name:ident)+) => {
        $(
            #[test]
            fn $name() {
                replay(stringify!($name));
            }
        )+

        #[test]
        fn every_target_is_replayed() {
            let targets: Vec<_> = targets().map(|target| target.0).collect();
            assert_eq!(targets, [$(stringify!($name)),+]);
        }
    };
}

replays! {
    isl_light_bytes
    isl_light_value
    isl_light_against_form_urlencoded
    volano_chat_bytes
    volano_chat_value
    volano_chat_against_xml
    stored_form
    replies
    decode_files
}
