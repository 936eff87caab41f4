//! Uploads that work, and what of them is on the wire.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kaleyra_wa_client::types::outbound::Image;
use kaleyra_wa_client::{MediaFile, MediaKind, RetryPolicy};
use serde_json::json;

use super::form::{Field, fields};
use super::server::{Received, Server, answer};
use super::source::Zeros;
use crate::fixtures::{KEY, SENDER, SID};

pub(super) const STORED: &str =
    r#"{"code":"WA200","message":"Uploaded","data":{"id":"1013859600285441"},"error":{}}"#;

async fn server() -> Server {
    Server::start(answer("200 OK", "", STORED.as_bytes())).await
}

fn field(head: &[&str], content: &[u8]) -> Field {
    Field {
        head: head.iter().map(|&line| line.to_owned()).collect(),
        content: content.to_vec(),
    }
}

/// The fields of the only request, the file's last.
fn fields_of(server: &Server) -> Vec<Field> {
    let [Received { body, .. }] = &server.received()[..] else {
        panic!("not one request");
    };
    let content_type = server.received()[0]
        .header("content-type")
        .unwrap()
        .to_owned();
    fields(&content_type, body)
}

#[tokio::test]
async fn a_file_goes_out_as_documented() {
    let server = server().await;
    // What a careless reader of forms would stumble over.
    let bytes = b"\r\n--kaleyra-wa-\r\n\0\xff\r\n\r\n--";
    let file = MediaFile::bytes("shoe.png", &bytes[..]);
    let uploaded = server.client().upload(file).await.unwrap();
    assert_eq!(uploaded.media_id().as_str(), "1013859600285441");
    assert_eq!(uploaded.kind(), MediaKind::Image);
    assert_eq!(uploaded.mime_type(), "image/png");
    assert_eq!(uploaded.status(), 200);
    assert_eq!(uploaded.response().message.as_deref(), Some("Uploaded"));
    assert_eq!(
        serde_json::to_value(Image::id(uploaded.media_id())).unwrap(),
        json!({"id": "1013859600285441"})
    );

    let [request] = &server.received()[..] else {
        panic!("not one request")
    };
    let line = format!("POST /v2/{SID}/whatsapp/{SENDER}/media HTTP/1.1");
    assert_eq!(request.head.lines().next(), Some(line.as_str()));
    assert_eq!(request.header("api-key"), Some(KEY));
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.header("transfer-encoding"), None);
    let length = request.body.len().to_string();
    assert_eq!(request.header("content-length"), Some(length.as_str()));
    assert_eq!(
        fields_of(&server),
        [
            field(
                &[r#"Content-Disposition: form-data; name="type""#],
                b"image/png"
            ),
            field(
                &[
                    r#"Content-Disposition: form-data; name="file"; filename="shoe.png""#,
                    "Content-Type: image/png",
                ],
                bytes
            ),
        ]
    );
}

#[tokio::test]
async fn a_name_of_odd_signs_is_one_line_between_two_quotes() {
    for (name, expected) in [
        ("Réçu №17 नमस्ते.pdf", "Réçu №17 नमस्ते.pdf"),
        ("a\"; name=\"type", "a%22; name=%22type"),
        (
            "a\r\nContent-Type: x/y\r\n\r\n",
            "a%0D%0AContent-Type: x_y%0D%0A%0D%0A",
        ),
        ("", "file"),
    ] {
        let server = server().await;
        let file = MediaFile::bytes(name, "x");
        let upload = server.client().upload(file);
        upload.mime_type("application/pdf").await.unwrap();
        let fields = fields_of(&server);
        let head =
            format!("Content-Disposition: form-data; name=\"file\"; filename=\"{expected}\"");
        assert_eq!(
            fields[1],
            field(&[&head, "Content-Type: application/pdf"], b"x")
        );
    }
}

#[tokio::test]
async fn a_given_type_goes_out_as_given() {
    let server = server().await;
    let file = MediaFile::bytes("note.bin", "x");
    let upload = server
        .client()
        .upload(file)
        .mime_type("audio/ogg; codecs=opus");
    assert_eq!(upload.await.unwrap().kind(), MediaKind::Audio);
    let fields = fields_of(&server);
    assert_eq!(fields[0].content, b"audio/ogg; codecs=opus");
    assert_eq!(fields[1].head[1], "Content-Type: audio/ogg; codecs=opus");
}

