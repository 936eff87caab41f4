//! Shows an address in the browser of whoever sits here.

use std::env;
use std::process::Command;

use crate::child;
use crate::show::output::{is_read_by_a_person, note};

/// Opens the address in the program that the variable BROWSER names, or in the one of the system. That it can't be opened is said,
/// and is no reason to end.
pub(crate) fn open(url: &str) {
    let named = env::var_os("BROWSER").filter(|it| !it.is_empty());
    let mut command = match named {
        Some(program) => Command::new(program),
        None if cfg!(windows) => {
            let mut command = Command::new("cmd");
            command.args(["/C", "start", ""]);
            command
        }
        None if cfg!(target_os = "macos") => Command::new("open"),
        None => Command::new("xdg-open"),
    };
    if let Err(error) = child::aside(command.arg(url)) {
        note(format!(
            "no browser can be started ({error}); open {url} by hand, or name one in the variable BROWSER"
        ));
    }
}

/// Opens it, if a person reads the output and the machine has a screen.
pub(crate) fn open_at_a_desk(url: &str) {
    let has_screen = cfg!(any(windows, target_os = "macos"))
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|it| env::var_os(it).is_some());
    if is_read_by_a_person() && has_screen && env::var_os("CI").is_none() {
        open(url);
    }
}
