//! How much is allocated at once: no more than a small multiple of the body, however hostile.
//!
//! What is counted is the worst that any allocator could do: while a text grows, the old one and
//! the new one are both there.

#[path = "../benches/shapes/mod.rs"]
mod shapes;

use allocation_counter::measure;
use shapes::{SHAPES, Shape};

/// Lengths just above and below those at which what grows is doubled, and some between.
const LENGTHS: [usize; 6] = [10_000, 65_000, 66_000, 100_000, 131_000, 132_000];

#[test]
fn no_more_than_its_multiple_is_held_for_any_body() {
    for shape in SHAPES {
        for length in LENGTHS {
            let held = held(shape, length);
            // An error's message, and what a writer begins with.
            let most = (shape.memory * length as f64) as u64 + 2048;
            assert!(held <= most, "{}: {held} bytes for {length}", shape.name);
        }
    }
}

#[test]
fn the_multiples_are_not_larger_than_need_be() {
    for shape in SHAPES {
        let worst = LENGTHS.map(|length| held(shape, length) as f64 / length as f64);
        let worst = worst.into_iter().fold(0.0, f64::max);
        assert!(
            shape.memory <= 1.5 * worst.ceil(),
            "{}: {worst} times the body is held",
            shape.name
        );
    }
}

fn held(shape: &Shape, length: usize) -> u64 {
    let body = shape.body(length);
    let work = (shape.prepare)(&body);
    measure(work).bytes_max
}
