//! Faults by rules: on answers, on callbacks, on messages.

use std::time::Duration;

use kaleyra_wa_sim::{CallbackError, Simulator};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;

use super::bot::HOUR;
use super::wire::{
    Answer, KEY, SENDER, SID, SOON, Webhook, builder, call, request, send, simulator, text_to,
};

const ASHA: &str = "+919800000001";

async fn simulator_for(webhook: &Webhook) -> Simulator {
    builder()
        .callbacks(webhook.url.as_str(), ("x-kaleyra-secret", "s3cret"))
        .statuses(false)
        .frozen()
        .bind("127.0.0.1:0")
        .await
        .unwrap()
}

fn body_of(posted: &Answer) -> Value {
    posted.json()["meta_object"]["value"]["messages"][0]["text"]["body"].clone()
}

#[tokio::test]
async fn answers_fail_for_whom_and_when_the_rule_says() {
    let sim = simulator().await;
    let status = async |to: &str| send(&sim, &text_to(to)).await.status();
    sim.faults(
        "response:E110 user=+919800000002 every=2; response:internal endpoint=phone_number_details",
    )
    .unwrap();
    assert_eq!(status(ASHA).await, 202);
    assert_eq!(status("919800000002").await, 202);
    assert_eq!(status("+919800000002").await, 400);
    assert_eq!(status("+919800000002").await, 202);
    assert_eq!(
        call(&sim, "GET", "phone_number_details", "").await.status(),
        500
    );
    sim.heal();
    assert_eq!(
        call(&sim, "GET", "phone_number_details", "").await.status(),
        200
    );

    let begun = std::time::Instant::now();
    sim.faults("response:slow by=50ms next=1; response:trickle by=1ms next=1")
        .unwrap();
    assert_eq!(status(ASHA).await, 202);
    assert!(begun.elapsed() >= Duration::from_millis(50));
    let trickled = send(&sim, &text_to(ASHA)).await;
    assert_eq!(trickled.json()["code"], "WA202");
    sim.faults("response:bad-gateway for=5m").unwrap();
    assert_eq!(status(ASHA).await, 502);
    sim.advance(Duration::from_secs(300)).await;
    assert_eq!(status(ASHA).await, 202);
}

#[tokio::test]
async fn a_lost_answer_is_for_an_accepted_message_and_a_reset_for_none() {
    let mut webhook = Webhook::answering(&[200]).await;
    let sim = builder()
        .callbacks(webhook.url.as_str(), None)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    sim.faults("response:lost-response next=1; response:reset next=1")
        .unwrap();
    let body = text_to(ASHA);
    let request = format!(
        "POST /v2/{SID}/whatsapp/{SENDER}/messages HTTP/1.1\r\nhost: localhost\r\napi-key: {KEY}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    assert_eq!(
        super::wire::exchange(sim.addr(), request.as_bytes()).await,
        b""
    );
    assert_eq!(sim.accepted().len(), 1);
    assert_eq!(webhook.next().await.json()["status"], "sent");

    let mut stream = tokio::net::TcpStream::connect(sim.addr()).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stream, request.as_bytes())
        .await
        .unwrap();
    let error = stream.read_to_end(&mut Vec::new()).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    assert_eq!(sim.accepted().len(), 1);
}

#[tokio::test]
async fn callbacks_come_twice_late_changed_or_not_at_all() {
    let mut webhook = Webhook::answering(&[200]).await;
    let sim = simulator_for(&webhook).await;
    let user = sim.end_user("Zoë", ASHA);
    let post = async |text: &str| sim.post(user.text(text)).await;

    sim.faults("callback:duplicate next=1").unwrap();
    post("twice").await.unwrap();
    let [first, second] = [webhook.next().await, webhook.next().await];
    assert_eq!(first.body, second.body);

    sim.faults("callback:drop next=1").unwrap();
    assert!(matches!(post("lost").await, Err(CallbackError::Dropped(_))));

    sim.faults("callback:wrong-secret next=1").unwrap();
    post("wrong").await.unwrap();
    assert_eq!(
        webhook.next().await.header("x-kaleyra-secret"),
        Some("wrong-secret")
    );

    sim.faults("callback:truncate next=1").unwrap();
    post("half").await.unwrap();
    let half = webhook.next().await;
    assert!(serde_json::from_str::<Value>(&half.body).is_err());

    sim.faults("callback:reserialise next=1; callback:foreign-get next=1")
        .unwrap();
    post("plain").await.unwrap();
    let get = webhook.next().await;
    assert!(
        get.head.starts_with("GET /callbacks?display_phone_number="),
        "{}",
        get.head
    );
    let plain = webhook.next().await;
    assert!(
        plain.body.contains("Zoë") && plain.body.contains('\n'),
        "{}",
        plain.body
    );
    assert_eq!(body_of(&plain), "plain");

    sim.faults("callback:php-escapes next=1").unwrap();
    post("a@b & <c>").await.unwrap();
    let escaped = webhook.next().await;
    assert!(
        escaped.body.contains(r"a\u0040b \u0026 \u003cc\u003e"),
        "{}",
        escaped.body
    );
    assert_eq!(body_of(&escaped), "a@b & <c>");
}

