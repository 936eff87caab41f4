//! Messages of users: what is read from each type.

use kaleyra_wa_types::contacts::ContactOrigin;
use kaleyra_wa_types::inbound::{
    CallPermission, CallPermissionSource, Callback, HistoryStatus, InteractiveReply, Message,
    MessageContent, NfmName, NfmReply, ReferralSource, SystemType, UnsupportedType,
};
use kaleyra_wa_types::{Number, Recognition};
use serde_json::{Value, json};

use crate::fixtures::{all, one};

fn fixture(name: &str) -> Callback {
    Callback::from_slice(&one(&format!("callbacks/{name}.json"))).unwrap()
}

fn message(name: &str) -> Message {
    fixture(name).messages().next().unwrap().clone()
}

/// The content of a fixture's message, if it is of this type.
macro_rules! content {
    ($fixture:literal, $type:ident) => {
        match message($fixture).content {
            MessageContent::$type(content) => content,
            other => panic!("{}: {}", $fixture, other.type_name()),
        }
    };
}

/// The response in a fixture's message, if it is of this type.
macro_rules! reply {
    ($fixture:literal, $type:ident) => {
        match content!($fixture, Interactive).reply {
            InteractiveReply::$type(reply) => reply,
            other => panic!("{}: {}", $fixture, other.type_name()),
        }
    };
}

#[test]
fn fixtures_are_typed_unless_they_are_of_no_known_type() {
    let unknown = [
        "edit_unknown_type",
        "interactive_unknown_type",
        "other_template_status",
        "other_v1",
        "status_submit_success",
        "status_unknown_name",
        "unknown_ephemeral",
        "unknown_hsm",
        "unknown_poll",
        "unknown_type",
        "unknown_view_once",
    ];
    for (path, body) in all("callbacks") {
        let name = path.file_stem().unwrap().to_string_lossy();
        if name.starts_with("field_") {
            continue; // told apart in `fields`
        }
        let expected = if unknown.contains(&&*name) {
            Recognition::Unknown
        } else {
            Recognition::Typed
        };
        let callback = Callback::from_slice(&body).unwrap();
        let outcomes: Vec<Recognition> =
            callback.events().map(|event| event.recognition()).collect();
        assert_eq!(outcomes, [expected], "{name}");
    }
}

#[test]
fn a_location_has_numbers_in_any_form() {
    for (name, latitude) in [
        ("location", 12.9716),
        ("location_text_numbers", 12.9716),
        ("location_no_type", 12.5),
    ] {
        let MessageContent::Location(location) = message(name).content else {
            panic!("{name}")
        };
        assert_eq!(
            location.latitude.as_ref().and_then(Number::as_f64),
            Some(latitude),
            "{name}"
        );
    }
    let location = content!("location_address", Location);
    assert_eq!(
        location.longitude.as_ref().and_then(Number::as_i64),
        Some(77)
    );
    assert_eq!(location.name.as_deref(), Some("Example Cups"));
}

#[test]
fn shared_contacts_are_read_with_phones_as_array_or_object() {
    let contacts = content!("contacts", Contacts);
    let [contact] = contacts.as_slice() else {
        panic!("{contacts:?}")
    };
    assert_eq!(contact.display_name(), Some("Ravi Q. Example Jr."));
    assert_eq!(contact.phones.len(), 2);
    assert_eq!(contact.phones[1].wa_id, None);
    assert_eq!(contact.addresses[0].country_code.as_deref(), Some("in"));
    assert_eq!(
        contact.org.as_ref().unwrap().title.as_deref(),
        Some("Potter")
    );

    let contacts = content!("contacts_phones_object", Contacts);
    let labels: Vec<_> = contacts[0].phones.iter().map(|phone| &phone.kind).collect();
    assert_eq!(labels, [&Some("MOBILE".to_owned())]);

    let contacts = content!("contacts_own_number", Contacts);
    assert_eq!(contacts[0].display_name(), None);
    assert_eq!(contacts[0].origin, Some(ContactOrigin::ContactRequest));
    let shown = format!("{contacts:?}");
    assert!(!shown.contains("919800000001"), "{shown}");
    assert_eq!(
        message("contacts_origin_on_message").origin,
        Some(ContactOrigin::ContactRequest)
    );
}

