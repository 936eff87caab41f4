//! Whose message it is: the contact beside it.

use serde_json::{Value, json};

use super::callback;

fn name_of(contacts: Value, messages: Value) -> Vec<Option<String>> {
    let callback = callback(json!({"contacts": contacts, "messages": messages}));
    let names = callback
        .messages()
        .map(|message| callback.contact_of(message)?.name().map(str::to_owned));
    names.collect()
}

fn contact(wa_id: &str, name: &str) -> Value {
    json!({"wa_id": wa_id, "profile": {"name": name}})
}

fn from(members: Value) -> Value {
    let mut message = json!({"id": "wamid.A", "type": "text", "text": {"body": "hello"}});
    message
        .as_object_mut()
        .unwrap()
        .extend(members.as_object().unwrap().clone());
    message
}

#[test]
fn numbers_are_compared_by_their_digits() {
    for (wa_id, number) in [
        ("919800000003", "+919800000003"),
        ("+91 98000-00003", "919800000003"),
        ("525512345678", "5215512345678"),
        ("5511987654321", "551187654321"),
        ("541123456789", "+5491123456789"),
    ] {
        let others = json!([contact("14155550100", "Other"), contact(wa_id, "Ravi")]);
        let names = name_of(
            others,
            json!([
                from(json!({"from": number})),
                from(json!({"from": "14155550100"}))
            ]),
        );
        assert_eq!(
            names,
            [Some("Ravi".to_owned()), Some("Other".to_owned())],
            "{wa_id} {number}"
        );
    }
}

#[test]
fn ids_count_as_numbers_do() {
    let contacts = json!([
        {"user_id": "IN.3", "profile": {"name": "Ravi"}},
        {"user_id": "IN.4", "parent_user_id": "IN.ENT.4", "profile": {"name": "Mira"}},
    ]);
    let messages = json!([
        from(json!({"from": "919800000003", "from_user_id": "IN.3"})),
        from(json!({"from_parent_user_id": "IN.ENT.4"})),
        from(json!({"from_user_id": "IN.5"})),
    ]);
    assert_eq!(
        name_of(contacts, messages),
        [Some("Ravi".to_owned()), Some("Mira".to_owned()), None]
    );
}

#[test]
fn one_contact_and_one_sender_belong_together() {
    let only = json!([{"user_id": "IN.3", "profile": {"name": "Ravi"}}]);
    let ravi = [Some("Ravi".to_owned())];
    assert_eq!(
        name_of(only.clone(), json!([from(json!({"from": "919800000003"}))])),
        ravi
    );
    assert_eq!(name_of(only.clone(), json!([from(json!({}))])), ravi);
    assert_eq!(
        name_of(
            json!([contact("919800000003", "Ravi")]),
            json!([from(json!({"from": "9800000003"}))])
        ),
        ravi
    );
    // Several messages of one sender.
    let two = json!([
        from(json!({"from": "919800000003"})),
        from(json!({"from": "919800000003"}))
    ]);
    assert_eq!(name_of(only.clone(), two).len(), 2);
    // Who is surely somebody else is not it.
    assert_eq!(
        name_of(only.clone(), json!([from(json!({"from_user_id": "IN.4"}))])),
        [None]
    );
    assert_eq!(
        name_of(
            json!([contact("919800000003", "Ravi")]),
            json!([from(json!({"from": "919800000004"}))])
        ),
        [None]
    );
    // Of two senders or two contacts nobody knows.
    let senders = json!([
        from(json!({"from": "919800000003"})),
        from(json!({"from": "919800000004"}))
    ]);
    assert_eq!(name_of(only, senders), [None, None]);
}
