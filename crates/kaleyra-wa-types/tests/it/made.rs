//! Callbacks made by hand: every kind can be made without JSON, and is what reading it gives.

use std::collections::BTreeSet;

use kaleyra_wa_types::UnknownBody;
use kaleyra_wa_types::contacts::Contact as Card;
use kaleyra_wa_types::extra_info::CallbackExtraInfo;
use kaleyra_wa_types::inbound::{
    Audio, Button, ButtonReply, CallPermission, CallPermissionReply, Callback, Contact, Document,
    Edit, Event, Image, Interactive, InteractiveReply, LegacyUnsupported, ListReply, Location,
    Message, MessageContent, MetaError, NfmName, NfmReply, Order, PaymentMethod, Pricing,
    PricingCategory, ProductItem, Reaction, Referral, RequestWelcome, Revoke, Status, StatusName,
    Sticker, System, SystemType, Text, Unsupported, UnsupportedType, Video, Voice,
};
use serde_json::{Value, json};

const ASHA: &str = "919800000001";

fn every_content() -> Vec<MessageContent> {
    vec![
        Audio::new("1")
            .voice(true)
            .mime_type("audio/ogg; codecs=opus")
            .into(),
        Button::new("stop-updates", "Stop").into(),
        MessageContent::Contacts(vec![Card::new("Ravi Example")]),
        Document::new("2")
            .filename("plan.pdf")
            .caption("The plan")
            .into(),
        Edit::new("wamid.B", "Two tables").into(),
        Image::new("3").caption("By the window").into(),
        ButtonReply::new("yes", "Yes").into(),
        LegacyUnsupported::new().into(),
        Location::new(12.97, 77.59).name("The shop").into(),
        Order::new("100", [ProductItem::new("CUP-1", 2, 250, "INR")])
            .text("Please")
            .into(),
        Reaction::new("wamid.B", "👍").into(),
        RequestWelcome::new().into(),
        Revoke::new("wamid.B").into(),
        Sticker::new("4").animated(false).into(),
        System::new(SystemType::UserChangedNumber)
            .wa_id("919800000003")
            .into(),
        Text::new("Hello").into(),
        Unsupported::new(UnsupportedType::PollCreation).into(),
        Video::new("5").mime_type("video/mp4").into(),
        Voice::new("6").into(),
        MessageContent::Unknown(UnknownBody::new("hologram", json!({"depth": 3}))),
    ]
}

#[test]
fn every_content_can_be_made_and_is_what_reading_gives() {
    let mut types = BTreeSet::new();
    for content in every_content() {
        let type_name = content.type_name().to_owned();
        assert_eq!(content.is_known(), type_name != "hologram", "{type_name}");
        let callback = Callback::new()
            .contact(Contact::new(ASHA, "Asha").username("asha"))
            .message(Message::new(ASHA, content));
        let body = callback.to_vec();
        let read = Callback::from_slice(&body).unwrap();
        assert_eq!(read, callback, "{type_name}");
        assert!(
            read.messages().count() == 1,
            "{type_name} is no message that can be read"
        );
        types.insert(type_name);
    }
    // All that the pages name, so that a variant which can't be made is missed here.
    let documented = [
        "audio",
        "button",
        "contacts",
        "document",
        "edit",
        "hologram",
        "image",
        "interactive",
        "location",
        "order",
        "reaction",
        "request_welcome",
        "revoke",
        "sticker",
        "system",
        "text",
        "unknown",
        "unsupported",
        "video",
        "voice",
    ];
    assert_eq!(
        types.iter().map(String::as_str).collect::<Vec<_>>(),
        documented
    );
}

