//! A network that is cut: bytes go nowhere, and no connection is closed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kaleyra_wa_store::inbox::{InboxStore, Settlement};
use kaleyra_wa_store_postgres::PostgresOptions;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::sample::{keep, until};
use crate::server::Server;

/// Passes bytes on, until it is cut.
struct Proxy {
    port: u16,
    is_cut: Arc<AtomicBool>,
}

impl Proxy {
    async fn start(to: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let is_cut = Arc::new(AtomicBool::new(false));
        let cut = Arc::clone(&is_cut);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let cut = Arc::clone(&cut);
                tokio::spawn(async move {
                    let Ok(far) = TcpStream::connect(("127.0.0.1", to)).await else {
                        return;
                    };
                    let (near_in, near_out) = near.into_split();
                    let (far_in, far_out) = far.into_split();
                    tokio::join!(pass(near_in, far_out, &cut), pass(far_in, near_out, &cut));
                });
            }
        });
        Self { port, is_cut }
    }
}

async fn pass(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    cut: &AtomicBool,
) {
    let mut buffer = vec![0; 16 * 1_024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        // What is on its way when it is cut is lost, and so is this connection.
        if cut.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_cut_off_settles_nothing_that_others_took() {
    let Some(server) = Server::start() else {
        return;
    };
    let proxy = Proxy::start(server.port()).await;
    let open = async |port| {
        let options = PostgresOptions::new(&server.url_at(port));
        let options = options.lease(Duration::from_secs(2));
        let store = options
            .timeout(Duration::from_secs(1))
            .open()
            .await
            .unwrap();
        store.recover(5).await.unwrap();
        store
    };
    let far = open(proxy.port).await;
    let near = open(server.port()).await;
    until("equal shares", async || {
        far.share() == 128 && near.share() == 128
    })
    .await;
    let mut taken = None;
    for number in 0..100 {
        let id = keep(&near, &format!("conversation {number}")).await;
        if far.take(id).await.unwrap().is_some() {
            taken = Some(id);
            break;
        }
    }
    let id = taken.expect("half of the conversations are its");
    proxy.is_cut.store(true, Ordering::SeqCst);
    assert!(
        far.take(id).await.is_err(),
        "it says that it can't reach the server"
    );
    until("the other takes over", async || {
        near.take(id).await.unwrap() == Some(2)
    })
    .await;
    let handled = || Settlement::Handled { sends: Vec::new() };
    assert!(near.settle(id, 2, handled()).await.unwrap());

    proxy.is_cut.store(false, Ordering::SeqCst);
    let mut late = None;
    until("the server can be reached again", async || {
        late = far.settle(id, 1, handled()).await.ok();
        late.is_some()
    })
    .await;
    assert_eq!(late, Some(false));
    until("it noticed, and has a share again", async || {
        far.losses() == 1 && far.share() == 128
    })
    .await;
    assert_eq!(near.event(id).await.unwrap().unwrap().attempt, 2);
}
