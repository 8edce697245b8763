//! The command line.

use std::ffi::OsString;

use isl_volano::volano_chat::Dialect;
use lexopt::prelude::*;

use crate::charset::Charset;

pub(crate) const USAGE: &str = "\
usage: decode [--json] [--lenient] [--dialect auto|verbatim|xml] [--encoding LABEL] [FILE|DIR]...";

pub(crate) const HELP: &str = "\
Decodes captured ISL Light notifications and VolanoChat events.

A FILE is a bare body, or concatenated raw HTTP/1.x requests, as nc, socat and
tcpflow write them. Which of the two is detected. A DIR is read recursively, in
order of names, without hidden files. Links to folders, FIFOs and other special
files in it are reported and skipped. Without FILE or DIR, or for -, standard
input is read.

  --json             write a line of JSON for each payload
  --lenient          ISL: enable lenient parsing; with each event, list its problems
  --dialect auto     VolanoChat: parse bodies in the server's format as verbatim,
                     and all others as xml (default)
  --dialect verbatim VolanoChat: accept only the server's format, without decoding
  --dialect xml      VolanoChat: accept only well-formed XML, and decode references
  --encoding LABEL   the character set of bodies and of percent-encoded text, such
                     as iso-8859-1; the default is UTF-8, or windows-1252 for
                     VolanoChat if the body is not UTF-8 and not ambiguous
  -h, --help         show this help

The byte offset of an error is that in the body converted to UTF-8. If the body
is invalid in its character set, it is that in the original body, and for a
malformed request, that in the file. A byte of a file name that is not UTF-8 is
shown as \\xe9, and a backslash as two.

The exit status is 0 if all payloads were decoded, 1 if some were not, and 2 for
bad usage, or if something cannot be read or written, or is skipped.";

#[derive(Debug)]
pub(crate) struct Args {
    pub(crate) json: bool,
    pub(crate) lenient: bool,
    pub(crate) dialect: Dialect,
    pub(crate) charset: Option<Charset>,
    /// Files, directories and `-`. Never empty.
    pub(crate) inputs: Vec<OsString>,
}

/// The command to run.
#[derive(Debug)]
pub(crate) enum Request {
    Decode(Args),
    Help,
}

/// Parses the command line.
pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Request, lexopt::Error> {
    let mut args = Args {
        json: false,
        lenient: false,
        dialect: Dialect::Auto,
        charset: None,
        inputs: Vec::new(),
    };
    while let Some(arg) = parser.next()? {
        match arg {
            Long("json") => args.json = true,
            Long("lenient") => args.lenient = true,
            Long("dialect") => args.dialect = parser.value()?.parse()?,
            Long("encoding") => {
                let for_label = |label: &str| Charset::for_label(label).ok_or("unknown encoding");
                args.charset = Some(parser.value()?.parse_with(for_label)?);
            }
            Long("help") | Short('h') => return Ok(Request::Help),
            Value(input) => args.inputs.push(input),
            _ => return Err(arg.unexpected()),
        }
    }
    if args.inputs.is_empty() {
        args.inputs.push("-".into());
    }
    Ok(Request::Decode(args))
}