#[test]
fn every_answer_can_be_made() {
    for (reply, expected) in [
        (
            InteractiveReply::from(ButtonReply::new("yes", "Yes")),
            json!({"type": "button_reply", "button_reply": {"id": "yes", "title": "Yes"}}),
        ),
        (
            ListReply::new("fri", "Friday")
                .description("All day")
                .into(),
            json!({"type": "list_reply", "list_reply": {"id": "fri", "title": "Friday", "description": "All day"}}),
        ),
        (
            CallPermissionReply::new(CallPermission::Accept)
                .is_permanent(true)
                .into(),
            json!({"type": "call_permission_reply", "call_permission_reply": {"response": "accept", "is_permanent": true}}),
        ),
        (
            NfmReply::new(NfmName::Flow, &json!({"day": "Monday"})).into(),
            json!({"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": "{\"day\":\"Monday\"}"}}),
        ),
        (
            PaymentMethod::new("credit_card")
                .last_four_digits("1234")
                .into(),
            json!({"type": "payment_method", "payment_method": {"payment_method": "credit_card", "last_four_digits": "1234"}}),
        ),
    ] {
        let message = Message::new(ASHA, reply.clone());
        assert_eq!(
            serde_json::to_value(&message).unwrap()["interactive"],
            expected
        );
        assert_eq!(message.content, Interactive::from(reply).into());
    }
}

#[test]
fn messages_have_ids_of_their_own_and_can_be_answered() {
    let first = Message::text(ASHA, "Hello");
    let second = Message::text(ASHA, "Hello");
    assert_ne!(first.id, second.id);
    assert_eq!(first.reply_address().unwrap().as_str(), "+919800000001");
    let tapped = Message::button_reply(ASHA, "yes", "Yes")
        .with_id("wamid.C")
        .in_reply_to("wamid.B")
        .timestamp(1_767_225_601)
        .referral(Referral::new().source_url("https://example.com/ad"));
    assert_eq!(tapped.content.payload(), Some("yes"));
    assert_eq!(tapped.replies_to().map(|id| id.as_str()), Some("wamid.B"));
    assert_eq!(
        Message::list_reply(ASHA, "fri", "Friday").content.text(),
        Some("Friday")
    );
    let reaction = Message::reaction(ASHA, "wamid.B", "👍");
    assert_eq!(reaction.replies_to().map(|id| id.as_str()), Some("wamid.B"));
    assert!(Reaction::removal("wamid.B").is_removal());
    let hidden = Message::from_user("IN.13491208655302741918", "Hello");
    assert_eq!(hidden.party().unwrap().key(), "IN.13491208655302741918");
    let refused = Message::new(ASHA, Unsupported::new(UnsupportedType::ViewOnce))
        .error(MetaError::new(131_051));
    assert_eq!(refused.errors[0].code.as_ref().unwrap().as_str(), "131051");
}

#[test]
fn a_callback_is_written_as_kaleyra_posts_it() {
    let callback = Callback::from(Message::text(ASHA, "Hello").with_id("wamid.A"))
        .metadata("918000000001", "100000000000001")
        .extra_info(CallbackExtraInfo::new().reference("order-17"));
    let written: Value = serde_json::from_slice(&callback.to_vec()).unwrap();
    assert_eq!(
        written,
        json!({
            "meta_object": {"field": "messages", "value": {
                "messaging_product": "whatsapp",
                "metadata": {"display_phone_number": "918000000001", "phone_number_id": "100000000000001"},
                "messages": [{"from": ASHA, "id": "wamid.A", "timestamp": "1767225600", "type": "text", "text": {"body": "Hello"}}],
            }},
            "extra_info": {"ref": "order-17"},
        })
    );
    let failed = Callback::from(
        Status::failed("wamid.B", ASHA, 131_047)
            .pricing(Pricing::new().category(PricingCategory::Marketing)),
    );
    let written: Value = serde_json::from_slice(&failed.to_vec()).unwrap();
    assert_eq!(
        written["meta_object"]["value"]["statuses"],
        json!([{"id": "wamid.B", "status": "failed", "timestamp": "1767225600", "recipient_id": ASHA,
            "pricing": {"category": "marketing"}, "errors": [{"code": 131_047}]}])
    );
    let kinds: Vec<&str> = Callback::new()
        .error(MetaError::new(130_429).with_details("Too fast"))
        .status(Status::new("wamid.A", StatusName::Read, ASHA))
        .message(Message::text(ASHA, "Hello"))
        .events()
        .map(|event| event.kind().as_str())
        .collect();
    assert_eq!(kinds, ["message", "status", "error"]);
    let not_sent = Callback::not_sent("wamid.A", "WAV2101", "Daily limit reached");
    assert!(matches!(
        not_sent.events().next(),
        Some(Event::KaleyraStatus(_))
    ));
    assert_eq!(Callback::from_slice(&not_sent.to_vec()).unwrap(), not_sent);
}
