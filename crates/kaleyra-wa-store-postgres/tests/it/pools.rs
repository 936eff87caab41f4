//! Connections that come from a pool of the application's.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kaleyra_wa_store::inbox::{EventId, InboxStore, Settlement};
use kaleyra_wa_store::outbox::{Landing, OutboxStore, SendState, Takeoff};
use kaleyra_wa_store::{StoreError, async_trait};
use kaleyra_wa_store_postgres::tokio_postgres::{self, Client, NoTls};
use kaleyra_wa_store_postgres::{Pool, PooledClient, PostgresOptions};
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};

use crate::sample::{SENDER, keep, send};
use crate::server::Server;

/// A pool as applications have one.
#[derive(Clone)]
struct Mine {
    free: Arc<Mutex<Vec<Client>>>,
    room: Arc<Semaphore>,
    lent: Arc<AtomicUsize>,
}

struct Lent {
    client: Option<Client>,
    pool: Mine,
    _room: OwnedSemaphorePermit,
}

impl Mine {
    async fn of(server: &Server, size: usize) -> Self {
        let mut free = Vec::new();
        for _ in 0..size {
            let (client, connection) = tokio_postgres::connect(&server.url(), NoTls).await.unwrap();
            tokio::spawn(connection);
            free.push(client);
        }
        Self {
            free: Arc::new(Mutex::new(free)),
            room: Arc::new(Semaphore::new(size)),
            lent: Arc::default(),
        }
    }
}

#[async_trait]
impl Pool for Mine {
    async fn client(&self) -> Result<PooledClient, StoreError> {
        let room = Arc::clone(&self.room).acquire_owned().await.unwrap();
        self.lent.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(Lent {
            client: self.free.lock().await.pop(),
            pool: self.clone(),
            _room: room,
        }))
    }
}

impl Deref for Lent {
    type Target = Client;

    fn deref(&self) -> &Client {
        self.client.as_ref().unwrap()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        // Nobody holds this for longer than it takes to push.
        while let Some(client) = self.client.take() {
            match self.pool.free.try_lock() {
                Ok(mut free) => free.push(client),
                Err(_) => self.client = Some(client),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_goes_over_the_pool_of_the_application_and_comes_back_to_it_clean() {
    let Some(server) = Server::start() else {
        return;
    };
    let pool = Mine::of(&server, 2).await;
    let options = PostgresOptions::new(&server.url()).pool(pool.clone());
    let store = options.open().await.unwrap();
    store.begin_handling().await.unwrap();
    store.recover(5).await.unwrap();
    store.load(EventId::default(), 10).await.unwrap();
    let before = pool.lent.load(Ordering::SeqCst);
    let id = keep(&store, "1").await;
    assert_eq!(store.take(id).await.unwrap(), Some(1));
    let sends = vec![send("reply", "1")];
    assert!(
        store
            .settle(id, 1, Settlement::Handled { sends })
            .await
            .unwrap()
    );
    let flown = store.fly(Takeoff::new(SENDER, 9)).await.unwrap();
    let landing = Landing::Accepted {
        http: Some(202),
        message_id: None,
    };
    assert!(store.land(flown.flights[0].id, 1, landing).await.unwrap());
    assert!(pool.lent.load(Ordering::SeqCst) >= before + 5);
    let sent = store.find_send("reply").await.unwrap().unwrap();
    assert_eq!(sent.state, SendState::Accepted);

    // What is broken off in its midst is rolled back before somebody else gets the connection.
    let many: Vec<_> = (0..200).map(|nth| send(&format!("{nth}"), "2")).collect();
    for _ in 0..20 {
        let queueing = store.enqueue_all(many.clone());
        let _ = tokio::time::timeout(std::time::Duration::from_micros(500), queueing).await;
    }
    store.close().await;
    for _ in 0..2 {
        let client = pool.client().await.unwrap();
        let row = client
            .query_one("SELECT current_setting('statement_timeout')", &[])
            .await
            .unwrap();
        let setting: String = row.get(0);
        assert_eq!(setting, "0", "its settings are the application's");
        // Which is refused in a transaction.
        client.batch_execute("VACUUM kwa.meta").await.unwrap();
    }
}
