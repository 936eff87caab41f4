//! Opens the page in the person's browser, where there is one.

use std::env;
use std::process::{Command, Stdio};

use crate::show::output::is_read_by_a_person;

/// Opens it, if somebody sits at the terminal and the machine has a screen. That it can't be opened is no failure: the address is
/// printed as well.
pub(super) fn open(url: &str) {
    if !is_read_by_a_person() || env::var_os("CI").is_some() || !has_screen() {
        return;
    }
    let mut command = match env::consts::OS {
        "macos" => Command::new("open"),
        "windows" => {
            let mut command = Command::new("cmd");
            command.args(["/C", "start", ""]);
            command
        }
        _ => Command::new("xdg-open"),
    };
    let silent = command.arg(url).stdin(Stdio::null()).stdout(Stdio::null());
    if let Ok(mut opener) = silent.stderr(Stdio::null()).spawn() {
        // It ends at once, and leaves nothing behind when somebody waits for it.
        std::thread::spawn(move || opener.wait());
    }
}

fn has_screen() -> bool {
    let is_desktop = matches!(env::consts::OS, "macos" | "windows");
    is_desktop || env::var_os("DISPLAY").is_some() || env::var_os("WAYLAND_DISPLAY").is_some()
}
