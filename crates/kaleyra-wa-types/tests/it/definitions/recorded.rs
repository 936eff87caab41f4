//! Definitions in the shapes in which public projects submit them: each is read losslessly and breaks no limit.

use kaleyra_wa_types::template::TemplateDefinition;
use serde_json::{Value, json};

fn check(what: &str, came: &Value) {
    let definition: TemplateDefinition = serde_json::from_value(came.clone()).unwrap();
    assert_eq!(serde_json::to_value(&definition).unwrap(), *came, "{what}");
    assert_eq!(definition.validate(), [], "{what}");
    assert_eq!(definition.unknown_values(), [], "{what}");
}

/// With invented content.
#[test]
fn the_shapes_of_public_projects_are_read_and_valid() {
    let shapes = [
        // Kinds in small letters, a body without anything, a life for the message.
        json!({"name": "login_en", "category": "authentication", "language": "en_US", "message_send_ttl_seconds": 600,
            "components": [{"type": "body"}, {"type": "footer", "code_expiration_minutes": 10},
                {"type": "buttons", "buttons": [{"type": "otp", "otp_type": "copy_code", "text": "Copiar"}]}]}),
        // A tap that hands the code on, with terms accepted.
        json!({"name": "login_zero", "category": "AUTHENTICATION", "language": "zh_CN", "components": [
            {"type": "BODY", "add_security_recommendation": true},
            {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "ZERO_TAP", "text": "Copy", "autofill_text": "Fill in",
                "zero_tap_terms_accepted": true,
                "supported_apps": [{"package_name": "com.example.app", "signature_hash": "A1b2C3d4E5f"}]}]}]}),
        // Line ends and quotes in the text, values of several words and of links.
        json!({"name": "report_ready", "category": "UTILITY", "language": "es", "components": [{"type": "BODY",
            "text": "Hay un informe \"{{1}}\" de {{2}}.\nFecha: {{3}}\nEnlace: {{4}}\nGracias por abrirlo hoy.",
            "example": {"body_text": [["Enero", "La Tienda", "2026-01-31", "https://example.com/r/a1"]]}}]}),
        // The example of a link is only what goes into its variable.
        json!({"name": "sign_in", "category": "UTILITY", "language": "en", "components": [
            {"type": "BODY", "text": "Sign in with this button. It works for ten minutes."},
            {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Sign in", "url": "https://example.com/login?token={{1}}",
                "example": ["00000000-0000-0000-0000-000000000000"]}]}]}),
        // Names, with a link that is counted all the same.
        json!({"name": "menu", "category": "MARKETING", "language": "pt_BR", "parameter_format": "NAMED", "components": [
            {"type": "BODY", "text": "Oi, {{nome}}! O menu de {{dia}} chegou.", "example": {"body_text_named_params": [
                {"param_name": "nome", "example": "Ana"}, {"param_name": "dia", "example": "hoje"}]}},
            {"type": "BUTTONS", "buttons": [
                {"type": "QUICK_REPLY", "text": "Não quero mensagens"},
                {"type": "URL", "text": "Abrir", "url": "https://example.com/?id={{1}}", "example": ["https://example.com/?id=a1"]}]}]}),
        // A carousel whose cards have a text each and a link without a variable.
        json!({"name": "recipes", "category": "marketing", "language": "en_US", "components": [
            {"type": "body", "text": "Our cooks have made fresh summer recipes."},
            {"type": "carousel", "cards": [
                {"components": [{"type": "header", "format": "image", "example": {"header_handle": ["4::aQ"]}},
                    {"type": "body", "text": "A dinner for all of you"},
                    {"type": "buttons", "buttons": [{"type": "url", "text": "Get it", "url": "https://example.com/a"}]}]},
                {"components": [{"type": "header", "format": "image", "example": {"header_handle": ["4::aR"]}},
                    {"type": "body", "text": "Three bowls of salad"},
                    {"type": "buttons", "buttons": [{"type": "url", "text": "Get it", "url": "https://example.com/b"}]}]}]}]}),
        // An offer that ends, whose code stands without a list.
        json!({"name": "berries", "category": "marketing", "language": "en_US", "components": [
            {"type": "header", "format": "image", "example": {"header_handle": ["4::aQ"]}},
            {"type": "limited_time_offer", "limited_time_offer": {"text": "Ends soon!", "has_expiration": true}},
            {"type": "body", "text": "Berries are 20% off! Get them while they last"},
            {"type": "buttons", "buttons": [{"type": "copy_code", "example": "BERRIES20"},
                {"type": "url", "text": "Shop now", "url": "https://example.com/s"}]}]}),
        // As it is listed: a place above, a sample that reads back as a link, fields of the server's own.
        json!({"id": "734500000000001", "name": "on_its_way", "status": "APPROVED", "category": "UTILITY", "language": "en_US",
            "previous_category": "MARKETING", "quality_score": {"score": "GREEN", "date": 1_760_000_000}, "company_id": "Z1",
            "components": [{"type": "HEADER", "format": "LOCATION"},
                {"type": "BODY", "text": "Good news {{1}}! Order #{{2}} is on its way. Thank you!", "example": {"body_text": [["Mia", "17"]]}},
                {"type": "FOOTER", "text": "To stop these messages, tap below."},
                {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Stop"}]}]}),
    ];
    for shape in &shapes {
        check(&shape["name"].to_string(), shape);
    }
}

fn all_alone(name: &str, parts: Value) -> Value {
    json!({"name": name, "category": "MARKETING", "language": "en_US", "components": parts})
}

/// Every kind of header, alone above a text.
#[test]
fn headers_of_each_kind_are_read_and_valid() {
    let body = json!({"type": "BODY", "text": "Have a look at this."});
    for header in [
        json!({"type": "HEADER", "format": "TEXT", "text": "News"}),
        json!({"type": "HEADER", "format": "TEXT", "text": "News for {{1}}", "example": {"header_text": ["Anna"]}}),
        json!({"type": "HEADER", "format": "TEXT", "text": "Our {{sale}} starts!", "example": {"header_text_named_params": [
            {"param_name": "sale", "example": "Summer Sale"}]}}),
        json!({"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aW1hZ2UvcG5n:ARZ"]}}),
        json!({"type": "HEADER", "format": "VIDEO", "example": {"header_handle": ["4::dmlkZW8vbXA0:ARZ"]}}),
        json!({"type": "HEADER", "format": "DOCUMENT", "example": {"header_handle": ["4::YXBwbGljYXRpb24vcGRm:ARZ"]}}),
        json!({"type": "HEADER", "format": "GIF", "example": {"header_handle": ["4::dmlkZW8vbXA0:ARZ"]}}),
        json!({"type": "HEADER", "format": "LOCATION"}),
        json!({"type": "HEADER", "format": "PRODUCT"}),
        // A sample that stands as a link, as some projects keep it, or without the brackets.
        json!({"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["https://cdn.example/banner.jpg"]}}),
        json!({"type": "header", "format": "document", "example": {"header_handle": "4::YXBwbGljYXRpb24vcGRm:ARZ"}}),
    ] {
        check(
            &header.to_string(),
            &all_alone("header", json!([header, body])),
        );
    }
}

/// Every kind of button, alone below a text, in the forms in which they are written.
#[test]
fn buttons_of_each_kind_are_read_and_valid() {
    let body = json!({"type": "BODY", "text": "Have a look at this."});
    for button in [
        json!({"type": "QUICK_REPLY", "text": "Unsubscribe from all"}),
        json!({"type": "URL", "text": "Shop now", "url": "https://example.com/shop"}),
        json!({"type": "URL", "text": "Shop now", "url": "https://example.com/shop?c={{1}}", "example": ["https://example.com/shop?c=1"]}),
        json!({"type": "URL", "text": "Open", "url": "https://example.com/a", "app_deep_link": {"meta_app_id": "1", "android_deep_link": "app://a"}}),
        json!({"type": "PHONE_NUMBER", "text": "Call", "phone_number": "15550051310"}),
        json!({"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+1(650)555-0100"}),
        json!({"type": "COPY_CODE", "example": "250FF"}),
        json!({"type": "COPY_CODE", "text": "Copy offer code", "example": ["250FF"]}),
        json!({"type": "FLOW", "text": "Sign up", "flow_id": "1", "flow_action": "navigate", "navigate_screen": "SIGN_UP"}),
        json!({"type": "FLOW", "text": "Sign up", "flow_name": "sign_up", "flow_action": "data_exchange"}),
        json!({"type": "FLOW", "text": "Sign up", "flow_json": "{\"version\":\"5.0\",\"screens\":[]}", "icon": "PROMOTION"}),
        json!({"type": "FLOW", "text": "Sign up", "flow_id": 1}),
        json!({"type": "CATALOG", "text": "View catalog"}),
        json!({"type": "MPM", "text": "View items"}),
        json!({"type": "SPM", "text": "View"}),
        json!({"type": "ORDER_DETAILS", "text": "Review and Pay"}),
        json!({"type": "VOICE_CALL", "text": "Call on WhatsApp"}),
        json!({"type": "voice_call", "text": "Call Now"}),
        json!({"type": "REQUEST_CONTACT_INFO"}),
    ] {
        let buttons = json!({"type": "BUTTONS", "buttons": [button]});
        check(
            &button.to_string(),
            &all_alone("button", json!([body, buttons])),
        );
    }
    for button in [
        json!({"type": "OTP", "otp_type": "COPY_CODE"}),
        json!({"type": "OTP", "otp_type": "COPY_CODE", "text": "Copy Code"}),
        json!({"type": "OTP", "otp_type": "ONE_TAP", "text": "Copy Code", "autofill_text": "Autofill",
            "package_name": "com.example.shrub", "signature_hash": "K8a/AINcGX7"}),
        json!({"type": "OTP", "otp_type": "ONE_TAP", "supported_apps": [
            {"package_name": "com.example.shrub", "signature_hash": "K8a/AINcGX7"},
            {"package_name": "com.example.shrub_dev", "signature_hash": "xCk+AINcGX7"}]}),
        json!({"type": "otp", "otp_type": "zero_tap", "zero_tap_terms_accepted": true, "supported_apps": [
            {"package_name": "com.example.shrub", "signature_hash": "K8a/AINcGX7"}]}),
    ] {
        let code = json!({"name": "code", "category": "AUTHENTICATION", "language": "pt_BR", "components": [
            {"type": "BODY", "add_security_recommendation": true},
            {"type": "FOOTER", "code_expiration_minutes": 10},
            {"type": "BUTTONS", "buttons": [button]}]});
        check(&button.to_string(), &code);
    }
}

/// What is more than a header, a text and buttons.
#[test]
fn wholes_of_each_kind_are_read_and_valid() {
    let product = |button: Value| json!({"components": [{"type": "header", "format": "product"}, {"type": "buttons", "buttons": [button]}]});
    let view = || json!({"type": "spm", "text": "View"});
    let see = || json!({"type": "url", "text": "See", "url": "https://example.com/p"});
    let video = |text: &str| {
        json!({"components": [
            {"type": "HEADER", "format": "VIDEO", "example": {"header_handle": ["4::dmlkZW8"]}},
            {"type": "BODY", "text": text, "example": {"body_text": [["15OFF", "15%"]]}},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Send more"},
                {"type": "URL", "text": "Buy", "url": "https://example.com/{{1}}", "example": ["BLUE"]}]}]})
    };
    for parts in [
        json!([{"type": "body", "text": "New cups:"}, {"type": "carousel", "cards": [product(view()), product(view())]}]),
        json!([{"type": "body", "text": "New cups:"}, {"type": "carousel", "cards": [product(see()), product(see())]}]),
        json!([{"type": "BODY", "text": "Two plants, {{1}}, for you", "example": {"body_text": [["Mark"]]}},
            {"type": "CAROUSEL", "cards": [video("Add {{1}} for {{2}} off!"), video("Use {{1}} and get {{2}} off!")]}]),
        // A card may be without a text, if all are.
        json!([{"type": "BODY", "text": "Two plants"}, {"type": "CAROUSEL", "cards": [
            {"components": [{"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aQ"]}},
                {"type": "BUTTONS", "buttons": [{"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+15550100"}]}]},
            {"components": [{"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4::aR"]}},
                {"type": "BUTTONS", "buttons": [{"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+15550100"}]}]}]}]),
        json!([{"type": "header", "format": "video", "example": {"header_handle": ["4::dm"]}},
            {"type": "limited_time_offer", "limited_time_offer": {"text": "Until Sunday", "has_expiration": false}},
            {"type": "body", "text": "All plants are cheaper."},
            {"type": "buttons", "buttons": [{"type": "url", "text": "Shop", "url": "https://example.com/s"}]}]),
        json!([{"type": "BODY", "text": "May we call you about your order?"}, {"type": "call_permission_request"}]),
        json!([{"type": "HEADER", "format": "TEXT", "text": "Cups"}, {"type": "BODY", "text": "Five for you:"},
            {"type": "BUTTONS", "buttons": [{"type": "MPM", "text": "View items"}]}]),
        json!([{"type": "BODY", "text": "Ten buttons below."}, {"type": "BUTTONS", "buttons":
            (0..10).map(|at| json!({"type": "QUICK_REPLY", "text": format!("Answer {at}")})).collect::<Vec<_>>()}]),
        json!([{"type": "BODY", "text": "Reply, visit, or call."}, {"type": "BUTTONS", "buttons": [
            {"type": "QUICK_REPLY", "text": "Yes"}, {"type": "QUICK_REPLY", "text": "No"},
            {"type": "URL", "text": "Visit", "url": "https://example.com"}, {"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+15550100"}]}]),
    ] {
        check(&parts.to_string(), &all_alone("whole", parts));
    }
    for extra in [
        json!({"sub_category": "ORDER_STATUS", "category": "UTILITY"}),
        json!({"sub_category": "CUSTOM", "id": "594425479261596", "status": "PENDING"}),
        json!({"parameter_format": "named"}),
        json!({"parameter_format": "POSITIONAL"}),
        json!({"message_send_ttl_seconds": -1, "category": "UTILITY"}),
        json!({"allow_category_change": true}),
        json!({"cta_url_link_tracking_opted_out": true, "display_format": "ORDER_DETAILS"}),
        json!({"degrees_of_freedom_spec": {"creative_features_spec": {"image_animation": {"enroll_status": "OPT_IN"}}}}),
        json!({"id": "7", "status": "REJECTED", "rejected_reason": "INVALID_FORMAT", "quality_score": {"score": "UNKNOWN", "date": 1_700_000_000}}),
    ] {
        let mut whole = all_alone(
            "extra",
            json!([{"type": "BODY", "text": "Your order is on its way."}]),
        );
        for (name, value) in extra.as_object().unwrap() {
            whole[name] = value.clone();
        }
        check(&extra.to_string(), &whole);
    }
    let by_name = json!({"name": "delivery_update_1", "language": "en_US", "category": "UTILITY",
        "library_template_name": "delivery_update_1",
        "library_template_button_inputs": [{"type": "URL", "url": {"base_url": "https://example.com/{{1}}", "url_suffix_example": "https://example.com/1"}}]});
    check("of the library", &by_name);
}

/// All that Meta's page had when this was written.
#[test]
fn every_documented_language_is_known() {
    assert!(TemplateDefinition::LANGUAGES.is_sorted());
    for language in TemplateDefinition::LANGUAGES {
        let definition =
            TemplateDefinition::utility("closed", *language).body("We are closed.", [""; 0]);
        assert_eq!(definition.validate(), [], "{language}");
        assert_eq!(definition.unknown_values(), [], "{language}");
    }
}
