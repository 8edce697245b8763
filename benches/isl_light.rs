//! Every event of ISL Light in the captures: parsed strictly from bytes, parsed into a buffer, and
//! written.

#![allow(missing_docs, reason = "a program")]

#[path = "../tests/common/mod.rs"]
mod common;
mod settings;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use isl_volano::isl_light::{Notification, Parser};

fn events(criterion: &mut Criterion) {
    let captures = common::isl_captures();
    for capture in &captures {
        let body = capture.body.as_bytes();
        let name = capture.name.trim_end_matches(".form");
        let event = Notification::parse_bytes(body).expect(name);
        let form = event.to_form();
        let mut buffer = vec![0; body.len()];

        assert_eq!(
            Parser::new().parse_in(body, &mut buffer).as_ref(),
            Ok(&event)
        );
        assert_eq!(Notification::parse(&form).as_ref(), Ok(&event));

        let mut group = criterion.benchmark_group("isl_light");
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(BenchmarkId::new("parse", name), |bencher| {
            bencher.iter(|| Notification::parse_bytes(black_box(body)));
        });
        group.bench_function(BenchmarkId::new("parse_in", name), |bencher| {
            bencher.iter(|| {
                let event = Parser::new().parse_in(black_box(body), &mut buffer);
                drop(black_box(event));
            });
        });
        group.throughput(Throughput::Bytes(form.len() as u64));
        group.bench_function(BenchmarkId::new("to_form", name), |bencher| {
            bencher.iter(|| black_box(&event).to_form());
        });
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = settings::short();
    targets = events
}
criterion_main!(benches);
