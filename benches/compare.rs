//! This crate beside what a user would write instead.
//!
//! `cargo bench --bench compare` prints a table; with `-- --json`, one object
//! `{"CASE": {"PEER": RATIO, ...}, ...}`, where the ratio is the peer's time over this crate's.
//!
//! Machines are noisy, so nothing is compared across runs: in each of many short rounds each
//! side has its turn, the ratio is taken within the round, and the median of the rounds counts.
//! What the sides read is checked to be the same before any of it is timed.

#![allow(missing_docs, reason = "a program")]

mod peers;
mod statistics;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use isl_volano::isl_light::{Notification, Parser};
use isl_volano::volano_chat::Event;
use statistics::median;

const STOP: &str = include_str!("../tests/captures/isl_light/07-stop.form");
const CHAT: &str = include_str!("captures/chat.xml");
const PRETTY: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<chat>
  <room>Support Lobby &amp; Help Desk</room>
  <user>janez novak</user>
  <message>Hello everyone, is anybody able to help me with the &quot;printer&quot; on floor &lt;2&gt;?</message>
</chat>
"#;

const ROUNDS: usize = 301;
const TURN: Duration = Duration::from_micros(400);

/// A side of a comparison: its name, and what it does once.
type Side<'a> = (&'static str, Box<dyn FnMut() + 'a>);

/// One thing done by this crate and by others; the first side is this crate's.
struct Case<'a> {
    name: &'static str,
    bytes: usize,
    sides: Vec<Side<'a>>,
}

