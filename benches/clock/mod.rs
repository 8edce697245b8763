//! Time on a machine that is shared: what this thread computed, not what it waited for others.

use std::fs;
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

/// The time that this thread has computed, in nanoseconds where Linux tells; elsewhere the time
/// that has passed.
pub(crate) fn now() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    // Linux brings the number up to date when the thread lets others run.
    thread::yield_now();
    computed().unwrap_or_else(|| START.elapsed())
}

fn computed() -> Option<Duration> {
    let numbers = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = numbers.split(' ').next()?.parse().ok()?;
    // Kernels without these numbers give zeros.
    (nanoseconds > 0).then(|| Duration::from_nanos(nanoseconds))
}
