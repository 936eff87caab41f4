//! An outbox with a simulated Kaleyra, and folders that go away.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use kaleyra_wa_client::{Account, Client, Pod};
use kaleyra_wa_outbox::{Outbox, SendState};
use kaleyra_wa_sim::Simulator;
use kaleyra_wa_store::SqliteStore;

/// A folder of one test, gone with it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let name = format!("kwa-outbox-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) const SID: &str = "HXIN0000000000IN";
pub(crate) const KEY: &str = "A-key";
pub(crate) const SENDER: &str = "+918000000001";
pub(crate) const USER: &str = "+919800000001";

/// A client that sends to this server.
pub(crate) fn client(base_url: &str) -> Client {
    let server = kaleyra_wa_client::BaseUrl::parse(base_url).unwrap();
    Client::new(Account::new(server, SID, KEY, SENDER).unwrap()).unwrap()
}

/// A client that never reaches anything.
pub(crate) fn client_of_nothing() -> Client {
    Client::new(Account::new(Pod::In, SID, KEY, SENDER).unwrap()).unwrap()
}

pub(crate) async fn simulator() -> Simulator {
    Simulator::builder(SID, KEY, SENDER)
        .bind("127.0.0.1:0")
        .await
        .unwrap()
}

/// A store in this folder, opened again and again.
pub(crate) fn store(folder: &Folder) -> SqliteStore {
    open(&folder.file("outbox.db"))
}

pub(crate) fn open(path: &Path) -> SqliteStore {
    for _ in 0..1_000 {
        match SqliteStore::open(path) {
            Err(error) if error.kind() == kaleyra_wa_store::StoreErrorKind::Owned => {
                std::thread::sleep(Duration::from_millis(5));
            }
            opened => return opened.unwrap(),
        }
    }
    panic!("the store is not let go");
}

/// An outbox that sends to the simulator as fast as it can.
pub(crate) async fn outbox(sim: &Simulator, folder: &Folder) -> Outbox {
    Outbox::builder(client(&sim.base_url()), store(folder))
        .rate(10_000)
        .backoff(Duration::from_millis(5), Duration::from_millis(50))
        .assume_open_window()
        .start()
        .await
        .unwrap()
}

/// Waits until a send is in this state.
pub(crate) async fn reaches(outbox: &Outbox, key: &str, state: SendState) {
    let mut last = None;
    for _ in 0..2_000 {
        let track = outbox.track(key).await.unwrap();
        last = track.as_ref().and_then(|it| Some(it.send()?.state));
        if last == Some(state) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("`{key}` is {last:?}, not {state}");
}

pub(crate) const SOON: Duration = Duration::from_secs(20);
