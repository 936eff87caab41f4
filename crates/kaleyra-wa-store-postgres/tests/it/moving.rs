//! From one store to another, and back.

use kaleyra_wa_store::SqliteStore;
use kaleyra_wa_store::inbox::{
    EventId, EventQuery, EventRecord, EventState, Fingerprint, InboxStore, MovedDelivery,
    Settlement,
};
use kaleyra_wa_store::tracking::Facts;
use kaleyra_wa_store_postgres::PostgresStore;

use crate::sample::delivery;
use crate::server::Server;

/// All that is kept, as it can be taken over.
async fn all(store: &dyn InboxStore) -> Vec<MovedDelivery> {
    let query = EventQuery::new().with_bodies();
    let events = store.events(query).await.unwrap();
    let moved = events.into_iter().map(|event| MovedDelivery {
        received_at: event.received_at,
        raw: event.raw.clone(),
        facts: Facts::default(),
        events: vec![event],
    });
    moved.collect()
}

/// What has to be the same on each side.
fn told(events: &[EventRecord]) -> Vec<String> {
    let told = events.iter().map(|it| {
        format!(
            "{:?} {} {} {:?} {} {:?} {:?} {:?}",
            it.conversation,
            it.kind,
            it.state,
            it.failure,
            it.attempt,
            it.received_at,
            it.settled_at,
            it.raw
        )
    });
    told.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_states_come_along_and_nothing_twice() {
    let Some(server) = Server::start() else {
        return;
    };
    let folder = std::env::temp_dir().join(format!("kwa-moving-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let file = SqliteStore::open(folder.join("old.db")).unwrap();
    let mut ids = Vec::new();
    for nth in 0..5 {
        let mut new = delivery(&format!("user {nth}"));
        // The last has nothing that tells its repetition.
        new.events[0].fingerprint = (nth < 4).then(|| Fingerprint::from_bytes([nth; 16]));
        let kept = file.keep(new, Box::new(|_| ())).await.unwrap();
        ids.push(kept.events[0].1);
    }
    assert_eq!(file.take(ids[0]).await.unwrap(), Some(1));
    let handled = Settlement::Handled { sends: Vec::new() };
    assert!(file.settle(ids[0], 1, handled).await.unwrap());
    assert_eq!(file.take(ids[1]).await.unwrap(), Some(1));
    let failure = "it failed".to_owned();
    assert!(
        file.settle(ids[1], 1, Settlement::Dead { failure })
            .await
            .unwrap()
    );
    assert!(file.discard(ids[2]).await.unwrap());
    // Being handled when it is exported.
    assert_eq!(file.take(ids[3]).await.unwrap(), Some(1));

    let shared = PostgresStore::connect(&server.url()).await.unwrap();
    let moved = shared.take_over(all(&file).await).await.unwrap();
    assert_eq!((moved.added, moved.waiting, moved.duplicates), (5, 2, 0));
    let again = shared.take_over(all(&file).await).await.unwrap();
    assert_eq!((again.added, again.duplicates), (0, 5));
    let (mut old, new) = (
        file.events(EventQuery::new().with_bodies()).await.unwrap(),
        shared
            .events(EventQuery::new().with_bodies())
            .await
            .unwrap(),
    );
    old[3].state = EventState::Waiting;
    assert_eq!(told(&old), told(&new));

    // What is handled is a repetition there, too; what waits is handled.
    let mut repeated = delivery("user 0");
    repeated.events[0].fingerprint = Some(Fingerprint::from_bytes([0; 16]));
    let kept = shared.keep(repeated, Box::new(|_| ())).await.unwrap();
    assert_eq!(kept.duplicates, 1);
    shared.begin_handling().await.unwrap();
    shared.recover(5).await.unwrap();
    let page = shared.load(EventId::default(), 10).await.unwrap();
    let waiting: Vec<_> = page.deliveries.iter().flat_map(|it| &it.events).collect();
    assert_eq!(waiting.len(), 2);
    assert_eq!(shared.take(waiting[0].id).await.unwrap(), Some(2));

    // And back into a file.
    let back = SqliteStore::open(folder.join("new.db")).unwrap();
    let moved = back.take_over(all(&shared).await).await.unwrap();
    assert_eq!((moved.added, moved.waiting), (5, 2));
    let again = back.take_over(all(&shared).await).await.unwrap();
    assert_eq!((again.added, again.duplicates), (0, 5));
    std::fs::remove_dir_all(&folder).unwrap();
}
