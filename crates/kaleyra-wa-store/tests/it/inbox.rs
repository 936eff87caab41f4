//! Deliveries that are kept, handled, and pruned.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kaleyra_wa_store::inbox::{EventId, EventQuery, EventState, InboxStore, Recovered, Settlement};
use kaleyra_wa_store::{
    ManualClock, Moment, Retention, SqliteOptions, SqliteStore, StoreErrorKind,
};

use crate::support::{Folder, delivery, keep};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn ids(kept: &kaleyra_wa_store::inbox::Kept) -> Vec<i64> {
    kept.events.iter().map(|(_, id)| id.get()).collect()
}

#[tokio::test]
async fn what_is_known_is_left_out_across_restarts_and_inside_a_delivery() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file("a.db")).unwrap();
    let kept = keep(&store, &[("A", "1"), ("A", "1"), ("", "1"), ("B", "2")])
        .await
        .unwrap();
    assert_eq!((ids(&kept), kept.duplicates), (vec![1, 2, 3], 1));
    let kept = keep(&store, &[("A", "1"), ("B", "2")]).await.unwrap();
    assert_eq!((ids(&kept), kept.duplicates), (vec![], 2));
    store.close().await;

    let store = SqliteStore::open(folder.file("a.db")).unwrap();
    let kept = keep(&store, &[("B", "2"), ("C", "2"), ("", "1")])
        .await
        .unwrap();
    assert_eq!((ids(&kept), kept.duplicates), (vec![4, 5], 1));
    let stats = store.stats().await.unwrap();
    // The one that brought nothing new left nothing behind.
    assert_eq!(
        (stats.waiting, stats.conversations, stats.deliveries),
        (5, 2, 2)
    );
    store.close().await;
}

#[tokio::test]
async fn what_is_done_after_a_commit_comes_in_the_order_of_the_ids() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file("a.db")).unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for nth in 0..200 {
        let (store, seen) = (store.clone(), Arc::clone(&seen));
        tasks.push(tokio::spawn(async move {
            let on_kept = Box::new(move |kept: &kaleyra_wa_store::inbox::Kept| {
                seen.lock().unwrap().extend(ids(kept));
            });
            store
                .keep(delivery(&[(&format!("{nth}"), "1")]), on_kept)
                .await
                .unwrap()
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let seen = seen.lock().unwrap().clone();
    assert_eq!(seen, (1..=200).collect::<Vec<i64>>());
    store.close().await;
}

#[tokio::test]
async fn an_attempt_counts_before_it_is_made() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file("a.db")).unwrap();
    keep(&store, &[("A", "1"), ("B", "2")]).await.unwrap();
    let (a, b) = (EventId::new(1), EventId::new(2));
    assert_eq!(store.take(a).await.unwrap(), Some(1));
    assert_eq!(store.take(a).await.unwrap(), None, "it runs already");
    let again = Settlement::Again {
        due_at: Moment::from_millis(5_000),
        wait: Duration::from_secs(1),
        failure: "busy".to_owned(),
    };
    assert!(store.settle(a, 1, again).await.unwrap());
    assert_eq!(store.take(a).await.unwrap(), Some(2));
    assert_eq!(store.take(b).await.unwrap(), Some(1));
    store.close().await;

    // The process ended: B has one attempt more, A has not.
    let store = SqliteStore::open(folder.file("a.db")).unwrap();
    let recovered = store.recover(2).await.unwrap();
    assert_eq!((recovered.again, recovered.dead), (1, 1));
    assert_eq!(store.recover(2).await.unwrap(), Recovered::default());
    let dead = store.event(a).await.unwrap().unwrap();
    assert_eq!((dead.state, dead.attempt), (EventState::Dead, 2));
    assert!(dead.failure.unwrap().contains("the process ended"));
    let page = store.load(EventId::default(), 10).await.unwrap();
    assert!(page.is_last);
    assert_eq!(page.deliveries.len(), 1);
    let waiting = &page.deliveries[0].events[0];
    assert_eq!((waiting.id, waiting.attempt), (b, 1));
    // What is settled late, by who took it before, is not counted.
    assert!(
        !store
            .settle(b, 1, Settlement::Handled { sends: vec![] })
            .await
            .unwrap()
    );
    store.close().await;
}

#[tokio::test]
async fn pages_follow_each_other_and_end() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file("a.db")).unwrap();
    for nth in 0..10 {
        let (a, b) = (format!("A{nth}"), format!("B{nth}"));
        keep(&store, &[(&a, "1"), (&b, "2")]).await.unwrap();
    }
    let (mut after, mut seen, mut pages) = (EventId::default(), Vec::new(), 0);
    loop {
        let page = store.load(after, 7).await.unwrap();
        pages += 1;
        for event in page.deliveries.iter().flat_map(|delivery| &delivery.events) {
            seen.push(event.id.get());
            after = event.id;
        }
        if page.is_last {
            break;
        }
    }
    assert_eq!((seen, pages), ((1..=20).collect(), 3));
    let page = store
        .load_conversation("2", EventId::new(5), 100)
        .await
        .unwrap();
    let of_it = page.deliveries.iter().flat_map(|delivery| &delivery.events);
    assert_eq!(
        of_it.map(|event| event.id.get()).collect::<Vec<_>>(),
        [6, 8, 10, 12, 14, 16, 18, 20]
    );
    let query = EventQuery::new()
        .conversation("1")
        .after(EventId::new(10))
        .limit(2)
        .with_bodies();
    let records = store.events(query).await.unwrap();
    assert_eq!(
        records.iter().map(|it| it.id.get()).collect::<Vec<_>>(),
        [11, 13]
    );
    assert!(records[0].raw.as_ref().unwrap().starts_with(b"{\"status\""));
    store.close().await;
}

