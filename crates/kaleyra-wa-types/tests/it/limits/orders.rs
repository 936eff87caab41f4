//! Orders.

use serde_json::{Value, json};

use super::{check_all, long};

#[test]
fn orders() {
    let india = "interactive_order_details_india";
    let brazil = "interactive_order_details_brazil";
    let status = "interactive_order_status";
    let cases: &[(&str, &str, Value, &[&str])] = &[
        (india, "/reference_id", json!("r".repeat(35)), &[]),
        (
            india,
            "/reference_id",
            json!("r".repeat(36)),
            &["reference_id: at most 35 characters, found 36"],
        ),
        (brazil, "/reference_id", json!("r".repeat(60)), &[]),
        (
            brazil,
            "/reference_id",
            json!("r".repeat(61)),
            &["reference_id: at most 60 characters, found 61"],
        ),
        (
            brazil,
            "/reference_id",
            json!("order 18"),
            &["reference_id: must be letters, digits, `_`, `.`, `-`"],
        ),
        (
            brazil,
            "/payment_settings",
            json!([]),
            &["payment_settings: is missing: an order that can be paid has one"],
        ),
        (
            brazil,
            "/total_amount",
            json!({"value": 1, "offset": 100}),
            &["total_amount.value: must be subtotal + tax + shipping - discount"],
        ),
        (
            brazil,
            "/order/tax",
            json!({"value": 0.5, "offset": 1}),
            &[
                "order.tax.value: must be a whole number, not below 0",
                "order.tax.offset: must be 100",
            ],
        ),
        (
            brazil,
            "/order/status",
            json!("shipped"),
            &["order.status: must be pending"],
        ),
        (
            brazil,
            "/order/items/0/name",
            json!(long(61)),
            &["order.items[0].name: at most 60 characters, found 61"],
        ),
        (
            brazil,
            "/order/items/0/quantity",
            json!(0),
            &["order.items[0].quantity: must be a whole number, not below 1"],
        ),
        (
            india,
            "/order/expiration/description",
            json!(long(121)),
            &["order.expiration.description: at most 120 characters, found 121"],
        ),
        (
            india,
            "/payment_settings/0/payment_gateway/configuration_name",
            json!(long(61)),
            &[
                "payment_settings[0].payment_gateway.configuration_name: at most 60 characters, found 61",
            ],
        ),
        (
            brazil,
            "/payment_settings/1/payment_link/uri",
            json!("example.com"),
            &["payment_settings[1].payment_link.uri: must begin with http:// or https://"],
        ),
        (
            brazil,
            "/payment_settings/0/pix_dynamic_code/key",
            Value::Null,
            &["payment_settings[0].pix_dynamic_code.key: is missing: this way to pay needs it"],
        ),
        (
            status,
            "/order/description",
            json!(long(121)),
            &["order.description: at most 120 characters, found 121"],
        ),
        (
            status,
            "/order/status",
            Value::Null,
            &["order.status: is missing: an update says the status"],
        ),
    ];
    check_all(cases, "/action/parameters", "action.parameters");
}
