//! What people do about events while the inbox runs: put back, and drop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kaleyra_wa_inbox::Inbox;
use kaleyra_wa_inbox::store::SqliteStore;
use kaleyra_wa_inbox::store::inbox::{EventId, EventState, InboxStore};
use kaleyra_wa_inbox::webhook::{HandlerError, handler_fn};
use tokio::sync::Notify;

use crate::support::{Folder, SOON, Seen, idle, send, until};

#[tokio::test]
async fn a_dead_letter_that_another_process_puts_back_is_handled_again() {
    let folder = Folder::new();
    let (seen, is_mended) = (Seen::default(), Arc::new(AtomicBool::new(false)));
    let handler = {
        let (seen, is_mended) = (seen.clone(), Arc::clone(&is_mended));
        handler_fn(move |event| {
            seen.note(&event);
            let is_mended = is_mended.load(Ordering::SeqCst);
            async move {
                if is_mended {
                    Ok(())
                } else {
                    Err(HandlerError::permanent("broken"))
                }
            }
        })
    };
    let inbox = Inbox::open(folder.file("a.db"), handler).await.unwrap();
    for id in ["a", "b"] {
        send(&inbox, "1", id).await.unwrap();
    }
    until(async || inbox.store().stats().await.unwrap().dead == 2).await;
    is_mended.store(true, Ordering::SeqCst);
    let visitor = SqliteStore::attach(folder.file("a.db")).unwrap();
    for id in 1..=2 {
        assert!(visitor.requeue(EventId::new(id)).await.unwrap());
    }
    until(async || visitor.stats().await.unwrap().handled == 2).await;
    assert_eq!(seen.ids(), ["a", "b", "a", "b"]);
    assert_eq!(seen.all()[2].1, 1, "it begins anew");
    visitor.close().await;
    inbox.shutdown(SOON).await;
}

#[tokio::test]
async fn what_is_dropped_while_it_waits_is_not_handled() {
    let folder = Folder::new();
    let (inbox, seen, open) = with_one_running(&folder).await;
    let visitor = SqliteStore::attach(folder.file("a.db")).unwrap();
    // One that runs, and one that waits.
    for id in 1..=2 {
        assert!(visitor.discard(EventId::new(id)).await.unwrap());
    }
    open.notify_one();
    until(async || seen.ids() == ["a", "c"]).await;
    open.notify_one();
    idle(inbox.store()).await;
    let state = async |id| {
        let event = visitor.event(EventId::new(id)).await.unwrap();
        event.unwrap().state
    };
    assert_eq!(
        state(1).await,
        EventState::Dropped,
        "though its handler ended well"
    );
    assert_eq!(state(2).await, EventState::Dropped);
    assert_eq!(state(3).await, EventState::Handled);
    visitor.close().await;
    inbox.shutdown(SOON).await;
}

#[tokio::test]
async fn what_the_process_itself_drops_holds_up_nothing() {
    let folder = Folder::new();
    let (inbox, seen, open) = with_one_running(&folder).await;
    assert!(inbox.store().discard(EventId::new(2)).await.unwrap());
    // Nothing else happens that could wake anybody, before the inbox counts what waits after ten seconds.
    open.notify_one();
    let next = until(async || seen.ids() == ["a", "c"]);
    let next = tokio::time::timeout(Duration::from_secs(5), next).await;
    next.expect("`c` waits for something else to happen");
    open.notify_one();
    idle(inbox.store()).await;
    inbox.shutdown(SOON).await;
}

/// Three of one conversation, of which the first is being handled; each goes on when it is notified.
async fn with_one_running(folder: &Folder) -> (Inbox, Seen, Arc<Notify>) {
    let (seen, open) = (Seen::default(), Arc::new(Notify::new()));
    let handler = {
        let (seen, open) = (seen.clone(), Arc::clone(&open));
        handler_fn(move |event| {
            let (seen, open) = (seen.clone(), Arc::clone(&open));
            async move {
                seen.note(&event);
                open.notified().await;
                Ok(())
            }
        })
    };
    let inbox = Inbox::open(folder.file("a.db"), handler).await.unwrap();
    for id in ["a", "b", "c"] {
        send(&inbox, "1", id).await.unwrap();
    }
    until(async || seen.ids() == ["a"]).await;
    (inbox, seen, open)
}
