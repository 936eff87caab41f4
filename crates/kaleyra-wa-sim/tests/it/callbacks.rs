//! Callbacks on their way to the webhook, and their shapes.

use kaleyra_wa_sim::callback::{Business, EndUser, MediaKind, status};
use kaleyra_wa_sim::{CallbackError, Fault, InvalidWebhook, SimEvent, Simulator, StartError};
use kaleyra_wa_types::extra_info::ExtraInfo;
use kaleyra_wa_types::inbound::{Callback, Event, MessageContent, StatusName};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use super::wire::{SOON, Webhook, builder, kept_alive, send, simulator, text_to};

async fn simulator_for(webhook: &Webhook) -> Simulator {
    builder()
        .callbacks(webhook.url.as_str(), ("x-kaleyra-secret", "s3cret"))
        .bind("127.0.0.1:0")
        .await
        .unwrap()
}

/// The paths of all fields, with the arrays' indices left out.
fn shape(value: &Value) -> Vec<String> {
    fn walk(value: &Value, path: &str, paths: &mut Vec<String>) {
        match value {
            Value::Object(members) => members
                .iter()
                .for_each(|(name, value)| walk(value, &format!("{path}.{name}"), paths)),
            Value::Array(elements) => elements
                .iter()
                .for_each(|element| walk(element, path, paths)),
            _ => paths.push(path.to_owned()),
        }
    }
    let mut paths = Vec::new();
    walk(value, "", &mut paths);
    paths.sort();
    paths
}

/// What the pages' incoming callbacks have in common, and the one message in them.
fn incoming(message: Value) -> Value {
    json!({
        "meta_object": {
            "value": {
                "messaging_product": "whatsapp",
                "metadata": {"display_phone_number": "", "phone_number_id": ""},
                "contacts": [{"profile": {"name": ""}, "wa_id": ""}],
                "messages": [message],
            },
            "field": "messages",
        },
        "extra_info": {
            "media_url": "", "ref": "", "ref1": "", "ref2": "", "reply_to": "", "trace_id": "", "waba_id": "",
        },
    })
}

#[tokio::test]
async fn an_accepted_message_is_followed_by_its_status() {
    let mut webhook = Webhook::answering(&[200]).await;
    let sim = simulator_for(&webhook).await;
    let mut events = sim.observe();
    let long = text_to("+919800000001").replace("dictionary", &"d".repeat(256));
    send(&sim, &long).await;

    let posted = webhook.next().await;
    assert!(
        posted.head.starts_with("POST /callbacks?from=sim HTTP/1.1"),
        "{}",
        posted.head
    );
    assert_eq!(posted.header("x-kaleyra-secret"), Some("s3cret"));
    assert_eq!(posted.header("content-type"), Some("application/json"));

    let body = posted.json();
    let message = &sim.accepted()[0];
    assert_eq!(body["status"], "sent");
    assert_eq!(body["message_id"], json!(message.wamid));
    assert_ne!(body["extra_info"]["message_id"], body["message_id"]);
    let callback = Callback::from_value(body).unwrap();
    let statuses: Vec<_> = callback.statuses().collect();
    assert_eq!(statuses[0].status, Some(StatusName::Sent));
    assert_eq!(
        statuses[0].recipient_id.as_ref().unwrap().as_str(),
        "919800000001"
    );
    let extra_info = callback.extra_info.unwrap();
    assert_eq!(extra_info.reference.as_deref(), Some("customer1"));
    assert_eq!(extra_info.reference2, Some("d".repeat(255).into()));

    assert!(matches!(events.next().await, Some(SimEvent::Accepted(_))));
    assert!(matches!(
        events.next().await,
        Some(SimEvent::CallbackPosted {
            kind: "status",
            status: 200,
            attempts: 1,
            ..
        })
    ));
}

#[tokio::test]
async fn a_status_comes_also_when_the_connection_ended_before_the_answer() {
    let mut webhook = Webhook::answering(&[200]).await;
    let sim = simulator_for(&webhook).await;
    sim.fail_next(Fault::CutBody);
    let request = kept_alive(&text_to("+919800000001"));
    let mut client = TcpStream::connect(sim.addr()).await.unwrap();
    client.write_all(request.as_bytes()).await.unwrap();
    drop(client);
    assert_eq!(webhook.next().await.json()["status"], "sent");
}

