//! What is sent is read whatever else is in it: new fields, new words, nothing where something could be, and shapes that no
//! page has.

use std::collections::BTreeSet;

use kaleyra_wa_types::contacts::Contact;
use kaleyra_wa_types::outbound::interactive::{Action, Interactive};
use kaleyra_wa_types::outbound::{Content, Image, MessagingObject, decode};
use kaleyra_wa_types::{Rule, SendRequest, TextOrObject};
use serde_json::{Value, json};

use crate::fixtures::{all, one};
use crate::outbound::is_read_losslessly;
use crate::pointers::{members, objects, place, with, without};

/// Fields that a message makes no sense without, behind the field that they are in. Any other may be missing or `null`.
const MANDATORY: &[&str] = &[
    "action/button",
    "action/catalog_id",
    "action/product_retailer_id",
    "amount/offset",
    "amount/value",
    "audio",
    "audio/id",
    "body/text",
    "buttons/quick_reply",
    "buttons/reply",
    "components/type",
    "contacts",
    "context/message_id",
    "discount/offset",
    "discount/value",
    "document",
    "document/id",
    "document/link",
    "footer/text",
    "header/document",
    "header/image",
    "header/type",
    "header/video",
    "image",
    "image/id",
    "image/link",
    "interactive",
    "interactive/action",
    "interactive/type",
    "language/code",
    "location",
    "location/latitude",
    "location/longitude",
    "messaging_object",
    "messaging_product",
    "order_details/reference_id",
    "order_status/reference_id",
    "parameters/action",
    "parameters/coupon_code",
    "parameters/currency",
    "parameters/date_time",
    "parameters/display_text",
    "parameters/document",
    "parameters/image",
    "parameters/limited_time_offer",
    "parameters/location",
    "parameters/order_status",
    "parameters/payload",
    "parameters/product",
    "parameters/reference_id",
    "parameters/tap_target_configuration",
    "parameters/text",
    "parameters/ttl_minutes",
    "parameters/type",
    "parameters/url",
    "parameters/video",
    "payment_settings/boleto",
    "payment_settings/offsite_card_pay",
    "payment_settings/payment_gateway",
    "payment_settings/payment_link",
    "payment_settings/pix_dynamic_code",
    "payment_settings/type",
    "payment_settings/upi_intent_link",
    "pin",
    "pin/message_id",
    "pin/type",
    "product_items/product_retailer_id",
    "quick_reply/id",
    "quick_reply/title",
    "reaction",
    "reaction/emoji",
    "reaction/message_id",
    "reply/id",
    "reply/title",
    "rows/id",
    "rows/title",
    "sale_amount/offset",
    "sale_amount/value",
    "shipping/offset",
    "shipping/value",
    "status",
    "sticker",
    "sticker/id",
    "subtotal/offset",
    "subtotal/value",
    "tax/offset",
    "tax/value",
    "template",
    "template/language",
    "template/name",
    "text",
    "text/body",
    "to",
    "total_amount/offset",
    "total_amount/value",
    "type",
    "video",
    "video/id",
    "video/link",
];

/// The field and the one that it is in: an amount keeps to the same law wherever it stands.
fn last_two(place: &str) -> String {
    let above = place.rmatch_indices('/').nth(1).map(|(at, _)| at + 1);
    place[above.unwrap_or_default()..].to_owned()
}

/// Every fixture, parsed.
fn fixtures() -> impl Iterator<Item = Value> {
    let files = all("requests").into_iter();
    files.map(|(_, body)| serde_json::from_slice(&body).unwrap())
}

#[test]
fn a_new_member_anywhere_changes_nothing() {
    for fixture in fixtures() {
        for at in objects(&fixture) {
            let mut changed = fixture.clone();
            changed.pointer_mut(&at).unwrap()["from_the_future"] = json!({"type": 1});
            is_read_losslessly(changed);
        }
    }
}

#[test]
fn a_new_word_anywhere_is_data() {
    let words = [
        "type",
        "sub_type",
        "policy",
        "status",
        "recipient_type",
        "category",
        "product_policy",
    ];
    for fixture in fixtures() {
        for at in members(&fixture) {
            let is_word = words.contains(&at.rsplit('/').next().unwrap());
            if is_word && fixture.pointer(&at).is_some_and(Value::is_string) {
                is_read_losslessly(with(&fixture, &at, "Something New"));
            }
        }
    }
}

#[test]
fn what_must_be_there_is_a_violation_where_it_is_missing() {
    let mut required = BTreeSet::new();
    for fixture in fixtures() {
        for at in members(&fixture) {
            for changed in [without(&fixture, &at), with(&fixture, &at, Value::Null)] {
                let decoded = decode(changed.to_string().as_bytes()).unwrap();
                assert_eq!(serde_json::to_value(&decoded).unwrap(), changed, "{at}");
                assert_eq!(decoded.error(), None, "{at}");
                let rule = Rule::Required("it must be there");
                if decoded.violations().iter().any(|found| found.rule == rule) {
                    required.insert(last_two(&place(&at, "/messaging_object/")));
                }
            }
        }
    }
    assert_eq!(Vec::from_iter(required), MANDATORY);
}

