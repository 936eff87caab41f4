//! What the server, the poster and the handle have in common.

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;
use kaleyra_wa_types::callback::StatusName;
use kaleyra_wa_types::response::Code;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use crate::accepted::Accepted;
use crate::account::Account;
use crate::blocklist::Blocklist;
use crate::callback::{Business, HostedFile, status};
use crate::event::{EventSource, STATUS, SimEvent};
use crate::fault::Faults;
use crate::files::{File, Files, InFlight};
use crate::hosts::Hosts;
use crate::payload::Payload;
use crate::poster::{Queue, Webhook};
use crate::uploads::Uploads;
use crate::{AcceptedMessage, CallbackError, base64, fresh};

pub(crate) struct Shared {
    pub(crate) account: Account,
    pub(crate) business: Business,
    /// Where callbacks go, once that is known.
    pub(crate) webhook: Mutex<Option<Arc<Webhook>>>,
    /// Which hosts it answers as.
    pub(crate) hosts: Hosts,
    /// Where statuses go; `None` where none are wanted.
    pub(crate) statuses: Option<Queue>,
    pub(crate) events: EventSource,
    /// How many messages were accepted since the start.
    pub(crate) total: watch::Sender<usize>,
    /// `true` ends every task; they are gone when nobody subscribes any more.
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) accepted: Mutex<Accepted>,
    pub(crate) uploads: Mutex<Uploads>,
    /// What uploads take while they come.
    pub(crate) in_flight: InFlight,
    /// Files that users sent.
    pub(crate) hosted: Mutex<Files>,
    /// How many downloads of these carried an API key.
    pub(crate) leaked_keys: AtomicUsize,
    pub(crate) blocklist: Mutex<Blocklist>,
    /// Where the server is, without a slash at its end.
    pub(crate) base_url: String,
}

impl Shared {
    pub(crate) fn webhook(&self) -> MutexGuard<'_, Option<Arc<Webhook>>> {
        lock(&self.webhook)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    pub(crate) fn accepted(&self) -> MutexGuard<'_, Accepted> {
        lock(&self.accepted)
    }

    pub(crate) fn uploads(&self) -> MutexGuard<'_, Uploads> {
        lock(&self.uploads)
    }

    pub(crate) fn hosted(&self) -> MutexGuard<'_, Files> {
        lock(&self.hosted)
    }

    pub(crate) fn blocklist(&self) -> MutexGuard<'_, Blocklist> {
        lock(&self.blocklist)
    }

    /// Keeps a file for download.
    pub(crate) fn host(&self, mime_type: &str, bytes: Bytes) -> HostedFile {
        let id = fresh::hex32();
        let file = HostedFile {
            url: format!("{}/media/{id}", self.base_url),
            mime_type: mime_type.to_owned(),
            sha256: base64::encode(&Sha256::digest(&bytes)),
            size: bytes.len() as u64,
            file_name: None,
        };
        let mime_type = mime_type.to_owned();
        self.hosted().push(File {
            id,
            mime_type,
            bytes,
        });
        file
    }

    /// Keeps a message. Its `sent` status is for later: see [`tell_sent`](Self::tell_sent).
    pub(crate) fn accept(&self, payload: Payload) -> Arc<AcceptedMessage> {
        let media = payload.media_id().and_then(|id| self.uploads().find(id));
        let message = Arc::new(AcceptedMessage::new(payload, media));
        self.accepted().push(message.clone());
        self.total.send_modify(|total| *total += 1);
        self.events.emit(SimEvent::Accepted(message.clone()));
        message
    }

    /// Queues the `sent` status of a message, if it is to have one.
    pub(crate) fn tell_sent(&self, message: &AcceptedMessage) {
        // What Kaleyra calls back about a read receipt is not known.
        if let (Some(statuses), Some(_)) = (&self.statuses, message.type_name())
            && self.webhook().is_some()
        {
            let callback = status(&self.business, &StatusName::Sent, message);
            if let Err(error) = statuses.push(callback) {
                self.posted(STATUS, &Err(error), 0);
            }
        }
    }

    pub(crate) fn rejected(&self, status: u16, code: Option<Code>, why: impl Into<String>) {
        let why = why.into();
        self.events.emit(SimEvent::Rejected { status, code, why });
    }

    /// Posts a callback once and tells how it went; not at all if its user is blocked.
    pub(crate) async fn post_and_tell(
        &self,
        kind: &'static str,
        callback: &Value,
    ) -> Result<u16, CallbackError> {
        let now = fresh::unix_seconds(SystemTime::now());
        let is_withheld = self.blocklist().withholds(callback, now);
        let (result, attempts) = match is_withheld {
            true => (Err(CallbackError::UserBlocked), 0),
            false => (self.post(callback).await, 1),
        };
        self.posted(kind, &result, attempts);
        result
    }

    /// Posts a callback once.
    pub(crate) async fn post(&self, callback: &Value) -> Result<u16, CallbackError> {
        let webhook = self.webhook().clone();
        match webhook {
            Some(webhook) => {
                self.events.note(&format!("posts a callback: {callback}"));
                webhook.post(callback).await
            }
            None => Err(CallbackError::NotConfigured),
        }
    }

    /// Tells how it went.
    pub(crate) fn posted(
        &self,
        kind: &'static str,
        result: &Result<u16, CallbackError>,
        attempts: u32,
    ) {
        self.events.emit(match result {
            Ok(status) => SimEvent::CallbackPosted {
                kind,
                status: *status,
                attempts,
            },
            Err(error) => SimEvent::CallbackFailed {
                kind,
                why: error.detail(),
                attempts,
            },
        });
    }
}

/// Ends when the simulator stops, or is gone already.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

/// What these locks guard is whole after every statement, so a panic of another holder does no harm.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
