//! Builders: what they make is what the documented JSON looks like, and breaks no limit.

use kaleyra_wa_types::contacts::{Address, Contact, Email, Name, Org, Phone, Url};
use kaleyra_wa_types::outbound::interactive::{
    AddressErrors, AddressMessage, AddressValues, CallPermissionRequest, CatalogMessage,
    ContactInfoRequest, CtaUrl, FlowMessage, List, LocationRequest, MediaCard, MediaCarousel,
    MultiProduct, OrderDetailsMessage, OrderStatusMessage, ProductCarousel, ProductSection,
    ReplyButtons, Row, Section, SingleProduct, VoiceCall,
};
use kaleyra_wa_types::outbound::order::{
    Amount, Beneficiary, Boleto, Currency, Expiration, GatewayName, ImporterAddress,
    OffsiteCardPay, Order, OrderDetails, OrderItem, OrderStatus, OrderType, OrderUpdate,
    PaymentGateway, PaymentLink, PixDynamicCode, PixKeyType, ShippingInfo, UpiIntentLink,
};
use kaleyra_wa_types::outbound::{
    Content, Document, Image, Interactive, Location, MessagingObject, Reaction, Video,
};
use kaleyra_wa_types::{PhoneNumber, SendRequest};
use serde_json::{Value, json};

use crate::fixtures::one;

fn check(fixture: &str, content: impl Into<Content>) {
    let asha: PhoneNumber = "+919800000001".parse().unwrap();
    let request = SendRequest::new(MessagingObject::new(asha, content));
    let made = serde_json::to_value(&request).unwrap();
    let documented: Value =
        serde_json::from_slice(&one(&format!("requests/{fixture}.json"))).unwrap();
    assert_eq!(made, documented, "{fixture}");
    assert_eq!(request.violations(), [], "{fixture}");
    let read: SendRequest = serde_json::from_value(documented).unwrap();
    assert_eq!(read, request, "{fixture}: what is read is what was made");
}

#[test]
fn plain_types() {
    check(
        "location",
        Location::new(12.9716, 77.5946)
            .name("The corner shop")
            .address("1 Example Road, Bengaluru"),
    );
    check(
        "reaction",
        Reaction::new("wamid.WRITTENBYASHA0001", "\u{1f44d}"),
    );
    check(
        "reaction_removed",
        Reaction::remove("wamid.WRITTENBYASHA0001"),
    );
    let ravi = Contact::new(
        Name::new("Dr Ravi K. Example Jr")
            .prefix("Dr")
            .first_name("Ravi")
            .middle_name("K.")
            .last_name("Example")
            .suffix("Jr"),
    )
    .address(
        Address::new()
            .street("1 Example Road")
            .city("Bengaluru")
            .state("Karnataka")
            .zip("560001")
            .country("India")
            .country_code("IN")
            .kind("WORK"),
    )
    .birthday("1980-02-29")
    .email(Email::new("ravi@example.com").kind("WORK"))
    .org(Org::new("Example Cups").department("Kiln").title("Potter"))
    .phone(
        Phone::new("+91 98000 00002")
            .kind("CELL")
            .wa_id("919800000002"),
    )
    .phone(Phone::new("+91 80 0000 0001").kind("Work"))
    .url(Url::new("https://example.com/ravi").kind("WORK"));
    let asha = Contact::new("Asha Example").phone("+919800000001");
    check("contacts", vec![ravi, asha]);
}

#[test]
fn buttons_and_menus() {
    check(
        "interactive_button",
        ReplyButtons::new("Shall we book this table?")
            .header(Image::link("https://example.com/table.png"))
            .button("yes", "Yes")
            .button("no", "No")
            .footer("Free until Friday"),
    );
    let monday = Section::new("Monday")
        .row(Row::new("mon-9", "9 am"))
        .row(Row::new("mon-10", "10 am").description("The last one"));
    check(
        "interactive_list",
        List::new("When shall we come?", "Choose a time")
            .header("Visits")
            .footer("All times are local")
            .section(monday)
            .section(Section::new("Tuesday"))
            .row(Row::new("tue-9", "9 am")),
    );
    check(
        "interactive_cta_url",
        CtaUrl::new(
            "The new menu is here.",
            "See the menu",
            "https://example.com/menu",
        )
        .header(Document::link("https://example.com/menu.pdf").filename("menu.pdf"))
        .footer("From Monday"),
    );
}

#[test]
fn a_list_of_rows_alone_has_one_section_without_a_title() {
    let list = List::new("How can we help?", "Choose")
        .row(Row::new("repair", "Repair"))
        .row(Row::new("return", "Return"));
    let made = serde_json::to_value(Interactive::from(list)).unwrap();
    assert_eq!(
        made["action"]["sections"],
        json!([{"rows": [{"id": "repair", "title": "Repair"}, {"id": "return", "title": "Return"}]}])
    );
}

#[test]
fn requests_to_the_user() {
    check(
        "interactive_location_request",
        LocationRequest::new("Where shall we deliver it?"),
    );
    let values = AddressValues::new()
        .name("Asha Example")
        .phone_number("+919800000001")
        .in_pin_code("560000")
        .house_number("12")
        .floor_number("3")
        .tower_number("B")
        .building_name("Example House")
        .address("1 Example Road")
        .landmark_area("The old mill")
        .city("Bengaluru")
        .state("Karnataka");
    let work = AddressValues::new()
        .address("2 Example Road")
        .in_pin_code("560001");
    check(
        "interactive_address",
        AddressMessage::new("Where shall we deliver it?", "IN")
            .header("Delivery")
            .footer("Within the city")
            .values(values)
            .saved_address("work", work)
            .validation_errors(AddressErrors::new().in_pin_code("We do not deliver there")),
    );
    check(
        "interactive_flow",
        FlowMessage::by_id("When may we come?", "100000000000002", "Pick a time")
            .header("Your visit")
            .footer("It takes a minute")
            .draft()
            .token("visit-17")
            .navigate("TIMES")
            .data("day", "Monday")
            .data("slots", json!([9, 10])),
    );
    check(
        "interactive_flow_name",
        FlowMessage::by_name("When may we come?", "visits", "Pick a time").data_exchange(),
    );
    check(
        "interactive_call_permission_request",
        CallPermissionRequest::new().body("May we call you about the repair?"),
    );
    check(
        "interactive_voice_call",
        VoiceCall::new("Questions about the repair?")
            .display_text("Call us")
            .ttl_minutes(60)
            .payload("repair-17"),
    );
    check(
        "interactive_request_contact_info",
        ContactInfoRequest::new("May we have your number?"),
    );
}

