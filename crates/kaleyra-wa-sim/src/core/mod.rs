//! What happens in a simulator: everything that the server, the handle and the scripts do comes down to this.

pub(crate) mod callbacks;
mod messages;
mod posting;
mod reading;
pub(crate) mod snapshot;
mod users;
mod worker;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use kaleyra_wa_types::response::Code;
use sha2::{Digest, Sha256};
use tokio::sync::{Semaphore, watch};

use crate::base64;
use crate::callback::HostedFile;
use crate::chance::Chance;
use crate::delivery::lanes::{Flights, Lanes};
use crate::delivery::webhook::Webhook;
use crate::fault::Faults;
use crate::ids::{Ids, Sources};
use crate::journal::{About, Fact, Journal};
use crate::model::account::{Account, Accounts, Number, without_plus};
use crate::model::basis::Basis;
use crate::rules::ladder::StatusLadder;
use crate::rules::settings::{ServiceWindow, Strictness};
use crate::rules::templates::Templates;
use crate::state::State;
use crate::state::files::File;
use crate::time::clock::Clock;
use crate::time::schedule::Schedule;

pub(crate) use callbacks::Queued;
pub(crate) use worker::work;

/// How many callbacks are posted at the same time.
const POSTED_AT_ONCE: usize = 256;

pub(crate) struct Core {
    pub(crate) accounts: Accounts,
    pub(crate) sources: Sources,
    pub(crate) chance: Chance,
    pub(crate) journal: Arc<Journal>,
    pub(crate) state: State,
    faults: Mutex<Faults>,
    settings: RwLock<Settings>,
    webhook: RwLock<Option<Arc<Webhook>>>,
    templates: Option<Box<dyn Templates>>,
    schedule: Schedule<worker::Job>,
    /// Callbacks that wait for others.
    waiting: Mutex<posting::Waiting>,
    lanes: Lanes,
    pub(crate) flights: Flights,
    slots: Semaphore,
    /// How many messages were accepted since the start.
    pub(crate) total: watch::Sender<usize>,
    /// `true` ends every task; they are gone when nobody subscribes any more.
    pub(crate) stop: watch::Sender<bool>,
    /// Where the server is, without a slash at its end.
    pub(crate) base_url: String,
    /// Whether answers say in a header what is wrong with a request.
    pub(crate) tells_why: bool,
    pub(crate) started_at: SystemTime,
    /// The longest that the bot took for a response, in milliseconds; 0 while that is not known.
    bot_took: AtomicU64,
}

/// What can be set while a simulator runs.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) ladder: StatusLadder,
    /// Whether the webhook is told of statuses.
    pub(crate) tells_statuses: bool,
    pub(crate) strictness: Strictness,
    /// What strictness implies, unless it was set.
    pub(crate) window: Option<ServiceWindow>,
}

/// What a simulator is made of.
pub(crate) struct Parts {
    pub(crate) first: Account,
    pub(crate) others: Vec<Account>,
    pub(crate) clock: Clock,
    pub(crate) chance: Chance,
    /// What ids are made from.
    pub(crate) ids: Chance,
    pub(crate) settings: Settings,
    pub(crate) webhook: Option<Webhook>,
    pub(crate) templates: Option<Box<dyn Templates>>,
    pub(crate) base_url: String,
    pub(crate) tells_why: bool,
}

impl Settings {
    pub(crate) fn window(&self) -> ServiceWindow {
        self.window.unwrap_or(match self.strictness {
            Strictness::Lenient => ServiceWindow::Known,
            Strictness::Kaleyra | Strictness::Meta => ServiceWindow::Strict,
        })
    }
}

