//! The callback for what became of a message.

use std::time::Duration;

use kaleyra_wa_types::callback::StatusName;
use serde_json::{Value, json};

use super::{Business, echo, merge};
use crate::account::without_plus;
use crate::{AcceptedMessage, fresh};

/// The body of the callback that says what became of an accepted message, by the shape of Kaleyra's *Sent* page.
///
/// As in the page's sample, `statuses[].id` is no wamid, and the two `message_id`s differ: the outer one is the message's
/// wamid, the one in `extra_info` is another. The references are the sure correlation.
///
/// Source: *Sent*, status update webhook payload.
pub fn status(business: &Business, name: &StatusName, message: &AcceptedMessage) -> Value {
    let request = &message.request["messaging_object"];
    let number = request["to"].as_str().map(without_plus);
    let category = match message.type_name() {
        Some("template") => "marketing",
        _ => "service",
    };
    let id = fresh::hex32();
    let mut status = json!({
        "id": id,
        "status": name,
        "timestamp": fresh::timestamp(Duration::ZERO),
        "conversation": {
            "id": id,
            "expiration_timestamp": fresh::timestamp(Duration::from_secs(24 * 60 * 60)),
            "origin": {"type": category},
        },
        "pricing": {
            "billable": true,
            "pricing_model": "Conversation-Based Pricing",
            "category": category,
        },
    });
    merge(
        &mut status,
        match number {
            Some(number) => json!({"recipient_id": number}),
            None => json!({"recipient_user_id": request["recipient"]}),
        },
    );
    let mut extra_info = json!({
        "trace_id": fresh::uuid(),
        "message_id": fresh::wamid(number.unwrap_or_default()),
        "waba_id": business.waba_id,
        "enable_url_tracking_body": false,
        "enable_url_tracking_button": false,
    });
    merge(&mut extra_info, echo(&message.references));
    json!({
        "meta_object": business.meta_object(json!({"statuses": [status]})),
        "extra_info": extra_info,
        "status": name,
        "message_id": message.wamid,
    })
}
