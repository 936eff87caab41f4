//! Sends against definitions: what is right passes, what is wrong gets Meta's code.

use kaleyra_wa_types::outbound::interactive::ProductSection;
use kaleyra_wa_types::outbound::template::{
    Button, Card, Component, ComponentType, Currency, Parameter, Product, Template,
};
use kaleyra_wa_types::outbound::{Document, Image, Location};
use kaleyra_wa_types::template::{TemplateDefinition, TemplateStatus};

use super::samples;

#[track_caller]
pub(super) fn passes(definition: &TemplateDefinition, template: &Template) {
    let mismatches: Vec<String> = definition
        .check(template)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(mismatches, [""; 0]);
}

/// These mismatches and no others, as code and path.
#[track_caller]
pub(super) fn fails(
    definition: &TemplateDefinition,
    template: &Template,
    expected: &[(i64, &str)],
) {
    let mismatches = definition.check(template);
    let found: Vec<(i64, &str)> = mismatches
        .iter()
        .map(|mismatch| (mismatch.code, &*mismatch.path))
        .collect();
    assert_eq!(found, expected, "{mismatches:?}");
}

fn parcel() -> Template {
    Template::new("parcel_ready", "en_US")
        .header("A-17")
        .body(["Asha", "Park Lane"])
        .button(Button::url(1, "A17"))
}

#[test]
fn right_sends_pass() {
    passes(&samples::parcel(), &parcel());
    passes(
        &samples::parcel(),
        &parcel().button(Button::quick_reply(0, "later")),
    );
    passes(&samples::plain(), &Template::new("plain", "en"));
    let price: Parameter = Currency::new("₹ 10", "INR", 10_000).into();
    passes(
        &samples::parcel(),
        &Template::new("parcel_ready", "en_US")
            .button(Button::url(1, "A17"))
            .body([Parameter::from("four    blanks"), price])
            .header("x"),
    );
    let welcome =
        Template::new("welcome", "pt_BR").header(Parameter::from("Asha").named("first_name"));
    passes(
        &samples::welcome(),
        &welcome
            .clone()
            .body_named([("discount", "5%"), ("first_name", "Asha")]),
    );
    passes(
        &samples::photo(),
        &Template::new("photo", "en")
            .header(Image::id("2000001"))
            .body(["Asha"]),
    );
    let place = Location::new(12.97, 77.59).name("Shop").address("MG Road");
    passes(
        &samples::place(),
        &Template::new("place", "en").header(place),
    );
    for definition in [samples::code(), samples::code_read_back()] {
        passes(
            &definition,
            &Template::authentication("login_code", "en_US", "123456"),
        );
    }
    passes(&samples::offer(), &offer());
    passes(&samples::rooms(), &rooms(3));
    for count in [2, 5, 10] {
        passes(&samples::products(), &products(count));
    }
    let [flow, catalog, mpm, _] = samples::shop();
    passes(&flow, &Template::new("flow", "en"));
    passes(
        &flow,
        &Template::new("flow", "en").button(Button::flow(0).token("t")),
    );
    passes(&catalog, &Template::new("catalog", "en"));
    let section = ProductSection::new("Cups").product("c1");
    passes(
        &mpm,
        &Template::new("mpm", "en").button(Button::mpm(0, "c1", [section])),
    );
}

pub(super) fn offer() -> Template {
    Template::new("spring_offer", "en_US")
        .header(Image::link("https://example.com/a.png"))
        .body(["Asha", "25%"])
        .limited_time_offer(1_900_000_000_000)
        .button(Button::copy_code(0, "GREEN25"))
        .button(Button::url(1, "9"))
}

pub(super) fn rooms(count: usize) -> Template {
    let cards = (0..count).map(|at| {
        let card = Card::new()
            .header(Image::id("2000001"))
            .button(Button::url(1, "7"));
        if at == 0 { card.body(["Asha"]) } else { card }
    });
    Template::new("three_rooms", "en_US")
        .body(["Asha"])
        .carousel(cards)
}

pub(super) fn products(count: usize) -> Template {
    let card = || Card::new().header(Product::new("cat", "sku"));
    Template::new("products", "en").carousel((0..count).map(|_| card()))
}

#[test]
fn the_template_itself_has_to_be_the_right_one() {
    let definition = samples::plain();
    fails(
        &definition,
        &Template::new("plain_2", "en"),
        &[(132_001, "name")],
    );
    fails(
        &definition,
        &Template::new("plain", "en_US"),
        &[(132_001, "language.code")],
    );
    let mut hyphenated = samples::parcel();
    hyphenated.language = "en-US".to_owned();
    passes(&hyphenated, &parcel());
    let mut other = parcel();
    other.language = "en-US".into();
    fails(&hyphenated, &other, &[(132_001, "language.code")]);
    for (status, code) in [
        ("PENDING", 132_001),
        ("REJECTED", 132_001),
        ("PAUSED", 132_015),
        ("DISABLED", 132_016),
        ("DELETED", 132_001),
    ] {
        let mut definition = samples::plain();
        definition.status = Some(TemplateStatus::from(status));
        fails(
            &definition,
            &Template::new("plain", "en"),
            &[(code, "name")],
        );
    }
    for status in ["APPROVED", "FLAGGED", "IN_APPEAL", "TELEPORTED"] {
        let mut definition = samples::plain();
        definition.status = Some(TemplateStatus::from(status));
        passes(&definition, &Template::new("plain", "en"));
    }
    let mut definition = samples::plain();
    definition.status = Some(TemplateStatus::InAppeal);
    assert_eq!(definition.warnings(&Template::new("plain", "en")).len(), 1);
}

