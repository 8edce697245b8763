//! Settings of criterion.

use std::time::Duration;

use criterion::Criterion;

/// Returns settings with a second and a half for each of many benches.
pub(crate) fn short() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(1))
        .sample_size(20)
}
