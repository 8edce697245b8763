//! Sources of payloads: standard input, files and directories.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};

use crate::http::{HttpError, MAX_BODY, Sniffer, Splitter};

/// A part of a source.
#[derive(Debug)]
pub(crate) enum Content<'a> {
    /// The complete source.
    Bare(&'a [u8]),
    /// The body of a request.
    Body(&'a [u8]),
    /// Bytes that are not a request.
    NoRequest(HttpError),
    /// A bare body that is too long.
    TooLong,
}

/// A receiver of payloads. An error ends the reading.
pub(crate) trait Sink {
    /// Sets the name of the source of the payloads that follow.
    fn source(&mut self, name: &str);

    /// Receives the payload at this index in the source.
    fn payload(&mut self, index: u64, content: Content<'_>) -> io::Result<()>;

    /// Reports that this many more bytes were read.
    fn read(&mut self, bytes: usize);

    /// Shows the payloads received so far, because more may take a long time to arrive.
    fn flush(&mut self) -> io::Result<()>;

    /// Reports that something cannot be read.
    fn on_error(&mut self, path: &Path, error: &io::Error);
}

/// Reads all inputs of the command line.
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

/// Reads all files in a directory and its subdirectories, sorted by name.
fn directory(sink: &mut impl Sink, root: &Path) -> io::Result<()> {
    // The stack of open directories, each with the paths that are still to be read.
    let mut open = vec![visible(sink, root).into_iter()];
    while let Some(paths) = open.last_mut() {
        let Some(path) = paths.next() else {
            open.pop();
            continue;
        };
        match Kind::of(&path) {
            Ok(Kind::File) => file(sink, &path, false)?,
            Ok(Kind::Directory) => open.push(visible(sink, &path).into_iter()),
            Ok(Kind::LinkToDirectory) => {
                sink.on_error(&path, &io::Error::other("skipped: a link to a folder"));
            }
            Ok(Kind::Special) => {
                let message = "skipped: neither a file nor a folder";
                sink.on_error(&path, &io::Error::other(message));
            }
            Err(error) => sink.on_error(&path, &error),
        }
    }
    Ok(())
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

/// Reads a source to its end. Payloads of a live source are shown immediately.
fn stream(sink: &mut impl Sink, mut from: impl Read, path: &Path, live: bool) -> io::Result<()> {
    sink.source(&name(path));
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

/// Passes on the payloads of the splitter.
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

/// The kind of an entry of a directory.
enum Kind {
    /// A file, or a link to one.
    File,
    Directory,
    /// It is not followed, because it can lead to a loop.
    LinkToDirectory,
    /// A FIFO, a socket or a device, which may never end.
    Special,
}

impl Kind {
    fn of(path: &Path) -> io::Result<Kind> {
        let kind = fs::metadata(path)?.file_type();
        Ok(if kind.is_file() {
            Kind::File
        } else if !kind.is_dir() {
            Kind::Special
        } else if fs::symlink_metadata(path)?.is_symlink() {
            Kind::LinkToDirectory
        } else {
            Kind::Directory
        })
    }
}

/// Returns the paths in a directory, sorted by name, without hidden files.
fn visible(sink: &mut impl Sink, directory: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(directory).and_then(|entries| {
        entries
            .map(|entry| Ok(entry?.path()))
            .collect::<io::Result<Vec<_>>>()
    });
    let mut paths = paths.unwrap_or_else(|error| {
        sink.on_error(directory, &error);
        Vec::new()
    });
    paths.retain(|path| {
        let name = path.file_name().unwrap_or_default();
        !name.as_encoded_bytes().starts_with(b".")
    });
    paths.sort_unstable();
    paths
}

/// Returns the name of a source, which is unique for each path: a byte that is not UTF-8 becomes
/// `\xe9`, and therefore a backslash becomes two, unless it separates folders.
pub(crate) fn name(path: &Path) -> String {
    let mut name = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        if MAIN_SEPARATOR == '\\' {
            name.push_str(chunk.valid());
        } else {
            name.push_str(&chunk.valid().replace('\\', r"\\"));
        }
        for byte in chunk.invalid() {
            name.push_str(&format!(r"\x{byte:02x}"));
        }
    }
    name
}
