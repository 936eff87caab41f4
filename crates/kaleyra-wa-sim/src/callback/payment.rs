//! The callback that tells of a payment: it is flat, without `meta_object`.

use serde_json::{Value, json};

/// What can become of a payment, by name.
pub(crate) const STATUSES: [&str; 3] = ["captured", "failed", "pending"];

/// What became of the payment of an order.
pub(crate) struct Payment<'a> {
    /// The message that the order was in.
    pub(crate) message_id: &'a str,
    pub(crate) user: &'a str,
    /// `captured`, `failed` or `pending`.
    pub(crate) status: &'a str,
    /// The order as it was sent.
    pub(crate) order: &'a Value,
    pub(crate) transaction_id: &'a str,
    pub(crate) at: u64,
}

/// The order that a message asks to be paid, wherever in it that is: in an interactive message or in a template's button.
pub(crate) fn order(content: &Value) -> Option<&Value> {
    if content["reference_id"].is_string() && content["total_amount"].is_object() {
        return Some(content);
    }
    match content {
        Value::Object(fields) => fields.values().find_map(order),
        Value::Array(values) => values.iter().find_map(order),
        _ => None,
    }
}

/// As *WhatsApp Payments Webhook* has it.
pub(crate) fn callback(it: &Payment<'_>) -> Value {
    let amount = &it.order["total_amount"];
    let transaction_status = match it.status {
        "captured" => "success",
        other => other,
    };
    json!({
        "id": it.message_id,
        "type": "payment",
        "status": it.status,
        "phone_number": it.user,
        "payment": {
            "reference_id": it.order["reference_id"],
            "currency": it.order["currency"],
            "receipt": it.order["reference_id"],
            "amount": amount,
            "transaction": {
                "id": it.transaction_id,
                "type": "razorpay",
                "status": transaction_status,
                "currency": it.order["currency"],
                "created_timestamp": it.at,
                "updated_timestamp": it.at,
                "amount": amount,
                "refunds": null,
            },
        },
    })
}