#[tokio::test]
async fn callbacks_are_overtaken_batched_and_held_back() {
    let mut webhook = Webhook::answering(&[200]).await;
    let sim = simulator_for(&webhook).await;
    let user = sim.end_user("Asha Example", ASHA);

    sim.faults("callback:reorder window=1 next=1").unwrap();
    let (held, passing) = tokio::join!(sim.post(user.text("1")), sim.post(user.text("2")));
    assert_eq!((held.unwrap(), passing.unwrap()), (200, 200));
    assert_eq!(
        [
            body_of(&webhook.next().await),
            body_of(&webhook.next().await)
        ],
        [json!("2"), json!("1")]
    );

    sim.heal();
    sim.faults("callback:batch size=3 next=3").unwrap();
    let (a, b, c) = tokio::join!(
        sim.post(user.text("a")),
        sim.post(user.text("b")),
        sim.post(user.text("c"))
    );
    assert_eq!((a.unwrap(), b.unwrap(), c.unwrap()), (200, 200, 200));
    let batch = webhook.next().await.json();
    let value = &batch["meta_object"]["value"];
    assert_eq!(value["messages"].as_array().unwrap().len(), 3);
    assert_eq!(value["contacts"].as_array().unwrap().len(), 1);

    sim.heal();
    sim.faults("callback:outage for=5m").unwrap();
    let posting = sim.post(user.text("burst"));
    let clock = async {
        sim.advance(Duration::from_secs(299)).await;
        sim.advance(HOUR).await;
    };
    let (posted, ()) = tokio::join!(posting, clock);
    assert_eq!(posted.unwrap(), 200);
    assert_eq!(body_of(&webhook.next().await), "burst");
}

#[tokio::test]
async fn a_message_fails_or_is_not_sent_as_the_rule_says() {
    let mut webhook = Webhook::answering(&[200]).await;
    let sim = builder()
        .callbacks(webhook.url.as_str(), None)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    sim.faults("message:fail code=131049 next=1; message:not-sent next=1")
        .unwrap();
    send(&sim, &text_to(ASHA)).await;
    let failed = webhook.next().await.json();
    let error = &failed["meta_object"]["value"]["statuses"][0]["errors"][0];
    assert_eq!(error["code"], 131_049);
    send(&sim, &text_to(ASHA)).await;
    let flat = webhook.next().await.json();
    assert_eq!(
        (&flat["code"], &flat["status"], &flat["reason"]),
        (
            &json!("WAV2101"),
            &json!("not sent"),
            &json!("Account daily limit reached")
        )
    );
    assert!(flat.get("meta_object").is_none() && flat["extra_info"].get("trace_id").is_none());
}

#[tokio::test]
async fn one_webhook_that_hangs_holds_up_nobody() {
    // It answers every user but one.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut held = Vec::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut bytes = vec![0; 65536];
            let length = stream.read(&mut bytes).await.unwrap();
            if String::from_utf8_lossy(&bytes[..length]).contains("919800000001") {
                held.push(stream);
                continue;
            }
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
            tokio::io::AsyncWriteExt::write_all(&mut stream, answer)
                .await
                .unwrap();
        }
    });
    let sim = builder()
        .callbacks(url.as_str(), None)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    let [asha, ravi] = [ASHA, "+919800000002"].map(|it| sim.end_user("Example", it).text("Hi"));
    let hanging = sim.post(asha);
    tokio::pin!(hanging);
    assert!(
        tokio::time::timeout(Duration::from_millis(50), &mut hanging)
            .await
            .is_err()
    );
    let posted = tokio::time::timeout(SOON, sim.post(ravi)).await.unwrap();
    assert_eq!(posted.unwrap(), 200);
}

#[tokio::test]
async fn rules_are_set_listed_and_taken_back_over_http() {
    let sim = simulator().await;
    let spec = r#"{"spec":"response:E110 every=2; monsoon"}"#;
    let added = request(&sim, "POST /sim/faults", &[], spec).await.json();
    assert_eq!(added["numbers"], json!([1, 2, 3, 4]));
    send(&sim, &text_to(ASHA)).await;
    send(&sim, &text_to(ASHA)).await;
    let listed = request(&sim, "GET /sim/faults", &[], "").await.json();
    assert_eq!(listed["rules"][0]["rule"], "response:low-balance every=2");
    assert_eq!(listed["rules"][0]["hits"], 1);
    assert!(
        listed["presets"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["name"] == "bad-day")
    );
    let removed = request(&sim, "DELETE /sim/faults/1", &[], "").await;
    assert_eq!(removed.status(), 200);
    assert_eq!(
        request(&sim, "DELETE /sim/faults/1", &[], "")
            .await
            .status(),
        404
    );
    let wrong = request(&sim, "POST /sim/faults", &[], r#"{"spec":"callback:fly"}"#).await;
    let message = wrong.json()["message"].as_str().unwrap().to_owned();
    assert!(
        message.starts_with("spec: rule 1: no callback fault has this name"),
        "{message}"
    );
}
