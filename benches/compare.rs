//! This crate, compared with the code that a user would write instead.
//!
//! `cargo bench --bench compare` prints a table. With `-- --json`, it prints one object `{"CASE":
//! {"PEER": RATIO, ...}, ...}`, where the ratio is the time of the peer divided by that of this
//! crate.
//!
//! Machines are noisy, so nothing is compared across runs: each side takes a turn in each of many
//! short rounds, the ratio is computed within the round, and the result is the median of the
//! rounds. Before timing, the results of all sides are checked to be equal.

#![allow(missing_docs, reason = "a program")]

mod cases;
mod peers;
mod statistics;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use cases::Case;
use statistics::median;

const ROUNDS: usize = 301;
const TURN: Duration = Duration::from_micros(400);

fn main() {
    let json = std::env::args().any(|argument| argument == "--json");
    // As a test, one round shows that it runs.
    let test = std::env::args().any(|argument| argument == "--test");
    let rounds = if test { 1 } else { ROUNDS };

    cases::check();
    let mut ratios = BTreeMap::new();
    for case in &mut cases::cases() {
        let measured = measure(case, rounds);
        if !json {
            print(case, &measured);
        }
        let peers = measured
            .iter()
            .skip(1)
            .map(|side| (side.name, (side.ratio * 100.0).round() / 100.0));
        ratios.insert(case.name, peers.collect::<BTreeMap<_, _>>());
    }
    if json {
        println!("{}", serde_json::to_string(&ratios).unwrap());
    }
}

/// A measured side.
struct Measured {
    name: &'static str,
    nanoseconds: f64,
    allocations: u64,
    ratio: f64,
}

fn measure(case: &mut Case, rounds: usize) -> Vec<Measured> {
    let mut turns: Vec<_> = case
        .sides
        .iter_mut()
        .map(|side| repetitions(&mut side.work))
        .collect();
    if rounds == 1 {
        turns.fill(1);
    }
    let mut times = vec![Vec::with_capacity(rounds); case.sides.len()];
    for round in 0..rounds {
        // Each side comes first equally often.
        for index in 0..case.sides.len() {
            let index = (index + round) % case.sides.len();
            times[index].push(turn(&mut case.sides[index].work, turns[index]));
        }
    }
    let ours = times[0].clone();
    case.sides
        .iter_mut()
        .zip(times)
        .map(|(side, times)| Measured {
            name: side.name,
            allocations: allocation_counter::measure(&mut side.work).count_total,
            ratio: median(
                times
                    .iter()
                    .zip(&ours)
                    .map(|(time, ours)| time / ours)
                    .collect(),
            ),
            nanoseconds: median(times),
        })
        .collect()
}

/// Returns how many times a side does its work in a turn.
fn repetitions(work: &mut dyn FnMut()) -> u32 {
    let mut repetitions = 1;
    loop {
        let time = turn(work, repetitions) * f64::from(repetitions);
        if time >= TURN.as_nanos() as f64 {
            return repetitions;
        }
        repetitions *= 2;
    }
}

/// Returns the time of doing the work once, in nanoseconds.
fn turn(work: &mut dyn FnMut(), repetitions: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..repetitions {
        work();
    }
    start.elapsed().as_nanos() as f64 / f64::from(repetitions)
}

fn print(case: &Case, measured: &[Measured]) {
    println!("\n{} ({} bytes)", case.name, case.bytes);
    println!(
        "{:<34} {:>9} {:>9} {:>12} {:>8}",
        "", "ns", "MB/s", "allocations", "ratio"
    );
    for side in measured {
        println!(
            "{:<34} {:>9.1} {:>9.0} {:>12} {:>7.2}x",
            side.name,
            side.nanoseconds,
            case.bytes as f64 / side.nanoseconds * 1e3,
            side.allocations,
            side.ratio,
        );
    }
}
