//! The messages endpoint: what is accepted, and what is refused with which respond.

use std::collections::HashSet;
use std::time::Duration;

use kaleyra_wa_sim::{SimEvent, Simulator};
use kaleyra_wa_types::outbound::Content;
use kaleyra_wa_types::response::Code;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::wire::{
    KEY, SENDER, SID, SOON, builder, kept_alive, request, send, simulator, text_to, why,
    wrong_payload,
};

const JSON: (&str, &str) = ("content-type", "application/json");

/// A reply in the shape of the page, whose sample lacks the quote before the wamid.
const REPLY_AS_PRINTED: &str = r#"{
"messaging_object": {
"messaging_product": "whatsapp",
"context": {
"message_id": wamid.XXXXX..."
},
"to": "+91XXXXXXXXXX",
"type": "text",
"text": {"preview_url": false, "body": "It’s on its way."}
},
"extra_info": {"ref": "customer1", "ref1": "marketing", "ref2": "dictionary", "wa_source": "api"}
}"#;

/// An image in the shape of the page, whose sample has comments.
const IMAGE_AS_PRINTED: &str = r#"{
    "messaging_object": {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "+91XXXXXXXXXX",
        "type": "image",
        "image": {
            "link": "https://example.com/shoe.png" /* a public URL */
        }
    }
}"#;

fn wrong_credentials() -> Value {
    json!({
        "code": "RBC001",
        "message": "Incorrect SID or API key.",
        "data": [],
        "error": {"error": "Incorrect SID or API key."},
    })
}

#[tokio::test]
async fn a_right_message_is_accepted_and_kept() {
    let sim = simulator().await;
    let answer = send(&sim, &text_to("+919800000001")).await;
    assert_eq!(answer.status(), 202);
    assert_eq!(answer.header("content-type"), Some("application/json"));

    let accepted = sim.wait_for_accepted(1, SOON).await.unwrap();
    let message = &accepted[0];
    assert_eq!(
        answer.json(),
        json!({"code": "WA202", "message": "Request Accepted", "data": {"message_id": message.id}, "error": {}}),
    );
    assert_eq!(message.request["messaging_object"]["to"], "+919800000001");
    let typed = message.typed.as_ref().unwrap();
    let sent = typed.messaging_object.message().unwrap();
    assert!(matches!(&sent.content, Content::Text(_)));
    assert_eq!(message.references.reference.as_deref(), Some("customer1"));
    assert!(message.truncated.is_empty());
}

#[tokio::test]
async fn printed_samples_fail_until_they_are_repaired() {
    let sim = simulator().await;
    let (answer, reason) = why(&sim, send(&sim, REPLY_AS_PRINTED)).await;
    assert_eq!((answer.status(), answer.json()), (400, wrong_payload()));
    assert_eq!(reason, "not JSON: expected value at line 5 column 15");
    let (answer, reason) = why(&sim, send(&sim, IMAGE_AS_PRINTED)).await;
    assert_eq!((answer.status(), answer.json()), (400, wrong_payload()));
    assert!(reason.starts_with("not JSON: "), "{reason}");

    let reply = REPLY_AS_PRINTED.replace(": wamid", r#": "wamid"#);
    assert_eq!(send(&sim, &reply).await.status(), 202);
    let image = IMAGE_AS_PRINTED.replace("/* a public URL */", "");
    assert_eq!(send(&sim, &image).await.status(), 202);

    let accepted = sim.accepted();
    assert_eq!(accepted.len(), 2);
    assert_eq!(accepted[0].type_name(), Some("text"));
    assert_eq!(accepted[1].type_name(), Some("image"));
}

#[tokio::test]
async fn a_read_receipt_is_accepted() {
    let sim = simulator().await;
    let receipt = r#"{"messaging_object":{"messaging_product":"whatsapp","status":"read","message_id":"wamid.A"}}"#;
    assert_eq!(send(&sim, receipt).await.status(), 202);
    assert_eq!(sim.accepted()[0].type_name(), None);
}

#[tokio::test]
async fn checks_come_in_order() {
    let sim = simulator().await;
    let post = |sid: &str, sender: &str, key: Option<&'static str>| {
        let line = format!("POST /v2/{sid}/whatsapp/{sender}/messages");
        let sim = &sim;
        async move {
            let mut headers = vec![JSON];
            headers.extend(key.map(|key| ("api-key", key)));
            request(sim, &line, &headers, "no JSON").await
        }
    };

    // Everything is wrong; what is repaired first is refused first.
    let (answer, reason) = why(&sim, post("HXIN", "919", None)).await;
    assert_eq!((answer.status(), answer.json()), (401, wrong_credentials()));
    assert_eq!(reason, "the SID in the path is not the simulator's");

    let (answer, reason) = why(&sim, post(SID, "919", None)).await;
    assert_eq!((answer.status(), answer.json()), (401, wrong_credentials()));
    assert_eq!(reason, "there is no api-key header");

    let (answer, reason) = why(&sim, post(SID, "919", Some("A-other"))).await;
    assert_eq!((answer.status(), answer.json()), (401, wrong_credentials()));
    assert_eq!(reason, "the api-key header is not the simulator's key");

    let (answer, _) = why(&sim, post(SID, "919", Some(KEY))).await;
    assert_eq!(answer.status(), 401);
    let text = "Phone number is not present or does not belong to the account.";
    assert_eq!(
        answer.json(),
        json!({"code": "WA401", "message": text, "data": {}, "error": {"phone_number": text}}),
    );

    let (answer, reason) = why(&sim, post(SID, SENDER, Some(KEY))).await;
    assert_eq!((answer.status(), answer.json()), (400, wrong_payload()));
    assert!(reason.starts_with("not JSON: "), "{reason}");
    assert!(sim.accepted().is_empty());
}