fn main() {
    let json = std::env::args().any(|argument| argument == "--json");
    // As a test, one round shows that it runs.
    let test = std::env::args().any(|argument| argument == "--test");
    let rounds = if test { 1 } else { ROUNDS };

    let unescaped = STOP
        .replace('+', "-")
        .replace("%5C", "\\")
        .replace("%3B", ";");
    let mut buffer = Vec::new();
    let stop = Notification::parse(STOP).unwrap();
    let peer_stop = peers::Notification::from(&stop);
    let chat = Event::parse(CHAT).unwrap();
    let peer_chat = peers::Event::of_chat(&chat);
    check(&unescaped);

    let mut cases = [
        Case {
            name: "isl_light/parse/stop",
            bytes: STOP.len(),
            sides: vec![
                side("isl-volano", || {
                    Notification::parse_bytes(black_box(STOP.as_bytes()))
                }),
                side("serde_urlencoded", || {
                    serde_urlencoded::from_str::<peers::Notification<'_>>(black_box(STOP))
                }),
                side("serde_html_form", || {
                    serde_html_form::from_str::<peers::Notification<'_>>(black_box(STOP))
                }),
                side("form_urlencoded, iterating only", || {
                    form_urlencoded::parse(black_box(STOP.as_bytes()))
                        .map(|(name, value)| name.len() + value.len())
                        .sum::<usize>()
                }),
                side("limit: UTF-8 and delimiters only", || {
                    limit(black_box(STOP.as_bytes()), b'&')
                }),
            ],
        },
        Case {
            name: "isl_light/parse/stop, caller's buffer",
            bytes: STOP.len(),
            sides: vec![
                side("isl-volano", || {
                    let stop = Parser::new().parse_in(black_box(STOP.as_bytes()), &mut buffer);
                    drop(black_box(stop));
                }),
                side("serde_urlencoded", || {
                    serde_urlencoded::from_str::<peers::Notification<'_>>(black_box(STOP))
                }),
            ],
        },
        Case {
            name: "isl_light/parse/unescaped",
            bytes: unescaped.len(),
            sides: vec![
                side("isl-volano", || {
                    Notification::parse_bytes(black_box(unescaped.as_bytes()))
                }),
                side("serde_urlencoded", || {
                    serde_urlencoded::from_str::<peers::Notification<'_>>(black_box(&unescaped))
                }),
            ],
        },
        Case {
            name: "isl_light/write/stop",
            bytes: STOP.len(),
            sides: vec![
                side("isl-volano", || black_box(&stop).to_form()),
                side("serde_urlencoded", || {
                    serde_urlencoded::to_string(black_box(&peer_stop))
                }),
            ],
        },
        Case {
            name: "volano_chat/parse/chat",
            bytes: CHAT.len(),
            sides: vec![
                side("isl-volano", || Event::parse(black_box(CHAT))),
                side("quick-xml serde", || {
                    quick_xml::de::from_str::<peers::Event<'_>>(black_box(CHAT))
                }),
                side("quick-xml events", || {
                    peers::chat_from_tokens(black_box(CHAT))
                }),
                side("roxmltree", || peers::chat_from_tree(black_box(CHAT))),
                side("limit: UTF-8 and delimiters only", || {
                    limit(black_box(CHAT.as_bytes()), b'<')
                }),
            ],
        },
        Case {
            name: "volano_chat/parse/pretty-printed",
            bytes: PRETTY.len(),
            sides: vec![
                side("isl-volano", || Event::parse(black_box(PRETTY))),
                side("quick-xml serde", || {
                    quick_xml::de::from_str::<peers::Event<'_>>(black_box(PRETTY))
                }),
                side("roxmltree", || peers::chat_from_tree(black_box(PRETTY))),
            ],
        },
        Case {
            name: "volano_chat/write/chat",
            bytes: CHAT.len(),
            sides: vec![
                side("isl-volano", || black_box(&chat).to_xml()),
                side("quick-xml serde", || {
                    quick_xml::se::to_string(black_box(&peer_chat))
                }),
            ],
        },
    ];

    let mut ratios = BTreeMap::new();
    for case in &mut cases {
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

fn side<'a, T>(name: &'static str, mut work: impl FnMut() -> T + 'a) -> Side<'a> {
    (name, Box::new(move || drop(black_box(work()))))
}

/// Fails unless every side reads and writes the same.
fn check(unescaped: &str) {
    for body in [STOP, unescaped] {
        let ours = Notification::parse_bytes(body.as_bytes()).unwrap();
        let ours = peers::Notification::from(&ours);
        let stop: peers::Notification<'_> = serde_urlencoded::from_str(body).unwrap();
        // The one thing that is not read the same: the two spellings of the module's name.
        let stop = peers::Notification {
            module: "ISL_Light".into(),
            ..stop
        };
        assert_eq!(stop, ours);
        let stop: peers::Notification<'_> = serde_html_form::from_str(body).unwrap();
        assert_eq!(
            peers::Notification {
                module: "ISL_Light".into(),
                ..stop
            },
            ours
        );
        let written = Notification::parse(body).unwrap().to_form();
        let theirs = serde_urlencoded::to_string(&ours).unwrap();
        let pairs = |body: &str| {
            let mut pairs: Vec<_> = form_urlencoded::parse(body.as_bytes())
                .into_owned()
                .collect();
            pairs.sort();
            pairs
        };
        assert_eq!(pairs(&written), pairs(&theirs));
    }
    for body in [CHAT, PRETTY] {
        let ours = Event::parse(body).unwrap();
        let ours = peers::Event::of_chat(&ours);
        assert_eq!(
            quick_xml::de::from_str::<peers::Event<'_>>(body).unwrap(),
            ours
        );
        assert_eq!(peers::chat_from_tree(body).unwrap(), ours);
    }
    let chat = Event::parse(CHAT).unwrap();
    assert_eq!(
        peers::chat_from_tokens(CHAT).unwrap(),
        peers::Event::of_chat(&chat)
    );
    assert_eq!(
        chat.to_xml().unwrap().to_lowercase(),
        quick_xml::se::to_string(&peers::Event::of_chat(&chat))
            .unwrap()
            .to_lowercase(),
    );
}

/// What nothing that reads text can do without: one check for UTF-8, one look at each byte.
fn limit(body: &[u8], delimiter: u8) -> usize {
    let text = simdutf8::basic::from_utf8(body).unwrap_or_default();
    memchr::memchr_iter(delimiter, text.as_bytes()).count()
}

/// A side, measured.
struct Measured {
    name: &'static str,
    nanoseconds: f64,
    allocations: u64,
    ratio: f64,
}

fn measure(case: &mut Case<'_>, rounds: usize) -> Vec<Measured> {
    let mut turns: Vec<_> = case
        .sides
        .iter_mut()
        .map(|(_, work)| repetitions(work))
        .collect();
    if rounds == 1 {
        turns.fill(1);
    }
    let mut times = vec![Vec::with_capacity(rounds); case.sides.len()];
    for round in 0..rounds {
        // Each side comes first as often as any other.
        for index in 0..case.sides.len() {
            let index = (index + round) % case.sides.len();
            times[index].push(turn(&mut case.sides[index].1, turns[index]));
        }
    }
    let ours = times[0].clone();
    case.sides
        .iter_mut()
        .zip(times)
        .map(|((name, work), times)| Measured {
            name,
            allocations: allocation_counter::measure(work).count_total,
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

/// How many times a side does its work in a turn.
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

/// How long the work takes once, in nanoseconds.
fn turn(work: &mut dyn FnMut(), repetitions: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..repetitions {
        work();
    }
    start.elapsed().as_nanos() as f64 / f64::from(repetitions)
}

fn print(case: &Case<'_>, measured: &[Measured]) {
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
