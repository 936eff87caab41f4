//! What holds for every definition and every message, whatever is in them.

use kaleyra_wa_types::outbound::template::Template;
use kaleyra_wa_types::template::TemplateDefinition;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Texts with variables, signs of several bytes, blanks and braces in the wrong places.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("Hello ".to_owned()),
        Just("{{1}}".to_owned()),
        Just("{{2}}".to_owned()),
        Just("{{ 3 }}".to_owned()),
        Just("{{first_name}}".to_owned()),
        Just("{{0}}".to_owned()),
        Just("{{99999999999999999999}}".to_owned()),
        Just("{{".to_owned()),
        Just("}}".to_owned()),
        Just("\n\t     ".to_owned()),
        Just("नमस्ते 👩‍👩‍👧".to_owned()),
        "[a-z ]{0,40}",
        Just("x".repeat(600)),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// Any of these, or what is none of them.
fn of(names: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => prop::sample::select(names).prop_map(Value::from),
        1 => text().prop_map(Value::from),
    ]
}

fn button() -> impl Strategy<Value = Value> {
    let kinds = of(&[
        "QUICK_REPLY",
        "URL",
        "PHONE_NUMBER",
        "COPY_CODE",
        "OTP",
        "FLOW",
        "CATALOG",
        "MPM",
        "SPM",
        "ORDER_DETAILS",
        "VOICE_CALL",
        "REQUEST_CONTACT_INFO",
    ]);
    (kinds, text(), text(), any::<Option<i64>>()).prop_map(|(kind, label, url, example)| {
        json!({"type": kind, "text": label, "url": format!("https://example.com/{url}"), "phone_number": label,
            "example": example.map_or(json!([url]), |number| json!(number)), "otp_type": label, "flow_id": label})
    })
}

fn component(depth: u32) -> BoxedStrategy<Value> {
    let kinds = of(&[
        "HEADER",
        "BODY",
        "FOOTER",
        "BUTTONS",
        "LIMITED_TIME_OFFER",
        "CALL_PERMISSION_REQUEST",
    ]);
    let formats = of(&["TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION", "PRODUCT"]);
    let flat = (kinds, formats, text(), prop::collection::vec(button(), 0..4), any::<Option<i64>>()).prop_map(
        |(kind, format, text, buttons, number)| {
            json!({"type": kind, "format": format, "text": text, "buttons": buttons, "code_expiration_minutes": number,
                "example": {"body_text": [[text]], "header_text": [text]},
                "limited_time_offer": {"text": text, "has_expiration": number.is_some()}})
        },
    );
    if depth == 0 {
        return flat.boxed();
    }
    let cards = prop::collection::vec(prop::collection::vec(component(depth - 1), 0..4), 0..12)
        .prop_map(|cards| {
            let cards: Vec<Value> = cards
                .into_iter()
                .map(|components| json!({"components": components}))
                .collect();
            json!({"type": "CAROUSEL", "cards": cards})
        });
    prop_oneof![5 => flat, 1 => cards].boxed()
}

fn definition() -> impl Strategy<Value = TemplateDefinition> {
    let categories = of(&["MARKETING", "UTILITY", "AUTHENTICATION"]);
    let formats = of(&["NAMED", "POSITIONAL"]);
    let components = prop::collection::vec(component(1), 0..6);
    (categories, formats, components, any::<Option<i64>>()).prop_map(|(category, format, components, ttl)| {
        let definition = json!({"name": "any", "language": "en_US", "category": category, "parameter_format": format,
            "components": components, "message_send_ttl_seconds": ttl});
        serde_json::from_value(definition).unwrap()
    })
}

fn parameter() -> impl Strategy<Value = Value> {
    let kinds = of(&[
        "text",
        "currency",
        "image",
        "video",
        "location",
        "payload",
        "coupon_code",
        "action",
        "product",
    ]);
    (kinds, text(), any::<Option<bool>>()).prop_map(|(kind, text, named)| {
        let mut parameter = json!({"type": kind, "text": text, "payload": text, "coupon_code": text,
            "image": {"id": text}, "currency": {"fallback_value": text}});
        if named.is_some() {
            parameter["parameter_name"] = "first_name".into();
        }
        parameter
    })
}

fn sent(depth: u32) -> BoxedStrategy<Value> {
    let kinds = of(&[
        "header",
        "body",
        "button",
        "limited_time_offer",
        "order_status",
    ]);
    let sub_types = of(&["url", "quick_reply", "copy_code", "flow", "mpm", "catalog"]);
    let parameters = prop::collection::vec(parameter(), 0..4);
    let flat = (kinds, sub_types, any::<i64>(), parameters).prop_map(|(kind, sub_type, index, parameters)| {
        json!({"type": kind, "sub_type": sub_type, "index": index % 12, "parameters": parameters})
    });
    if depth == 0 {
        return flat.boxed();
    }
    let card = (any::<i64>(), prop::collection::vec(sent(depth - 1), 0..4));
    let cards = prop::collection::vec(card, 0..12).prop_map(|cards| {
        let cards = cards
            .into_iter()
            .map(|(index, components)| json!({"card_index": index, "components": components}));
        json!({"type": "carousel", "cards": cards.collect::<Vec<_>>()})
    });
    prop_oneof![5 => flat, 1 => cards].boxed()
}

fn message() -> impl Strategy<Value = Template> {
    prop::collection::vec(sent(1), 0..6).prop_map(|components| {
        let message =
            json!({"name": "any", "language": {"code": "en_US"}, "components": components});
        serde_json::from_value(message).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics_and_nothing_is_lost(definition in definition(), message in message()) {
        definition.validate();
        definition.advice();
        let refused = definition.check(&message);
        for mismatch in &refused {
            prop_assert!(mismatch.code >= 100 && !mismatch.path.is_empty() && !mismatch.reason.is_empty());
        }
        definition.warnings(&message);
        let _ = definition.render(&message).to_string();
        let written = serde_json::to_value(&definition).unwrap();
        let again: TemplateDefinition = serde_json::from_value(written.clone()).unwrap();
        prop_assert_eq!(serde_json::to_value(&again).unwrap(), written);
        prop_assert!(definition.differences(&again).is_empty());
    }

    #[test]
    fn what_is_made_from_a_definition_fits_it(definition in definition(), values in prop::collection::vec(text(), 0..4), button in text()) {
        let made = definition.message().values(values.iter().map(String::as_str)).button(0, button.as_str()).build();
        if let Ok(message) = made {
            prop_assert_eq!(definition.check(&message), []);
        }
    }

    #[test]
    fn a_text_template_can_always_be_made(
        words in prop::collection::vec("[a-z]{1,8}", 2..20),
        values in prop::collection::vec("[a-zA-Z0-9]{1,20}", 1..5),
    ) {
        // A variable between every two words, as far as there are values.
        let count = values.len().min(words.len() - 1);
        let mut body = words[0].clone();
        for (at, word) in words[1..].iter().enumerate() {
            if at < count {
                body += &format!(" {{{{{}}}}}", at + 1);
            }
            body += &format!(" {word}");
        }
        let examples: Vec<&str> = values[..count].iter().map(String::as_str).collect();
        let definition = TemplateDefinition::utility("made", "en").body(body, examples.clone());
        prop_assert_eq!(definition.validate(), []);
        let message = definition.message().values(examples).build().unwrap();
        prop_assert_eq!(definition.check(&message), []);
        let rendered = definition.render(&message).body;
        prop_assert!(!rendered.contains("{{") && rendered.split(' ').count() == words.len() + count);
    }
}
