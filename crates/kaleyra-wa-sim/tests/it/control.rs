//! The endpoints for people with curl.

use std::net::UdpSocket;

use kaleyra_wa_sim::{SimEvent, Simulator};
use serde_json::{Value, json};

use super::wire::{KEY, Webhook, builder, exchange, parse, request, send, simulator, text_to};

async fn simulator_for(webhook: &Webhook) -> Simulator {
    builder()
        .callbacks(webhook.url.as_str(), ("x-kaleyra-secret", "s3cret"))
        .statuses(false)
        .bind("127.0.0.1:0")
        .await
        .unwrap()
}

fn message(callback: &Value) -> &Value {
    &callback["meta_object"]["value"]["messages"][0]
}

#[tokio::test]
async fn the_page_explains_everything_but_the_key() {
    let sim = simulator().await;
    let response = request(&sim, "GET /", &[], "").await;
    assert_eq!(response.status(), 200);
    assert_eq!(
        response.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    let send = "/v2/HXIN0000000000IN/whatsapp/+918000000001/messages";
    let known = [
        "/sim/messages",
        "/sim/faults",
        "/sim/callbacks",
        "/sim/users/",
        "/sim/media",
        "/media/",
        "bad-gateway",
        send,
        "/v2/HXIN0000000000IN/whatsapp/+918000000001/media",
        "/v2/HXIN0000000000IN/whatsapp/+918000000001/block_users",
        "/v2/HXIN0000000000IN/whatsapp/+918000000001/phone_number_details",
    ];
    for text in known {
        assert!(response.body.contains(text), "{text}");
    }
    assert!(response.body.contains(&sim.base_url()));
    assert!(!response.body.contains(KEY));
    for placeholder in ["{base}", "{sid}", "{sender}", "{webhook}", "{faults}"] {
        assert!(!response.body.contains(placeholder), "{placeholder}");
    }
}

#[tokio::test]
async fn accepted_messages_are_listed() {
    let sim = simulator().await;
    assert_eq!(
        request(&sim, "GET /sim/messages", &[], "").await.json(),
        json!([])
    );
    send(
        &sim,
        &text_to("+919800000001").replace("customer1", &"c".repeat(256)),
    )
    .await;
    send(&sim, &text_to("+919800000002")).await;
    let listed = request(&sim, "GET /sim/messages", &[], "").await.json();
    assert_eq!(listed[0]["truncated"], json!(["ref"]));
    assert_eq!(listed[0]["references"]["ref"], "c".repeat(255));
    assert_eq!(
        listed[1]["request"]["messaging_object"]["to"],
        "+919800000002"
    );
    assert_eq!(listed[1]["message_id"], json!(sim.accepted()[1].id));
    assert_eq!(listed[2], Value::Null);
}

#[tokio::test]
async fn faults_are_set_and_taken_back() {
    let sim = simulator().await;
    let status = async || send(&sim, &text_to("+919800000001")).await.status();
    let post = async |body| request(&sim, "POST /sim/faults", &[], body).await;

    let response = post(r#"{"fault":"low-balance","times":2}"#).await;
    assert_eq!(response.json(), json!({"fault": "low-balance", "times": 2}));
    assert_eq!(
        [status().await, status().await, status().await],
        [400, 400, 202]
    );

    assert_eq!(
        post(r#"{"fault":"WA500"}"#).await.json()["fault"],
        "internal"
    );
    assert_eq!([status().await, status().await], [500, 500]);
    request(&sim, "DELETE /sim/faults", &[], "").await;
    assert_eq!(status().await, 202);

    for (body, expected) in [
        ("", "not JSON: EOF while parsing a value at line 1 column 0"),
        ("[]", "not a JSON object"),
        ("{}", "fault: missing"),
        (r#"{"fault":5}"#, "fault: must be a string"),
        (
            r#"{"fault":"hang","times":0}"#,
            "times: must be from 1 to 1000",
        ),
        (
            r#"{"fault":"hang","times":"1"}"#,
            "times: must be from 1 to 1000",
        ),
        (
            r#"{"fault":"WA-401"}"#,
            "fault: `WA-401` stands for two faults: use `account-type` or `api-version`",
        ),
    ] {
        let response = post(body).await;
        assert_eq!(response.status(), 400);
        assert_eq!(response.json()["message"], expected);
    }
    let unknown = post(r#"{"fault":"nope"}"#).await.json();
    assert!(
        unknown["message"]
            .as_str()
            .unwrap()
            .contains("documented-body")
    );
    assert_eq!(status().await, 202);
}

#[tokio::test]
async fn any_callback_is_posted() {
    let mut webhook = Webhook::answering(&[418]).await;
    let sim = simulator_for(&webhook).await;
    let body = r#"{"anything": ["a\/b", "\ud83d\ude02"]}"#;
    let response = request(&sim, "POST /sim/callbacks", &[], body).await;
    assert_eq!(
        (response.status(), &response.json()["webhook_status"]),
        (200, &json!(418))
    );
    let posted = webhook.next().await;
    assert_eq!(posted.header("x-kaleyra-secret"), Some("s3cret"));
    assert_eq!(posted.json(), json!({"anything": ["a/b", "😂"]}));

    let response = request(&sim, "POST /sim/callbacks", &[], "{").await;
    assert_eq!(response.status(), 400);
}

#[tokio::test]
async fn without_a_webhook_it_says_so() {
    let sim = simulator().await;
    let response = request(&sim, "POST /sim/callbacks", &[], "{}").await;
    assert_eq!(response.status(), 502);
    let text = "there is no webhook: give the simulator a callback URL";
    assert_eq!(response.json()["message"], text);
}

#[tokio::test]
async fn users_write() {
    let mut webhook = Webhook::answering(&[200]).await;
    let sim = simulator_for(&webhook).await;
    let write = async |what: &str, body: &str| {
        let line = format!("POST /sim/users/%2B919800000001/{what}");
        request(&sim, &line, &[], body).await
    };

    let nothing_yet = write("reaction", r#"{"emoji":"👍"}"#).await;
    assert_eq!(nothing_yet.status(), 400, "{}", nothing_yet.body);

    send(&sim, &text_to("919800000001")).await;
    send(&sim, &text_to("+919800000002")).await;
    let [mine, other] = <[_; 2]>::try_from(sim.accepted()).unwrap();

    let response = write(
        "text",
        r#"{"body":"Is it in stock?","name":"Ravi Example"}"#,
    )
    .await;
    let callback = webhook.next().await.json();
    assert_eq!(
        response.json(),
        json!({"webhook_status": 200, "callback": callback})
    );
    assert_eq!(message(&callback)["from"], "919800000001");
    assert_eq!(message(&callback)["text"]["body"], "Is it in stock?");
    assert_eq!(message(&callback)["context"], Value::Null);
    let profile = &callback["meta_object"]["value"]["contacts"][0]["profile"];
    assert_eq!(profile["name"], "Ravi Example");

    // About the newest message to this user, unless another is named.
    write("reaction", r#"{"emoji":"👍"}"#).await;
    let callback = webhook.next().await.json();
    assert_eq!(
        message(&callback)["reaction"],
        json!({"message_id": mine.wamid, "emoji": "👍"})
    );
    assert_eq!(callback["extra_info"]["ref"], "customer1");

    write("reaction", &format!(r#"{{"message":"{}"}}"#, other.id)).await;
    let callback = webhook.next().await.json();
    assert_eq!(
        message(&callback)["reaction"],
        json!({"message_id": other.wamid})
    );

    write("button", r#"{"payload":"button0","text":"Yes"}"#).await;
    let callback = webhook.next().await.json();
    assert_eq!(
        message(&callback)["button"],
        json!({"payload": "button0", "text": "Yes"})
    );
    assert_eq!(message(&callback)["context"]["id"], json!(mine.wamid));

    let url = "https://example.com/a.jpg";
    write(
        "image",
        &format!(r#"{{"url":"{url}","message":"wamid.elsewhere"}}"#),
    )
    .await;
    let callback = webhook.next().await.json();
    assert_eq!(callback["extra_info"]["media_url"], url);
    assert_eq!(message(&callback)["type"], "image");
    assert_eq!(message(&callback)["context"]["id"], "wamid.elsewhere");

    for kind in ["audio", "document", "sticker", "video"] {
        write(kind, r#"{"url":"https://example.com/file"}"#).await;
        let callback = webhook.next().await.json();
        assert_eq!(message(&callback)["type"], kind);
        assert!(message(&callback)[kind]["mime_type"].is_string(), "{kind}");
        assert_eq!(
            callback["extra_info"]["media_url"],
            "https://example.com/file"
        );
    }

    let response = write("hologram", "{}").await;
    assert_eq!(response.status(), 404);
    assert_eq!(
        response.json()["message"],
        "there is nothing of this kind for a user to write: use one of text, reaction, button, reply, row, tap, form, order, \
         location, contact, own-contact, call-permission, edit, delete, unsupported, other, read, play, audio, document, \
         image, sticker, video"
    );

    let response = write("button", r#"{"payload":"button0"}"#).await;
    assert_eq!(
        (response.status(), &response.json()["message"]),
        (400, &json!("text: missing"))
    );
}

#[tokio::test]
async fn events_say_what_was_posted() {
    let webhook = Webhook::answering(&[200]).await;
    let sim = simulator_for(&webhook).await;
    let mut events = sim.observe();
    request(
        &sim,
        "POST /sim/users/919800000001/text",
        &[],
        r#"{"body":"Hi"}"#,
    )
    .await;
    request(&sim, "POST /sim/callbacks", &[], "{}").await;
    sim.post_callback(&json!({})).await.unwrap();
    for expected in ["user message", "as given", "as given"] {
        match events.next().await {
            Some(SimEvent::CallbackPosted { kind, .. }) => assert_eq!(kind, expected),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn foreign_web_pages_are_refused() {
    let sim = simulator().await;
    let mut events = sim.observe();
    for (site, status) in [
        ("cross-site", 403),
        ("same-site", 403),
        ("same-origin", 200),
        ("none", 200),
    ] {
        let response = request(&sim, "GET /sim/messages", &[("sec-fetch-site", site)], "").await;
        assert_eq!(response.status(), status, "{site}");
    }
    assert!(matches!(
        events.next().await,
        Some(SimEvent::Rejected { status: 403, .. })
    ));
}

/// A machine without a network has loopback addresses only; there the check itself is tested, by a unit test.
#[tokio::test]
async fn other_machines_are_refused() {
    let sim = builder().bind("0.0.0.0:0").await.unwrap();
    assert!(sim.base_url().starts_with("http://127.0.0.1:"));
    assert_eq!(request(&sim, "GET /", &[], "").await.status(), 200);

    // Finds this machine's own address; nothing is sent.
    let probe = UdpSocket::bind("0.0.0.0:0").unwrap();
    let Ok(outside) = probe
        .connect("192.0.2.1:9")
        .and_then(|()| probe.local_addr())
    else {
        return;
    };
    let outside = (outside.ip(), sim.addr().port());
    for (line, status) in [
        ("GET / HTTP/1.1", 403),
        ("GET /sim/messages HTTP/1.1", 403),
        ("GET /v2 HTTP/1.1", 404),
    ] {
        let response = exchange(
            outside,
            format!("{line}\r\nhost: {}\r\nconnection: close\r\n\r\n", outside.0).as_bytes(),
        )
        .await;
        assert_eq!(parse(response).status(), status, "{line}");
    }
}
