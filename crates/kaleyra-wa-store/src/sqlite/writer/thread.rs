//! The thread's loop, and what it does when the disk is full or fails.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::Message;
use super::batch::{After, Waiting, commit};
use super::figures;
use super::idle::{Housekeeping, Limit};
use super::job::{Class, Job};
use super::reserve::Reserve;
use crate::sqlite::failure::failed;
use crate::sqlite::open::{self, Use};
use crate::sqlite::owner::{self, Lock};
use crate::sqlite::signals::Signals;
use crate::{Change, Clock, Retention, StoreError, StoreErrorKind};

/// How many jobs are committed at once.
const BATCH_JOBS: usize = 512;
/// How many bytes are committed at once, roughly.
const BATCH_BYTES: usize = 4 * 1_024 * 1_024;
/// The pauses between two attempts to open the file again.
const REOPEN: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// After this long without a job, there is time for other things.
const IDLE: Duration = Duration::from_millis(50);
/// How often the owner looks whether others wrote.
const LOOK: Duration = Duration::from_millis(250);

/// What the thread works with.
pub(in crate::sqlite) struct Setup {
    pub(in crate::sqlite) path: PathBuf,
    pub(in crate::sqlite) db: Connection,
    /// Of an owner, and how often the store was opened by then.
    pub(in crate::sqlite) lock: Option<(Lock, i64)>,
    pub(in crate::sqlite) clock: Arc<dyn Clock>,
    pub(in crate::sqlite) retention: Retention,
    pub(in crate::sqlite) reserve: u64,
    pub(in crate::sqlite) refusal: Duration,
    pub(in crate::sqlite) max_page_count: Option<u32>,
    pub(in crate::sqlite) signals: Signals,
}

pub(super) fn start(setup: Setup, jobs: Receiver<Message>) -> Result<(), StoreError> {
    let reserve = setup
        .lock
        .is_some()
        .then(|| Reserve::new(&setup.path, setup.reserve));
    let housekeeping = setup
        .lock
        .is_some()
        .then(|| Housekeeping::new(setup.retention, Arc::clone(&setup.clock)));
    let thread = Thread {
        path: setup.path,
        db: Some(setup.db),
        lock: setup.lock,
        clock: setup.clock,
        limit: Limit::new(setup.retention.max_bytes),
        max_page_count: setup.max_page_count,
        signals: setup.signals,
        reserve,
        log_pages: None,
        refusal: setup.refusal,
        housekeeping,
        refusing: None,
        reopen: Reopen::default(),
        ended: None,
        seen: None,
    };
    let started = std::thread::Builder::new().name("kwa-store".to_owned());
    let started = started.spawn(move || thread.run(&jobs));
    started.map(drop).map_err(|error| open::unusable(&error))
}

struct Thread {
    path: PathBuf,
    /// None while the file can't be relied on.
    db: Option<Connection>,
    lock: Option<(Lock, i64)>,
    clock: Arc<dyn Clock>,
    limit: Limit,
    max_page_count: Option<u32>,
    signals: Signals,
    reserve: Option<Reserve>,
    /// After how many pages the log is moved into the file, as it was set.
    log_pages: Option<u64>,
    refusal: Duration,
    housekeeping: Option<Housekeeping>,
    /// Nothing new is taken until then, and why.
    refusing: Option<(Instant, StoreError)>,
    reopen: Reopen,
    /// Nothing is done any more, and why.
    ended: Option<StoreError>,
    /// What tells whether others wrote since.
    seen: Option<i64>,
}

struct Reopen {
    at: Instant,
    pause: Duration,
}

impl Default for Reopen {
    fn default() -> Self {
        Self {
            at: Instant::now(),
            pause: REOPEN.0,
        }
    }
}

impl Thread {
    fn run(mut self, jobs: &Receiver<Message>) {
        let mut wait = IDLE;
        // What others write from here on is news.
        self.limit_log();
        self.seen = self.db.as_ref().and_then(|db| data_version(db).ok());
        loop {
            let closing = match jobs.recv_timeout(wait) {
                Ok(Message::Job(job, room)) => {
                    let (batch, closing) = gather(job, room, jobs);
                    self.work(batch);
                    wait = IDLE;
                    closing
                }
                Ok(Message::Close(told)) => Some(told),
                Err(RecvTimeoutError::Timeout) => {
                    wait = self.look_around();
                    None
                }
                Err(RecvTimeoutError::Disconnected) => {
                    self.close();
                    return;
                }
            };
            if let Some(told) = closing {
                self.close();
                let _ = told.send(());
                return;
            }
        }
    }

