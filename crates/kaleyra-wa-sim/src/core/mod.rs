//! What happens in a simulator: everything that the server, the handle and the scripts do comes down to this.

pub(crate) mod callbacks;
mod messages;
mod posting;
mod reading;
pub(crate) mod samples;
pub(crate) mod snapshot;
mod templates;
mod users;
mod worker;

use std::collections::BTreeMap;
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
use crate::delivery::webhook::{InvalidWebhook, Webhook};
use crate::fault::Faults;
use crate::ids::{Ids, Sources};
use crate::journal::{About, Fact, Journal};
use crate::model::account::{Account, Accounts, Number, without_plus};
use crate::model::basis::Basis;
use crate::rules::ladder::StatusLadder;
use crate::rules::reviews::ReviewRules;
use crate::rules::settings::{ServiceWindow, Strictness};
use crate::rules::templates::Templates;
use crate::state::State;
use crate::state::files::File;
use crate::time::clock::Clock;
use crate::time::schedule::Schedule;

pub(crate) use callbacks::Queued;
pub(crate) use templates::{Edit, RefusedTemplate};
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
    webhooks: RwLock<Webhooks>,
    /// Templates that were not created here.
    given_templates: Option<Box<dyn Templates>>,
    schedule: Schedule<worker::Job>,
    /// Callbacks that wait for others.
    waiting: Mutex<posting::Waiting>,
    lanes: Lanes,
    /// What is posted to the webhook, or about to be.
    pub(crate) flights: Flights,
    /// Requests of the bot's that wait for their response.
    pub(crate) requests: Flights,
    slots: Semaphore,
    /// How many messages were accepted since the start.
    pub(crate) total: watch::Sender<usize>,
    /// `true` ends every task; they are gone when nobody subscribes any more.
    pub(crate) stop: watch::Sender<bool>,
    /// Where the server is, without a slash at its end.
    pub(crate) base_url: String,
    /// Whether responses say in a header what is wrong with a request.
    pub(crate) tells_why: bool,
    pub(crate) started_at: SystemTime,
    /// The longest that the bot took for a response, in milliseconds; 0 while that is not known.
    bot_took: AtomicU64,
}

/// Where callbacks go.
#[derive(Default)]
struct Webhooks {
    common: Option<Arc<Webhook>>,
    /// Those of numbers that have one of their own, by the number without `+`.
    own: BTreeMap<String, Arc<Webhook>>,
}

/// What can be set while a simulator runs.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) ladder: StatusLadder,
    /// Whether statuses are posted to the webhook.
    pub(crate) tells_statuses: bool,
    pub(crate) strictness: Strictness,
    /// What strictness implies, unless it was set.
    pub(crate) window: Option<ServiceWindow>,
    pub(crate) reviews: ReviewRules,
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
            webhooks: RwLock::new(Webhooks {
                common: parts.webhook.map(Arc::new),
                own: BTreeMap::new(),
            }),
            given_templates: parts.templates,
            schedule: Schedule::new(),
            waiting: Mutex::default(),
            lanes: Lanes::default(),
            flights: Flights::new(),
            requests: Flights::new(),
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

    /// The webhook of all numbers that have none of their own.
    pub(crate) fn webhook(&self) -> Option<Arc<Webhook>> {
        let webhooks = self.webhooks.read().unwrap_or_else(PoisonError::into_inner);
        webhooks.common.clone()
    }

    /// The webhook of a number.
    pub(crate) fn webhook_of(&self, business: &str) -> Option<Arc<Webhook>> {
        let webhooks = self.webhooks.read().unwrap_or_else(PoisonError::into_inner);
        let own = webhooks.own.get(without_plus(business));
        own.or(webhooks.common.as_ref()).cloned()
    }

    /// The webhooks of an account's numbers, each once.
    pub(crate) fn webhooks_of<'a>(
        &self,
        numbers: impl Iterator<Item = &'a str>,
    ) -> Vec<Arc<Webhook>> {
        let mut all: Vec<Arc<Webhook>> = Vec::new();
        for webhook in numbers.filter_map(|number| self.webhook_of(number)) {
            if !all.iter().any(|known| Arc::ptr_eq(known, &webhook)) {
                all.push(webhook);
            }
        }
        all
    }

    pub(crate) fn set_webhook(&self, webhook: Option<Webhook>) {
        let mut webhooks = self
            .webhooks
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        webhooks.common = webhook.map(Arc::new);
        drop(webhooks);
        self.changed("webhook: another one from now on".to_owned());
    }

    /// Gives a number a webhook of its own, or takes it away.
    pub(crate) fn set_webhook_of(
        &self,
        business: &str,
        webhook: Option<Webhook>,
    ) -> Result<(), InvalidWebhook> {
        let number = self
            .accounts
            .find_number(business)
            .ok_or(InvalidWebhook::Number)?;
        let business = without_plus(&number.sender).to_owned();
        let mut webhooks = self
            .webhooks
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        match webhook {
            Some(webhook) => drop(webhooks.own.insert(business, Arc::new(webhook))),
            None => drop(webhooks.own.remove(&business)),
        }
        drop(webhooks);
        self.changed("webhook: another one for a number from now on".to_owned());
        Ok(())
    }

    /// The bot replied after this long.
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

    /// The number of this text; the first one where it is not a number of an account.
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