#[tokio::test]
async fn a_status_has_the_documented_shape() {
    let sim = simulator().await;
    send(&sim, &text_to("+919800000001")).await;
    let callback = status(sim.business(), &StatusName::Delivered, &sim.accepted()[0]);
    let documented = json!({
        "meta_object": {
            "value": {
                "messaging_product": "whatsapp",
                "metadata": {"display_phone_number": "", "phone_number_id": ""},
                "statuses": [{
                    "id": "", "status": "", "timestamp": "", "recipient_id": "",
                    "conversation": {"id": "", "expiration_timestamp": "", "origin": {"type": ""}},
                    "pricing": {"billable": true, "pricing_model": "", "category": ""},
                }],
            },
            "field": "messages",
        },
        "extra_info": {
            "trace_id": "", "message_id": "", "waba_id": "", "ref": "", "ref1": "", "ref2": "",
            "enable_url_tracking_body": false, "enable_url_tracking_button": false,
        },
        "status": "", "message_id": "",
    });
    assert_eq!(shape(&callback), shape(&documented));
    assert_eq!(
        callback["meta_object"]["value"]["statuses"][0]["status"],
        "delivered"
    );
}

#[tokio::test]
async fn statuses_are_tried_again_and_receipts_have_none() {
    let mut webhook = Webhook::answering(&[503, 500, 204, 400]).await;
    let sim = simulator_for(&webhook).await;
    let mut events = sim.observe();
    let receipt = r#"{"messaging_object":{"messaging_product":"whatsapp","status":"read","message_id":"wamid.A"}}"#;
    send(&sim, receipt).await;
    send(&sim, &text_to("+919800000001")).await;
    let tries = [
        webhook.next().await,
        webhook.next().await,
        webhook.next().await,
    ];
    assert_eq!(tries[0].body, tries[2].body);
    // A 4xx is a response for good.
    send(&sim, &text_to("+919800000001")).await;
    assert_ne!(webhook.next().await.body, tries[0].body);

    let mut posted = Vec::new();
    while posted.len() < 2 {
        if let SimEvent::CallbackPosted {
            status, attempts, ..
        } = events.next().await.unwrap()
        {
            posted.push((status, attempts));
        }
    }
    assert_eq!(posted, [(204, 3), (400, 1)]);
}

#[tokio::test]
async fn statuses_can_be_switched_off() {
    let mut webhook = Webhook::answering(&[200]).await;
    let sim = builder()
        .callbacks(webhook.url.as_str(), None)
        .statuses(false)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    send(&sim, &text_to("+919800000001")).await;
    sim.post_callback(&json!({"first": true})).await.unwrap();
    let posted = webhook.next().await;
    assert_eq!(posted.json(), json!({"first": true}));
    assert_eq!(posted.header("x-kaleyra-secret"), None);
}

