//! Cost per byte as the body grows, from 1 KiB to 64 MiB, for regular and hostile bodies.
//!
//! `cargo bench --bench scaling` prints a table: nanoseconds per byte at each length, the ratio of
//! the cost per byte at 64 MiB to that at 64 KiB, and the peak memory as a multiple of the length
//! of the body, which `tests/memory.rs` limits. Ratios above 1.5 are marked. With `-- --json`, it
//! prints one object. With words as arguments, it prints only the rows that contain one of them.
//!
//! A byte outside the caches costs more than one inside, and new memory more than reused memory,
//! for any program. The rows of the machine show how much.
//!
//! Each length takes a turn in each round, the ratio is computed within the round, and the result
//! is the median of the rounds. Deallocation is part of the work.

#![allow(missing_docs, reason = "a program")]

mod clock;
mod shapes;
mod statistics;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;
use shapes::{SHAPES, Shape, Work};
use statistics::median;

const KIB: usize = 1 << 10;
const LENGTHS: [usize; 9] = [
    KIB,
    4 * KIB,
    16 * KIB,
    64 * KIB,
    256 * KIB,
    1024 * KIB,
    4096 * KIB,
    16 * 1024 * KIB,
    64 * 1024 * KIB,
];
/// The length that the longest is compared with.
const BASE: usize = 3;
const ROUNDS: usize = 5;
/// The minimum duration of a turn.
const TURN: Duration = Duration::from_millis(2);
/// The ratio above which a row is marked.
const BOUND: f64 = 1.5;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let json = arguments.iter().any(|argument| argument == "--json");
    // As a test, one round with short bodies shows that it runs.
    let test = arguments.iter().any(|argument| argument == "--test");
    let words: Vec<_> = arguments
        .iter()
        .filter(|word| !word.starts_with('-'))
        .collect();
    let (lengths, rounds) = if test {
        (&LENGTHS[..=BASE], 1)
    } else {
        (&LENGTHS[..], ROUNDS)
    };

    if !json {
        print_head(lengths);
    }
    let mut rows = BTreeMap::new();
    let chosen = |shape: &&Shape| {
        words.is_empty() || words.iter().any(|word| shape.name.contains(word.as_str()))
    };
    for shape in SHAPES.iter().filter(chosen) {
        let row = measure(shape, lengths, rounds);
        if !json {
            print(shape, &row);
        }
        let times: BTreeMap<_, _> = lengths.iter().copied().zip(&row.times).collect();
        let row = json!({ "ns_per_byte": times, "ratio": row.ratio, "memory": shape.memory });
        rows.insert(shape.name, row);
    }
    if json {
        println!("{}", serde_json::to_string(&rows).expect("JSON"));
    }
}

/// A measured shape.
struct Row {
    /// Nanoseconds per byte, at each length.
    times: Vec<f64>,
    /// The longest divided by [`BASE`].
    ratio: f64,
}

fn measure(shape: &Shape, lengths: &[usize], rounds: usize) -> Row {
    let bodies: Vec<_> = lengths.iter().map(|length| shape.body(*length)).collect();
    let mut works: Vec<_> = bodies.iter().map(|body| (shape.prepare)(body)).collect();
    let mut times = vec![Vec::new(); works.len()];
    for _ in 0..rounds {
        for ((work, body), times) in works.iter_mut().zip(&bodies).zip(&mut times) {
            times.push(turn(work) / body.len() as f64);
        }
    }
    let ratios = times[works.len() - 1].iter().zip(&times[BASE]);
    Row {
        ratio: median(ratios.map(|(longest, base)| longest / base).collect()),
        times: times.into_iter().map(median).collect(),
    }
}

/// Returns the time of doing the work once, in nanoseconds.
fn turn(work: &mut Work<'_>) -> f64 {
    let mut repetitions = 1;
    loop {
        let start = clock::now();
        for _ in 0..repetitions {
            work();
        }
        let time = clock::now() - start;
        if time >= TURN {
            return time.as_nanos() as f64 / f64::from(repetitions);
        }
        repetitions *= 2;
    }
}

fn print_head(lengths: &[usize]) {
    print!("{:<37}", "ns per byte");
    for length in lengths {
        match length / KIB {
            kib @ ..KIB => print!("{kib:>5} KiB"),
            kib => print!("{:>5} MiB", kib / KIB),
        }
    }
    println!("{:>9}{:>8}", "ratio", "memory");
}

fn print(shape: &Shape, row: &Row) {
    print!("{:<37}", shape.name);
    for time in &row.times {
        print!("{time:>9.3}");
    }
    let mark = if row.ratio > BOUND { '!' } else { ' ' };
    println!("{:>8.2}{mark}{:>7.0}x", row.ratio, shape.memory);
}
