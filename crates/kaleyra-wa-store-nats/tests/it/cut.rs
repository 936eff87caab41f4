//! A network that is cut: bytes go nowhere, and no connection is closed.

use std::time::Duration;

use kaleyra_wa_store::inbox::{EventId, InboxStore, Settlement};
use kaleyra_wa_store_nats::async_nats::ConnectOptions;
use kaleyra_wa_store_nats::{NatsOptions, NatsStore};

use crate::proxy::Proxy;
use crate::sample::{keep, until};
use crate::server::Server;

async fn open(url: String) -> NatsStore {
    let connect = ConnectOptions::new()
        .ping_interval(Duration::from_secs(2))
        .connection_timeout(Duration::from_secs(2));
    let options = NatsOptions::new(url).connect_options(connect);
    let options = options.lease(Duration::from_secs(2));
    let options = options.timeout(Duration::from_secs(4));
    let store = options.open().await.unwrap();
    store.recover(5).await.unwrap();
    store
}

fn handled() -> Settlement {
    Settlement::Handled { sends: Vec::new() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_cut_off_settles_nothing_that_others_took() {
    let Some(server) = Server::start() else {
        return;
    };
    let proxy = Proxy::start(server.port()).await;
    let far = open(proxy.url()).await;
    let near = open(server.url()).await;
    until("both have a share", async || {
        far.share() + near.share() == 64 && far.share() > 10 && near.share() > 10
    })
    .await;
    let mut taken = None;
    for number in 0..100 {
        let key = format!("k{number}");
        let kept = keep(&near, &format!("conversation {number}"), &key).await;
        let id = kept.unwrap().events[0].1;
        let mut is_far = false;
        until("one of them takes it", async || {
            is_far = far.take(id).await.unwrap().is_some();
            is_far || near.take(id).await.unwrap().is_some()
        })
        .await;
        if is_far {
            taken = Some(id);
            break;
        }
        assert!(near.settle(id, 1, handled()).await.unwrap());
    }
    let id = taken.expect("half of the conversations are its");

    proxy.cut();
    let settled = far.settle(id, 1, handled()).await;
    assert!(settled.is_err(), "it says that it can't reach the server");
    assert!(keep(&far, "new", "new").await.is_err());
    until("the other takes over", async || {
        near.take(id).await.unwrap() == Some(2)
    })
    .await;
    // The callback that got no 200 comes again, to the other.
    let new = keep(&near, "new", "new").await.unwrap();
    let new: Vec<EventId> = new.events.iter().map(|(_, id)| *id).collect();
    assert_eq!(new.len(), 1);

    proxy.heal();
    let mut late = None;
    until("the server can be reached again", async || {
        late = far.settle(id, 1, handled()).await.ok();
        late.is_some()
    })
    .await;
    assert_eq!(late, Some(false));
    assert!(near.settle(id, 2, handled()).await.unwrap());
    assert_eq!(near.event(id).await.unwrap().unwrap().attempt, 2);
    until("it has a share again", async || {
        far.share() + near.share() == 64 && far.share() > 10 && near.share() > 10
    })
    .await;
    let mut by_far = None;
    until("nothing is lost", async || {
        by_far = far.take(new[0]).await.unwrap();
        by_far.is_some() || near.take(new[0]).await.unwrap().is_some()
    })
    .await;
    let owner = if by_far.is_some() { &far } else { &near };
    assert!(owner.settle(new[0], 1, handled()).await.unwrap());
    let kept = keep(&far, "new", "new").await.unwrap();
    assert_eq!((kept.events.len(), kept.duplicates), (0, 1));
    assert_eq!(near.stats().await.unwrap().live(), 0);
    far.close().await;
    near.close().await;
}
