//! Sends with buttons, codes, offers and cards against definitions.

use kaleyra_wa_types::outbound::Image;
use kaleyra_wa_types::outbound::interactive::ProductSection;
use kaleyra_wa_types::outbound::template::{Button, Card, Component, ComponentType, Template};
use serde_json::{Value, json};

use super::samples;
use super::sends::{fails, offer, passes, products, rooms};

#[test]
fn buttons_get_what_they_need() {
    let bare = || {
        Template::new("parcel_ready", "en_US")
            .header("A-17")
            .body(["a", "b"])
    };
    fails(&samples::parcel(), &bare(), &[(131_008, "components")]);
    fails(
        &samples::parcel(),
        &bare().button(Button::url(1, "")),
        &[(131_008, "components[2].parameters[0].text")],
    );
    fails(
        &samples::parcel(),
        &bare()
            .button(Button::url(0, "x"))
            .button(Button::url(1, "x")),
        &[(132_018, "components[2].sub_type")],
    );
    fails(
        &samples::parcel(),
        &bare()
            .button(Button::url(4, "x"))
            .button(Button::url(1, "x")),
        &[(132_018, "components[2].index")],
    );
    fails(
        &samples::parcel(),
        &bare().button(Button::quick_reply(1, "x")),
        &[(132_018, "components[2].sub_type"), (131_008, "components")],
    );
    fails(
        &samples::plain(),
        &Template::new("plain", "en").button(Button::quick_reply(0, "x")),
        &[(132_018, "components[0].index")],
    );
    let of = |value: Value| -> Template {
        let mut template = serde_json::to_value(bare()).unwrap();
        template["components"].as_array_mut().unwrap().push(value);
        serde_json::from_value(template).unwrap()
    };
    // The index as a text, everything in capitals, another order: all of it is sent and taken.
    passes(
        &samples::parcel(),
        &of(
            json!({"type": "BUTTON", "sub_type": "URL", "index": "1", "parameters": [{"type": "text", "text": "x"}]}),
        ),
    );
    fails(
        &samples::parcel(),
        &of(json!({"type": "button", "sub_type": "url", "index": 1})),
        &[(131_008, "components[2].parameters")],
    );
    fails(
        &samples::parcel(),
        &of(
            json!({"type": "button", "sub_type": "url", "parameters": [{"type": "text", "text": "x"}]}),
        ),
        &[(131_008, "components[2].index"), (131_008, "components")],
    );
    let two = json!({"type": "button", "sub_type": "url", "index": 1, "parameters": [{"type": "text", "text": "x"}, {"type": "text", "text": "y"}]});
    fails(
        &samples::parcel(),
        &of(two),
        &[(132_018, "components[2].parameters")],
    );
    // Whether a link without a variable may have a parameter is recorded nowhere.
    let fixed = bare()
        .button(Button::url(1, "x"))
        .button(Button::url(2, "y"));
    passes(&samples::parcel(), &fixed);
    assert_eq!(samples::parcel().warnings(&fixed).len(), 1);

    let [flow, catalog, mpm, order] = samples::shop();
    assert_eq!(flow.warnings(&Template::new("flow", "en")).len(), 1);
    assert_eq!(catalog.warnings(&Template::new("catalog", "en")).len(), 1);
    fails(
        &mpm,
        &Template::new("mpm", "en"),
        &[(131_008, "components")],
    );
    let sections = |sections: usize, items: usize| {
        let items = move |_| {
            (0..items).fold(ProductSection::new("Cups"), |section, at| {
                section.product(format!("c{at}"))
            })
        };
        Template::new("mpm", "en").button(Button::mpm(0, "c1", (0..sections).map(items)))
    };
    passes(&mpm, &sections(10, 3));
    fails(
        &mpm,
        &sections(11, 1),
        &[(131_009, "components[0].parameters[0].action.sections")],
    );
    fails(
        &mpm,
        &sections(1, 31),
        &[(131_009, "components[0].parameters[0].action.sections")],
    );
    fails(
        &order,
        &Template::new("order", "en"),
        &[(131_008, "components")],
    );
}

