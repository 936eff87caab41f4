//! Files that were uploaded already.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kaleyra_wa_client::transport::{Clock, async_trait};
use kaleyra_wa_client::types::MediaId;
use kaleyra_wa_client::{MediaCache, MediaFile};

use super::server::{Server, answer};
use super::temporary::Folder;

/// A clock that a test sets.
#[derive(Clone, Default)]
struct Set(Arc<Mutex<Duration>>);

#[async_trait]
impl Clock for Set {
    fn now(&self) -> Duration {
        *self.0.lock().unwrap()
    }

    async fn sleep(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }
}

/// A server that gives each file another id.
async fn server() -> Server {
    let ids = (1..9).map(|id| {
        let body = format!(r#"{{"code":"WA200","data":{{"id":"{id}"}}}}"#);
        answer("200 OK", "", body.as_bytes())
    });
    Server::in_turn(ids.collect()).await
}

#[tokio::test]
async fn a_file_goes_up_once_for_each_sender() {
    let server = server().await;
    let (client, cache) = (server.client(), MediaCache::new());
    let other = client.with_sender("+918000000002").unwrap();
    let file = |name: &str, content: &'static str| MediaFile::bytes(name, content);
    let mut ids = Vec::new();
    for (client, name, content) in [
        (&client, "a.png", "pixels"),
        (&client, "other name.PNG", "pixels"),
        (&client, "a.png", "other pixels"),
        // The type that it goes up as counts, and whose it is.
        (&client, "a.webp", "pixels"),
        (&other, "a.png", "pixels"),
        (&client, "a.png", "pixels"),
    ] {
        let uploaded = cache.upload(client, file(name, content)).await.unwrap();
        ids.push(uploaded.media_id().as_str().to_owned());
    }
    assert_eq!(ids, ["1", "1", "2", "3", "4", "1"]);
    assert_eq!((cache.len(), server.received().len()), (4, 4));
    assert!(!format!("{cache:?}").contains("918"));
}

#[tokio::test]
async fn what_is_old_or_refused_goes_up_again() {
    let server = server().await;
    let clock = Set::default();
    let cache = MediaCache::new()
        .with_clock(clock.clone())
        .lifetime(Duration::from_secs(60));
    let client = server.client();
    let upload = async || {
        let uploaded = cache
            .upload(&client, MediaFile::bytes("a.png", "pixels"))
            .await
            .unwrap();
        uploaded.media_id().as_str().to_owned()
    };
    assert_eq!(upload().await, "1");
    clock.sleep(Duration::from_secs(59)).await;
    assert_eq!(upload().await, "1");
    clock.sleep(Duration::from_secs(1)).await;
    assert_eq!(upload().await, "2");
    assert!(cache.forget(&MediaId::from("2")));
    assert!(!cache.forget(&MediaId::from("2")) && cache.is_empty());
    assert_eq!(upload().await, "3");
}

#[tokio::test]
async fn a_file_on_disk_is_known_by_what_it_holds_now() {
    let (server, folder) = (server().await, Folder::new());
    let (client, cache) = (server.client(), MediaCache::new());
    let path = folder.path().join("a.png");
    let mut ids = Vec::new();
    for content in ["one", "two", "one"] {
        std::fs::write(&path, content).unwrap();
        let uploaded = cache.upload(&client, path.clone()).await.unwrap();
        ids.push(uploaded.media_id().as_str().to_owned());
    }
    assert_eq!(ids, ["1", "2", "1"]);
    std::fs::remove_file(&path).unwrap();
    let error = cache.upload(&client, path).await.unwrap_err();
    assert_eq!(error.kind(), kaleyra_wa_client::ErrorKind::UnreadableFile);
}
