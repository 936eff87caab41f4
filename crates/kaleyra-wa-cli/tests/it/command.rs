//! Runs the command.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

/// The command, with nothing of the tester's own environment in it.
pub(crate) fn kaleyra_wa(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kaleyra-wa"));
    for name in [
        "KALEYRA_API_KEY",
        "KALEYRA_BASE_URL",
        "KALEYRA_CALLBACK_SECRET",
        "KALEYRA_POD",
        "KALEYRA_SENDER",
        "KALEYRA_SID",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    command.args(arguments);
    command
}

/// Runs it to its end: exit code, standard output, standard error.
pub(crate) fn run(command: &mut Command) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// The command while it runs; ended when dropped.
pub(crate) struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
    /// Where it listens, `127.0.0.1:port`.
    pub(crate) address: String,
}

impl Running {
    /// Starts a command that says on standard error where it listens.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = kaleyra_wa(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut banner = String::new();
        BufReader::new(child.stderr.take().unwrap())
            .read_line(&mut banner)
            .unwrap();
        let address = banner
            .split("http://")
            .nth(1)
            .unwrap_or_else(|| panic!("no address: {banner}"));
        let address = address.split(['/', ' ']).next().unwrap().to_owned();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            out,
            address,
        }
    }

    /// The next line that it prints.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        assert!(line.ends_with('\n'), "the command ended: {line:?}");
        line.pop();
        line
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
