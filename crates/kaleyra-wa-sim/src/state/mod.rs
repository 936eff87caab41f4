//! What the simulator knows at a moment.

pub(crate) mod blocklist;
pub(crate) mod conversations;
pub(crate) mod files;
pub(crate) mod messages;
pub(crate) mod phones;
pub(crate) mod quota;
pub(crate) mod records;
pub(crate) mod templates;
pub(crate) mod uploads;
pub(crate) mod wrote;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

use blocklist::Blocklist;
use conversations::Conversations;
use files::{Files, InFlight};
use messages::Messages;
use phones::Phones;
use quota::Quota;
use records::Records;
use templates::TemplateBook;
use uploads::Uploads;
use wrote::LastWrote;

/// How many bytes the files that users sent may have together.
const HOSTED_MAX_BYTES: usize = 128 << 20;

/// All of it. No lock is held while another is taken.
pub(crate) struct State {
    messages: Mutex<Messages>,
    uploads: Mutex<Uploads>,
    /// What uploads take while they come.
    pub(crate) in_flight: InFlight,
    hosted: Mutex<Files>,
    /// How many downloads of these carried an API key.
    pub(crate) leaked_keys: AtomicUsize,
    lists: Mutex<BTreeMap<String, Lists>>,
    phones: Mutex<Phones>,
    conversations: Mutex<Conversations>,
    templates: Mutex<TemplateBook>,
    records: Mutex<Records>,
    quota: Mutex<Quota>,
}

/// What a business number knows of its users.
#[derive(Default)]
pub(crate) struct Lists {
    pub(crate) wrote: LastWrote,
    pub(crate) blocked: Blocklist,
}

impl State {
    pub(crate) fn new() -> Self {
        Self {
            messages: Mutex::default(),
            uploads: Mutex::new(Uploads::new()),
            in_flight: InFlight::default(),
            hosted: Mutex::new(Files::new(HOSTED_MAX_BYTES)),
            leaked_keys: AtomicUsize::new(0),
            lists: Mutex::default(),
            phones: Mutex::default(),
            conversations: Mutex::default(),
            templates: Mutex::default(),
            records: Mutex::default(),
            quota: Mutex::default(),
        }
    }

    /// Forgets everything.
    pub(crate) fn reset(&self) {
        *self.messages() = Messages::default();
        *self.uploads() = Uploads::new();
        *self.hosted() = Files::new(HOSTED_MAX_BYTES);
        lock(&self.lists).clear();
        *self.phones() = Phones::default();
        *self.conversations() = Conversations::default();
        *self.templates() = TemplateBook::default();
        *self.records() = Records::default();
        *self.quota() = Quota::default();
    }

    pub(crate) fn messages(&self) -> MutexGuard<'_, Messages> {
        lock(&self.messages)
    }

    pub(crate) fn uploads(&self) -> MutexGuard<'_, Uploads> {
        lock(&self.uploads)
    }

    pub(crate) fn hosted(&self) -> MutexGuard<'_, Files> {
        lock(&self.hosted)
    }

    pub(crate) fn phones(&self) -> MutexGuard<'_, Phones> {
        lock(&self.phones)
    }

    pub(crate) fn conversations(&self) -> MutexGuard<'_, Conversations> {
        lock(&self.conversations)
    }

    pub(crate) fn templates(&self) -> MutexGuard<'_, TemplateBook> {
        lock(&self.templates)
    }

    pub(crate) fn records(&self) -> MutexGuard<'_, Records> {
        lock(&self.records)
    }

    pub(crate) fn quota(&self) -> MutexGuard<'_, Quota> {
        lock(&self.quota)
    }

    /// Does something with the lists of a business number.
    pub(crate) fn with_lists<T>(&self, business: &str, act: impl FnOnce(&mut Lists) -> T) -> T {
        act(lock(&self.lists).entry(business.to_owned()).or_default())
    }
}

/// What these locks guard is whole after every statement, so a panic of another holder does no harm.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
