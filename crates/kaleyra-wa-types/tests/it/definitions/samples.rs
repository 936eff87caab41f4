//! Definitions of each kind, with invented content.

use kaleyra_wa_types::template::{
    ButtonDefinition, CardDefinition, ParameterFormat, SupportedApp, TemplateDefinition,
};

pub(super) const NONE: [&str; 0] = [];

/// A text header, two values, a quick reply, a link with an end and one without, a number.
pub(super) fn parcel() -> TemplateDefinition {
    TemplateDefinition::utility("parcel_ready", "en_US")
        .header_text("Parcel {{1}}", ["A-17"])
        .body(
            "Hello {{1}}, your parcel waits at {{2}} until Friday.",
            ["Anna", "Main Street"],
        )
        .footer("Example Post")
        .button(ButtonDefinition::quick_reply("Later"))
        .button(
            ButtonDefinition::url("Track", "https://example.com/t/{{1}}")
                .example("https://example.com/t/A17"),
        )
        .button(ButtonDefinition::url("Shop", "https://example.com/shop"))
        .button(ButtonDefinition::phone_number("Call us", "+15550100"))
}

/// Named variables, in the header too.
pub(super) fn welcome() -> TemplateDefinition {
    let mut definition = TemplateDefinition::marketing("welcome", "pt_BR")
        .header_text("Hi {{first_name}}", NONE)
        .body_named(
            "Hello {{first_name}}, take {{discount}} off today!",
            [("first_name", "Anna"), ("discount", "20%")],
        );
    definition.components[0] = kaleyra_wa_types::template::ComponentDefinition::header_text_named(
        "Hi {{first_name}}",
        "first_name",
        "Anna",
    );
    assert_eq!(
        definition.parameter_format.as_ref(),
        Some(&ParameterFormat::Named)
    );
    definition
}

/// No variable at all.
pub(super) fn plain() -> TemplateDefinition {
    TemplateDefinition::utility("plain", "en").body("We are closed on Monday.", NONE)
}

pub(super) fn photo() -> TemplateDefinition {
    TemplateDefinition::marketing("photo", "en")
        .header_image("4::aW1h")
        .body("New cups, {{1}}.\nCome and see them today.", ["Anna"])
}

pub(super) fn place() -> TemplateDefinition {
    TemplateDefinition::utility("place", "en")
        .header_location()
        .body("We meet here.", NONE)
}

pub(super) fn code() -> TemplateDefinition {
    let app = SupportedApp::new("com.example.app", "A1b2C3d4E5f");
    TemplateDefinition::authentication("login_code", "en_US")
        .security_recommendation()
        .code_expiration_minutes(5)
        .one_time_code_button(ButtonDefinition::one_tap([app]).text("Copy"))
        .ttl_seconds(300)
}

/// What Meta gives back of [`code`].
pub(super) fn code_read_back() -> TemplateDefinition {
    serde_json::from_value(serde_json::json!({
        "id": "734500000000001", "name": "login_code", "language": "en_US", "status": "APPROVED",
        "category": "AUTHENTICATION", "parameter_format": "POSITIONAL", "message_send_ttl_seconds": 300,
        "components": [
            {"type": "BODY", "text": "*{{1}}* is your verification code. For your security, do not share this code.",
             "add_security_recommendation": true, "example": {"body_text": [["123456"]]}},
            {"type": "FOOTER", "text": "This code expires in 5 minutes.", "code_expiration_minutes": 5},
            {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Copy code",
             "url": "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code_expiration_minutes=5&code=otp{{1}}",
             "example": ["https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp123456"]}]},
        ],
    }))
    .unwrap()
}

pub(super) fn offer() -> TemplateDefinition {
    TemplateDefinition::marketing("spring_offer", "en_US")
        .header_image("4::aW1h")
        .limited_time_offer("Ends soon", true)
        .body("Hi {{1}}, take {{2}} off all plants.", ["Anna", "20%"])
        .button(ButtonDefinition::copy_code("GREEN20"))
        .button(
            ButtonDefinition::url("Shop", "https://example.com/s?c={{1}}")
                .example("https://example.com/s?c=1"),
        )
}

pub(super) fn rooms() -> TemplateDefinition {
    let room = |text: &str| {
        CardDefinition::new()
            .header_image("4::aQ")
            .body(
                text,
                if text.contains("{{") {
                    &["Anna"][..]
                } else {
                    &[]
                }
                .iter()
                .copied(),
            )
            .button(ButtonDefinition::quick_reply("Book"))
            .button(
                ButtonDefinition::url("See", "https://example.com/r/{{1}}")
                    .example("https://example.com/r/7"),
            )
    };
    TemplateDefinition::marketing("three_rooms", "en_US")
        .body("Rooms for {{1}} this week:", ["Anna"])
        .carousel([
            room("Sea view for {{1}} today"),
            room("Garden view"),
            room("No view"),
        ])
}

pub(super) fn products() -> TemplateDefinition {
    let card = || {
        CardDefinition::new()
            .header_product()
            .button(ButtonDefinition::spm())
    };
    TemplateDefinition::marketing("products", "en")
        .body("New this week:", NONE)
        .carousel([card(), card()])
}

/// A flow, a catalog, a choice of products and an order, each alone.
pub(super) fn shop() -> [TemplateDefinition; 4] {
    let of = |name: &str, button| {
        TemplateDefinition::marketing(name, "en")
            .body("Have a look.", NONE)
            .button(button)
    };
    [
        of(
            "flow",
            ButtonDefinition::flow("Book", "123456")
                .navigate_screen("START")
                .flow_action("navigate"),
        ),
        of("catalog", ButtonDefinition::catalog()),
        of("mpm", ButtonDefinition::mpm()).header_text("Cups", NONE),
        of("order", ButtonDefinition::order_details()),
    ]
}

pub(super) fn all() -> Vec<TemplateDefinition> {
    let mut all = vec![
        parcel(),
        welcome(),
        plain(),
        photo(),
        place(),
        code(),
        offer(),
        rooms(),
        products(),
    ];
    all.extend(shop());
    all
}
