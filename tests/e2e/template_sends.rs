//! Forty sends of templates, right and wrong, against ten definitions: each wrong one is refused with Meta's code, by the check
//! and by the simulator, and each right one passes both.

use kaleyra_wa_sim::Simulator;
use kaleyra_wa_types::outbound::template::{Button, Card, Component, Parameter, Template};
use kaleyra_wa_types::outbound::{Document, Image, Location, Video};
use kaleyra_wa_types::template::{ButtonDefinition, CardDefinition, TemplateDefinition};

use crate::templates::{client, fate};

const NONE: [&str; 0] = [];

/// Ten definitions, of as many kinds.
fn definitions() -> Vec<TemplateDefinition> {
    let room = |text: &str| {
        CardDefinition::new()
            .header_image("4::aQ")
            .body(text, NONE)
            .button(ButtonDefinition::quick_reply("Book"))
            .button(
                ButtonDefinition::url("See", "https://example.com/r/{{1}}")
                    .example("https://example.com/r/7"),
            )
    };
    vec![
        TemplateDefinition::utility("closed", "en").body("We are closed on Monday.", NONE),
        TemplateDefinition::utility("parcel", "en_US")
            .header_text("Parcel {{1}}", ["A-17"])
            .body(
                "Hello {{1}}, it waits at {{2}} until Friday.",
                ["Anna", "Main Street"],
            )
            .button(
                ButtonDefinition::url("Track", "https://example.com/t/{{1}}")
                    .example("https://example.com/t/A17"),
            ),
        TemplateDefinition::marketing("welcome", "pt_BR").body_named(
            "Hello {{first_name}}, take {{discount}} off today!",
            [("first_name", "Anna"), ("discount", "20%")],
        ),
        TemplateDefinition::marketing("photo", "en")
            .header_image("4::aW1h")
            .body("New cups, {{1}}. Come and see them today.", ["Anna"]),
        TemplateDefinition::utility("bill", "de")
            .header_document("4::aW1h")
            .body("Your bill of {{1}} is here.", ["May"]),
        TemplateDefinition::utility("place", "en")
            .header_location()
            .body("We meet here.", NONE),
        TemplateDefinition::authentication("login", "en_US"),
        TemplateDefinition::marketing("coupon", "en")
            .body("Hi {{1}}, here is your code for today.", ["Anna"])
            .button(ButtonDefinition::copy_code("GREEN20"))
            .button(ButtonDefinition::quick_reply("Stop")),
        TemplateDefinition::marketing("offer", "en_US")
            .header_image("4::aW1h")
            .limited_time_offer("Ends soon", true)
            .body("Hi {{1}}, take {{2}} off all plants.", ["Anna", "20%"])
            .button(ButtonDefinition::copy_code("GREEN20")),
        TemplateDefinition::marketing("rooms", "en_US")
            .body("Rooms for {{1}} this week:", ["Anna"])
            .carousel([room("Sea view"), room("Garden view")]),
    ]
}

fn image() -> Image {
    Image::link("https://example.com/a.png")
}

fn parcel() -> Template {
    Template::new("parcel", "en_US")
}

fn full_parcel(values: &[&str]) -> Template {
    parcel()
        .header("B-4")
        .body(values.iter().copied())
        .button(Button::url(0, "B4"))
}

fn photo(header: impl Into<Parameter>) -> Template {
    Template::new("photo", "en").header(header).body(["Asha"])
}

fn place() -> Location {
    Location::new(12.97, 77.59)
        .name("The shop")
        .address("Main Street")
}

fn coupon(code: &str) -> Template {
    Template::new("coupon", "en")
        .body(["Asha"])
        .button(Button::copy_code(0, code))
}

fn offer() -> Template {
    let offer = Template::new("offer", "en_US").header(image());
    offer
        .body(["Asha", "25%"])
        .button(Button::copy_code(0, "GREEN25"))
}

fn card() -> Card {
    Card::new()
        .header(image())
        .button(Button::quick_reply(0, "book"))
        .button(Button::url(1, "7"))
}

fn rooms(cards: impl IntoIterator<Item = Card>) -> Template {
    Template::new("rooms", "en_US")
        .body(["Asha"])
        .carousel(cards)
}

