//! The main job: a user writes, the shop answers through the client, a status comes back.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kaleyra_wa_client::types::inbound::{Callback, Event, Message, MessageContent};
use kaleyra_wa_client::types::outbound::Image;
use kaleyra_wa_client::{Client, Delivery as Verdict, RetryPolicy, SendMessage};
use kaleyra_wa_sim::Fault;
use kaleyra_wa_transport::{
    Phase, Request, ReqwestTransport, Response, Transport, TransportError, TransportErrorKind,
};
use kaleyra_wa_types::response::ApiFailure;
use kaleyra_wa_webhook::{ReceivedCallback, Sink, SinkError, async_trait};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::fixtures::callback;
use crate::shop::{REFERENCE, Shop};

/// Answers each of the three documented callbacks in its own way, and hands on every callback.
struct Bot {
    client: Client,
    answered: Mutex<HashSet<String>>,
    seen: mpsc::UnboundedSender<Callback>,
}

impl Bot {
    fn new(client: Client, seen: mpsc::UnboundedSender<Callback>) -> Self {
        Self {
            client,
            answered: Mutex::default(),
            seen,
        }
    }

    fn reply(&self, message: &Message) -> SendMessage {
        match &message.content {
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
        }
    }

    /// Answers a message that is not answered yet.
    async fn answer(&self, message: &Message) -> Result<(), SinkError> {
        let id = message.id.as_str();
        // Noted before the answer goes out: a copy of the callback that comes meanwhile is not answered either.
        if !self.answered.lock().unwrap().insert(id.to_owned()) {
            return Ok(());
        }
        match self.reply(message).await {
            Err(error) if error.delivery() == Verdict::NotSent => {
                // The callback is to come again, and may be answered then.
                self.answered.lock().unwrap().remove(id);
                Err(SinkError::new(error.to_string()))
            }
            // Any other error is no better the second time: the answer is refused, or may be out already.
            _ => Ok(()),
        }
    }
}

#[async_trait]
impl Sink for Bot {
    async fn accept(&self, delivery: ReceivedCallback) -> Result<(), SinkError> {
        for event in delivery.events() {
            if let Event::Message(message) = event {
                self.answer(message).await?;
            }
        }
        let _ = self.seen.send(delivery.callback);
        Ok(())
    }
}

#[tokio::test]
async fn the_three_documented_callbacks_are_received_and_answered() {
    let (seen, mut callbacks) = mpsc::unbounded_channel();
    let shop = Shop::open(|client| Bot::new(client, seen)).await;

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
        json!({
            "messaging_object": reply(
                "+919800000001", &id("media_reply.json"), json!({"type": "text", "text": {"body": "Thank you!"}}),
            ),
            "extra_info": {"ref": REFERENCE},
        }),
        json!({
            "messaging_object": reply(
                "+919800000002", &id("reaction.json"),
                json!({"type": "image", "image": {"link": "https://example.com/heart.png"}}),
            ),
            "extra_info": {"ref": REFERENCE},
        }),
        json!({
            "messaging_object": reply(
                "+919800000001", &id("template_button.json"),
                json!({"type": "text", "text": {"body": "You chose Book again"}}),
            ),
            "extra_info": {"ref": "order-18", "ref2": "from a template"},
        }),
    ];
    assert_eq!(sent, expected);

    // Three callbacks of users, three statuses of the answers, which bring back their references.
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
    let expected = [REFERENCE, REFERENCE, "order-18"].map(|reference| Some(reference.into()));
    assert_eq!(references, expected);
    shop.close().await;
}

#[tokio::test]
async fn a_callback_that_comes_twice_is_answered_once() {
    let shop = Shop::open(|client| Bot::new(client, mpsc::unbounded_channel().0)).await;
    let callback = callback("media_reply.json");
    for _ in 0..2 {
        assert_eq!(shop.sim.post_callback(&callback).await.unwrap(), 200);
    }
    let (first, second) = tokio::join!(
        shop.sim.post_callback(&callback),
        shop.sim.post_callback(&callback),
    );
    assert_eq!((first.unwrap(), second.unwrap()), (200, 200));
    assert_eq!(shop.sim.accepted().len(), 1);
    shop.close().await;
}

/// Were it a 503, the callback would come again for ever; after `Close` the answer may be out already.
#[tokio::test]
async fn an_answer_that_is_refused_or_uncertain_does_not_bring_the_callback_back() {
    let shop = Shop::open(|client| Bot::new(client, mpsc::unbounded_channel().0)).await;
    for (fault, name) in [
        (
            Fault::Documented(ApiFailure::LowBalance),
            "media_reply.json",
        ),
        (Fault::Close, "reaction.json"),
        (Fault::CutBody, "template_button.json"),
    ] {
        shop.sim.fail_next(fault);
        for _ in 0..2 {
            let status = shop.sim.post_callback(&callback(name)).await;
            assert_eq!(status.unwrap(), 200, "{fault}");
        }
    }
    // Of the three only the last was accepted, and none was sent again.
    assert_eq!(shop.sim.accepted().len(), 1);
    shop.close().await;
}

/// Can't connect the first time.
struct Flaky {
    inner: ReqwestTransport,
    has_failed: AtomicBool,
}

#[async_trait]
impl Transport for Flaky {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        if !self.has_failed.swap(true, Ordering::Relaxed) {
            return Err(TransportError::new(
                Phase::Connect,
                TransportErrorKind::Connect,
            ));
        }
        self.inner.execute(request).await
    }
}

#[tokio::test]
async fn an_answer_that_was_not_sent_is_sent_when_the_callback_comes_again() {
    let shop = Shop::open(|client| {
        let transport = Flaky {
            inner: ReqwestTransport::new().unwrap(),
            has_failed: AtomicBool::new(false),
        };
        let client = Client::with_transport(client.account().clone(), transport);
        let client = client.with_retry(RetryPolicy::never());
        Bot::new(client, mpsc::unbounded_channel().0)
    })
    .await;
    let callback = callback("media_reply.json");
    for status in [503, 200, 200] {
        assert_eq!(shop.sim.post_callback(&callback).await.unwrap(), status);
    }
    assert_eq!(shop.sim.accepted().len(), 1);
    shop.close().await;
}
