//! What is read is written back, whatever shape it came in.

use kaleyra_wa_types::template::{
    ButtonKind, ComponentKind, QualityScore, TemplateDefinition, TemplateReason, TemplateStatus,
    variables,
};
use serde_json::{Value, json};

use super::samples;

fn read(value: &Value) -> TemplateDefinition {
    let definition: TemplateDefinition =
        serde_json::from_slice(value.to_string().as_bytes()).unwrap();
    assert_eq!(serde_json::to_value(&definition).unwrap(), *value);
    definition
}

#[test]
fn what_is_made_is_read_back_the_same() {
    for definition in samples::all() {
        let written = serde_json::to_value(&definition).unwrap();
        assert_eq!(read(&written), definition);
    }
}

#[test]
fn the_documented_body_is_written() {
    assert_eq!(
        serde_json::to_value(samples::parcel()).unwrap(),
        json!({"name": "parcel_ready", "language": "en_US", "category": "UTILITY", "components": [
            {"type": "HEADER", "format": "TEXT", "text": "Parcel {{1}}", "example": {"header_text": ["A-17"]}},
            {"type": "BODY", "text": "Hello {{1}}, your parcel waits at {{2}} until Friday.",
             "example": {"body_text": [["Anna", "Main Street"]]}},
            {"type": "FOOTER", "text": "Example Post"},
            {"type": "BUTTONS", "buttons": [
                {"type": "QUICK_REPLY", "text": "Later"},
                {"type": "URL", "text": "Track", "url": "https://example.com/t/{{1}}", "example": ["https://example.com/t/A17"]},
                {"type": "URL", "text": "Shop", "url": "https://example.com/shop"},
                {"type": "PHONE_NUMBER", "text": "Call us", "phone_number": "+15550100"}]}]})
    );
    assert_eq!(
        serde_json::to_value(samples::code()).unwrap(),
        json!({"name": "login_code", "language": "en_US", "category": "AUTHENTICATION", "message_send_ttl_seconds": 300,
         "components": [{"type": "BODY", "add_security_recommendation": true},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "ONE_TAP", "text": "Copy",
             "supported_apps": [{"package_name": "com.example.app", "signature_hash": "A1b2C3d4E5f"}]}]},
            {"type": "FOOTER", "code_expiration_minutes": 5}]})
    );
}

#[test]
fn what_is_listed_is_read_whatever_its_shape() {
    let definition = read(&json!({
        "id": 734500000000001_u64, "company_id": "Z8ae", "name": "n", "language": "en-US", "status": "Approved",
        "category": "utility", "quality_score": {"score": "GREEN", "date": 1780000000}, "rejected_reason": "NONE",
        "parameter_format": "positional", "previous_category": "MARKETING",
        "components": [
            {"type": "header", "format": "image", "example": {"header_handle": "https://cdn.example/a"}, "strange": 1},
            {"type": "Body", "text": "Hi {{1}} x", "example": {"body_text": "Anna"}},
            {"type": "buttons", "buttons": [{"type": "copy_code", "text": "Copy offer code", "example": ["A1"]},
                {"type": "HOLOGRAM", "depth": 3}]},
            {"type": "HOLOGRAM"},
        ],
    }));
    assert_eq!(definition.status.as_ref(), Some(&TemplateStatus::Approved));
    assert_eq!(definition.quality(), Some(QualityScore::Green));
    assert_eq!(
        definition.rejected_reason.as_ref(),
        Some(&TemplateReason::None)
    );
    assert!(
        definition.is("n", "en_US") && definition.is("n", "en-US") && !definition.is("n", "en")
    );
    assert_eq!(definition.validate(), []);
    let body = definition.part(&ComponentKind::Body).unwrap();
    assert_eq!(body.example.as_ref().unwrap().body_texts(), ["Anna"]);
    assert_eq!(definition.buttons()[0].kind, ButtonKind::CopyCode);
    assert_eq!(definition.buttons()[1].kind.to_string(), "HOLOGRAM");
    for blank in [
        json!({"name": "", "language": null, "components": [], "quality_score": ""}),
        json!({}),
    ] {
        read(&blank);
    }
    assert_eq!(
        read(&json!({"quality_score": "yellow"})).quality(),
        Some(QualityScore::Yellow)
    );
}

