//! The limits of templates, all reported at once.

use kaleyra_wa_types::outbound::interactive::ProductSection;
use kaleyra_wa_types::outbound::order::{
    Amount, Currency as OrderCurrency, Order, OrderDetails, OrderItem, OrderType,
};
use kaleyra_wa_types::outbound::template::{
    Button, Component, ComponentType, Currency, Parameter, Product,
};
use kaleyra_wa_types::outbound::{Image, Location, MessagingObject, Template};
use kaleyra_wa_types::{Recipient, SendRequest};
use serde_json::{Value, json};

const NO_TEXTS: [&str; 0] = [];

/// What a message with this template breaks, with paths from the template on.
pub(crate) fn violations(template: Template) -> Vec<String> {
    let asha = Recipient::try_from("+919800000001").unwrap();
    let request = SendRequest::new(MessagingObject::new(asha, template));
    let found = request.violations();
    found
        .iter()
        .map(ToString::to_string)
        .map(|text| text.replace("messaging_object.template.", ""))
        .collect()
}

#[test]
fn every_limit_of_a_template_is_reported() {
    fn check(template: Template, expected: &[&str]) {
        assert_eq!(violations(template), expected);
    }
    let new = || Template::new("cups", "en");

    check(Template::new("a".repeat(512), "en"), &[]);
    check(
        Template::new("A".repeat(513), ""),
        &[
            "name: at most 512 characters, found 513",
            "name: must be lower case letters, digits and underscores",
            "language.code: must not be empty",
        ],
    );
    check(Template::new("", "en"), &["name: must not be empty"]);
    check(new().body(["\u{928}".repeat(32_768)]), &[]);
    check(
        new().body(["a".repeat(32_769), String::new()]),
        &[
            "components[0].parameters[0].text: at most 32768 characters, found 32769",
            "components[0].parameters[1].text: must not be empty",
        ],
    );
    check(
        new()
            .header(Image::link("ftp://example.com"))
            .body([Parameter::from(Image::id("1")), "a".into()]),
        &[
            "components[0].parameters[0].image.link: must begin with http:// or https://",
            "components[1].parameters[0].type: has no place here: a body takes texts, currencies and dates",
        ],
    );
    check(
        new().component(Component::new(ComponentType::Header).parameters(["a", "b"])),
        &["components[0].parameters: at most 1, found 2"],
    );
    check(
        new().header(Location::new(91.0, f64::NAN)),
        &[
            "components[0].parameters[0].location.latitude: must be -90 to 90, found 91",
            "components[0].parameters[0].location.longitude: must be a number of degrees",
        ],
    );
    check(
        new()
            .header(Product::new("", "cup"))
            .body([Currency::new("", "INR", 1)]),
        &[
            "components[0].parameters[0].product.catalog_id: is missing: it is mandatory here",
            "components[1].parameters[0].currency.fallback_value: is missing: it is mandatory here",
        ],
    );
}

#[test]
fn every_limit_of_a_button_is_reported() {
    fn check(button: impl Into<Button>, expected: &[&str]) {
        let found = violations(Template::new("cups", "en").button(button));
        let found: Vec<&str> = found
            .iter()
            .map(|text| text.strip_prefix("components[0].").unwrap())
            .collect();
        assert_eq!(found, expected);
    }
    check(Button::url(9, "a"), &[]);
    check(Button::url(10, "a"), &["index: must be 0 to 9, found 10"]);
    check(Button::quick_reply(0, "a".repeat(10_000)), &[]);
    check(Button::copy_code(0, "a".repeat(20)), &[]);
    check(
        Button::copy_code(0, "a".repeat(21)),
        &["parameters[0].coupon_code: at most 20 characters, found 21"],
    );
    check(
        Button::voice_call(0).ttl_minutes(43_201),
        &["parameters[0].ttl_minutes: must be 1 to 43200, found 43201"],
    );
    let section = |title: usize, products: usize| {
        let section = ProductSection::new("a".repeat(title));
        (0..products).fold(section, |section, id| section.product(format!("cup-{id}")))
    };
    check(Button::mpm(0, "a", [section(24, 30)]), &[]);
    check(
        Button::mpm(0, "a", [section(25, 31)]),
        &[
            "parameters[0].action.sections[*].product_items: at most 30, found 31",
            "parameters[0].action.sections[0].title: at most 24 characters, found 25",
        ],
    );
    let eleven = (0..11).map(|_| ProductSection::new("a").product(""));
    let mut expected = vec!["parameters[0].action.sections: 1 to 10, found 11".to_owned()];
    expected.extend((0..11).map(|at| {
        format!("parameters[0].action.sections[{at}].product_items[0].product_retailer_id: must not be empty")
    }));
    let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    check(Button::mpm(0, "a", eleven), &expected);
    let order =
        Order::new([OrderItem::new("Cup", Amount::hundredths(100), 1)]).tax(Amount::hundredths(0));
    let order = OrderDetails::new(
        "order/17",
        OrderType::PhysicalGoods,
        OrderCurrency::Inr,
        order,
    );
    check(
        Button::order_details(0, order),
        &[
            "parameters[0].action.order_details.reference_id: must be letters, digits, `_`, `.`, `-`",
            "parameters[0].action.order_details.payment_settings: is missing: an order that can be paid has one",
        ],
    );
}