#[test]
fn what_was_tapped_has_its_id_and_its_words() {
    for (name, payload, text) in [
        ("template_button", "book-again", "Book again"),
        ("interactive_button_reply", "slot-2", "Tomorrow 5 pm"),
        ("interactive_list_reply", "cup-blue", "ನೀಲಿ ಕಪ್"),
    ] {
        let content = message(name).content;
        assert_eq!(content.payload(), Some(payload), "{name}");
        assert_eq!(content.text(), Some(text), "{name}");
    }
    let list = reply!("interactive_list_reply", ListReply);
    assert_eq!(list.description.as_deref(), Some("Fired twice"));
    assert_eq!(message("edit_image").content.text(), None);
    assert_eq!(
        message("order").content.text(),
        Some("Please gift-wrap"),
        "an order's note is the user's words"
    );
}

#[test]
fn a_form_is_read_out_of_its_text() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Booking {
        guests: String,
        wishes: Vec<String>,
    }

    let reply = reply!("interactive_nfm_reply_flow", NfmReply);
    assert_eq!(reply.name, Some(NfmName::Flow));
    assert_eq!(
        reply.response_as::<Booking>().unwrap(),
        Booking {
            guests: "4".to_owned(),
            wishes: vec!["window".to_owned()]
        }
    );
    let reply = reply!("interactive_nfm_reply_address", NfmReply);
    assert_eq!(reply.name, Some(NfmName::AddressMessage));
    assert_eq!(reply.response().unwrap()["values"]["in_pin_code"], "560001");
    let reply = reply!("interactive_nfm_reply_other", NfmReply);
    assert_eq!(reply.name.unwrap().as_str(), "feedback_form");
}

