//! What goes out is what the documentation shows.

use std::sync::Arc;

use kaleyra_wa_client::transport::{self, Operation, OperationClass, SendOnce, Transport};
use kaleyra_wa_client::types::extra_info::{ExtraInfo, WaSource};
use kaleyra_wa_client::types::outbound::{
    Audio, Document, Image, MessagingObject, Sticker, Text, Video,
};
use kaleyra_wa_client::types::{PhoneNumber, Recipient, SendRequest, UserId, WaId};
use kaleyra_wa_client::{BaseUrl, Client};
use serde_json::{Value, json};

use crate::fixtures::{KEY, Recording, SENDER, SID, USER, account, client, incoming};

#[tokio::test]
async fn a_request_is_the_documented_one() {
    let transport = Recording::default();
    client(transport.clone()).send(USER, "Hello").await.unwrap();

    let [request] = transport.requests().try_into().unwrap();
    assert_eq!(request.method(), "POST");
    assert_eq!(
        request.uri().to_string(),
        format!("https://api.in.kaleyra.io/v2/{SID}/whatsapp/{SENDER}/messages")
    );
    let headers = request.headers();
    assert_eq!(headers.len(), 3);
    assert_eq!(headers["api-key"], KEY);
    assert!(headers["api-key"].is_sensitive());
    assert_eq!(headers["accept"], "application/json");
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(
        request.extensions().get(),
        Some(
            &Operation::new("send", OperationClass::Send, 1)
                .with_recipient(transport::RecipientKey::new(USER))
        )
    );
}

#[tokio::test]
async fn the_base_url_may_have_a_port_and_a_path() {
    let transport = Recording::default();
    let base_url = BaseUrl::parse("https://gate.example:8443/kaleyra/").unwrap();
    let client = Client::with_transport(account(base_url), transport.clone());
    client.send(USER, "Hello").await.unwrap();
    assert_eq!(
        transport.requests()[0].uri().to_string(),
        format!("https://gate.example:8443/kaleyra/v2/{SID}/whatsapp/{SENDER}/messages")
    );
}

#[tokio::test]
async fn a_reply_has_the_documented_body() {
    let transport = Recording::default();
    let text = Text::new("Tell us what address you’d like this order delivered to.");
    client(transport.clone())
        .reply(&incoming(json!({})), text.preview_url(false))
        .reference("customer1")
        .reference1("marketing")
        .reference2("dictionary")
        .source(WaSource::Api)
        .await
        .unwrap();
    assert_eq!(
        transport.body(),
        json!({
            "messaging_object": {
                "messaging_product": "whatsapp",
                "recipient_type": "individual",
                "context": {"message_id": "wamid.HBgLMTQxNTU1NTAxMjM"},
                "to": USER,
                "type": "text",
                "text": {
                    "preview_url": false,
                    "body": "Tell us what address you’d like this order delivered to.",
                },
            },
            "extra_info": {
                "ref": "customer1",
                "ref1": "marketing",
                "ref2": "dictionary",
                "wa_source": "api",
            },
        })
    );
}

#[tokio::test]
async fn media_have_the_documented_body() {
    let transport = Recording::default();
    let client = client(transport.clone());
    let link = "https://example.com/file";

    let mut sent: Vec<Value> = Vec::new();
    client.send(USER, Image::link(link)).await.unwrap();
    sent.push(transport.body());
    client.send(USER, Audio::id("1013")).await.unwrap();
    sent.push(transport.body());
    client
        .send(USER, Video::link(link).caption("Look"))
        .await
        .unwrap();
    sent.push(transport.body());
    client
        .send(USER, Document::id("1014").filename("a.pdf"))
        .await
        .unwrap();
    sent.push(transport.body());
    client.send(USER, Sticker::id("1015")).await.unwrap();
    sent.push(transport.body());

    let expected = [
        ("image", json!({"link": link})),
        ("audio", json!({"id": "1013"})),
        ("video", json!({"link": link, "caption": "Look"})),
        ("document", json!({"id": "1014", "filename": "a.pdf"})),
        ("sticker", json!({"id": "1015"})),
    ];
    for (sent, (name, body)) in sent.iter().zip(expected) {
        let mut message = json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": USER,
            "type": name,
        });
        message[name] = body;
        let extra_info = json!({"ref": "fresh"});
        assert_eq!(
            sent,
            &json!({"messaging_object": message, "extra_info": extra_info})
        );
    }
}

