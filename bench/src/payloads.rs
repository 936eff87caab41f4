//! What the models are measured on: invented people, documented shapes.

use serde_json::{Value, json};

/// A payload and its name in the table.
pub struct Payload {
    /// Its name.
    pub name: &'static str,
    /// Its bytes, as they come over the wire.
    pub bytes: Vec<u8>,
}

/// Callbacks: the three documented ones, a status, and a batch of a hundred events.
pub fn callbacks() -> Vec<Payload> {
    let payload = |name, text| Payload {
        name,
        bytes: without_blanks(text),
    };
    vec![
        payload(
            "media reply",
            include_str!("../../tests/fixtures/callbacks/media_reply.json"),
        ),
        payload(
            "reaction",
            include_str!("../../tests/fixtures/callbacks/reaction.json"),
        ),
        payload(
            "template button",
            include_str!("../../tests/fixtures/callbacks/template_button.json"),
        ),
        payload(
            "status",
            include_str!("../../tests/fixtures/callbacks/status_sent.json"),
        ),
        Payload {
            name: "batch of 100",
            bytes: batch(),
        },
    ]
}

/// What the id of a message or status looks like in [`numbered`]; ten digits follow.
pub const ID: &str = "wamid.BENCH";
/// What the number of a user looks like in [`numbered`]; four digits follow.
pub const USER: &str = "91980000";

/// The documented callbacks with ids and users that can be counted up, so that none repeats another.
///
/// # Errors
///
/// When a fixture has another shape than is expected here.
pub fn numbered() -> Result<Vec<Vec<u8>>, Box<dyn std::error::Error + Send + Sync>> {
    let mut bodies = Vec::new();
    for payload in callbacks().into_iter().take(4) {
        let mut callback: Value = serde_json::from_slice(&payload.bytes)?;
        let value = &mut callback["meta_object"]["value"];
        for (elements, user) in [("messages", "from"), ("statuses", "recipient_id")] {
            let Some(element) = value.get_mut(elements).and_then(|all| all.get_mut(0)) else {
                continue;
            };
            element["id"] = format!("{ID}{:010}", 0).into();
            element[user] = format!("{USER}{:04}", 0).into();
        }
        bodies.push(serde_json::to_vec(&callback)?);
    }
    Ok(bodies)
}

/// A send with a template, as its body goes over the wire.
pub fn template_send() -> Payload {
    Payload {
        name: "template send",
        bytes: without_blanks(include_str!("../../tests/fixtures/requests/template.json")),
    }
}

/// JSON as programs write it. The fixtures are indented, for people: a quarter of their bytes says nothing, and skipping those takes
/// every way the same.
fn without_blanks(text: &str) -> Vec<u8> {
    let (mut in_text, mut is_escaped) = (false, false);
    let is_kept = |sign: &char| {
        let is_kept = in_text || !sign.is_ascii_whitespace();
        in_text ^= *sign == '"' && !is_escaped;
        is_escaped = *sign == '\\' && !is_escaped;
        is_kept
    };
    text.chars().filter(is_kept).collect::<String>().into()
}

fn batch() -> Vec<u8> {
    let message = |n: usize| match n % 4 {
        0 => {
            json!({"from": "919800000001", "id": format!("wamid.BATCH{n:04}"), "timestamp": "1722863329",
            "type": "text", "text": {"body": "Is the blue one still in stock? I would take two of them."}})
        }
        1 => {
            json!({"from": "919800000002", "id": format!("wamid.BATCH{n:04}"), "timestamp": "1722863330",
            "type": "image", "image": {"mime_type": "image/jpeg", "sha256": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "id": "200000000000001", "caption": "This one"}})
        }
        2 => {
            json!({"context": {"from": "918000000001", "id": "wamid.SENTBYTHESHOP0001"}, "from": "919800000003",
            "id": format!("wamid.BATCH{n:04}"), "timestamp": "1722863331", "type": "button",
            "button": {"payload": "book-again", "text": "Book again"}})
        }
        _ => {
            json!({"from": "919800000004", "id": format!("wamid.BATCH{n:04}"), "timestamp": "1722863332",
            "type": "reaction", "reaction": {"message_id": "wamid.SENTBYTHESHOP0001", "emoji": "👍"}})
        }
    };
    let messages: Vec<Value> = (0..100).map(message).collect();
    let batch = json!({
        "meta_object": {
            "value": {
                "messaging_product": "whatsapp",
                "metadata": {"display_phone_number": "918000000001", "phone_number_id": "100000000000001"},
                "contacts": [{"profile": {"name": "Asha Example"}, "wa_id": "919800000001"}],
                "messages": messages,
            },
            "field": "messages",
        },
        "extra_info": {"media_url": "", "ref": "", "ref1": "", "ref2": "", "reply_to": "", "trace_id": "t-1", "waba_id": "300000000000001"},
    });
    batch.to_string().into_bytes()
}
