//! What may happen to a callback on its way without anything being lost: every fixture, changed in one place at a time.

use kaleyra_wa_types::Recognition;
use kaleyra_wa_types::inbound::{Callback, MessageContent};
use serde_json::{Map, Value, json};

use crate::fixtures::all;
use crate::pointers::{members, objects, with, without};

/// Every fixture, parsed, with its file's name.
fn fixtures() -> Vec<(String, Value)> {
    all("callbacks")
        .into_iter()
        .map(|(path, body)| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, serde_json::from_slice(&body).unwrap())
        })
        // Other fields are one event as a whole, and have a test of their own.
        .filter(|(name, _)| !name.starts_with("field_"))
        .collect()
}

/// Reads both ways and checks that nothing is lost; the outcomes of the events.
fn read(came: &Value, what: &str) -> Vec<Recognition> {
    let callback = Callback::from_slice(&serde_json::to_vec(came).unwrap()).unwrap();
    assert_eq!(serde_json::to_value(&callback).unwrap(), *came, "{what}");
    assert_eq!(
        Callback::from_value(came.clone()).unwrap(),
        callback,
        "{what}"
    );
    callback.events().map(|event| event.recognition()).collect()
}

#[test]
fn a_member_may_be_new() {
    for (name, fixture) in fixtures() {
        let before = read(&fixture, &name);
        for at in objects(&fixture) {
            let mut changed = fixture.clone();
            changed.pointer_mut(&at).unwrap()["added in 2030"] = json!({"by": ["Meta"]});
            assert_eq!(read(&changed, &format!("{name}{at}")), before, "{name}{at}");
        }
    }
}

#[test]
fn any_member_may_be_missing_or_say_nothing() {
    for (name, fixture) in fixtures() {
        for at in members(&fixture) {
            let dropped = without(&fixture, &at);
            let nulled = with(&fixture, &at, Value::Null);
            for changed in [dropped, nulled] {
                let outcomes = read(&changed, &format!("{name}{at}"));
                assert!(!outcomes.contains(&Recognition::Malformed), "{name}{at}");
            }
        }
    }
}

#[test]
fn an_optional_text_may_be_empty() {
    for (name, fixture) in fixtures() {
        for at in members(&fixture) {
            if fixture.pointer(&at).is_some_and(Value::is_string) {
                let changed = with(&fixture, &at, json!(""));
                let outcomes = read(&changed, &format!("{name}{at}"));
                assert!(!outcomes.contains(&Recognition::Malformed), "{name}{at}");
            }
        }
    }
}

#[test]
fn any_text_may_be_another() {
    for (name, fixture) in fixtures() {
        for at in members(&fixture) {
            // A yes or no in quotes is no text.
            let text = fixture.pointer(&at).and_then(Value::as_str);
            if text.is_none_or(|text| text == "true" || text == "false") {
                continue;
            }
            let changed = with(&fixture, &at, json!("of the future"));
            let outcomes = read(&changed, &format!("{name}{at}"));
            assert!(!outcomes.contains(&Recognition::Malformed), "{name}{at}");
        }
    }
}

#[test]
fn numbers_may_be_texts_and_texts_of_digits_numbers() {
    let listed = [
        "catalog_id",
        "code",
        "created_timestamp",
        "display_phone_number",
        "expiration_timestamp",
        "from",
        "id",
        "item_price",
        "latitude",
        "longitude",
        "offset",
        "payload",
        "payment_timestamp",
        "product_retailer_id",
        "quantity",
        "recipient_id",
        "ref",
        "ref1",
        "ref2",
        "timestamp",
        "updated_timestamp",
        "value",
        "wa_id",
    ];
    for (name, fixture) in fixtures() {
        for at in members(&fixture) {
            let other = match fixture.pointer(&at).unwrap() {
                Value::Number(number) => json!(number.to_string()),
                Value::String(text) => match text.parse::<u64>() {
                    Ok(number) if number.to_string() == *text => json!(number),
                    _ => continue,
                },
                _ => continue,
            };
            let changed = with(&fixture, &at, other);
            let outcomes = read(&changed, &format!("{name}{at}"));
            if listed.contains(&at.rsplit('/').next().unwrap()) {
                assert!(!outcomes.contains(&Recognition::Malformed), "{name}{at}");
            }
        }
    }
}

#[test]
fn what_every_message_has_may_be_missing_at_once() {
    let bare = |body: Value| {
        let came = json!({"meta_object": {"field": "messages", "value": {"messages": [body]}}});
        assert_eq!(
            read(&came, &came.to_string()),
            [Recognition::Typed],
            "{came}"
        );
        let callback = Callback::from_value(came).unwrap();
        callback.messages().next().unwrap().clone()
    };

    let text = bare(json!({"type": "text"}));
    assert!(text.id.is_empty());
    assert!(matches!(&text.content, MessageContent::Text(text) if text.body.is_empty()));
    assert_eq!(text.content.text(), None);
    let event = kaleyra_wa_types::inbound::Event::Message(&text);
    assert_eq!((event.id(), event.key()), (None, None));

    for body in [
        json!({"id": "", "type": "text", "text": {"body": null}}),
        json!({"id": null, "type": "text", "text": null}),
        json!({"type": "text", "text": []}),
        json!({"type": "text", "text": {"body": "", "shade": "teal"}}),
        json!({"type": "location", "location": {"latitude": null, "longitude": ""}}),
        json!({"type": "reaction", "reaction": {"emoji": "\u{1f602}"}}),
        json!({"type": "revoke"}),
    ] {
        let message = bare(body);
        assert_eq!(message.replies_to(), None);
    }
    let edit = json!({"type": "edit", "edit": {"message": {"type": "text", "text": {}}}});
    assert_eq!(bare(edit).replies_to(), None);

    // What is filled in is written, whatever was missing.
    let mut message = bare(json!({"type": "text", "text": {}}));
    message.id = "wamid.A".into();
    message.content = MessageContent::Text({
        let MessageContent::Text(mut text) = message.content else {
            panic!("not a text")
        };
        text.body = "Hi".to_owned();
        text
    });
    assert_eq!(
        serde_json::to_value(&message).unwrap(),
        json!({"id": "wamid.A", "type": "text", "text": {"body": "Hi"}})
    );
}

