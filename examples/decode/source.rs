//! Where payloads come from: standard input, files and directories.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::http::{HttpError, MAX_BODY, Sniffer, Splitter};

/// What a source holds at one place.
#[derive(Debug)]
pub(crate) enum Content<'a> {
    /// All that the source holds.
    Bare(&'a [u8]),
    /// The body of a request.
    Body(&'a [u8]),
    /// Bytes that are no request.
    NoRequest(HttpError),
    /// A bare body that is longer than any can be.
    TooLong,
}

/// Gets what is read. Its errors end the reading.
pub(crate) trait Sink {
    /// The payloads that follow are from the source of this name.
    fn source(&mut self, name: &str);

    /// The payload at this index in the source.
    fn payload(&mut self, index: u64, content: Content<'_>) -> io::Result<()>;

    /// So many bytes more were read.
    fn read(&mut self, bytes: usize);

    /// What was got has to be shown now, for it may be long until there is more.
    fn flush(&mut self) -> io::Result<()>;

    /// Something cannot be read.
    fn on_error(&mut self, path: &Path, error: &io::Error);
}

/// Reads all of what the command line names.
pub(crate) fn read(inputs: &[OsString], sink: &mut impl Sink) -> io::Result<()> {
    for input in inputs {
        if input == "-" {
            stream(sink, io::stdin().lock(), Path::new("-"), true)?;
        } else {
            path(sink, Path::new(input))?;
        }
    }
    sink.flush()
}

fn path(sink: &mut impl Sink, path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(data) if data.is_dir() => directory(sink, path),
        Ok(data) => file(sink, path, !data.is_file()),
        Err(error) => {
            sink.on_error(path, &error);
            Ok(())
        }
    }
}

/// All files in a directory and those below it, by name.
fn directory(sink: &mut impl Sink, root: &Path) -> io::Result<()> {
    // The directories on the way down, each with the names in it that are still to come.
    let mut open: Vec<(PathBuf, std::vec::IntoIter<Entry>)> = Vec::new();
    let mut next = Some(root.to_path_buf());
    loop {
        if let Some(path) = next.take() {
            match entries(&path) {
                Ok(entries) => open.push((path, entries.into_iter())),
                Err(error) => sink.on_error(&path, &error),
            }
        }
        let Some((path, entries)) = open.last_mut() else {
            return Ok(());
        };
        match entries.next() {
            None => {
                open.pop();
            }
            Some(entry) => {
                let path = path.join(entry.name);
                if entry.is_directory {
                    next = Some(path);
                } else {
                    file(sink, &path, false)?;
                }
            }
        }
    }
}

fn file(sink: &mut impl Sink, path: &Path, live: bool) -> io::Result<()> {
    match File::open(path) {
        Ok(file) => stream(sink, file, path, live),
        Err(error) => {
            sink.on_error(path, &error);
            Ok(())
        }
    }
}

/// Reads a source to its end. Of a live one, nothing is kept back while more is waited for.
fn stream(sink: &mut impl Sink, mut from: impl Read, path: &Path, live: bool) -> io::Result<()> {
    sink.source(&path.to_string_lossy());
    let mut splitter = Splitter::new();
    let mut sniffer = Sniffer::new();
    let mut is_http = None;
    let mut index = 0;
    loop {
        if live {
            sink.flush()?;
        }
        match splitter.read_from(&mut from) {
            Ok([]) => break,
            Ok(bytes) => {
                sink.read(bytes.len());
                is_http = is_http.or_else(|| sniffer.feed(bytes));
            }
            Err(error) => {
                sink.on_error(path, &error);
                return Ok(());
            }
        }
        if is_http == Some(true) {
            split(sink, &mut splitter, &mut index)?;
        } else if splitter.rest().len() > MAX_BODY {
            return sink.payload(0, Content::TooLong);
        }
    }
    if is_http == Some(true) {
        splitter.finish();
        split(sink, &mut splitter, &mut index)
    } else {
        let body = splitter.rest();
        sink.payload(0, Content::Bare(body))
    }
}

/// Hands on the payloads that the splitter has.
fn split(sink: &mut impl Sink, splitter: &mut Splitter, index: &mut u64) -> io::Result<()> {
    while let Some(next) = splitter.next() {
        let content = match next {
            Ok(body) => Content::Body(body),
            Err(error) => Content::NoRequest(error),
        };
        sink.payload(*index, content)?;
        *index += 1;
    }
    Ok(())
}

/// What a directory holds.
struct Entry {
    name: OsString,
    is_directory: bool,
}

/// What a directory holds, by name, less what is hidden and what is neither a file nor a
/// directory. A link to a directory is not followed, for it can lead in a circle.
fn entries(path: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name();
        if is_hidden(&name) {
            continue;
        }
        let kind = entry.file_type()?;
        let is_file = kind.is_file()
            // A link that leads nowhere is a file that cannot be read.
            || kind.is_symlink() && fs::metadata(entry.path()).map_or(true, |data| data.is_file());
        if kind.is_dir() || is_file {
            entries.push(Entry {
                name,
                is_directory: kind.is_dir(),
            });
        }
    }
    entries.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    Ok(entries)
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}
