//! What is submitted of a definition that was read back, and values that are not known.

use kaleyra_wa_types::template::{
    ButtonKind, ComponentDefinition, Mismatch, OtpType, TemplateDefinition,
};
use serde_json::{Value, json};

use super::samples;

fn violations(definition: &TemplateDefinition) -> Vec<String> {
    let found = definition.submission_violations();
    found.iter().map(ToString::to_string).collect()
}

fn read(value: Value) -> TemplateDefinition {
    serde_json::from_value(value).unwrap()
}

#[test]
fn a_one_time_code_is_submitted_as_it_was_written() {
    let submitted = samples::code_read_back().for_submission();
    assert_eq!(
        serde_json::to_value(&submitted).unwrap(),
        json!({"name": "login_code", "language": "en_US", "category": "AUTHENTICATION", "parameter_format": "POSITIONAL",
            "message_send_ttl_seconds": 300, "components": [
                {"type": "BODY", "add_security_recommendation": true},
                {"type": "FOOTER", "code_expiration_minutes": 5},
                {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE", "text": "Copy code"}]}]})
    );
    assert_eq!(violations(&samples::code_read_back()), [""; 0]);

    // Where the link says less, or an app is needed that it does not tell, this has to be given.
    let with_link = |link: &str| {
        let mut definition = samples::code_read_back();
        definition.components[2].buttons[0].url = Some(link.to_owned());
        definition
    };
    assert_eq!(
        violations(&with_link(
            "https://www.whatsapp.com/otp/code/?code=otp{{1}}"
        )),
        ["components[2].buttons[0].otp_type: is missing: give COPY_CODE, ONE_TAP or ZERO_TAP"]
    );
    let one_tap = with_link("https://www.whatsapp.com/otp/code/?otp_type=ONE_TAP&code=otp{{1}}");
    assert_eq!(
        violations(&one_tap),
        [
            "components[2].buttons[0]: must be written once more, as the listed form has no supported_apps: a button of type OTP, \
          with otp_type ONE_TAP and supported_apps (package_name, signature_hash)"
        ]
    );
    assert_eq!(
        one_tap.for_submission().buttons()[0].otp_type,
        Some(OtpType::OneTap)
    );

    // How long it is good for is told by the link, where the footer has only words.
    let mut footer = samples::code_read_back();
    footer.components[1].code_expiration_minutes = None;
    let submitted = footer.for_submission();
    let minutes = submitted.components[1].code_expiration_minutes.clone();
    assert_eq!(minutes, Some(5.into()));
    assert_eq!(submitted.components[1].text, None);

    // What somebody wrote is not taken away, but refused.
    let mut written = samples::code();
    written.components[0].text = Some("My own words".to_owned());
    assert_eq!(written.for_submission(), written);
    assert_eq!(
        written.submission_violations()[0].path,
        "components[0].text"
    );
}

#[test]
fn a_sample_that_reads_back_as_a_link_is_refused_with_its_place() {
    let listed = read(
        json!({"id": "7", "company_id": "Z", "name": "n", "language": "en-US", "status": "APPROVED",
        "category": "MARKETING", "sub_category": "CUSTOM", "components": [
            {"type": "HEADER", "format": "VIDEO", "example": {"header_handle": ["https://cdn.example/a.mp4"]}},
            {"type": "BODY", "text": "Hello"},
            {"type": "BUTTONS", "buttons": [{"type": "COPY_CODE", "text": "Copy offer code", "example": ["A1"]}]}]}),
    );
    assert_eq!(
        violations(&listed),
        [
            "components[0].example.header_handle[0]: must be the handle of a sample, which is uploaded once more for it: \
          Meta lists a link, and does not take one"
        ]
    );
    let submitted = serde_json::to_value(listed.for_submission()).unwrap();
    assert_eq!(
        submitted["components"][2]["buttons"][0],
        json!({"type": "COPY_CODE", "example": "A1"})
    );
    assert_eq!(
        (&submitted["language"], &submitted["company_id"]),
        (&json!("en_US"), &Value::Null)
    );
    assert!(submitted.get("sub_category").is_none());
    // Of a card as well; and with a new handle there is nothing to refuse.
    let mut rooms = samples::rooms();
    let handle = |rooms: &mut TemplateDefinition, handle: &str| {
        let header: &mut ComponentDefinition = &mut rooms.components[1].cards[2].components[0];
        header.example.as_mut().unwrap().header_handle[0] = handle.to_owned();
    };
    handle(&mut rooms, "http://cdn.example/a");
    assert_eq!(
        rooms.submission_violations()[0].path,
        "components[1].cards[2].components[0].example.header_handle[0]"
    );
    handle(&mut rooms, "4::aQ");
    assert_eq!(violations(&rooms), [""; 0]);
}

#[test]
fn labels_of_whatsapp_s_own_are_no_difference() {
    let mut listed = samples::offer();
    let code = &mut listed.components[3].buttons[0];
    assert_eq!(code.kind, ButtonKind::CopyCode);
    code.text = Some("Copy offer code".to_owned());
    code.example = Some(json!(["GREEN20"]));
    assert_eq!(samples::offer().differences(&listed), []);
}

#[test]
fn a_button_for_one_time_codes_differs_where_both_tell() {
    let listed = samples::code_read_back();
    let paths = |file: &TemplateDefinition| -> Vec<String> {
        let found = listed.differences(file);
        found.into_iter().map(|it| it.path).collect()
    };
    // Another kind and another label; the apps are not listed.
    assert_eq!(
        paths(&samples::code()),
        [
            "components[2].buttons[0].otp_type",
            "components[2].buttons[0].text"
        ]
    );
    let mut file = samples::code();
    let button = &mut file.components[1].buttons[0];
    (button.otp_type, button.text) = (Some(OtpType::CopyCode), None);
    assert_eq!(paths(&file), [""; 0]);
    // Of two written ones everything counts.
    let mut other = samples::code();
    other.components[1].buttons[0].autofill_text = Some("Fill in".to_owned());
    other.components[1].buttons[0].supported_apps.clear();
    let found = samples::code().differences(&other);
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn examples_differ_where_both_have_them() {
    let definition = |handle: &str, name: Value| {
        read(
            json!({"name": "n", "language": "en", "category": "MARKETING", "components": [
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": [handle]}},
            {"type": "BODY", "text": "Hello {{1}}, all is new.", "example": {"body_text": name}}]}),
        )
    };
    let (link, other_link) = ("https://cdn.example/a.png", "https://cdn.example/b.png");
    let listed = definition(link, json!([["Anna"]]));
    for (file, path) in [
        (
            definition("4::aQ", json!([["Anna"]])),
            Some("components[0].example.header_handle[0]"),
        ),
        (definition(other_link, json!([["Anna"]])), None),
        (definition(link, json!(["Anna"])), None),
        (
            definition(link, json!([["Asha"]])),
            Some("components[1].example.body_text[0]"),
        ),
    ] {
        let found = listed.differences(&file);
        assert_eq!(found.first().map(|it| &*it.path), path);
        assert_eq!(found.len(), usize::from(path.is_some()), "{found:?}");
    }
}

#[test]
fn advice_is_about_what_is_wrong() {
    use kaleyra_wa_types::outbound::template::Template;
    let sent = |components: Value| -> Template {
        serde_json::from_value(
            json!({"name": "three_rooms", "language": {"code": "en_US"}, "components": components}),
        )
        .unwrap()
    };
    let rooms = samples::rooms();
    let found = rooms.check(&sent(json!([
        {"type": "header", "parameters": [{"type": "text", "text": "x"}]},
        {"type": "body", "parameters": [{"type": "text", "text": "Asha"}]},
        {"type": "carousel", "cards": []}, {"type": "footer"}])));
    let advice: Vec<_> = found.iter().map(|it| it.advice().unwrap()).collect();
    assert_eq!(advice[0], "leave this part out of the message");
    assert!(advice[1].starts_with("give as many cards"), "{advice:?}");
    // A part that no message has is told.
    let warnings = rooms.warnings(&sent(json!([{"type": "footer"}])));
    assert_eq!(warnings[0].path, "components[0].type");

    // Beside a single product the text is shorter; that is not certain.
    let product = read(
        json!({"name": "three_rooms", "language": "en_US", "category": "MARKETING", "components": [
        {"type": "HEADER", "format": "PRODUCT"}, {"type": "BODY", "text": "See {{1}} now."},
        {"type": "BUTTONS", "buttons": [{"type": "SPM", "text": "View"}]}]}),
    );
    let of_length = |length: usize| {
        let body =
            json!({"type": "body", "parameters": [{"type": "text", "text": "x".repeat(length)}]});
        let warnings = product.warnings(&sent(json!([body])));
        warnings.into_iter().map(|it| it.code).collect::<Vec<_>>()
    };
    assert_eq!((of_length(151), of_length(152)), (vec![], vec![132_005]));
}

#[test]
fn values_that_are_not_known_are_told_and_kept() {
    for (path, value) in [
        ("category", "UTILTY"),
        ("language", "en_XX"),
        ("parameter_format", "NUMBERED"),
        ("components[0].type", "BODDY"),
        ("components[1].format", "IMGE"),
        ("components[2].buttons[0].type", "QUIK_REPLY"),
        ("components[2].buttons[1].otp_type", "TWO_TAP"),
        ("components[2].buttons[2].flow_action", "fly"),
        ("components[2].buttons[2].icon", "STAR"),
        ("components[3].cards[0].components[0].format", "HOLOGRAM"),
        (
            "components[3].cards[0].components[1].buttons[0].type",
            "FAX",
        ),
    ] {
        let mut body = json!({"name": "n", "language": "en", "category": "UTILITY", "parameter_format": "NAMED", "components": [
            {"type": "BODY", "text": "Hello"}, {"type": "HEADER", "format": "LOCATION"},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "A"}, {"type": "OTP", "otp_type": "COPY_CODE"},
                {"type": "FLOW", "text": "B", "flow_id": "1", "flow_action": "navigate", "icon": "REVIEW"}]},
            {"type": "CAROUSEL", "cards": [{"components": [{"type": "HEADER", "format": "IMAGE"},
                {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "C", "url": "https://example.com"}]}]}]}]});
        assert_eq!(read(body.clone()).unknown_values(), []);
        let pointer = format!("/{}", path.replace(['.', '['], "/").replace(']', ""));
        *body.pointer_mut(&pointer).unwrap() = json!(value);
        let definition = read(body.clone());
        let found = definition.unknown_values();
        let paths: Vec<&str> = found.iter().map(|it| &*it.path).collect();
        assert_eq!(paths, [path]);
        assert!(!found[0].to_string().contains(value));
        assert_eq!(serde_json::to_value(&definition).unwrap(), body);
    }
}

#[test]
fn each_code_of_the_check_has_advice_of_its_own() {
    let codes = [
        100, 131_008, 131_009, 132_000, 132_001, 132_005, 132_007, 132_008, 132_012, 132_015,
        132_016, 132_018,
    ];
    let mut all: Vec<&str> = codes
        .iter()
        .map(|code| Mismatch::new("name", *code, "x").advice().unwrap())
        .collect();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), codes.len());
    assert_eq!(Mismatch::new("name", 1, "x").advice(), None);
}