#[tokio::test]
async fn posting_gives_the_webhooks_status() {
    let mut webhook = Webhook::answering(&[401, 503]).await;
    let sim = simulator_for(&webhook).await;
    let user = sim.end_user("Zoë Example", "+919800000001");
    let callback = user.reaction("wamid.A", "😂").callback();
    assert_eq!(sim.post_callback(&callback).await.unwrap(), 401);
    // A person who posts wants to see the first response.
    assert_eq!(sim.post_callback(&callback).await.unwrap(), 503);

    let posted = webhook.next().await;
    assert_eq!(posted.json(), callback);
    assert!(
        posted.body.contains(r#""emoji":"\ud83d\ude02""#),
        "{}",
        posted.body
    );
    assert!(posted.body.contains(r"Zo\u00eb"), "{}", posted.body);
}

#[tokio::test]
async fn the_shapes_of_the_pages_are_met() {
    let sim = simulator().await;
    send(&sim, &text_to("+919800000001")).await;
    let message = &sim.accepted()[0];
    let user = sim.end_user("Asha Example", "919800000001");
    let context = json!({"from": "", "id": ""});

    let image = user
        .media(MediaKind::Image, "https://example.com/a.jpg")
        .replying_to(message);
    let documented = incoming(json!({
        "context": context, "from": "", "id": "", "timestamp": "", "type": "",
        "image": {"mime_type": "", "sha256": "", "id": ""},
    }));
    assert_eq!(shape(&image.callback()), shape(&documented));

    let reaction = user
        .reaction(message.wamid.clone(), "👍")
        .replying_to(message);
    let documented = incoming(json!({
        "from": "", "id": "", "timestamp": "", "type": "", "reaction": {"message_id": "", "emoji": ""},
    }));
    assert_eq!(shape(&reaction.callback()), shape(&documented));

    let button = user
        .template_button("button0", "message")
        .replying_to(message);
    let documented = incoming(json!({
        "context": context, "from": "", "id": "", "timestamp": "", "type": "",
        "button": {"payload": "", "text": ""},
    }));
    assert_eq!(shape(&button.callback()), shape(&documented));
}

#[tokio::test]
async fn a_reply_echoes_what_it_replies_to() {
    let sim = simulator().await;
    send(&sim, &text_to("+919800000001")).await;
    let message = &sim.accepted()[0];
    let user = sim.end_user("Asha Example", "919800000001");
    let reply = user
        .media(MediaKind::Image, "https://example.com/a.jpg")
        .replying_to(message);
    let callback = Callback::from_value(reply.callback()).unwrap();

    let inbound = callback.messages().next().unwrap();
    assert_eq!(&inbound.id, reply.id());
    assert_eq!(inbound.from.as_ref().unwrap().as_str(), "919800000001");
    assert_eq!(inbound.replies_to(), Some(&message.wamid));
    assert!(inbound.timestamp.as_ref().unwrap().unix_seconds().unwrap() > 1_700_000_000);
    assert!(matches!(&inbound.content, MessageContent::Image(_)));
    let contact = callback.contact_of(inbound).unwrap();
    assert_eq!(contact.wa_id, inbound.from);

    let extra_info = callback.extra_info.as_ref().unwrap();
    assert_eq!(
        extra_info.media_url.as_deref(),
        Some("https://example.com/a.jpg")
    );
    assert_eq!(extra_info.reply_to.as_ref(), Some(&message.reply_to));
    assert_eq!(extra_info.reference1.as_deref(), Some("marketing"));
    assert!(extra_info.trace_id.is_some() && extra_info.waba_id.is_some());
}

#[test]
fn every_builder_makes_what_the_types_read() {
    let user =
        EndUser::new("Asha Example", "+919800000001").writing_to(Business::new("+918000000001"));
    let media = |kind| user.media(kind, "https://example.com/file");
    for (message, type_name) in [
        (user.text("Hi"), "text"),
        (user.reaction("wamid.A", "👍"), "reaction"),
        (user.reaction_removed("wamid.A"), "reaction"),
        (user.template_button("yes", "Yes"), "button"),
        (media(MediaKind::Audio), "audio"),
        (media(MediaKind::Document), "document"),
        (media(MediaKind::Image), "image"),
        (media(MediaKind::Sticker), "sticker"),
        (media(MediaKind::Video), "video"),
    ] {
        let callback = Callback::from_value(message.callback()).unwrap();
        let events: Vec<_> = callback.events().collect();
        assert!(
            matches!(events[..], [Event::Message(_)]),
            "{type_name}: {events:?}"
        );
        assert_eq!(events[0].type_name(), type_name);
    }

    let unsolicited = user.text("Hi").callback();
    assert_eq!(unsolicited["extra_info"]["ref"], "");
    assert_eq!(unsolicited["extra_info"]["media_url"], "");
    let metadata = &unsolicited["meta_object"]["value"]["metadata"];
    assert_eq!(metadata["display_phone_number"], "918000000001");

    let quoting = user
        .text("Hi")
        .quoting("wamid.B")
        .references(ExtraInfo::new().reference("order-17"))
        .callback();
    assert_eq!(quoting["extra_info"]["ref"], "order-17");
    let message = &quoting["meta_object"]["value"]["messages"][0];
    assert_eq!(
        message["context"],
        json!({"from": "918000000001", "id": "wamid.B"})
    );
    assert_ne!(quoting["extra_info"]["reply_to"], "");
}

#[tokio::test]
async fn without_a_webhook_posting_fails() {
    let sim = simulator().await;
    let error = sim.post_callback(&json!({})).await.unwrap_err();
    assert!(matches!(error, CallbackError::NotConfigured), "{error}");

    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    let sim = builder()
        .callbacks(url.as_str(), None)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    let error = sim.post_callback(&json!({})).await.unwrap_err();
    assert!(matches!(error, CallbackError::Connect(_)), "{error}");

    let mut events = sim.observe();
    send(&sim, &text_to("+919800000001")).await;
    assert!(matches!(events.next().await, Some(SimEvent::Accepted(_))));
    let failed = tokio::time::timeout(SOON, events.next()).await.unwrap();
    let Some(SimEvent::CallbackFailed {
        kind,
        why,
        attempts,
        ..
    }) = failed
    else {
        panic!("{failed:?}")
    };
    assert_eq!(kind, "status");
    assert_eq!(attempts, 3);
    assert!(
        why.contains("can't be reached") && !why.contains("127.0.0.1"),
        "{why}"
    );
}

#[tokio::test]
async fn callbacks_that_can_not_be_posted_are_refused_at_the_start() {
    for url in [
        // With the feature `https` this is a right one.
        #[cfg(not(feature = "https"))]
        "https://example.com/",
        "ftp://example.com/",
        "example.com",
        "/callbacks",
        "http://user:password@example.com/",
        "",
    ] {
        let error = builder()
            .callbacks(url, None)
            .bind("127.0.0.1:0")
            .await
            .unwrap_err();
        let invalid = StartError::Webhook(InvalidWebhook::Url);
        assert_eq!(error.to_string(), invalid.to_string(), "{url}");
    }
    for header in [("x secret", "s"), ("x-secret", "line\nbreak")] {
        let builder = builder().callbacks("http://127.0.0.1:1", header);
        let error = builder.bind("127.0.0.1:0").await.unwrap_err();
        let invalid = StartError::Webhook(InvalidWebhook::Header);
        assert_eq!(error.to_string(), invalid.to_string());
    }
}
