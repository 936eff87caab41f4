//! Changes about something else than messages that are unknown, broken, or rewritten by middlemen.

use kaleyra_wa_types::Recognition;
use kaleyra_wa_types::inbound::field::FieldChange;
use kaleyra_wa_types::inbound::{Callback, Decoded, Event};
use serde_json::{Value, json};

use crate::fields::{fixtures, of};
use crate::pointers::members;

#[test]
fn what_is_not_known_is_unknown_and_keeps_its_body() {
    for (field, value) in [
        (
            "thread_routing",
            json!({"contacts": 7, "statuses": {"a": 1}}),
        ),
        ("on_hold", json!(["a"])),
        ("billing-event", json!("a")),
        ("unheard_of", json!({})),
        (
            "automatic_events",
            json!({"event": "new", "details": {"key": "value"}}),
        ),
        (
            "calls",
            json!({"messaging_product": "whatsapp", "metadata": {}, "contacts": [{"wa_id": "1"}], "video": []}),
        ),
        ("account_update", Value::Null),
        ("account_update", json!({})),
        (
            "account_update",
            json!({"event": "SOMETHING_NEW", "phone_number": "918000000001"}),
        ),
        ("calls", json!({"calls": [{"event": "hold"}]})),
        ("security", json!({"event": "PIN_FORGOTTEN"})),
    ] {
        let object = of(field, &value);
        let change = object.change();
        assert_eq!(
            change.recognition(),
            Recognition::Unknown,
            "{field}: {value}"
        );
        assert_eq!(change.faults(), [], "{field}: {value}");
        assert_eq!(serde_json::to_value(&change).unwrap(), value, "{field}");
    }
    let FieldChange::Unknown(unknown) = of("on_hold", &json!({"a": 1})).change() else {
        panic!()
    };
    assert_eq!(
        (unknown.type_name(), unknown.body()),
        ("on_hold", Some(&json!({"a": 1}).into()))
    );
}

#[test]
fn a_broken_change_says_where_and_keeps_its_body_and_its_healthy_elements() {
    let text = json!({"id": "wamid.1", "type": "text", "text": {"body": "a"}});
    let broken = json!({"id": "wamid.2", "type": "text", "text": {"body": ["secret"]}});
    for (field, value, expected) in [
        (
            "account_review_update",
            json!({"decision": {"secret": 1}}),
            "meta_object.value.decision: expected a string, found object",
        ),
        (
            "account_update",
            json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": [{}, {"expiration": {"secret": 1}}]}),
            "meta_object.value.restriction_info[1].expiration: expected a string, found object",
        ),
        (
            "account_update",
            json!({"ban_info": {"waba_ban_state": ["DISABLE", ["secret"]]}}),
            "meta_object.value.ban_info.waba_ban_state[1]: expected a string, found array",
        ),
        (
            "security",
            json!(["secret"]),
            "meta_object.value: expected an object (Security), found array",
        ),
        (
            "security",
            json!("secret"),
            "meta_object.value: expected an object (Security), found string",
        ),
        (
            "calls",
            json!({"calls": "secret"}),
            "meta_object.value.calls: expected an array, found string",
        ),
        (
            "calls",
            json!({"calls": [{"id": "wacid.1"}, {"duration": [1]}]}),
            "meta_object.value.calls[1].duration: expected a number, found array",
        ),
        (
            "calls",
            json!({"statuses": [{"status": "RINGING"}, "secret"]}),
            "meta_object.value.statuses[1]: expected an object (Status), found string",
        ),
        (
            "smb_message_echoes",
            json!({"message_echoes": [text, broken]}),
            "meta_object.value.message_echoes[1].text.body: expected a string, found array",
        ),
        (
            "history",
            json!({"history": [{"threads": [{"messages": [text, broken]}]}]}),
            "meta_object.value.history[0].threads[0].messages[1].text.body: expected a string, found array",
        ),
        (
            "history",
            json!({"messages": [broken]}),
            "meta_object.value.messages[0].text.body: expected a string, found array",
        ),
    ] {
        let change = of(field, &value).change();
        assert_eq!(
            change.recognition(),
            Recognition::Malformed,
            "{field}: {value}"
        );
        let faults: Vec<String> = change.faults().iter().map(ToString::to_string).collect();
        assert_eq!(faults, [expected]);
        assert_eq!(serde_json::to_value(&change).unwrap(), value);
        if let FieldChange::SmbMessageEchoes(echoes) = &change {
            assert_eq!(
                (
                    echoes
                        .message_echoes
                        .iter()
                        .filter_map(Decoded::typed)
                        .count(),
                    echoes.message_echoes.len()
                ),
                (1, 2)
            );
        }
    }
}

