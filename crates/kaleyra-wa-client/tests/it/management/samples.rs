//! Samples for headers.

use std::time::Duration;

use kaleyra_wa_client::transport::{Clock, async_trait};
use kaleyra_wa_client::{Delivery, MediaFile, Sample};
use serde_json::json;

use super::{asked, ok, waba};
use crate::server::Server;

/// A clock that goes on when it is waited for.
#[derive(Default)]
struct Film(std::sync::Mutex<Duration>);

#[async_trait]
impl Clock for Film {
    fn now(&self) -> Duration {
        *self.0.lock().unwrap()
    }

    async fn sleep(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }
}

#[tokio::test]
async fn a_sample_goes_up_as_a_form() {
    let server = Server::in_turn([ok(json!({"id": 639}))]).await;
    let uploaded = waba(&server)
        .upload_sample(MediaFile::bytes("banner.PNG", "pixels"))
        .await
        .unwrap();
    assert_eq!(uploaded.id().as_deref(), Some("639"));
    assert_eq!(
        asked(&server),
        ["POST /v2/SID/whatsapp/102000000000001/resumable_media"]
    );
    let request = &server.requests()[0];
    for part in [
        "name=\"type\"\r\n\r\nimage/png\r\n",
        "name=\"file\"; filename=\"banner.PNG\"\r\nContent-Type: image/png\r\n\r\npixels\r\n",
    ] {
        assert!(request.contains(part), "{request}");
    }
}

#[tokio::test]
async fn what_is_no_sample_is_not_sent() {
    let server = Server::in_turn([ok(json!({"id": 1}))]).await;
    for (name, content) in [
        ("a.gif", "x"),
        ("a b.png", "x"),
        ("a@b.png", "x"),
        (".png/", "x"),
        ("a.png", ""),
        ("a", "x"),
    ] {
        let error = waba(&server)
            .upload_sample(MediaFile::bytes(name, content))
            .await
            .unwrap_err();
        assert_eq!(error.delivery(), Delivery::NotSent, "{name}");
    }
    let long = format!("{}.png", "x".repeat(252));
    assert!(
        waba(&server)
            .upload_sample(MediaFile::bytes(long, "x"))
            .await
            .is_err()
    );
    assert!(asked(&server).is_empty());
    waba(&server)
        .upload_sample(MediaFile::bytes("a", "x"))
        .mime_type("video/mp4")
        .await
        .unwrap();
}

#[tokio::test]
async fn a_handle_is_waited_for() {
    let client = |server: &Server| {
        server
            .client()
            .with_clock(Film::default())
            .waba(super::WABA)
    };
    let pending = ok(json!([{"id": 639, "status": "PENDING"}]));
    let done = ok(
        json!([{"id": 639, "status": "UPLOADED", "uploaded_file_handle": "4::aW1h", "file_name": "banner.png"}]),
    );
    let server = Server::in_turn([pending.clone(), pending.clone(), done]).await;
    let sample = client(&server)
        .sample("639")
        .until_ready(Duration::from_secs(60))
        .every(Duration::from_secs(5))
        .await
        .unwrap();
    assert_eq!(
        (sample.handle(), sample.status(), sample.file_name()),
        (Some("4::aW1h"), Some("UPLOADED"), Some("banner.png"))
    );
    assert!(!format!("{sample:?}").contains("4::"));
    assert_eq!(
        asked(&server),
        ["GET /v2/SID/whatsapp/102000000000001/resumable_media?id=639"; 3]
    );

    let server = Server::in_turn([pending]).await;
    let sample = client(&server)
        .sample("639")
        .until_ready(Duration::from_secs(9))
        .await
        .unwrap();
    assert_eq!((sample.handle(), asked(&server).len()), (None, 4));

    let server = Server::in_turn([ok(json!({"status": "FAILED"}))]).await;
    client(&server)
        .sample("639")
        .until_ready(Duration::from_secs(60))
        .await
        .unwrap();
    assert_eq!(asked(&server).len(), 1);
}

#[test]
fn a_callback_tells_of_a_sample() {
    let body = json!({"status": "UPLOADED", "uploaded_file_handle": "4::a", "resumable_media_id": "639", "waba_id": "1"});
    assert_eq!(Sample::of_callback(&body).unwrap().handle(), Some("4::a"));
    assert!(Sample::of_callback(&json!({"status": "UPLOADED"})).is_none());
}