#[test]
fn a_form_that_is_no_json_is_an_error_that_repeats_nothing() {
    #[derive(Debug, serde::Deserialize)]
    struct Booking {
        #[serde(rename = "guests")]
        _guests: u8,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Choice {
        Tea,
        Coffee,
    }

    fn reply(response: Value) -> NfmReply {
        serde_json::from_value(json!({"response_json": response})).unwrap()
    }

    for (response, expected) in [
        (json!(null), "`response_json` is missing"),
        (json!("secret"), "not JSON: expected value"),
        (
            json!("{\"guests\": \"secret\"}"),
            "guests: expected u8, found string",
        ),
        (json!("{}"), "missing field `guests`"),
    ] {
        let error = reply(response).response_as::<Booking>().unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    let error = reply(json!("\"secret\""))
        .response_as::<Choice>()
        .unwrap_err();
    assert!(!error.to_string().contains("secret"), "{error}");
    assert!(matches!(
        reply(json!("\"tea\"")).response_as(),
        Ok(Choice::Tea)
    ));
    assert!(matches!(
        reply(json!("\"coffee\"")).response_as(),
        Ok(Choice::Coffee)
    ));
}

#[test]
fn a_call_permission_has_its_end_as_number_or_text() {
    for (name, response, source, until) in [
        (
            "interactive_call_permission_reply",
            CallPermission::Accept,
            CallPermissionSource::UserAction,
            Some(1_723_468_129),
        ),
        (
            "interactive_call_permission_reply_permanent",
            CallPermission::Accept,
            CallPermissionSource::Automatic,
            Some(1_723_468_129),
        ),
        (
            "interactive_call_permission_reply_reject",
            CallPermission::Reject,
            CallPermissionSource::UserAction,
            None,
        ),
    ] {
        let MessageContent::Interactive(interactive) = message(name).content else {
            panic!("{name}")
        };
        let InteractiveReply::CallPermissionReply(reply) = interactive.reply else {
            panic!("{name}")
        };
        assert_eq!(reply.response, Some(response), "{name}");
        assert_eq!(reply.response_source, Some(source), "{name}");
        let end = reply.expiration_timestamp.as_ref();
        assert_eq!(end.and_then(|end| end.unix_seconds()), until, "{name}");
    }
}

#[test]
fn payments_inside_a_message_are_read() {
    let method = reply!("interactive_payment_method", PaymentMethod);
    assert_eq!(method.reference_id.unwrap().as_str(), "order-17");
    assert_eq!(
        method.payment_timestamp.unwrap().unix_seconds(),
        Some(1_722_863_300)
    );
    let notification = reply!("interactive_payment_notification", PaymentNotification);
    assert_eq!(notification.as_ref().unwrap()["reference_id"], "order-17");
    let unknown = reply!("interactive_unknown_type", Unknown);
    assert_eq!(unknown.type_name(), "gesture_reply");
    assert_eq!(unknown.body(), Some(&json!({"wave": 2}).into()));
}

#[test]
fn an_order_has_its_numbers_in_any_form() {
    for (name, quantity, price) in [("order", 2, 450.5), ("order_text_numbers", 2, 450.5)] {
        let MessageContent::Order(order) = message(name).content else {
            panic!("{name}")
        };
        let item = &order.product_items[0];
        assert_eq!(item.quantity.as_ref().unwrap().as_i64(), Some(quantity));
        assert_eq!(item.item_price.as_ref().unwrap().as_f64(), Some(price));
        assert_eq!(
            item.product_retailer_id.as_ref().unwrap().as_str(),
            "cup-blue"
        );
    }
}

#[test]
fn system_messages_tell_what_changed() {
    for (name, change, number) in [
        (
            "system_user_changed_number",
            Some(SystemType::UserChangedNumber),
            Some("919800000009"),
        ),
        (
            "system_user_changed_user_id",
            Some(SystemType::UserChangedUserId),
            None,
        ),
        (
            "system_customer_changed_number",
            Some(SystemType::CustomerChangedNumber),
            Some("919800000009"),
        ),
        (
            "system_customer_identity_changed",
            Some(SystemType::CustomerIdentityChanged),
            None,
        ),
        ("system_type_object", None, Some("919800000009")),
    ] {
        let MessageContent::System(system) = message(name).content else {
            panic!("{name}")
        };
        assert_eq!(system.change(), change.as_ref(), "{name}");
        let new_number = system.new_number().map(|number| number.as_str());
        assert_eq!(new_number, number, "{name}");
    }
    let system = content!("system_user_changed_user_id", System);
    assert_eq!(system.previous_user_id.unwrap().as_str(), "IN.1");
    let system = content!("system_customer_identity_changed", System);
    let hash = system
        .identity
        .as_ref()
        .and_then(|identity| identity.text());
    assert_eq!(hash.map(String::as_str), Some("c2hhIG9mIGtleQ=="));
    let system = content!("system_type_object", System);
    let identity = system
        .identity
        .as_ref()
        .and_then(|identity| identity.object());
    assert_eq!(identity.unwrap().acknowledged, Some(true));
    let kind = system.kind.as_ref().and_then(|kind| kind.object());
    assert_eq!(kind, Some(&json!({"customer_changed_number": true})));
}

#[test]
fn what_the_api_has_no_type_for_says_why() {
    let unsupported = content!("unsupported", Unsupported).unwrap();
    assert_eq!(unsupported.kind, Some(UnsupportedType::PollCreation));
    assert_eq!(content!("unsupported_no_body", Unsupported), None);
    assert_eq!(content!("unsupported_legacy", LegacyUnsupported), None);
    assert_eq!(content!("request_welcome", RequestWelcome), None);
    let code = message("unsupported_legacy").errors[0].code.clone();
    assert_eq!(code.unwrap().as_str(), "501");
}

#[test]
fn an_edit_holds_the_new_message_and_names_the_old_one() {
    for (name, type_name) in [
        ("edit_text", "text"),
        ("edit_image", "image"),
        ("edit_unknown_type", "hologram"),
    ] {
        let message = message(name);
        assert_eq!(
            message.replies_to().unwrap().as_str(),
            "wamid.WRITTENBYASHA0001"
        );
        let MessageContent::Edit(edit) = message.content else {
            panic!("{name}")
        };
        assert_eq!(edit.message.unwrap().content.type_name(), type_name);
    }
    assert_eq!(
        message("revoke").replies_to().unwrap().as_str(),
        "wamid.WRITTENBYASHA0001"
    );
    assert_eq!(
        content!("voice", Voice).file.as_deref(),
        Some("/srv/media/200000000000001")
    );
    assert!(message("voice").content.media().is_some());
}

#[test]
fn what_stands_around_the_content_is_read() {
    let context = message("text_product_enquiry").context.unwrap();
    let product = context.referred_product.unwrap();
    assert_eq!(product.product_retailer_id.unwrap().as_str(), "cup-blue");
    assert_eq!(
        message("text_context_message_id")
            .replies_to()
            .unwrap()
            .as_str(),
        "wamid.SENTBYTHESHOP0001"
    );
    let referral = message("text_referral").referral.unwrap();
    assert_eq!(referral.source_type, Some(ReferralSource::Ad));
    assert_eq!(referral.ctwa_clid.as_deref(), Some("click-1"));
    let referral = message("image_referral_video").referral.unwrap();
    assert!(referral.video.is_some());
    let identity = message("text_identity").identity.unwrap();
    assert_eq!(identity.acknowledged, Some(false));
    assert_eq!(
        message("text_history").history_context.unwrap().status,
        Some(HistoryStatus::Read)
    );
    assert_eq!(
        message("text_logical_ids").logical_id.unwrap().as_str(),
        "700000000000003"
    );
}
