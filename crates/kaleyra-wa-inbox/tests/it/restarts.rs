//! What one process leaves to the next.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use kaleyra_wa_inbox::store::inbox::{EventId, EventQuery, EventState, InboxStore};
use kaleyra_wa_inbox::store::outbox::{Digest, Effects, NewSend, Purpose};
use kaleyra_wa_inbox::store::{ManualClock, Moment, SqliteStore};
use kaleyra_wa_inbox::webhook::{Handler, ReceivedCallback, Sink as _, handler_fn};
use kaleyra_wa_inbox::{Inbox, InboxBuilder, StoreErrorKind};
use tokio::sync::Notify;

use crate::support::{Folder, SOON, Seen, idle, send, until};

#[tokio::test]
async fn what_waits_is_handled_by_the_next_process_and_what_ran_again() {
    let folder = Folder::new();
    let seen = Seen::default();
    let stuck = {
        let seen = seen.clone();
        handler_fn(move |event| {
            seen.note(&event);
            std::future::pending()
        })
    };
    let inbox = Inbox::open(folder.file("a.db"), stuck).await.unwrap();
    for id in ["a", "b", "c"] {
        send(&inbox, "1", id).await.unwrap();
    }
    until(async || seen.all().len() == 1).await;
    inbox.shutdown(Duration::from_millis(20)).await;
    let error = send(&inbox, "1", "d").await.unwrap_err();
    assert!(error.to_string().contains("shut down"), "{error}");

    let next = Seen::default();
    let handler = {
        let next = next.clone();
        handler_fn(move |event| {
            next.note(&event);
            async { Ok(()) }
        })
    };
    let inbox = Inbox::open(folder.file("a.db"), handler).await.unwrap();
    idle(inbox.store()).await;
    // The stopped attempt counts.
    let promised = [("a", 2), ("b", 1), ("c", 1)];
    assert_eq!(
        next.all(),
        promised.map(|(id, attempt)| (id.to_owned(), attempt))
    );
    // Repetitions are known across the restart.
    send(&inbox, "1", "a").await.unwrap();
    assert_eq!(inbox.store().stats().await.unwrap().handled, 3);
    inbox.shutdown(SOON).await;
}

#[tokio::test]
async fn a_repetition_is_known_across_restarts_however_its_body_is_written() {
    let folder = Folder::new();
    let bodies = [
        r#"{"meta_object":{"field":"messages","value":{"metadata":{"phone_number_id":"1"},"messages":[
            {"from":"1","id":"A","timestamp":"1722863329","type":"text","text":{"body":"Hé"}}]}}}"#,
        // Other whitespace, order, escapes and numbers; a field that was not there; another way round the array.
        r#"{ "new": true, "meta_object" : { "value": { "messages": [ { "text": {"body": "H\u00e9"}, "type": "text",
            "timestamp": 1722863329, "id": "A", "from": "1" } ], "metadata": {"phone_number_id": "1"} },
            "field": "messages" } }"#,
        r#"{"extra_info":{"trace_id":"2"},"meta_object":{"field":"messages","value":{"metadata":{"phone_number_id":"1"},
            "messages":[{"id":"B","from":"1","type":"text","text":{"body":"Yes"}},
            {"id":"A","from":"1","type":"text","text":{"body":"H\u00E9"}}]}}}"#,
    ];
    let seen = Seen::default();
    for body in bodies {
        let seen = seen.clone();
        let handler = handler_fn(move |event| {
            seen.note(&event);
            async { Ok(()) }
        });
        let inbox = Inbox::open(folder.file("a.db"), handler).await.unwrap();
        let delivery = ReceivedCallback::from_raw(body.into(), SystemTime::now()).unwrap();
        inbox.accept(delivery).await.unwrap();
        idle(inbox.store()).await;
        inbox.shutdown(SOON).await;
    }
    assert_eq!(seen.ids(), ["A", "B"]);
}