/// Each send, and the code that it is refused with.
fn sends() -> Vec<(&'static str, Template, Option<i64>)> {
    let named = |pairs: &[(&'static str, &'static str)]| {
        Template::new("welcome", "pt_BR").body_named(pairs.iter().copied())
    };
    let bill = |header: Parameter| Template::new("bill", "de").header(header).body(["June"]);
    let document = || Document::link("https://example.com/bill.pdf");
    let mut other_index = card();
    other_index.card_index = Some(1.into());
    vec![
        // Count, and whether there is anything to fill in.
        ("no variables", Template::new("closed", "en"), None),
        (
            "values for no variable",
            Template::new("closed", "en").body(["Asha"]),
            Some(132_000),
        ),
        (
            "a header that is not defined",
            Template::new("closed", "en").header("Hi"),
            Some(132_018),
        ),
        (
            "another language",
            Template::new("closed", "de"),
            Some(132_001),
        ),
        (
            "a button that is not defined",
            Template::new("closed", "en").button(Button::url(0, "x")),
            Some(132_018),
        ),
        (
            "all that it takes",
            full_parcel(&["Asha", "Park Lane"]),
            None,
        ),
        ("a value too few", full_parcel(&["Asha"]), Some(132_000)),
        (
            "a value too many",
            full_parcel(&["Asha", "Park Lane", "today"]),
            Some(132_000),
        ),
        (
            "no value for the header",
            parcel()
                .body(["Asha", "Park Lane"])
                .button(Button::url(0, "B4")),
            Some(132_000),
        ),
        (
            "no end of the link",
            parcel().header("B-4").body(["Asha", "Park Lane"]),
            Some(131_008),
        ),
        (
            "the link at another place",
            parcel()
                .header("B-4")
                .body(["Asha", "Park Lane"])
                .button(Button::url(1, "B4")),
            Some(132_018),
        ),
        (
            "a line end",
            full_parcel(&["Asha", "Park\nLane"]),
            Some(132_018),
        ),
        (
            "a tab",
            full_parcel(&["Asha\t", "Park Lane"]),
            Some(132_018),
        ),
        (
            "five blanks",
            full_parcel(&["Asha", "Park     Lane"]),
            Some(132_018),
        ),
        ("four blanks", full_parcel(&["Asha", "Park    Lane"]), None),
        ("an empty value", full_parcel(&["Asha", ""]), Some(131_008)),
        (
            "too long once filled",
            full_parcel(&["Asha", &"x".repeat(1100)]),
            Some(132_005),
        ),
        (
            "a hyphen in the language",
            {
                let mut it = full_parcel(&["Asha", "Park Lane"]);
                it.language = "en-US".into();
                it
            },
            Some(132_001),
        ),
        // Names.
        (
            "by name, in another order",
            named(&[("discount", "25%"), ("first_name", "Asha")]),
            None,
        ),
        (
            "a name too few",
            named(&[("first_name", "Asha")]),
            Some(132_000),
        ),
        (
            "another name",
            named(&[("first_name", "Asha"), ("percent", "25%")]),
            Some(100),
        ),
        (
            "without names",
            Template::new("welcome", "pt_BR").body(["Asha", "25%"]),
            Some(100),
        ),
        // Headers of files and places.
        ("an image", photo(image()), None),
        (
            "a video for an image",
            photo(Video::link("https://example.com/a.mp4")),
            Some(132_012),
        ),
        ("a text for an image", photo("Hi"), Some(132_012)),
        (
            "no image",
            Template::new("photo", "en").body(["Asha"]),
            Some(132_012),
        ),
        ("a document", bill(document().into()), None),
        (
            "an image for a document",
            bill(image().into()),
            Some(132_012),
        ),
        (
            "a place",
            Template::new("place", "en").header(place()),
            None,
        ),
        ("no place", Template::new("place", "en"), Some(132_012)),
        // One-time codes.
        (
            "a code twice",
            Template::authentication("login", "en_US", "123456"),
            None,
        ),
        (
            "a code in the text only",
            Template::new("login", "en_US").body(["123456"]),
            Some(131_008),
        ),
        (
            "a code of 16 characters",
            Template::authentication("login", "en_US", "1234567890123456"),
            Some(132_018),
        ),
        // Coupons, offers, cards.
        ("a coupon", coupon("GREEN25"), None),
        ("an empty coupon", coupon(""), Some(131_008)),
        (
            "no coupon",
            Template::new("coupon", "en").body(["Asha"]),
            Some(131_008),
        ),
        (
            "an offer that ends",
            offer().limited_time_offer(1_798_000_000_000),
            None,
        ),
        ("an offer without an end", offer(), Some(131_008)),
        ("both cards", rooms([card(), card()]), None),
        ("a card too few", rooms([card()]), Some(132_018)),
        (
            "a card without its image",
            rooms([card(), Card::new().button(Button::url(1, "7"))]),
            Some(132_012),
        ),
        (
            "two cards of one index",
            rooms([other_index.clone(), other_index]),
            Some(132_018),
        ),
        (
            "no cards",
            Template::new("rooms", "en_US").body(["Asha"]),
            Some(132_018),
        ),
        (
            "a component of no kind",
            full_parcel(&["Asha", "Park Lane"]).component(Component::new("hologram".to_owned())),
            None,
        ),
    ]
}

#[tokio::test]
async fn right_ones_pass_and_wrong_ones_have_metas_code() {
    let sim: Simulator = crate::templates::simulator().await;
    let (client, waba) = client(&sim);
    let definitions = definitions();
    assert_eq!(definitions.len(), 10);
    for definition in &definitions {
        assert_eq!(definition.validate(), [], "{}", definition.name);
        waba.create_template(definition).await.unwrap();
    }
    sim.settle().await;
    let sends = sends();
    assert!(sends.len() >= 40, "{}", sends.len());
    let mut wrong = Vec::new();
    for (what, template, expected) in sends {
        let definition = definitions
            .iter()
            .find(|it| it.name == template.name)
            .unwrap();
        let checked = definition.check(&template).first().map(|it| it.code);
        let judged = fate(&sim, &client, template.clone()).await;
        if (checked, judged) != (expected, expected) {
            wrong.push(format!(
                "{what}: {expected:?}, checked {checked:?}, judged {judged:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    sim.shutdown().await;
}
