//! Everything that is in a callback is an event.

use kaleyra_wa_types::inbound::field::{FieldChange, HandoverType};
use kaleyra_wa_types::inbound::{
    Callback, ConversationContextType, Event, StatusType, TransactionStatus, UserActionType,
};
use kaleyra_wa_types::{Recognition, TextOrObject};
use serde_json::json;

use super::{assert_lossless, callback, tell, text, told};

#[test]
fn user_actions_stand_beside_messages() {
    let callback = callback(json!({
        "user_actions": [
            {"action_type": "marketing_messages_link_click", "timestamp": "1767225600",
             "marketing_messages_link_click_data": {"click_component": "body", "click_id": "c-7", "tracking_token": "t",
                "product_id": "sku-9", "client_user_agent": "(Android 14)"}},
            {"action_type": "landing_page_view", "timestamp": 1_767_225_601,
             "marketing_messages_link_click_data": {"click_id": "c-7"}},
            {"action_type": "waved", "waved_data": {"hand": "left"}},
            ["no object"],
        ],
        "messages": [text("919800000003", "wamid.U")],
    }));
    assert_eq!(
        told(&callback),
        [
            "message text",
            "user_action marketing_messages_link_click",
            "user_action landing_page_view",
            "user_action waved",
            "user_action",
        ]
    );
    let events: Vec<_> = callback.events().collect();
    let Event::UserAction(click) = &events[1] else {
        panic!("{events:?}")
    };
    assert_eq!(click.kind, Some(UserActionType::MarketingMessagesLinkClick));
    let data = click.marketing_messages_link_click_data.as_ref().unwrap();
    assert_eq!(data.click_component.as_deref(), Some("body"));
    assert_eq!(data.click_id.as_ref().unwrap().as_str(), "c-7");
    let outcomes = events.iter().map(Event::recognition).collect::<Vec<_>>();
    let [typed, unknown, malformed] = [
        Recognition::Typed,
        Recognition::Unknown,
        Recognition::Malformed,
    ];
    assert_eq!(outcomes, [typed, typed, typed, unknown, malformed]);
    // One tap is told once; tap and page view are two things.
    let keys: Vec<_> = events.iter().map(Event::key).collect();
    assert!(keys[1].is_some() && keys[2].is_some() && keys[1] != keys[2]);
    assert!(
        callback
            .unknown_fields()
            .iter()
            .all(|at| at.contains("waved_data"))
    );
}

#[test]
fn any_other_list_is_told_element_by_element() {
    let made = callback(json!({
        "messages": [text("919800000003", "wamid.U")],
        "statuses": [{"id": "wamid.S", "status": "sent"}],
        "weather": [{"sky": "blue", "n": [1, [2]]}, "rain", 7, [], null],
        "calls": [{"id": "wacid.A"}],
        "nothing": [],
        "no_list": {"0": 1},
    }));
    assert_eq!(
        told(&made),
        [
            "message text",
            "status sent",
            "other calls",
            "other weather",
            "other weather",
            "other weather",
            "other weather",
            "other weather",
        ]
    );
    let events: Vec<_> = made.events().collect();
    let Event::Unknown(element) = &events[4] else {
        panic!("{events:?}")
    };
    assert_eq!((element.list, element.index), ("weather", 1));
    assert_eq!(element.body, json!("rain"));
    assert_eq!(events[3].body(), json!({"sky": "blue", "n": [1, [2]]}));
    assert!(
        events[2..]
            .iter()
            .all(|event| event.recognition() == Recognition::Unknown)
    );

    // Alone, too.
    let alone = callback(json!({"weather": [{"sky": "blue"}]}));
    assert_eq!(told(&alone), ["other weather"]);
}

#[test]
fn an_unknown_list_that_is_changed_is_walked_anew() {
    let mut callback =
        callback(json!({"weather": [1, 2], "messages": [text("919800000003", "wamid.U")]}));
    assert_eq!(callback.events().count(), 3);
    let value = callback
        .meta_object
        .as_mut()
        .unwrap()
        .value
        .as_mut()
        .unwrap();
    value.unknown.insert("weather", json!([1, 2, 3]));
    assert_eq!(callback.events().count(), 4);
    callback
        .meta_object
        .as_mut()
        .unwrap()
        .value
        .as_mut()
        .unwrap()
        .unknown
        .remove("weather");
    assert_eq!(callback.events().count(), 1);
}

