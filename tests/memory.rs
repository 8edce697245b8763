//! How much is allocated at once: no more than a small multiple of the body, however hostile.
//!
//! What is counted is the worst that any allocator could do: while a text grows, the old one and
//! the new one are both there.

#[path = "../benches/shapes/mod.rs"]
mod shapes;

use allocation_counter::measure;
use shapes::{SHAPES, Shape};

/// Lengths just above those at which what grows is doubled, and some between.
const LENGTHS: [usize; 4] = [10_000, 33_000, 66_000, 100_000];

#[test]
fn no_more_than_its_multiple_is_held_for_any_body() {
    for shape in SHAPES {
        let mut worst = 0.0_f64;
        for length in LENGTHS {
            let held = held(shape, length) as f64;
            let length = length as f64;
            worst = worst.max(held / length);
            // An error's message, and what a writer begins with.
            let most = shape.memory * length + 2048.0;
            assert!(held <= most, "{}: {held} bytes for {length}", shape.name);
        }
        // What is said in public is not larger than need be, where a pointer has eight bytes.
        if cfg!(target_pointer_width = "64") {
            let most = 1.5 * worst.ceil();
            assert!(shape.memory <= most, "{}: only {worst} times", shape.name);
        }
    }
}

fn held(shape: &Shape, length: usize) -> u64 {
    let body = shape.body(length);
    let work = (shape.prepare)(&body);
    measure(work).bytes_max
}