#[test]
fn a_header_may_be_a_bare_text() {
    let interactive = interactive("interactive_button_bare_header");
    assert_eq!(
        interactive.header,
        Some(TextOrObject::Text("Your table".to_owned()))
    );
    assert!(
        matches!(interactive.action, Action::Button(_)),
        "BUTTON is button"
    );
}

#[test]
fn parameters_and_data_may_be_json_in_a_text() {
    let Action::AddressMessage(address) = interactive("interactive_address_text").action else {
        panic!("no address message")
    };
    let parameters = address.parameters.unwrap();
    assert_eq!(parameters.object(), None);
    assert_eq!(parameters.parsed().unwrap().country.as_deref(), Some("IN"));

    let Action::Flow(flow) = interactive("interactive_flow_data_text").action else {
        panic!("no flow")
    };
    let parameters = flow.parameters.unwrap();
    assert_eq!(parameters.flow_id.unwrap().as_str(), "100000000000002");
    let data = parameters.flow_action_payload.unwrap().data.unwrap();
    assert_eq!(
        data.text().map(String::as_str),
        Some("{\"day\":\"Monday\"}")
    );
    assert_eq!(data.parsed().unwrap()["day"], "Monday");
}

#[test]
fn an_unknown_kind_keeps_its_action() {
    let Action::Unknown(unknown) = interactive("interactive_unknown").action else {
        panic!("known?")
    };
    assert_eq!(unknown.type_name(), "hologram");
    assert_eq!(
        unknown.body(),
        Some(&json!({"depth": 3, "layers": [1, 2.5]}).into())
    );
}

#[test]
fn members_of_other_kinds_that_are_null_say_nothing() {
    let list = interactive("interactive_zero_values");
    assert!(matches!(list.action, Action::List(_)));
    assert_eq!(list.footer, None);
    let header = list.header.as_ref().unwrap().object().unwrap();
    assert_eq!(header.text(), Some("Visits"));
    assert!(header.unknown.is_empty(), "nothing in it is unknown");
}

#[test]
fn a_list_of_one_may_be_that_one() {
    let request: SendRequest =
        serde_json::from_slice(&one("requests/contacts_shared.json")).unwrap();
    let Content::Contacts(contacts) = &request.messaging_object.message().unwrap().content else {
        panic!("no contacts")
    };
    let shared = &contacts[0];
    assert_eq!(shared.name, None);
    assert_eq!(shared.phones.len(), 1);
    assert_eq!(
        shared.phones[0].wa_id.as_ref().unwrap().as_str(),
        "919800000002"
    );
    assert_eq!(shared.origin.as_ref().unwrap().as_str(), "contact_request");
    let shown = format!("{shared:?}");
    assert!(
        !shown.contains("98000") && !shown.contains("VCARD"),
        "{shown}"
    );

    for came in [
        json!({"phones": null}),
        json!({"phones": ""}),
        json!({"phones": []}),
        json!({}),
        json!({"phones": {}}),
        json!({"phones": [{}, {"phone": 7}]}),
    ] {
        let contact: Contact = serde_json::from_value(came.clone()).unwrap();
        assert_eq!(serde_json::to_value(&contact).unwrap(), came);
    }
    for broken in [
        json!({"phones": [null]}),
        json!({"phones": 7}),
        json!({"phones": "7"}),
    ] {
        assert!(serde_json::from_value::<Contact>(broken).is_err());
    }
    let alone = json!({"phones": {"phone": "1"}});
    let mut contact: Contact = serde_json::from_value(alone).unwrap();
    let second = contact.phones[0].clone();
    contact.phones.push(second);
    assert_eq!(
        serde_json::to_value(&contact).unwrap(),
        json!({"phones": [{"phone": "1"}, {"phone": "1"}]})
    );
}

#[test]
fn alternatives_that_say_nothing_come_back() {
    for source in [
        json!({"id": null, "link": "https://example.com/a.png"}),
        json!({"id": "", "link": "https://example.com/a.png"}),
        json!({"id": "2", "link": ""}),
        json!({"id": "", "link": null}),
    ] {
        let image: Image = serde_json::from_value(source.clone()).unwrap();
        assert_eq!(serde_json::to_value(&image).unwrap(), source);
    }
    for recipient in [
        json!({"to": "+919800000001", "recipient": null}),
        json!({"to": "", "recipient": "US.1"}),
        json!({"to": "", "recipient": ""}),
    ] {
        let mut came =
            json!({"messaging_product": "whatsapp", "type": "text", "text": {"body": "a"}});
        for (name, value) in recipient.as_object().unwrap() {
            came[name] = value.clone();
        }
        let message: MessagingObject = serde_json::from_value(came.clone()).unwrap();
        assert_eq!(serde_json::to_value(&message).unwrap(), came);
    }
}

fn interactive(fixture: &str) -> Interactive {
    let request: SendRequest =
        serde_json::from_slice(&one(&format!("requests/{fixture}.json"))).unwrap();
    match request.messaging_object.message().unwrap().content.clone() {
        Content::Interactive(interactive) => *interactive,
        other => panic!("{fixture} is {}", other.type_name()),
    }
}
