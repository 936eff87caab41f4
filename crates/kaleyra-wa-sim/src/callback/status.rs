//! The callback for what became of a message.

use std::time::Duration;

use kaleyra_wa_types::inbound::StatusName;
use serde_json::{Value, json};

use super::{Business, echo, merge};
use crate::model::accepted_message::AcceptedMessage;
use crate::model::basis::Basis;
use crate::model::delivery_error::DeliveryError;
use crate::time::clock::unix_seconds;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The body of the callback that says what became of an accepted message, by the shape of Kaleyra's *Sent* page.
///
/// As in the page's sample, `statuses[].id` is no wamid, and the two `message_id`s differ: the outer one is the message's
/// wamid, the one in `extra_info` is another. The references are the reliable correlation.
///
/// ```
/// use kaleyra_wa_sim::Simulator;
/// use kaleyra_wa_sim::callback::status;
/// use kaleyra_wa_types::inbound::StatusName;
///
/// # use serde_json::json;
/// # async fn send(sim: &kaleyra_wa_sim::Simulator, mut message: serde_json::Value) {
/// #     use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// #     (message["messaging_product"], message["to"]) = (json!("whatsapp"), json!("+919800000001"));
/// #     let body = json!({"messaging_object": message, "extra_info": {"ref": "order-17"}}).to_string();
/// #     let mut stream = tokio::net::TcpStream::connect(sim.addr()).await.unwrap();
/// #     let head = format!("POST /v2/HXIN0000000000IN/whatsapp/918000000001/messages HTTP/1.1\r\nhost: localhost\r\napi-key: A-key\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
/// #     stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
/// #     stream.read_to_end(&mut Vec::new()).await.unwrap();
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// send(&sim, json!({"type": "text", "text": {"body": "Your table is booked."}})).await; // by the code under test
/// let callback = status(sim.business(), &StatusName::Delivered, &sim.accepted()[0]);
/// assert_eq!(callback["meta_object"]["value"]["statuses"][0]["status"], "delivered");
/// assert_eq!(callback["extra_info"]["ref"], "order-17");
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
///
/// Source: *Sent*, status update webhook payload.
pub fn status(business: &Business, name: &StatusName, message: &AcceptedMessage) -> Value {
    status_because(business, name, message, None)
}

/// What each status rests on.
pub(crate) fn basis(name: &StatusName) -> Basis {
    match name {
        StatusName::Sent => Basis::Documented("Sent, status update webhook payload"),
        StatusName::NotSent => Basis::Documented(
            "Not Sent - Daily Limit Reached, status update webhook payload; other codes are inferred",
        ),
        StatusName::Accepted => Basis::Inferred(
            "Kaleyra lists a page Submit - Success whose content is not public; the flat shape is that of Not Sent",
        ),
        _ => Basis::Inferred(
            "Kaleyra lists a page for it whose content is not public; the shape is that of Sent, with Meta's fields",
        ),
    }
}

/// The same, with the reason where it did not get through.
pub(crate) fn status_because(
    business: &Business,
    name: &StatusName,
    message: &AcceptedMessage,
    error: Option<&DeliveryError>,
) -> Value {
    let request = &message.request["messaging_object"];
    let number = request["to"].as_str().and(message.user());
    let (ids, about) = (&message.sources.ids, message.user().unwrap_or_default());
    let mut extra_info = json!({
        "trace_id": ids.uuid(about),
        "message_id": ids.wamid(number.unwrap_or_default()),
        "waba_id": business.waba_id,
        "enable_url_tracking_body": false,
        "enable_url_tracking_button": false,
    });
    merge(&mut extra_info, echo(&message.references));

    if matches!(name, StatusName::NotSent | StatusName::Accepted) {
        // Kaleyra's own are flat, and have no trace.
        let (code, reason) = match error {
            Some(error) => (error.code.as_str(), error.details.as_str()),
            None => ("WA202", "Submitted"),
        };
        extra_info.as_object_mut().map(|it| it.remove("trace_id"));
        return json!({
            "code": code,
            "status": name,
            "reason": reason,
            "message_id": message.wamid,
            "extra_info": extra_info,
        });
    }

    let id = ids.hex32(about);
    let now = message.sources.clock.now();
    let mut status = json!({
        "id": id,
        "status": name,
        "timestamp": unix_seconds(now).to_string(),
    });
    merge(
        &mut status,
        match number {
            Some(number) => json!({"recipient_id": number}),
            None => json!({"recipient_user_id": request["recipient"]}),
        },
    );
    let category = category(message);
    merge(
        &mut status,
        match error {
            Some(error) => json!({"errors": [{
                "code": error.code.parse::<u32>().map_or_else(|_| json!(error.code), |code| json!(code)),
                "title": error.title,
                "message": error.title,
                "error_data": {"details": error.details},
            }]}),
            None => json!({
                "conversation": {
                    "id": id,
                    "expiration_timestamp": unix_seconds(now + DAY).to_string(),
                    "origin": {"type": category},
                },
                "pricing": {
                    "billable": true,
                    "pricing_model": "Conversation-Based Pricing",
                    "category": category,
                },
            }),
        },
    );
    json!({
        "meta_object": business.meta_object(json!({"statuses": [status]})),
        "extra_info": extra_info,
        "status": name,
        "message_id": message.wamid,
    })
}

/// What the message is charged as.
pub(crate) fn category(message: &AcceptedMessage) -> &'static str {
    match message.type_name() {
        Some("template") => "marketing",
        _ => "service",
    }
}
