//! The models beside what a user would pick instead: times, allocations, instructions.

use std::env;
use std::path::Path;
use std::process::Command;

use super::callgrind;
use crate::cargo::{capture, cargo, run as show, target_dir};

/// The ways of reading a payload, as the bench calls them: the floor under all, the usual one, and ours.
const WAYS: [&str; 3] = ["IgnoredAny", "Value", "ours"];

/// How many parses are counted; their average is told.
const PARSES: u64 = 1000;

/// Runs the benches, and then counts the instructions of each parse.
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
    println!(
        "parse: instructions of one parse, by callgrind\n\n{}",
        heading()
    );
    for payload in capture(Command::new(&program).arg("--list"))?.lines() {
        let mut counts = [0; WAYS.len()];
        for (count, way) in counts.iter_mut().zip(WAYS) {
            *count = per_parse(|parses| once(&program, way, payload, parses))?;
        }
        println!("{}", row(payload, counts));
    }
    Ok(())
}

/// The instructions of a run with so many parses.
fn once(program: &Path, way: &str, payload: &str, parses: u64) -> Result<u64, String> {
    callgrind::instructions(program, &["--once", way, payload, &parses.to_string()])
}

/// What one parse takes: two runs differ in nothing but how many parses there are.
fn per_parse(instructions: impl Fn(u64) -> Result<u64, String>) -> Result<u64, String> {
    let few = instructions(1)?;
    let many = instructions(1 + PARSES)?;
    Ok(many.saturating_sub(few) / PARSES)
}

fn heading() -> String {
    let [floor, value, ours] = WAYS;
    columns("", &[floor, value, ours, "ours/Value", "ours/floor"])
}

fn row(payload: &str, counts: [u64; WAYS.len()]) -> String {
    let [floor, value, ours] = counts;
    let ratio = |other: u64| format!("{:.2}", ours as f64 / other as f64);
    let counts = counts.map(|count| count.to_string());
    let cells = counts.into_iter().chain([ratio(value), ratio(floor)]);
    columns(payload, &cells.collect::<Vec<_>>())
}

fn columns(name: &str, cells: &[impl AsRef<str>]) -> String {
    let cells = cells.iter().map(|cell| format!("{:>12}", cell.as_ref()));
    format!("{name:<16}{}", cells.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_run_takes_besides_its_parses_does_not_count() {
        let check = |start: u64, parse: u64| {
            let found = per_parse(|parses| Ok(start + parse * parses));
            assert_eq!(found, Ok(parse));
        };
        check(0, 7);
        check(2_000_000, 15_321);
        let failed = per_parse(|_| Err("it failed".to_owned()));
        assert_eq!(failed, Err("it failed".to_owned()));
    }

    #[test]
    fn a_row_stands_under_its_heading() {
        let expect = "                  IgnoredAny       Value        ours  ours/Value  ours/floor";
        assert_eq!(heading(), expect);
        let expect = "batch of 100          100000      400000      300000        0.75        3.00";
        assert_eq!(row("batch of 100", [100_000, 400_000, 300_000]), expect);
    }
}
