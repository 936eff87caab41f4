//! What became of messages, calls and payments, and what tells a repeated status.

use std::collections::BTreeSet;

use kaleyra_wa_types::inbound::field::PhoneNumberQualityEvent;
use kaleyra_wa_types::inbound::{
    Callback, Event, EventKind, NumberQuality, OriginType, PaymentProvider, PricingCategory,
    PricingModel, PricingType, Stage, Status, StatusName, StatusType, TransactionStatus,
};
use kaleyra_wa_types::{Recognition, UserId};
use serde_json::json;

use crate::fixtures::{all, one};

fn fixture(name: &str) -> Callback {
    Callback::from_slice(&one(&format!("callbacks/{name}.json"))).unwrap()
}

fn status(name: &str) -> Status {
    fixture(name).statuses().next().unwrap().clone()
}

fn key(name: &str) -> Option<String> {
    let callback = fixture(name);
    let event = callback.events().next().unwrap();
    event.key().map(|key| key.as_str().to_owned())
}

#[test]
fn every_status_has_its_name() {
    for (name, expected, stage) in [
        ("status_sent", StatusName::Sent, Some(Stage::Sent)),
        (
            "status_delivered",
            StatusName::Delivered,
            Some(Stage::Delivered),
        ),
        ("status_read", StatusName::Read, Some(Stage::Read)),
        ("status_played", StatusName::Played, Some(Stage::Played)),
        ("status_failed", StatusName::Failed, Some(Stage::Failed)),
        ("status_deleted", StatusName::Deleted, None),
        ("status_warning", StatusName::Warning, None),
        ("status_call_ringing", StatusName::CallRinging, None),
        ("status_call_accepted", StatusName::CallAccepted, None),
        ("status_call_rejected", StatusName::CallRejected, None),
        ("status_payment_captured", StatusName::Captured, None),
        ("status_payment_pending", StatusName::Pending, None),
        ("status_payment_failed", StatusName::Failed, None),
    ] {
        let status = status(name);
        assert_eq!(status.status, Some(expected), "{name}");
        assert_eq!(status.stage(), stage, "{name}");
    }
}

#[test]
fn a_status_name_means_the_same_however_it_is_spelt() {
    for (text, expected) in [
        ("not sent", StatusName::NotSent),
        ("NOT-SENT", StatusName::NotSent),
        ("not-sent", StatusName::NotSent),
        ("Not_Sent", StatusName::NotSent),
        ("notsent", StatusName::NotSent),
        ("SENT", StatusName::Sent),
        ("Delivered", StatusName::Delivered),
        ("ringing", StatusName::CallRinging),
        ("Accepted", StatusName::Accepted),
        ("ACCEPTED", StatusName::CallAccepted),
        ("rejected", StatusName::CallRejected),
    ] {
        let name = StatusName::from(text);
        assert_eq!(name.meaning(), expected, "{text}");
        assert_eq!(serde_json::to_value(&name).unwrap(), json!(text));
    }
    let unknown = StatusName::from("tele-ported");
    assert_eq!(unknown.meaning(), unknown);
    assert_eq!(unknown.stage(), None);
}

#[test]
fn what_is_billed_is_read() {
    let pricing = status("status_delivered").pricing.unwrap();
    assert_eq!(pricing.billable, Some(true));
    assert_eq!(pricing.pricing_model, Some(PricingModel::PerMessage));
    assert_eq!(pricing.category, Some(PricingCategory::Utility));
    assert_eq!(pricing.kind, Some(PricingType::Regular));

    let sent = status("status_sent");
    let model = sent.pricing.unwrap().pricing_model.unwrap();
    assert_eq!(model.as_str(), "Conversation-Based Pricing");
    let conversation = status("status_read").conversation.unwrap();
    assert_eq!(
        conversation.expiration_timestamp.unwrap().unix_seconds(),
        Some(1_722_921_060)
    );
    assert_eq!(
        conversation.origin.unwrap().kind,
        Some(OriginType::UserInitiated)
    );
    let inside = status("status_group").conversation.unwrap().pricing;
    assert_eq!(
        inside.unwrap().kind,
        Some(PricingType::FreeGroupCustomerService)
    );
    let international = status("status_international");
    assert_eq!(
        international.pricing.unwrap().category,
        Some(PricingCategory::AuthenticationInternational)
    );
    assert_eq!(
        international.conversation.unwrap().origin.unwrap().kind,
        Some(OriginType::AuthenticationInternational)
    );
}

