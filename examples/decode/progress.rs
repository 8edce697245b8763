//! A bar that shows how far it is.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::time::{Duration, Instant};

/// How wide the bar is, in columns.
const WIDTH: u64 = 30;
/// How often it is drawn, and how long it waits until it first is.
const PAUSE: Duration = Duration::from_millis(200);

#[derive(Debug)]
pub(crate) struct Progress {
    /// Whether there is a terminal to draw on.
    on: bool,
    drawn: bool,
    last: Instant,
    read: u64,
    /// How much there is to read, if that is known.
    total: Option<u64>,
}

impl Progress {
    pub(crate) fn new(on: bool, inputs: &[OsString]) -> Self {
        Progress {
            on,
            drawn: false,
            last: Instant::now(),
            read: 0,
            total: if on { total(inputs) } else { None },
        }
    }

    /// Takes the bar away.
    pub(crate) fn clear(&mut self) {
        if self.drawn {
            let _ = write!(io::stderr(), "\r\x1b[K");
            self.drawn = false;
        }
    }

    /// Draws the bar, if it is time to: so many bytes more were read, so many payloads are done.
    pub(crate) fn show(&mut self, read: u64, payloads: u64) {
        self.read += read;
        if !self.on || self.last.elapsed() < PAUSE {
            return;
        }
        self.last = Instant::now();
        let mebibytes = self.read >> 20;
        let _ = match self.total {
            Some(total) if total > 0 => {
                let done = self.read.min(total) * WIDTH / total;
                let percent = self.read.min(total) * 100 / total;
                let bar = "#".repeat(done as usize);
                let rest = "-".repeat((WIDTH - done) as usize);
                write!(
                    io::stderr(),
                    "\r[{bar}{rest}] {percent:3}%  {mebibytes} MiB, {payloads} payloads\x1b[K"
                )
            }
            _ => write!(io::stderr(), "\r{mebibytes} MiB, {payloads} payloads\x1b[K"),
        };
        self.drawn = true;
    }
}

/// How long all the inputs are, if all of them are files.
fn total(inputs: &[OsString]) -> Option<u64> {
    inputs.iter().try_fold(0_u64, |total, input| {
        let data = fs::metadata(input).ok()?;
        data.is_file().then(|| total.saturating_add(data.len()))
    })
}
