//! One owner at a time, others beside it, and copies that know what they are.

use kaleyra_wa_store::inbox::{EventId, InboxStore, Settlement};
use kaleyra_wa_store::{SqliteStore, StoreErrorKind};

use crate::support::{Folder, keep};

#[tokio::test]
async fn a_second_owner_is_told_who_the_first_is() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file("a.db")).unwrap();
    let error = SqliteStore::open(folder.file("a.db")).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Owned);
    let process = format!("process {}", std::process::id());
    assert!(error.to_string().contains(&process), "{error}");

    store.close().await;
    SqliteStore::open(folder.file("a.db"))
        .unwrap()
        .close()
        .await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_leads_to_the_same_lock() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file("a.db")).unwrap();
    std::os::unix::fs::symlink(folder.file("a.db"), folder.file("b.db")).unwrap();
    let error = SqliteStore::open(folder.file("b.db")).unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Owned);
    store.close().await;
}

#[tokio::test]
async fn a_visitor_reads_and_puts_back_and_the_owner_hears_of_it() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file("a.db")).unwrap();
    let kept = keep(&store, &[("A", "1")]).await.unwrap();
    let (_, event) = kept.events[0];
    let attempt = store.take(event).await.unwrap().unwrap();
    let dead = Settlement::Dead {
        failure: "no luck".to_owned(),
    };
    assert!(store.settle(event, attempt, dead).await.unwrap());

    let visitor = SqliteStore::attach(folder.file("a.db")).unwrap();
    assert_eq!(visitor.stats().await.unwrap().dead, 1);
    let refused = visitor.take(event).await.unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::NotOwner);
    let refused = keep(&visitor, &[("B", "1")]).await.unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::NotOwner);

    let mut watch = store.watch();
    watch.mark_unchanged();
    assert!(visitor.requeue(event).await.unwrap());
    watch.changed().await.unwrap();
    let page = store.load_requeued(EventId::default(), 10).await.unwrap();
    assert_eq!(page.deliveries[0].events[0].id, event);
    assert_eq!(page.deliveries[0].events[0].attempt, 0);
    assert_eq!(store.take(event).await.unwrap(), Some(1));
    assert!(
        store
            .load_requeued(EventId::default(), 10)
            .await
            .unwrap()
            .deliveries
            .is_empty()
    );
    visitor.close().await;
    store.close().await;
}

#[tokio::test]
async fn a_backup_is_whole_and_knows_that_it_is_one() {
    let folder = Folder::new();
    let store = SqliteStore::open(folder.file("a.db")).unwrap();
    assert_eq!(store.is_restored(), Some(false));
    keep(&store, &[("A", "1"), ("B", "2")]).await.unwrap();
    store.backup(&folder.file("copy.db")).await.unwrap();
    let error = store.backup(&folder.file("copy.db")).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Invalid);
    keep(&store, &[("C", "1")]).await.unwrap();
    store.close().await;

    let copy = SqliteStore::open(folder.file("copy.db")).unwrap();
    assert_eq!(copy.is_restored(), Some(true));
    assert_eq!(copy.stats().await.unwrap().waiting, 2);
    copy.close().await;
    // Until somebody decides.
    let copy = SqliteStore::open(folder.file("copy.db")).unwrap();
    assert_eq!(copy.is_restored(), Some(true));
    copy.close().await;
    assert!(!folder.file("copy.db.part").exists());
}

#[tokio::test]
async fn a_file_that_is_older_than_its_lock_was_restored() {
    let folder = Folder::new();
    SqliteStore::open(folder.file("a.db"))
        .unwrap()
        .close()
        .await;
    std::fs::copy(folder.file("a.db"), folder.file("old.db")).unwrap();
    let store = SqliteStore::open(folder.file("a.db")).unwrap();
    assert_eq!(store.is_restored(), Some(false));
    store.close().await;

    std::fs::copy(folder.file("old.db"), folder.file("a.db")).unwrap();
    let store = SqliteStore::open(folder.file("a.db")).unwrap();
    assert_eq!(store.is_restored(), Some(true));
    store.close().await;
}

#[tokio::test]
async fn who_lost_the_lock_file_does_not_write_beside_the_next_owner() {
    let folder = Folder::new();
    let first = SqliteStore::open(folder.file("a.db")).unwrap();
    keep(&first, &[("A", "1")]).await.unwrap();
    std::fs::remove_file(folder.file("a.db.lock")).unwrap();
    let second = SqliteStore::open(folder.file("a.db")).unwrap();
    let mut ended = None;
    for nth in 0..100 {
        match keep(&first, &[(&format!("B{nth}"), "1")]).await {
            Ok(_) => tokio::time::sleep(std::time::Duration::from_millis(100)).await,
            Err(error) => {
                ended = Some(error.kind());
                break;
            }
        }
    }
    assert_eq!(ended, Some(StoreErrorKind::NotOwner));
    keep(&second, &[("C", "1")]).await.unwrap();
    second.close().await;
}
