//! The way of the payloads: one thread reads, all cores decode, and one writes, in order.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use isl_volano::Family;

use crate::args::Args;
use crate::batch::{Batch, Content};
use crate::body::{Body, Decoder, Problem};
use crate::escape::escaped;
use crate::json::Lines;
use crate::person::Page;
use crate::progress::Progress;
use crate::source::{Closed, Sources};
use crate::without_number;

/// How it went.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) decoded: u64,
    pub(crate) not_decoded: u64,
    /// Whether there was a source that could not be read.
    pub(crate) unreadable: bool,
}

/// A batch, decoded.
struct Decoded {
    text: Vec<u8>,
    decoded: u64,
    not_decoded: u64,
    read: u64,
}

/// A batch, and where it goes once it is decoded.
type Job = (Batch, SyncSender<Decoded>);

/// Decodes what the command line names.
pub(crate) fn run(
    args: &Args,
    out: &mut impl Write,
    colour: bool,
    progress: &mut Progress,
) -> Tally {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    // The queues are short, so that what is held does not depend on how much there is to read.
    let (jobs, to_decode) = mpsc::sync_channel::<Job>(cores);
    let (promises, in_order) = mpsc::sync_channel::<Receiver<Decoded>>(2 * cores);
    let to_decode = Arc::new(Mutex::new(to_decode));
    thread::scope(|scope| {
        for _ in 0..cores {
            let to_decode = Arc::clone(&to_decode);
            scope.spawn(move || decode(args, colour, &to_decode));
        }
        // Only the decoders hold it now: when they are gone, the reader learns of it.
        drop(to_decode);
        let reader = scope.spawn(move || read(&args.inputs, &jobs, &promises));
        let mut tally = Tally::default();
        for promise in in_order {
            let Ok(batch) = promise.recv() else { break };
            tally.decoded += batch.decoded;
            tally.not_decoded += batch.not_decoded;
            progress.clear();
            if let Err(error) = out.write_all(&batch.text).and_then(|()| out.flush()) {
                // The reader may be waiting for input that never comes.
                stop(error);
            }
            progress.show(batch.read, tally.decoded + tally.not_decoded);
        }
        progress.clear();
        tally.unreadable = reader.join().unwrap_or(true);
        tally
    })
}

/// Ends the program at once.
fn stop(error: io::Error) -> ! {
    std::process::exit(match error.kind() {
        // Whoever reads the output has seen enough.
        io::ErrorKind::BrokenPipe => 0,
        _ => {
            let _ = writeln!(
                io::stderr(),
                "decode: standard output: {}",
                without_number(&error)
            );
            2
        }
    })
}

/// Reads everything, and says whether there was something that could not be read.
fn read(
    inputs: &[OsString],
    jobs: &SyncSender<Job>,
    promises: &SyncSender<Receiver<Decoded>>,
) -> bool {
    let mut unreadable = false;
    let hand_on = |batch| {
        let (done, promise) = mpsc::sync_channel(1);
        promises.send(promise).map_err(|_| Closed)?;
        jobs.send((batch, done)).map_err(|_| Closed)
    };
    let complain = |path: &Path, error: &io::Error| {
        unreadable = true;
        let path = escaped(&path.to_string_lossy());
        let _ = writeln!(io::stderr(), "decode: {path}: {}", without_number(error));
    };
    // If no one takes payloads any more, there is nothing left to do.
    let _ = Sources::new(hand_on, complain).read(inputs);
    unreadable
}

/// Decodes batches until there are no more.
fn decode(args: &Args, colour: bool, to_decode: &Mutex<Receiver<Job>>) {
    let mut decoder = Renderer::new(args, colour);
    loop {
        let job = to_decode
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .recv();
        let Ok((batch, done)) = job else { break };
        // If the writer is gone, so will the reader be.
        let _ = done.send(decoder.batch(&batch));
    }
}

/// Decodes payloads and writes what comes of it.
struct Renderer {
    decoder: Decoder,
    json: bool,
    colour: bool,
    buffer: Vec<u8>,
}

/// What payloads are written on.
enum Sheet {
    Lines(Lines),
    Page(Page),
}

impl Renderer {
    fn new(args: &Args, colour: bool) -> Self {
        Renderer {
            decoder: Decoder::new(args),
            json: args.json,
            colour,
            buffer: Vec::new(),
        }
    }

    fn batch(&mut self, batch: &Batch) -> Decoded {
        let mut sheet = if self.json {
            Sheet::Lines(Lines::with_capacity(2 * batch.bytes.len()))
        } else {
            Sheet::Page(Page::new(self.colour))
        };
        let mut decoded = 0;
        for item in &batch.items {
            let (range, bare) = match &item.content {
                Content::Bare(range) => (range.clone(), true),
                Content::Body(range) => (range.clone(), false),
                Content::NoRequest(error) => {
                    let problem = Problem::Http(error.clone());
                    sheet.problem(&item.source, item.index, None, &[], None, &problem);
                    continue;
                }
                Content::TooLong => {
                    let problem = Problem::TooLong;
                    sheet.problem(&item.source, item.index, None, &[], None, &problem);
                    continue;
                }
            };
            let raw = batch.bytes.get(range).unwrap_or_default();
            let body = match self.decoder.body(raw, bare) {
                Ok(body) => body,
                Err((family, problem)) => {
                    sheet.problem(&item.source, item.index, family, raw, None, &problem);
                    continue;
                }
            };
            match self.decoder.event(&body, &mut self.buffer) {
                Ok(event) => {
                    decoded += 1;
                    match &mut sheet {
                        Sheet::Lines(lines) => lines.event(&item.source, item.index, &body, &event),
                        Sheet::Page(page) => page.event(&item.source, item.index, &body, &event),
                    }
                }
                Err(error) => {
                    let problem = Problem::Parse(error);
                    let family = Some(body.family);
                    sheet.problem(&item.source, item.index, family, raw, Some(&body), &problem);
                }
            }
        }
        Decoded {
            text: match sheet {
                Sheet::Lines(lines) => lines.into_bytes(),
                Sheet::Page(page) => page.into_bytes(),
            },
            decoded,
            not_decoded: batch.items.len() as u64 - decoded,
            read: batch.read,
        }
    }
}

impl Sheet {
    fn problem(
        &mut self,
        source: &Arc<str>,
        index: u64,
        family: Option<Family>,
        raw: &[u8],
        body: Option<&Body<'_>>,
        problem: &Problem,
    ) {
        match self {
            Sheet::Lines(lines) => lines.problem(source, index, family, body, problem),
            Sheet::Page(page) => page.problem(source, index, family, raw, body, problem),
        }
    }
}