impl Core {
    pub(crate) fn new(parts: Parts) -> Self {
        let ids = Ids::new(parts.ids);
        let started_at = parts.clock.now();
        Self {
            accounts: Accounts::new(parts.first, parts.others),
            journal: Arc::new(Journal::new(parts.clock.clone())),
            sources: Sources {
                clock: parts.clock,
                ids,
            },
            chance: parts.chance,
            state: State::new(),
            faults: Mutex::new(Faults::new(parts.chance)),
            settings: RwLock::new(parts.settings),
            webhook: RwLock::new(parts.webhook.map(Arc::new)),
            templates: parts.templates,
            schedule: Schedule::new(),
            waiting: Mutex::default(),
            lanes: Lanes::default(),
            flights: Flights::new(),
            slots: Semaphore::new(POSTED_AT_ONCE),
            total: watch::Sender::new(0),
            stop: watch::Sender::new(false),
            base_url: parts.base_url,
            tells_why: parts.tells_why,
            started_at,
            bot_took: AtomicU64::new(0),
        }
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn waiting(&self) -> MutexGuard<'_, posting::Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.sources.clock
    }

    pub(crate) fn settings(&self) -> Settings {
        let settings = self.settings.read().unwrap_or_else(PoisonError::into_inner);
        settings.clone()
    }

    pub(crate) fn change_settings(&self, what: String, change: impl FnOnce(&mut Settings)) {
        change(
            &mut self
                .settings
                .write()
                .unwrap_or_else(PoisonError::into_inner),
        );
        self.changed(what);
    }

    pub(crate) fn webhook(&self) -> Option<Arc<Webhook>> {
        let webhook = self.webhook.read().unwrap_or_else(PoisonError::into_inner);
        webhook.clone()
    }

    pub(crate) fn set_webhook(&self, webhook: Option<Webhook>) {
        *self.webhook.write().unwrap_or_else(PoisonError::into_inner) = webhook.map(Arc::new);
        self.changed("webhook: another one from now on".to_owned());
    }

    pub(crate) fn templates(&self) -> Option<&dyn Templates> {
        self.templates.as_deref()
    }

    /// The bot answered after this long.
    pub(crate) fn bot_took(&self, took: Duration) {
        let millis = took.as_millis() as u64;
        self.bot_took.fetch_max(millis.max(1), Ordering::Relaxed);
    }

    /// How long the bot has to be silent to be taken for done: three times what it needs for a response, once that is known.
    pub(crate) fn quiet(&self, unknown: Duration) -> Duration {
        match self.bot_took.load(Ordering::Relaxed) {
            0 => unknown,
            millis => Duration::from_millis((3 * millis).clamp(60, 2_000)),
        }
    }

    /// The number of this text; the first one where it is no number of an account.
    pub(crate) fn number(&self, sender: &str) -> &Number {
        let found = self.accounts.find_number(sender);
        found.unwrap_or_else(|| self.accounts.first_number())
    }

    /// Keeps a file for download.
    pub(crate) fn host(&self, mime_type: &str, bytes: Bytes) -> HostedFile {
        let digest = base64::encode(&Sha256::digest(&bytes));
        let id = self.sources.ids.hex32(&format!("file {digest}"));
        let file = HostedFile {
            url: format!("{}/media/{id}", self.base_url),
            mime_type: mime_type.to_owned(),
            sha256: digest,
            size: bytes.len() as u64,
            file_name: None,
        };
        self.state.hosted().push(File {
            id,
            mime_type: mime_type.to_owned(),
            bytes,
            kept_at: self.clock().now(),
        });
        file
    }

    /// Notes that a request was refused.
    pub(crate) fn rejected(
        &self,
        about: About,
        status: u16,
        code: Option<Code>,
        why: impl Into<String>,
    ) {
        let why = why.into();
        self.journal
            .write(about, Fact::Rejected { status, code, why });
    }

    /// Notes that something was set.
    pub(crate) fn changed(&self, what: String) {
        let about = About::default().basis(Basis::Simulator);
        self.journal.write(about, Fact::Changed { what });
    }

    /// The first account's first number, without `+`.
    pub(crate) fn default_business(&self) -> String {
        without_plus(&self.accounts.first_number().sender).to_owned()
    }
}

/// Ends when the simulator stops, or is gone already.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

impl Drop for Core {
    fn drop(&mut self) {
        self.journal.close();
    }
}
