//! A panic, reported in one harmless line: its text may hold what came from outside.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::{self, Location};

use crate::show::line::{Line, block};
use crate::show::output::{note, note_all};

/// Has every panic from now on reported in a line. What becomes of it otherwise stays as it is: a handler's panic ends the
/// handler, and the main thread's the command.
pub(crate) fn tell_in_a_line() {
    panic::set_hook(Box::new(|panic| {
        note(told(panic.payload(), panic.location()));
        let backtrace = Backtrace::capture();
        if backtrace.status() == BacktraceStatus::Captured {
            note_all(block(&backtrace.to_string()));
        }
    }));
}

fn told(payload: &dyn Any, location: Option<&Location<'_>>) -> Line {
    let text = (payload.downcast_ref::<&str>().copied())
        .or(payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no text");
    let place = location.map_or(String::new(), |location| format!(" at {location}"));
    Line::new(format!(
        "error: this command has a bug, please report it with this line: panicked{place}: {text}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_one_harmless_line() {
        let payload: Box<dyn Any> = Box::new("bad id: \u{1b}[2J\nerror: all is well".to_owned());
        let line = format!("{:?}", told(&*payload, Some(Location::caller())));
        assert!(line.contains("crash.rs:"), "{line}");
        assert!(
            line.contains("bad id: \u{fffd}[2J ⏎ error: all is well"),
            "{line}"
        );
    }
}
