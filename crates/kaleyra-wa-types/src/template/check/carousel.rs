//! The cards of a send.

use super::{Found, LEAVE_OUT, Scope, Sent};
use crate::Number;
use crate::outbound::template::{Card, ComponentType};
use crate::template::{CardDefinition, ComponentKind};

const GIVE_CARDS: &str =
    "give as many cards as the template has, each with a card_index of its own, counted from 0";

/// Checks the cards: as many as there are, each in its place, each as a template of its own.
pub(super) fn check(scope: &Scope<'_>, found: &mut Found) {
    let sent = scope.sent(&ComponentType::Carousel);
    let cards = scope
        .part(&ComponentKind::Carousel)
        .map_or(&[][..], |component| &component.cards);
    match (cards, sent) {
        ([], None) => {}
        ([], Some(sent)) => found.refuse_with(
            LEAVE_OUT,
            132_018,
            sent.path(),
            "the template has no carousel",
        ),
        (_, None) => {
            let reason = format!(
                "the template needs its {} cards in each message",
                cards.len()
            );
            found.refuse_with(GIVE_CARDS, 132_018, scope.within.clone(), reason);
        }
        (cards, Some(sent)) => check_cards(cards, sent, scope, found),
    }
}

fn check_cards(cards: &[CardDefinition], carousel: Sent<'_>, scope: &Scope<'_>, found: &mut Found) {
    let sent = &carousel.component.cards;
    let path = format!("{}.cards", carousel.path());
    let is_of_products = cards.iter().all(CardDefinition::is_of_product);
    let (min, max) = match is_of_products {
        true => (CardDefinition::MIN, CardDefinition::MAX),
        false => (cards.len(), cards.len()),
    };
    if sent.len() < min || sent.len() > max {
        let reason = match is_of_products {
            true => format!(
                "a carousel of products has {min} to {max} cards, found {}",
                sent.len()
            ),
            false => format!("the template has {max} cards, found {}", sent.len()),
        };
        found.refuse_with(GIVE_CARDS, 132_018, path.clone(), reason);
    }
    let mut is_taken = [false; CardDefinition::MAX];
    for (at, card) in sent.iter().enumerate() {
        let place = format!("{path}[{at}]");
        let index = index_of(card).unwrap_or(at);
        match is_taken.get_mut(index) {
            Some(is_taken) if index < sent.len().max(cards.len()) => {
                if std::mem::replace(is_taken, true) {
                    let reason = "each card has an index of its own";
                    found.refuse_with(GIVE_CARDS, 132_018, format!("{place}.card_index"), reason);
                }
            }
            _ => {
                let reason = "cards are counted from 0 without a gap";
                found.refuse_with(GIVE_CARDS, 132_018, format!("{place}.card_index"), reason);
            }
        }
        // Cards of products are all alike, so that the last one stands for those that are more.
        let defined = match is_of_products {
            true => cards.get(index).or(cards.last()),
            false => cards.get(index),
        };
        if let Some(defined) = defined {
            let scope = Scope {
                definition: scope.definition,
                defined: &defined.components,
                is_card: true,
                within: format!("{place}.components"),
                sent: &card.components,
            };
            scope.check(found);
        }
    }
}

fn index_of(card: &Card) -> Option<usize> {
    let index = card.card_index.as_ref().and_then(Number::as_i64)?;
    // One below 0 is none that any card has.
    Some(usize::try_from(index).unwrap_or(usize::MAX))
}
