//! What stands around an action.

use kaleyra_wa_types::outbound::interactive::ReplyButtons;
use serde_json::{Value, json};

use super::{check, long, violations};

#[test]
fn what_stands_around_an_action() {
    let text = |text: String| json!({"text": text});
    let header = |text: &str| json!({"type": "text", "text": text});
    check("interactive_button", "/body/text", long(1024), &[]);
    check(
        "interactive_button",
        "/body/text",
        long(1025),
        &["body.text: at most 1024 characters, found 1025"],
    );
    check("interactive_list", "/body/text", long(1024), &[]);
    check(
        "interactive_list",
        "/body/text",
        long(1025),
        &["body.text: at most 1024 characters, found 1025"],
    );
    check(
        "interactive_button",
        "/body",
        Value::Null,
        &["body: is missing: this kind of message has a body"],
    );
    check("interactive_product", "/body", Value::Null, &[]);
    check(
        "interactive_call_permission_request",
        "/body",
        Value::Null,
        &[],
    );
    check("interactive_button", "/footer/text", long(60), &[]);
    check(
        "interactive_button",
        "/footer/text",
        long(61),
        &["footer.text: at most 60 characters, found 61"],
    );
    for no_footer in [
        "interactive_carousel_url",
        "interactive_call_permission_request",
        "interactive_location_request",
        "interactive_request_contact_info",
    ] {
        check(
            no_footer,
            "/footer",
            text("Thank you".to_owned()),
            &["footer: has no place here: this kind of message has no footer"],
        );
    }
    for no_header in [
        "interactive_carousel_url",
        "interactive_call_permission_request",
        "interactive_product",
    ] {
        check(
            no_header,
            "/header",
            header("Hello"),
            &["header: has no place here: this kind of message has no header"],
        );
    }
    check("interactive_button", "/header", header(&long(60)), &[]);
    check(
        "interactive_button",
        "/header",
        header(&long(61)),
        &["header.text: at most 60 characters, found 61"],
    );
    check(
        "interactive_button",
        "/header",
        json!({"type": "text", "text": "a", "sub_text": long(61)}),
        &["header.sub_text: at most 60 characters, found 61"],
    );
    check(
        "interactive_button",
        "/header",
        header(""),
        &["header.text: is missing: a text header has a text"],
    );
    check(
        "interactive_button",
        "/header",
        "Your table",
        &["header: must be an object with `type`"],
    );
    check(
        "interactive_button",
        "/header/image/link",
        "table.png",
        &["header.image.link: must begin with http:// or https://"],
    );
    check(
        "interactive_list",
        "/header",
        json!({"type": "image", "image": {"id": "2"}}),
        &["header.type: must be text"],
    );
    check(
        "interactive_product_list",
        "/header",
        Value::Null,
        &["header: is missing: this kind of message has a header"],
    );
    // Nobody knows the limits of a kind that nobody knows.
    check("interactive_unknown", "/body", Value::Null, &[]);
}

#[test]
fn every_violation_is_reported_at_once() {
    let question = ReplyButtons::new("").header("").footer("");
    assert_eq!(
        violations(question),
        [
            "messaging_object.interactive.header.text: must not be empty",
            "messaging_object.interactive.body.text: must not be empty",
            "messaging_object.interactive.action.buttons: 1 to 3, found 0",
        ]
    );
}
