//! Runs the command.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, ChildStdout, Command, Output, Stdio};

/// The command, with nothing of the tester's own environment in it.
pub(crate) fn kaleyra_wa(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kaleyra-wa"));
    for name in [
        "KALEYRA_API_KEY",
        "KALEYRA_API_KEY_FILE",
        "KALEYRA_BASE_URL",
        "KALEYRA_CALLBACK_SECRET",
        "KALEYRA_CALLBACK_SECRET_FILE",
        "KALEYRA_CONFIG",
        "KALEYRA_INBOX",
        "KALEYRA_OUTBOX",
        "KALEYRA_POD",
        "KALEYRA_PROFILE",
        "KALEYRA_SENDER",
        "KALEYRA_SID",
        "KALEYRA_WABA_ID",
        "NO_COLOR",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    // Of the tester's own files, too, nothing counts.
    let nowhere = concat!(env!("CARGO_TARGET_TMPDIR"), "/no-configuration");
    for name in ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "HOME", "APPDATA"] {
        command.env(name, nowhere);
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
    out: Option<BufReader<ChildStdout>>,
    error: BufReader<ChildStderr>,
    /// Where it listens, `127.0.0.1:port`.
    pub(crate) address: String,
}

impl Running {
    /// Starts a command that says on standard error where it listens.
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::run(kaleyra_wa(arguments))
    }

    /// The same with a command that is set up already.
    pub(crate) fn run(command: Command) -> Self {
        let mut running = Self::silent(command);
        let mut banner = String::new();
        running.error.read_line(&mut banner).unwrap();
        let address = banner
            .split("http://")
            .nth(1)
            .unwrap_or_else(|| panic!("no address: {banner}"));
        running.address = address.split(['/', ' ']).next().unwrap().to_owned();
        running
    }

    /// Starts a command that does not listen.
    pub(crate) fn silent(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let error = BufReader::new(child.stderr.take().unwrap());
        let out = BufReader::new(child.stdout.take().unwrap());
        Self {
            child,
            out: Some(out),
            error,
            address: String::new(),
        }
    }

    /// The next line that it prints.
    pub(crate) fn line(&mut self) -> String {
        next_line(self.out.as_mut().unwrap())
    }

    /// The next line on its standard error, after the one that says where it listens.
    pub(crate) fn error_line(&mut self) -> String {
        next_line(&mut self.error)
    }

    /// Stops reading what it prints, as `head` does.
    pub(crate) fn close_output(&mut self) {
        self.out = None;
    }

    /// Presses Ctrl-C.
    #[cfg(unix)]
    pub(crate) fn interrupt(&self) {
        interrupt(&self.child);
    }

    /// Waits for its end; gives the exit code.
    pub(crate) fn end(&mut self) -> i32 {
        self.child.wait().unwrap().code().unwrap()
    }
}

/// Presses Ctrl-C.
#[cfg(unix)]
pub(crate) fn interrupt(child: &Child) {
    let id = child.id().to_string();
    let kill = Command::new("kill").args(["-INT", &id]).status().unwrap();
    assert!(kill.success());
}

fn next_line(from: &mut impl BufRead) -> String {
    let mut line = String::new();
    from.read_line(&mut line).unwrap();
    assert!(line.ends_with('\n'), "the command ended: {line:?}");
    line.pop();
    line
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
