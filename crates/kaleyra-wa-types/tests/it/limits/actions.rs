//! Buttons, lists, and actions with parameters.

use kaleyra_wa_types::outbound::interactive::{List, Row, Section};
use serde_json::{Value, json};

use super::{check, check_all, long, violations};

#[test]
fn reply_buttons() {
    let button =
        |id: &str, title: &str| json!({"type": "reply", "reply": {"id": id, "title": title}});
    check(
        "interactive_button",
        "/action/buttons",
        json!([]),
        &["action.buttons: 1 to 3, found 0"],
    );
    check(
        "interactive_button",
        "/action/buttons/-",
        button("c", "C"),
        &[],
    );
    let four: Vec<Value> = ["a", "b", "c", "d"]
        .iter()
        .map(|id| button(id, id))
        .collect();
    check(
        "interactive_button",
        "/action/buttons",
        four,
        &["action.buttons: 1 to 3, found 4"],
    );
    check(
        "interactive_button",
        "/action/buttons/0",
        button(&long(256), &long(20)),
        &[],
    );
    check(
        "interactive_button",
        "/action/buttons/0",
        button(&long(257), &long(21)),
        &[
            "action.buttons[0].reply.id: at most 256 characters, found 257",
            "action.buttons[0].reply.title: at most 20 characters, found 21",
        ],
    );
    check(
        "interactive_button",
        "/action/buttons/0",
        button("", " Yes"),
        &[
            "action.buttons[0].reply.id: must not be empty",
            "action.buttons[0].reply.title: must be without blanks at its ends",
        ],
    );
    check(
        "interactive_button",
        "/action/buttons/-",
        button("yes", "No"),
        &[
            "action.buttons[2].reply.id: is there already",
            "action.buttons[2].reply.title: is there already",
        ],
    );
}

#[test]
fn lists() {
    check(
        "interactive_list",
        "/action/button",
        long(21),
        &["action.button: at most 20 characters, found 21"],
    );
    check(
        "interactive_list",
        "/action/sections",
        json!([]),
        &["action.sections: 1 to 10, found 0"],
    );
    check(
        "interactive_list",
        "/action/sections/0/rows",
        json!([]),
        &["action.sections[0].rows: at least 1, found 0"],
    );
    check(
        "interactive_list",
        "/action/sections/0/title",
        Value::Null,
        &["action.sections[0].title: is missing: each of several sections has a title"],
    );
    check(
        "interactive_list",
        "/action/sections",
        json!([{"rows": [{"id": "a", "title": "A"}]}]),
        &[],
    );
    check(
        "interactive_list",
        "/action/sections/0/title",
        long(25),
        &["action.sections[0].title: at most 24 characters, found 25"],
    );
    check(
        "interactive_list",
        "/action/sections/0/rows/0",
        json!({"id": long(201), "title": long(25), "description": long(73)}),
        &[
            "action.sections[0].rows[0].id: at most 200 characters, found 201",
            "action.sections[0].rows[0].title: at most 24 characters, found 25",
            "action.sections[0].rows[0].description: at most 72 characters, found 73",
        ],
    );
    check(
        "interactive_list",
        "/action/sections/1/rows/0",
        json!({"id": "mon-9", "title": "9 am"}),
        &["action.sections[1].rows[0].id: is there already"],
    );
    // Ten rows in total, not ten in each section.
    let rows = |count: usize| {
        (0..count).fold(Section::new("A"), |section, row| {
            section.row(Row::new(format!("{count}-{row}"), "row"))
        })
    };
    for (first, second, expected) in [
        (4, 6, None),
        (
            5,
            6,
            Some("messaging_object.interactive.action.sections[*].rows: at most 10, found 11"),
        ),
    ] {
        let list = List::new("a", "b")
            .section(rows(first))
            .section(rows(second));
        let found = violations(list);
        assert_eq!(found, Vec::from_iter(expected.map(str::to_owned)));
    }
}