#[tokio::test]
async fn what_was_handled_is_pruned_in_time_and_what_was_not_never() {
    let folder = Folder::new();
    let clock = Arc::new(ManualClock::new(Moment::from_millis(1_722_863_329_000)));
    let store = SqliteOptions::new(folder.file("a.db"))
        .clock(Arc::clone(&clock))
        .open()
        .unwrap();
    keep(&store, &[("A", "1"), ("B", "1"), ("C", "1")])
        .await
        .unwrap();
    keep(&store, &[("D", "1")]).await.unwrap();
    keep(&store, &[("E", "1")]).await.unwrap();
    let settle = async |id, dead: bool| {
        let id = EventId::new(id);
        let attempt = store.take(id).await.unwrap().unwrap();
        let settlement = if dead {
            Settlement::Dead {
                failure: "so".to_owned(),
            }
        } else {
            Settlement::Handled { sends: vec![] }
        };
        assert!(store.settle(id, attempt, settlement).await.unwrap());
    };
    settle(1, false).await;
    settle(2, true).await;
    settle(4, false).await;
    settle(5, false).await;
    let retention = Retention::default();
    let prune = async || store.prune(retention, 1_000).await.unwrap();
    assert_eq!(prune().await.events, 0);

    clock.advance(8 * DAY);
    let pruned = prune().await;
    // 5 was handled as well, but is the newest: its number must not be given again.
    assert_eq!((pruned.events, pruned.bodies, pruned.is_done), (2, 2, true));
    let left = async || {
        let records = store.events(EventQuery::new().with_bodies()).await.unwrap();
        records
            .iter()
            .map(|it| (it.id.get(), it.raw.is_some()))
            .collect::<Vec<_>>()
    };
    assert_eq!(left().await, [(2, true), (3, true), (5, false)]);
    assert_eq!(ids(&keep(&store, &[("F", "1")]).await.unwrap()), [6]);
    // Forgotten in time, so it is new.
    assert_eq!(ids(&keep(&store, &[("A", "1")]).await.unwrap()), [7]);

    clock.advance(100 * DAY);
    prune().await;
    assert_eq!(left().await, [(3, true), (6, true), (7, true)]);
    store.close().await;
}

