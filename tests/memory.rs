//! Peak memory is a small multiple of the length of any body, including hostile ones.
//!
//! The count is the worst case of any allocator: while a buffer grows, both the old and the new one
//! exist.

#[path = "../benches/shapes/mod.rs"]
mod shapes;

use allocation_counter::measure;
use shapes::{SHAPES, Shape};

/// Lengths just above those at which a buffer doubles, and some between.
const LENGTHS: [usize; 4] = [10_000, 33_000, 66_000, 100_000];

#[test]
fn peak_memory_is_a_small_multiple_of_any_body() {
    for shape in SHAPES {
        let mut worst = 0.0_f64;
        for length in LENGTHS {
            let held = held(shape, length) as f64;
            let length = length as f64;
            worst = worst.max(held / length);
            // The message of an error, and the initial buffer of a writer.
            let most = shape.memory * length + 2048.0;
            assert!(held <= most, "{}: {held} bytes for {length}", shape.name);
        }
        // The documented limits are not larger than needed, with 64-bit pointers.
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
