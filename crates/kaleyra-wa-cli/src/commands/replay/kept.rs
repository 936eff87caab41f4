//! Callbacks that an inbox keeps, in the order in which they came, each with all of its events.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;
use jiff::Timestamp;
use kaleyra_wa_store::inbox::{EventQuery, EventRecord, InboxStore};
use kaleyra_wa_store::{Moment, SqliteStore};

use super::captured::Captured;
use crate::commands::inbox::unusable;
use crate::exit::Exit;

/// The file of an inbox, which may be in use.
pub(super) struct Inbox {
    path: PathBuf,
    store: SqliteStore,
}

/// Its callbacks that are still to come.
pub(super) struct Kept<'a> {
    inbox: &'a Inbox,
    query: EventQuery,
    page: VecDeque<EventRecord>,
    /// The callback of the last event, and that event's place in it.
    last: Option<(Bytes, Option<Moment>, u32)>,
}

/// Whether a file is a database, and no JSON.
pub(super) fn is_store(path: &Path) -> io::Result<bool> {
    const MAGIC: &[u8; 16] = b"SQLite format 3\0";
    let mut start = Vec::new();
    File::open(path)?.take(16).read_to_end(&mut start)?;
    Ok(start == MAGIC)
}

impl Inbox {
    pub(super) fn open(path: &Path) -> Result<Self, Exit> {
        let store = SqliteStore::attach(path).map_err(|error| unusable(path, &error))?;
        let path = path.to_owned();
        Ok(Self { path, store })
    }

    pub(super) fn read(&self) -> Kept<'_> {
        Kept {
            inbox: self,
            query: EventQuery::new().with_bodies(),
            page: VecDeque::new(),
            last: None,
        }
    }
}

impl Kept<'_> {
    /// The next callback whose body is kept.
    pub(super) async fn next(&mut self) -> Result<Option<Captured>, Exit> {
        loop {
            let Some(record) = self.record().await? else {
                return Ok(None);
            };
            let Some(raw) = record.raw else { continue };
            // The events of a callback follow each other; one that was kept before is missing among them.
            let is_same = self.last.as_ref().is_some_and(|(last, came, nth)| {
                *nth < record.nth && *came == record.received_at && *last == raw
            });
            self.last = Some((raw.clone(), record.received_at, record.nth));
            if is_same {
                continue;
            }
            let source = format!("{}:{}", self.inbox.path.display(), record.id);
            let came = record.received_at.map(SystemTime::from);
            return Ok(Some(Captured {
                received_at: came.and_then(|came| Timestamp::try_from(came).ok()),
                ..Captured::plain(source, raw)
            }));
        }
    }

    async fn record(&mut self) -> Result<Option<EventRecord>, Exit> {
        if self.page.is_empty() {
            let page = self.inbox.store.events(self.query.clone()).await;
            let page = page.map_err(|error| unusable(&self.inbox.path, &error))?;
            if let Some(last) = page.last() {
                self.query = self.query.clone().after(last.id);
            }
            self.page = page.into();
        }
        Ok(self.page.pop_front())
    }
}
