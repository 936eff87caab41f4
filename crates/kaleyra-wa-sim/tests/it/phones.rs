//! What a user's own phone decides: marketing messages, payments, who is seen typing, and for how long.

use std::time::Duration;

use kaleyra_wa_sim::{Callbacks, FailureKind};
use serde_json::{Value, json};

use super::bot::{Flaw, shop};
use super::wire::{Webhook, builder, request, send, text_to};

const ASHA: &str = "+919800000001";

fn message(content: &str) -> String {
    format!(
        r#"{{"messaging_object":{{"messaging_product":"whatsapp","to":"{ASHA}",{content}}},"extra_info":{{"ref":"r"}}}}"#
    )
}

const TEMPLATE: &str = r#""type":"template","template":{"name":"sale","language":{"code":"en"}}"#;
const ORDER: &str = r#""type":"interactive","interactive":{"type":"order_details","body":{"text":"Your order"},
    "action":{"name":"review_and_pay","parameters":{"reference_id":"order-17","type":"digital-goods","currency":"INR",
    "total_amount":{"value":250000,"offset":100},"order":{"status":"pending"}}}}"#;

#[tokio::test]
async fn who_stops_marketing_gets_none_until_it_is_wanted_again() {
    let mut webhook = Webhook::answering(&[200]).await;
    let sim = builder()
        .callbacks(webhook.url.as_str(), None)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    let path = "PATCH /sim/users/919800000001";
    let set = async |body: &str| request(&sim, path, &[], body).await.json();
    assert_eq!(set(r#"{"marketing":false}"#).await["marketing"], false);
    let told = webhook.next().await.json();
    assert_eq!(told["meta_object"]["field"], "user_preferences");
    let preference = &told["meta_object"]["value"]["user_preferences"][0];
    assert_eq!(
        (
            &preference["wa_id"],
            &preference["category"],
            &preference["value"]
        ),
        (
            &json!("919800000001"),
            &json!("marketing_messages"),
            &json!("stop")
        )
    );

    // The send itself is accepted, as Kaleyra accepts it; the status tells.
    let id = send(&sim, &message(TEMPLATE)).await.json()["data"]["message_id"].clone();
    let status = webhook.next().await.json();
    assert_eq!(status["status"], "failed");
    assert!(status.to_string().contains("131050"), "{status}");
    let line = format!("GET /sim/why/{}", id.as_str().unwrap());
    let why = request(&sim, &line, &[], "").await.body;
    assert!(why.contains("131050"), "{why}");
    // What is no marketing comes through.
    send(&sim, &text_to(ASHA)).await;
    assert_eq!(webhook.next().await.json()["status"], "sent");

    set(r#"{"marketing":true}"#).await;
    let told = webhook.next().await.json();
    let preference = &told["meta_object"]["value"]["user_preferences"][0];
    assert_eq!(preference["value"], "resume");
    send(&sim, &message(TEMPLATE)).await;
    assert_eq!(webhook.next().await.json()["status"], "sent");
}

#[tokio::test]
async fn the_newest_order_is_paid_or_not() {
    let mut webhook = Webhook::answering(&[200]).await;
    let sim = builder()
        .callbacks(webhook.url.as_str(), None)
        .statuses(false)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    let pay = async |body: &str| request(&sim, "POST /sim/users/919800000001/pay", &[], body).await;
    let none = pay("").await;
    assert_eq!(none.status(), 400);
    assert!(none.body.contains("no order to pay"), "{}", none.body);
    send(&sim, &message(ORDER)).await;
    let wamid = sim.accepted()[0].wamid.to_string();
    assert_eq!(pay("").await.json()["webhook_status"], 200);
    let told = webhook.next().await.json();
    let payment = &told["payment"];
    assert_eq!(
        (
            &told["id"],
            &told["type"],
            &told["status"],
            &told["phone_number"]
        ),
        (
            &json!(wamid),
            &json!("payment"),
            &json!("captured"),
            &json!("919800000001")
        )
    );
    assert_eq!(payment["reference_id"], "order-17");
    assert_eq!(payment["amount"], json!({"value": 250_000, "offset": 100}));
    assert_eq!(payment["transaction"]["status"], "success");
    assert_eq!(payment["transaction"]["refunds"], Value::Null);
    assert_eq!(pay(r#"{"status":"failed"}"#).await.status(), 200);
    let told = webhook.next().await.json();
    assert_eq!(
        (&told["status"], &told["payment"]["transaction"]["status"]),
        (&json!("failed"), &json!("failed"))
    );
    assert_eq!(pay(r#"{"status":"maybe"}"#).await.status(), 400);

    // The library's own model reads it.
    let callback = kaleyra_wa_types::inbound::Callback::from_slice(told.to_string().as_bytes());
    let kind = callback
        .unwrap()
        .events()
        .next()
        .unwrap()
        .type_name()
        .to_owned();
    assert_eq!(kind, "failed");

    let (sim, _bot) = shop(|it| it.frozen(), Flaw::None).await;
    let error = sim.user(ASHA).pays().run().await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Impossible);
    send(&sim, &message(ORDER)).await;
    sim.user(ASHA).pays().fails_to_pay().run().await.unwrap();
}

#[tokio::test]
async fn typing_is_shown_for_25_seconds_or_until_the_business_writes() {
    let sim = builder().frozen().bind("127.0.0.1:0").await.unwrap();
    let user = sim.end_user("Asha Example", ASHA);
    let wrote = user.text("Hi");
    let _ = sim.post(wrote.clone()).await;
    let typing = format!(
        r#"{{"messaging_object":{{"messaging_product":"whatsapp","status":"read","message_id":"{}","typing_indicator":{{"type":"text"}}}}}}"#,
        wrote.id()
    );
    let shown = async || {
        let list = request(&sim, "GET /sim/conversations", &[], "")
            .await
            .json();
        let conversation = &sim.conversations()[0];
        assert_eq!(list[0]["typing"], sim.is_typing(conversation));
        sim.is_typing(conversation)
    };
    assert!(!shown().await);
    assert_eq!(send(&sim, &typing).await.status(), 202);
    assert!(shown().await);
    sim.advance(Duration::from_secs(24)).await;
    assert!(shown().await);
    sim.advance(Duration::from_secs(1)).await;
    assert!(!shown().await);
    send(&sim, &typing).await;
    assert!(shown().await);
    send(&sim, &text_to(ASHA)).await;
    assert!(!shown().await);
    // A receipt alone shows nothing.
    send(
        &sim,
        &typing.replace(r#","typing_indicator":{"type":"text"}"#, ""),
    )
    .await;
    assert!(!shown().await);
}

#[tokio::test]
async fn a_number_can_have_a_webhook_of_its_own() {
    let (mut first, mut second) = (
        Webhook::answering(&[200]).await,
        Webhook::answering(&[200]).await,
    );
    let sim = builder()
        .number("+918000000002")
        .callbacks(first.url.as_str(), None)
        .callbacks_of(
            "918000000002",
            Callbacks::to(second.url.as_str()).header("x-own", "s3cret"),
        )
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    let say = async |business: &str| {
        let line = format!("POST /sim/users/919800000001/text?business={business}");
        request(&sim, &line, &[], r#"{"body":"Hi"}"#).await.status()
    };
    assert_eq!(say("918000000002").await, 200);
    assert_eq!(second.next().await.header("x-own"), Some("s3cret"));
    assert_eq!(say("918000000001").await, 200);
    assert_eq!(first.next().await.header("x-own"), None);
    // Statuses of what the number sent go the same way.
    let line = "POST /v2/HXIN0000000000IN/whatsapp/918000000002/messages";
    let headers = [
        ("api-key", super::wire::KEY),
        ("content-type", "application/json"),
    ];
    assert_eq!(
        request(&sim, line, &headers, &text_to(ASHA)).await.status(),
        202
    );
    assert_eq!(second.next().await.json()["status"], "sent");

    let mut third = Webhook::answering(&[200]).await;
    let set =
        async |body: Value| request(&sim, "PATCH /sim/settings", &[], &body.to_string()).await;
    let body = json!({"callback_url": third.url, "number": "+918000000002"});
    assert_eq!(set(body).await.status(), 200);
    say("918000000002").await;
    third.next().await;
    let body = json!({"callback_url": "", "number": "+918000000002"});
    set(body).await;
    say("918000000002").await;
    first.next().await;
    let wrong = set(json!({"callback_url": third.url, "number": "+910000"})).await;
    assert!(
        wrong.status() == 400 && wrong.body.contains("number: no account"),
        "{}",
        wrong.body
    );
    let none = builder().callbacks_of("+910000", Callbacks::to(third.url.as_str()));
    assert!(none.bind("127.0.0.1:0").await.is_err());
}
