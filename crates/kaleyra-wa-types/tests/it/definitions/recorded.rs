//! Definitions in the shapes in which public projects submit them: each is read losslessly and breaks no limit.

use std::path::Path;

use kaleyra_wa_types::template::TemplateDefinition;
use serde_json::{Value, json};

use crate::fixtures::json_files;

fn check(what: &str, came: &Value) {
    let definition: TemplateDefinition = serde_json::from_value(came.clone()).unwrap();
    assert_eq!(serde_json::to_value(&definition).unwrap(), *came, "{what}");
    assert_eq!(definition.validate(), [], "{what}");
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

#[test]
fn recorded_definitions_are_read_losslessly_and_valid() {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/meta/templates");
    if !folder.is_dir() {
        println!("no corpus at {}: nothing checked", folder.display());
        return;
    }
    for (path, body) in json_files(&folder) {
        let recorded: Value = serde_json::from_slice(&body).unwrap();
        check(&path.display().to_string(), &recorded);
    }
}