/// Opens it as soon as the one that was dropped has let go.
async fn reopened(folder: &Folder, handler: impl Handler + 'static) -> Inbox {
    let builder: InboxBuilder = Inbox::builder(handler).attempts(2);
    loop {
        match SqliteStore::open(folder.file("a.db")) {
            Ok(store) => return builder.start(store).await.unwrap(),
            Err(error) => assert_eq!(error.kind(), StoreErrorKind::Owned),
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn an_event_that_ends_the_process_is_given_up_after_its_attempts() {
    let folder = Folder::new();
    for attempt in 1..=2 {
        let begun = Arc::new(Notify::new());
        let handler = {
            let begun = Arc::clone(&begun);
            handler_fn(move |_| {
                begun.notify_one();
                std::future::pending()
            })
        };
        let store = reopened(&folder, handler).await;
        if attempt == 1 {
            send(&store, "1", "poison").await.unwrap();
        }
        begun.notified().await;
        // As a kill would leave it: what the handler was stopped at is written down nowhere.
        let db = rusqlite::Connection::open(folder.file("a.db")).unwrap();
        store.shutdown(Duration::ZERO).await;
        let state = format!("UPDATE event SET state = 1, attempt = {attempt}");
        drop(store);
        db.execute(&state, []).unwrap();
    }
    let inbox = reopened(&folder, handler_fn(|_| std::future::pending())).await;
    let poison = inbox.store().event(EventId::new(1)).await.unwrap().unwrap();
    assert_eq!((poison.state, poison.attempt), (EventState::Dead, 2));
    inbox.shutdown(SOON).await;
}

#[tokio::test]
async fn a_clock_that_was_set_back_holds_nothing_up() {
    let folder = Folder::new();
    let day = Duration::from_secs(24 * 60 * 60);
    let noon = Moment::from_millis(1_722_863_329_000);
    let pause = Duration::from_secs(60);
    let seen = Seen::default();
    let handler = |fails: bool| {
        let seen = seen.clone();
        handler_fn(move |event| {
            seen.note(&event);
            async move { if fails { Err("later".into()) } else { Ok(()) } }
        })
    };
    let builder = |fails, now| {
        let builder = Inbox::builder(handler(fails)).clock(ManualClock::new(now));
        builder.backoff(pause, pause)
    };
    let inbox = builder(true, noon).open(folder.file("a.db")).await.unwrap();
    send(&inbox, "1", "a").await.unwrap();
    until(async || {
        let event = inbox.store().event(EventId::new(1)).await.unwrap();
        event.is_some_and(|event| event.due_at > noon)
    })
    .await;
    inbox.shutdown(SOON).await;

    let inbox = builder(false, noon.before(day))
        .open(folder.file("a.db"))
        .await
        .unwrap();
    idle(inbox.store()).await;
    assert_eq!(seen.all().len(), 2);
    inbox.shutdown(SOON).await;
}

fn reply(effects: &Effects) -> NewSend {
    let key = effects.next_key();
    NewSend {
        digest: Digest::of([key.as_bytes()]),
        reference: key.clone(),
        key,
        sender: "+918000000001".to_owned(),
        recipient: "+919800000001".to_owned(),
        conversation: "919800000001".to_owned(),
        body: "{}".into(),
        fallback: None,
        purpose: Purpose::Service,
        priority: 0,
        not_before: Moment::default(),
        expires_at: None,
        needs_window: false,
        user_wrote_at: None,
        follows: None,
    }
}

#[tokio::test]
async fn replies_are_queued_with_the_outcome_and_not_otherwise() {
    let folder = Folder::new();
    let seen = Seen::default();
    let handler = {
        let seen = seen.clone();
        handler_fn(move |event| {
            seen.note(&event);
            async move {
                let effects = event.extensions().get::<Effects>().ok_or("no buffer")?;
                effects.push(reply(effects)).map_err(|_| "closed")?;
                if event.attempt() == 1 {
                    return Err("after the first reply".into());
                }
                effects.push(reply(effects)).map_err(|_| "closed")?;
                Ok(())
            }
        })
    };
    let soon = Duration::from_millis(1);
    let inbox = Inbox::builder(handler).backoff(soon, soon);
    let inbox = inbox.open(folder.file("a.db")).await.unwrap();
    send(&inbox, "1", "a").await.unwrap();
    idle(inbox.store()).await;
    assert_eq!(seen.all().len(), 2);
    // A person has it handled again: the replies are known.
    inbox.store().requeue(EventId::new(1)).await.unwrap();
    until(async || seen.all().len() == 4).await;
    idle(inbox.store()).await;
    inbox.shutdown(SOON).await;

    let db = rusqlite::Connection::open(folder.file("a.db")).unwrap();
    let mut keys = db.prepare("SELECT key FROM send ORDER BY id").unwrap();
    let keys = keys.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let keys: Vec<_> = keys.map(Result::unwrap).collect();
    assert_eq!(keys.len(), 2);
    for (nth, key) in keys.iter().enumerate() {
        assert!(key.starts_with("reply/message/a"), "{key}");
        assert!(key.ends_with(&format!("/{nth}")), "{key}");
    }
}

/// Two replies with one reference are a mistake of the handler's, which no repetition mends.
#[tokio::test]
async fn an_outcome_that_the_store_never_takes_is_a_dead_letter_and_holds_up_nothing() {
    let folder = Folder::new();
    let seen = Seen::default();
    let handler = {
        let seen = seen.clone();
        handler_fn(move |event| {
            seen.note(&event);
            async move {
                let effects = event.extensions().get::<Effects>().ok_or("no buffer")?;
                for _ in 0..2 {
                    let mut reply = reply(effects);
                    reply.reference = "always the same".to_owned();
                    effects.push(reply).map_err(|_| "closed")?;
                }
                Ok(())
            }
        })
    };
    let inbox = Inbox::open(folder.file("a.db"), handler).await.unwrap();
    for id in ["a", "b"] {
        send(&inbox, "1", id).await.unwrap();
    }
    idle(inbox.store()).await;
    assert_eq!(seen.ids(), ["a", "b"]);
    let event = inbox.store().event(EventId::new(1)).await.unwrap().unwrap();
    assert_eq!(event.state, EventState::Dead);
    let failure = event.failure.unwrap();
    assert!(
        failure.contains("its outcome can't be written down"),
        "{failure}"
    );
    inbox.shutdown(SOON).await;
}

#[tokio::test]
async fn two_inboxes_on_one_file_are_one_too_many() {
    let folder = Folder::new();
    let handler = || handler_fn(async |_| Ok(()));
    let inbox = Inbox::open(folder.file("a.db"), handler()).await.unwrap();
    let error = Inbox::open(folder.file("a.db"), handler())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Owned);
    let visitor = SqliteStore::attach(folder.file("a.db")).unwrap();
    assert!(visitor.events(EventQuery::new()).await.unwrap().is_empty());
    let error = Inbox::builder(handler()).start(visitor).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NotOwner);
    inbox.shutdown(SOON).await;
}
