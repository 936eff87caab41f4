//! What the cards of a template's carousel have to have in common.

use std::collections::BTreeMap;

use super::{ButtonType, Card, Component, ComponentType};
use crate::Number;
use crate::validate::{Check, Rule, Validate};

/// Reports every violation of the cards, alone and together.
///
/// Source: Meta's pages on media card and product card carousel templates: 2 to 10 cards with an index each, all with the
/// same kind of header and the same buttons.
pub(super) fn check_cards(cards: &[Card], check: &mut Check<'_>) {
    check.count(cards.len(), Card::MIN, Card::MAX);
    let mut indexes = Vec::new();
    let first = cards.first().map(Shape::of);
    for (at, card) in cards.iter().enumerate() {
        let mut check = check.element(at);
        card.check(&mut check);
        if let Some(index) = card.card_index.as_ref().and_then(Number::as_i64) {
            if indexes.contains(&index) {
                check.member("card_index").report(Rule::Unique);
            }
            indexes.push(index);
        }
        if let Some(first) = &first {
            first.check(&Shape::of(card), &mut check.member("components"));
        }
    }
}

/// What all cards have in common.
struct Shape<'a> {
    /// The kind of header.
    header: Option<&'a str>,
    /// The kinds of buttons by their indexes.
    buttons: BTreeMap<i64, &'a ButtonType>,
}

impl<'a> Shape<'a> {
    fn of(card: &'a Card) -> Self {
        let header = card
            .components
            .iter()
            .find(|part| part.kind == ComponentType::Header)
            .and_then(|header| header.parameters.first())
            .map(|parameter| parameter.value.type_name());
        let buttons = card.components.iter().filter_map(|part| {
            let sub_type = part.sub_type.as_ref()?;
            let index = part.index.as_ref().and_then(Number::as_i64)?;
            (part.kind == ComponentType::Button).then_some((index, sub_type))
        });
        Self {
            header,
            buttons: buttons.collect(),
        }
    }

    /// Reports where a card differs from this one, the first.
    fn check(&self, card: &Self, check: &mut Check<'_>) {
        if self.header != card.header {
            check.report(Rule::Format(
                "with the kind of header that the first card has",
            ));
        }
        if !self.has_buttons_of(card) || !card.has_buttons_of(self) {
            check.report(Rule::Format("with the buttons that the first card has"));
        }
    }

    /// Whether each button of this one is in the other, too. One that may be left out need not be there.
    fn has_buttons_of(&self, other: &Self) -> bool {
        self.buttons
            .iter()
            .all(|(index, sub_type)| match other.buttons.get(index) {
                Some(there) => there == sub_type,
                None => !Component::is_mandatory(sub_type),
            })
    }
}