#[test]
fn a_parent_user_id_is_read_under_each_of_its_names() {
    for name in [
        "status_user_id",
        "status_parent_recipient_user_id",
        "status_parent_user_id",
        "status_parent_two_names",
    ] {
        let status = status(name);
        let parent = status.recipient_parent_user_id.as_ref().unwrap();
        assert_eq!(parent.as_str(), "IN.ENT.11815799212886844830", "{name}");
        assert_eq!(status.unknown.len(), usize::from(name.ends_with("names")));
    }
    let mut status: Status = serde_json::from_value(json!({"status": "sent"})).unwrap();
    assert_eq!(status.recipient_parent_user_id, None);
    status.recipient_parent_user_id = UserId::from("IN.ENT.1").into();
    assert_eq!(
        serde_json::to_value(&status).unwrap(),
        json!({"status": "sent", "recipient_parent_user_id": "IN.ENT.1"})
    );
    for came in [
        json!({"parent_user_id": null, "recipient_parent_user_id": "IN.ENT.1"}),
        json!({"parent_user_id": "", "parent_recipient_user_id": null}),
        json!({"parent_user_id": "IN.ENT.1", "parent_recipient_user_id": "IN.ENT.2"}),
    ] {
        let status: Status = serde_json::from_value(came.clone()).unwrap();
        assert_eq!(serde_json::to_value(&status).unwrap(), came);
    }
    let twice = r#"{"parent_user_id": "IN.ENT.1", "parent_user_id": null}"#;
    let status: Status = serde_json::from_str(twice).unwrap();
    assert_eq!(
        serde_json::to_value(&status).unwrap(),
        json!({"parent_user_id": null})
    );
}

#[test]
fn a_payment_has_its_transaction_and_refunds() {
    let captured = status("status_payment_captured");
    assert_eq!(captured.kind, Some(StatusType::Payment));
    let payment = captured.payment.unwrap();
    assert_eq!(payment.reference_id.unwrap().as_str(), "order-17");
    let amount = payment.amount.unwrap();
    assert_eq!(amount.value.unwrap().as_i64(), Some(45_050));
    let transaction = payment.transaction.unwrap();
    assert_eq!(transaction.kind, Some(PaymentProvider::Razorpay));
    assert_eq!(transaction.status, Some(TransactionStatus::Success));
    assert!(transaction.refunds.is_empty());

    let refunded = status("status_payment_refunded").payment.unwrap();
    let refund = &refunded.transaction.unwrap().refunds[0];
    assert_eq!(refund.status.as_deref(), Some("completed"));
    assert_eq!(refund, &refunded.refunds[0]);

    let failed = status("status_payment_failed").payment.unwrap();
    let reason = failed.error.unwrap().reason;
    assert_eq!(reason.as_deref(), Some("The bank said no"));
}

#[test]
fn kaleyra_speaks_for_itself() {
    let callback = fixture("status_not_sent_spelling");
    let Some(Event::KaleyraStatus(status)) = callback.events().next() else {
        panic!("no status of Kaleyra's")
    };
    assert_eq!(status.status.unwrap().meaning(), StatusName::NotSent);
    assert_eq!(status.stage(), Some(Stage::NotSent));
    assert_eq!(status.reason, Some("Number opted out"));
    let tracking = callback.extra_info.as_ref().unwrap();
    assert_eq!(tracking.enable_url_tracking_button, Some(true));

    for (name, type_name, outcome) in [
        ("status_submit_success", "submitted", Recognition::Unknown),
        ("status_submit_code_only", "", Recognition::Typed),
        ("other_v1", "delivered", Recognition::Unknown),
    ] {
        let callback = fixture(name);
        let event = callback.events().next().unwrap();
        assert_eq!(event.kind(), EventKind::Status, "{name}");
        assert_eq!(event.type_name(), type_name, "{name}");
        assert_eq!(event.recognition(), outcome, "{name}");
    }
    let callback = fixture("other_template_status");
    assert_eq!(callback.events().next().unwrap().kind(), EventKind::Other);
}

