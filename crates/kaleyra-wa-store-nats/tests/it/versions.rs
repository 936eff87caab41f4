//! Servers that can't be used are refused, with what to do.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use kaleyra_wa_store::StoreErrorKind;
use kaleyra_wa_store::inbox::{EventId, EventQuery, InboxStore, Settlement};
use kaleyra_wa_store_nats::async_nats::jetstream::stream;
use kaleyra_wa_store_nats::{NatsOptions, NatsStore};

use crate::sample::{ids, keep, until};
use crate::server::Server;

/// What says that it is a NATS server of this version, and responds to pings.
fn pretend(version: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let info = format!(
        "INFO {{\"server_id\":\"X\",\"server_name\":\"x\",\"version\":\"{version}\",\"proto\":1,\"go\":\"go\",\
         \"host\":\"127.0.0.1\",\"port\":{},\"headers\":true,\"max_payload\":1048576,\"jetstream\":true}}\r\n",
        address.port()
    );
    thread::spawn(move || {
        let Ok((mut stream, _)) = listener.accept() else {
            return;
        };
        let _ = stream.write_all(info.as_bytes());
        let mut read = [0; 4_096];
        while let Ok(length @ 1..) = stream.read(&mut read) {
            if read[..length].windows(4).any(|it| it == b"PING") {
                let _ = stream.write_all(b"PONG\r\n");
            }
        }
    });
    format!("nats://{address}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_too_old_is_refused() {
    let server = pretend("2.9.10");
    let error = NatsOptions::new(server).open().await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Invalid);
    assert!(
        error.to_string().contains("nats-server 2.9.10 is too old"),
        "{error}"
    );
    assert!(error.to_string().contains("run 2.12.1 or later"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_programs_stream_is_not_touched() {
    let Some(server) = Server::start() else {
        return;
    };
    let client = async_nats::connect(server.url()).await.unwrap();
    let js = async_nats::jetstream::new(client);
    let config = stream::Config {
        name: "KWA_taken".to_owned(),
        subjects: vec!["taken.>".to_owned()],
        ..Default::default()
    };
    js.create_stream(config).await.unwrap();
    let error = NatsOptions::new(server.url())
        .name("taken")
        .open()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NotAStore);
    let error = NatsOptions::new(server.url())
        .name("a.b")
        .open()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Invalid);
    // Its stream of events would be the stream of states of `bot`.
    let options = NatsOptions::new(server.url()).name("bot_STATE");
    assert_eq!(
        options.open().await.unwrap_err().kind(),
        StoreErrorKind::Invalid
    );
    let config = stream::Config {
        name: "ALL".to_owned(),
        subjects: vec!["kwa.all.>".to_owned()],
        ..Default::default()
    };
    js.create_stream(config).await.unwrap();
    let error = NatsOptions::new(server.url())
        .name("all")
        .open()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::NotAStore, "{error}");
    // A cluster is needed for that.
    let options = NatsOptions::new(server.url()).name("three").replicas(3);
    let error = options.open().await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Invalid, "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_not_there_is_a_temporary_failure() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = NatsOptions::new(format!("nats://{address}"))
        .open()
        .await
        .unwrap_err();
    assert!(error.is_temporary(), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_that_drops_what_waits_is_refused() {
    let Some(server) = Server::start() else {
        return;
    };
    NatsStore::connect(&server.url())
        .await
        .unwrap()
        .close()
        .await;
    let client = async_nats::connect(server.url()).await.unwrap();
    let js = async_nats::jetstream::new(client);
    let stream = js.get_stream("KWA_inbox").await.unwrap();
    let made = stream.cached_info().config.clone();
    js.update_stream(stream::Config {
        max_age: Duration::from_secs(3_600),
        ..made.clone()
    })
    .await
    .unwrap();
    let error = NatsStore::connect(&server.url()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Invalid);
    assert!(
        error
            .to_string()
            .contains("`max_age` of the stream KWA_inbox"),
        "{error}"
    );
    // What is the operator's to say is not in the way.
    let changed = stream::Config {
        max_messages: 1_000,
        compression: Some(stream::Compression::S2),
        ..made
    };
    js.update_stream(changed).await.unwrap();
    NatsStore::connect(&server.url())
        .await
        .unwrap()
        .close()
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_or_an_account_without_jetstream_and_a_small_max_payload_say_what_to_do() {
    let Some(server) = Server::without_jetstream() else {
        return;
    };
    let error = NatsStore::connect(&server.url()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Invalid, "{error}");
    assert!(error.to_string().contains("-js"), "{error}");

    let config = "accounts { BOT { users: [{ user: bot, password: s3cret }] } }\n";
    let Some(server) = Server::configured(|_| config.to_owned()) else {
        return;
    };
    let address = format!("nats://bot:s3cret@127.0.0.1:{}", server.port());
    let error = NatsStore::connect(&address).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Invalid, "{error}");
    assert!(
        error.to_string().contains("`jetstream: enabled`"),
        "{error}"
    );

    let Some(server) = Server::configured(|_| "max_payload: 4096".to_owned()) else {
        return;
    };
    let error = NatsStore::connect(&server.url()).await.unwrap_err();
    assert_eq!(error.kind(), StoreErrorKind::Invalid, "{error}");
    assert!(error.to_string().contains("max_payload"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_that_make_no_sense_are_refused() {
    let options = || NatsOptions::new("nats://127.0.0.1:1");
    let refused = [
        options().replicas(2),
        options().max_bytes(0),
        options().timeout(Duration::ZERO),
        options().lease(Duration::MAX),
        options().name("x".repeat(51)),
        NatsOptions::new("nats://127.0.0.1:1/a/b"),
    ];
    for options in refused {
        let error = options.open().await.unwrap_err();
        assert_eq!(error.kind(), StoreErrorKind::Invalid, "{error}");
    }
}

/// What somebody published by hand.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_is_no_event_holds_up_nobody() {
    let Some(server) = Server::start() else {
        return;
    };
    let store = NatsStore::connect(&server.url()).await.unwrap();
    let before = keep(&store, "1", "a").await.unwrap().events[0].1;
    let client = async_nats::connect(server.url()).await.unwrap();
    let js = async_nats::jetstream::new(client);
    let mut strange = Vec::new();
    for partition in 0..64 {
        let subject = format!("kwa.inbox.e.{partition}.by-hand");
        let sent = js.publish(subject, "Hello".into()).await.unwrap();
        strange.push(EventId::new(
            i64::try_from(sent.await.unwrap().sequence).unwrap(),
        ));
    }
    let after = keep(&store, "1", "b").await.unwrap().events[0].1;
    until("both are loaded", async || {
        ids(&store.load(EventId::default(), 100).await.unwrap()) == [before, after]
    })
    .await;
    assert_eq!(store.take(before).await.unwrap(), Some(1));
    let handled = Settlement::Handled { sends: Vec::new() };
    assert!(store.settle(before, 1, handled).await.unwrap());
    store.close().await;

    let store = NatsStore::connect(&server.url()).await.unwrap();
    assert_eq!(
        ids(&store.load(EventId::default(), 100).await.unwrap()),
        [after]
    );
    assert_eq!(store.take(after).await.unwrap(), Some(1));
    assert_eq!(store.stats().await.unwrap().live(), 1);
    assert_eq!(store.live().await.unwrap(), 1);
    assert_eq!(store.events(EventQuery::new()).await.unwrap().len(), 2);
    assert!(store.event(strange[0]).await.unwrap().is_none());
    assert!(!store.requeue(strange[0]).await.unwrap());
    assert!(!store.discard(strange[0]).await.unwrap());
    store.close().await;
}
