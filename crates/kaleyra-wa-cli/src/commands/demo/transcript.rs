//! What people see of the demo: a line for each step, in the order of cause and effect.

use serde::Serialize;
use tokio::sync::watch;

use crate::show::line::Line;
use crate::show::output::line;
use crate::show::style::Tone;

/// Keeps the lines of one step together.
pub(super) struct Transcript {
    /// Whether the JSON in both directions is shown, too.
    wire: bool,
    /// How many steps are being written.
    busy: watch::Sender<usize>,
}

impl Transcript {
    pub(super) fn new(wire: bool) -> Self {
        Self {
            wire,
            busy: watch::Sender::new(0),
        }
    }

    /// Begins a step, which ends when this is dropped.
    pub(super) fn busy(&self) -> Busy<'_> {
        self.busy.send_modify(|steps| *steps += 1);
        Busy(&self.busy)
    }

    /// Waits until no step is being written.
    pub(super) async fn idle(&self) {
        // It can't be closed: the sender is here.
        let _ = self.busy.subscribe().wait_for(|steps| *steps == 0).await;
    }

    /// Shows a body, if bodies are wanted.
    pub(super) fn wire(&self, body: &impl Serialize) {
        if self.wire
            && let Ok(json) = Line::new("    ").then_json(Some(Tone::Quiet), body)
        {
            let _ = line(json);
        }
    }
}

/// A step that is being written.
pub(super) struct Busy<'a>(&'a watch::Sender<usize>);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|steps| *steps -= 1);
    }
}

/// A line of the transcript. A closed terminal ends nothing here; the scene notices it.
pub(super) fn show(who: &str, colour: Tone, what: &str) {
    let who = format!("{who:<22}");
    let _ = line(
        Line::new("  ")
            .then_toned(colour, who)
            .then("  ")
            .then(what),
    );
}