#[test]
fn lists_with_the_names_of_ours_are_another_fields_own() {
    for name in [
        "contacts",
        "messages",
        "statuses",
        "errors",
        "metadata",
        "messaging_product",
    ] {
        for value in [
            json!(7),
            json!("a"),
            json!({"a": 1}),
            json!([7]),
            json!([{"id": {}}]),
        ] {
            let object = of("unheard_of", &json!({name: value, "kept": true}));
            assert_eq!(
                object.change().recognition(),
                Recognition::Unknown,
                "{name}: {value}"
            );
        }
    }
}

#[test]
fn a_fault_around_a_change_leaves_it_an_event() {
    let body = json!({"meta_object": {"field": "security", "value": {"event": "PIN_CHANGED"}}, "extra_info": 7});
    let callback = Callback::from_value(body).unwrap();
    let events: Vec<Event<'_>> = callback.events().collect();
    assert!(
        matches!(events[..], [Event::Field(_), Event::Malformed(_)]),
        "{events:?}"
    );
}

/// Adding a field, blanking any, writing a number as a text: still read, still lossless.
#[test]
fn views_tolerate_what_middlemen_do() {
    for (name, field, value) in fixtures() {
        if name.starts_with("unknown_") {
            continue;
        }
        for path in members(&value) {
            for mutation in [
                Mutation::Null,
                Mutation::Drop,
                Mutation::OtherForm,
                Mutation::Add,
            ] {
                let mut mutated = value.clone();
                if !mutation.apply(&mut mutated, &path) {
                    continue;
                }
                let change = of(&field, &mutated).change();
                assert_eq!(
                    serde_json::to_value(&change).unwrap(),
                    mutated,
                    "{name} {path} {mutation:?}"
                );
                assert!(
                    change.faults().is_empty(),
                    "{name} {path} {mutation:?}: {:?}",
                    change.faults()
                );
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Mutation {
    /// `null` in its place.
    Null,
    /// Away with it.
    Drop,
    /// A whole number as a text; a text in other letters.
    OtherForm,
    /// A new field in the object.
    Add,
}

impl Mutation {
    fn apply(self, value: &mut Value, path: &str) -> bool {
        let (parent, name) = path.rsplit_once('/').unwrap();
        match self {
            Self::Null => *value.pointer_mut(path).unwrap() = Value::Null,
            Self::Drop => {
                let Some(parent) = value.pointer_mut(parent).and_then(Value::as_object_mut) else {
                    return false;
                };
                parent.remove(name);
            }
            Self::OtherForm => match value.pointer_mut(path).unwrap() {
                form @ Value::Number(_) => *form = json!(form.to_string()),
                Value::String(flag) if flag == "true" || flag == "false" => return false,
                form @ Value::String(_) => *form = json!("something else"),
                _ => return false,
            },
            Self::Add => match value.pointer_mut(path).unwrap() {
                Value::Object(members) => {
                    return members
                        .insert("shade".to_owned(), json!({"of": "teal"}))
                        .is_none();
                }
                _ => return false,
            },
        }
        true
    }
}
