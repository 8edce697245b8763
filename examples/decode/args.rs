//! The command line.

use std::ffi::OsString;

use isl_volano::volano_chat::Dialect;
use lexopt::prelude::*;

use crate::charset::Charset;

pub(crate) const USAGE: &str = "\
usage: decode [--json] [--lenient] [--dialect auto|verbatim|xml] [--encoding LABEL] [FILE|DIR]...";

pub(crate) const HELP: &str = "\
Decodes captured ISL Light notifications and VolanoChat events.

A FILE is a bare body, or raw HTTP/1.x requests back to back, as nc, socat and
tcpflow write them: its bytes decide. Of a DIR, all files are read, by name, but
those whose name begins with a dot; links to folders, FIFOs and the like in it
are named and passed over. Without any, or for -, standard input is read.

  --json             write a line of JSON for each payload
  --lenient          ISL: accept whatever can be accepted
  --dialect auto     VolanoChat: a body that the server itself can have written is
                     read as with verbatim, any other as with xml (the default)
  --dialect verbatim VolanoChat: only as the server writes; text is what it is
  --dialect xml      VolanoChat: only well-formed XML; &amp; is decoded to &
  --encoding LABEL   the character set of the bodies, such as iso-8859-1, and of
                     what is percent-encoded in them; without it UTF-8, or
                     windows-1252 for VolanoChat where that is clear
  -h, --help         show this

A byte offset in an error counts in the body as it is in UTF-8; where the body
is not of its character set, in the body as it came; where a request is
malformed, in the file. A byte of a file's name that is not UTF-8 is shown as
\\xe9, and so a backslash in a name as two.

The exit status is 0 if all payloads were decoded, 1 if some were not, and 2 for
bad usage, or if something cannot be read or written or is passed over.";

#[derive(Debug)]
pub(crate) struct Args {
    pub(crate) json: bool,
    pub(crate) lenient: bool,
    pub(crate) dialect: Dialect,
    pub(crate) charset: Option<Charset>,
    /// Files, directories and `-`; never empty.
    pub(crate) inputs: Vec<OsString>,
}

/// What the command line asks for.
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