#[test]
fn examples_are_found_however_they_are_nested() {
    for (body_text, expected) in [
        (json!([["a", "b"]]), &["a", "b"][..]),
        (json!([["a", "b"], ["c", "d"]]), &["a", "b"]),
        (json!(["a", "b"]), &["a", "b"]),
        (json!("a"), &["a"]),
        (json!([]), &[]),
    ] {
        let definition =
            read(&json!({"components": [{"type": "BODY", "example": {"body_text": body_text}}]}));
        let example = definition.components[0].example.as_ref().unwrap();
        assert_eq!(example.body_texts(), expected);
    }
    assert_eq!(variables("{{2}} {{1}} {{2}}"), ["2", "1"]);
}

#[test]
fn a_state_says_what_can_be_done() {
    for (status, sent, edited, code) in [
        ("APPROVED", Some(true), Some(true), None),
        ("PENDING", Some(false), Some(false), Some(132_001)),
        ("REJECTED", Some(false), Some(true), Some(132_001)),
        ("PAUSED", Some(false), Some(true), Some(132_015)),
        ("DISABLED", Some(false), Some(false), Some(132_016)),
        ("FLAGGED", Some(true), None, None),
        ("IN_APPEAL", None, Some(false), None),
        ("TELEPORTED", None, None, None),
    ] {
        let status = TemplateStatus::from(status);
        assert_eq!(
            (status.may_be_sent(), status.may_be_edited(), status.code()),
            (sent, edited, code),
            "{status}"
        );
    }
    for (event, status) in [
        ("Approved", "APPROVED"),
        ("PAUSED", "PAUSED"),
        ("Pending Deletion", "PENDING_DELETION"),
        ("Odd", "Odd"),
    ] {
        assert_eq!(TemplateStatus::from(event).meaning().as_str(), status);
    }
}

#[test]
fn what_a_server_makes_of_a_definition_is_no_difference() {
    let mut listed = samples::parcel();
    listed.id = Some("7".into());
    listed.status = Some(TemplateStatus::Approved);
    listed.sub_category = Some("CUSTOM".to_owned());
    listed.components.reverse();
    listed.components[0].buttons[1].example = None;
    assert_eq!(samples::parcel().differences(&listed), []);
    let mut code = samples::code();
    code.components[1].buttons[0] =
        kaleyra_wa_types::template::ButtonDefinition::copy_one_time_code();
    assert_eq!(code.differences(&samples::code_read_back()), []);
    let mut photo = serde_json::to_value(samples::photo()).unwrap();
    photo["components"][0]["type"] = json!("header");
    photo["category"] = json!("marketing");
    photo["parameter_format"] = json!("positional");
    assert_eq!(samples::photo().differences(&read(&photo)), []);

    let mut changed = samples::parcel();
    changed.components[1].text = Some("Other".to_owned());
    changed.components[3].buttons.pop();
    changed.category = Some(kaleyra_wa_types::template::TemplateCategory::Marketing);
    changed.components.remove(0);
    let paths = |one: &TemplateDefinition, other| -> Vec<String> {
        one.differences(other)
            .into_iter()
            .map(|difference| difference.path)
            .collect()
    };
    let mut found = paths(&samples::parcel(), &changed);
    found.sort();
    assert!(
        found.contains(&"category".to_owned()) && found.len() > 3,
        "{found:?}"
    );
    let mut shorter = samples::code();
    shorter.components[2].code_expiration_minutes = Some(9.into());
    assert_eq!(
        paths(&samples::code(), &shorter),
        ["components[1].code_expiration_minutes"]
    );
}
