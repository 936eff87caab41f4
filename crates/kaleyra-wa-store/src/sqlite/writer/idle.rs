//! What the writer does while nobody asks: prune, give free pages back, move the log into the file. And the limit of size.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::inbox::EventId;
use crate::sqlite::failure::{SqlResult, failed};
use crate::sqlite::inbox::prune;
use crate::{Clock, Moment, Retention, StoreError, StoreErrorKind};

/// How many events are pruned at once, while somebody may come.
const CHUNK: usize = 100;
/// How often something is pruned while somebody comes all the time, and how much at once.
const UNDER_LOAD: Duration = Duration::from_millis(250);
const MOST: usize = 5_000;
/// How often the whole store is looked through.
const SWEEP: Duration = Duration::from_secs(60);
/// How many free pages are given back at once.
const FREED: u32 = 256;
/// After how many batches the log is moved into the file, if there is time.
const BATCHES: u32 = 64;

pub(super) struct Housekeeping {
    retention: Retention,
    clock: Arc<dyn Clock>,
    /// How far the store was looked through.
    cursor: EventId,
    next_sweep: Instant,
    /// How many batches were written since the log was moved.
    batches: u32,
    /// How many jobs were done since the last step.
    jobs: usize,
    last_step: Instant,
}

impl Housekeeping {
    pub(super) fn new(retention: Retention, clock: Arc<dyn Clock>) -> Self {
        Self {
            retention,
            clock,
            cursor: EventId::default(),
            next_sweep: Instant::now(),
            batches: 0,
            jobs: 0,
            last_step: Instant::now(),
        }
    }

    /// A batch of so many jobs was written.
    pub(super) fn wrote(&mut self, jobs: usize) {
        self.batches = self.batches.saturating_add(1);
        self.jobs = self.jobs.saturating_add(jobs);
    }

    /// Prunes a little where there is never time for it, and as much as comes in: else the store would grow.
    pub(super) fn step_under_load(&mut self, db: &Connection) -> Result<(), StoreError> {
        if self.last_step.elapsed() < UNDER_LOAD || Instant::now() < self.next_sweep {
            return Ok(());
        }
        let chunk = self.jobs.clamp(CHUNK, MOST);
        self.sweep(db, chunk)
            .map_err(|error| rolled_back(db, &error))
    }

    /// Does one thing, and says whether there is more to do.
    pub(super) fn step(&mut self, db: &Connection) -> Result<bool, StoreError> {
        self.try_step(db).map_err(|error| rolled_back(db, &error))
    }

    fn sweep(&mut self, db: &Connection, chunk: usize) -> SqlResult<()> {
        (self.last_step, self.jobs) = (Instant::now(), 0);
        db.execute_batch("BEGIN IMMEDIATE")?;
        let now = self.clock.now();
        let swept = prune::sweep(db, &self.retention, now, self.cursor, chunk)?;
        db.execute_batch("COMMIT")?;
        self.cursor = swept.next.unwrap_or_default();
        if swept.next.is_none() {
            self.next_sweep = Instant::now() + SWEEP;
        }
        Ok(())
    }

    fn try_step(&mut self, db: &Connection) -> SqlResult<bool> {
        if Instant::now() >= self.next_sweep {
            self.sweep(db, CHUNK)?;
            return Ok(true);
        }
        let pages = Pages::of(db)?;
        if pages.free > pages.all / 4 && pages.free > u64::from(FREED) {
            let mut vacuum = db.prepare(&format!("PRAGMA incremental_vacuum({FREED})"))?;
            let mut rows = vacuum.query([])?;
            while rows.next()?.is_some() {}
            return Ok(true);
        }
        if self.batches >= BATCHES {
            self.batches = 0;
            db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
            return Ok(true);
        }
        Ok(false)
    }
}

/// Leaves no transaction open.
fn rolled_back(db: &Connection, error: &rusqlite::Error) -> StoreError {
    if !db.is_autocommit() {
        let _ = db.execute_batch("ROLLBACK");
    }
    failed(error)
}

/// How large the file is.
#[derive(Clone, Copy, Debug)]
struct Pages {
    all: u64,
    free: u64,
    bytes_each: u64,
}

impl Pages {
    fn of(db: &Connection) -> SqlResult<Self> {
        let number = |sql: &str| -> SqlResult<u64> {
            let number: i64 = db.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
            Ok(u64::try_from(number).unwrap_or(0))
        };
        Ok(Self {
            all: number("PRAGMA page_count")?,
            free: number("PRAGMA freelist_count")?,
            bytes_each: number("PRAGMA page_size")?,
        })
    }

    fn bytes_in_use(self) -> u64 {
        self.all.saturating_sub(self.free) * self.bytes_each
    }
}

/// The size that the file may have.
#[derive(Debug)]
pub(super) struct Limit {
    max_bytes: Option<u64>,
    /// How far was looked for what may be pruned.
    cursor: EventId,
    /// Nothing was found; it is not worth another look before this.
    next_look: Instant,
}

impl Limit {
    /// How many events are pruned before their time, at once.
    const CHUNK: usize = 500;
    /// How often that is done for one batch.
    const CHUNKS: usize = 8;
    const LOOK: Duration = Duration::from_secs(1);

    pub(super) fn new(max_bytes: Option<u64>) -> Self {
        Self {
            max_bytes,
            cursor: EventId::default(),
            next_look: Instant::now(),
        }
    }

    /// Makes room where there is too little, by what was handled.
    ///
    /// # Errors
    ///
    /// `AtLimit` where nothing more may be pruned.
    pub(super) fn check(&mut self, db: &Connection, now: Moment) -> Result<(), StoreError> {
        let Some(max_bytes) = self.max_bytes else {
            return Ok(());
        };
        let has_room = self.make_room(db, max_bytes, now);
        let has_room = has_room.map_err(|error| rolled_back(db, &error))?;
        if has_room {
            Ok(())
        } else {
            let detail = format!("{max_bytes} bytes");
            Err(StoreError::new(StoreErrorKind::AtLimit, detail))
        }
    }

    fn make_room(&mut self, db: &Connection, max_bytes: u64, now: Moment) -> SqlResult<bool> {
        // All that was handled; what was given up keeps its time.
        let retention = Retention::default()
            .bodies(Duration::ZERO)
            .handled(Duration::ZERO)
            .dead(Duration::MAX);
        for _ in 0..Self::CHUNKS {
            if Pages::of(db)?.bytes_in_use() < max_bytes {
                return Ok(true);
            }
            if Instant::now() < self.next_look {
                return Ok(false);
            }
            db.execute_batch("BEGIN IMMEDIATE")?;
            let swept = prune::sweep(db, &retention, now, self.cursor, Self::CHUNK)?;
            db.execute_batch("COMMIT")?;
            self.cursor = swept.next.unwrap_or_default();
            if swept.next.is_none() && swept.pruned.events == 0 && swept.pruned.bodies == 0 {
                self.next_look = Instant::now() + Self::LOOK;
                return Ok(false);
            }
        }
        Ok(true)
    }
}