#[test]
fn codes_and_offers_are_checked() {
    let coded = |code: &str| {
        let mut template = offer();
        template.components[3] = Component::from(Button::copy_code(0, code));
        template
    };
    let path = "components[3].parameters[0].coupon_code";
    fails(
        &samples::offer(),
        &coded(&"A".repeat(21)),
        &[(132_018, path)],
    );
    fails(
        &samples::offer(),
        &coded(""),
        &[(131_008, "components[3].parameters")],
    );
    passes(&samples::offer(), &coded(&"A".repeat(20)));
    assert_eq!(samples::offer().warnings(&coded(&"A".repeat(16))).len(), 1);
    assert_eq!(samples::offer().warnings(&coded("A-1")).len(), 1);
    let mut endless = offer();
    endless.components.remove(2);
    fails(&samples::offer(), &endless, &[(131_008, "components")]);
    fails(
        &samples::photo(),
        &Template::new("photo", "en")
            .header(Image::id("2000001"))
            .body(["a"])
            .limited_time_offer(1),
        &[(132_018, "components[2]")],
    );

    for definition in [samples::code(), samples::code_read_back()] {
        let new = || Template::new("login_code", "en_US");
        fails(
            &definition,
            &new().button(Button::url(0, "123456")),
            &[(132_000, "components")],
        );
        fails(
            &definition,
            &new().body(["123456"]),
            &[(131_008, "components")],
        );
        fails(
            &definition,
            &new()
                .body(["123456"])
                .button(Button::copy_code(0, "123456")),
            &[(132_018, "components[1].sub_type"), (131_008, "components")],
        );
        fails(
            &definition,
            &Template::authentication("login_code", "en_US", "1".repeat(16)),
            &[
                (132_018, "components[0].parameters[0].text"),
                (132_018, "components[1].parameters[0].text"),
            ],
        );
        let unequal = new().body(["123456"]).button(Button::url(0, "654321"));
        passes(&definition, &unequal);
        assert_eq!(definition.warnings(&unequal).len(), 1);
    }
}

#[test]
fn cards_are_checked_each() {
    let definition = samples::rooms();
    fails(&definition, &rooms(2), &[(132_018, "components[1].cards")]);
    fails(&definition, &rooms(4), &[(132_018, "components[1].cards")]);
    fails(
        &definition,
        &Template::new("three_rooms", "en_US").body(["Asha"]),
        &[(132_018, "components")],
    );
    let changed = |change: fn(&mut Vec<Card>)| {
        let mut template = rooms(3);
        change(&mut template.components[1].cards);
        template
    };
    fails(
        &definition,
        &changed(|cards| cards[1].card_index = Some(0.into())),
        &[
            (132_000, "components[1].cards[1].components"),
            (132_018, "components[1].cards[1].card_index"),
        ]
        .iter()
        .rev()
        .copied()
        .collect::<Vec<_>>(),
    );
    fails(
        &definition,
        &changed(|cards| cards[2].card_index = Some(7.into())),
        &[(132_018, "components[1].cards[2].card_index")],
    );
    fails(
        &definition,
        &changed(|cards| {
            cards[2].components.remove(0);
        }),
        &[(132_012, "components[1].cards[2].components")],
    );
    fails(
        &definition,
        &changed(|cards| {
            cards[2].components.remove(1);
        }),
        &[(131_008, "components[1].cards[2].components")],
    );
    fails(
        &definition,
        &changed(|cards| {
            cards[0].components.pop();
        }),
        &[(132_000, "components[1].cards[0].components")],
    );
    fails(
        &definition,
        &changed(|cards| {
            cards[0].components[2] =
                Component::new(ComponentType::Body).parameters(["x".repeat(143).as_str()]);
        }),
        &[(132_018, "components[1].cards[0].components[2]")],
    );
    for count in [1, 11] {
        fails(
            &samples::products(),
            &products(count),
            if count == 1 {
                &[(132_018, "components[0].cards")]
            } else {
                &[
                    (132_018, "components[0].cards"),
                    (132_018, "components[0].cards[10].card_index"),
                ]
            },
        );
    }
    fails(
        &samples::plain(),
        &Template::new("plain", "en").carousel([Card::new()]),
        &[(132_018, "components[0]")],
    );
}
