//! Counts instructions: unlike times, they are the same on a busy machine.

use std::path::Path;
use std::process::Command;
use std::{env, fs, process};

use crate::cargo::{capture, output};

/// What to do where it is missing.
pub(super) const CURE: &str = "valgrind is not installed, so no instructions are counted; \
    install your system's package `valgrind` (Debian: apt install valgrind)";

/// Whether valgrind is there.
pub(super) fn is_installed() -> bool {
    capture(Command::new("valgrind").arg("--version")).is_ok()
}

/// How many instructions the program takes from its start to its end.
///
/// # Errors
/// The program failed, or valgrind did, or it said nothing that can be read.
pub(super) fn instructions(program: &Path, arguments: &[&str]) -> Result<u64, String> {
    // The profile; only its sum is of interest, and callgrind says that too.
    let profile = env::temp_dir().join(format!("xtask-bench.{}.callgrind", process::id()));
    let mut command = Command::new("valgrind");
    command
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(program)
        .args(arguments);
    let outcome = output(&mut command);
    // It may not be there, if valgrind failed.
    let _ = fs::remove_file(&profile);
    let said = outcome?.stderr;
    collected(&String::from_utf8_lossy(&said))
        .ok_or_else(|| "callgrind did not say what it collected".to_owned())
}

/// The number in callgrind's line `==PID== Collected : NUMBER`.
fn collected(said: &str) -> Option<u64> {
    said.lines().find_map(|line| {
        let (_, numbers) = line.split_once("Collected :")?;
        numbers.split_whitespace().next()?.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_found_among_what_callgrind_says() {
        for (said, expect) in [
            (
                "==7== Callgrind, a call-graph generating cache profiler\n==7== \n\
                 ==7== Events    : Ir\n==7== Collected : 2437905\n==7== \n\
                 ==7== I   refs:      2,437,905\n",
                Some(2_437_905),
            ),
            ("==7== Collected : 12 3 4\n", Some(12)),
            ("==7== Collected : \n", None),
            ("==7== Events    : Ir\n", None),
        ] {
            assert_eq!(collected(said), expect, "{said}");
        }
    }
}
