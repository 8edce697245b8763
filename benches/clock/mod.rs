//! Time on a shared machine: the CPU time of this thread, without waiting for others.

use std::fs;
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

/// Returns the CPU time of this thread in nanoseconds on Linux, otherwise the elapsed time.
pub(crate) fn now() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    // Linux updates the number when the thread yields.
    thread::yield_now();
    computed().unwrap_or_else(|| START.elapsed())
}

fn computed() -> Option<Duration> {
    let numbers = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = numbers.split(' ').next()?.parse().ok()?;
    // Kernels without these statistics report zeros.
    (nanoseconds > 0).then(|| Duration::from_nanos(nanoseconds))
}
