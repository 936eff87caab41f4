//! Servers that can't be used are refused, with what to do.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use kaleyra_wa_store::StoreErrorKind;
use kaleyra_wa_store_nats::NatsOptions;

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
    let config = async_nats::jetstream::stream::Config {
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
