//! What sends: takes what is due, at the pace that it may, hands each to the client once, and records what became of it.

mod budget;
mod campaigns;
mod engine;
mod flight;
mod learn;
mod observe;
mod pace;
mod pairs;
mod pause;
mod scan;
mod takeoff;
mod told;
mod verdict;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use self::engine::Engine;
use crate::{Outbox, OutboxError};

/// The task that sends, if there is one. Where this is dropped, it ends by itself.
#[derive(Debug, Default)]
pub(crate) struct Running(Mutex<Option<Task>>);

#[derive(Debug)]
struct Task {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    /// Ends it, once what is in flight has landed. `false` where that took too long.
    pub(crate) async fn stop(&self, patience: Duration) -> bool {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Task { stop, mut task }) = running else {
            return true;
        };
        stop.send_replace(true);
        let has_ended = tokio::time::timeout(patience, &mut task).await.is_ok();
        if !has_ended {
            task.abort();
        }
        has_ended
    }
}

/// Looks after what an earlier process left, and starts to send.
pub(crate) async fn start(outbox: &Outbox) -> Result<(), OutboxError> {
    let parts = &outbox.parts;
    let doubts = parts.store.recover_sends().await?;
    if doubts.uncertain > 0 {
        tracing::warn!(
            uncertain = doubts.uncertain,
            "messages were in flight when the last process ended: callbacks will tell what became of them"
        );
    }
    if let Some(pause) = parts.store.pause_of(&outbox.sender()).await? {
        tracing::warn!(why = pause.why, "nothing is sent for now");
    }
    let (stop, stopped) = watch::channel(false);
    let sender = outbox.sender();
    let engine = Engine::new(parts, sender, stopped).await?;
    let task = tokio::spawn(engine.run());
    let mut running = parts
        .running
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    *running = Some(Task { stop, task });
    Ok(())
}
