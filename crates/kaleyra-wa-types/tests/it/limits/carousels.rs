//! Products and carousels.

use serde_json::{Value, json};

use super::{check, check_all, long};

#[test]
fn products() {
    check(
        "interactive_product",
        "/action/catalog_id",
        "",
        &["action.catalog_id: must not be empty"],
    );
    let products = |count: usize| {
        let items: Vec<Value> = (0..count)
            .map(|item| json!({"product_retailer_id": format!("CUP-{item}")}))
            .collect();
        json!({"title": "Cups", "product_items": items})
    };
    let sections = "/action/sections";
    check(
        "interactive_product_list",
        sections,
        json!([products(30)]),
        &[],
    );
    check(
        "interactive_product_list",
        sections,
        json!([products(15), products(16)]),
        &["action.sections[*].product_items: at most 30, found 31"],
    );
    check(
        "interactive_product_list",
        sections,
        Value::Array((0..11).map(|_| products(1)).collect()),
        &["action.sections: 1 to 10, found 11"],
    );
    check(
        "interactive_product_list",
        "/action/sections/1",
        json!({"title": long(25), "product_items": []}),
        &[
            "action.sections[1].title: at most 24 characters, found 25",
            "action.sections[1].product_items: at least 1, found 0",
        ],
    );
}

#[test]
fn carousels() {
    let url = "interactive_carousel_url";
    let replies = "interactive_carousel_quick_reply";
    let product = "interactive_carousel_product";
    let cases: &[(&str, &str, Value, &[&str])] = &[
        (url, "", json!([]), &["cards: 2 to 10, found 0"]),
        (
            url,
            "/0/card_index",
            json!(1),
            &["cards[1].card_index: must be unique"],
        ),
        (
            url,
            "/1/card_index",
            json!(10),
            &["cards[1].card_index: must be 0 to 9, found 10"],
        ),
        (
            url,
            "/1/card_index",
            Value::Null,
            &["cards[1].card_index: is missing: a card says its position"],
        ),
        (
            url,
            "/0/header",
            Value::Null,
            &["cards[0].header: is missing: a card shows an image or a video"],
        ),
        (
            url,
            "/0/header",
            json!({"type": "text", "text": "a"}),
            &["cards[0].header.type: must be image or video"],
        ),
        (url, "/0/body/text", json!(long(160)), &[]),
        (
            url,
            "/0/body/text",
            json!(long(161)),
            &["cards[0].body.text: at most 160 characters, found 161"],
        ),
        (
            url,
            "/0/body/text",
            json!("a\nb\nc\nd"),
            &["cards[0].body.text: must be a text of at most two line breaks"],
        ),
        (
            url,
            "/0/action/parameters/display_text",
            json!(long(21)),
            &["cards[0].action.parameters.display_text: at most 20 characters, found 21"],
        ),
        (
            url,
            "/1/action",
            json!({"buttons": [{"type": "quick_reply", "quick_reply": {"id": "a", "title": "b"}}]}),
            &["cards[1].action: must be a button that opens a page, as the first card has"],
        ),
        (
            url,
            "/1/action/buttons",
            json!([{"type": "quick_reply", "quick_reply": {"id": "a", "title": "b"}}]),
            &[
                "cards[1].action.buttons: give either `parameters` or `buttons`, not both",
                "cards[1].action: must be a button that opens a page, as the first card has",
            ],
        ),
        (
            replies,
            "/0/action/buttons/0/quick_reply",
            json!({"id": long(21), "title": long(21)}),
            &[
                "cards[0].action.buttons[0].quick_reply.id: at most 20 characters, found 21",
                "cards[0].action.buttons[0].quick_reply.title: at most 20 characters, found 21",
            ],
        ),
        (
            replies,
            "/1/action/buttons/-",
            json!({"type": "quick_reply", "quick_reply": {"id": "a", "title": "b"}}),
            &["cards[1].action: must be as many quick replies as the first card has"],
        ),
        (
            product,
            "/1/action/catalog_id",
            json!("2"),
            &["cards[1].action: must be a product of the first card's catalog"],
        ),
        (
            product,
            "/1/action/product_retailer_id",
            Value::Null,
            &["cards[1].action.product_retailer_id: is missing: a card names its product"],
        ),
        (
            product,
            "/1/body",
            json!({"text": "a"}),
            &["cards[1].body: has no place here: a product brings its own"],
        ),
    ];
    check_all(cases, "/action/cards", "action");
    check(
        "interactive_carousel_no_card_type",
        "/body/text",
        "Our cups",
        &[],
    );
}
