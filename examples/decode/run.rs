//! Decoding and writing payloads.

use std::io::{self, Write};
use std::path::Path;

use indicatif::ProgressBar;
use isl_volano::Error;

use crate::body::{Body, Decoder, Problem};
use crate::escape::escaped;
use crate::output::Output;
use crate::source::{self, Content, Sink};
use crate::without_number;

/// The length of the output at which it is flushed, in bytes.
const FULL: usize = 128 << 10;

/// A run of the program.
pub(crate) struct Run<W> {
    decoder: Decoder,
    buffer: Vec<u8>,
    output: Output,
    out: W,
    bar: ProgressBar,
    pub(crate) decoded: u64,
    pub(crate) not_decoded: u64,
    /// Whether something could not be read.
    pub(crate) unreadable: bool,
}

impl<W: Write> Run<W> {
    pub(crate) fn new(decoder: Decoder, output: Output, out: W, bar: ProgressBar) -> Self {
        Run {
            decoder,
            buffer: Vec::new(),
            output,
            out,
            bar,
            decoded: 0,
            not_decoded: 0,
            unreadable: false,
        }
    }

    /// Decodes a body, and writes the result. Returns whether it is an event.
    fn body(&mut self, index: u64, raw: &[u8], bare: bool) -> bool {
        let (body, problem) = match self.decoder.body(raw, bare) {
            Ok(body) => {
                let Err(error) = self.event(index, &body) else {
                    return true;
                };
                match self.decoder.guess(&body, &error) {
                    None => (body, Problem::Parse(error)),
                    Some(body) => {
                        let Err(error) = self.event(index, &body) else {
                            return true;
                        };
                        (body, Problem::Parse(error))
                    }
                }
            }
            Err(problem) => problem,
        };
        self.output.problem(index, Some(&body), &problem);
        false
    }

    /// Parses a body, and writes the event.
    fn event(&mut self, index: u64, body: &Body<'_>) -> Result<(), Error> {
        let decoded = self.decoder.event(body, &mut self.buffer)?;
        self.output.event(index, body, &decoded);
        Ok(())
    }
}

impl<W: Write> Sink for Run<W> {
    fn source(&mut self, name: &str) {
        self.output.source(name);
    }

    fn payload(&mut self, index: u64, content: Content<'_>) -> io::Result<()> {
        let decoded = match content {
            Content::Bare(raw) => self.body(index, raw, true),
            Content::Body(raw) => self.body(index, raw, false),
            Content::NoRequest(error) => {
                self.output.problem(index, None, &Problem::Http(error));
                false
            }
            Content::TooLong => {
                self.output.problem(index, None, &Problem::TooLong);
                false
            }
        };
        if decoded {
            self.decoded += 1;
        } else {
            self.not_decoded += 1;
        }
        if self.output.as_bytes().len() < FULL {
            return Ok(());
        }
        self.flush()
    }

    fn read(&mut self, bytes: usize) {
        if !self.bar.is_hidden() {
            self.bar.inc(bytes as u64);
            let payloads = self.decoded + self.not_decoded;
            self.bar.set_message(format!("{payloads} payloads"));
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        let written = self.output.as_bytes();
        if written.is_empty() {
            return Ok(());
        }
        self.out.write_all(written)?;
        self.output.clear();
        self.out.flush()
    }

    fn on_error(&mut self, path: &Path, error: &io::Error) {
        self.unreadable = true;
        let path = escaped(&source::name(path));
        let message = format!("decode: {path}: {}", without_number(error));
        self.bar
            .suspend(|| drop(writeln!(io::stderr(), "{message}")));
    }
}