#[test]
fn numbers_that_a_sender_made_of_texts_are_read() {
    let came = json!({
        "meta_object": {"field": "messages", "value": {
            "metadata": {"display_phone_number": 918_000_000_001_u64},
            "messages": [
                {"id": "wamid.A", "type": "interactive",
                 "interactive": {"type": "button_reply", "button_reply": {"id": 17, "title": "Yes"}}},
                {"id": "wamid.B", "type": "interactive",
                 "interactive": {"type": "list_reply", "list_reply": {"id": -3, "title": "No"}}},
                {"id": "wamid.C", "type": "button", "button": {"payload": 4, "text": "Again"}},
            ],
        }},
        "extra_info": {"ref": 17, "ref1": 0, "ref2": 18_446_744_073_709_551_615_u64},
    });
    assert_eq!(read(&came, "callback"), [Recognition::Typed; 3]);
    let callback = Callback::from_value(came).unwrap();
    let payloads: Vec<_> = callback.messages().map(|m| m.content.payload()).collect();
    assert_eq!(payloads, [Some("17"), Some("-3"), Some("4")]);
    let extra_info = callback.extra_info.as_ref().unwrap();
    assert_eq!(extra_info.reference.as_deref(), Some("17"));

    let came = json!({"status": "not sent", "code": 2101, "reason": "limit", "message_id": 5});
    assert_eq!(read(&came, "status"), [Recognition::Typed]);
    let callback = Callback::from_value(came).unwrap();
    assert_eq!(callback.code.unwrap().as_str(), "2101");
}

#[test]
fn a_member_of_any_other_type_is_kept_and_sinks_no_sibling() {
    let others = [
        json!(null),
        json!(true),
        json!(-7),
        json!(1.5),
        json!("x"),
        json!([]),
        json!([[]]),
        json!({}),
        json!({"type": []}),
    ];
    for (name, fixture) in fixtures() {
        for at in members(&fixture) {
            for other in &others {
                let changed = with(&fixture, &at, other.clone());
                read(&changed, &format!("{name}{at} {other}"));
            }
        }
    }
}

#[test]
fn an_element_is_read_the_same_beside_a_broken_one() {
    for (name, fixture) in fixtures() {
        for list in ["messages", "statuses"] {
            let at = format!("/meta_object/value/{list}");
            let Some(Value::Array(elements)) = fixture.pointer(&at) else {
                continue;
            };
            let mut changed = fixture.clone();
            let beside = json!({"id": {}, "type": "text"});
            let all: Vec<Value> = [vec![beside], elements.clone()].concat();
            *changed.pointer_mut(&at).unwrap() = Value::Array(all);
            let mut expected = vec![Recognition::Malformed];
            expected.extend(read(&fixture, &name));
            assert_eq!(read(&changed, &name), expected, "{name}");
        }
    }
}

#[test]
fn slashes_and_other_signs_may_be_escaped() {
    for (name, fixture) in fixtures() {
        let plain = serde_json::to_string(&fixture).unwrap();
        let escaped: String = plain
            .chars()
            .flat_map(|sign| match sign {
                '/' => vec!["\\/".to_owned()],
                sign if sign.is_ascii() => vec![sign.to_string()],
                sign => sign
                    .encode_utf16(&mut [0; 2])
                    .iter()
                    .map(|unit| format!("\\u{unit:04x}"))
                    .collect(),
            })
            .collect();
        assert_eq!(
            Callback::from_slice(escaped.as_bytes()).unwrap(),
            Callback::from_slice(plain.as_bytes()).unwrap(),
            "{name}"
        );
    }
}

#[test]
fn members_may_come_in_any_order() {
    /// The object as text, with its fields backwards.
    fn backwards(value: &Value) -> String {
        fn members(members: &Map<String, Value>) -> String {
            let parts: Vec<String> = members
                .iter()
                .rev()
                .map(|(name, value)| format!("{}:{}", json!(name), backwards(value)))
                .collect();
            format!("{{{}}}", parts.join(","))
        }
        match value {
            Value::Object(object) => members(object),
            Value::Array(elements) => {
                let parts: Vec<String> = elements.iter().map(backwards).collect();
                format!("[{}]", parts.join(","))
            }
            value => value.to_string(),
        }
    }
    for (name, fixture) in fixtures() {
        assert_eq!(
            Callback::from_slice(backwards(&fixture).as_bytes()).unwrap(),
            Callback::from_value(fixture).unwrap(),
            "{name}"
        );
    }
}