#[test]
fn keys_tell_events_apart_and_repetitions_not() {
    let mut seen = BTreeSet::new();
    let same = [
        // One message in many types, one status in many shapes: the fixtures share their ids.
        "status/wamid.SENTBYTHESHOP0001/delivered//919800000001",
        "message/wamid.WRITTENBYASHA0002/",
    ];
    for (path, body) in all("callbacks") {
        let callback = Callback::from_slice(&body).unwrap();
        let again = Callback::from_slice(&body).unwrap();
        let keys = |callback: &Callback| -> Vec<Option<String>> {
            callback
                .events()
                .map(|event| event.key().map(|key| key.as_str().to_owned()))
                .collect()
        };
        assert_eq!(keys(&callback), keys(&again));
        for key in keys(&callback).into_iter().flatten() {
            let fresh = seen.insert(key.clone());
            assert!(
                fresh || same.iter().any(|shared| key.starts_with(shared)),
                "{}: {key}",
                path.display()
            );
        }
    }
    assert_eq!(key("field_account_update"), None);
    assert_eq!(key("other_v1"), None);
    assert_ne!(
        key("status_payment_captured"),
        key("status_payment_refunded"),
        "a refund is news"
    );
    assert_eq!(
        key("status_not_sent_spelling").as_deref(),
        Some("kaleyra/wamid.SENTBYTHESHOP0003/not sent/WAV2999/Number opted out")
    );
}

#[test]
fn a_malformed_message_keeps_its_key_and_a_key_shows_no_number() {
    let body = br#"{"meta_object":{"field":"messages","value":{"messages":[
        {"id":"wamid.1","type":"text","text":5}, {"id":7,"type":"text","text":5}],"statuses":[{"id":"wamid.2","status":[]}]}}}"#;
    let callback = Callback::from_slice(body).unwrap();
    let keys: Vec<_> = callback.events().map(|event| event.key()).collect();
    assert_eq!(keys[0].as_ref().unwrap().as_str(), "message/wamid.1/text");
    assert_eq!(keys[1..], [None, None]);
    let callback = fixture("status_sent");
    let shown = format!("{:?}", callback.events().next().unwrap().key());
    assert!(!shown.contains("919800000001"), "{shown}");
}

#[test]
fn a_number_quality_query_is_read() {
    let query = "?display_phone_number=%2B91%2080000%2000001&event=DOWNGRADE&current_limit=TIER_1K&old_limit=TIER_10K";
    let update = NumberQuality::from_query(query).unwrap();
    assert_eq!(
        update.display_phone_number.as_deref(),
        Some("+91 80000 00001")
    );
    assert_eq!(update.event, Some(PhoneNumberQualityEvent::Downgrade));
    assert_eq!(update.current_limit.as_ref().unwrap().users(), Some(1000));
    assert_eq!(
        update.unknown.get("old_limit"),
        Some(&json!("TIER_10K").into())
    );
    let written = serde_json::to_value(&update).unwrap();
    assert_eq!(
        serde_json::from_value::<NumberQuality>(written).unwrap(),
        update
    );

    for (query, number) in [
        ("event=X&display_phone_number=+91+80000", Some("+91 80000")),
        ("display_phone_number=a%zz%4&event=X", Some("a%zz%4")),
        ("display_phone_number=%e0%a4%95&event=X", Some("\u{915}")),
        ("display_phone_number=%ff&event=X", Some("\u{fffd}")),
        ("display_phone_number=&event=X&&=", None),
        (
            "event=Y&event=X&display_phone_number=1&display_phone_number",
            None,
        ),
    ] {
        let update = NumberQuality::from_query(query).unwrap();
        assert_eq!(update.display_phone_number.as_deref(), number, "{query}");
        assert_eq!(update.event.unwrap().as_str(), "X", "{query}");
    }
    for foreign in [
        "",
        "?",
        "hub.mode=subscribe&hub.challenge=1",
        "display_phone_number=918000000001",
        "event=",
    ] {
        assert!(NumberQuality::from_query(foreign).is_none(), "{foreign}");
    }
}

/// The key of the one status.
fn key_of(status: serde_json::Value) -> String {
    let body = json!({"meta_object": {"field": "messages", "value": {"statuses": [status]}}});
    let callback = Callback::from_value(body).unwrap();
    let event = callback.events().next().unwrap();
    event.key().unwrap().as_str().to_owned()
}

