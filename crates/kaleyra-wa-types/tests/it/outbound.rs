//! Read receipts, groups, options, and reading either form of what is sent.

use kaleyra_wa_types::outbound::{
    Content, DecodedOutbound, MessagingObject, Outbound, Pin, ReadReceipt, Text, decode,
};
use kaleyra_wa_types::{Recipient, Recognition, SendRequest};
use serde_json::{Value, json};

use crate::fixtures::{all, one};

const NO_TEXTS: [&str; 0] = [];

fn asha() -> Recipient {
    Recipient::try_from("+919800000001").unwrap()
}

fn message_of(name: &str) -> Value {
    let request: Value = serde_json::from_slice(&one(&format!("requests/{name}.json"))).unwrap();
    request["messaging_object"].clone()
}

fn violations(outbound: impl Into<Outbound>) -> Vec<String> {
    let found = outbound.into().violations();
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn what_the_builders_make_is_what_the_pages_show() {
    fn check(name: &str, outbound: impl Into<Outbound>) {
        let outbound = outbound.into();
        assert_eq!(
            serde_json::to_value(&outbound).unwrap(),
            message_of(name),
            "{name}"
        );
        assert_eq!(violations(outbound), NO_TEXTS, "{name}");
    }
    let read = || ReadReceipt::new("wamid.WRITTENBYASHA0001");
    check("read_receipt", read());
    check("typing_indicator", read().typing());
    let to_group = |content: Content| MessagingObject::to_group("group-of-cup-lovers-17", content);
    check("group_text", to_group("Tea at five?".into()));
    let pin = Pin::new("wamid.SENTTOGROUP0001").expiration_days(7);
    check("group_pin", to_group(pin.into()));
    check(
        "group_unpin",
        to_group(Pin::unpin("wamid.SENTTOGROUP0001").into()),
    );
    check(
        "text_all_options",
        MessagingObject::new(asha(), "Hello")
            .biz_opaque_callback_data("visit-17")
            .recipient_identity_key_hash("ExampleHash0001")
            .messaging_account_id("400000000000001"),
    );
}

#[test]
fn a_receipt_is_told_from_a_message_whatever_the_order() {
    fn check(json: &str, is_message: bool) {
        let outbound: Outbound = serde_json::from_str(json).unwrap();
        assert_eq!(outbound.message().is_some(), is_message, "{json}");
        let came: Value = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_value(&outbound).unwrap(), came);
    }
    check(r#"{"message_id": "wamid.A", "status": "read"}"#, false);
    check(
        r#"{"shade": "teal", "status": "seen", "messaging_product": "whatsapp"}"#,
        false,
    );
    check(
        r#"{"status": "read", "message_id": null, "typing_indicator": {"type": "text", "tempo": 3}}"#,
        false,
    );
    check(
        r#"{"status": "read", "message_id": "wamid.A", "messaging_product": "whatsapp", "to": "+919800000001", "text": {"body": "a"}}"#,
        true,
    );
    check(
        r#"{"text": {"body": "a"}, "messaging_product": "whatsapp", "status": "read", "recipient": "US.1"}"#,
        true,
    );
    check(
        r#"{"\u0073tatus": "read", "messaging_product": "whatsapp", "type": "poll", "poll": {}, "to": 919800000001}"#,
        true,
    );
}

#[test]
fn a_reply_to_is_for_messages_only() {
    let message = Outbound::from(MessagingObject::new(asha(), "a")).in_reply_to("wamid.A");
    assert!(message.message().unwrap().context.is_some());
    let receipt = Outbound::from(ReadReceipt::new("wamid.A"));
    assert_eq!(receipt.clone().in_reply_to("wamid.B"), receipt);
}

#[test]
fn every_fixture_is_decoded_in_both_forms() {
    for (path, body) in all("requests") {
        let path = path.display();
        let came: Value = serde_json::from_slice(&body).unwrap();
        let envelope = decode(&body).unwrap();
        assert!(matches!(envelope, DecodedOutbound::Envelope(_)), "{path}");
        assert_eq!(serde_json::to_value(&envelope).unwrap(), came, "{path}");

        let inside = &came["messaging_object"];
        let bare = decode(inside.to_string().as_bytes()).unwrap();
        assert!(matches!(bare, DecodedOutbound::Bare(_)), "{path}");
        assert_eq!(serde_json::to_value(&bare).unwrap(), *inside, "{path}");
        assert_eq!(bare.outbound(), envelope.outbound(), "{path}");
        assert_eq!(bare.recognition(), envelope.recognition(), "{path}");
        assert_eq!(bare.error(), None, "{path}");
        assert_eq!(
            envelope.extra_info().is_some(),
            came.get("extra_info").is_some(),
            "{path}"
        );
    }
}

#[test]
fn the_three_outcomes_are_told_apart() {
    fn check(came: Value, outcome: Recognition, type_name: &str) {
        let decoded = decode(came.to_string().as_bytes()).unwrap();
        assert_eq!(
            (decoded.recognition(), decoded.type_name()),
            (outcome, type_name),
            "{came}"
        );
        assert_eq!(serde_json::to_value(&decoded).unwrap(), came);
    }
    let to = "+919800000001";
    let message = |type_name: &str, body: Value| json!({"messaging_product": "whatsapp", "to": to, "type": type_name, type_name: body});
    let receipt =
        || json!({"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.A"});
    check(
        message("text", json!({"body": "a"})),
        Recognition::Typed,
        "text",
    );
    check(receipt(), Recognition::Typed, "read");
    check(
        message("poll", json!({"size": 2})),
        Recognition::Unknown,
        "poll",
    );
    check(
        message("text", json!({"body": [5]})),
        Recognition::Malformed,
        "text",
    );
    check(
        json!({"messaging_object": receipt(), "extra_info": null}),
        Recognition::Typed,
        "read",
    );
    check(
        json!({"extra_info": {"ref": "a"}, "messaging_object": message("poll", json!(1))}),
        Recognition::Unknown,
        "poll",
    );
    check(
        json!({"extra_info": {"ref": {}}, "messaging_object": receipt()}),
        Recognition::Malformed,
        "read",
    );
    check(json!({"extra_info": {}}), Recognition::Unknown, "");
    check(json!({}), Recognition::Unknown, "");
    assert_eq!(Recognition::Malformed.as_str(), "malformed");

    // What comes first in the envelope is not always its own; of two fields with one name the last counts.
    for body in [
        r#"{"context": 1, "status": 2, "messaging_object": {"messaging_product": "whatsapp", "status": "read"}}"#,
        r#"{"messaging_product": "whatsapp", "to": "+919800000001", "text": 5, "text": {"body": "a"}}"#,
    ] {
        is_read_losslessly(serde_json::from_str(body).unwrap());
        assert_eq!(decode(body.as_bytes()).unwrap().error(), None);
    }
}

#[test]
fn what_is_malformed_is_said_with_its_exact_path() {
    fn check(came: Value, error: &str) {
        let decoded = decode(came.to_string().as_bytes()).unwrap();
        assert_eq!(decoded.error().unwrap().to_string(), error, "{came}");
        assert!(decoded.violations().is_empty());
    }
    let template = |components: Value| {
        json!({"messaging_product": "whatsapp", "to": "+919800000001", "type": "template", "template": {
            "name": "cups", "language": {"code": "en"}, "components": components,
        }})
    };
    check(
        template(
            json!([{"type": "body", "parameters": [{"type": "text", "text": {"secret": 1}}]}]),
        ),
        "template.components[0].parameters[0].text: expected a string, found object",
    );
    check(
        json!({"messaging_object": template(json!([{"type": "body"}, {"type": "button", "index": [1]}]))}),
        "messaging_object.template.components[1].index: expected a number, found array",
    );
    check(
        template(json!("secret")),
        "template.components: expected an array, found string",
    );
    check(
        json!({"messaging_product": [5], "to": "+919800000001", "text": {"body": "a"}}),
        "messaging_product: expected a string, found array",
    );
    check(
        json!({"status": "read", "message_id": {}}),
        "message_id: expected a string, found object",
    );
    check(
        json!({"messaging_object": {"status": [["read"]]}}),
        "messaging_object.status: expected a string, found array",
    );
    check(
        json!({"messaging_object": {"status": "read"}, "extra_info": {"ref1": {}}}),
        "extra_info.ref1: expected a string, found object",
    );
    check(
        json!({"messaging_object": "a"}),
        "messaging_object: expected an object (MessagingObject), found string",
    );
}

#[test]
fn what_is_no_object_is_an_error_that_repeats_nothing() {
    for (body, error) in [
        ("[1]", "not a JSON object"),
        ("\"canary\"", "not a JSON object"),
        ("null", "not a JSON object"),
    ] {
        assert_eq!(decode(body.as_bytes()).unwrap_err().to_string(), error);
    }
    for body in ["", "{", "canary", "{} canary", r#"{"to": "canary"#] {
        let error = decode(body.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with("not JSON: "), "{error}");
        assert!(!error.contains("canary"), "{error}");
    }
    let deep = format!("{}{}", r#"{"text":"#.repeat(4000), "}".repeat(4000));
    assert!(decode(deep.as_bytes()).is_err());
}

#[test]
fn every_limit_is_reported() {
    let data = |length: usize| {
        MessagingObject::new(asha(), "a").biz_opaque_callback_data("a".repeat(length))
    };
    assert_eq!(violations(data(512)), NO_TEXTS);
    assert_eq!(
        violations(data(513)),
        ["biz_opaque_callback_data: at most 512 characters, found 513"]
    );
    let receipt: ReadReceipt = serde_json::from_value(json!({"status": "seen"})).unwrap();
    assert_eq!(
        violations(receipt),
        [
            "messaging_product: is missing: it is always `whatsapp`",
            "status: must be `read`",
            "message_id: is missing: it says which message was read",
        ]
    );
    assert_eq!(
        violations(MessagingObject::new(
            asha(),
            Pin::new("wamid.A").expiration_days(30)
        )),
        ["recipient_type: must be `group`: only groups have pins"]
    );
    let pin = |days: Value| {
        let pin = json!({"type": "drop", "message_id": "", "expiration_days": days});
        let pin: Pin = serde_json::from_value(pin).unwrap();
        violations(MessagingObject::to_group("17", pin))
    };
    let two = [
        "pin.type: must be `pin` or `unpin`",
        "pin.message_id: must not be empty",
    ];
    assert_eq!(pin(json!(null)), two);
    assert_eq!(
        pin(json!("31"))[2..],
        ["pin.expiration_days: must be 1 to 30, found 31"]
    );
    assert_eq!(
        pin(json!("a week"))[2..],
        ["pin.expiration_days: must be a whole number"]
    );
    let location = kaleyra_wa_types::UnknownBody::new("location", json!({"latitude": 1}));
    assert_eq!(
        violations(MessagingObject::to_group("", Content::Unknown(location))),
        [
            "to: must not be empty",
            "type: has no place here: groups take texts, media, templates and pins",
        ]
    );
}

#[test]
fn a_request_takes_either() {
    let message = SendRequest::new(MessagingObject::new(asha(), Text::new("a")));
    assert_eq!(message.messaging_object.type_name(), "text");
    let receipt = SendRequest::new(ReadReceipt::new("wamid.A"));
    assert_eq!(receipt.messaging_object.type_name(), "read");
    assert_eq!(receipt.violations(), []);
}

/// Checks that it is read without an error, and written back as it came.
pub(crate) fn is_read_losslessly(came: Value) {
    let decoded = decode(came.to_string().as_bytes()).unwrap();
    assert_eq!(decoded.error(), None, "{came}");
    assert_eq!(serde_json::to_value(&decoded).unwrap(), came);
}
