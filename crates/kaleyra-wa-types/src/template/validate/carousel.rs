//! The limits of cards.

use super::{Whole, buttons, check_unique, texts};
use crate::template::{
    ButtonKind, CardDefinition, ComponentDefinition, ComponentKind, HeaderFormat, TemplateCategory,
};
use crate::validate::{Check, Rule};

/// Checks the cards of a carousel, each and beside each other.
pub(super) fn check(cards: &[CardDefinition], whole: Whole<'_>, check: &mut Check<'_>) {
    let category = whole.definition.category.as_ref();
    if whole.is_new && category.is_some_and(|category| *category != TemplateCategory::Marketing) {
        check.report(Rule::Forbidden("only a marketing template has a carousel"));
    }
    let mut check = check.member("cards");
    check.count(cards.len(), CardDefinition::MIN, CardDefinition::MAX);
    for (at, card) in cards.iter().enumerate() {
        let mut check = check.element(at);
        card.check_in(whole, &mut check);
        if let Some(first) = cards.first()
            && kind(first) != kind(card)
        {
            let form =
                "like the first card: the same kind of header, a text or none, the same buttons";
            check.report(Rule::Format(form));
        }
    }
}

/// What all cards of a carousel have in common.
fn kind(card: &CardDefinition) -> (Option<&HeaderFormat>, bool, Vec<&ButtonKind>) {
    let header = card.part(&ComponentKind::Header);
    (
        header.and_then(|header| header.format.as_ref()),
        card.part(&ComponentKind::Body).is_some(),
        card.buttons().iter().map(|button| &button.kind).collect(),
    )
}

impl CardDefinition {
    fn check_in(&self, whole: Whole<'_>, check: &mut Check<'_>) {
        let mut check = check.member("components");
        if whole.is_new {
            check_unique(&self.components, &mut check);
        }
        for (required, why) in [
            (
                ComponentKind::Header,
                "a card has a header: an image, a video or a product",
            ),
            (ComponentKind::Buttons, "a card has one or two buttons"),
        ] {
            if self.part(&required).is_none() {
                check.report(Rule::Required(why));
            }
        }
        for (at, component) in self.components.iter().enumerate() {
            check_part(component, whole, &mut check.element(at));
        }
    }
}

fn check_part(component: &ComponentDefinition, whole: Whole<'_>, check: &mut Check<'_>) {
    match &component.kind {
        ComponentKind::Header => match component.format.as_ref() {
            Some(HeaderFormat::Image | HeaderFormat::Video | HeaderFormat::Product) => {
                component.check_in(whole, check);
            }
            Some(HeaderFormat::Unknown(_)) => {}
            _ => check
                .member("format")
                .report(Rule::Format("IMAGE, VIDEO or PRODUCT in a card")),
        },
        ComponentKind::Body => {
            let text = component.text.as_deref().unwrap_or_default();
            let example = component.example.as_ref();
            texts::body(text, example, CardDefinition::BODY_MAX, whole, check);
        }
        ComponentKind::Buttons => buttons::check(
            &component.buttons,
            CardDefinition::BUTTONS_MAX,
            whole,
            &mut check.member("buttons"),
        ),
        ComponentKind::Unknown(_) => {}
        _ => check
            .member("type")
            .report(Rule::Forbidden("a card has a header, a body and buttons")),
    }
}