#[test]
fn different_events_never_share_a_key() {
    let with = |more: serde_json::Value| {
        let mut status =
            json!({"id": "A", "status": "failed", "recipient_id": "1", "timestamp": "1"});
        let more = more.as_object().unwrap().clone();
        status.as_object_mut().unwrap().extend(more);
        key_of(status)
    };
    let payment = |payment: serde_json::Value| {
        with(json!({"status": "captured", "type": "payment", "payment": payment}))
    };
    let keys = [
        with(json!({})),
        with(json!({"errors": [{"code": 131026}]})),
        with(json!({"errors": [{"code": 131047}]})),
        with(json!({"errors": [{"code": 131047}, {"code": 131026}]})),
        with(json!({"id": "A/failed"})),
        with(json!({"id": "A%2Ffailed"})),
        with(json!({"id": "A", "status": "b/c"})),
        with(json!({"id": "A/b", "status": "c"})),
        with(json!({"id": "A", "recipient_id": "2"})),
        with(json!({"recipient_type": "group", "recipient_participant_id": "1"})),
        with(json!({"recipient_type": "group", "recipient_participant_id": "2"})),
        payment(json!({})),
        payment(json!({"refunds": [{"id": "R1"}]})),
        payment(json!({"refunds": [{"id": "R2"}]})),
        payment(json!({"refunds": [{"id": "R1"}, {"id": "R2"}]})),
        payment(json!({"refunds": [{"id": "R1", "status": "completed"}]})),
        payment(json!({"refunds": [{"amount": {"value": 1, "offset": 100}}]})),
        payment(json!({"refunds": [{"amount": {"value": 2, "offset": 100}}]})),
        payment(json!({"transaction": {"id": "T1", "status": "success"}})),
        payment(json!({"transaction": {"id": "T2", "status": "success"}})),
        payment(json!({"transaction": {"id": "T1", "status": "failed"}})),
        payment(json!({"transaction": {"id": "T1", "refunds": [{"id": "R1"}]}})),
        payment(json!({"transaction": {"id": "T1", "refunds": [{"id": "R2"}]}})),
        payment(json!({"error": {"code": "a"}})),
        payment(json!({"error": {"code": "b"}})),
    ];
    let different: BTreeSet<_> = keys.iter().collect();
    assert_eq!(different.len(), keys.len(), "{keys:#?}");

    // What comes again has its fields in any order.
    let refunded = |body: &str| {
        let callback = Callback::from_slice(body.as_bytes()).unwrap();
        callback.events().next().unwrap().key()
    };
    let once = r#"{"meta_object":{"field":"messages","value":{"statuses":[{"id":"A","status":"captured","type":"payment",
        "payment":{"refunds":[{"id":"R1","amount":{"value":1,"offset":100}}]}}]}}}"#;
    let again = r#"{"extra_info":{"trace_id":"x"},"meta_object":{"value":{"statuses":[{"type":"payment","status":"captured",
        "payment":{"refunds":[{"amount":{"offset":100,"value":1},"id":"R1"}]},"id":"A"}]},"field":"messages"}}"#;
    assert_eq!(refunded(once), refunded(again));
}

#[test]
fn kaleyras_own_words_and_messages_are_told_apart() {
    let key = |body: serde_json::Value| {
        let callback = Callback::from_value(body).unwrap();
        callback
            .events()
            .next()
            .unwrap()
            .key()
            .unwrap()
            .as_str()
            .to_owned()
    };
    let message = |kind: &str, id: &str| {
        let message = json!({"from": "1", "id": id, "type": kind, (kind): {"body": "b"}});
        key(json!({"meta_object": {"field": "messages", "value": {"messages": [message]}}}))
    };
    let keys = [
        key(json!({"message_id": "A", "status": "not sent"})),
        key(json!({"message_id": "A", "status": "not sent", "code": "WAV2999"})),
        key(json!({"message_id": "A", "status": "not sent", "code": "WAV2998"})),
        key(json!({"message_id": "A", "status": "not sent", "reason": "limit"})),
        key(json!({"message_id": "A/not sent", "status": "x"})),
        message("text", "A"),
        message("unsupported", "A"),
        message("text", "A/text"),
    ];
    let different: BTreeSet<_> = keys.iter().collect();
    assert_eq!(different.len(), keys.len(), "{keys:#?}");
}
