//! Sends against ten templates, right and wrong: each wrong one fails with Meta's code, by the simulator as by the check.

use kaleyra_wa_types::outbound::template::Template;
use kaleyra_wa_types::template::TemplateDefinition;
use serde_json::{Value, json};

use super::wire::{send, simulator};

fn definitions() -> Vec<Value> {
    let body = |text: &str, examples: &[&str]| match examples {
        [] => json!({"type": "BODY", "text": text}),
        examples => json!({"type": "BODY", "text": text, "example": {"body_text": [examples]}}),
    };
    let of = |name: &str, category: &str, parts: Value| json!({"name": name, "language": "en_US", "category": category, "status": "APPROVED", "components": parts});
    let card = |text: &str| {
        json!({"components": [{"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aQ"]}},
            {"type": "BODY", "text": text, "example": {"body_text": [["Anna"]]}},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Book"}]}]})
    };
    let link = json!({"type": "URL", "text": "Track", "url": "https://example.com/t/{{1}}", "example": ["https://example.com/t/A"]});
    vec![
        of(
            "plain",
            "UTILITY",
            json!([body("We are closed on Monday.", &[])]),
        ),
        of(
            "parcel",
            "UTILITY",
            json!([
            {"type": "HEADER", "format": "TEXT", "text": "Parcel {{1}}", "example": {"header_text": ["A-17"]}},
            body("Hello {{1}}, it waits at {{2}} until Friday.", &["Anna", "Main Street"]),
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Later"}, link]}]),
        ),
        {
            let mut named = of(
                "welcome",
                "MARKETING",
                json!([
                {"type": "BODY", "text": "Hi {{first_name}}, take {{discount}} off today!", "example": {"body_text_named_params": [
                    {"param_name": "first_name", "example": "Anna"}, {"param_name": "discount", "example": "20%"}]}}]),
            );
            named["parameter_format"] = "NAMED".into();
            named
        },
        of(
            "photo",
            "MARKETING",
            json!([
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aQ"]}}, body("New cups, {{1}}, today.", &["Anna"])]),
        ),
        of(
            "place",
            "UTILITY",
            json!([{"type": "HEADER", "format": "LOCATION"}, body("We meet here.", &[])]),
        ),
        of(
            "code",
            "AUTHENTICATION",
            json!([{"type": "BODY", "add_security_recommendation": true},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]}]),
        ),
        of(
            "offer",
            "MARKETING",
            json!([
            {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Ends soon", "has_expiration": true}},
            body("All plants are cheaper.", &[]),
            {"type": "BUTTONS", "buttons": [{"type": "COPY_CODE", "example": "GREEN20"}]}]),
        ),
        of(
            "rooms",
            "MARKETING",
            json!([body("Two rooms for you:", &[]),
            {"type": "CAROUSEL", "cards": [card("Sea view for {{1}} today"), card("Garden view for {{1}} today")]}]),
        ),
        of(
            "choice",
            "MARKETING",
            json!([{"type": "HEADER", "format": "TEXT", "text": "Cups"}, body("Have a look.", &[]),
            {"type": "BUTTONS", "buttons": [{"type": "MPM", "text": "View items"}]}]),
        ),
        of(
            "order",
            "UTILITY",
            json!([body("Please pay your order.", &[]),
            {"type": "BUTTONS", "buttons": [{"type": "ORDER_DETAILS", "text": "Review and Pay"}]}]),
        ),
    ]
}

fn text(value: &str) -> Value {
    json!({"type": "text", "text": value})
}

fn part(kind: &str, parameters: &[Value]) -> Value {
    json!({"type": kind, "parameters": parameters})
}

fn button(kind: &str, index: u32, parameters: &[Value]) -> Value {
    json!({"type": "button", "sub_type": kind, "index": index.to_string(), "parameters": parameters})
}

fn named(name: &str, value: &str) -> Value {
    json!({"type": "text", "parameter_name": name, "text": value})
}

fn image() -> Value {
    json!({"type": "image", "image": {"link": "https://example.com/a.png"}})
}

fn card(index: u32, value: &str) -> Value {
    json!({"card_index": index, "components": [part("header", &[image()]), part("body", &[text(value)])]})
}

fn cards(cards: &[Value]) -> Vec<Value> {
    vec![json!({"type": "carousel", "cards": cards})]
}

fn sections(count: usize) -> Vec<Value> {
    let items: Vec<Value> = (0..count)
        .map(|at| json!({"product_retailer_id": format!("c{at}")}))
        .collect();
    let action = json!({"thumbnail_product_retailer_id": "c0", "sections": [{"title": "Cups", "product_items": items}]});
    vec![button(
        "mpm",
        0,
        &[json!({"type": "action", "action": action})],
    )]
}

/// The template, its components, and the code that it fails with; 0 is none.
fn sends() -> Vec<(&'static str, Vec<Value>, i64)> {
    let header = || part("header", &[text("A-17")]);
    let body = |values: &[&str]| {
        part(
            "body",
            &values.iter().map(|value| text(value)).collect::<Vec<_>>(),
        )
    };
    let track = |value: &str| button("url", 1, &[text(value)]);
    let coupon = |code: &str| {
        button(
            "copy_code",
            0,
            &[json!({"type": "coupon_code", "coupon_code": code})],
        )
    };
    let ends = json!({"type": "limited_time_offer", "parameters": [
        {"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": 1_900_000_000_000_i64}}]});
    let location = json!({"type": "location", "location": {"latitude": 12.9, "longitude": 77.5, "name": "Shop", "address": "MG Road"}});
    let code = |value: &str| vec![body(&[value]), button("url", 0, &[text(value)])];
    let parcel = |values: &[&str]| vec![header(), body(values), track("A17")];
    let long = "x".repeat(1000);
    vec![
        // Right.
        ("plain", vec![], 0),
        ("parcel", parcel(&["Asha", "Park Lane"]), 0),
        (
            "parcel",
            vec![track("A17"), body(&["Asha", "Park Lane"]), header()],
            0,
        ),
        (
            "welcome",
            vec![part(
                "body",
                &[named("discount", "5%"), named("first_name", "Asha")],
            )],
            0,
        ),
        (
            "photo",
            vec![part("header", &[image()]), body(&["Asha"])],
            0,
        ),
        (
            "place",
            vec![part("header", std::slice::from_ref(&location))],
            0,
        ),
        ("code", code("123456"), 0),
        ("offer", vec![ends.clone(), coupon("GREEN25")], 0),
        ("rooms", cards(&[card(0, "Asha"), card(1, "Asha")]), 0),
        ("choice", sections(2), 0),
        // How many values.
        ("parcel", parcel(&["Asha"]), 132_000),
        ("parcel", parcel(&["Asha", "Park Lane", "more"]), 132_000),
        ("parcel", vec![header(), track("A17")], 132_000),
        (
            "parcel",
            vec![body(&["Asha", "Park Lane"]), track("A17")],
            132_000,
        ),
        ("plain", vec![body(&["Asha"])], 132_000),
        ("code", vec![button("url", 0, &[text("123456")])], 132_000),
        (
            "rooms",
            cards(&[
                json!({"card_index": 0, "components": [part("header", &[image()])]}),
                card(1, "Asha"),
            ]),
            132_000,
        ),
        // Names and numbers.
        ("welcome", vec![body(&["Asha", "5%"])], 100),
        (
            "welcome",
            vec![part("body", &[named("first_name", "Asha"), text("5%")])],
            100,
        ),
        (
            "welcome",
            vec![part(
                "body",
                &[named("first_name", "Asha"), named("rebate", "5%")],
            )],
            100,
        ),
        (
            "welcome",
            vec![part("body", &[named("first_name", "Asha")])],
            132_000,
        ),
        // What the values are.
        ("photo", vec![body(&["Asha"])], 132_012),
        (
            "photo",
            vec![part("header", &[text("A")]), body(&["Asha"])],
            132_012,
        ),
        (
            "photo",
            vec![
                part(
                    "header",
                    &[json!({"type": "video", "video": {"link": "https://example.com/a.mp4"}})],
                ),
                body(&["Asha"]),
            ],
            132_012,
        ),
        ("place", vec![], 132_012),
        ("place", vec![part("header", &[image()])], 132_012),
        (
            "parcel",
            vec![
                part("header", &[image()]),
                body(&["Asha", "Park Lane"]),
                track("A17"),
            ],
            132_012,
        ),
        (
            "rooms",
            cards(&[
                json!({"card_index": 0, "components": [part("body", &[text("Asha")])]}),
                card(1, "Asha"),
            ]),
            132_012,
        ),
        // What is in the values.
        ("parcel", parcel(&["Asha\nRao", "Park Lane"]), 132_018),
        ("parcel", parcel(&["Asha\tRao", "Park Lane"]), 132_018),
        ("parcel", parcel(&["Asha     Rao", "Park Lane"]), 132_018),
        ("parcel", parcel(&["", "Park Lane"]), 131_008),
        ("parcel", parcel(&["Asha", &long]), 132_005),
        (
            "parcel",
            vec![
                part("header", &[text(&"x".repeat(60))]),
                body(&["Asha", "Park Lane"]),
                track("A17"),
            ],
            132_005,
        ),
        ("code", code("1234567890123456"), 132_018),
        (
            "rooms",
            cards(&[card(0, &"x".repeat(150)), card(1, "Asha")]),
            132_018,
        ),
        // Buttons.
        (
            "parcel",
            vec![header(), body(&["Asha", "Park Lane"])],
            131_008,
        ),
        (
            "parcel",
            vec![header(), body(&["Asha", "Park Lane"]), track("")],
            131_008,
        ),
        (
            "parcel",
            vec![
                header(),
                body(&["Asha", "Park Lane"]),
                track("A17"),
                button("url", 7, &[text("x")]),
            ],
            132_018,
        ),
        (
            "parcel",
            vec![
                header(),
                body(&["Asha", "Park Lane"]),
                track("A17"),
                button("url", 0, &[text("x")]),
            ],
            132_018,
        ),
        ("code", vec![body(&["123456"])], 131_008),
        ("code", vec![body(&["123456"]), coupon("123456")], 132_018),
        ("offer", vec![ends.clone()], 131_008),
        ("offer", vec![ends.clone(), coupon("")], 131_008),
        (
            "offer",
            vec![ends, coupon("A23456789012345678901")],
            132_018,
        ),
        ("offer", vec![coupon("GREEN25")], 131_008),
        ("choice", vec![], 131_008),
        ("choice", sections(31), 131_009),
        ("order", vec![], 131_008),
        // Parts that the template lacks, and cards.
        ("plain", vec![part("header", &[image()])], 132_018),
        (
            "plain",
            vec![button(
                "quick_reply",
                0,
                &[json!({"type": "payload", "payload": "x"})],
            )],
            132_018,
        ),
        ("rooms", vec![], 132_018),
        ("rooms", cards(&[card(0, "Asha")]), 132_018),
        (
            "rooms",
            cards(&[card(0, "Asha"), card(1, "Asha"), card(2, "Asha")]),
            132_018,
        ),
        ("rooms", cards(&[card(0, "Asha"), card(0, "Asha")]), 132_018),
    ]
}

#[tokio::test]
async fn each_wrong_send_fails_with_metas_code_and_each_right_one_arrives() {
    let sim = simulator().await;
    let definitions = definitions();
    let read =
        |value: &Value| -> TemplateDefinition { serde_json::from_value(value.clone()).unwrap() };
    let state = definitions.iter().map(|definition| {
        json!({"waba": super::templates::WABA, "definition": definition, "created_at": "2026-11-01T00:00:00Z", "edits": [],
            "deleted_at": null, "submission": 0})
    });
    let mut exported = sim.export();
    exported["templates"] = state.collect();
    sim.import(&exported).unwrap();

    let mut sends = sends();
    assert!(sends.len() >= 50);
    // A language that is not there, and states in which nothing is sent.
    sends.push(("plain/de", vec![], 132_001));
    for (at, (name, components, code)) in sends.iter().enumerate() {
        let (name, language) = name.split_once('/').unwrap_or((name, "en_US"));
        let template =
            json!({"name": name, "language": {"code": language}, "components": components});
        let sent: Template = serde_json::from_value(template.clone()).unwrap();
        let definition = definitions.iter().find(|it| it["name"] == name);
        if let Some(definition) = definition {
            let found = read(definition).check(&sent);
            let codes: Vec<i64> = found.iter().map(|it| it.code).collect();
            assert_eq!(
                codes.first().copied().unwrap_or_default(),
                *code,
                "{at}: {found:?}"
            );
        }
        assert_eq!(fate(&sim, template).await, *code, "{at}: {name}");
    }
    for (status, code) in [
        ("PAUSED", 132_015),
        ("DISABLED", 132_016),
        ("REJECTED", 132_001),
        ("PENDING", 132_001),
    ] {
        let change = format!(r#"{{"status":"{status}"}}"#);
        let changed = super::wire::request(
            &sim,
            "PATCH /sim/templates/plain?language=en-US",
            &[],
            &change,
        )
        .await;
        assert_eq!(changed.status(), 200);
        let template = json!({"name": "plain", "language": {"code": "en_US"}});
        assert_eq!(fate(&sim, template).await, code, "{status}");
    }
}

/// The code that a send failed with; 0 if it arrived.
async fn fate(sim: &kaleyra_wa_sim::Simulator, template: Value) -> i64 {
    let body = json!({"messaging_object": {
        "messaging_product": "whatsapp", "to": "+919800000001", "type": "template", "template": template,
    }});
    let response = send(sim, &body.to_string()).await;
    assert_eq!(response.status(), 202, "{response:?}");
    sim.settle().await;
    let id = response.json()["data"]["message_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let statuses = sim.statuses(&id);
    let error = statuses.first().unwrap().error.as_ref();
    error.map_or(0, |error| error.code.parse().unwrap())
}
