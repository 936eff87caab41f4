//! A thread that reads, on a connection of its own: it sees what is committed, and holds up no writing.

use std::path::Path;
use std::sync::{Arc, mpsc};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::failure::{SqlResult, failed};
use super::open::{self, Use};
use crate::{StoreError, StoreErrorKind};

/// How many questions may wait.
const ROOM: usize = 256;

/// The way to a reader. Its thread ends when all of these are gone.
pub(crate) struct Reader {
    sender: mpsc::Sender<Question>,
    room: Arc<Semaphore>,
}

type Ask = dyn FnOnce(Result<&Connection, StoreError>) -> Connectedness + Send;

struct Question {
    ask: Box<Ask>,
    _room: OwnedSemaphorePermit,
}

/// Whether the connection is still good.
#[derive(PartialEq, Eq)]
enum Connectedness {
    Good,
    Broken,
}

impl Reader {
    /// Starts the thread.
    ///
    /// # Errors
    ///
    /// Where the system has no thread to give.
    pub(super) fn start(path: &Path, name: &str) -> Result<Self, StoreError> {
        let (sender, receiver) = mpsc::channel();
        let path = path.to_owned();
        let thread = std::thread::Builder::new().name(name.to_owned());
        let started = thread.spawn(move || answer(&path, &receiver));
        started.map_err(|error| open::unusable(&error))?;
        let room = Arc::new(Semaphore::new(ROOM));
        Ok(Self { sender, room })
    }

    /// Runs statements that change nothing.
    ///
    /// # Errors
    ///
    /// Where they failed, or the file can't be read.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        run: impl FnOnce(&Connection) -> SqlResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let closed = || StoreError::new(StoreErrorKind::Closed, "");
        let room = Arc::clone(&self.room).acquire_owned().await;
        let (answer, answered) = oneshot::channel();
        let ask = move |db: Result<&Connection, StoreError>| {
            let outcome = db.and_then(|db| in_one_look(db, run));
            let is_broken = outcome.as_ref().is_err_and(|error| {
                matches!(error.kind(), StoreErrorKind::Io | StoreErrorKind::Corrupt)
            });
            let _ = answer.send(outcome);
            if is_broken {
                Connectedness::Broken
            } else {
                Connectedness::Good
            }
        };
        let question = Question {
            ask: Box::new(ask),
            _room: room.map_err(|_| closed())?,
        };
        self.sender.send(question).map_err(|_| closed())?;
        answered.await.unwrap_or_else(|_| Err(closed()))
    }
}

/// All statements see the same moment.
fn in_one_look<T>(
    db: &Connection,
    run: impl FnOnce(&Connection) -> SqlResult<T>,
) -> Result<T, StoreError> {
    let outcome = db.execute_batch("BEGIN").and_then(|()| run(db));
    if !db.is_autocommit() {
        // Nothing was changed.
        let _ = db.execute_batch("ROLLBACK");
    }
    outcome.map_err(|error| failed(&error))
}

fn answer(path: &Path, questions: &mpsc::Receiver<Question>) {
    let mut db = None;
    while let Ok(question) = questions.recv() {
        if db.is_none() {
            match open::connect(path, Use::Read, None) {
                Ok(connection) => db = Some(connection),
                Err(error) => {
                    (question.ask)(Err(error));
                    continue;
                }
            }
        }
        if let Some(connection) = &db
            && (question.ask)(Ok(connection)) == Connectedness::Broken
        {
            db = None;
        }
    }
}
