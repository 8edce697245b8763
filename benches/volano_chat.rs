//! Events of VolanoChat: one of each element, hostile ones, and all events of a busy room.

#![allow(missing_docs, reason = "a program")]

#[path = "../tests/common/mod.rs"]
mod common;
mod requests;
mod settings;

use std::hint::black_box;

use common::{ChatCapture, chat_capture};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use isl_volano::ErrorKind;
use isl_volano::volano_chat::{Event, LineEnd};

/// The captured events of a busy room, without hostile users.
const BULK: &[u8] = include_bytes!("captures/bulk.http");
/// Captures of events that this room did not have.
const OTHERS: [&str; 2] = ["utf8-00122", "utf8-00158"];
/// Captures in which users tried to deceive a parser.
const HOSTILE: [&str; 7] = [
    "utf8-00004-enter",
    "utf8-00020-enter",
    "utf8-00028-chat",
    "utf8-00035-chat",
    "utf8-00044-chat",
    "utf8-00077-chat",
    "utf8-00078-chat",
];
/// A capture with two readings.
const AMBIGUOUS: &str = "utf8-00140-whisper";

fn text(body: &[u8]) -> &str {
    str::from_utf8(body).expect("UTF-8")
}

/// Returns one body for each element.
fn typical(criterion: &mut Criterion) {
    let others = OTHERS.map(chat_capture);
    let bodies = requests::bodies(BULK).map(text);
    let mut seen = Vec::new();
    for body in bodies.chain(others.iter().map(|capture| &*capture.body)) {
        let event = Event::parse(body).expect("an event");
        if !seen.contains(&event.name()) {
            seen.push(event.name());
            every_way(criterion, event.name(), body, &event);
        }
    }
    assert_eq!(seen.len(), 8, "{seen:?}");
}

fn hostile(criterion: &mut Criterion) {
    for prefix in HOSTILE {
        let ChatCapture {
            name, body, said, ..
        } = chat_capture(prefix);
        every_way(criterion, &name, &body, &said);
    }
}

fn every_way(criterion: &mut Criterion, name: &str, body: &str, said: &Event<'_>) {
    let line_end = LineEnd::of(body).expect("a line end");
    assert_eq!(Event::parse(body).as_ref(), Ok(said));
    assert_eq!(Event::parse_verbatim(body).as_ref(), Ok(said));
    assert_eq!(said.to_verbatim_with(line_end).as_deref(), Ok(body));
    let xml = said.to_xml().expect("text");
    assert_eq!(Event::parse_xml(&xml).as_ref(), Ok(said));

    let mut group = criterion.benchmark_group("volano_chat");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function(BenchmarkId::new("parse", name), |bencher| {
        bencher.iter(|| Event::parse(black_box(body)));
    });
    group.bench_function(BenchmarkId::new("parse_verbatim", name), |bencher| {
        bencher.iter(|| Event::parse_verbatim(black_box(body)));
    });
    group.bench_function(BenchmarkId::new("to_verbatim", name), |bencher| {
        bencher.iter(|| black_box(said).to_verbatim_with(line_end));
    });
    group.throughput(Throughput::Bytes(xml.len() as u64));
    group.bench_function(BenchmarkId::new("to_xml", name), |bencher| {
        bencher.iter(|| black_box(said).to_xml());
    });
    group.bench_function(BenchmarkId::new("parse_xml", name), |bencher| {
        bencher.iter(|| Event::parse_xml(black_box(&xml)));
    });
    group.finish();
}

fn ambiguous(criterion: &mut Criterion) {
    let ChatCapture { body, said, .. } = chat_capture(AMBIGUOUS);
    let readings: Vec<_> = Event::readings(&body).collect();
    assert!(readings.len() == 2 && readings.contains(&said));
    assert_eq!(
        Event::parse(&body).unwrap_err().kind(),
        ErrorKind::Ambiguous
    );

    let mut group = criterion.benchmark_group("volano_chat");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function(BenchmarkId::new("parse", "ambiguous"), |bencher| {
        bencher.iter(|| Event::parse(black_box(&body)));
    });
    group.bench_function(BenchmarkId::new("readings", "ambiguous"), |bencher| {
        bencher.iter(|| Event::readings(black_box(&body)).count());
    });
    group.finish();
}

/// Parses all 4,176 bodies of a room.
fn bulk(criterion: &mut Criterion) {
    let bodies: Vec<_> = requests::bodies(BULK).collect();
    assert_eq!(bodies.len(), 4176);
    let events: Vec<_> = bodies
        .iter()
        .map(|body| Event::parse_bytes(body).expect("an event"))
        .collect();
    for (event, body) in events.iter().zip(&bodies) {
        assert_eq!(
            event.to_verbatim().map(String::into_bytes).as_deref(),
            Ok(*body)
        );
    }

    let mut group = criterion.benchmark_group("volano_chat");
    let length: usize = bodies.iter().map(|body| body.len()).sum();
    group.throughput(Throughput::Bytes(length as u64));
    group.bench_function("bulk/parse", |bencher| {
        bencher.iter(|| {
            let parsed = black_box(&bodies)
                .iter()
                .map(|body| Event::parse_bytes(body));
            parsed.filter(Result::is_ok).count()
        });
    });
    group.bench_function("bulk/parse_verbatim", |bencher| {
        bencher.iter(|| {
            let parsed = black_box(&bodies)
                .iter()
                .map(|body| Event::parse_verbatim(text(body)));
            parsed.filter(Result::is_ok).count()
        });
    });
    group.bench_function("bulk/to_xml", |bencher| {
        bencher.iter(|| {
            let written = black_box(&events).iter().map(Event::to_xml);
            written.filter(Result::is_ok).count()
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = settings::short();
    targets = typical, hostile, ambiguous, bulk
}
criterion_main!(benches);
