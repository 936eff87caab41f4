//! Carousels: cards side by side, with an image or video and buttons, or with a product.

mod card;

pub use card::{Card, CardAction, CardButton, CardButtonKind, CardType, MediaCard, QuickReply};

use super::Interactive;
use super::builder::{Frame, interactive_builder};
use crate::UnknownFields;
use crate::outbound::Content;
use crate::validate::{Check, Rule, Validate};
use crate::{CatalogId, Number, ProductRetailerId};
use kaleyra_wa_derive::Wire;

interactive_builder! {
    /// 2 to 10 cards side by side, each with an image or a video, and with one button that opens a page or with reply buttons:
    /// the same kind and number on every card.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::interactive::{MediaCard, MediaCarousel};
    /// use kaleyra_wa_types::outbound::{Image, MessagingObject};
    /// # use kaleyra_wa_types::Recipient;
    /// # let asha = || Recipient::try_from("+919800000001").unwrap();
    ///
    /// let blue = MediaCard::url(Image::link("https://example.com/blue.png"), "See it", "https://example.com/blue");
    /// let green = MediaCard::url(Image::link("https://example.com/green.png"), "See it", "https://example.com/green");
    /// let cups = MediaCarousel::new("Our two cups").card(blue.body("The blue one"));
    /// let violations = MessagingObject::new(asha(), cups.clone()).violations();
    /// assert_eq!(violations[0].to_string(), "interactive.action.cards: 2 to 10, found 1");
    ///
    /// let cups = cups.card(green.body("The green one"));
    /// assert!(MessagingObject::new(asha(), cups).violations().is_empty());
    /// ```
    ///
    /// Source: Meta's *Interactive media carousel messages*.
    pub struct MediaCarousel(CarouselAction) {}
}

/// 2 to 10 products of one catalog, side by side.
///
/// ```
/// use kaleyra_wa_types::outbound::Interactive;
/// use kaleyra_wa_types::outbound::interactive::ProductCarousel;
///
/// let cups = ProductCarousel::new("Which do you like best?", "100000000000001")
///     .product("CUP-1")
///     .product("CUP-2");
/// assert_eq!(
///     serde_json::to_value(Interactive::from(cups))?["action"]["cards"][1],
///     serde_json::json!({
///         "card_index": 1,
///         "type": "product",
///         "action": {"catalog_id": "100000000000001", "product_retailer_id": "CUP-2"},
///     }),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's *Interactive product carousel messages*.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductCarousel {
    frame: Frame,
    catalog_id: CatalogId,
    action: CarouselAction,
}

/// The action of `carousel`.
///
/// For an example see [`Card`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct CarouselAction {
    /// The cards, 2 to 10.
    pub cards: Vec<Card>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl MediaCarousel {
    /// What the message says, 1 to 1024 characters. It needs at least two [cards](Self::card).
    pub fn new(body: impl Into<String>) -> Self {
        Self {
            frame: Frame::with_body(body),
            action: CarouselAction::empty(),
        }
    }

    /// Adds a card; it gets the next index.
    pub fn card(mut self, card: MediaCard) -> Self {
        self.action.push(card.0);
        self
    }
}

impl ProductCarousel {
    /// What the message says, 1 to 1024 characters, and the catalog. It needs at least two [products](Self::product).
    pub fn new(body: impl Into<String>, catalog_id: impl Into<CatalogId>) -> Self {
        Self {
            frame: Frame::with_body(body),
            catalog_id: catalog_id.into(),
            action: CarouselAction::empty(),
        }
    }

    /// Adds a product.
    pub fn product(mut self, product_retailer_id: impl Into<ProductRetailerId>) -> Self {
        self.action.push(Card {
            action: Some(CardAction {
                catalog_id: Some(self.catalog_id.clone()),
                product_retailer_id: Some(product_retailer_id.into()),
                ..CardAction::empty()
            }),
            ..Card::empty(CardType::Product)
        });
        self
    }
}

impl From<ProductCarousel> for Interactive {
    fn from(carousel: ProductCarousel) -> Self {
        carousel.frame.around(carousel.action)
    }
}

impl From<ProductCarousel> for Content {
    fn from(carousel: ProductCarousel) -> Self {
        Self::Interactive(Box::new(carousel.into()))
    }
}

impl CarouselAction {
    /// The minimum number of cards.
    pub const CARDS_MIN: usize = 2;
    /// The maximum number of cards.
    pub const CARDS_MAX: usize = 10;

    fn empty() -> Self {
        Self {
            cards: Vec::new(),
            unknown: Default::default(),
        }
    }

    fn push(&mut self, card: Card) {
        // No carousel that could be sent comes near the end of the range.
        let index = i64::try_from(self.cards.len()).unwrap_or(i64::MAX);
        self.cards.push(Card {
            card_index: Some(index.into()),
            ..card
        });
    }
}

impl Validate for CarouselAction {
    fn check(&self, check: &mut Check<'_>) {
        let mut check = check.member("cards");
        check.count(self.cards.len(), Self::CARDS_MIN, Self::CARDS_MAX);
        let first = self.cards.first().and_then(Kind::of);
        let mut indexes = Vec::new();
        for (at, card) in self.cards.iter().enumerate() {
            let mut check = check.element(at);
            card.check(&mut check);
            if let Some(index) = card.card_index.as_ref().and_then(Number::as_i64) {
                if indexes.contains(&index) {
                    check.member("card_index").report(Rule::Unique);
                }
                indexes.push(index);
            }
            if let (Some(first), Some(this)) = (&first, Kind::of(card))
                && *first != this
            {
                check.member("action").report(Rule::Format(match first {
                    Kind::Product(_) => "a product of the first card's catalog",
                    Kind::Replies(_) => "as many quick replies as the first card has",
                    Kind::Url => "a button that opens a page, as the first card has",
                }));
            }
        }
    }
}

/// What the first card says, and all others must say too.
#[derive(PartialEq)]
enum Kind<'a> {
    Product(Option<&'a CatalogId>),
    Replies(usize),
    Url,
}

impl Kind<'_> {
    fn of(card: &Card) -> Option<Kind<'_>> {
        let action = card.action.as_ref()?;
        Some(if card.kind == Some(CardType::Product) {
            Kind::Product(action.catalog_id.as_ref())
        } else if action.buttons.is_empty() {
            Kind::Url
        } else {
            Kind::Replies(action.buttons.len())
        })
    }
}
