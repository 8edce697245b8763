//! Instruction counts of each case of the comparison, which are reproducible, unlike times on a
//! busy machine. They are counted by valgrind's callgrind. Without valgrind, the program prints a
//! message and succeeds.
//!
//! `cargo bench --bench instructions` prints a table. With
//!
//! - `-- --json`: one object `{"CASE": {"SIDE": INSTRUCTIONS, ...}, ...}`;
//! - `-- --save`: writes that object to `benches/instructions.json`;
//! - `-- --check FILE`: counts only the sides of this crate, and fails if one has more than 3 %
//!   more instructions than in the file.
//!
//! The program runs itself under callgrind twice for each side, with little work and with more, and
//! takes the difference, which does not include the start of the program. To exclude the influence
//! of the environment and of the path of the program, the environment is empty and the working
//! directory is that of the program. The counts still depend on the compiler, the C library, and
//! the processor, by which memchr and others select their code: a file is valid for one machine and
//! one compiler.

#![allow(missing_docs, reason = "a program")]

mod cases;
mod peers;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

const SAVED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions.json");
/// How often the work is done in the short and in the long run. The short run is long enough for
/// buffers to reach their final size.
const REPETITIONS: [u64; 2] = [20, 120];
/// The tolerated increase over the count in the file.
const BOUND: f64 = 1.03;

/// Instruction counts by case and side, as in the JSON.
type Counts = BTreeMap<String, BTreeMap<String, u64>>;

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let option = |name| arguments.iter().position(|argument| argument == name);
    if let Some(at) = option("--work") {
        let numbers = arguments.iter().skip(at + 1);
        let numbers: Vec<usize> = numbers.map(|number| number.parse().unwrap()).collect();
        work(numbers[0], numbers[1], numbers[2]);
        return ExitCode::SUCCESS;
    }

    cases::check();
    let Some(valgrind) = valgrind() else {
        eprintln!("instructions are not counted: there is no valgrind");
        return ExitCode::SUCCESS;
    };
    let check = option("--check").map(|at| {
        let file = arguments.get(at + 1).expect("--check needs a file");
        // Cargo runs a bench in the directory of the package.
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"));
        serde_json::from_str::<Counts>(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
    });
    // As a test, and for a check, the sides of this crate are enough.
    let ours_only = check.is_some() || option("--test").is_some();
    let counts = count(&valgrind, ours_only);

    if let Some(saved) = check {
        return compare(&counts, &saved);
    }
    let json = serde_json::to_string_pretty(&counts).expect("JSON");
    if option("--save").is_some() {
        fs::write(SAVED, format!("{json}\n")).unwrap_or_else(|error| panic!("{SAVED}: {error}"));
    }
    if option("--json").is_some() {
        println!("{json}");
    } else {
        print(&counts);
    }
    ExitCode::SUCCESS
}

/// Does the work of a side, to be counted.
fn work(case: usize, side: usize, repetitions: usize) {
    let work = &mut cases::cases()[case].sides[side].work;
    for _ in 0..repetitions {
        work();
    }
}

/// Returns the path of valgrind.
fn valgrind() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join("valgrind"))
        .find(|file| file.is_file())
}

/// Counts each side, on all processors.
fn count(valgrind: &Path, ours_only: bool) -> Counts {
    let cases = cases::cases();
    let mut jobs: Vec<(usize, usize)> = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let sides = if ours_only { 1 } else { case.sides.len() };
        jobs.extend((0..sides).map(|side| (number, side)));
    }
    let counted: Vec<AtomicU64> = jobs.iter().map(|_| AtomicU64::new(0)).collect();
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((index, (case, side))) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    jobs.get(index).map(|job| (index, *job))
                } {
                    let count = count_side(valgrind, case, side);
                    counted[index].store(count, Ordering::Relaxed);
                }
            });
        }
    });
    let mut counts = Counts::new();
    for ((case, side), count) in jobs.into_iter().zip(counted) {
        let case = &cases[case];
        counts
            .entry(case.name.to_owned())
            .or_default()
            .insert(case.sides[side].name.to_owned(), count.into_inner());
    }
    counts
}

/// Returns the instructions of doing the work of a side once.
fn count_side(valgrind: &Path, case: usize, side: usize) -> u64 {
    let [less, more] = REPETITIONS.map(|repetitions| {
        let arguments = [case as u64, side as u64, repetitions].map(|number| number.to_string());
        run(valgrind, &arguments)
    });
    let works = REPETITIONS[1] - REPETITIONS[0];
    (more - less + works / 2) / works
}

/// Returns the instructions of this program with `--work` and these arguments.
fn run(valgrind: &Path, arguments: &[String]) -> u64 {
    let program = env::current_exe().expect("this program");
    let folder = program.parent().expect("a folder");
    let name = program.file_name().expect("a name");
    let output = Command::new(valgrind)
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(Path::new(".").join(name))
        .arg("--work")
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .expect("valgrind runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    said.lines()
        .filter_map(|line| line.split_once("Collected : "))
        .find_map(|(_, count)| count.trim().parse().ok())
        .unwrap_or_else(|| panic!("callgrind gave no count: {said}"))
}

/// Fails if a count is above the saved one.
fn compare(counts: &Counts, saved: &Counts) -> ExitCode {
    let mut more = false;
    println!(
        "{:<40} {:>9} {:>9} {:>8}",
        "instructions", "saved", "now", "change"
    );
    for (case, sides) in counts {
        for (side, &now) in sides {
            let Some(&saved) = saved.get(case).and_then(|sides| sides.get(side)) else {
                println!("{case:<40} {:>9} {now:>9}   new: save it", "");
                more = true;
                continue;
            };
            let ratio = now as f64 / saved as f64;
            let mark = if ratio > BOUND { "  too many" } else { "" };
            println!(
                "{case:<40} {saved:>9} {now:>9} {:>+7.1}%{mark}",
                (ratio - 1.0) * 100.0
            );
            more |= ratio > BOUND;
        }
    }
    if more {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn print(counts: &Counts) {
    for case in cases::cases() {
        println!("\n{} ({} bytes)", case.name, case.bytes);
        println!("{:<34} {:>12} {:>8}", "", "instructions", "ratio");
        let counts = &counts[case.name];
        let ours = counts[case.sides[0].name];
        for side in &case.sides {
            if let Some(&count) = counts.get(side.name) {
                let ratio = count as f64 / ours as f64;
                println!("{:<34} {count:>12} {ratio:>7.2}x", side.name);
            }
        }
    }
}
