//! The seeds of the fuzzers: the captures.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A seed: the name of its file, and its content.
pub type Seed = (String, Vec<u8>);

/// Returns the seeds of a target: captures of its family, its own in `seeds/`, and its past
/// findings.
pub fn seeds(target: &str) -> io::Result<Vec<Seed>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let captures = here.join("../tests/captures");
    let forms = || files(&captures.join("isl_light"));
    let requests = || -> io::Result<Vec<Seed>> {
        let folders = ["volano_chat", "ambiguous"].map(|folder| files(&captures.join(folder)));
        folders
            .into_iter()
            .try_fold(Vec::new(), |all, seeds| Ok([all, seeds?].concat()))
    };

    let mut seeds = match target {
        name if name.starts_with("isl_light") => forms()?,
        name if name.starts_with("volano_chat") => requests()?.into_iter().map(body).collect(),
        _ => [forms()?, requests()?].concat(),
    };
    for folder in ["seeds", "findings"] {
        seeds.extend(files(&here.join(folder).join(target))?);
    }
    Ok(seeds)
}

/// Returns the files of a folder, sorted, or none if the folder does not exist.
fn files(folder: &Path) -> io::Result<Vec<Seed>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder)?;
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<_>>()?;
    paths.sort();
    let named = |path: PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Ok((name.into_owned(), fs::read(&path)?))
    };
    paths.into_iter().map(named).collect()
}

/// Returns the body of a captured request.
fn body((name, request): Seed) -> Seed {
    let end = request.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    let body = end.map_or(0, |end| end + 4);
    (name, request[body..].to_vec())
}
