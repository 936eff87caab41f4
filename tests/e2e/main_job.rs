//! The main job: a user writes, the shop answers through the client, a status comes back.

use std::time::Duration;

use kaleyra_wa_client::Client;
use kaleyra_wa_client::types::callback::{Callback, Event, MessageContent};
use kaleyra_wa_client::types::messaging_object::Image;
use kaleyra_wa_webhook::{Delivery, Sink, SinkError, async_trait};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::fixtures::callback;
use crate::shop::Shop;

/// Answers each of the three documented callbacks in its own way, and hands on every callback.
struct Bot {
    client: Client,
    seen: mpsc::UnboundedSender<Callback>,
}

#[async_trait]
impl Sink for Bot {
    async fn accept(&self, delivery: Delivery) -> Result<(), SinkError> {
        for event in delivery.events() {
            let Event::Message(message) = event else {
                continue;
            };
            let reply = match &message.content {
                MessageContent::Reaction(_) => self
                    .client
                    .reply(message, Image::link("https://example.com/heart.png")),
                MessageContent::Button(button) => self
                    .client
                    .reply(
                        message,
                        format!("You chose {}", button.text.as_deref().unwrap_or("nothing")),
                    )
                    .reference("order-18")
                    .reference2("from a template"),
                _ => self.client.reply(message, "Thank you!"),
            };
            reply
                .await
                .map_err(|error| SinkError::new(error.to_string()))?;
        }
        let _ = self.seen.send(delivery.callback);
        Ok(())
    }
}

#[tokio::test]
async fn the_three_documented_callbacks_are_received_and_answered() {
    let (seen, mut callbacks) = mpsc::unbounded_channel();
    let shop = Shop::open(|client| Bot { client, seen }).await;

    for name in ["media_reply.json", "reaction.json", "template_button.json"] {
        assert_eq!(
            shop.sim.post_callback(&callback(name)).await.unwrap(),
            200,
            "{name}"
        );
    }

    let sent: Vec<Value> = shop
        .sim
        .accepted()
        .iter()
        .map(|message| message.request.clone())
        .collect();
    let reply = |user: &str, quoted: &str, content: Value| {
        let mut message = json!({
            "messaging_product": "whatsapp", "recipient_type": "individual",
            "to": user, "context": {"message_id": quoted},
        });
        message
            .as_object_mut()
            .unwrap()
            .extend(content.as_object().unwrap().clone());
        message
    };
    let id = |name: &str| {
        callback(name)["meta_object"]["value"]["messages"][0]["id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let expected = [
        json!({"messaging_object": reply(
            "+919800000001", &id("media_reply.json"), json!({"type": "text", "text": {"body": "Thank you!"}}),
        )}),
        json!({"messaging_object": reply(
            "+919800000002", &id("reaction.json"), json!({"type": "image", "image": {"link": "https://example.com/heart.png"}}),
        )}),
        json!({
            "messaging_object": reply(
                "+919800000001", &id("template_button.json"),
                json!({"type": "text", "text": {"body": "You chose Book again"}}),
            ),
            "extra_info": {"ref": "order-18", "ref2": "from a template"},
        }),
    ];
    assert_eq!(sent, expected);

    // Three callbacks of users, three statuses of the answers; the last brings back its references.
    let mut references = Vec::new();
    for _ in 0..6 {
        let callback = tokio::time::timeout(Duration::from_secs(10), callbacks.recv())
            .await
            .unwrap()
            .unwrap();
        if callback.statuses().next().is_some() {
            references.push(callback.extra_info.unwrap().reference);
        }
    }
    assert_eq!(references, [None, None, Some("order-18".to_owned())]);
    shop.close().await;
}