#[test]
fn values_are_counted() {
    let of = |values: &[&str]| {
        let template = Template::new("parcel_ready", "en_US")
            .header("A-17")
            .button(Button::url(1, "A17"));
        template.body(values.iter().copied())
    };
    fails(
        &samples::parcel(),
        &of(&["Asha"]),
        &[(132_000, "components[2].parameters")],
    );
    fails(
        &samples::parcel(),
        &of(&["a", "b", "c"]),
        &[(132_000, "components[2].parameters")],
    );
    let without = Template::new("parcel_ready", "en_US")
        .header("A-17")
        .button(Button::url(1, "A17"));
    fails(&samples::parcel(), &without, &[(132_000, "components")]);
    let headless = Template::new("parcel_ready", "en_US")
        .body(["a", "b"])
        .button(Button::url(1, "A17"));
    fails(&samples::parcel(), &headless, &[(132_000, "components")]);
    // Values for what has no variables.
    fails(
        &samples::plain(),
        &Template::new("plain", "en").body(["a"]),
        &[(132_000, "components[0].parameters")],
    );
    // A number that is there twice is one value.
    let twice = TemplateDefinition::utility("t", "en").body("a {{1}} b {{1}} c", ["x"]);
    passes(&twice, &Template::new("t", "en").body(["x"]));
}

#[test]
fn values_are_texts_in_one_line() {
    let of = |value: &str| {
        Template::new("photo", "en")
            .header(Image::id("2000001"))
            .body([value])
    };
    let path = "components[1].parameters[0].text";
    for (value, code) in [
        ("", 131_008),
        ("   ", 131_008),
        ("a\nb", 132_018),
        ("a\tb", 132_018),
        ("a     b", 132_018),
        ("a\rb", 132_018),
    ] {
        fails(&samples::photo(), &of(value), &[(code, path)]);
    }
    assert_eq!(samples::photo().warnings(&of("a    b")).len(), 1);
    let pictured = Template::new("photo", "en")
        .header(Image::id("2000001"))
        .body([Image::id("2000002")]);
    fails(
        &samples::photo(),
        &pictured,
        &[(132_012, "components[1].parameters[0].type")],
    );
    // The text with its 40 characters, one variable of five apart, and the value: 1,024 in all.
    let room = 1024 - "New cups, .\nCome and see them today.".len();
    passes(&samples::photo(), &of(&"ä".repeat(room)));
    fails(
        &samples::photo(),
        &of(&"ä".repeat(room + 1)),
        &[(132_005, "components[1]")],
    );
    let mut long = parcel();
    long.components[0] =
        Component::new(ComponentType::Header).parameters(["x".repeat(54).as_str()]);
    fails(&samples::parcel(), &long, &[(132_005, "components[0]")]);
}

#[test]
fn named_values_have_the_template_s_names() {
    let header =
        || Template::new("welcome", "pt_BR").header(Parameter::from("Asha").named("first_name"));
    fails(
        &samples::welcome(),
        &header().body(["Asha", "5%"]),
        &[
            (100, "components[1].parameters[0].parameter_name"),
            (100, "components[1].parameters[1].parameter_name"),
            (132_000, "components[1].parameters"),
        ],
    );
    fails(
        &samples::welcome(),
        &header().body_named([("first_name", "Asha"), ("rebate", "5%")]),
        &[
            (100, "components[1].parameters[1].parameter_name"),
            (132_000, "components[1].parameters"),
        ],
    );
    fails(
        &samples::welcome(),
        &header().body_named([("first_name", "Asha")]),
        &[(132_000, "components[1].parameters")],
    );
    let twice = header().body_named([("first_name", "a"), ("first_name", "b"), ("discount", "c")]);
    fails(
        &samples::welcome(),
        &twice,
        &[(132_000, "components[1].parameters")],
    );
    // Names where there are none are reported by one source only.
    let named = Template::new("photo", "en")
        .header(Image::id("2000001"))
        .body_named([("x", "Asha")]);
    passes(&samples::photo(), &named);
    assert_eq!(samples::photo().warnings(&named)[0].code, 132_012);
}

#[test]
fn headers_are_of_the_defined_kind() {
    let body = || Template::new("photo", "en").body(["Asha"]);
    fails(&samples::photo(), &body(), &[(132_012, "components")]);
    fails(
        &samples::photo(),
        &body().header("text"),
        &[(132_012, "components[1].parameters[0].type")],
    );
    fails(
        &samples::photo(),
        &body().header(Document::id("2000001")),
        &[(132_012, "components[1].parameters[0].type")],
    );
    fails(
        &samples::photo(),
        &body().component(Component::new(ComponentType::Header)),
        &[(132_012, "components[1]")],
    );
    fails(
        &samples::plain(),
        &Template::new("plain", "en").header(Image::id("2000001")),
        &[(132_018, "components[0]")],
    );
    fails(
        &samples::parcel(),
        &Template::new("parcel_ready", "en_US")
            .header(Image::id("2000001"))
            .body(["a", "b"])
            .button(Button::url(1, "x")),
        &[(132_012, "components[0].parameters[0].type")],
    );
    fails(
        &samples::place(),
        &Template::new("place", "en"),
        &[(132_012, "components")],
    );
    assert_eq!(
        samples::place()
            .warnings(&Template::new("place", "en").header(Location::new(1.0, 2.0)))
            .len(),
        1
    );
}

/// No mismatch shows a value of the message.
#[test]
fn mismatches_are_discreet() {
    let values = ["canary\nline", "canary     blanks"];
    let template = Template::new("parcel_ready", "en_US")
        .header("canary\ttab")
        .body(values)
        .button(Button::url(1, "canary\nurl"));
    let mismatches = samples::parcel().check(&template);
    assert_eq!(mismatches.len(), 4);
    assert!(!format!("{mismatches:?}").contains("canary"));
}
