//! Sends beside what a user would write by hand with reqwest.

use std::env;
use std::path::Path;

use super::callgrind;
use crate::cargo::{cargo, run as show, target_dir};

/// How many sends are counted; their average is told.
const SENDS: u64 = 1000;

/// Times sends both ways, uploads a large file, and then counts the instructions of sends.
///
/// # Errors
/// What failed first, in one line or with the program's own words.
pub(super) fn run() -> Result<(), String> {
    let package = ["--package", "kaleyra-wa-bench", "--bin", "client"];
    for arguments in [&[][..], &["--", "--upload"]] {
        let mut command = cargo(["run", "--release"].into_iter().chain(package));
        command.args(arguments);
        show(command.env("CARGO_TARGET_DIR", target_dir()))?;
        println!();
    }
    if !callgrind::is_installed() {
        println!("{}", callgrind::CURE);
        return Ok(());
    }
    let program = target_dir().join(format!("release/client{}", env::consts::EXE_SUFFIX));
    let bare = per_send(&program, "bare")?;
    let ours = per_send(&program, "ours")?;
    println!(
        "send: instructions of one outside the kernel, the server's included, by callgrind\n\n\
         bare {bare}, ours {ours}: {:.2}",
        ours as f64 / bare as f64
    );
    Ok(())
}

/// What one send takes: two runs differ in nothing but how many sends there are.
fn per_send(program: &Path, way: &str) -> Result<u64, String> {
    let instructions =
        |sends: u64| callgrind::instructions(program, &["--once", way, &sends.to_string()]);
    // The first hundred open the connection and warm up.
    let few = instructions(100)?;
    let many = instructions(100 + SENDS)?;
    Ok(many.saturating_sub(few) / SENDS)
}
