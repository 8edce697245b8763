//! Decodes captured payloads: bare bodies or raw HTTP requests, of either family.
//!
//! ```text
//! cargo run --release --example decode -- tests/captures
//! cargo run --release --example decode -- --json capture.http | jq .event
//! nc -lk 8080 | cargo run --release --example decode
//! ```

#[path = "decode/args.rs"]
mod args;
#[path = "decode/batch.rs"]
mod batch;
#[path = "decode/body.rs"]
mod body;
#[path = "decode/charset.rs"]
mod charset;
#[path = "decode/escape.rs"]
mod escape;
#[path = "decode/http.rs"]
mod http;
#[path = "decode/json.rs"]
mod json;
#[path = "decode/person.rs"]
mod person;
#[path = "decode/pipeline.rs"]
mod pipeline;
#[path = "decode/progress.rs"]
mod progress;
#[path = "decode/source.rs"]
mod source;

use std::env;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use args::{Args, Request};
use progress::Progress;

/// Some payloads were not decoded.
const SOME_NOT: u8 = 1;
/// Bad usage, or something that cannot be read or written.
const TROUBLE: u8 = 2;

fn main() -> ExitCode {
    match args::read(env::args_os().skip(1)) {
        Ok(Request::Decode(args)) => decode(&args),
        Ok(Request::Help) => {
            // Who closes the pipe has read enough.
            let _ = writeln!(io::stdout(), "{}\n\n{}", args::USAGE, args::HELP);
            ExitCode::SUCCESS
        }
        Err(message) => {
            let _ = writeln!(io::stderr(), "decode: {message}\n{}", args::USAGE);
            ExitCode::from(TROUBLE)
        }
    }
}

fn decode(args: &Args) -> ExitCode {
    let mut out = io::stdout().lock();
    let colour =
        out.is_terminal() && may_draw() && env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    // Where payloads run over the terminal, they themselves show how far it is.
    let bar = io::stderr().is_terminal() && !out.is_terminal() && may_draw();
    let mut progress = Progress::new(bar, &args.inputs);
    let tally = pipeline::run(args, &mut out, colour, &mut progress);

    let all = tally.decoded + tally.not_decoded;
    let noun = if all == 1 { "payload" } else { "payloads" };
    let _ = writeln!(
        io::stderr(),
        "{all} {noun}: {} decoded, {} not",
        tally.decoded,
        tally.not_decoded
    );
    if tally.unreadable {
        ExitCode::from(TROUBLE)
    } else if tally.not_decoded > 0 {
        ExitCode::from(SOME_NOT)
    } else {
        ExitCode::SUCCESS
    }
}

/// Whether a terminal knows more than lines of text.
fn may_draw() -> bool {
    env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// An error as a person would put it: `No such file or directory`.
fn without_number(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" (os error ") {
        Some((text, _)) => text.to_owned(),
        None => text,
    }
}
