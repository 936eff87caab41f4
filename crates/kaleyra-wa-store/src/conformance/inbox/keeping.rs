//! What is kept, and what is known.

use std::sync::{Arc, Mutex, PoisonError};

use super::sample::{body, delivery, ids, keep, on};
use crate::conformance::Place;
use crate::conformance::stage::{Finding, OrFinding, Stage, expect};
use crate::inbox::{EventId, InboxStore, Kept, Settlement};

pub(super) async fn through_a_crash<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: InboxStore,
{
    let store = stage.open().await?;
    let first = keep(&store, &stage.clock, &[("A", "1"), ("B", "2")]).await?;
    let second = keep(&store, &stage.clock, &[("C", "1")]).await?;
    let store = stage.crash(store).await?;
    let page = store
        .load(EventId::default(), 10)
        .await
        .or_finding("loading")?;
    expect(
        on(&page),
        [first, second].concat(),
        "the events after a crash",
    )?;
    let bodies: Vec<_> = page
        .deliveries
        .iter()
        .map(|delivery| delivery.raw.clone())
        .collect();
    let promised = [body(&["A", "B"]).into(), body(&["C"]).into()];
    expect(bodies, promised.to_vec(), "their bodies")?;
    let places: Vec<_> = page.deliveries[0]
        .events
        .iter()
        .map(|event| event.nth)
        .collect();
    expect(places, vec![0, 1], "their places in the delivery")
}

pub(super) async fn known_events<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: InboxStore,
{
    let store = stage.open().await?;
    let one = delivery(&stage.clock, &[("A", "1"), ("A", "1"), ("", "1")]);
    let kept = store
        .keep(one, Box::new(|_| ()))
        .await
        .or_finding("keeping")?;
    expect(
        (kept.events.len(), kept.duplicates),
        (2, 1),
        "new and known in a delivery",
    )?;
    let store = stage.reopen(store).await?;
    let again = keep(&store, &stage.clock, &[("A", "1")]).await?;
    expect(again.len(), 0, "new events in a repetition after a restart")?;
    let mixed = keep(&store, &stage.clock, &[("A", "1"), ("B", "1"), ("", "1")]).await?;
    expect(mixed.len(), 2, "new events beside a known one")?;
    let store = stage.crash(store).await?;
    let again = keep(&store, &stage.clock, &[("B", "1"), ("A", "1")]).await?;
    expect(again.len(), 0, "new events in a repetition after a crash")?;
    let stats = store.stats().await.or_finding("counting")?;
    expect(stats.waiting, 4, "events that wait")
}

pub(super) async fn known_in_every_state<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: InboxStore,
{
    let store = stage.open().await?;
    let keys = ["waits", "runs", "handled", "dead", "dropped"];
    let events = keys.map(|key| (key, "1"));
    let ids = keep(&store, &stage.clock, &events).await?;
    for id in &ids[1..4] {
        store.take(*id).await.or_finding("taking")?;
    }
    let handled = Settlement::Handled { sends: Vec::new() };
    store
        .settle(ids[2], 1, handled)
        .await
        .or_finding("settling")?;
    let failure = "it had to be".to_owned();
    store
        .settle(ids[3], 1, Settlement::Dead { failure })
        .await
        .or_finding("settling")?;
    store.discard(ids[4]).await.or_finding("dropping")?;
    for key in keys {
        let again = keep(&store, &stage.clock, &[(key, "1")]).await?;
        expect(
            again.len(),
            0,
            &format!("new events where the known one is `{key}`"),
        )?;
    }
    Ok(())
}

pub(super) async fn told_in_order<P>(stage: &Stage<P>) -> Finding
where
    P: Place,
    P::Store: InboxStore,
{
    let store = stage.open().await?;
    let told = Arc::new(Mutex::new(Vec::new()));
    let keeps = (0..40).map(|nth| {
        let told = Arc::clone(&told);
        let on_kept = Box::new(move |kept: &Kept| {
            told.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend(ids(kept));
        });
        let (a, b) = (format!("A{nth}"), format!("B{nth}"));
        store.keep(delivery(&stage.clock, &[(&a, "1"), (&b, "2")]), on_kept)
    });
    for kept in join_all(keeps).await {
        kept.or_finding("keeping")?;
    }
    let told = told.lock().unwrap_or_else(PoisonError::into_inner).clone();
    expect(told.len(), 80, "events that were reported")?;
    expect(
        told.is_sorted(),
        true,
        "whether they were reported in the order of their ids",
    )
}

/// Runs futures side by side, on this task.
async fn join_all<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut waiting: Vec<_> = futures
        .into_iter()
        .map(|future| (Box::pin(future), None))
        .collect();
    std::future::poll_fn(|cx| {
        let mut all = true;
        for (future, output) in &mut waiting {
            if output.is_none() {
                match future.as_mut().poll(cx) {
                    std::task::Poll::Ready(ready) => *output = Some(ready),
                    std::task::Poll::Pending => all = false,
                }
            }
        }
        if all {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    waiting
        .into_iter()
        .filter_map(|(_, output)| output)
        .collect()
}
