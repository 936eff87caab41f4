//! Programs of the user's own that the command runs: a password manager, a tunnel.

use std::io;
use std::process::{Command, Output, Stdio};

use tokio::process::{Child, ChildStderr, ChildStdout};

use crate::global;

/// Runs a program to its end, for what it prints. Its questions and complaints go straight to the terminal.
pub(crate) fn ask(program: &str, arguments: &[String]) -> io::Result<Output> {
    let mut command = Command::new(program);
    command.args(arguments).stderr(Stdio::inherit());
    if global::settings().no_input {
        command.stdin(Stdio::null());
    } else {
        command.stdin(Stdio::inherit());
    }
    command.output()
}

/// What it printed.
pub(crate) fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A command line for the shell, whose two outputs are read by us.
pub(crate) fn shell(line: &str) -> tokio::process::Command {
    let mut command = if cfg!(windows) {
        let mut command = tokio::process::Command::new("cmd");
        command.args(["/C", line]);
        command
    } else {
        let mut command = tokio::process::Command::new("sh");
        command.args(["-c", line]);
        command
    };
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// What a running program prints, on both ways.
pub(crate) fn outputs(child: &mut Child) -> (Option<ChildStdout>, Option<ChildStderr>) {
    (child.stdout.take(), child.stderr.take())
}

/// A command line for the shell that runs beside this command; what it says is shown with `-v` only.
pub(crate) fn beside(line: &str) -> tokio::process::Command {
    let mut command = shell(line);
    command
        .stdout(Stdio::null())
        .stderr(match global::settings().verbose {
            0 => Stdio::null(),
            _ => Stdio::inherit(),
        });
    #[cfg(unix)]
    command.process_group(0);
    command
}

/// Starts a program that is left alone, such as a browser: nothing of what it says is of interest.
pub(crate) fn aside(command: &mut Command) -> io::Result<()> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().map(drop)
}

/// Ends such a program, and what it has started itself: a shell stands between.
pub(crate) fn end(child: &mut Child) {
    #[cfg(unix)]
    if let Some(id) = child.id() {
        let _ = Command::new("kill")
            .args(["-KILL", "--", &format!("-{id}")])
            .stderr(Stdio::null())
            .status();
    }
    let _ = child.start_kill();
}
