//! Order, attempts, dead letters.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use kaleyra_wa_inbox::store::inbox::{EventId, EventState};
use kaleyra_wa_inbox::webhook::{ReceivedCallback, Sink, handler_fn};
use kaleyra_wa_inbox::{Change, Inbox};
use tokio::sync::Notify;

use crate::support::{Folder, SOON, Seen, callback, idle, message, send, until};

const SHORT: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(5));

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn each_conversation_is_handled_in_its_order_and_none_waits_for_another() {
    let folder = Folder::new();
    let (seen, open) = (Seen::default(), Arc::new(Notify::new()));
    let handler = {
        let (seen, open) = (seen.clone(), Arc::clone(&open));
        handler_fn(move |event| {
            let (seen, open) = (seen.clone(), Arc::clone(&open));
            async move {
                if event.conversation().is_some_and(|it| it.as_str() == "1") {
                    open.notified().await;
                    open.notify_one();
                }
                seen.note(&event);
                Ok(())
            }
        })
    };
    // A memory that is far too small, so that most goes by the disk.
    let inbox = Inbox::builder(handler).max_events(20);
    let inbox = inbox.open(folder.file("a.db")).await.unwrap();
    let mut tasks = Vec::new();
    for conversation in ["1", "2", "3", "4"] {
        let inbox = inbox.clone();
        tasks.push(tokio::spawn(async move {
            for nth in 0..150 {
                let id = format!("{conversation}-{nth:03}");
                send(&inbox, conversation, &id).await.unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    until(async || seen.all().len() == 450).await;
    open.notify_one();
    idle(inbox.store()).await;
    for conversation in ["1", "2", "3", "4"] {
        let mut ids = seen.ids();
        ids.retain(|id| id.starts_with(conversation));
        assert_eq!(ids.len(), 150);
        assert!(ids.is_sorted(), "{ids:?}");
    }
    inbox.shutdown(SOON).await;
}

#[tokio::test]
async fn what_fails_is_tried_again_and_then_a_dead_letter_while_its_siblings_go_on() {
    let folder = Folder::new();
    let seen = Seen::default();
    let letters = Arc::new(AtomicUsize::new(0));
    let handler = {
        let seen = seen.clone();
        handler_fn(move |event| {
            seen.note(&event);
            async move {
                match event.event().id() {
                    Some("bad") => Err("no such table".into()),
                    Some("worse") => panic!("a bug"),
                    Some("second") if event.attempt() == 1 => Err("busy".into()),
                    _ => Ok(()),
                }
            }
        })
    };
    let inbox = {
        let letters = Arc::clone(&letters);
        Inbox::builder(handler)
            .attempts(3)
            .backoff(SHORT.0, SHORT.1)
            .on_dead_letter(move |_| {
                letters.fetch_add(1, Ordering::SeqCst);
                async {}
            })
    };
    let inbox = inbox.open(folder.file("a.db")).await.unwrap();
    let mut changes = inbox.changes();
    let messages = ["bad", "after", "worse"].map(|id| message("1", id));
    inbox.accept(callback(&messages)).await.unwrap();
    send(&inbox, "2", "second").await.unwrap();
    idle(inbox.store()).await;
    let tries = |id: &str| {
        let mut all = seen.all();
        all.retain(|(seen, _)| seen == id);
        let tries = all.into_iter().map(|(_, attempt)| attempt);
        tries.collect::<Vec<_>>()
    };
    assert_eq!(tries("bad"), [1, 2, 3]);
    assert_eq!(tries("after"), [1]);
    // A panic may have had effects, so it is not repeated unless that is asked for.
    assert_eq!(tries("worse"), [1]);
    assert_eq!(tries("second"), [1, 2]);
    until(async || letters.load(Ordering::SeqCst) == 2).await;
    for id in [1, 3] {
        let Some(Change::DeadLetter { event, failure, .. }) = changes.next().await else {
            panic!("another change");
        };
        assert_eq!(event, EventId::new(id));
        assert!(!failure.contains("no such table"), "{failure}");
    }
    let bad = inbox.store().event(EventId::new(1)).await.unwrap().unwrap();
    assert_eq!((bad.state, bad.attempt), (EventState::Dead, 3));
    assert!(bad.failure.unwrap().contains("no such table"));
    inbox.shutdown(SOON).await;
}

#[tokio::test]
async fn an_event_that_rests_holds_up_its_conversation_alone() {
    let folder = Folder::new();
    let seen = Seen::default();
    let handler = {
        let seen = seen.clone();
        handler_fn(move |event| {
            seen.note(&event);
            async move {
                if event.event().id() == Some("a1") && event.attempt() == 1 {
                    return Err("later".into());
                }
                Ok(())
            }
        })
    };
    let pause = Duration::from_millis(300);
    let inbox = Inbox::builder(handler).backoff(pause, pause);
    let inbox = inbox.open(folder.file("a.db")).await.unwrap();
    let first = ["a1", "a2"].map(|id| message("1", id));
    inbox.accept(callback(&first)).await.unwrap();
    for id in ["b1", "b2", "b3"] {
        send(&inbox, "2", id).await.unwrap();
    }
    idle(inbox.store()).await;
    let ids = seen.ids();
    let place = |id: &str| ids.iter().rposition(|seen| seen == id).unwrap();
    assert!(place("b3") < place("a1"), "{ids:?}");
    assert!(place("a1") < place("a2"), "{ids:?}");
    inbox.shutdown(SOON).await;
}

#[tokio::test]
async fn what_says_of_nobody_and_what_is_malformed_is_handled_too() {
    let folder = Folder::new();
    let kinds = Arc::new(Mutex::new(Vec::new()));
    let handler = {
        let kinds = Arc::clone(&kinds);
        handler_fn(move |event| {
            let name = event.event().type_name().to_owned();
            kinds.lock().unwrap().push(name);
            async { Ok(()) }
        })
    };
    let inbox = Inbox::open(folder.file("a.db"), handler).await.unwrap();
    let malformed = r#"{"from": "1", "id": "C", "type": "text", "text": 5}"#.to_owned();
    let unknown = r#"{"from": "1", "id": "D", "type": "hologram", "hologram": {}}"#.to_owned();
    inbox.accept(callback(&[malformed, unknown])).await.unwrap();
    let odd = ReceivedCallback::from_raw(r#"{"something": "else"}"#.into(), SystemTime::now());
    inbox.accept(odd.unwrap()).await.unwrap();
    idle(inbox.store()).await;
    let mut kinds = kinds.lock().unwrap().clone();
    kinds.sort();
    assert_eq!(kinds, ["", "hologram", "text"]);
    inbox.shutdown(SOON).await;
}