#[test]
fn products() {
    check(
        "interactive_product",
        SingleProduct::new("100000000000001", "CUP-1")
            .body("Back in stock")
            .footer("While they last"),
    );
    check(
        "interactive_product_list",
        MultiProduct::new("Cups", "All that are in stock", "100000000000001")
            .section(
                ProductSection::new("Blue")
                    .product("CUP-1")
                    .product("CUP-2"),
            )
            .section(ProductSection::new("Green").product("CUP-3"))
            .footer("Made by hand"),
    );
    check(
        "interactive_catalog",
        CatalogMessage::new("All our cups")
            .thumbnail("CUP-1")
            .footer("Made by hand"),
    );
}

#[test]
fn carousels() {
    let card = |colour: &str| {
        MediaCard::url(
            Image::link(format!("https://example.com/{colour}.png")),
            "See it",
            format!("https://example.com/{colour}"),
        )
        .body(format!("The {colour} one"))
    };
    check(
        "interactive_carousel_url",
        MediaCarousel::new("Our two cups")
            .card(card("blue"))
            .card(card("green")),
    );
    let blue = [("blue-more", "Tell me more"), ("blue-buy", "Buy it")];
    let green = [("green-more", "Tell me more"), ("green-buy", "Buy it")];
    check(
        "interactive_carousel_quick_reply",
        MediaCarousel::new("Our two cups")
            .card(MediaCard::replies(Video::id("200000000000000"), blue))
            .card(MediaCard::replies(Video::id("200000000000001"), green)),
    );
    check(
        "interactive_carousel_product",
        ProductCarousel::new("Which do you like best?", "100000000000001")
            .product("CUP-1")
            .product("CUP-2"),
    );
}

#[test]
fn an_order_in_india() {
    let cups = OrderItem::new("Blue cup", Amount::hundredths(30_000), 2)
        .retailer_id("CUP-1")
        .image(Image::link("https://example.com/blue.png"))
        .sale_amount(Amount::hundredths(25_000))
        .country_of_origin("India")
        .importer_name("Example Imports")
        .importer_address(
            ImporterAddress::new("1 Example Road", "Mumbai", "IN")
                .address_line2("Gate 2")
                .zone_code("MH")
                .postal_code("400001"),
        );
    let discount = Amount::hundredths(1_000)
        .description("For regulars")
        .discount_program_name("Regulars");
    let order = Order::new([cups])
        .tax(Amount::hundredths(2_500).description("GST"))
        .shipping(Amount::hundredths(0))
        .discount(discount)
        .expiration(Expiration::new("1790000000").description("The cups are gone"));
    let razorpay = PaymentGateway::new(GatewayName::Razorpay, "shop")
        .razorpay(json!({"receipt": "receipt-17", "notes": {"counter": "2"}}));
    let upi = UpiIntentLink::new("upi://pay?pa=shop@example&pn=Example%20Cups");
    let asha = Beneficiary::new("Asha Example")
        .address_line1("1 Example Road")
        .address_line2("Floor 3")
        .city("Bengaluru")
        .state("Karnataka")
        .country("India")
        .postal_code("560001");
    let address = AddressValues::new()
        .name("Asha Example")
        .phone_number("+919800000001")
        .address("1 Example Road")
        .city("Bengaluru")
        .in_pin_code("560001");
    let details = OrderDetails::new("order-17", OrderType::PhysicalGoods, Currency::Inr, order)
        .payment_setting(razorpay)
        .payment_setting(upi)
        .beneficiary(asha)
        .shipping_info(ShippingInfo::new("IN", [address]));
    check(
        "interactive_order_details_india",
        OrderDetailsMessage::new("Your order", details)
            .header(Image::link("https://example.com/cups.png"))
            .footer("Thank you"),
    );
    check(
        "interactive_order_status",
        OrderStatusMessage::new(
            "Your cups are on their way.",
            OrderUpdate::new("order-17", OrderStatus::Shipped).description("Arrives on Monday"),
        )
        .footer("Thank you"),
    );
}

#[test]
fn an_order_in_brazil() {
    let course = OrderItem::new("Glaze course", Amount::hundredths(20_000), 1);
    let order = Order::new([course])
        .catalog_id("100000000000001")
        .tax(Amount::hundredths(0));
    let pix = PixDynamicCode::new(
        "00020101EXAMPLE",
        "Example Cups",
        "shop@example.com",
        PixKeyType::Email,
    );
    let details = OrderDetails::new("order-18", OrderType::DigitalGoods, Currency::Brl, order)
        .payment_type("br")
        .payment_setting(pix)
        .payment_setting(PaymentLink::new("https://example.com/pay/18"))
        .payment_setting(Boleto::new("0".repeat(47)))
        .payment_setting(OffsiteCardPay::new("0000", "card-1"));
    check(
        "interactive_order_details_brazil",
        OrderDetailsMessage::new("Your order", details),
    );
}