#[test]
fn what_was_said_before_comes_with_the_message() {
    let callback = callback(json!({
        "messages": [text("919800000003", "wamid.U")],
        "conversation_context": {"type": "summary", "summary": {"text": "Wants another address."}},
    }));
    assert_eq!(told(&callback), ["message text"]);
    let value = callback
        .meta_object
        .as_ref()
        .unwrap()
        .value
        .as_ref()
        .unwrap();
    let context = value.conversation_context.as_ref().unwrap();
    assert_eq!(context.kind, Some(ConversationContextType::Summary));
    assert_eq!(
        context.summary.as_ref().unwrap().text.as_deref(),
        Some("Wants another address.")
    );
    assert!(callback.unknown_fields().is_empty());
}

#[test]
fn a_handover_is_typed_in_all_its_shapes() {
    for (passed, role, app) in [
        (
            json!({"previous_owner_role": "ai_agent", "new_owner_role": "escalation", "metadata": "wants a person"}),
            true,
            false,
        ),
        (
            json!({"previous_owner_app_role": "ai_agent", "previous_owner_app_id": 1_143_680_903_703_001_u64}),
            true,
            true,
        ),
        (json!({"metadata": {"reason": "end"}}), false, false),
    ] {
        let body = json!({"meta_object": {"field": "messaging_handovers", "value": {
            "messaging_product": "whatsapp",
            "recipient": {"display_phone_number": "918000000009", "phone_number_id": "100000000000009"},
            "sender": {"phone_number": "919800000003", "user_id": "IN.3", "username": "ravi"},
            "timestamp": "1767225600", "type": "control_passed", "control_passed": passed,
        }}});
        let callback = Callback::from_slice(body.to_string().as_bytes()).unwrap();
        assert_lossless(&callback, &body);
        assert_eq!(told(&callback), ["field messaging_handovers"]);
        assert!(
            callback.unknown_fields().is_empty(),
            "{:?}",
            callback.unknown_fields()
        );
        let change = callback.meta_object.as_ref().unwrap().change();
        assert_eq!(change.recognition(), Recognition::Typed);
        let FieldChange::MessagingHandovers(handover) = change else {
            panic!("{change:?}")
        };
        assert_eq!(handover.kind, Some(HandoverType::ControlPassed));
        let sender = handover.sender.as_ref().unwrap();
        assert_eq!(sender.username.as_deref(), Some("ravi"));
        let control = handover.control_passed.as_ref().unwrap();
        assert_eq!(
            control.previous_owner_role.as_deref(),
            role.then_some("ai_agent")
        );
        assert_eq!(control.previous_owner_app_id.is_some(), app);
    }
    let history = json!({"meta_object": {"field": "messaging_handovers", "value": {
        "type": "control_taken", "sender": {"wa_id": "919800000003"},
        "control_taken": {"conversation_context": {"type": "history", "history": {"items": [
            {"sender_type": "user", "timestamp": "1767225600", "type": "text", "text": {"body": "hello"}},
            {"sender_type": "business", "message_echo": {"message": {"type": "text"}}},
        ]}}},
    }}});
    let callback = Callback::from_slice(history.to_string().as_bytes()).unwrap();
    let FieldChange::MessagingHandovers(taken) = callback.meta_object.as_ref().unwrap().change()
    else {
        panic!()
    };
    assert_eq!(
        taken.sender.unwrap().phone_number.unwrap().as_str(),
        "919800000003"
    );
    let context = taken.control_taken.unwrap().conversation_context.unwrap();
    let items = context.history.unwrap().items;
    assert_eq!(
        items[0].text.as_ref().unwrap().body.as_deref(),
        Some("hello")
    );
    assert!(callback.unknown_fields().is_empty());
}

