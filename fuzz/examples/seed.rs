//! Writes the seeds of every target into the corpus of cargo-fuzz, and the dictionaries.

use std::path::Path;
use std::{fs, io};

use isl_volano_fuzz::{dictionary, seed, targets};

fn main() -> io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (target, _) in targets() {
        let corpus = here.join("corpus").join(target);
        fs::create_dir_all(&corpus)?;
        let seeds = seed::seeds(target)?;
        println!("{target}: {} seeds", seeds.len());
        for (name, bytes) in seeds {
            fs::write(corpus.join(name), bytes)?;
        }
    }
    let dictionaries = here.join("dictionaries");
    fs::create_dir_all(&dictionaries)?;
    fs::write(dictionaries.join("form.dict"), dictionary::form())?;
    fs::write(dictionaries.join("xml.dict"), dictionary::xml())
}
