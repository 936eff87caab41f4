//! Full disks, files that can't be written, and what recovers by itself.

use std::time::Duration;

use kaleyra_wa_store::inbox::{EventId, InboxStore, Settlement};
use kaleyra_wa_store::{Change, SqliteOptions, StoreErrorKind};

use crate::support::{Folder, delivery, keep};

#[tokio::test]
async fn when_there_is_no_page_left_outcomes_are_still_noted() {
    let folder = Folder::new();
    let store = SqliteOptions::new(folder.file("a.db"))
        .max_page_count(100)
        .open()
        .unwrap();
    let mut changes = store.changes();
    let mut kept = 0;
    let error = loop {
        let mut delivery = delivery(&[(&format!("{kept}"), "1")]);
        delivery.raw = vec![b'x'; 10_000].into();
        match store.keep(delivery, Box::new(|_| ())).await {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), StoreErrorKind::Full);
    assert!(kept > 10, "{kept}");
    let told = changes.next().await;
    assert!(
        matches!(told, Some(Change::Refusing { why: "full", .. })),
        "{told:?}"
    );
    // Small ones would fit, but are refused for a while, so that outcomes have the room.
    let error = keep(&store, &[("small", "1")]).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Full);

    let stats = store.stats().await.unwrap();
    assert_eq!(
        stats.waiting, kept,
        "what was answered is there, and nothing else"
    );
    for id in 1..=i64::try_from(kept).unwrap() {
        let attempt = store.take(EventId::new(id)).await.unwrap().unwrap();
        let handled = Settlement::Handled { sends: vec![] };
        assert!(
            store
                .settle(EventId::new(id), attempt, handled)
                .await
                .unwrap()
        );
    }
    store.close().await;
}

#[tokio::test]
async fn a_job_that_fails_harms_no_other_in_its_batch() {
    let folder = Folder::new();
    let store = SqliteOptions::new(folder.file("a.db"))
        .max_page_count(100)
        .open()
        .unwrap();
    // Sent at once, so that they are committed together: one of them can never fit.
    let mut tasks = Vec::new();
    for nth in 0..20 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            let mut delivery = delivery(&[(&format!("{nth}"), "1")]);
            if nth == 10 {
                delivery.raw = vec![b'x'; 1_000_000].into();
            }
            store.keep(delivery, Box::new(|_| ())).await
        }));
    }
    let (mut kept, mut refused) = (0, 0);
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => kept += 1,
            Err(error) => {
                assert_eq!(error.kind(), StoreErrorKind::Full);
                refused += 1;
            }
        }
    }
    assert!(kept >= 10 && refused >= 1, "{kept} {refused}");
    assert_eq!(store.stats().await.unwrap().waiting, kept);
    store.close().await;
}

#[tokio::test]
async fn it_recovers_by_itself_when_there_is_room_again() {
    let folder = Folder::new();
    let store = SqliteOptions::new(folder.file("a.db"))
        .max_page_count(100)
        .refusal(Duration::from_millis(300))
        .open()
        .unwrap();
    let mut delivery = delivery(&[("huge", "1")]);
    delivery.raw = vec![b'x'; 1_000_000].into();
    let mut changes = store.changes();
    store.keep(delivery, Box::new(|_| ())).await.unwrap_err();
    let begun = std::time::Instant::now();
    while keep(&store, &[("small", "1")]).await.is_err() {
        assert!(begun.elapsed() < Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let told = [changes.next().await, changes.next().await];
    assert!(
        matches!(
            told,
            [Some(Change::Refusing { .. }), Some(Change::Recovered)]
        ),
        "{told:?}"
    );
    store.close().await;
}

#[cfg(unix)]
#[test]
fn a_folder_that_can_not_be_written_is_told() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    if rustix::process::geteuid().is_root() {
        eprintln!("SKIPPED: root may write anywhere");
        return;
    }
    let folder = Folder::new();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let error = SqliteOptions::new(folder.file("a.db")).open().unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::ReadOnly);
}