#[test]
fn each_button_takes_its_own_parameter() {
    let takes = [
        ("url", "a url button takes a text"),
        ("quick_reply", "a quick reply takes a payload"),
        ("copy_code", "a copy-code button takes a coupon_code"),
        (
            "VOICE_CALL",
            "a call button takes ttl_minutes and a payload",
        ),
        ("flow", "this button takes an action"),
        ("catalog", "this button takes an action"),
        ("mpm", "this button takes an action"),
        ("order_details", "this button takes an action"),
        ("payment_request", "this button takes an action"),
        ("phone_number", "this button takes no parameter"),
        ("request_contact_info", "this button takes no parameter"),
        ("spm", "this button takes no parameter"),
    ];
    for (sub_type, why) in takes {
        let template = json!({"name": "cups", "language": {"code": "en"}, "components": [
            {"type": "button", "sub_type": sub_type, "index": 0, "parameters": [{"type": "product", "product": {
                "product_retailer_id": "cup", "catalog_id": "3",
            }}]},
        ]});
        assert_eq!(
            violations(serde_json::from_value(template).unwrap()),
            [format!(
                "components[0].parameters[0].type: has no place here: {why}"
            )],
            "{sub_type}"
        );
    }
}

#[test]
fn parts_that_are_missing_or_misplaced_are_reported() {
    fn check(components: Value, expected: &[&str]) {
        let template =
            json!({"name": "cups", "language": {"code": "en"}, "components": components});
        assert_eq!(
            violations(serde_json::from_value(template).unwrap()),
            expected
        );
    }
    check(
        json!([{"type": "button"}, {"type": "button", "sub_type": "url", "index": "first"}]),
        &[
            "components[0].sub_type: is missing: it says which kind of button is meant",
            "components[0].index: is missing: it says which button is meant",
            "components[1].index: must be a whole number",
            "components[1].parameters: exactly 1, found 0",
        ],
    );
    check(
        json!([{"type": "carousel", "cards": [{"components": [{"type": "carousel", "cards": [{}, {}]}]}]}]),
        &[
            "components[0].cards: 2 to 10, found 1",
            "components[0].cards[0].card_index: is missing: it says which card is meant",
            "components[0].cards[0].components[0].type: has no place here: a card has a header, a body and buttons",
            "components[0].cards[0].components[0].cards[0].card_index: is missing: it says which card is meant",
            "components[0].cards[0].components[0].cards[1].card_index: is missing: it says which card is meant",
        ],
    );
    let offer = |end: Value| {
        json!([{"type": "limited_time_offer", "parameters": [
            {"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": end}},
        ]}])
    };
    check(offer(json!("1777777777000")), &[]);
    for end in [json!(0), json!(-1), json!("soon"), json!(null)] {
        check(
            offer(end),
            &[
                "components[0].parameters[0].limited_time_offer.expiration_time_ms: \
               must be a positive whole number of milliseconds",
            ],
        );
    }
    check(
        json!([
            {"type": "order_status", "parameters": [{"type": "order_status", "order_status": {
                "reference_id": "order/17", "order": {"description": "a".repeat(121)},
            }}]},
            {"type": "tap_target_configuration", "parameters": [
                {"type": "tap_target_configuration", "tap_target_configuration": [{"url": "cups", "title": ""}]},
            ]},
        ]),
        &[
            "components[0].parameters[0].order_status.reference_id: must be letters, digits, `_`, `.`, `-`",
            "components[0].parameters[0].order_status.order.status: is missing: an update says the status",
            "components[0].parameters[0].order_status.order.description: at most 120 characters, found 121",
            "components[1].parameters[0].tap_target_configuration[0].url: must begin with http:// or https://",
            "components[1].parameters[0].tap_target_configuration[0].title: is missing: it is mandatory here",
        ],
    );
    let link = |index: Value| {
        json!({"type": "button", "sub_type": "url", "index": index,
        "parameters": [{"type": "text", "text": "a"}]})
    };
    check(
        json!([
            link(json!(0)),
            link(json!("1")),
            link(json!("0")),
            link(json!(1))
        ]),
        &[
            "components[2].index: is there already",
            "components[3].index: is there already",
        ],
    );
}

#[test]
fn named_and_positional_never_mix() {
    let mixed = Template::new("cups", "en")
        .header(Parameter::from("17").named("order"))
        .body(["Asha", "25%"])
        .button(Button::url(0, "orders/17"));
    assert_eq!(
        violations(mixed),
        [0, 1].map(|at| format!(
            "components[1].parameters[{at}].parameter_name: is missing: named and positional parameters never mix"
        ))
    );
    // A picture in the header has no placeholder that could be named.
    let picture = Template::new("cups", "en")
        .header(Image::id("1"))
        .body_named([("name", "Asha")]);
    assert_eq!(violations(picture), NO_TEXTS);
}

#[test]
fn a_one_time_code_is_short() {
    let code = |code: &str| violations(Template::authentication("otp_en", "en", code));
    assert_eq!(code(&"7".repeat(15)), NO_TEXTS);
    assert_eq!(
        code(&"7".repeat(16)),
        ["components[0].parameters[0].text: at most 15 characters, found 16"]
    );
    // What was not made as an authentication template is not taken for one, whatever its shape.
    let number = "ORDER-2024-0000000017";
    for name in ["cups", "otp_en"] {
        let order = Template::new(name, "en")
            .body([number])
            .button(Button::url(0, number));
        assert_eq!(violations(order), NO_TEXTS);
    }
}