    fn work(&mut self, batch: Vec<Waiting>) {
        self.open_again();
        let batch = self.refuse_some(batch);
        let Some(db) = &self.db else {
            let gone = StoreError::new(StoreErrorKind::Io, "it is being opened again");
            let error = self.ended.clone().unwrap_or(gone);
            refuse(batch, &error);
            return;
        };
        if batch.is_empty() {
            return;
        }
        let took_in = batch
            .iter()
            .any(|waiting| waiting.job.class() == Class::Intake);
        let reserve = &mut self.reserve;
        let (jobs, begun) = (batch.len(), Instant::now());
        let after = commit(db, batch, &mut |db| {
            let released = reserve.as_mut().is_some_and(Reserve::release);
            if released {
                tracing::warn!("the disk is full: the reserve beside the store was given up");
            }
            // The space of what is moved into the file can be used again, with a reserve or without.
            checkpoint(db, "PASSIVE").is_ok() || released
        });
        figures::committed(jobs, begun.elapsed());
        if let Some(housekeeping) = &mut self.housekeeping {
            housekeeping.wrote(jobs);
            if after == After::Well
                && let Err(error) = housekeeping.step_under_load(db)
            {
                tracing::warn!(%error, "nothing could be pruned");
            }
        }
        match after {
            After::Well if took_in => self.recover(),
            After::Well => {}
            After::Full(error) => self.refuse_for_a_while(error),
            After::Refused(error) => {
                tracing::warn!(%error, "the store could not be written");
            }
            After::Broken(error) => self.give_up(error),
        }
    }

    /// Rejects those jobs that can't be done now, and returns the others.
    fn refuse_some(&mut self, batch: Vec<Waiting>) -> Vec<Waiting> {
        let is_intake = |waiting: &Waiting| waiting.job.class() == Class::Intake;
        if !batch.iter().any(is_intake) {
            return batch;
        }
        let now = Instant::now();
        let error = match &self.refusing {
            Some((until, error)) if now < *until => Some(error.clone()),
            _ => self
                .db
                .as_ref()
                .and_then(|db| self.limit.check(db, self.clock.now()).err()),
        };
        let Some(error) = error else {
            return batch;
        };
        let (intake, others) = batch.into_iter().partition(is_intake);
        refuse(intake, &error);
        others
    }

    fn refuse_for_a_while(&mut self, error: StoreError) {
        if self.refusing.is_none() {
            tracing::error!(%error, "the store takes nothing new for now");
            self.tell_refusing(&error);
        }
        self.refusing = Some((Instant::now() + self.refusal, error));
    }

    /// Something new was taken.
    fn recover(&mut self) {
        if self.refusing.take().is_some() {
            tracing::info!("the store takes new things again");
            self.signals.announcer.tell(Change::Recovered);
        }
    }

    /// After a failed read or write, what SQLite and the kernel hold in memory may differ from what is on the disk.
    fn give_up(&mut self, error: StoreError) {
        tracing::error!(%error, "the store failed and is closed");
        self.tell_refusing(&error);
        if let Some(db) = self.db.take() {
            // Whatever it holds is not to be written by its end.
            let _ = db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        }
        self.seen = None;
        if error.kind() == StoreErrorKind::Corrupt {
            self.ended = Some(error);
        } else {
            self.refusing = Some((Instant::now(), error));
            self.reopen = Reopen::default();
        }
    }

    fn tell_refusing(&self, error: &StoreError) {
        self.signals.announcer.tell(Change::Refusing {
            why: error.kind().as_str(),
            since: self.clock.now(),
        });
    }

    fn open_again(&mut self) {
        if self.db.is_some() || self.ended.is_some() || Instant::now() < self.reopen.at {
            return;
        }
        match self.connect() {
            Ok(db) => {
                tracing::info!("the store is open again");
                self.db = Some(db);
                self.log_pages = None;
                self.limit_log();
            }
            Err(error) if error.kind() == StoreErrorKind::Corrupt => self.ended = Some(error),
            Err(error) => {
                tracing::warn!(%error, "the store could not be opened again");
                self.reopen.at = Instant::now() + self.reopen.pause;
                self.reopen.pause = (self.reopen.pause * 2).min(REOPEN.1);
            }
        }
    }

