//! What Meta refuses, a while after Kaleyra took it: each of these passed once.

use kaleyra_wa_types::outbound::interactive::FlowMessage;
use kaleyra_wa_types::outbound::template::{Button, Card, Template};
use kaleyra_wa_types::outbound::{Image, MessagingObject, Video};
use kaleyra_wa_types::{Recipient, UserId};
use serde_json::{Value, json};

use super::{violations, wire_violations};

/// What a template with these components breaks.
fn of_components(components: Value) -> Vec<String> {
    of_template(json!({"name": "cups", "language": {"code": "en"}, "components": components}))
}

fn of_template(template: Value) -> Vec<String> {
    let message = json!({"messaging_product": "whatsapp", "to": "+919800000001", "type": "template", "template": template});
    let found = wire_violations(&message).into_iter();
    found
        .map(|text| {
            text.replace("template.components", "…")
                .replace("template.", "")
        })
        .collect()
}

fn body(parameters: Value) -> Value {
    json!({"type": "body", "parameters": parameters})
}

fn text(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

#[test]
fn values_of_placeholders() {
    for value in ["Asha\nRao", "Asha\r\nRao", "Asha\tRao", "Asha     Rao"] {
        assert_eq!(
            of_components(json!([body(json!([text(value)]))])),
            [
                "…[0].parameters[0].text: must be one line without tabs, and without more than four blanks in a row (132018)"
            ],
            "{value:?}"
        );
    }
    assert_eq!(
        of_components(json!([body(json!([text("  ")]))])),
        ["…[0].parameters[0].text: must be more than blanks"]
    );
    let named = |name: &str| json!({"type": "text", "text": "A", "parameter_name": name});
    assert_eq!(
        of_components(json!([body(json!([named("first"), named("first")]))])),
        ["…[0].parameters[1].parameter_name: is there already"]
    );
    for name in ["First Name", "first-name", "{{1}}", "FIRST", "größe"] {
        assert_eq!(
            of_components(json!([body(json!([named(name)]))])),
            [
                "…[0].parameters[0].parameter_name: must be lower case letters, digits and underscores"
            ]
        );
    }
    // The same name in the header and in the body are two placeholders.
    let header = json!({"type": "header", "parameters": [named("first")]});
    assert!(of_components(json!([header, body(json!([named("first")]))])).is_empty());
}

#[test]
fn languages() {
    for code in [
        "en-US", "EN", "en_us", "en_USA", "english", "e", " en", "en ",
    ] {
        assert_eq!(
            of_template(json!({"name": "cups", "language": {"code": code}})),
            ["language.code: must be a language, or language and region, as `en` or `en_US`"]
        );
    }
    for code in ["en", "en_US", "fil", "prs_AF", "zh_HK", "es_419"] {
        assert!(of_template(json!({"name": "cups", "language": {"code": code}})).is_empty());
    }
}

#[test]
fn parameters_and_parts_of_templates() {
    let button = |sub_type: &str, parameters: Value| json!([{"type": "button", "sub_type": sub_type, "index": 0, "parameters": parameters}]);
    let coupon = json!({"type": "coupon_code", "coupon_code": "SAVE10"});
    for (components, found) in [
        (button("url", json!([])), "exactly 1, found 0"),
        (
            button("URL", json!([text("a"), text("b")])),
            "exactly 1, found 2",
        ),
        (button("copy_code", json!([])), "exactly 1, found 0"),
        (
            button("copy_code", json!([coupon, coupon])),
            "exactly 1, found 2",
        ),
        (button("mpm", json!([])), "exactly 1, found 0"),
        (button("order_details", json!([])), "exactly 1, found 0"),
        (
            button(
                "quick_reply",
                json!([{"type": "payload", "payload": "a"}, {"type": "payload", "payload": "b"}]),
            ),
            "at most 1, found 2",
        ),
        (
            json!([{"type": "limited_time_offer"}]),
            "exactly 1, found 0",
        ),
    ] {
        assert_eq!(
            of_components(components),
            [format!("…[0].parameters: {found}")]
        );
    }
    let one = body(json!([text("A")]));
    assert_eq!(
        of_components(json!([one, one])),
        ["…[1].type: is there already"]
    );
    let header = json!({"type": "header", "parameters": [text("A")]});
    assert_eq!(
        of_components(json!([header, one, {"type": "HEADER", "parameters": [text("A")]}])),
        ["…[2].type: is there already"]
    );
}

#[test]
fn cards_of_templates() {
    let check = |first: Card, second: Card, expected: &[&str]| {
        let found: Vec<String> = violations(Template::new("cups", "en").carousel([first, second]))
            .iter()
            .map(|text| text.replace("messaging_object.template.components[0].", ""))
            .collect();
        assert_eq!(found, expected);
    };
    let image = || Card::new().header(Image::id("2000001"));
    let video = || Card::new().header(Video::id("2000002"));
    let kind = "cards[1].components: must be with the kind of header that the first card has";
    check(image(), video(), &[kind]);
    check(image(), Card::new(), &[kind]);
    let buttons = "cards[1].components: must be with the buttons that the first card has";
    let url = |index| Button::url(index, "a");
    let reply = |index| Button::quick_reply(index, "a");
    check(image().button(url(0)), image().button(url(0)), &[]);
    check(image().button(url(0)), image().button(reply(0)), &[buttons]);
    check(image().button(url(0)), image(), &[buttons]);
    check(image().button(url(0)), image().button(url(1)), &[buttons]);
    check(
        image().button(reply(0)).button(url(1)),
        image().button(url(0)).button(reply(1)),
        &[buttons],
    );
    check(
        image().body(["a".repeat(161)]),
        image().body(["a".repeat(80), "a".repeat(81)]),
        &[
            "cards[0].components[1].parameters: at most 160 characters, found 161",
            "cards[1].components[1].parameters: at most 160 characters, found 161",
        ],
    );
    let card = || json!({"card_index": 0, "components": []});
    assert_eq!(
        of_components(json!([{"type": "carousel", "cards": [card(), card()]}])),
        ["…[0].cards[1].card_index: is there already"]
    );
}

#[test]
fn whom_a_message_goes_to() {
    let message = |member: &str, value: &str| {
        let mut message = json!({"messaging_product": "whatsapp", "recipient_type": "individual", "to": "+919800000001",
            "type": "text", "text": {"body": "Hello"}});
        if member == "recipient" {
            message.as_object_mut().unwrap().remove("to");
        }
        message[member] = value.into();
        wire_violations(&message)
    };
    assert_eq!(
        message("recipient_type", "person"),
        ["recipient_type: must be `individual` or `group`"]
    );
    assert_eq!(
        message("messaging_product", "sms"),
        ["messaging_product: must be `whatsapp`"]
    );
    for number in ["+919800000001", "919800000001", "asha", "IN.", "IN.13 49"] {
        assert_eq!(
            message("recipient", number),
            [
                "recipient: must be a business-scoped user id, as IN.13491208655302741918: a phone number goes into `to`"
            ]
        );
    }
    assert!(message("recipient", "US.ENT.11815799212886844830").is_empty());
    assert_eq!(
        message("to", "+44 (0)7700 900123"),
        [
            "to: not a phone number: the digits in parentheses may be dialled only inside the country, as the 0 in \
             +44 (0)7700: leave them out, or write them without parentheses"
        ]
    );
    let receipt = json!({"messaging_product": "sms", "status": "read", "message_id": "wamid.A"});
    assert_eq!(
        wire_violations(&receipt),
        ["messaging_product: must be `whatsapp`"]
    );
}

#[test]
fn codes_go_to_phone_numbers() {
    let refused = [
        "recipient: has no place here: authentication templates go to phone numbers only (131062)",
    ];
    let user = || UserId::from("IN.13491208655302741918");
    let found = |recipient: Recipient, template: Template| {
        let found = MessagingObject::new(recipient, template).violations();
        found.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let made = || Template::authentication("welcome", "en", "123456");
    assert_eq!(found(user().into(), made()), refused);
    assert!(found("+919800000001".try_into().unwrap(), made()).is_empty());
    // From the wire, by the shape and the name.
    let code = |name: &str, button: Value| {
        wire_violations(
            &json!({"messaging_product": "whatsapp", "recipient": "IN.13491208655302741918", "type": "template",
            "template": {"name": name, "language": {"code": "en"}, "components": [body(json!([text("123456")])), button]}}),
        )
    };
    let url =
        json!({"type": "button", "sub_type": "url", "index": "0", "parameters": [text("123456")]});
    let copy = json!({"type": "button", "sub_type": "copy_code", "index": 0,
        "parameters": [{"type": "coupon_code", "coupon_code": "123456"}]});
    for name in ["otp", "shop_otp_en", "login_code", "verification_code_1"] {
        assert_eq!(code(name, url.clone()), refused, "{name}");
        assert_eq!(code(name, copy.clone()), refused, "{name}");
    }
    assert!(code("order_ready", url).is_empty());
    assert!(code("spring_code", copy).is_empty());
}

#[test]
fn flows() {
    let flow = || FlowMessage::by_id("Hello", "1700", "Book").data_exchange();
    assert!(violations(flow()).is_empty());
    assert_eq!(
        violations(flow().data("day", "Monday")),
        [
            "messaging_object.interactive.action.parameters.flow_action_payload: has no place here: \
             with `data_exchange` the business's server says which screen comes first"
        ]
    );
    super::check(
        "interactive_flow",
        "/action/parameters/flow_action",
        "open",
        &["action.parameters.flow_action: must be `navigate` or `data_exchange`"],
    );
}

#[test]
fn several_sections_have_titles() {
    let sections = json!([{"product_items": [{"product_retailer_id": "CUP-1"}]},
        {"title": "Green", "product_items": [{"product_retailer_id": "CUP-2"}]}]);
    let missing = "sections[0].title: is missing: each of several sections has a title";
    let list = json!({"messaging_product": "whatsapp", "to": "+919800000001", "type": "interactive",
        "interactive": {"type": "product_list", "header": {"type": "text", "text": "Cups"}, "body": {"text": "Hello"},
            "action": {"catalog_id": "1", "sections": sections}}});
    assert_eq!(
        wire_violations(&list),
        [format!("interactive.action.{missing}")]
    );
    assert_eq!(
        of_components(
            json!([{"type": "button", "sub_type": "mpm", "index": 0, "parameters": [
            {"type": "action", "action": {"thumbnail_product_retailer_id": "CUP-1", "sections": sections}}]}])
        ),
        [format!("…[0].parameters[0].action.{missing}")]
    );
}
