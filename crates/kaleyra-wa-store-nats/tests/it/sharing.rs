//! Several processes on one store, in one: shares, takeovers, and what people do meanwhile.

use std::time::Duration;

use kaleyra_wa_store::inbox::{EventId, EventState, InboxStore, Settlement};
use kaleyra_wa_store::{ManualClock, Moment, StoreErrorKind};
use kaleyra_wa_store_nats::{NatsOptions, NatsStore};

use crate::sample::{ids, keep, until};
use crate::server::Server;

fn options(server: &Server) -> NatsOptions {
    NatsOptions::new(server.url()).lease(Duration::from_secs(6))
}

async fn loaded(store: &NatsStore) -> Vec<EventId> {
    let mut all = ids(&store.load(EventId::default(), 1_000).await.unwrap());
    all.extend(ids(&store
        .load_requeued(EventId::default(), 1_000)
        .await
        .unwrap()));
    all.sort();
    all.dedup();
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conversations_are_shared_and_taken_over_in_their_order() {
    let Some(server) = Server::start() else {
        return;
    };
    let first = options(&server).open().await.unwrap();
    assert_eq!(first.share(), 64);
    let receiver = options(&server).receive_only().open().await.unwrap();
    assert_eq!(receiver.share(), 0);
    let mut all = Vec::new();
    for nth in 0..60 {
        let kept = keep(&receiver, &format!("{}", nth % 20), &format!("k{nth}")).await;
        all.push(kept.unwrap().events[0].1);
    }
    assert_eq!(receiver.take(all[0]).await.unwrap(), None);
    until("the first has heard of all", async || {
        loaded(&first).await == all
    })
    .await;
    assert_eq!(first.take(all[0]).await.unwrap(), Some(1));

    let second = options(&server).open().await.unwrap();
    until("both have a share", async || {
        first.share() + second.share() == 64 && second.share() > 10
    })
    .await;
    // What is being handled stays where it is.
    let handled = || Settlement::Handled { sends: Vec::new() };
    assert!(first.settle(all[0], 1, handled()).await.unwrap());
    let (of_first, of_second) = (loaded(&first).await, loaded(&second).await);
    assert_eq!([of_first, of_second.clone()].concat().len(), 59);
    let event = of_second[0];
    assert_eq!(first.take(event).await.unwrap(), None);
    second.recover(3).await.unwrap();
    first.recover(3).await.unwrap();
    assert_eq!(second.take(event).await.unwrap(), Some(1));

    // As if its process ended: nobody responds for it.
    drop(second);
    until("the first has all", async || first.share() == 64).await;
    assert_eq!(loaded(&first).await, all[1..]);
    let record = receiver.event(event).await.unwrap().unwrap();
    assert_eq!((record.state, record.attempt), (EventState::Waiting, 1));
    assert_eq!(first.take(event).await.unwrap(), Some(2));
    assert!(first.settle(event, 2, handled()).await.unwrap());

    let error = options(&server).alone().open().await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Owned);
    first.close().await;
    let alone = options(&server).alone().open().await.unwrap();
    assert_eq!(alone.share(), 64);
    assert_eq!(alone.stats().await.unwrap().handled, 2);
    alone.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_process_puts_back_or_drops_is_noticed_by_who_handles_it() {
    let Some(server) = Server::start() else {
        return;
    };
    let worker = options(&server).open().await.unwrap();
    worker.recover(3).await.unwrap();
    let other = options(&server).receive_only().open().await.unwrap();
    let mut kept = Vec::new();
    for nth in 0..200 {
        kept.push(keep(&worker, "1", &format!("k{nth}")).await.unwrap().events[0].1);
    }
    let failure = || Settlement::Dead {
        failure: "no luck".to_owned(),
    };
    for id in &kept[..199] {
        assert_eq!(worker.take(*id).await.unwrap(), Some(1));
        assert!(worker.settle(*id, 1, failure()).await.unwrap());
    }
    // More of them than are listed one by one.
    for id in &kept[..100] {
        assert!(other.requeue(*id).await.unwrap());
        assert!(!other.requeue(*id).await.unwrap());
    }
    until("they are told", async || {
        let mut seen = Vec::new();
        let mut after = EventId::default();
        loop {
            let page = worker.load_requeued(after, 50).await.unwrap();
            let ids = ids(&page);
            after = ids.last().copied().unwrap_or(after);
            seen.extend(ids);
            if page.is_last {
                return seen[..seen.len().min(100)] == kept[..100];
            }
        }
    })
    .await;
    assert_eq!(worker.take(kept[0]).await.unwrap(), Some(1));
    assert!(other.discard(kept[0]).await.unwrap());
    assert!(!worker.settle(kept[0], 1, failure()).await.unwrap());
    assert!(other.discard(kept[199]).await.unwrap());
    assert_eq!(worker.take(kept[199]).await.unwrap(), None);
    worker.close().await;

    // What was put back is found by who comes later, below all that is settled.
    let later = options(&server).open().await.unwrap();
    assert_eq!(loaded(&later).await, kept[1..100]);
    later.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_is_kept_as_long_as_one_of_its_events_and_no_longer() {
    let Some(server) = Server::start() else {
        return;
    };
    let clock = std::sync::Arc::new(ManualClock::new(Moment::from_millis(1_722_863_329_000)));
    let store = options(&server)
        .clock(std::sync::Arc::clone(&clock))
        .open()
        .await
        .unwrap();
    let body = vec![b'x'; 1_500_000];
    let large = crate::sample::delivery("1", &["a", "b"], body.clone());
    let kept = store.keep(large, Box::new(|_| ())).await.unwrap();
    let handled = || Settlement::Handled { sends: Vec::new() };
    let day = Duration::from_secs(24 * 60 * 60);
    for (_, id) in &kept.events {
        assert_eq!(store.take(*id).await.unwrap(), Some(1));
        assert!(store.settle(*id, 1, handled()).await.unwrap());
        clock.advance(4 * day);
    }
    let retention = kaleyra_wa_store::Retention::default();
    let pruned = store.prune(retention, 10).await.unwrap();
    assert_eq!((pruned.events, pruned.bodies, pruned.is_done), (1, 0, true));
    let record = store.event(kept.events[1].1).await.unwrap().unwrap();
    assert!(record.raw.unwrap() == body);
    clock.advance(4 * day);
    let pruned = store.prune(retention, 10).await.unwrap();
    assert_eq!((pruned.events, pruned.bodies, pruned.is_done), (1, 1, true));
    assert_eq!(store.stats().await.unwrap().deliveries, 0);
    store.close().await;
}
