//! Where payloads come from: standard input, files and directories.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::batch::{Batch, Content, Item};
use crate::http::{MAX_BODY, Sniffer, Splitter};

/// How much is read at a time.
const CHUNK: usize = 256 << 10;
/// A batch goes on its way once it has so many bytes,
const BATCH_BYTES: usize = 256 << 10;
/// or so many payloads.
const BATCH_ITEMS: usize = 1024;

/// No one wants batches any more.
#[derive(Debug)]
pub(crate) struct Closed;

/// Why a source is not read to its end.
enum Stop {
    Closed,
    Unreadable(io::Error),
}

impl From<Closed> for Stop {
    fn from(_: Closed) -> Self {
        Stop::Closed
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Stop::Unreadable(error)
    }
}

/// Reads sources, and hands their payloads on.
pub(crate) struct Sources<H, C> {
    hand_on: H,
    complain: C,
    batch: Batch,
    chunk: Vec<u8>,
}

impl<H, C> Sources<H, C>
where
    H: FnMut(Batch) -> Result<(), Closed>,
    C: FnMut(&Path, &io::Error),
{
    /// `hand_on` gets the batches, `complain` is told what cannot be read.
    pub(crate) fn new(hand_on: H, complain: C) -> Self {
        Sources {
            hand_on,
            complain,
            batch: Batch::default(),
            chunk: vec![0; CHUNK],
        }
    }

    /// Reads all of what the command line names.
    pub(crate) fn read(&mut self, inputs: &[OsString]) -> Result<(), Closed> {
        for input in inputs {
            if input == "-" {
                // Whoever types or sends the payloads wants to see each as it comes.
                let read = self.stream(io::stdin().lock(), "-", true);
                self.settle(Path::new("-"), read)?;
            } else {
                self.path(Path::new(input))?;
            }
        }
        self.flush()
    }

    fn path(&mut self, path: &Path) -> Result<(), Closed> {
        match fs::metadata(path) {
            Ok(data) if data.is_dir() => self.directory(path),
            Ok(data) => self.file(path, !data.is_file()),
            Err(error) => self.settle(path, Err(error.into())),
        }
    }

    /// All files in a directory and those below it, by name.
    fn directory(&mut self, root: &Path) -> Result<(), Closed> {
        // The directories on the way down, each with the names in it that are still to come.
        let mut open: Vec<(PathBuf, std::vec::IntoIter<Entry>)> = Vec::new();
        let mut next = Some(root.to_path_buf());
        loop {
            if let Some(path) = next.take() {
                match entries(&path) {
                    Ok(entries) => open.push((path, entries.into_iter())),
                    Err(error) => self.settle(&path, Err(error.into()))?,
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
                        self.file(&path, false)?;
                    }
                }
            }
        }
    }

    fn file(&mut self, path: &Path, live: bool) -> Result<(), Closed> {
        let read = match File::open(path) {
            Ok(file) => self.stream(file, &path.to_string_lossy(), live),
            Err(error) => Err(error.into()),
        };
        self.settle(path, read)
    }

    fn settle(&mut self, path: &Path, read: Result<(), Stop>) -> Result<(), Closed> {
        match read {
            Ok(()) => Ok(()),
            Err(Stop::Closed) => Err(Closed),
            Err(Stop::Unreadable(error)) => {
                (self.complain)(path, &error);
                Ok(())
            }
        }
    }

    /// Reads a source to its end. Of a live one, nothing is kept back while more is waited for.
    fn stream(&mut self, mut from: impl Read, name: &str, live: bool) -> Result<(), Stop> {
        let source: Arc<str> = name.into();
        let mut sniffer = Sniffer::new();
        let mut splitter = None;
        let mut index = 0;
        // A bare body is put together in the batch.
        let start = self.batch.bytes.len();
        let mut decided = false;
        loop {
            let chunk = match read(&mut from, &mut self.chunk) {
                Ok(0) => break,
                Ok(length) => self.chunk.get(..length).unwrap_or_default(),
                Err(error) => {
                    if splitter.is_none() {
                        self.batch.bytes.truncate(start);
                    }
                    return Err(error.into());
                }
            };
            self.batch.read += chunk.len() as u64;
            if !decided && let Some(is_http) = sniffer.feed(chunk) {
                decided = true;
                if is_http {
                    let mut new = Splitter::new();
                    new.feed(self.batch.bytes.get(start..).unwrap_or_default());
                    self.batch.bytes.truncate(start);
                    splitter = Some(new);
                }
            }
            match &mut splitter {
                Some(splitter) => {
                    splitter.feed(chunk);
                    self.split(splitter, &source, &mut index)?;
                    if live {
                        self.flush()?;
                    }
                }
                None => {
                    self.batch.bytes.extend_from_slice(chunk);
                    if self.batch.bytes.len() - start > MAX_BODY {
                        self.batch.bytes.truncate(start);
                        return Ok(self.push(&source, 0, Content::TooLong)?);
                    }
                }
            }
        }
        match &mut splitter {
            Some(splitter) => {
                splitter.finish();
                self.split(splitter, &source, &mut index)?;
            }
            None => {
                let body = start..self.batch.bytes.len();
                self.push(&source, 0, Content::Bare(body))?;
            }
        }
        Ok(())
    }

    /// Hands on the payloads that the splitter has.
    fn split(
        &mut self,
        splitter: &mut Splitter,
        source: &Arc<str>,
        index: &mut u64,
    ) -> Result<(), Closed> {
        while let Some(payload) = splitter.next() {
            let content = match payload {
                Ok(payload) => {
                    let start = self.batch.bytes.len();
                    self.batch.bytes.extend_from_slice(payload.body);
                    Content::Body(start..self.batch.bytes.len())
                }
                Err(error) => Content::NoRequest(error),
            };
            self.push(source, *index, content)?;
            *index += 1;
        }
        Ok(())
    }

    fn push(&mut self, source: &Arc<str>, index: u64, content: Content) -> Result<(), Closed> {
        self.batch.items.push(Item {
            source: Arc::clone(source),
            index,
            content,
        });
        if self.batch.bytes.len() >= BATCH_BYTES || self.batch.items.len() >= BATCH_ITEMS {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Closed> {
        if self.batch.items.is_empty() {
            return Ok(());
        }
        (self.hand_on)(std::mem::take(&mut self.batch))
    }
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

fn read(from: &mut impl Read, chunk: &mut [u8]) -> io::Result<usize> {
    loop {
        match from.read(chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}
