//! Fields that feeds have and pages forget, or that only some pages have.

use kaleyra_wa_types::TextOrObject;
use kaleyra_wa_types::inbound::field::FieldChange;
use kaleyra_wa_types::inbound::{Callback, Event, Message, MessageContent, Status};
use serde_json::{Value, json};

use super::callback;

fn message(members: Value) -> (Callback, Message) {
    let mut message =
        json!({"from": "919800000003", "id": "wamid.M", "type": "text", "text": {"body": "x"}});
    message
        .as_object_mut()
        .unwrap()
        .extend(members.as_object().unwrap().clone());
    let callback = callback(json!({"messages": [message]}));
    assert!(
        callback.unknown_fields().is_empty(),
        "{:?}",
        callback.unknown_fields()
    );
    let message = callback.messages().next().unwrap().clone();
    (callback, message)
}

fn status(members: Value) -> Status {
    let mut status = json!({"id": "wamid.S", "status": "failed", "recipient_id": "919800000003"});
    status
        .as_object_mut()
        .unwrap()
        .extend(members.as_object().unwrap().clone());
    let callback = callback(json!({"statuses": [status]}));
    assert!(
        callback.unknown_fields().is_empty(),
        "{:?}",
        callback.unknown_fields()
    );
    callback.statuses().next().unwrap().clone()
}

fn change(field: &str, value: Value) -> FieldChange {
    let body = json!({"meta_object": {"field": field, "value": value}});
    let callback = Callback::from_slice(body.to_string().as_bytes()).unwrap();
    super::assert_lossless(&callback, &body);
    assert!(
        callback.unknown_fields().is_empty(),
        "{:?}",
        callback.unknown_fields()
    );
    callback.meta_object.unwrap().change()
}

#[test]
fn of_a_payment() {
    let status = status(json!({"status": "captured", "type": "payment", "payment": {
        "reference_id": "order-70", "receipt": "r-70", "notes": {"table": "9", "n": 123_456_789_012_345_678_u64}}}));
    let payment = status.payment.unwrap();
    assert_eq!(payment.notes.unwrap()["table"], "9");
}

#[test]
fn of_a_referral() {
    let (_, message) =
        message(json!({"referral": {"source_type": "ad", "source_id": "7", "ref": "spring-9"}}));
    assert_eq!(
        message.referral.unwrap().reference.as_deref(),
        Some("spring-9")
    );
}

#[test]
fn of_an_error() {
    let (_, found) = message(json!({"type": "unknown", "text": null, "errors": [
        {"code": 131_051, "title": "Unsupported", "details": "No such kind yet", "error_subcode": 2_494_010,
         "type": "OAuthException", "fbtrace_id": "A1"}]}));
    let error = &found.errors[0];
    assert_eq!(error.details(), Some("No such kind yet"));
    assert_eq!(error.error_subcode.as_ref().unwrap().as_str(), "2494010");
    // What is special about the case goes first.
    let status = status(
        json!({"errors": [{"code": 1, "details": "old", "error_data": {"details": "new"}}]}),
    );
    assert_eq!(status.errors[0].details(), Some("new"));
    let old = self::status(json!({"errors": [{"code": 1, "details": "old", "error_data": {}}]}));
    assert_eq!(old.errors[0].details(), Some("old"));
}

#[test]
fn of_a_context() {
    let (_, found) = message(
        json!({"context": {"from": "919800000009", "from_user_id": "IN.9", "id": "wamid.Q",
        "group_id": "g-1", "mentions": ["919800000004", {"user_id": "IN.5", "username": "mira"}]}}),
    );
    let context = found.context.unwrap();
    assert_eq!(context.from_user_id.unwrap().as_str(), "IN.9");
    assert!(
        matches!(&context.mentions[0], TextOrObject::Text(number) if number.as_str() == "919800000004")
    );
    let mira = context.mentions[1].object().unwrap();
    assert_eq!(mira.username.as_deref(), Some("mira"));
}

#[test]
fn of_a_file() {
    for kind in ["image", "video", "audio", "sticker", "document", "voice"] {
        let mut members = json!({"type": kind, "text": null});
        members[kind] =
            json!({"id": "1", "mime_type": "x/y", "filename": "f.bin", "file_size": "12"});
        let (callback, message) = message(members);
        let name = match &message.content {
            MessageContent::Image(it) => &it.filename,
            MessageContent::Video(it) => &it.filename,
            MessageContent::Audio(it) => &it.filename,
            MessageContent::Sticker(it) => &it.filename,
            MessageContent::Document(it) => &it.filename,
            MessageContent::Voice(it) => &it.filename,
            other => panic!("{other:?}"),
        };
        assert_eq!(name.as_deref(), Some("f.bin"));
        assert_eq!(callback.events().count(), 1);
    }
}

#[test]
fn of_a_shared_contact() {
    let (_, found) = message(json!({"type": "contacts", "text": null, "contacts": [
        {"name": {"formatted_name": "Mira"}, "ims": [{"service": "AIM", "user_id": "mira.7"}]}]}));
    let MessageContent::Contacts(contacts) = &found.content else {
        panic!("{found:?}")
    };
    assert_eq!(contacts[0].ims[0].user_id.as_deref(), Some("mira.7"));
}

