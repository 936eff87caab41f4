//! A network that is cut: bytes go nowhere, and no connection is closed.

use std::time::Duration;

use kaleyra_wa_store::inbox::{InboxStore, Settlement};
use kaleyra_wa_store_postgres::PostgresOptions;

use crate::proxy::{Network, Proxy};
use crate::sample::{keep, until};
use crate::server::Server;

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
            .timeout(Duration::from_secs(4))
            .open()
            .await
            .unwrap();
        store.begin_handling().await.unwrap();
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
    proxy.set(Network::Cut);
    assert!(
        far.stats().await.is_err(),
        "it says that it can't reach the server"
    );
    until("the other takes over", async || {
        near.take(id).await.unwrap() == Some(2)
    })
    .await;
    let handled = || Settlement::Handled { sends: Vec::new() };
    assert!(near.settle(id, 2, handled()).await.unwrap());

    proxy.set(Network::Whole);
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
