//! The journal: everything that happened, in order. It is only ever added to; the oldest entries give way to new ones.
//!
//! The events, the log, `why`, the transcript and recordings are readers of it.

mod entry;
mod event;
mod json;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::model::basis::Basis;
use crate::model::conversation::ConversationId;
use crate::time::clock::Clock;

pub use entry::{
    CallbackAttempt, CallbackMade, Entry, Fact, HttpRequest, RecordedResponse, StatusChange,
};
pub use event::{Events, SimEvent};

/// What a posted callback is about, as a human-readable word.
pub(crate) const STATUS: &str = "status";
pub(crate) const USER_MESSAGE: &str = "user message";
pub(crate) const NOTICE: &str = "notice";
pub(crate) const AS_GIVEN: &str = "as given";
pub(crate) const TEMPLATE: &str = "template";

/// Entries, newest last.
pub(crate) struct Journal {
    clock: Clock,
    kept: Mutex<Kept>,
    /// The number of the newest entry; closed when there will be no more.
    newest: watch::Sender<u64>,
    is_closed: watch::Sender<bool>,
}

#[derive(Default)]
struct Kept {
    entries: VecDeque<Arc<Entry>>,
    bytes: usize,
    newest: u64,
}

/// An entry before it is written: what it is about, and what it follows from.
#[derive(Clone, Default)]
pub(crate) struct About {
    pub(crate) cause: Option<u64>,
    pub(crate) conversation: Option<ConversationId>,
    pub(crate) basis: Option<Basis>,
}

impl About {
    pub(crate) fn cause(cause: impl Into<Option<u64>>) -> Self {
        Self {
            cause: cause.into(),
            ..Self::default()
        }
    }

    pub(crate) fn of(mut self, conversation: impl Into<Option<ConversationId>>) -> Self {
        self.conversation = conversation.into();
        self
    }

    pub(crate) fn basis(mut self, basis: Basis) -> Self {
        self.basis = Some(basis);
        self
    }
}

