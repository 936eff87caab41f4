//! The task that keeps deliveries: all that wait in one transaction, and told of in the order of their ids.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kaleyra_wa_store::inbox::{Kept, NewDelivery, OnKept};
use kaleyra_wa_store::{StoreError, StoreErrorKind};
use tokio::sync::{mpsc, oneshot};

use super::keep::{Batch, keep};
use crate::retry::retry;
use crate::store::Inner;

/// How many deliveries are kept at once, and how many bytes of them.
const BATCH: (usize, usize) = (512, 4 * 1_024 * 1_024);

/// A delivery to keep.
pub(crate) struct KeepJob {
    pub(crate) delivery: NewDelivery,
    pub(crate) on_kept: OnKept,
    pub(crate) response: oneshot::Sender<Result<Kept, StoreError>>,
}

/// Keeps what comes until nobody is left to send anything.
pub(crate) async fn write(inner: Arc<Inner>, mut jobs: mpsc::Receiver<KeepJob>) {
    while let Some(first) = jobs.recv().await {
        let mut bytes = first.delivery.raw.len();
        let mut batch = vec![first];
        while batch.len() < BATCH.0 && bytes < BATCH.1 {
            let Ok(job) = jobs.try_recv() else { break };
            bytes += job.delivery.raw.len();
            batch.push(job);
        }
        commit(&inner, batch).await;
    }
}

async fn commit(inner: &Arc<Inner>, batch: Vec<KeepJob>) {
    let deliveries: Vec<&NewDelivery> = batch.iter().map(|job| &job.delivery).collect();
    match retry(|| keep(inner, &deliveries)).await {
        Ok(kept) => finish(inner, batch, kept),
        // One that can't be kept must harm no other.
        Err(error) if error.kind() == StoreErrorKind::Other && batch.len() > 1 => {
            for job in batch {
                let alone = [&job.delivery];
                match retry(|| keep(inner, &alone)).await {
                    Ok(kept) => finish(inner, vec![job], kept),
                    Err(error) => refuse(vec![job], &error),
                }
            }
        }
        Err(error) => refuse(batch, &error),
    }
}

fn finish(inner: &Inner, batch: Vec<KeepJob>, kept: Batch) {
    inner.signals.tell(kept.changes);
    let mut told = BTreeSet::new();
    let mut has_moved = false;
    for (id, shard) in &kept.here {
        if inner.shards.may_be_passed_over(*id) {
            has_moved |= inner.shards.heard(*shard, *id);
        } else {
            told.insert(*id);
        }
    }
    for (job, kept_of) in batch.into_iter().zip(kept.kept) {
        let mut here = Kept::default();
        here.duplicates = kept_of.duplicates;
        here.events = kept_of.events.clone();
        here.events.retain(|(_, id)| told.contains(&id.get()));
        (job.on_kept)(&here);
        let _ = job.response.send(Ok(kept_of));
    }
    if has_moved {
        inner.signals.moved();
    }
}

fn refuse(batch: Vec<KeepJob>, error: &StoreError) {
    for job in batch {
        let _ = job.response.send(Err(error.clone()));
    }
}

/// The events of a batch that this process handles itself, and the shard of each.
pub(super) type Here = BTreeMap<i64, i64>;