#[test]
fn actions_with_a_name() {
    for (fixture, name) in [
        ("interactive_cta_url", "cta_url"),
        ("interactive_location_request", "send_location"),
        ("interactive_address", "address_message"),
        ("interactive_flow", "flow"),
        ("interactive_catalog", "catalog_message"),
        (
            "interactive_call_permission_request",
            "call_permission_request",
        ),
        ("interactive_voice_call", "voice_call"),
        ("interactive_request_contact_info", "request_contact_info"),
        ("interactive_order_details_india", "review_and_pay"),
        ("interactive_order_status", "review_order"),
    ] {
        check(fixture, "/action/name", name, &[]);
        let other = format!("action.name: must be {name}");
        check(fixture, "/action/name", "something_else", &[&other]);
        let missing = ["action.name: is missing: this kind of action has a name"];
        check(fixture, "/action/name", Value::Null, &missing);
    }
    for fixture in [
        "interactive_cta_url",
        "interactive_address",
        "interactive_flow",
        "interactive_order_details_india",
        "interactive_order_status",
    ] {
        let missing = ["action.parameters: is missing: this kind of action has parameters"];
        check(fixture, "/action/parameters", Value::Null, &missing);
    }
    for fixture in ["interactive_catalog", "interactive_voice_call"] {
        check(fixture, "/action/parameters", Value::Null, &[]);
    }
}

#[test]
fn parameters_of_actions() {
    let parameters = "/action/parameters";
    let cases: &[(&str, &str, Value, &[&str])] = &[
        (
            "interactive_cta_url",
            "/display_text",
            json!(long(21)),
            &["display_text: at most 20 characters, found 21"],
        ),
        (
            "interactive_cta_url",
            "/url",
            json!("example.com"),
            &["url: must begin with http:// or https://"],
        ),
        (
            "interactive_address",
            "/country",
            json!(""),
            &["country: is missing: a form is for one country"],
        ),
        (
            "interactive_address",
            "/values/in_pin_code",
            json!("5600011"),
            &["values.in_pin_code: at most 6 characters, found 7"],
        ),
        (
            "interactive_address",
            "/saved_addresses/0/value/in_pin_code",
            json!("5600011"),
            &["saved_addresses[0].value.in_pin_code: at most 6 characters, found 7"],
        ),
        (
            "interactive_flow",
            "/flow_message_version",
            json!("2"),
            &["flow_message_version: must be 3"],
        ),
        ("interactive_flow", "/flow_message_version", json!(3), &[]),
        (
            "interactive_flow",
            "/flow_name",
            json!("visits"),
            &["flow_name: give either `flow_id` or `flow_name`, not both"],
        ),
        (
            "interactive_flow",
            "/flow_id",
            Value::Null,
            &["flow_id: is missing: either `flow_id` or `flow_name` names the flow"],
        ),
        (
            "interactive_flow",
            "/flow_cta",
            json!(""),
            &["flow_cta: is missing: the button has a text"],
        ),
        ("interactive_flow", "/flow_cta", json!(long(31)), &[]),
        (
            "interactive_flow",
            "/flow_action_payload/screen",
            Value::Null,
            &["flow_action_payload.screen: is missing: a payload names the first screen"],
        ),
        (
            "interactive_flow",
            "/flow_action_payload/data",
            json!({}),
            &["flow_action_payload.data: at least 1, found 0"],
        ),
        (
            "interactive_flow",
            "/flow_action_payload/data",
            json!("Monday"),
            &["flow_action_payload.data: must be an object"],
        ),
        (
            "interactive_voice_call",
            "/display_text",
            json!(long(21)),
            &["display_text: at most 20 characters, found 21"],
        ),
        ("interactive_voice_call", "/ttl_minutes", json!(43_200), &[]),
        (
            "interactive_voice_call",
            "/ttl_minutes",
            json!("43201"),
            &["ttl_minutes: must be 1 to 43200, found 43201"],
        ),
        (
            "interactive_voice_call",
            "/ttl_minutes",
            json!(0.5),
            &["ttl_minutes: must be a whole number of minutes"],
        ),
        (
            "interactive_voice_call",
            "/payload",
            json!(long(513)),
            &["payload: at most 512 characters, found 513"],
        ),
    ];
    check_all(cases, parameters, "action.parameters");
    check(
        "interactive_address",
        parameters,
        "JSON Payload",
        &["action.parameters: must be an object"],
    );
}