#[tokio::test]
async fn a_recipient_may_be_given_in_every_form() {
    let transport = Recording::default();
    let client = client(transport.clone());
    let text = USER.to_owned();
    let number: PhoneNumber = USER.parse().unwrap();
    let wa_id = WaId::from("14155550123");
    for message in [
        client.send(USER, "Hello"),
        client.send("+1 (415) 555-0123", "Hello"),
        client.send(&text, "Hello"),
        client.send(text.clone(), "Hello"),
        client.send(number.clone(), "Hello"),
        client.send(Recipient::from(number), "Hello"),
        client.send(&wa_id, "Hello"),
    ] {
        message.await.unwrap();
        assert_eq!(transport.body()["messaging_object"]["to"], USER);
    }
    client
        .send(UserId::from("US.13491208655302741918"), "Hello")
        .await
        .unwrap();
    let message = &transport.body()["messaging_object"];
    assert_eq!(message["recipient"], "US.13491208655302741918");
    assert_eq!(message.get("to"), None);
}

#[tokio::test]
async fn a_reply_to_a_hidden_number_goes_to_the_user_id() {
    let transport = Recording::default();
    let message = incoming(json!({"from": null, "from_user_id": "US.13491208655302741918"}));
    client(transport.clone())
        .reply(&message, "Hello")
        .await
        .unwrap();
    let sent = &transport.body()["messaging_object"];
    assert_eq!(sent["recipient"], "US.13491208655302741918");
    assert_eq!(sent["context"]["message_id"], message.id.as_str());
}

#[tokio::test]
async fn settings_change_what_goes_out() {
    let transport = Recording::default();
    let message = client(transport.clone())
        .send(USER, "Hello")
        .reference("replaced")
        .extra_info(ExtraInfo::new().reference1("spring"))
        .reference("order-17")
        .in_reply_to("wamid.A");
    let shown = serde_json::to_value(message.request().unwrap()).unwrap();
    message.await.unwrap();
    let sent = transport.body();
    assert_eq!(sent, shown);
    assert_eq!(
        sent["extra_info"],
        json!({"ref": "order-17", "ref1": "spring"})
    );
    assert_eq!(
        sent["messaging_object"]["context"],
        json!({"message_id": "wamid.A"})
    );
}

#[tokio::test]
async fn a_request_from_a_queue_goes_out_as_it_is() {
    let transport = Recording::default();
    let message = MessagingObject::new(Recipient::try_from(USER).unwrap(), "Hello");
    let queued = serde_json::to_value(SendRequest::new(message)).unwrap();
    let request: SendRequest = serde_json::from_value(queued.clone()).unwrap();
    client(transport.clone())
        .send_request(request)
        .await
        .unwrap();
    assert_eq!(transport.body(), queued);
}

#[tokio::test]
async fn an_accepted_message_has_an_id() {
    let shared: Arc<dyn Transport> = Arc::new(Recording::default());
    let client = client(shared);
    let sent = tokio::spawn(client.send(USER, "Hello").into_future())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(sent.message_id().as_str(), "AX1");
    assert_eq!(sent.response().message.as_deref(), Some("Request Accepted"));
    assert_eq!(
        format!("{sent:?}"),
        r#"Sent { message_id: KaleyraMessageId("AX1"), .. }"#
    );
}

#[tokio::test]
async fn a_send_says_whom_it_reaches_and_that_it_may_go_out_once() {
    let transport = Recording::default();
    let client = client(transport.clone());
    client.send(USER, "Hello").await.unwrap();
    client.mark_read("wamid.A").await.unwrap();
    let [send, mark_read] = transport.requests().try_into().unwrap();
    let recipient = |request: &transport::Request| {
        let operation = request.extensions().get::<Operation>();
        operation.unwrap().recipient.clone()
    };
    assert_eq!(recipient(&send), Some(transport::RecipientKey::new(USER)));
    assert!(send.extensions().get::<SendOnce>().is_some());
    assert_eq!(recipient(&mark_read), None);
    assert!(mark_read.extensions().get::<SendOnce>().is_some());
}