#[tokio::test]
async fn unchecked_takes_what_checks_would_refuse() {
    let server = server().await;
    let big = Zeros::new(MediaKind::Sticker.max_bytes() + 1);
    for (file, mime_type) in [
        (MediaFile::body("big.webp", big.body()), "image/webp"),
        (
            MediaFile::bytes("page.xyz", "x"),
            "application/octet-stream",
        ),
        (MediaFile::bytes("empty.txt", ""), "text/plain"),
    ] {
        let uploaded = server.client().upload(file).unchecked().await.unwrap();
        assert_eq!(uploaded.mime_type(), mime_type);
    }
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn the_id_is_found_where_it_may_be() {
    for body in [
        r#"{"code":"WA200","data":{"id":"1013859600285441"}}"#,
        r#"{"code":"WA202","data":{"media_id":1013859600285441},"error":{}}"#,
        r#"{"code":"WA200","data":{"media":[{"id":"1013859600285441"}]},"error":[]}"#,
        r#"{"code":"WA200","data":{"id":"","media_id":"1013859600285441"}}"#,
        r#"{"data":[],"id":"1013859600285441"}"#,
        r#"{"id":1013859600285441}"#,
    ] {
        let server = Server::start(answer("201 Created", "", body.as_bytes())).await;
        let file = MediaFile::bytes("a.txt", "x");
        let uploaded = server.client().upload(file).await.unwrap();
        assert_eq!(uploaded.media_id().as_str(), "1013859600285441", "{body}");
        let kept = serde_json::to_value(uploaded.response()).unwrap();
        let sent: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(kept, sent);
    }
}

type Seen = Arc<Mutex<Vec<(u64, u64)>>>;

fn watch(seen: &Seen) -> impl Fn(u64, u64) + Send + Sync + 'static {
    let seen = Arc::clone(seen);
    move |sent, total| seen.lock().unwrap().push((sent, total))
}

#[tokio::test]
async fn progress_counts_the_bytes_of_the_file() {
    for file in [
        MediaFile::bytes("a.txt", vec![b'x'; 150_000]),
        MediaFile::body("a.txt", Zeros::new(150_000).body()),
    ] {
        let (server, seen) = (server().await, Seen::default());
        let upload = server.client().upload(file).on_progress(watch(&seen));
        upload.await.unwrap();
        let total = 150_000;
        assert_eq!(
            *seen.lock().unwrap(),
            [(65_536, total), (131_072, total), (total, total)]
        );
        assert_eq!(fields_of(&server)[1].content.len(), 150_000);
    }
}

#[tokio::test]
async fn progress_starts_again_where_an_upload_may_be_tried_again() {
    let busy = answer("503 Service Unavailable", "", b"");
    let stored = answer("200 OK", "", STORED.as_bytes());
    let server = Server::in_turn(vec![busy, stored]).await;
    let brief = Duration::from_millis(1);
    let policy = RetryPolicy::default().longest_wait(brief).repeat_uploads();
    let (client, seen) = (server.client().with_retry(policy), Seen::default());
    let file = MediaFile::bytes("a.txt", vec![b'x'; 70_000]);
    client.upload(file).on_progress(watch(&seen)).await.unwrap();
    let once = [(65_536, 70_000), (70_000, 70_000)];
    assert_eq!(*seen.lock().unwrap(), [once, once].concat());
    let [first, second] = &server.received()[..] else {
        panic!("not two requests")
    };
    assert_eq!(first.body, second.body);
}

#[tokio::test]
async fn the_largest_document_needs_little_memory() {
    let server = server().await;
    let zeros = Zeros::new(MediaKind::Document.max_bytes());
    let file = MediaFile::body("catalogue.pdf", zeros.body());
    server.client().upload(file).await.unwrap();
    let [request] = &server.received()[..] else {
        panic!("not one request")
    };
    assert!(request.length > 100 * 1024 * 1024);
    assert!(
        zeros.most_held() <= 1024 * 1024,
        "{} bytes held at once",
        zeros.most_held()
    );
}

#[tokio::test]
async fn a_file_on_disk_is_read_from_its_path() {
    use super::temporary::Folder;
    let (server, folder) = (server().await, Folder::new());
    let bytes: Vec<u8> = (0..200_000_u32).map(|number| number as u8).collect();
    let path = folder.file("clip.mp4", &bytes);
    server.client().upload(path.as_path()).await.unwrap();
    let sent = fields_of(&server);
    assert!(sent[1].head[0].ends_with(r#"filename="clip.mp4""#));
    assert_eq!(sent[1].content, bytes);

    let renamed = MediaFile::path(path).name("film.mp4");
    server.client().upload(renamed).await.unwrap();
    let second = &server.received()[1];
    let content_type = second.header("content-type").unwrap();
    let sent = fields(content_type, &second.body);
    assert!(sent[1].head[0].ends_with(r#"filename="film.mp4""#));
}
