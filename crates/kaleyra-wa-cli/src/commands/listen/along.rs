//! What becomes of a callback beside being shown: it is saved, and handed on, as it came.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use http::{HeaderMap, Method};
use kaleyra_wa_webhook::{ReceivedCallback, Sink, SinkError, Unverified, Verdict, Verifier};
use tokio::task::{self, Id};

use super::forward::Forward;
use super::save::Saver;
use super::select::Selection;

/// More heads than there can be connections are left over from some that broke off.
const HEADS_MAX: usize = 4096;

/// The head of a request: what a delivery does not have.
#[derive(Clone)]
pub(super) struct Head {
    pub(super) method: Method,
    pub(super) query: Option<String>,
    pub(super) headers: HeaderMap,
}

/// The heads of the requests under way. A request is verified and accepted by one task, which tells them apart.
#[derive(Clone, Default)]
pub(super) struct Heads(Arc<Mutex<HashMap<Id, Head>>>);

/// Lets another verifier decide, and keeps the head of what is genuine.
pub(super) struct Keeping {
    pub(super) inner: Option<Box<dyn Verifier>>,
    pub(super) heads: Heads,
}

/// Saves, then shows, then hands on.
pub(super) struct Along<S> {
    pub(super) inner: S,
    pub(super) heads: Heads,
    pub(super) selection: Selection,
    pub(super) saver: Option<Saver>,
    pub(super) forwards: Vec<Forward>,
}

impl Heads {
    fn keep(&self, request: &Unverified<'_>) {
        let Some(id) = task::try_id() else { return };
        let head = request.head();
        let mut heads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if heads.len() >= HEADS_MAX {
            heads.clear();
        }
        let head = Head {
            method: head.method.clone(),
            query: head.uri.query().map(str::to_owned),
            headers: head.headers.clone(),
        };
        heads.insert(id, head);
    }

    fn take(&self) -> Option<Head> {
        let mut heads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heads.remove(&task::try_id()?)
    }
}

impl Verifier for Keeping {
    fn verify(&self, request: &Unverified<'_>) -> Verdict {
        let verdict = match &self.inner {
            Some(inner) => inner.verify(request),
            None => Verdict::Genuine,
        };
        if verdict == Verdict::Genuine {
            self.heads.keep(request);
        }
        verdict
    }
}

#[async_trait]
impl<S: Sink> Sink for Along<S> {
    async fn accept(&self, delivery: ReceivedCallback) -> Result<(), SinkError> {
        let head = self.heads.take();
        if !self.selection.takes(&delivery.callback) {
            return self.inner.accept(delivery).await;
        }
        if let Some(saver) = &self.saver {
            saver.save(head.as_ref(), &delivery)?;
        }
        if self.forwards.is_empty() {
            return self.inner.accept(delivery).await;
        }
        let raw = delivery.raw.clone();
        self.inner.accept(delivery).await?;
        let mut failed = None;
        for forward in &self.forwards {
            // All hear it, also if one of them does not respond.
            if let Err(error) = forward.post(head.as_ref(), &raw).await {
                failed = Some(error);
            }
        }
        failed.map_or(Ok(()), Err)
    }
}
