//! Messages made from definitions, and what the user will see.

use kaleyra_wa_types::outbound::template::{Button, Card, Component, Parameter, Template};
use kaleyra_wa_types::outbound::{Image, Video};
use kaleyra_wa_types::template::{
    Rendered, RenderedHeader, TemplateDefinition, TemplateMessage, TemplateMismatch,
};

use super::samples;

fn codes(made: Result<Template, TemplateMismatch>) -> Vec<i64> {
    let error = made.unwrap_err();
    assert!(!error.to_string().is_empty());
    error
        .mismatches()
        .iter()
        .map(|mismatch| mismatch.code)
        .collect()
}

#[test]
fn a_message_is_what_it_would_be_by_hand() {
    let made = samples::parcel()
        .message()
        .header("A-17")
        .values(["Asha", "Park Lane"])
        .button(1, "A17")
        .build()
        .unwrap();
    assert_eq!(
        made,
        Template::new("parcel_ready", "en_US")
            .header("A-17")
            .body(["Asha", "Park Lane"])
            .button(Button::url(1, "A17"))
    );
    // By the numbers, in any order; the header shares the number of the body.
    let definition = samples::parcel();
    let made = definition
        .message()
        .header("A-17")
        .value("2", "Park Lane")
        .value("1", "Asha")
        .button(1, "A17")
        .button(0, "later");
    let made = made.build().unwrap();
    assert_eq!(
        made.components[1],
        Template::new("x", "en")
            .body(["Asha", "Park Lane"])
            .components[0]
    );
    assert_eq!(
        made.components[3],
        Component::from(Button::quick_reply(0, "later"))
    );

    let made = samples::welcome()
        .message()
        .value("discount", "5%")
        .value("first_name", "Asha")
        .build()
        .unwrap();
    assert_eq!(
        made,
        Template::new("welcome", "pt_BR")
            .header(Parameter::from("Asha").named("first_name"))
            .body_named([("first_name", "Asha"), ("discount", "5%")])
    );
    let made = samples::welcome()
        .message()
        .header("Dr. Rao")
        .values(["Asha", "5%"])
        .build()
        .unwrap();
    assert_eq!(
        made.components[1].parameters[1].parameter_name.as_deref(),
        Some("discount")
    );

    let offer = samples::offer();
    let made = offer
        .message()
        .header(Image::id("2000001"))
        .values(["Asha", "5%"])
        .button(0, "GREEN")
        .button(1, "7")
        .offer_ends(1_900_000_000_000);
    let made = made.build().unwrap();
    assert!(
        made.components
            .contains(&Component::from(Button::copy_code(0, "GREEN")))
    );

    let [flow, ..] = samples::shop();
    assert_eq!(
        flow.message().build().unwrap().components,
        [Component::from(Button::from(Button::flow(0)))]
    );
    let turned = TemplateDefinition::utility("t", "en").body("b {{2}} a {{1}} c", ["1", "2"]);
    assert_eq!(
        turned
            .render(&turned.message().values(["one", "two"]).build().unwrap())
            .body,
        "b two a one c"
    );
}

#[test]
fn every_error_is_told_at_once() {
    assert_eq!(
        codes(samples::parcel().message().values(["Asha"]).build()),
        [132_000, 132_000, 131_008]
    );
    assert_eq!(
        codes(samples::plain().message().values(["a"]).build()),
        [132_000]
    );
    assert_eq!(
        codes(samples::plain().message().value("name", "a").build()),
        [100]
    );
    assert_eq!(
        codes(samples::plain().message().button(0, "a").build()),
        [132_018]
    );
    assert_eq!(
        codes(samples::plain().message().header("a").build()),
        [132_018]
    );
    assert_eq!(
        codes(
            samples::photo()
                .message()
                .header(Video::id("2000001"))
                .values(["a\nb"])
                .build()
        ),
        [132_012, 132_018]
    );
    assert_eq!(codes(samples::code().message().build()), [132_000, 131_008]);
    assert_eq!(
        codes(samples::code().message().code("1".repeat(16)).build()),
        [132_018, 132_018]
    );
    let card = |made: TemplateMessage<'_>| codes(made.values(["Asha"]).build());
    assert_eq!(card(samples::rooms().message()), [132_018]);
    assert_eq!(
        card(samples::rooms().message().card(|card| card)),
        [132_018, 132_012, 132_000, 131_008]
    );
    let mut paused = samples::plain();
    paused.status = Some(kaleyra_wa_types::template::TemplateStatus::Paused);
    assert_eq!(codes(paused.message().build()), [132_015]);
}

#[test]
fn what_the_user_will_see_is_rendered() {
    let definition = samples::parcel();
    let message = definition
        .message()
        .header("A-17")
        .values(["Asha", "Park Lane"])
        .button(1, "A17")
        .build()
        .unwrap();
    assert_eq!(
        definition.render(&message).to_string(),
        "Parcel A-17\n\nHello Asha, your parcel waits at Park Lane until Friday.\n\nExample Post\n\n\
         [Later]\n[Track] https://example.com/t/A17\n[Shop] https://example.com/shop\n[Call us] +15550100"
    );
    let code = samples::code();
    let rendered = code.render(&Template::authentication("login_code", "en_US", "123456"));
    assert_eq!(
        rendered.to_string(),
        "*123456* is your verification code. For your security, do not share this code.\n\n\
         This code expires in 5 minutes.\n\n[Copy] 123456"
    );
    let offer = samples::offer();
    let rendered = offer.render(&Template::new("spring_offer", "en_US"));
    assert_eq!(
        rendered.to_string(),
        "(no image)\n\nEnds soon\n\nHi {{1}}, take {{2}} off all plants.\n\n[Copy offer code]\n[Shop] https://example.com/s?c={{1}}"
    );

    let rooms = samples::rooms();
    let mut cards = [
        Card::new()
            .header(Image::id("1"))
            .body(["Asha"])
            .button(Button::url(1, "7")),
        Card::new().header(Image::id("2")),
        Card::new(),
    ];
    // The cards may come in any order: the index counts.
    for (card, index) in cards.iter_mut().zip([0, 2, 1]) {
        card.card_index = Some(index.into());
    }
    let rendered = rooms.render(
        &Template::new("three_rooms", "en_US")
            .body(["Asha"])
            .carousel(cards),
    );
    let bodies: Vec<&str> = rendered.cards.iter().map(|card| &*card.body).collect();
    assert_eq!(
        bodies,
        ["Sea view for Asha today", "Garden view", "No view"]
    );
    assert!(matches!(
        rendered.cards[2].header,
        Some(RenderedHeader::Value(_))
    ));
    assert!(rendered.to_string().contains(
        "(1)\n(image)\n\nSea view for Asha today\n\n[Book]\n[See] https://example.com/r/7"
    ));
    assert_eq!(
        rooms
            .render(&Template::new("three_rooms", "en_US"))
            .cards
            .len(),
        3
    );
    assert_eq!(
        TemplateDefinition::utility("e", "en").render(&Template::new("e", "en")),
        Rendered::default()
    );
    assert_eq!(Rendered::default().to_string(), "");
}
