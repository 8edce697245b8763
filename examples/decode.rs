//! Decodes captured payloads: bare bodies or raw HTTP requests, of either family.
//!
//! ```text
//! cargo run --release --example decode -- tests/captures/isl_light tests/captures/volano_chat
//! cargo run --release --example decode -- --json capture.http | jq .event
//! nc -lk 8080 | cargo run --release --example decode
//! ```

#[path = "decode/args.rs"]
mod args;
#[path = "decode/body.rs"]
mod body;
#[path = "decode/charset.rs"]
mod charset;
#[path = "decode/escape.rs"]
mod escape;
#[path = "decode/form.rs"]
mod form;
#[path = "decode/http.rs"]
mod http;
#[path = "decode/json.rs"]
mod json;
#[path = "decode/json_text.rs"]
mod json_text;
#[path = "decode/output.rs"]
mod output;
#[path = "decode/run.rs"]
mod run;
#[path = "decode/source.rs"]
mod source;
#[path = "decode/text.rs"]
mod text;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use args::{Args, Request};
use body::Decoder;
use escape::escaped;
use json::Json;
use output::Output;
use run::Run;
use text::Text;

/// Some payloads were not decoded.
const EXIT_NOT_DECODED: u8 = 1;
/// Bad usage, or something cannot be read or written.
const EXIT_ERROR: u8 = 2;

fn main() -> ExitCode {
    match args::parse(lexopt::Parser::from_env()) {
        Ok(Request::Decode(args)) => decode(&args),
        Ok(Request::Help) => match writeln!(io::stdout(), "{}\n\n{}", args::USAGE, args::HELP) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => cannot_write(&error),
        },
        Err(error) => {
            let error = escaped(&error.to_string());
            let _ = writeln!(io::stderr(), "decode: {error}\n{}", args::USAGE);
            ExitCode::from(EXIT_ERROR)
        }
    }
}

fn decode(args: &Args) -> ExitCode {
    let out = io::stdout().lock();
    let can_draw = env::var_os("TERM").is_none_or(|term| term != "dumb");
    let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let output = if args.json {
        Output::Json(Json::new())
    } else {
        Output::Text(Text::new(out.is_terminal() && can_draw && !no_colour))
    };
    // If payloads are printed to a terminal, they show the progress themselves.
    let bar = if can_draw && !out.is_terminal() {
        progress_bar(&args.inputs)
    } else {
        ProgressBar::hidden()
    };
    let decoder = Decoder::new(args.lenient, args.dialect, args.charset);
    let mut run = Run::new(decoder, output, out, bar.clone());
    let written = source::read(&args.inputs, &mut run);
    bar.finish_and_clear();
    if let Err(error) = written {
        return cannot_write(&error);
    }

    let all = run.decoded + run.not_decoded;
    let noun = if all == 1 { "payload" } else { "payloads" };
    let _ = writeln!(
        io::stderr(),
        "{all} {noun}: {} decoded, {} not",
        run.decoded,
        run.not_decoded
    );
    if run.unreadable {
        ExitCode::from(EXIT_ERROR)
    } else if run.not_decoded > 0 {
        ExitCode::from(EXIT_NOT_DECODED)
    } else {
        ExitCode::SUCCESS
    }
}

/// Returns a progress bar on standard error, which is hidden unless it is a terminal.
fn progress_bar(inputs: &[OsString]) -> ProgressBar {
    // The total length of the inputs, if all of them are files.
    let total = inputs.iter().try_fold(0_u64, |total, input| {
        let data = fs::metadata(input).ok()?;
        data.is_file().then(|| total.saturating_add(data.len()))
    });
    let template = match total {
        Some(_) => "[{bar:30}] {percent:>3}%  {binary_bytes}, {msg}",
        None => "{binary_bytes}, {msg}",
    };
    let style = ProgressStyle::with_template(template);
    let target = ProgressDrawTarget::stderr_with_hz(5);
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(total, target).with_style(style.progress_chars("#--"))
}

/// Returns the exit code after an error of writing to standard output. A closed pipe is not an
/// error.
fn cannot_write(error: &io::Error) -> ExitCode {
    if error.kind() == io::ErrorKind::BrokenPipe {
        // The reader needs no more output.
        return ExitCode::SUCCESS;
    }
    let message = without_number(error);
    let _ = writeln!(io::stderr(), "decode: standard output: {message}");
    ExitCode::from(EXIT_ERROR)
}

/// Returns an error without its number, such as `No such file or directory`.
fn without_number(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(" (os error ") {
        Some((text, _)) => text.to_owned(),
        None => text,
    }
}
