//! Templates: what the builders make, what is read, and the limits.

use kaleyra_wa_types::outbound::interactive::ProductSection;
use kaleyra_wa_types::outbound::order::{
    Amount, Currency as OrderCurrency, Order, OrderDetails, OrderItem, OrderStatus, OrderType,
    OrderUpdate, PaymentGateway,
};
use kaleyra_wa_types::outbound::template::{
    Button, ButtonType, Card, Component, ComponentType, Currency, DateTime, Language, Parameter,
    ParameterValue, Product,
};
use kaleyra_wa_types::outbound::{
    Content, Document, Image, Location, MessagingObject, Template, Video,
};
use kaleyra_wa_types::{Recipient, SendRequest, Violation};
use serde_json::{Value, json};

use crate::fixtures::one;
use crate::template_limits::violations;

const NO_TEXTS: [&str; 0] = [];

fn asha() -> Recipient {
    Recipient::try_from("+919800000001").unwrap()
}

fn fixture(name: &str) -> Value {
    let request: Value =
        serde_json::from_slice(&one(&format!("requests/template_{name}.json"))).unwrap();
    request["messaging_object"]["template"].clone()
}

#[test]
fn what_the_builders_make_is_what_the_pages_show() {
    fn check(name: &str, template: Template) {
        assert_eq!(
            serde_json::to_value(&template).unwrap(),
            fixture(name),
            "{name}"
        );
        assert_eq!(violations(template), NO_TEXTS, "{name}");
    }
    check("plain", Template::new("shop_reopens", "en"));
    check(
        "authentication",
        Template::authentication("login_code_en", "en", "482913"),
    );
    let bill = Document::link("https://example.com/bill.pdf").filename("bill.pdf");
    check(
        "positional",
        Template::new("order_shipped", Language::new("en_US").deterministic())
            .header(bill)
            .body([
                Parameter::from("Asha"),
                Currency::new("₹ 1,250.00", "INR", 1_250_000).into(),
                DateTime::new("3 May, 17:00").into(),
            ])
            .button(Button::url(0, "orders/17"))
            .button(Button::quick_reply(1, "stop-updates")),
    );
    check(
        "named",
        Template::new("welcome_back", "en")
            .header(Parameter::from("17").named("order"))
            .body_named([("first_name", "Asha"), ("discount", "25%")])
            .button(Button::url(0, "orders/17")),
    );
    let place = Location::new(12.5, 77.25)
        .name("Cup shop")
        .address("1 Example Road");
    check(
        "location",
        Template::new("pick_up_here", "en")
            .header(place)
            .body(["Asha"]),
    );
    check(
        "video",
        Template::new("how_to_pour", "en").header(Video::id("200000000000006")),
    );
    check(
        "copy_code",
        Template::new("spring_sale", "en")
            .body(["25%"])
            .button(Button::copy_code(1, "SPRING25")),
    );
    let flow = Button::flow(0).token("visit-17").data(json!({"party": 4}));
    check("flow", Template::new("book_a_table", "en").button(flow));
    check(
        "flow_default",
        Template::new("book_a_table", "en").button(Button::flow(0)),
    );
    check(
        "catalog",
        Template::new("all_cups", "en").button(Button::catalog(0).thumbnail("cup-blue")),
    );
    let sections = [
        ProductSection::new("For tea")
            .product("cup-blue")
            .product("cup-green"),
        ProductSection::new("For coffee").product("mug-red"),
    ];
    check(
        "mpm",
        Template::new("best_cups", "en").button(Button::mpm(0, "cup-blue", sections)),
    );
    let order = Order::new([OrderItem::new("Blue cup", Amount::hundredths(62_500), 2)])
        .tax(Amount::hundredths(2_500));
    let order = OrderDetails::new(
        "order-17",
        OrderType::PhysicalGoods,
        OrderCurrency::Inr,
        order,
    )
    .payment_setting(PaymentGateway::new("razorpay", "shop"));
    check(
        "order_details",
        Template::new("pay_your_order", "en")
            .body(["Asha"])
            .button(Button::order_details(0, order)),
    );
    let call = Button::voice_call(0).ttl_minutes(120).payload("order-17");
    check(
        "voice_call",
        Template::new("call_the_shop", "en").button(call),
    );
    check(
        "limited_time_offer",
        Template::new("until_sunday", "en")
            .header(Image::link("https://example.com/cup.png"))
            .body(["Asha"])
            .limited_time_offer(1_777_777_777_000)
            .button(Button::copy_code(0, "SUNDAY")),
    );
    let update = OrderUpdate::new("order-17", OrderStatus::PartiallyShipped)
        .description("One cup follows on Monday.");
    check(
        "order_status",
        Template::new("order_news", "en")
            .body(["17"])
            .order_status(update),
    );
    check(
        "tap_target",
        Template::new("spring_news", "en")
            .body(["Asha"])
            .tap_target_configuration("https://example.com/spring", "Spring cups"),
    );
    check(
        "call_permission",
        Template::new("may_we_call", "en")
            .body(["Asha"])
            .call_permission_request(),
    );
}