    fn connect(&self) -> Result<Connection, StoreError> {
        let usage = if self.lock.is_some() {
            Use::Own
        } else {
            Use::Visit
        };
        let db = open::connect(&self.path, usage, self.max_page_count)?;
        if self.lock.is_some() {
            // The kernel may take pages for written whose sync failed. Moving the log into the file writes them again,
            // and what comes into the log after that does not build on them.
            checkpoint(&db, "TRUNCATE")?;
        }
        Ok(db)
    }

    /// Keeps the log no larger than what is in reserve, as far as that has changed.
    fn limit_log(&mut self) {
        let (Some(db), Some(reserve)) = (&self.db, &self.reserve) else {
            return;
        };
        let pages = reserve.checkpoint_pages();
        if self.log_pages != Some(pages) {
            let pragma = format!("PRAGMA wal_autocheckpoint = {pages}");
            let set = db.query_row(&pragma, [], |_| Ok(()));
            self.log_pages = set.is_ok().then_some(pages);
        }
    }

    /// Does what there is time for, and says how long to wait for jobs until the next time.
    fn look_around(&mut self) -> Duration {
        self.open_again();
        if self.lock.is_none() {
            return LOOK;
        }
        if let Err(error) = self.look_for_others() {
            tracing::warn!(%error, "the store could not be looked at");
        }
        if let Some(reserve) = &mut self.reserve
            && self.refusing.is_none()
        {
            reserve.restore();
            self.limit_log();
        }
        let (Some(db), Some(housekeeping)) = (&self.db, &mut self.housekeeping) else {
            return REOPEN.0;
        };
        match housekeeping.step(db) {
            Ok(true) => IDLE,
            Ok(false) => LOOK,
            Err(error) if matches!(error.kind(), StoreErrorKind::Io | StoreErrorKind::Corrupt) => {
                self.give_up(error);
                REOPEN.0
            }
            Err(error) => {
                tracing::warn!(%error, "nothing could be pruned");
                LOOK
            }
        }
    }

    fn look_for_others(&mut self) -> Result<(), StoreError> {
        let (Some(db), Some((_, epoch))) = (&self.db, &self.lock) else {
            return Ok(());
        };
        let version = data_version(db)?;
        if self.seen == Some(version) {
            return Ok(());
        }
        self.seen = Some(version);
        let current = owner::meta::<i64>(db, "generation");
        if current.is_ok_and(|current| current != Some(*epoch)) {
            let detail = "another process became the owner: the lock file was removed";
            let error = StoreError::new(StoreErrorKind::NotOwner, detail);
            tracing::error!(%error, "the store is not written any more");
            self.tell_refusing(&error);
            self.ended = Some(error);
            self.db = None;
        } else {
            self.signals.others_wrote();
        }
        Ok(())
    }

    fn close(&mut self) {
        if let Some(db) = self.db.take()
            && self.lock.is_some()
        {
            let tidy = db.execute_batch("PRAGMA optimize");
            if let Err(error) = tidy
                .map_err(|error| failed(&error))
                .and_then(|()| checkpoint(&db, "TRUNCATE"))
            {
                tracing::warn!(%error, "the log was not moved into the file; the next owner does it");
            }
        }
        // After the file was closed.
        self.lock = None;
    }
}

/// Takes what waits besides the first, without waiting for more: the next commit is what gathers.
fn gather(
    job: Box<dyn Job>,
    room: OwnedSemaphorePermit,
    jobs: &Receiver<Message>,
) -> (Vec<Waiting>, Option<oneshot::Sender<()>>) {
    let mut bytes = job.weight();
    let mut batch = vec![Waiting { job, _room: room }];
    while batch.len() < BATCH_JOBS && bytes < BATCH_BYTES {
        match jobs.try_recv() {
            Ok(Message::Job(job, room)) => {
                bytes += job.weight();
                batch.push(Waiting { job, _room: room });
            }
            Ok(Message::Close(told)) => return (batch, Some(told)),
            Err(_) => break,
        }
    }
    (batch, None)
}

fn refuse(batch: Vec<Waiting>, error: &StoreError) {
    for waiting in batch {
        waiting.job.finish(Err(error.clone()));
    }
}

/// Changes whenever another connection has written.
fn data_version(db: &Connection) -> Result<i64, StoreError> {
    let version = db.query_row("PRAGMA data_version", [], |row| row.get(0));
    version.map_err(|error| failed(&error))
}

/// Moves the log into the file.
fn checkpoint(db: &Connection, mode: &str) -> Result<(), StoreError> {
    let run = db.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |_| Ok(()));
    run.map_err(|error| failed(&error))
}
