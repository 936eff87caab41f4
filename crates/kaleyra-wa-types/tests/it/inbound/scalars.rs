//! One rule for all fields: a text may come as number or flag, a number as text or float, a flag as text or number, a list
//! as its only element or as `{"0": …}`, an object as the JSON of one.

use kaleyra_wa_types::inbound::{Callback, Event, MessageContent};
use serde_json::{Value, json};

use super::{assert_lossless, callback, text, told};

/// The message of this type with this body.
fn content(kind: &str, body: Value) -> MessageContent {
    let mut message = json!({"from": "919800000003", "id": "wamid.M", "type": kind});
    message[kind] = body;
    let callback = callback(json!({"messages": [message]}));
    let message = callback.messages().next();
    message
        .unwrap_or_else(|| panic!("{:?}", callback.events().next()))
        .content
        .clone()
}

#[test]
fn texts_come_as_numbers_and_flags() {
    for (json, text) in [
        (json!(12_345), "12345"),
        (json!(1.5), "1.5"),
        (json!(true), "true"),
        (json!(-0), "0"),
    ] {
        let MessageContent::Text(body) = content("text", json!({"body": json})) else {
            panic!()
        };
        assert_eq!(body.body, text);
        let MessageContent::Button(button) =
            content("button", json!({"payload": json, "text": json}))
        else {
            panic!()
        };
        assert_eq!(
            (button.payload.as_deref(), button.text.as_deref()),
            (Some(text), Some(text))
        );
        let MessageContent::Image(image) = content(
            "image",
            json!({"id": json, "caption": json, "mime_type": json}),
        ) else {
            panic!()
        };
        assert_eq!(
            (image.caption.as_deref(), image.mime_type.as_deref()),
            (Some(text), Some(text))
        );
        let MessageContent::Location(location) =
            content("location", json!({"name": json, "address": json}))
        else {
            panic!()
        };
        assert_eq!(location.name.as_deref(), Some(text));
    }
    let callback = callback(
        json!({"contacts": [{"wa_id": 919_800_000_003_u64, "profile": {"name": 7}}],
        "messages": [{"from": 919_800_000_003_u64, "id": 1, "timestamp": 1, "type": "text", "text": {"body": ""}}]}),
    );
    let message = callback.messages().next().unwrap();
    assert_eq!(callback.contact_of(message).unwrap().name(), Some("7"));
}

#[test]
fn flags_come_as_texts_and_numbers() {
    for (json, flag) in [
        (json!("true"), true),
        (json!("TRUE"), true),
        (json!("False"), false),
        (json!(1), true),
        (json!("0"), false),
    ] {
        let callback = callback(json!({"statuses": [{"id": "wamid.S", "status": "sent",
            "pricing": {"billable": json, "category": "utility"}}]}));
        let status = callback.statuses().next().unwrap();
        assert_eq!(
            status.pricing.as_ref().unwrap().billable,
            Some(flag),
            "{json}"
        );
        let forwarded = self::callback(
            json!({"messages": [{"id": "wamid.F", "context": {"forwarded": json}}]}),
        );
        assert_eq!(
            forwarded
                .messages()
                .next()
                .unwrap()
                .context
                .as_ref()
                .unwrap()
                .forwarded,
            Some(flag)
        );
        let MessageContent::Audio(audio) = content("audio", json!({"voice": json})) else {
            panic!()
        };
        assert_eq!(audio.voice, Some(flag));
    }
    // What is no flag at all is told.
    let odd =
        callback(json!({"statuses": [{"id": "wamid.S", "pricing": {"billable": "perhaps"}}]}));
    assert!(matches!(odd.events().next(), Some(Event::Malformed(_))));
}

#[test]
fn times_come_in_every_way_to_write_a_number() {
    for time in [
        "1767225600",
        "\"1767225600\"",
        "1.7672256e+09",
        "1.7672256E9",
        "1767225600.0",
        "\"1767225600.0\"",
        "\" 1767225600 \"",
    ] {
        let body = format!(
            r#"{{"meta_object":{{"value":{{"messages":[{{"id":"wamid.T","timestamp":{time}}}]}}}}}}"#
        );
        let callback = Callback::from_slice(body.as_bytes()).unwrap();
        let timestamp = callback
            .messages()
            .next()
            .unwrap()
            .timestamp
            .clone()
            .unwrap();
        assert_eq!(timestamp.unix_seconds(), Some(1_767_225_600), "{time}");
        assert!(
            String::from_utf8(callback.to_vec()).unwrap().contains(time),
            "{time} is written otherwise"
        );
    }
    let MessageContent::Location(location) =
        content("location", json!({"latitude": "12.5", "longitude": 77}))
    else {
        panic!()
    };
    assert_eq!(location.latitude.unwrap().as_f64(), Some(12.5));
    assert_eq!(location.longitude.unwrap().as_f64(), Some(77.0));
}

#[test]
fn lists_come_as_their_only_element_or_numbered() {
    let message = text("919800000003", "wamid.L");
    for messages in [
        message.clone(),
        json!([message]),
        json!({"0": message}),
        json!(json!([message]).to_string()),
    ] {
        let made = callback(json!({"messages": messages}));
        assert_eq!(told(&made), ["message text"], "{messages}");
    }
    let two = callback(json!({"messages": {"0": message, "1": text("919800000003", "wamid.M")}}));
    assert_eq!(
        two.messages()
            .map(|message| message.id.as_str())
            .collect::<Vec<_>>(),
        ["wamid.L", "wamid.M"]
    );
    let error = json!({"code": 131_026, "title": "x"});
    for errors in [error.clone(), json!([error]), json!({"0": error})] {
        let made =
            callback(json!({"statuses": {"id": "wamid.S", "status": "failed", "errors": errors}}));
        let status = made.statuses().next().unwrap();
        assert_eq!(status.errors[0].code.as_ref().unwrap().as_str(), "131026");
    }
    let order = content(
        "order",
        json!({"product_items": {"0": {"quantity": "2"}, "1": {"quantity": 3}}}),
    );
    let MessageContent::Order(order) = order else {
        panic!()
    };
    assert_eq!(order.product_items.len(), 2);
}

#[test]
fn objects_come_as_their_json() {
    let value = json!({"messages": [text("919800000003", "wamid.O")]});
    let change = json!({"field": "messages", "value": value});
    let mut quoted = change.clone();
    quoted["value"] = json!(value.to_string());
    for meta_object in [
        json!(change.to_string()),
        quoted.clone(),
        json!(quoted.to_string()),
    ] {
        let body = json!({"meta_object": meta_object, "extra_info": "{\"ref\":\"order-7\"}"});
        let callback = Callback::from_slice(body.to_string().as_bytes()).unwrap();
        assert_lossless(&callback, &body);
        assert_eq!(told(&callback), ["message text"], "{meta_object}");
        let extra_info = callback.extra_info.as_ref().unwrap();
        assert_eq!(extra_info.reference.as_deref(), Some("order-7"));
    }
    let MessageContent::Text(body) = content("text", json!("{\"body\":\"quoted\"}")) else {
        panic!()
    };
    assert_eq!(body.body, "quoted");
}