#[tokio::test]
async fn the_plus_of_the_sender_is_optional() {
    let bare = Simulator::builder(SID, KEY, "91XXXXXXXXXX");
    let with_plus = Simulator::builder(SID, KEY, "+91XXXXXXXXXX");
    for builder in [bare, with_plus] {
        let sim = builder.bind("127.0.0.1:0").await.unwrap();
        for sender in ["91XXXXXXXXXX", "+91XXXXXXXXXX", "%2B91XXXXXXXXXX"] {
            let line = format!("POST /v2/{SID}/whatsapp/{sender}/messages");
            let headers = [JSON, ("api-key", KEY)];
            let answer = request(&sim, &line, &headers, &text_to("+91XXXXXXXXXX")).await;
            assert_eq!(answer.status(), 202, "{sender}");
        }
    }
}

#[tokio::test]
async fn the_content_type_has_to_be_json() {
    let sim = simulator().await;
    let line = format!("POST /v2/{SID}/whatsapp/{SENDER}/messages");
    let post = |content_type: &'static str| {
        let (sim, line) = (&sim, line.as_str());
        async move {
            let headers = [("api-key", KEY), ("content-type", content_type)];
            request(sim, line, &headers, &text_to("+919800000001")).await
        }
    };
    assert_eq!(post("application/json; charset=utf-8").await.status(), 202);
    let (answer, reason) = why(&sim, post("application/x-www-form-urlencoded")).await;
    assert_eq!((answer.status(), answer.json()), (400, wrong_payload()));
    assert_eq!(reason, "Content-Type: must be application/json");
}

