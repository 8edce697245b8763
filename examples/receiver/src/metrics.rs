//! The metrics at `/metrics`.

use prometheus::{
    Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};

use tracing::warn;

use crate::record::Record;

/// The metrics of this process.
#[derive(Debug, Clone)]
pub(crate) struct Metrics {
    registry: Registry,
    /// Stored events, by family and outcome of decoding.
    pub(crate) events: IntCounterVec,
    /// Errors and problems of decoding, by family and kind.
    pub(crate) errors: IntCounterVec,
    /// Refused requests, by reason.
    pub(crate) refused: IntCounterVec,
    /// Events that could not be stored, with status 503.
    pub(crate) unavailable: IntCounter,
    /// Stored events whose response cannot have arrived.
    pub(crate) unanswered: IntCounter,
    /// Attempts to register for the events of a room, by outcome.
    pub(crate) registrations: IntCounterVec,
    /// Whether a room is registered.
    pub(crate) registered: IntGaugeVec,
    pub(crate) connections: IntGauge,
    pub(crate) commit_seconds: Histogram,
    pub(crate) commit_events: Histogram,
}

impl Metrics {
    pub(crate) fn new() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let vec = |name: &str, help: &str, labels: &[&str]| {
            let vec = IntCounterVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(vec.clone()))?;
            prometheus::Result::Ok(vec)
        };
        let counter = |name: &str, help: &str| {
            let counter = IntCounter::new(name, help)?;
            registry.register(Box::new(counter.clone()))?;
            prometheus::Result::Ok(counter)
        };
        let histogram = |name: &str, help: &str, first: f64| {
            let buckets = prometheus::exponential_buckets(first, 2.0, 14)?;
            let options = HistogramOpts::new(name, help).buckets(buckets);
            let histogram = Histogram::with_opts(options)?;
            registry.register(Box::new(histogram.clone()))?;
            prometheus::Result::Ok(histogram)
        };
        let connections = IntGauge::new("receiver_connections", "Open connections.")?;
        registry.register(Box::new(connections.clone()))?;
        let registered = Opts::new(
            "receiver_registered",
            "Whether the room is registered, as far as is known.",
        );
        let registered = IntGaugeVec::new(registered, &["room"])?;
        registry.register(Box::new(registered.clone()))?;
        Ok(Metrics {
            events: vec(
                "receiver_events_total",
                "Stored events, including repeats, by outcome of decoding.",
                &["family", "outcome"],
            )?,
            errors: vec(
                "receiver_errors_total",
                "Errors and problems of decoding, by kind.",
                &["family", "kind"],
            )?,
            refused: vec(
                "receiver_refused_total",
                "Requests that were refused and not stored.",
                &["reason"],
            )?,
            unavailable: counter(
                "receiver_unavailable_total",
                "Events that could not be stored, with status 503.",
            )?,
            unanswered: counter(
                "receiver_unanswered_total",
                "Stored events whose response cannot have arrived.",
            )?,
            registrations: vec(
                "receiver_registrations_total",
                "Attempts to register for the events of a room, by outcome.",
                &["outcome"],
            )?,
            registered,
            commit_seconds: histogram(
                "receiver_commit_seconds",
                "Duration of a transaction.",
                0.000_25,
            )?,
            commit_events: histogram(
                "receiver_commit_events",
                "Number of events in a transaction.",
                1.0,
            )?,
            connections,
            registry,
        })
    }

    /// Counts an event that was stored with this id, and logs its problems.
    pub(crate) fn count(&self, record: &Record, id: i64, is_repeat: bool) {
        let family = record.family.as_str();
        let outcome = if is_repeat {
            "repeat"
        } else {
            record.outcome()
        };
        let events = self.events.with_label_values(&[family, outcome]);
        events.inc();
        for problem in record.error.iter().chain(&record.problems) {
            let errors = self.errors.with_label_values(&[family, problem.kind]);
            errors.inc();
            if !is_repeat {
                warn!(id, family, "{}", problem.message);
            }
        }
    }

    /// Returns all metrics in the text format of Prometheus.
    pub(crate) fn text(&self) -> prometheus::Result<String> {
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }
}
