//! Uploads: what is taken, what is refused, and what both cost.

use kaleyra_wa_sim::callback::MediaKind;
use kaleyra_wa_sim::{Fault, SimEvent, Simulator};
use kaleyra_wa_types::response::ApiFailure;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::wire::{
    Answer, KEY, SENDER, SID, parse, raw, request, send, simulator, text_to, why, wrong_payload,
};

const BOUNDARY: &str = "----boundary-7c2e";
/// Of `abc`: the first vector of FIPS 180-2.
const SHA256_OF_ABC: &str = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";

enum Part<'a> {
    Type(&'a str),
    File(&'a [u8]),
    Other,
}

fn form(parts: &[Part<'_>]) -> Vec<u8> {
    let mut form = Vec::new();
    for part in parts {
        form.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=").bytes());
        match part {
            Part::Type(mime_type) => form.extend(format!("\"type\"\r\n\r\n{mime_type}").bytes()),
            Part::File(bytes) => {
                let head = "\"file\"; filename=\"canary.bin\"\r\nContent-Type: any/thing\r\n\r\n";
                form.extend(head.bytes());
                form.extend(*bytes);
            }
            Part::Other => form.extend(b"\"messaging_product\"\r\n\r\nwhatsapp"),
        }
        form.extend(b"\r\n");
    }
    form.extend(format!("--{BOUNDARY}--\r\n").bytes());
    form
}

fn content_type() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

async fn upload_form(sim: &Simulator, form: &[u8]) -> Answer {
    let line = format!("POST /v2/{SID}/whatsapp/{SENDER}/media");
    let headers = [("api-key", KEY), ("content-type", &content_type())];
    parse(raw(sim, &line, &headers, form).await)
}

async fn upload(sim: &Simulator, mime_type: &str, bytes: &[u8]) -> Answer {
    upload_form(sim, &form(&[Part::Type(mime_type), Part::File(bytes)])).await
}

#[tokio::test]
async fn a_file_gets_an_id() {
    let sim = simulator().await;
    let mut events = sim.observe();
    let answer = upload(&sim, "image/jpeg", b"abc").await;
    assert_eq!(answer.status(), 200);
    let media = &sim.uploads()[0];
    assert_eq!(
        answer.body,
        format!(
            r#"{{"code":"WA200","message":"Request Processed Successfully","data":{{"id":"{}"}},"error":{{}}}}"#,
            media.id
        )
    );
    assert_eq!((media.kind, media.size), (MediaKind::Image, 3));
    assert_eq!(media.mime_type, "image/jpeg");
    assert_eq!(media.sha256, SHA256_OF_ABC);
    assert_eq!(media.file_name.as_deref(), Some("canary.bin"));
    assert_eq!(sim.uploaded_bytes(&media.id).as_deref(), Some(&b"abc"[..]));

    let event = events.next().await.unwrap();
    assert!(
        matches!(&event, SimEvent::Uploaded(told) if told.id == media.id),
        "{event:?}"
    );
    assert!(!format!("{event:?}").contains("canary"));
}

#[tokio::test]
async fn the_fields_come_in_any_order_among_others() {
    let sim = simulator().await;
    let parts = [
        Part::Other,
        Part::File(b"abc"),
        Part::Other,
        Part::Type("text/plain"),
    ];
    assert_eq!(upload_form(&sim, &form(&parts)).await.status(), 200);
    assert_eq!(sim.uploads()[0].sha256, SHA256_OF_ABC);
}

#[tokio::test]
async fn bytes_that_look_like_a_boundary_are_the_files() {
    let sim = simulator().await;
    let tricky = format!(
        "\r\n--{}\r\n\r\n-\0\u{ff}--",
        &BOUNDARY[..BOUNDARY.len() - 1]
    );
    let answer = upload(&sim, "application/zip", tricky.as_bytes()).await;
    let id = answer.json()["data"]["id"].as_str().unwrap().into();
    assert_eq!(sim.uploaded_bytes(&id).unwrap(), tricky.as_bytes());
}

#[tokio::test]
async fn what_is_missing_or_not_right_is_told() {
    let sim = simulator().await;
    let refused = async |form: Vec<u8>| {
        let (answer, why) = why(&sim, upload_form(&sim, &form)).await;
        assert_eq!((answer.status(), answer.json()), (400, wrong_payload()));
        why
    };
    let file = Part::File(b"abc");
    assert_eq!(refused(form(&[])).await, "file: missing");
    assert_eq!(
        refused(form(&[Part::Type("image/png")])).await,
        "file: missing"
    );
    assert_eq!(refused(form(&[file])).await, "type: missing");
    for unsupported in ["image/tiff", "audio/wav", "video/webm", "jpeg", ""] {
        let form = form(&[Part::Type(unsupported), Part::File(b"abc")]);
        assert_eq!(
            refused(form).await,
            "type: not a MIME type that WhatsApp takes"
        );
    }
    let parts = [Part::Type("image/png"), Part::File(b"")];
    assert_eq!(refused(form(&parts)).await, "file: empty");
    let parts = [Part::File(b"a"), Part::File(b"b")];
    assert_eq!(refused(form(&parts)).await, "file: given twice");
    let parts = [Part::Type("image/png"), Part::Type("image/png")];
    assert_eq!(refused(form(&parts)).await, "type: given twice");
    let long = "t".repeat(256);
    assert_eq!(
        refused(form(&[Part::Type(&long)])).await,
        "type: longer than any MIME type"
    );

    let whole = form(&[Part::Type("image/png"), Part::File(b"abc")]);
    let half = whole[..whole.len() - 10].to_vec();
    assert!(refused(half).await.starts_with("not a form: "));
    assert!(refused(b"{}".to_vec()).await.starts_with("not a form: "));
    assert!(sim.uploads().is_empty());
}

#[tokio::test]
async fn the_content_type_has_to_be_a_forms() {
    let sim = simulator().await;
    let line = format!("POST /v2/{SID}/whatsapp/{SENDER}/media");
    for content_type in [
        "application/json",
        "multipart/form-data",
        "multipart/mixed; boundary=b",
    ] {
        let headers = [("api-key", KEY), ("content-type", content_type)];
        // Long enough that a response which comes before it is read would be lost.
        let body = "x".repeat(8 << 20);
        let (answer, reason) = why(&sim, request(&sim, &line, &headers, &body)).await;
        assert_eq!((answer.status(), answer.json()), (400, wrong_payload()));
        assert_eq!(
            reason,
            "Content-Type: must be multipart/form-data with a boundary"
        );
    }
}

#[tokio::test]
async fn each_kind_has_its_limit() {
    let sim = simulator().await;
    for (mime_type, max) in [
        ("image/png", 5 << 20),
        ("image/webp", 500 << 10),
        ("audio/aac", 16 << 20),
        ("video/mp4", 16 << 20),
    ] {
        let mut bytes = vec![7; max];
        assert_eq!(
            upload(&sim, mime_type, &bytes).await.status(),
            200,
            "{mime_type}"
        );
        let uploaded = sim.uploads().pop().unwrap();
        assert_eq!(uploaded.size, max as u64);
        bytes.push(7);
        let (answer, reason) = why(&sim, upload(&sim, mime_type, &bytes)).await;
        assert_eq!((answer.status(), answer.json()), (400, wrong_payload()));
        let kind = uploaded.kind.as_str();
        assert_eq!(
            reason,
            format!("file: {} bytes, where {kind} may have {max}", max + 1)
        );
    }
    assert_eq!(sim.uploads().len(), 4);
}

#[tokio::test]
async fn the_account_is_checked_first_and_the_body_is_read_all_the_same() {
    let sim = simulator().await;
    let form = form(&[Part::File(&[7; 8 << 20])]);
    for (sid, sender, key, code) in [
        ("HXIN", "919", "A-other", "RBC001"),
        (SID, "919", "A-other", "RBC001"),
        (SID, "919", KEY, "WA401"),
        (SID, SENDER, KEY, "WA400"),
    ] {
        let line = format!("POST /v2/{sid}/whatsapp/{sender}/media");
        let headers = [("api-key", key), ("content-type", &content_type())];
        let answer = parse(raw(&sim, &line, &headers, &form).await);
        assert_eq!(answer.json()["code"], code);
    }
}

#[tokio::test]
async fn faults_meet_uploads_too() {
    let sim = simulator().await;
    let upload = async || upload(&sim, "image/jpeg", b"abc").await;

    sim.fail_next(Fault::Documented(ApiFailure::AccountType));
    // What is wrong anyway uses up no fault.
    assert_eq!(upload_form(&sim, &form(&[])).await.status(), 400);
    let answer = upload().await;
    assert_eq!(
        (answer.status(), &answer.json()["code"]),
        (401, &json!("WA-401"))
    );
    assert!(answer.json()["error"]["account"].is_string());
    sim.fail_next(Fault::TooManyRequests);
    assert_eq!(upload().await.status(), 429);
    sim.fail_next(Fault::BadGateway);
    assert_eq!(upload().await.status(), 502);
    assert!(sim.uploads().is_empty());

    sim.fail_next(Fault::CutBody);
    let answer = upload().await;
    let announced: usize = answer.header("content-length").unwrap().parse().unwrap();
    assert!(answer.status() == 200 && answer.body.len() < announced);
    sim.fail_next(Fault::DocumentedBody);
    let answer = upload().await;
    let repaired = answer
        .body
        .replace("\"WA200\"\n", "\"WA200\",\n")
        .replace("}\n\"error\"", "},\n\"error\"");
    let envelope: serde_json::Value = serde_json::from_str(&repaired).unwrap();
    assert_eq!(envelope["data"]["id"], json!(sim.uploads()[1].id));
    assert_eq!(sim.uploads().len(), 2);

    sim.fail_next(Fault::Close);
    let line = format!("POST /v2/{SID}/whatsapp/{SENDER}/media");
    let headers = [("api-key", KEY), ("content-type", &content_type())];
    let form = form(&[Part::Type("image/jpeg"), Part::File(b"abc")]);
    assert_eq!(raw(&sim, &line, &headers, &form).await, b"");
}

#[tokio::test]
async fn a_send_tells_the_upload_that_it_names() {
    let sim = simulator().await;
    upload(&sim, "image/jpeg", b"abc").await;
    let media = sim.uploads().pop().unwrap();
    let image = |id: &str| {
        json!({
            "messaging_object": {
                "messaging_product": "whatsapp", "to": "+919800000001", "type": "image", "image": {"id": id},
            },
        })
        .to_string()
    };
    assert_eq!(send(&sim, &image(media.id.as_str())).await.status(), 202);
    // One that Meta knows, perhaps.
    assert_eq!(send(&sim, &image("1037543291543636")).await.status(), 202);
    send(&sim, &text_to("+919800000001")).await;

    let accepted = sim.accepted();
    let named = accepted[0].media.as_ref().unwrap();
    assert_eq!((&named.id, named.size), (&media.id, 3));
    assert!(accepted[1].media.is_none() && accepted[2].media.is_none());

    let listed = request(&sim, "GET /sim/messages", &[], "").await.json();
    assert_eq!(listed[0]["media"]["kind"], "image");
    assert_eq!(listed[0]["media"]["sha256"], SHA256_OF_ABC);
    assert_eq!(listed[1]["media"], json!(null));
}

#[tokio::test]
async fn uploads_are_shown_to_people() {
    let sim = simulator().await;
    upload(&sim, "text/plain; charset=utf-8", b"abc").await;
    let media = sim.uploads().pop().unwrap();
    let listed = request(&sim, "GET /sim/media", &[], "").await.json();
    assert_eq!(listed[0]["id"], json!(media.id));
    assert_eq!(listed[0]["file_name"], "canary.bin");
    let answer = request(&sim, &format!("GET /sim/media/{}", media.id), &[], "").await;
    assert_eq!(
        answer.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert_eq!(answer.body, "abc");
    assert_eq!(
        request(&sim, "GET /sim/media/0", &[], "").await.status(),
        400
    );
}

/// Client and simulator in one thread, whose memory is counted; the client takes 64 KiB.
#[test]
fn the_largest_document_takes_little_memory() {
    const PIECE: usize = 64 << 10;

    /// Gives what it took at most, and what stays.
    fn memory_of(content_length: bool, size: usize) -> (u64, i64) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let sim = runtime.block_on(simulator());
        let whole = form(&[Part::Type("application/pdf"), Part::File(b"@")]);
        let at = whole.iter().position(|byte| *byte == b'@').unwrap();
        let (head, tail) = (&whole[..at], &whole[at + 1..]);
        let framing = match content_length {
            true => format!("content-length: {}", head.len() + size + tail.len()),
            false => "transfer-encoding: chunked".to_owned(),
        };
        let request = format!(
            "POST /v2/{SID}/whatsapp/{SENDER}/media HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\napi-key: {KEY}\r\n\
             content-type: {}\r\n{framing}\r\n\r\n",
            content_type()
        );
        let upload = async {
            let mut stream = TcpStream::connect(sim.addr()).await.unwrap();
            stream.write_all(request.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            let piece = vec![7; PIECE];
            let pieces = std::iter::repeat_n(&piece[..], size / PIECE);
            for piece in std::iter::once(head).chain(pieces).chain([tail]) {
                if content_length {
                    stream.write_all(piece).await.unwrap();
                } else {
                    let size = format!("{:x}\r\n", piece.len());
                    stream.write_all(size.as_bytes()).await.unwrap();
                    stream.write_all(piece).await.unwrap();
                    stream.write_all(b"\r\n").await.unwrap();
                }
            }
            if !content_length {
                stream.write_all(b"0\r\n\r\n").await.unwrap();
            }
            stream.read_to_end(&mut answer).await.unwrap();
            assert_eq!(parse(answer).status(), 200);
        };
        let info = allocation_counter::measure(|| runtime.block_on(upload));
        let media = sim.uploads().pop().unwrap();
        assert_eq!(media.size, size as u64);
        assert!(sim.uploaded_bytes(&media.id).is_none());
        (info.bytes_max, info.bytes_current)
    }

    let (most, stays) = memory_of(true, 100 << 20);
    assert!(
        most < 4 << 20 && stays < 1 << 20,
        "{most} at most, {stays} stay"
    );
    // Without a length it is recorded until it is longer than 16 MiB; while the recording grows, it is there twice.
    let (most, stays) = memory_of(false, 40 << 20);
    assert!(
        most < 34 << 20 && stays < 1 << 20,
        "{most} at most, {stays} stay"
    );
}

#[tokio::test]
async fn an_endless_upload_is_ended() {
    let sim = simulator().await;
    let mut events = sim.observe();
    let mut stream = TcpStream::connect(sim.addr()).await.unwrap();
    let form = form(&[Part::Type("application/pdf"), Part::File(b"")]);
    let head = String::from_utf8(form).unwrap();
    let head = head.split("\r\n\r\n--").next().unwrap().to_owned();
    let request = format!(
        "POST /v2/{SID}/whatsapp/{SENDER}/media HTTP/1.1\r\nhost: localhost\r\napi-key: {KEY}\r\ncontent-type: {}\r\n\
         content-length: {}\r\n\r\n{head}\r\n\r\n",
        content_type(),
        u64::MAX / 2
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let piece = vec![7; 1 << 20];
    let mut written = 0;
    while stream.write_all(&piece).await.is_ok() {
        written += 1;
        assert!(written < 200, "MiB, and still reading");
    }
    match events.next().await.unwrap() {
        SimEvent::Rejected { status, why, .. } => {
            assert_eq!(status, 400);
            assert!(why.starts_with("file: longer than 100 MB"), "{why}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let sim = simulator().await;
    let whole = form(&[Part::Type("image/png"), Part::File(&[7; 100_000])]);
    let mut stream = TcpStream::connect(sim.addr()).await.unwrap();
    let head = format!(
        "POST /v2/{SID}/whatsapp/{SENDER}/media HTTP/1.1\r\nhost: localhost\r\napi-key: {KEY}\r\ncontent-type: {}\r\n\
         content-length: {}\r\n\r\n",
        content_type(),
        whole.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(&whole[..50_000]).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert_eq!(answer, b"");
    assert!(sim.uploads().is_empty());
    assert_eq!(upload(&sim, "image/png", b"abc").await.status(), 200);
}
