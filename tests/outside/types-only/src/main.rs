//! A service that stores callbacks and queues messages: the models alone, no runtime and no HTTP.

use std::error::Error;

use kaleyra_wa_types::extra_info::ExtraInfo;
use kaleyra_wa_types::inbound::{Callback, Event};
use kaleyra_wa_types::outbound::{Image, MessagingObject};
use kaleyra_wa_types::{Recipient, SendRequest};
use serde_json::{Value, json};

const CALLBACK: &str = r#"{
    "meta_object": {
        "field": "messages",
        "value": {
            "messaging_product": "whatsapp",
            "messages": [
                {"from": "919800000001", "id": "wamid.A", "timestamp": "1722863329", "type": "text", "text": {"body": "Hi"}},
                {"from": "919800000002", "id": "wamid.B", "type": "hologram", "hologram": {"depth": 3}},
                {"from": "919800000003", "id": "wamid.C", "type": "text", "text": "no object"}
            ]
        }
    },
    "extra_info": {"media_url": "", "ref": "order-17", "novelty": [1, null]}
}"#;

fn main() -> Result<(), Box<dyn Error>> {
    store()?;
    queue()?;
    println!("types-only: a callback was stored and a message queued");
    Ok(())
}

/// A callback comes in, is routed by what is in it, and is kept as it came.
fn store() -> Result<(), Box<dyn Error>> {
    let callback = Callback::from_slice(CALLBACK.as_bytes())?;
    let events: Vec<_> = callback
        .events()
        .map(|event| (event.type_name(), matches!(event, Event::Malformed(_))))
        .collect();
    assert_eq!(
        events,
        [("text", false), ("hologram", false), ("text", true)]
    );

    let stored = serde_json::to_value(&callback)?;
    assert_eq!(stored, serde_json::from_str::<Value>(CALLBACK)?);
    Ok(())
}

/// A message is written for another service to send.
fn queue() -> Result<(), Box<dyn Error>> {
    let image = Image::link("https://example.com/shoe.png").caption("The blue one");
    let message = MessagingObject::new(Recipient::try_from("+919800000001")?, image);
    let request = SendRequest::new(message).extra_info(ExtraInfo::new().reference("order-17"));
    assert!(request.violations().is_empty());

    let queued = serde_json::to_value(&request)?;
    assert_eq!(queued["messaging_object"]["type"], "image");
    assert_eq!(queued["extra_info"], json!({"ref": "order-17"}));
    Ok(())
}