#[tokio::test]
async fn bodies_may_go_before_what_is_known() {
    let folder = Folder::new();
    let clock = Arc::new(ManualClock::new(Moment::from_millis(1_722_863_329_000)));
    let store = SqliteOptions::new(folder.file("a.db"))
        .clock(Arc::clone(&clock))
        .open()
        .unwrap();
    keep(&store, &[("A", "1"), ("B", "1")]).await.unwrap();
    let done = async |id| {
        let attempt = store.take(EventId::new(id)).await.unwrap().unwrap();
        assert!(
            store
                .settle(
                    EventId::new(id),
                    attempt,
                    Settlement::Handled { sends: vec![] }
                )
                .await
                .unwrap()
        );
    };
    done(1).await;
    clock.advance(2 * DAY);
    let retention = Retention::default().bodies(DAY);
    assert_eq!(
        store.prune(retention, 100).await.unwrap().bodies,
        0,
        "B needs it"
    );
    done(2).await;
    clock.advance(2 * DAY);
    let pruned = store.prune(retention, 100).await.unwrap();
    assert_eq!((pruned.events, pruned.bodies), (0, 1));
    assert_eq!(
        keep(&store, &[("A", "1"), ("B", "1")])
            .await
            .unwrap()
            .duplicates,
        2
    );
    // Without its body it can't be handled again.
    assert!(!store.requeue(EventId::new(1)).await.unwrap());
    store.close().await;
}

#[tokio::test]
async fn at_the_limit_what_was_handled_goes_first_and_then_nothing_is_taken() {
    let folder = Folder::new();
    let limit = 2_000_000;
    let store = SqliteOptions::new(folder.file("a.db"))
        .retention(Retention::default().max_bytes(limit))
        .open()
        .unwrap();
    let large = async |nth: usize| {
        let mut delivery = delivery(&[(&format!("{nth}"), "1")]);
        delivery.raw = vec![b'x'; 50_000].into();
        store.keep(delivery, Box::new(|_| ())).await
    };
    for nth in 0..60 {
        let kept = large(nth).await.unwrap();
        let (_, id) = kept.events[0];
        let attempt = store.take(id).await.unwrap().unwrap();
        store
            .settle(id, attempt, Settlement::Handled { sends: vec![] })
            .await
            .unwrap();
    }
    let stats = store.stats().await.unwrap();
    assert!(stats.bytes < limit + 100_000, "{stats:?}");
    let mut kept = 0;
    let error = loop {
        match large(1_000 + kept).await {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), StoreErrorKind::AtLimit);
    assert!(kept > 20, "{kept}");
    let stats = store.stats().await.unwrap();
    assert_eq!(stats.waiting, kept as u64, "what waits is never pruned");
    // What is there can still be handled, and then there is room.
    let page = store.load(EventId::default(), 1_000).await.unwrap();
    for event in page.deliveries.iter().flat_map(|delivery| &delivery.events) {
        let attempt = store.take(event.id).await.unwrap().unwrap();
        store
            .settle(event.id, attempt, Settlement::Handled { sends: vec![] })
            .await
            .unwrap();
    }
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    large(5_000).await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_clock_that_was_set_back_keeps_nothing_for_ever() {
    let folder = Folder::new();
    let today = Moment::from_millis(1_722_863_329_000);
    let clock = Arc::new(ManualClock::new(today + 10_000 * DAY));
    let store = SqliteOptions::new(folder.file("a.db"))
        .clock(Arc::clone(&clock))
        .open()
        .unwrap();
    for key in ["A", "B"] {
        let mut delivery = delivery(&[(key, "1")]);
        delivery.received_at = today + 10_000 * DAY;
        store.keep(delivery, Box::new(|_| ())).await.unwrap();
    }
    for id in [1, 2].map(EventId::new) {
        store.take(id).await.unwrap();
        let handled = Settlement::Handled { sends: vec![] };
        store.settle(id, 1, handled).await.unwrap();
    }
    clock.set(today);
    let prune = async || store.prune(Retention::default(), 100).await.unwrap().events;
    assert_eq!(prune().await, 0);
    clock.advance(8 * DAY);
    assert_eq!(prune().await, 1, "all but the newest");
    store.close().await;
}