#[tokio::test]
async fn the_reason_of_a_refusal_has_the_path_and_no_content() {
    let sim = simulator().await;
    let body = text_to("+919800000001").replace(r#""text":{"#, r#""txt":{"#);
    let mut events = sim.observe();
    assert_eq!(send(&sim, &body).await.json(), wrong_payload());
    let event = events.next().await.unwrap();
    let SimEvent::Rejected { code, why, .. } = &event else {
        panic!("{event:?}")
    };
    assert_eq!(code, &Some(Code::IncorrectPayload));
    assert_eq!(why, "messaging_object.text: missing");
}

#[tokio::test]
async fn long_references_are_cut() {
    let sim = simulator().await;
    let body = text_to("+919800000001").replace("marketing", &"m".repeat(300));
    assert_eq!(send(&sim, &body).await.status(), 202);
    let message = &sim.accepted()[0];
    assert_eq!(message.truncated, ["ref1"]);
    assert_eq!(message.references.reference1, Some("m".repeat(255).into()));
    let kept = message.request["extra_info"]["ref1"].as_str().unwrap();
    assert_eq!(kept.len(), 300, "the request is kept as it came");
}

#[tokio::test]
async fn ids_are_unique() {
    let sim = simulator().await;
    let mut ids = HashSet::new();
    for _ in 0..50 {
        let answer = send(&sim, &text_to("+919800000001")).await.json();
        let id = answer["data"]["message_id"].as_str().unwrap().to_owned();
        assert_eq!(id.len(), 20);
        assert!(ids.insert(id));
    }
    for message in sim.accepted() {
        assert!(ids.insert(message.wamid.to_string()));
        assert!(ids.insert(message.reply_to.to_string()));
    }
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let sim = simulator().await;
    let mut stream = TcpStream::connect(sim.addr()).await.unwrap();
    let request = kept_alive(&text_to("+919800000001"));
    for turn in 1..=3 {
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(br#""error":{}}"#) {
            assert_ne!(stream.read_buf(&mut answer).await.unwrap(), 0);
        }
        assert!(answer.starts_with(b"HTTP/1.1 202"));
        assert_eq!(sim.accepted().len(), turn);
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_in_the_envelope() {
    let sim = simulator().await;
    let flow = format!("POST /v2/{SID}/whatsapp/{SENDER}/publish");
    for line in [
        "GET /v1/messages",
        "GET //",
        "POST /sim/users/91/hologram",
        &flow,
    ] {
        let answer = request(&sim, line, &[], "").await;
        assert_eq!(answer.status(), 404, "{line}");
        let envelope = answer.json();
        assert_eq!(envelope["code"], "SIM404");
        assert!(envelope["error"].is_object() && envelope["data"].is_object());
    }
    let number = format!("/v2/{SID}/whatsapp/{SENDER}");
    let messages = format!("{number}/messages");
    for (line, allowed) in [
        (format!("GET {messages}"), "POST"),
        (format!("PUT {messages}"), "POST"),
        (format!("GET {number}/media"), "POST"),
        (format!("PUT {number}/block_users"), "POST, GET, DELETE"),
        (format!("POST {number}/phone_number_details"), "GET"),
        ("POST /media/0".to_owned(), "GET"),
        ("POST /".to_owned(), "GET"),
        ("PUT /sim/faults".to_owned(), "POST, GET, DELETE"),
    ] {
        let answer = request(&sim, &line, &[], "").await;
        assert_eq!(answer.status(), 405, "{line}");
        assert_eq!(answer.header("allow"), Some(allowed), "{line}");
        assert_eq!(answer.json()["code"], "SIM405");
    }
}

#[tokio::test]
async fn a_body_beyond_the_cap_is_refused_and_the_simulator_lives_on() {
    let sim = simulator().await;
    let fits = text_to("+919800000001");
    let padding = " ".repeat((1 << 20) - fits.len());
    assert_eq!(send(&sim, &format!("{fits}{padding}")).await.status(), 202);

    let (answer, reason) = why(&sim, send(&sim, &format!("{fits}{padding} "))).await;
    assert_eq!(answer.status(), 413);
    assert_eq!(answer.json()["code"], "SIM413");
    assert_eq!(reason, "the body is longer than 1 MiB");

    let large = "x".repeat(10 << 20);
    assert_eq!(send(&sim, &large).await.status(), 413);
    assert_eq!(send(&sim, &fits).await.status(), 202);
}

#[tokio::test]
async fn waiting_tells_what_is_missing() {
    let sim = simulator().await;
    send(&sim, &text_to("+919800000001")).await;
    let error = sim
        .wait_for_accepted(2, Duration::from_millis(1))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the simulator accepted 1 of 2 messages within 1ms"
    );
}

#[tokio::test]
async fn it_stops_and_frees_its_port() {
    let sim = simulator().await;
    let addr = sim.addr();
    let mut events = sim.observe();
    let idle = TcpStream::connect(addr).await.unwrap();
    send(&sim, &text_to("+919800000001")).await;
    sim.shutdown().await;
    assert!(matches!(events.next().await, Some(SimEvent::Accepted(_))));
    assert!(events.next().await.is_none());
    drop(idle);
    builder().bind(addr).await.unwrap();
}

#[tokio::test]
async fn debug_shows_nothing_secret() {
    let builder = builder().callbacks("http://127.0.0.1:1/canary", ("x-secret", "canary"));
    let mut text = format!("{builder:?}");
    let sim = builder.bind("127.0.0.1:0").await.unwrap();
    let mut events = sim.observe();
    send(&sim, &text_to("+919800000001")).await;
    text += &format!("{sim:?}{:?}{:?}", sim.accepted(), events.next().await);
    text += &format!(
        "{:?}",
        sim.end_user("canary", "919800000001").text("canary")
    );
    for secret in ["canary", KEY, "8000000001", "9800000001", "customer1"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}