impl Journal {
    /// How many entries are kept.
    pub(crate) const MAX: usize = 50_000;
    /// How many bytes they may take together, about.
    pub(crate) const MAX_BYTES: usize = 128 << 20;

    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            kept: Mutex::default(),
            newest: watch::Sender::new(0),
            is_closed: watch::Sender::new(false),
        }
    }

    /// Writes an entry, and gives its number.
    pub(crate) fn write(&self, about: About, fact: Fact) -> u64 {
        event::trace(&fact);
        let size = fact.size();
        let mut kept = self.lock();
        kept.newest += 1;
        let number = kept.newest;
        kept.entries.push_back(Arc::new(Entry {
            number,
            at: self.clock.now(),
            cause: about.cause,
            conversation: about.conversation,
            basis: about.basis,
            fact,
        }));
        kept.bytes += size;
        while kept.entries.len() > Self::MAX || kept.bytes > Self::MAX_BYTES {
            let Some(oldest) = kept.entries.pop_front() else {
                break;
            };
            kept.bytes -= oldest.fact.size();
        }
        // Within the lock, so that the numbers are reported in order.
        self.newest.send_replace(number);
        number
    }

    /// The entry of this number, while it is kept.
    pub(crate) fn get(&self, number: u64) -> Option<Arc<Entry>> {
        let kept = self.lock();
        let first = kept.entries.front()?.number;
        let index = usize::try_from(number.checked_sub(first)?).ok()?;
        kept.entries.get(index).cloned()
    }

    /// The entries that are kept from this number on, so many at most.
    pub(crate) fn from(&self, number: u64, max: usize) -> Vec<Arc<Entry>> {
        let kept = self.lock();
        let Some(first) = kept.entries.front().map(|entry| entry.number) else {
            return Vec::new();
        };
        let skipped = usize::try_from(number.saturating_sub(first)).unwrap_or(usize::MAX);
        kept.entries
            .iter()
            .skip(skipped)
            .take(max)
            .cloned()
            .collect()
    }

    /// Those for which `is_it` holds, oldest first.
    pub(crate) fn all_that(&self, is_it: impl Fn(&Entry) -> bool) -> Vec<Arc<Entry>> {
        let kept = self.lock();
        let entries = kept.entries.iter().filter(|entry| is_it(entry));
        entries.cloned().collect()
    }

    /// The number of the newest entry; 0 where there is none.
    pub(crate) fn newest(&self) -> u64 {
        self.lock().newest
    }

    /// A reader of what is written from now on.
    pub(crate) fn follow(self: &Arc<Self>) -> Reader {
        self.read_from(self.newest() + 1)
    }

    /// A reader of what is kept from this number on, and of what will be written.
    pub(crate) fn read_from(self: &Arc<Self>, number: u64) -> Reader {
        Reader {
            newest: self.newest.subscribe(),
            is_closed: self.is_closed.subscribe(),
            journal: self.clone(),
            next: number.max(1),
        }
    }

    /// There will be no more: readers end once they have read everything.
    pub(crate) fn close(&self) {
        self.is_closed.send_replace(true);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads the journal in order, as far as it is kept, and waits for what comes.
///
/// A reader that is too slow misses the oldest entries: their numbers are missing then.
///
/// For an example see [`Entry`], and [`SimEvent::of`].
pub struct Reader {
    journal: Arc<Journal>,
    newest: watch::Receiver<u64>,
    is_closed: watch::Receiver<bool>,
    next: u64,
}

impl Reader {
    /// The next entry; `None` when the simulator has been shut down and everything was read.
    pub async fn next(&mut self) -> Option<Arc<Entry>> {
        loop {
            if let Some(entry) = self.next_written() {
                return Some(entry);
            }
            if *self.is_closed.borrow() {
                // What was written just before it was closed.
                return self.next_written();
            }
            let next = self.next;
            tokio::select! {
                _ = self.newest.wait_for(|newest| *newest >= next) => {}
                _ = self.is_closed.wait_for(|is_closed| *is_closed) => {}
            }
        }
    }

    /// The next entry that is written already.
    pub fn next_written(&mut self) -> Option<Arc<Entry>> {
        let entry = self.journal.from(self.next, 1).pop()?;
        (entry.number >= self.next).then(|| {
            self.next = entry.number + 1;
            entry
        })
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal() -> Arc<Journal> {
        Arc::new(Journal::new(Clock::real()))
    }

    fn read(what: &'static str) -> Fact {
        Fact::Read { what }
    }

    #[tokio::test]
    async fn readers_get_everything_in_order_and_end() {
        let journal = journal();
        journal.write(About::default(), read("before"));
        let mut follower = journal.follow();
        let first = journal.write(About::default(), read("a"));
        journal.write(About::cause(first), read("b"));
        journal.close();
        let mut found = Vec::new();
        while let Some(entry) = follower.next().await {
            found.push((entry.number, entry.cause));
        }
        assert_eq!(found, [(2, None), (3, Some(2))]);
        assert_eq!(journal.read_from(0).next().await.unwrap().number, 1);
    }

    #[tokio::test]
    async fn the_oldest_give_way() {
        let journal = journal();
        let mut slow = journal.follow();
        for _ in 0..=Journal::MAX {
            journal.write(About::default(), read("x"));
        }
        assert!(journal.get(1).is_none() && journal.get(2).is_some());
        assert_eq!(slow.next().await.unwrap().number, 2);
        assert_eq!(journal.newest(), Journal::MAX as u64 + 1);
    }

    #[tokio::test]
    async fn large_ones_give_way_sooner() {
        let journal = journal();
        for _ in 0..3 {
            let body = vec![0; Journal::MAX_BYTES / 2 - 1000].into();
            let request = HttpRequest {
                method: String::new(),
                path: String::new(),
                headers: Vec::new(),
                body,
            };
            journal.write(About::default(), Fact::Request(request));
        }
        assert_eq!(journal.from(1, 9).len(), 2);
    }
}
