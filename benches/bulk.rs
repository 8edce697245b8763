//! Many payloads, as a service or the analysis of a capture processes them: requests are split,
//! parsed, and written as lines of JSON, by this crate and by the code that a user would write
//! instead.
//!
//! `cargo bench --bench bulk` prints payloads per second and the ratio of the two. They take turns
//! on one thread, and the result is the median of the rounds. With `-- --json`, it prints one
//! object.

#![allow(missing_docs, reason = "a program")]

mod clock;
#[path = "../tests/common/mod.rs"]
mod common;
mod peers;
mod requests;
mod statistics;

use std::collections::BTreeMap;
use std::hint::black_box;

use isl_volano::Family;
use isl_volano::isl_light::{Notification, Parser};
use isl_volano::volano_chat::Event;
use serde::Serialize;
use serde_json::json;
use statistics::median;

/// The captured events of a busy room.
const BULK: &[u8] = include_bytes!("captures/bulk.http");
/// A million payloads would take too much memory on some machines. These are processed repeatedly,
/// and exceed the nearest caches of a processor.
const PAYLOADS: usize = 10_000;
const ROUNDS: usize = 31;

/// A side: its name, and a function that splits, parses and writes lines into a buffer, and returns
/// the number of payloads.
type Side = (&'static str, fn(&[u8], &mut Vec<u8>) -> usize);

struct Case {
    name: &'static str,
    requests: Vec<u8>,
    ours: Side,
    peer: Side,
}

fn main() {
    let json = std::env::args().any(|argument| argument == "--json");
    // As a test, one round shows that it runs.
    let test = std::env::args().any(|argument| argument == "--test");
    let rounds = if test { 1 } else { ROUNDS };

    let cases = [
        Case {
            name: "isl_light",
            requests: isl_requests(),
            ours: ("isl-volano", ours),
            peer: ("serde_urlencoded", |requests, lines| {
                each(requests, lines, |body, lines| {
                    let event: peers::Notification<'_> =
                        serde_urlencoded::from_bytes(body).expect("an event");
                    line(lines, "isl-light", &event);
                })
            }),
        },
        Case {
            name: "volano_chat",
            requests: BULK.to_vec(),
            ours: ("isl-volano", ours),
            peer: ("quick-xml serde", |requests, lines| {
                each(requests, lines, |body, lines| {
                    let body = str::from_utf8(body).expect("UTF-8");
                    let event: peers::Event<'_> = quick_xml::de::from_str(body).expect("an event");
                    line(lines, "volano-chat", &event);
                })
            }),
        },
    ];

    let mut figures = BTreeMap::new();
    for case in &cases {
        let figure = measure(case, rounds);
        if !json {
            println!(
                "{}: {:.0} payloads per second, {} {:.0}: {:.2}x",
                case.name, figure.ours, case.peer.0, figure.peer, figure.ratio
            );
        }
        let peer = json!({ "payloads_per_second": figure.peer.round(), "ratio": figure.ratio });
        let ours = json!({ "payloads_per_second": figure.ours.round() });
        figures.insert(case.name, json!({ case.ours.0: ours, case.peer.0: peer }));
    }
    if json {
        println!("{}", serde_json::to_string(&figures).expect("JSON"));
    }
}

/// Returns the captures of ISL Light that the peer accepts, as requests, repeated.
fn isl_requests() -> Vec<u8> {
    let mut captures = common::isl_captures();
    captures.retain(|capture| {
        let Ok(theirs) = serde_urlencoded::from_str(&capture.body) else {
            return false;
        };
        let ours = Notification::parse(&capture.body).expect("an event");
        keys::<peers::Notification<'_>>(&theirs) == keys(&ours)
    });
    assert!(captures.len() >= 10, "{} captures", captures.len());
    let mut requests = String::new();
    for capture in captures.iter().cycle().take(PAYLOADS) {
        requests::push_request(&mut requests, &capture.body);
    }
    requests.into_bytes()
}

/// Returns the parameters in a line of JSON.
fn keys<T: Serialize>(event: &T) -> Vec<String> {
    let event = serde_json::to_value(event).expect("JSON");
    let mut keys: Vec<_> = event
        .as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect();
    keys.sort();
    keys
}

fn ours(requests: &[u8], lines: &mut Vec<u8>) -> usize {
    let parser = Parser::new();
    let mut buffer = Vec::new();
    each(requests, lines, |body, lines| {
        // As in a service that receives bodies of both families.
        let family = Family::of(body);
        match family {
            Family::IslLight => {
                let event = parser.parse_in(body, &mut buffer).expect("an event");
                line(lines, family.as_str(), &event);
            }
            Family::VolanoChat => {
                let event = Event::parse_bytes(body).expect("an event");
                line(lines, family.as_str(), &event);
            }
            other => panic!("{other:?}"),
        }
    })
}

/// Calls a function with the body of each request.
fn each(requests: &[u8], lines: &mut Vec<u8>, mut work: impl FnMut(&[u8], &mut Vec<u8>)) -> usize {
    lines.clear();
    let mut count = 0;
    for body in requests::bodies(requests) {
        work(body, lines);
        count += 1;
    }
    count
}

fn line(lines: &mut Vec<u8>, family: &str, event: &impl Serialize) {
    lines.extend_from_slice(b"{\"family\":\"");
    lines.extend_from_slice(family.as_bytes());
    lines.extend_from_slice(b"\",\"event\":");
    serde_json::to_writer(&mut *lines, event).expect("JSON");
    lines.extend_from_slice(b"}\n");
}

/// Payloads per second, and the time of the peer divided by ours.
struct Figure {
    ours: f64,
    peer: f64,
    ratio: f64,
}

fn measure(case: &Case, rounds: usize) -> Figure {
    let mut lines = [Vec::new(), Vec::new()];
    let sides = [case.ours.1, case.peer.1];
    // The first turn also grows the buffer.
    let counts = [0, 1].map(|side: usize| sides[side](&case.requests, &mut lines[side]));
    assert_eq!(counts[0], counts[1]);
    assert!(counts[0] > 4000);
    let first = [0, 1].map(|side: usize| lines[side].clone());
    assert_eq!(first.each_ref().map(|lines| count_lines(lines)), counts);

    let mut times = [Vec::new(), Vec::new()];
    for round in 0..rounds {
        for side in [round % 2, (round + 1) % 2] {
            let start = clock::now();
            sides[side](black_box(&case.requests), &mut lines[side]);
            times[side].push((clock::now() - start).as_secs_f64());
        }
    }
    assert_eq!(lines, first);
    let ratios = times[1].iter().zip(&times[0]);
    let ratio = median(ratios.map(|(peer, ours)| peer / ours).collect());
    let [ours, peer] = times.map(|times| counts[0] as f64 / median(times));
    Figure { ours, peer, ratio }
}

fn count_lines(lines: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', lines).count()
}