#[test]
fn a_carousel_numbers_its_cards() {
    let card = |photo: &str, shade: &str, page: &str| {
        Card::new()
            .header(Image::id(photo))
            .body([shade])
            .button(Button::url(0, format!("cups/{page}")))
            .button(Button::quick_reply(1, format!("more-{page}")))
    };
    let template = Template::new("two_cups", "en").body(["Asha"]).carousel([
        card("200000000000001", "Blue", "blue"),
        card("200000000000002", "Green", "green"),
    ]);
    assert_eq!(
        serde_json::to_value(&template).unwrap(),
        fixture("carousel_media")
    );
    assert_eq!(violations(template), NO_TEXTS);

    let product = |id: &str| Card::new().header(Product::new("300000000000001", id));
    let mut second = product("cup-green");
    second.card_index = Some(1.into());
    let template = Template::new("two_products", "en").carousel([product("cup-blue"), second]);
    let indexes = template.components[0].cards.iter();
    let indexes: Vec<Option<i64>> = indexes
        .map(|card| card.card_index.as_ref().and_then(|index| index.as_i64()))
        .collect();
    assert_eq!(indexes, [Some(0), Some(1)]);
}

#[test]
fn the_case_of_types_varies_and_is_kept() {
    let came = fixture("capitals");
    let template: Template = serde_json::from_value(came.clone()).unwrap();
    let [body, code, catalog] = template.components.as_slice() else {
        panic!("three components")
    };
    assert_eq!(body.kind, ComponentType::Body);
    assert!(matches!(&body.parameters[0].value, ParameterValue::Text(text) if text == "25%"));
    assert_eq!(code.kind, ComponentType::Button);
    assert_eq!(code.sub_type.as_ref(), Some(&ButtonType::CopyCode));
    assert_eq!(
        code.index.as_ref().and_then(|index| index.as_i64()),
        Some(1)
    );
    assert_eq!(catalog.sub_type, Some(ButtonType::Catalog));
    assert_eq!(serde_json::to_value(&template).unwrap(), came);
    assert_eq!(violations(template), NO_TEXTS);

    for blank in [json!(null), json!("")] {
        let came = json!({"type": "body", "sub_type": blank});
        let component: Component = serde_json::from_value(came.clone()).unwrap();
        assert_eq!(component.sub_type, None);
        assert_eq!(serde_json::to_value(&component).unwrap(), came);
    }
    let misread = serde_json::from_value::<ButtonType>(json!(null));
    assert!(misread.is_err());
}

#[test]
fn parts_from_the_future_are_kept_and_not_judged() {
    let came = fixture("unknown_parts");
    let template: Template = serde_json::from_value(came.clone()).unwrap();
    let parameter = &template.components[0].parameters[0];
    assert_eq!(parameter.value.type_name(), "scent");
    assert_eq!(
        template.components[1].unknown.get("shade"),
        Some(&json!("teal").into())
    );
    assert_eq!(serde_json::to_value(&template).unwrap(), came);
    assert_eq!(violations(template), NO_TEXTS);
}

#[test]
fn members_that_say_nothing_are_kept() {
    let templates = [
        json!({"name": "a", "language": {"code": "en", "policy": null}, "components": null, "namespace": ""}),
        json!({"name": "a", "language": {"code": "en"}, "components": []}),
        json!({"name": "a", "language": {"code": "en"}, "components": [
            {"type": "header", "parameters": null, "cards": [], "index": null},
            {"type": "button", "sub_type": "flow", "index": "0", "parameters": [
                {"type": "action", "parameter_name": "", "action": {"flow_token": null, "flow_action_data": null}},
                {"type": "tap_target_configuration", "tap_target_configuration": []},
            ]},
        ]}),
    ];
    for came in templates {
        let template: Template = serde_json::from_value(came.clone()).unwrap();
        assert_eq!(serde_json::to_value(&template).unwrap(), came);
    }
}

#[test]
fn a_template_is_content() {
    let message = MessagingObject::new(asha(), Template::new("cups", "en"));
    assert!(matches!(message.content, Content::Template(_)));
    let found: Vec<Violation> = SendRequest::new(message).violations();
    assert_eq!(found, []);
}
