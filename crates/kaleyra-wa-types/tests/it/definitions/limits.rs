//! The limits of a definition, each with what breaks it.

use kaleyra_wa_types::template::{
    ButtonDefinition, CardDefinition, ComponentDefinition, ComponentKind, HeaderFormat,
    ParameterFormat, SupportedApp, TemplateDefinition,
};

use super::samples::{self, NONE};

fn lines(definition: &TemplateDefinition) -> Vec<String> {
    definition
        .validate()
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// One violation, at this path.
#[track_caller]
fn breaks(definition: &TemplateDefinition, path: &str) {
    let paths: Vec<String> = definition
        .validate()
        .into_iter()
        .map(|violation| violation.path)
        .collect();
    assert_eq!(paths, [path], "{:?}", lines(definition));
}

fn body(text: &str, examples: &[&str]) -> TemplateDefinition {
    TemplateDefinition::utility("n", "en").body(text, examples.iter().copied())
}

fn with(button: ButtonDefinition) -> TemplateDefinition {
    body("Hello", &[]).button(button)
}

#[test]
fn every_sample_keeps_to_its_limits() {
    for definition in samples::all()
        .into_iter()
        .chain([samples::code_read_back()])
    {
        assert_eq!(lines(&definition), [""; 0], "{}", definition.name);
    }
}

#[test]
fn the_head_has_limits() {
    let named = |name: &str| TemplateDefinition::utility(name, "en").body("Hello", NONE);
    breaks(&named(""), "name");
    breaks(&named("Big"), "name");
    breaks(&named(&"a".repeat(513)), "name");
    assert_eq!(lines(&named(&"a".repeat(512))), [""; 0]);
    for (language, is_fine) in [
        ("en", true),
        ("fil", true),
        ("zh_CN", true),
        ("es_419", true),
        ("en-US", false),
        ("english", false),
        ("", false),
        ("EN", false),
    ] {
        let violations = TemplateDefinition::utility("n", language)
            .body("Hello", NONE)
            .validate();
        assert_eq!(violations.is_empty(), is_fine, "{language}");
    }
    breaks(&TemplateDefinition::utility("n", "en"), "components");
    let mut uncategorised = body("Hello", &[]);
    uncategorised.category = None;
    breaks(&uncategorised, "category");
    breaks(
        &body("Hello", &[]).body("Again", NONE),
        "components[1].type",
    );
    for (definition, seconds, is_fine) in [
        (samples::code(), 900, true),
        (samples::code(), 901, false),
        (samples::code(), -1, true),
        (samples::plain(), 29, false),
        (samples::plain(), 43_200, true),
        (samples::photo(), 43_199, false),
        (samples::photo(), 2_592_000, true),
        (samples::photo(), -1, false),
    ] {
        let violations = definition.ttl_seconds(seconds).validate();
        assert_eq!(violations.is_empty(), is_fine, "{seconds}");
    }
}

#[test]
fn texts_have_limits() {
    breaks(&body("", &[]), "components[0].text");
    breaks(&body(&"ä".repeat(1025), &[]), "components[0].text");
    assert_eq!(lines(&body(&"ä".repeat(1024), &[])), [""; 0]);
    let footer = |text: &str| body("Hello", &[]).footer(text);
    breaks(&footer(&"a".repeat(61)), "components[1].text");
    breaks(&footer("Hi {{1}} there"), "components[1].text");
    let header = |text: &str, examples: &[&str]| {
        TemplateDefinition::utility("n", "en")
            .header_text(text, examples.iter().copied())
            .body("Hello", NONE)
    };
    breaks(&header(&"a".repeat(61), &[]), "components[0].text");
    breaks(
        &header("{{1}} and {{2}}", &["a", "b"]),
        "components[0].text",
    );
    breaks(
        &header("Hi {{1}}", &[]),
        "components[0].example.header_text",
    );
    for text in ["{{1}} is here", "here is {{1}}", " {{1}} x"] {
        breaks(&body(text, &["a"]), "components[0].text");
    }
    for text in [
        "Gap {{2}} here",
        "Gap {{0}} here",
        "Brace {{$1}} {{1}} here",
    ] {
        assert_eq!(
            body(text, &["a"]).validate()[0].path,
            "components[0].text",
            "{text}"
        );
    }
    let mut positional = body("Name {{first}} here", &[]);
    positional.parameter_format = Some(ParameterFormat::Positional);
    assert_eq!(positional.validate()[0].path, "components[0].text");
    breaks(
        &body("One {{1}} two {{2}} x", &["a"]),
        "components[0].example.body_text",
    );
    let named =
        |text: &str| TemplateDefinition::utility("n", "en").body_named(text, [("first", "a")]);
    assert_eq!(lines(&named("Hi {{first}} there")), [""; 0]);
    breaks(
        &named("Hi {{first}} and {{second}} there"),
        "components[0].example.body_text_named_params",
    );
    assert_eq!(
        named("Hi {{First}} there").validate()[0].path,
        "components[0].text"
    );
    assert_eq!(
        named("Hi {{first}} and {{1}} there").validate()[0].path,
        "components[0].text"
    );
    for format in [
        HeaderFormat::Image,
        HeaderFormat::Video,
        HeaderFormat::Document,
    ] {
        let bare = ComponentDefinition::header(format);
        breaks(
            &TemplateDefinition::utility("n", "en")
                .component(bare)
                .body("Hello", NONE),
            "components[0].example.header_handle",
        );
    }
    breaks(
        &TemplateDefinition::utility("n", "en")
            .component(ComponentDefinition::new(ComponentKind::Header))
            .body("Hello", NONE),
        "components[0].format",
    );
}

#[test]
fn buttons_have_limits() {
    let many = |count: usize| {
        (0..count).fold(body("Hello", &[]), |made, _| {
            made.button(ButtonDefinition::quick_reply("x"))
        })
    };
    assert_eq!(lines(&many(10)), [""; 0]);
    breaks(&many(11), "components[1].buttons");
    let link = || ButtonDefinition::url("x", "https://example.com");
    let reply = || ButtonDefinition::quick_reply("x");
    assert_eq!(
        lines(&with(reply()).button(reply()).button(link()).button(link())),
        [""; 0]
    );
    assert_eq!(
        lines(&with(link()).button(reply()).button(reply())),
        [""; 0]
    );
    breaks(
        &with(reply()).button(link()).button(reply()),
        "components[1].buttons[2]",
    );
    breaks(
        &with(link()).button(link()).button(link()),
        "components[1].buttons[2]",
    );
    let call = || ButtonDefinition::phone_number("x", "+15550100");
    breaks(&with(call()).button(call()), "components[1].buttons[1]");
    let first = "components[1].buttons[0]";
    breaks(
        &with(ButtonDefinition::quick_reply("x".repeat(26))),
        &format!("{first}.text"),
    );
    breaks(
        &with(ButtonDefinition::quick_reply("")),
        &format!("{first}.text"),
    );
    breaks(
        &with(ButtonDefinition::new("URL").text("x")),
        &format!("{first}.url"),
    );
    breaks(
        &with(ButtonDefinition::url("x", "example.com")),
        &format!("{first}.url"),
    );
    breaks(
        &with(ButtonDefinition::url(
            "x",
            format!("https://e.com/{}", "x".repeat(2000)),
        )),
        &format!("{first}.url"),
    );
    breaks(
        &with(ButtonDefinition::url("x", "https://e.com/{{1}}/a").example("https://e.com/1/a")),
        &format!("{first}.url"),
    );
    breaks(
        &with(ButtonDefinition::url("x", "https://e.com/{{1}}")),
        &format!("{first}.example"),
    );
    breaks(
        &with(ButtonDefinition::phone_number("x", "1".repeat(21))),
        &format!("{first}.phone_number"),
    );
    breaks(
        &with(ButtonDefinition::copy_code("x".repeat(21))),
        &format!("{first}.example"),
    );
    breaks(
        &with(ButtonDefinition::new("COPY_CODE")),
        &format!("{first}.example"),
    );
    breaks(&with(ButtonDefinition::new("FLOW").text("x")), first);
    let mut two = ButtonDefinition::flow("x", "1");
    two.flow_name = Some("f".into());
    breaks(&with(two), first);
    breaks(
        &with(ButtonDefinition::copy_one_time_code()),
        &format!("{first}.type"),
    );
    assert_eq!(lines(&with(ButtonDefinition::new("HOLOGRAM"))), [""; 0]);
}

#[test]
fn one_time_codes_have_limits() {
    let code = || TemplateDefinition::authentication("n", "en");
    breaks(
        &code().code_expiration_minutes(0),
        "components[2].code_expiration_minutes",
    );
    breaks(
        &code().code_expiration_minutes(91),
        "components[2].code_expiration_minutes",
    );
    breaks(
        &code().one_time_code_button(ButtonDefinition::quick_reply("x")),
        "components[1].buttons[0].type",
    );
    breaks(
        &code().one_time_code_button(ButtonDefinition::new("OTP")),
        "components[1].buttons[0].otp_type",
    );
    breaks(
        &code().one_time_code_button(ButtonDefinition::one_tap([])),
        "components[1].buttons[0].supported_apps",
    );
    let app =
        |package: &str, hash: &str| ButtonDefinition::one_tap([SupportedApp::new(package, hash)]);
    let at = "components[1].buttons[0].supported_apps[0]";
    for package in ["example", "com..a", "com.1a", ""] {
        breaks(
            &code().one_time_code_button(app(package, "A1b2C3d4E5f")),
            &format!("{at}.package_name"),
        );
    }
    breaks(
        &code().one_time_code_button(app("com.example", "A1b2C3d4E5")),
        &format!("{at}.signature_hash"),
    );
    let mut zero = ButtonDefinition::zero_tap_accepting_terms([SupportedApp::new(
        "com.example",
        "A1b2C3d4E5f",
    )]);
    assert_eq!(lines(&code().one_time_code_button(zero.clone())), [""; 0]);
    zero.zero_tap_terms_accepted = Some(false);
    breaks(
        &code().one_time_code_button(zero),
        "components[1].buttons[0].zero_tap_terms_accepted",
    );
    let mut worded = code();
    worded.components[0].text = Some("Code {{1}} here".into());
    breaks(&worded, "components[0].text");
    breaks(&code().header_text("x", NONE), "components[2]");
}

#[test]
fn offers_and_cards_have_limits() {
    let offer = samples::offer;
    breaks(
        &offer().limited_time_offer("x".repeat(17), true),
        "components[1].limited_time_offer.text",
    );
    breaks(&offer().footer("x"), "components[1]");
    let mut long = offer();
    long.components[2].text = Some(format!("Hi {{{{1}}}} {{{{2}}}} {}", "x".repeat(600)));
    breaks(&long, "components[2].text");
    let mut turned = offer();
    turned.components[3].buttons.reverse();
    breaks(&turned, "components[3].buttons");
    let mut utility = offer();
    utility.category = samples::plain().category;
    breaks(&utility, "components[1]");

    let card = || {
        CardDefinition::new()
            .header_image("4::a")
            .body("Nice", NONE)
            .button(ButtonDefinition::quick_reply("x"))
    };
    let of = |cards: Vec<CardDefinition>| {
        TemplateDefinition::marketing("n", "en")
            .body("Hello", NONE)
            .carousel(cards)
    };
    assert_eq!(lines(&of(vec![card(); 10])), [""; 0]);
    breaks(&of(vec![card()]), "components[1].cards");
    breaks(&of(vec![card(); 11]), "components[1].cards");
    let video = CardDefinition::new()
        .header_video("4::a")
        .body("Nice", NONE)
        .button(ButtonDefinition::quick_reply("x"));
    breaks(&of(vec![card(), video]), "components[1].cards[1]");
    let mute = CardDefinition::new()
        .header_image("4::a")
        .button(ButtonDefinition::quick_reply("x"));
    breaks(&of(vec![card(), mute]), "components[1].cards[1]");
    let bare = CardDefinition::new()
        .header_image("4::a")
        .body("Nice", NONE);
    assert_eq!(of(vec![bare.clone(), bare]).validate().len(), 2);
    let long = || {
        CardDefinition::new()
            .header_image("4::a")
            .body("x".repeat(161), NONE)
            .button(ButtonDefinition::quick_reply("x"))
    };
    assert_eq!(of(vec![long(), long()]).validate().len(), 2);
    let crowded = || {
        card()
            .button(ButtonDefinition::quick_reply("y"))
            .button(ButtonDefinition::quick_reply("z"))
    };
    assert_eq!(of(vec![crowded(), crowded()]).validate().len(), 2);
    let mut utility = of(vec![card(); 2]);
    utility.category = samples::plain().category;
    breaks(&utility, "components[1]");
}

/// What was approved under older rules, and what Meta made of what was written.
#[test]
fn what_was_submitted_is_held_to_lasting_limits_only() {
    let mut old = body("{{1}}, it is {{3}}", &[]);
    assert!(old.validate().len() >= 2);
    old.status = Some(kaleyra_wa_types::template::TemplateStatus::Approved);
    assert_eq!(lines(&old), [""; 0]);
    old.components[0].text = Some("x".repeat(1025));
    breaks(&old, "components[0].text");
}

#[test]
fn advice_is_no_violation() {
    for (text, count) in [
        ("Words and words around {{1}} here", 0),
        ("Some words for {{1}}{{2}} and still more of them", 1),
        ("So many words before {{1}}.", 1),
        ("Hi {{1}} x", 1),
    ] {
        let definition = body(
            text,
            &["a", "b"][..if text.contains("{{2}}") { 2 } else { 1 }],
        );
        assert_eq!(lines(&definition), [""; 0]);
        assert_eq!(
            definition.advice().len(),
            count,
            "{text}: {:?}",
            definition.advice()
        );
    }
    assert_eq!(samples::parcel().advice().len(), 1);
}
