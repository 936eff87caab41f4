//! The models beside what a user would pick instead: times, allocations, instructions.

use std::env;
use std::path::Path;
use std::process::Command;

use super::callgrind;
use crate::cargo::{capture, cargo, run as show, target_dir};

/// How many ways are compared.
const WAYS: usize = 3;

/// What is counted: ways of doing one thing, as the bench calls both, and which are compared.
struct Table {
    task: &'static str,
    ways: [&'static str; WAYS],
    /// The heading, and the places of the two ways.
    ratios: [(&'static str, usize, usize); 2],
}

const TABLES: [Table; 2] = [
    Table {
        task: "parse",
        ways: ["IgnoredAny", "Value", "ours"],
        ratios: [("ours/Value", 2, 1), ("ours/floor", 2, 0)],
    },
    Table {
        task: "serialise",
        ways: ["Value", "ours", "by serde"],
        ratios: [("ours/Value", 1, 0), ("serde/Value", 2, 0)],
    },
];

/// How often each is done while it is counted; the average is told.
const TIMES: u64 = 1000;

/// Runs the benches, and then counts the instructions of each.
///
/// # Errors
/// What failed first, in one line or with the program's own words.
pub(super) fn run() -> Result<(), String> {
    for program in ["types", "allocations"] {
        let package = ["--package", "kaleyra-wa-bench", "--bin", program];
        let mut command = cargo(["run", "--release"].into_iter().chain(package));
        show(command.env("CARGO_TARGET_DIR", target_dir()))?;
        println!();
    }
    if !callgrind::is_installed() {
        println!("{}", callgrind::CURE);
        return Ok(());
    }
    let program = format!("release/types{}", env::consts::EXE_SUFFIX);
    let program = target_dir().join(program);
    let payloads = capture(Command::new(&program).arg("--list"))?;
    for table in &TABLES {
        println!(
            "{0}: instructions of one, by callgrind\n\n{1}",
            table.task,
            table.heading()
        );
        for payload in payloads.lines() {
            let mut counts = [0; WAYS];
            for (count, way) in counts.iter_mut().zip(table.ways) {
                *count = per_run(|times| once(&program, table.task, way, payload, times))?;
            }
            println!("{}", table.row(payload, counts));
        }
        println!();
    }
    Ok(())
}

/// The instructions of a run that does it so often.
fn once(program: &Path, task: &str, way: &str, payload: &str, times: u64) -> Result<u64, String> {
    let arguments = ["--once", task, way, payload, &times.to_string()];
    callgrind::instructions(program, &arguments)
}

/// What doing it once takes: two runs differ in nothing but how often it is done.
fn per_run(instructions: impl Fn(u64) -> Result<u64, String>) -> Result<u64, String> {
    let few = instructions(1)?;
    let many = instructions(1 + TIMES)?;
    Ok(many.saturating_sub(few) / TIMES)
}

impl Table {
    fn heading(&self) -> String {
        let ratios = self.ratios.iter().map(|(name, ..)| *name);
        columns("", self.ways.into_iter().chain(ratios))
    }

    fn row(&self, payload: &str, counts: [u64; WAYS]) -> String {
        let ratios = self
            .ratios
            .iter()
            .map(|(_, one, other)| format!("{:.2}", counts[*one] as f64 / counts[*other] as f64));
        columns(payload, counts.iter().map(u64::to_string).chain(ratios))
    }
}

fn columns(name: &str, cells: impl Iterator<Item = impl AsRef<str>>) -> String {
    let cells = cells.map(|cell| format!("{:>12}", cell.as_ref()));
    format!("{name:<16}{}", cells.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_run_takes_besides_does_not_count() {
        let check = |start: u64, parse: u64| {
            let found = per_run(|times| Ok(start + parse * times));
            assert_eq!(found, Ok(parse));
        };
        check(0, 7);
        check(2_000_000, 15_321);
        let failed = per_run(|_| Err("it failed".to_owned()));
        assert_eq!(failed, Err("it failed".to_owned()));
    }

    #[test]
    fn a_row_stands_under_its_heading() {
        let expect = "                  IgnoredAny       Value        ours  ours/Value  ours/floor";
        assert_eq!(TABLES[0].heading(), expect);
        let expect = "batch of 100          100000      400000      300000        0.75        3.00";
        let row = TABLES[0].row("batch of 100", [100_000, 400_000, 300_000]);
        assert_eq!(row, expect);
        let expect = "status                 13000       10400       12350        0.80        0.95";
        let row = TABLES[1].row("status", [13_000, 10_400, 12_350]);
        assert_eq!(row, expect);
    }
}
