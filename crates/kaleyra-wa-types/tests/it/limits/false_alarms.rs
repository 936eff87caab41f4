//! What Meta takes, and must not be reported: each of these was once.

use kaleyra_wa_types::outbound::interactive::ReplyButtons;
use kaleyra_wa_types::outbound::template::Button;
use kaleyra_wa_types::outbound::{MessagingObject, Outbound, Template, decode};
use kaleyra_wa_types::{Recipient, UserId};
use serde_json::{Value, json};

use super::{violations, wire_violations};

const NONE: [&str; 0] = [];

#[test]
fn a_text_that_is_in_the_body_and_behind_the_button_is_no_code() {
    for (name, text) in [
        ("parcel_on_its_way", "1Z999AA10123456784"),
        ("order_ready", "ORDER-2026-00000017"),
        ("order_ready", "100017"),
        ("otp_en", "7777777777777777"),
    ] {
        let template = Template::new(name, "en")
            .body([text])
            .button(Button::url(0, text));
        assert_eq!(violations(template.clone()), NONE, "{name}");
        // Read from the wire it is no authentication template either, and may go to a user id.
        let came = serde_json::to_value(MessagingObject::new(
            UserId::from("IN.13491208655302741918"),
            template,
        ));
        assert_eq!(wire_violations(&came.unwrap()), NONE, "{name}");
    }
}

#[test]
fn to_and_recipient_stand_together() {
    let came = json!({"messaging_product": "whatsapp", "recipient_type": "individual", "to": "+919800000001",
        "recipient": "IN.13491208655302741918", "type": "text", "text": {"body": "Hello"}});
    let read = decode(came.to_string().as_bytes()).unwrap();
    assert!(read.violations().is_empty() && read.unknown_fields().is_empty());
    assert_eq!(serde_json::to_value(&read).unwrap(), came);
    let recipient = &read.outbound().unwrap().message().unwrap().recipient;
    assert_eq!(recipient.as_str(), "+919800000001");
    assert_eq!(
        recipient.user_id().map(UserId::as_str),
        Some("IN.13491208655302741918")
    );
    // An authentication template goes to the number then.
    let asha = Recipient::try_from("+919800000001").unwrap();
    let code = MessagingObject::new(
        asha.with_user_id("IN.13491208655302741918"),
        Template::authentication("otp_en", "en", "123456"),
    );
    assert!(code.violations().is_empty());
}

#[test]
fn an_empty_footer_and_a_single_section_without_a_title_pass() {
    let question = ReplyButtons::new("Hello").footer("").button("a", "Yes");
    assert_eq!(violations(question), NONE);
    for kind in [
        json!({"type": "list", "body": {"text": "Hello"},
            "action": {"button": "Choose", "sections": [{"title": "", "rows": [{"id": "a", "title": "A"}]}]}}),
        json!({"type": "product_list", "header": {"type": "text", "text": "Cups"}, "body": {"text": "Hello"},
            "action": {"catalog_id": "1", "sections": [{"product_items": [{"product_retailer_id": "CUP-1"}]}]}}),
    ] {
        let message = json!({"messaging_product": "whatsapp", "to": "+919800000001", "type": "interactive",
            "interactive": kind});
        assert_eq!(wire_violations(&message), NONE);
    }
}

#[test]
fn a_read_receipt_is_one_whomever_it_names() {
    for extra in [
        json!({}),
        json!({"recipient_type": "individual"}),
        json!({"recipient_type": "individual", "to": "+919800000001"}),
        json!({"to": "+919800000001", "typing_indicator": {"type": "text"}}),
    ] {
        let mut came = json!({"messaging_product": "whatsapp"});
        let members = came.as_object_mut().unwrap();
        members.extend(extra.as_object().unwrap().clone());
        members.insert("status".to_owned(), "read".into());
        members.insert("message_id".to_owned(), "wamid.A".into());
        for came in [came.clone(), json!({"messaging_object": came})] {
            let read = decode(came.to_string().as_bytes()).unwrap();
            assert!(
                matches!(read.outbound(), Some(Outbound::ReadReceipt(_))),
                "{came}"
            );
            assert!(read.violations().is_empty(), "{came}");
            assert_eq!(serde_json::to_value(&read).unwrap(), came);
        }
    }
    // A message stays one, even where a `status` stands in it.
    let message = json!({"status": "read", "messaging_product": "whatsapp", "to": "+919800000001",
        "text": {"body": "Hello"}});
    let read = decode(message.to_string().as_bytes()).unwrap();
    assert!(matches!(read.outbound(), Some(Outbound::Message(_))));
}

#[test]
fn parts_of_templates_that_may_be_left_out() {
    let ok = |components: Value| {
        let message = json!({"messaging_product": "whatsapp", "to": "+919800000001", "type": "template",
            "template": {"name": "cups", "language": {"code": "en"}, "components": components}});
        assert_eq!(wire_violations(&message), NONE);
    };
    ok(json!([{"type": "button", "sub_type": "flow", "index": "0"}]));
    ok(json!([{"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": []}]));
    ok(json!([{"type": "body", "parameters": [{"type": "text", "text": "Asha    Rao"}]}]));
    // A quick reply has a default, so that one card may fill it and another not.
    let card = |index: u8, buttons: Value| json!({"card_index": index, "components": buttons});
    ok(json!([{"type": "carousel", "cards": [
        card(0, json!([{"type": "button", "sub_type": "quick_reply", "index": 0,
            "parameters": [{"type": "payload", "payload": "a"}]}])),
        card(1, json!([])),
    ]}]));
}
