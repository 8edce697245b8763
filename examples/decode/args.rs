//! The command line.

use std::ffi::{OsStr, OsString};

use crate::charset::Charset;
use crate::escape::escaped;

pub(crate) const USAGE: &str = "\
usage: decode [--json] [--lenient] [--dialect auto|verbatim|xml] [--encoding LABEL] [FILE|DIR]...";

pub(crate) const HELP: &str = "\
Decodes captured ISL Light notifications and VolanoChat events.

A FILE is a bare body, or raw HTTP/1.x requests back to back, as nc, socat and
tcpflow write them: its bytes decide. Of a DIR, all files are read, by name, but
those whose name begins with a dot. Without any, or for -, standard input is read.

  --json             write a line of JSON for each payload
  --lenient          ISL: take whatever can be taken
  --dialect auto     VolanoChat: as the server writes, else as XML (the default)
  --dialect verbatim VolanoChat: only as the server writes, texts as they stand
  --dialect xml      VolanoChat: only well-formed XML
  --encoding LABEL   the character set of the bodies, such as iso-8859-1; without
                     it UTF-8, or windows-1252 for VolanoChat where that is clear
  -h, --help         show this

The exit status is 0 if all payloads were decoded, 1 if some were not, and 2 for
bad usage or a file that cannot be read.";

/// How VolanoChat bodies are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Auto,
    Verbatim,
    Xml,
}

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

/// Reads the command line; an error is a message.
pub(crate) fn read(args: impl Iterator<Item = OsString>) -> Result<Request, String> {
    let mut args = args;
    let mut read = Args {
        json: false,
        lenient: false,
        dialect: Dialect::Auto,
        charset: None,
        inputs: Vec::new(),
    };
    while let Some(arg) = args.next() {
        if arg == "--" {
            read.inputs.extend(args.by_ref());
            break;
        }
        if arg == "-" || !arg.as_encoded_bytes().starts_with(b"-") {
            read.inputs.push(arg);
            continue;
        }
        let option = Opt::new(&arg);
        match option.name.as_str() {
            "--json" => {
                option.alone()?;
                read.json = true;
            }
            "--lenient" => {
                option.alone()?;
                read.lenient = true;
            }
            "--dialect" => {
                read.dialect = match option.value(&mut args)?.as_str() {
                    "auto" => Dialect::Auto,
                    "verbatim" => Dialect::Verbatim,
                    "xml" => Dialect::Xml,
                    other => return Err(format!("unknown dialect '{}'", escaped(other))),
                };
            }
            "--encoding" => {
                let label = option.value(&mut args)?;
                read.charset = match Charset::for_label(&label) {
                    None => return Err(format!("unknown encoding '{}'", escaped(&label))),
                    charset => charset,
                };
            }
            "--help" | "-h" => {
                option.alone()?;
                return Ok(Request::Help);
            }
            other => return Err(format!("unknown option '{}'", escaped(other))),
        }
    }
    if read.inputs.is_empty() {
        read.inputs.push("-".into());
    }
    Ok(Request::Decode(read))
}

/// An option, with the value that stands behind its `=`.
struct Opt {
    name: String,
    value: Option<String>,
}

impl Opt {
    fn new(arg: &OsStr) -> Self {
        let arg = arg.to_string_lossy();
        match arg.split_once('=') {
            Some((name, value)) => Opt {
                name: name.to_owned(),
                value: Some(value.to_owned()),
            },
            None => Opt {
                name: arg.into_owned(),
                value: None,
            },
        }
    }

    fn alone(&self) -> Result<(), String> {
        match self.value {
            Some(_) => Err(format!("option '{}' takes no value", self.name)),
            None => Ok(()),
        }
    }

    fn value(self, args: &mut impl Iterator<Item = OsString>) -> Result<String, String> {
        self.value
            .or_else(|| Some(args.next()?.to_string_lossy().into_owned()))
            .ok_or_else(|| format!("option '{}' needs a value", self.name))
    }
}