#[test]
fn standby_is_typed() {
    let body = json!({"meta_object": {"field": "standby", "value": {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "918000000009", "phone_number_id": "100000000000009"},
        "standby": {
            "contacts": [{"profile": {"name": "Ravi"}, "wa_id": "919800000003"}],
            "messages": [text("919800000003", "wamid.U")],
            "message_echoes": [{"id": "wamid.E", "timestamp": "1767225601", "message": {
                "to": "919800000003", "type": "text", "text": {"body": "It ships today."}}}],
            "statuses": [{"id": "wamid.E", "status": "read", "recipient_id": "919800000003"}],
        },
    }}});
    let callback = Callback::from_slice(body.to_string().as_bytes()).unwrap();
    assert_lossless(&callback, &body);
    assert_eq!(told(&callback), ["field standby"]);
    assert!(
        callback.unknown_fields().is_empty(),
        "{:?}",
        callback.unknown_fields()
    );
    let FieldChange::Standby(standby) = callback.meta_object.as_ref().unwrap().change() else {
        panic!()
    };
    let events = standby.standby[0].typed().unwrap();
    assert_eq!(events.messages[0].typed().unwrap().id.as_str(), "wamid.U");
    let echo = events.message_echoes[0].typed().unwrap();
    assert_eq!(
        echo.message.as_ref().unwrap().to_value().unwrap()["text"]["body"],
        "It ships today."
    );
}

fn payment(refunds: serde_json::Value) -> serde_json::Value {
    json!({
        "id": "wamid.PAY7", "type": "payment", "status": "captured", "phone_number": "919800000003",
        "payment": {
            "reference_id": "order-70", "currency": "INR", "receipt": "", "amount": {"value": 12_300, "offset": 100},
            "transaction": {"id": "order_B", "type": "razorpay", "status": "success", "currency": "INR",
                "created_timestamp": 1_767_225_600, "updated_timestamp": 1_767_225_605,
                "amount": {"value": 12_300, "offset": 100}, "refunds": refunds},
        },
    })
}

#[test]
fn kaleyras_flat_payment_is_a_payments_status() {
    let refund = json!([{"id": "rfnd_1", "amount": {"value": 300, "offset": 100}, "created_timestamp": 1_767_225_700,
        "status": "completed", "speed_processed": "normal"}]);
    let mut keys = Vec::new();
    for refunds in [json!(null), refund] {
        let body = payment(refunds.clone());
        let callback = Callback::from_slice(body.to_string().as_bytes()).unwrap();
        assert_lossless(&callback, &body);
        assert_eq!(told(&callback), ["status captured"]);
        assert!(
            callback.unknown_fields().is_empty(),
            "{:?}",
            callback.unknown_fields()
        );
        let event = callback.events().next().unwrap();
        assert_eq!(event.recognition(), Recognition::Typed);
        assert_eq!(event.id(), Some("wamid.PAY7"));
        assert_eq!(event.user(), Some("919800000003"));
        let Event::Status(status) = &event else {
            panic!("{event:?}")
        };
        assert_eq!(status.kind, Some(StatusType::Payment));
        assert_eq!(status.stage(), None);
        let payment = status.payment.as_ref().unwrap();
        assert_eq!(payment.reference_id.as_ref().unwrap().as_str(), "order-70");
        let transaction = payment.transaction.as_ref().unwrap();
        assert_eq!(transaction.status, Some(TransactionStatus::Success));
        assert_eq!(
            transaction.refunds.len(),
            refunds.as_array().map_or(0, Vec::len)
        );
        keys.push(event.key().unwrap());
    }
    // A refund is told as one more `captured`: it is another event.
    assert_ne!(keys[0], keys[1]);
}

#[test]
fn other_flat_bodies_are_read_too() {
    // Profiles put texts into a template, so that objects come as texts of JSON.
    let mut quoted = payment(json!(null));
    quoted["payment"] = json!(quoted["payment"].to_string());
    // What is no payment has an empty one.
    let delivered = json!({"id": "wamid.D", "status": "delivered", "phone_number": "919800000003", "payment": "", "type": ""});
    // A payment that is misshapen is told.
    let misshapen = json!({"id": "wamid.D", "status": "pending", "phone_number": "919800000003", "payment": [[1]]});
    // What became of a template.
    let template = json!({"id": "102000000000001", "time": "1767225600", "event": "PAUSED",
        "message_template_id": "734500000000001", "message_template_name": "parcel_ready",
        "message_template_language": "en", "reason": "NONE", "callback_profile_id": "SG_1", "company_id": "7"});
    for (body, is, typed) in [
        (quoted, "status captured", Recognition::Typed),
        (delivered, "status delivered", Recognition::Typed),
        (misshapen, "status pending", Recognition::Malformed),
        (
            template,
            "field message_template_status_update",
            Recognition::Typed,
        ),
    ] {
        let callback = Callback::from_slice(body.to_string().as_bytes()).unwrap();
        assert_lossless(&callback, &body);
        assert_eq!(told(&callback), [is]);
        let event = callback.events().next().unwrap();
        assert_eq!(event.recognition(), typed, "{event:?}");
        assert!(
            typed == Recognition::Malformed || callback.unknown_fields().is_empty(),
            "{:?}",
            callback.unknown_fields()
        );
    }
}