#[test]
fn of_a_status() {
    let status = status(json!({"group_id": "g-7", "template_id": "734500000000001"}));
    assert_eq!(
        status.template_id.as_ref().unwrap().as_str(),
        "734500000000001"
    );
    assert_eq!(status.party().unwrap().group_id, Some("g-7"));
    assert_eq!(status.party().unwrap().user(), Some("919800000003"));
}

#[test]
fn user_names_stand_wherever_numbers_may() {
    let user = json!({"wa_id": "919800000003", "user_id": "IN.3", "parent_user_id": "IN.ENT.3", "username": "ravi"});
    let with = |members: Value| {
        let mut all = user.clone();
        all.as_object_mut()
            .unwrap()
            .extend(members.as_object().unwrap().clone());
        all
    };
    let contact = callback(json!({"contacts": [user.clone()]}));
    let value = contact
        .meta_object
        .as_ref()
        .unwrap()
        .value
        .as_ref()
        .unwrap();
    assert_eq!(
        value.contacts[0].typed().unwrap().username.as_deref(),
        Some("ravi")
    );
    let FieldChange::GroupParticipantsUpdate(groups) = change(
        "group_participants_update",
        json!({"groups": [
            with(json!({"type": "group_join_request_created", "group_id": "g", "join_request_id": "j", "timestamp": "1"})),
            {"type": "group_participants_remove", "added_participants": [user.clone()], "removed_participants": [user.clone()],
             "failed_participants": [user.clone()]},
        ]}),
    ) else {
        panic!()
    };
    let [request, removed] = [0, 1].map(|n| groups.groups[n].typed().unwrap());
    assert_eq!(request.username.as_deref(), Some("ravi"));
    assert_eq!(
        removed.failed_participants[0].username.as_deref(),
        Some("ravi")
    );
    assert_eq!(
        removed.removed_participants[0].username.as_deref(),
        Some("ravi")
    );
    let FieldChange::UserPreferences(preferences) = change(
        "user_preferences",
        json!({"user_preferences": [with(json!({"value": "stop"}))]}),
    ) else {
        panic!()
    };
    assert_eq!(
        preferences.user_preferences[0]
            .typed()
            .unwrap()
            .username
            .as_deref(),
        Some("ravi")
    );
    let FieldChange::UserIdUpdate(ids) = change(
        "user_id_update",
        json!({"user_id_update": [
        {"wa_id": "919800000003", "username": "ravi", "user_id": {"previous": "IN.3", "current": "IN.4"}}]}),
    ) else {
        panic!()
    };
    assert_eq!(
        ids.user_id_update[0].typed().unwrap().username.as_deref(),
        Some("ravi")
    );
    let (_, system) = message(
        json!({"type": "system", "text": null, "system": with(json!({
        "type": "user_changed_user_id", "previous_user_id": "IN.2", "previous_parent_user_id": "IN.ENT.2"}))}),
    );
    let MessageContent::System(system) = &system.content else {
        panic!()
    };
    assert_eq!(system.username.as_deref(), Some("ravi"));
}

#[test]
fn of_calls_and_accounts() {
    let FieldChange::Calls(calls) = change(
        "calls",
        json!({"calls": [{"id": "wacid.A", "event": "connect",
        "connection": {"webrtc": {"sdp": "v=0"}}}]}),
    ) else {
        panic!()
    };
    let connection = calls.calls[0].typed().unwrap().connection.as_ref().unwrap();
    assert_eq!(
        connection.webrtc.as_ref().unwrap().sdp.as_deref(),
        Some("v=0")
    );
    let FieldChange::AccountUpdate(account) = change(
        "account_update",
        json!({
            "event": "PARTNER_CLIENT_CERTIFICATION_NEEDED",
            "partner_client_certification_needed_info": {"client_business_id": "900000000000001"},
            "lock_info": {"expiration": 1_767_225_600}, "business_verification_status": "verified",
            "waba_info": {"ad_account_id": "8"},
        }),
    ) else {
        panic!()
    };
    let needed = account.partner_client_certification_needed_info.unwrap();
    assert_eq!(
        needed.client_business_id.unwrap().as_str(),
        "900000000000001"
    );
}

#[test]
fn a_receipt_stays_a_receipt() {
    use kaleyra_wa_types::outbound::decode;
    for receipt in [
        json!({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.A", "recipient_type": "individual"}),
        json!({"status": "read", "message_id": "wamid.A", "typing_indicator": {"type": "text"}}),
        json!({"messaging_product": "whatsapp", "recipient_type": "individual", "to": "919800000003", "status": "read", "message_id": "wamid.A"}),
    ] {
        let decoded = decode(receipt.to_string().as_bytes()).unwrap();
        assert_eq!(decoded.type_name(), "read", "{receipt}");
        assert!(decoded.outbound().unwrap().message().is_none());
    }
    let message = json!({"to": "919800000003", "recipient_type": "individual", "type": "text", "text": {"body": "read"}, "message_id": "wamid.A"});
    assert_eq!(
        decode(message.to_string().as_bytes()).unwrap().type_name(),
        "text"
    );
}

#[test]
fn an_event_tells_its_error() {
    let value = json!({"errors": [{"code": 130_429, "details": "slower"}]});
    let callback = callback(value);
    let Some(Event::Error(error)) = callback.events().next() else {
        panic!()
    };
    assert_eq!(error.details(), Some("slower"));
}
