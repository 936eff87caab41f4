//! The one thread that writes: takes what waits, commits it at once, and replies after that.

mod batch;
mod figures;
mod idle;
mod job;
mod reserve;
mod thread;

use std::sync::{Arc, mpsc};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

pub(crate) use self::job::Class;
use self::job::{Job, Statements};
pub(super) use self::thread::Setup;
use super::failure::SqlResult;
use crate::{StoreError, StoreErrorKind};

/// What may wait for the writer, in KiB: 64 MiB.
const ROOM_KIB: u32 = 64 * 1_024;
/// What a job takes at least: so that some 4,000 may wait.
const LEAST_KIB: u32 = 16;

/// The way to the writer. It ends when all of these are gone.
pub(crate) struct Writer {
    sender: mpsc::Sender<Message>,
    /// Bounds what waits, in number and in bytes.
    room: Arc<Semaphore>,
}

enum Message {
    Job(Box<dyn Job>, OwnedSemaphorePermit),
    /// Ends the thread; reports when the file is closed.
    Close(oneshot::Sender<()>),
}

impl Writer {
    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// Where the system has no thread to give.
    pub(super) fn start(setup: Setup) -> Result<Self, StoreError> {
        let (sender, receiver) = mpsc::channel();
        thread::start(setup, receiver)?;
        let room = Arc::new(Semaphore::new(ROOM_KIB as usize));
        Ok(Self { sender, room })
    }

    /// Runs statements in a transaction of the writer's, with others that wait, and returns when it is committed.
    ///
    /// `run` is called again where the transaction was rolled back because of others. It must leave no trace but in the
    /// database.
    ///
    /// # Errors
    ///
    /// Where they failed, or nothing can be written.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        class: Class,
        weight: usize,
        run: impl FnMut(&Connection) -> SqlResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.run_then(class, weight, run, |_| {}).await
    }

    /// The same, with something to be done after the commit, on the writer's thread and in the order of the commits. It
    /// must be quick.
    ///
    /// # Errors
    ///
    /// As for [`run`](Self::run).
    pub(crate) async fn run_then<T: Send + 'static>(
        &self,
        class: Class,
        weight: usize,
        run: impl FnMut(&Connection) -> SqlResult<T> + Send + 'static,
        then: impl FnOnce(&T) + Send + 'static,
    ) -> Result<T, StoreError> {
        let kib = u32::try_from(weight / 1_024).unwrap_or(ROOM_KIB);
        let size = kib.saturating_add(LEAST_KIB).min(ROOM_KIB);
        let room = Arc::clone(&self.room).acquire_many_owned(size).await;
        let room = room.map_err(|_| closed())?;
        let (answer, answered) = oneshot::channel();
        let job = Box::new(Statements {
            class,
            weight,
            run,
            output: None,
            then,
            answer,
        });
        self.sender
            .send(Message::Job(job, room))
            .map_err(|_| closed())?;
        answered.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Ends the thread, after what waits was done.
    pub(super) async fn close(&self) {
        let (closed, is_closed) = oneshot::channel();
        if self.sender.send(Message::Close(closed)).is_ok() {
            // Gone without a word is closed as well.
            let _ = is_closed.await;
        }
    }
}

fn closed() -> StoreError {
    StoreError::new(StoreErrorKind::Closed, "")
}
