//! How it ends.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::WorkerPool;
use crate::memory::{Unfinished, observe};

impl WorkerPool {
    /// Takes nothing any more, and waits until all is handled; what is not by the deadline becomes dead letters, and
    /// what nobody has taken after the grace is given back.
    pub(in crate::memory) async fn drain(
        self: &Arc<Self>,
        deadline: Duration,
        grace: Duration,
    ) -> Result<(), Unfinished> {
        self.state().is_open = false;
        self.room.notify_waiters();
        if timeout(deadline, self.all_gone()).await.is_err() {
            {
                let mut state = self.state();
                self.closing.send_replace(true);
                let woken = state.queue.wake_all();
                self.spawn_workers(&mut state, woken);
                // Nothing rests, so the timer ends.
                self.earlier.notify_one();
            }
            // If it is not enough, what is left shows it.
            let _ = timeout(grace, self.all_gone()).await;
        }
        let mut state = self.state();
        let mut unfinished = std::mem::take(&mut state.unfinished);
        let abandoned = state.queue.abandon();
        drop(state);
        observe::left(abandoned.len());
        unfinished.left.extend(abandoned);
        // For whoever else waits; each event is told once.
        self.idle.notify_waiters();
        if unfinished.dead_letters == 0 && unfinished.left.is_empty() {
            Ok(())
        } else {
            Err(unfinished)
        }
    }

    async fn all_gone(&self) {
        loop {
            let mut idle = pin!(self.idle.notified());
            idle.as_mut().enable();
            if self.state().queue.events() == 0 {
                return;
            }
            idle.await;
        }
    }
}