#[test]
fn metas_own_envelope_gives_its_events() {
    let body = json!({"object": "whatsapp_business_account", "entry": [
        {"id": "102000000000001", "changes": [
            {"field": "messages", "value": {
                "contacts": [{"wa_id": "919800000003", "profile": {"name": "Ravi"}}, 5],
                "messages": [text("919800000003", "wamid.A"), {"id": "wamid.B", "type": "text", "text": 0.5, "text": [1]}],
            }},
            {"field": "account_review_update", "value": {"decision": "APPROVED", "shade": 1}},
        ]},
        7,
        {"id": "102000000000002", "time": 1_767_225_600, "changes": [
            "none",
            {"field": "messages", "value": {"statuses": [{"id": "wamid.S", "status": "read", "hue": 2}]}},
        ]},
    ]});
    let callback = Callback::from_slice(body.to_string().as_bytes()).unwrap();
    assert_lossless(&callback, &body);
    let paths: Vec<_> = callback
        .events()
        .map(|event| match &event {
            Event::Malformed(part) => part.path.clone(),
            event => tell(event),
        })
        .collect();
    assert_eq!(
        paths,
        [
            "message text",
            "entry[0].changes[0].value.messages[1].text",
            "entry[0].changes[0].value.contacts[1]",
            "field account_review_update",
            "entry[1]",
            "entry[2].changes[0]",
            "status read",
        ]
    );
    assert_eq!(told(&callback).len(), 7);
    let unknown = [
        "/entry/2/changes/1/value/statuses/0/hue",
        "/entry/0/changes/1/value/shade",
    ];
    assert_eq!(callback.unknown_fields(), unknown);
    let message = callback.messages().next().unwrap();
    assert_eq!(callback.contact_of(message).unwrap().name(), Some("Ravi"));
    assert_eq!(callback.statuses().count(), 1);
}

#[test]
fn an_array_of_callbacks_has_the_events_of_all() {
    let one = json!({"meta_object": {"field": "messages", "value": {"messages": [text("919800000003", "wamid.A")]}}, "extra_info": {}});
    let other = json!({"status": "not sent", "message_id": "wamid.N", "code": "WAV2101"});
    let body = json!([one, 7, other, {"meta_object": {"value": {"messages": [{"type": "text", "text": [1]}]}}}]);
    let callback = Callback::from_slice(body.to_string().as_bytes()).unwrap();
    assert_lossless(&callback, &body);
    assert_eq!(
        told(&callback),
        ["message text", "other", "status not sent", "message text"]
    );
    let paths: Vec<_> = callback
        .events()
        .filter_map(|event| match event {
            Event::Malformed(part) => Some(part.path),
            _ => None,
        })
        .collect();
    assert_eq!(paths, ["[1]", "[3].meta_object.value.messages[0].text"]);
    assert_eq!(Callback::from_slice(&callback.to_vec()).unwrap(), callback);
    assert!(Callback::from_slice(b"[]").is_err());
}

#[test]
fn metadata_of_a_handover_is_a_text_or_an_object() {
    let body = json!({"meta_object": {"field": "messaging_handovers", "value": {
        "type": "control_passed", "control_passed": {"metadata": "{\"reason\":\"end\"}"}}}});
    let callback = Callback::from_slice(body.to_string().as_bytes()).unwrap();
    let FieldChange::MessagingHandovers(handover) = callback.meta_object.unwrap().change() else {
        panic!()
    };
    let metadata = handover.control_passed.unwrap().metadata.unwrap();
    assert!(matches!(metadata, TextOrObject::Text(_)));
    assert_eq!(metadata.parsed().unwrap()["reason"], "end");
}
