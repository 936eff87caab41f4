//! What is wrong before anything is sent stays here, and comes back whole.

use std::error::Error as _;

use kaleyra_wa_client::types::inbound::Message;
use kaleyra_wa_client::types::outbound::Image;
use kaleyra_wa_client::types::{PhoneNumber, Recipient};
use kaleyra_wa_client::{Delivery, ErrorKind, IntoRecipient, NoRecipient, SendMessage};
use serde_json::json;

use crate::fixtures::{Recording, USER, client, incoming};

/// Both doors, `request` and `await`, refuse it with this kind and text, and the transport is not asked.
async fn check(transport: &Recording, message: SendMessage, kind: ErrorKind, expected: &str) {
    let shown = message.request().unwrap_err();
    let error = message.await.unwrap_err();
    assert_eq!(error.to_string(), expected);
    assert_eq!(shown.to_string(), expected);
    assert_eq!(error.kind(), kind);
    assert_eq!(error.delivery(), Delivery::NotSent);
    assert_eq!(error.attempts(), 0);
    assert!(error.source().is_none());
    assert!(error.status().is_none() && error.body().is_none() && error.code().is_none());
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_recipient_that_is_none() {
    let transport = Recording::default();
    let client = client(transport.clone());
    check(
        &transport,
        client
            .send("9800000001", "Hello")
            .reference("order-17")
            .in_reply_to("wamid.A"),
        ErrorKind::InvalidRecipient,
        "not sent: the recipient is not a phone number: it must begin with + and the country code",
    )
    .await;
    check(
        &transport,
        client.send("+919800000001,+919800000002", "Hello"),
        ErrorKind::InvalidRecipient,
        "not sent: the recipient is several phone numbers in one: send to each in a call of its own",
    )
    .await;
}

/// A customer as a shop has them: some left no number.
struct Customer(Option<PhoneNumber>);

impl IntoRecipient for Customer {
    fn into_recipient(self) -> Result<Recipient, NoRecipient> {
        self.0
            .ok_or(NoRecipient::new("the customer has no number"))?
            .into_recipient()
    }
}

#[tokio::test]
async fn a_recipient_of_ones_own_says_why_it_is_none() {
    let transport = Recording::default();
    let client = client(transport.clone());
    check(
        &transport,
        client.send(Customer(None), "Hello"),
        ErrorKind::InvalidRecipient,
        "not sent: the customer has no number",
    )
    .await;
    let customer = Customer(Some(USER.parse().unwrap()));
    client.send(customer, "Hello").await.unwrap();
    assert_eq!(transport.body()["messaging_object"]["to"], USER);
}

#[tokio::test]
async fn a_message_that_names_nobody_to_answer() {
    let transport = Recording::default();
    let client = client(transport.clone());
    let reply = |message: &Message| client.reply(message, "Hello");
    check(
        &transport,
        reply(&incoming(json!({"from": null}))),
        ErrorKind::InvalidRecipient,
        "not sent: the message says neither `from` nor `from_user_id`, so there is nobody to respond",
    )
    .await;
    check(
        &transport,
        reply(&incoming(json!({"from": "91XXXXXXXXXX"}))),
        ErrorKind::InvalidRecipient,
        "not sent: the message's `from` is not a phone number: `X` must be taken out, only digits, blanks, - . ( ) may follow the +",
    )
    .await;
}

#[tokio::test]
async fn broken_limits_come_all_at_once() {
    let transport = Recording::default();
    let image = Image::link("file:///shoe.png").caption("x".repeat(1025));
    let message = client(transport.clone())
        .send(USER, image)
        .reference("r".repeat(256));
    let error = message.request().unwrap_err();
    let paths: Vec<&str> = error
        .violations()
        .iter()
        .map(|violation| violation.path.as_str())
        .collect();
    assert_eq!(
        paths,
        [
            "messaging_object.image.link",
            "messaging_object.image.caption",
            "extra_info.ref"
        ]
    );
    check(
        &transport,
        message,
        ErrorKind::InvalidRequest,
        "not sent: messaging_object.image.link: must begin with http:// or https://; \
         messaging_object.image.caption: at most 1024 characters, found 1025; \
         extra_info.ref: at most 255 characters, found 256",
    )
    .await;
}

#[tokio::test]
async fn unchecked_sends_it_all_the_same() {
    let transport = Recording::default();
    let text = "x".repeat(4097);
    client(transport.clone())
        .send(USER, text.clone())
        .unchecked()
        .await
        .unwrap();
    assert_eq!(transport.body()["messaging_object"]["text"]["body"], text);
}
