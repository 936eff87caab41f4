//! Files that users send: in callbacks, and for download.

use kaleyra_wa_sim::callback::MediaKind;
use kaleyra_wa_sim::{SimEvent, Simulator};
use kaleyra_wa_types::inbound::{Callback, MessageContent};
use serde_json::json;

use super::wire::{Answer, KEY, Webhook, builder, parse, raw, request, simulator};

/// Of `abc`: the first vector of FIPS 180-2.
const SHA256_OF_ABC: &str = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";

async fn download(sim: &Simulator, url: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let path = url.strip_prefix(&sim.base_url()).unwrap();
    raw(sim, &format!("GET {path}"), headers, b"").await
}

#[tokio::test]
async fn the_callback_leads_to_the_file() {
    let mut webhook = Webhook::answering(&[200]).await;
    let sim = builder()
        .callbacks(webhook.url.as_str(), None)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    let user = sim.end_user("Asha Example", "919800000001");
    let file = sim.host_file("image/jpeg", "abc");
    let message = user.file(MediaKind::Image, &file);
    assert_eq!(sim.post_callback(&message.callback()).await.unwrap(), 200);

    let callback = Callback::from_value(webhook.next().await.json()).unwrap();
    let MessageContent::Image(image) = &callback.messages().next().unwrap().content else {
        panic!("{callback:?}")
    };
    assert_eq!(image.mime_type.as_deref(), Some("image/jpeg"));
    assert_eq!(image.sha256.as_deref(), Some(SHA256_OF_ABC));

    let url = callback.extra_info.unwrap().media_url.unwrap();
    assert_eq!(url, file.url);
    let response = parse(download(&sim, &url, &[]).await);
    assert_eq!(response.status(), 200);
    assert_eq!(response.header("content-type"), Some("image/jpeg"));
    assert_eq!(response.header("content-length"), Some("3"));
    assert_eq!(response.body, "abc");
    assert_eq!(sim.leaked_keys(), 0);
}

#[tokio::test]
async fn a_document_has_its_name() {
    let sim = simulator().await;
    let user = sim.end_user("Asha Example", "919800000001");
    let file = sim.host_file("application/pdf", "abc").named("canary.pdf");
    assert!(!format!("{file:?}").contains("canary") && !format!("{file:?}").contains(&file.url));
    let message = |kind: MediaKind| {
        let callback = user.file(kind, &file).callback();
        callback["meta_object"]["value"]["messages"][0][kind.as_str()].clone()
    };
    assert_eq!(message(MediaKind::Document)["filename"], "canary.pdf");
    assert_eq!(message(MediaKind::Image)["filename"], json!(null));
}

#[tokio::test]
async fn a_key_that_leaks_is_counted() {
    let sim = simulator().await;
    let mut events = sim.observe();
    let file = sim.host_file("text/plain", "abc");
    // Any key does, and the file is given none the less.
    for (turn, key) in [KEY, "A-other"].into_iter().enumerate() {
        let response = parse(download(&sim, &file.url, &[("api-key", key)]).await);
        assert_eq!((response.status(), response.body.as_str()), (200, "abc"));
        assert_eq!(sim.leaked_keys(), turn + 1);
    }
    assert!(matches!(events.next().await, Some(SimEvent::KeyLeaked)));
    let gone = request(&sim, "GET /media/0", &[("api-key", KEY)], "").await;
    assert_eq!(
        (gone.status(), &gone.json()["code"]),
        (404, &json!("SIM404"))
    );
    assert_eq!(sim.leaked_keys(), 3);
}

#[tokio::test]
async fn any_bytes_come_as_they_are() {
    let sim = simulator().await;
    let bytes: Vec<u8> = (0..=255).cycle().take(3 << 20).collect();
    let file = sim.host_file("not a header\n", bytes.clone());
    assert_eq!(file.size, 3 << 20);
    let response = download(&sim, &file.url, &[]).await;
    assert!(response.ends_with(&[b"\r\n\r\n", &bytes[..]].concat()));
    let head = String::from_utf8_lossy(&response[..200]).to_lowercase();
    assert!(
        head.contains("content-type: application/octet-stream\r\n"),
        "{head}"
    );
}

#[tokio::test]
async fn the_oldest_files_give_way() {
    let sim = simulator().await;
    let old = sim.host_file("text/plain", vec![b'o'; 100 << 20]);
    let new = sim.host_file("text/plain", vec![b'n'; 29 << 20]);
    assert_eq!(parse(download(&sim, &old.url, &[]).await).status(), 404);
    assert_eq!(
        parse(download(&sim, &new.url, &[]).await).body.len(),
        29 << 20
    );
}

#[tokio::test]
async fn a_person_lets_a_user_send_a_file() {
    let mut webhook = Webhook::answering(&[200]).await;
    let sim = builder()
        .callbacks(webhook.url.as_str(), None)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    let write = async |what: &str, mime_type: &str, body: &str| -> Answer {
        let line = format!("POST /sim/users/919800000001/{what}");
        request(&sim, &line, &[("content-type", mime_type)], body).await
    };

    let query = "document?filename=order+17.pdf&name=Ravi%20Example&message=wamid.A";
    let response = write(query, "application/pdf", "abc").await;
    let callback = webhook.next().await.json();
    assert_eq!(
        response.json(),
        json!({"webhook_status": 200, "callback": callback})
    );
    let value = &callback["meta_object"]["value"];
    let message = &value["messages"][0];
    assert_eq!(message["document"]["filename"], "order 17.pdf");
    assert_eq!(message["document"]["sha256"], SHA256_OF_ABC);
    assert_eq!(message["context"]["id"], "wamid.A");
    assert_eq!(value["contacts"][0]["profile"]["name"], "Ravi Example");
    let url = callback["extra_info"]["media_url"].as_str().unwrap();
    assert_eq!(parse(download(&sim, url, &[]).await).body, "abc");

    // More than other requests to the simulator's own endpoints may have.
    let large = "x".repeat(16 << 20);
    assert_eq!(write("video", "video/mp4", &large).await.status(), 200);
    webhook.next().await;
    let response = write("video", "video/mp4", &format!("{large}x")).await;
    assert_eq!(response.json()["message"], "the body is longer than 16 MiB");

    let response = write("image", "multipart/form-data; boundary=b", "abc").await;
    assert_eq!(response.status(), 400);
    assert!(response.body.contains("--data-binary"), "{}", response.body);

    // What curl sends with -d is JSON, whatever it says.
    let body = r#"{"url":"https://example.com/a.jpg"}"#;
    let response = write("image", "application/x-www-form-urlencoded", body).await;
    let callback = &response.json()["callback"];
    assert_eq!(
        callback["extra_info"]["media_url"],
        "https://example.com/a.jpg"
    );
}
