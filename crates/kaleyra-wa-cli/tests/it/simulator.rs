//! `kaleyra-wa sim` with the tests' account, and the commands that speak to it.

use std::process::Command;

use crate::command::{Running, kaleyra_wa, run};
use crate::send::KEY;

/// The command, on a free port.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let account = [
        "--sid",
        "HX1",
        "--api-key",
        KEY,
        "--sender",
        "+918000000001",
    ];
    kaleyra_wa(&[&["sim", "--port", "0"], &account[..], arguments].concat())
}

pub(crate) fn start(arguments: &[&str]) -> Running {
    Running::run(command(arguments))
}

/// Runs `kaleyra-wa sim …` against one that runs.
pub(crate) fn ask(sim: &Running, arguments: &[&str]) -> (i32, String, String) {
    let url = format!("http://{}", sim.address);
    run(&mut kaleyra_wa(
        &[&["sim"], arguments, &["--sim", &url]].concat(),
    ))
}
