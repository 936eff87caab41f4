//! One card of a carousel, and its limits.

use crate::UnknownBody;
use crate::UnknownFields;
use crate::UnknownText;
use crate::outbound::interactive::action::check_name;
use crate::outbound::interactive::{
    ActionName, Body, CardHeader, CtaUrlParameters, Header, HeaderContent,
};
use crate::validate::{Check, Rule, Validate};
use crate::{CatalogId, Number, ProductRetailerId, TextOrObject};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// One card of a carousel, as it is on the wire: an image or a video with buttons, or a product. [`MediaCard`] and
/// [`ProductCarousel`](super::ProductCarousel) make them.
///
/// ```
/// use kaleyra_wa_types::outbound::interactive::{Action, CardType, MediaCard, MediaCarousel};
/// use kaleyra_wa_types::outbound::{Image, Interactive};
///
/// let photo = Image::link("https://example.com/blue.png");
/// let blue = MediaCard::url(photo, "See it", "https://example.com/blue").body("The blue one");
/// let cups = MediaCarousel::new("Our cups").card(blue);
/// let Action::Carousel(action) = Interactive::from(cups).action else { unreachable!() };
/// assert_eq!(action.cards[0].kind, Some(CardType::CtaUrl));
/// assert_eq!(
///     serde_json::to_value(&action.cards[0])?,
///     serde_json::json!({
///         "card_index": 0,
///         "type": "cta_url",
///         "header": {"type": "image", "image": {"link": "https://example.com/blue.png"}},
///         "body": {"text": "The blue one"},
///         "action": {"name": "cta_url", "parameters": {"display_text": "See it", "url": "https://example.com/blue"}},
///     }),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Card {
    /// The place of the card, from 0; 9 is the last.
    pub card_index: Option<Number>,
    /// What kind of card it is. Some senders leave it out on cards with reply buttons.
    #[wire(name = "type")]
    pub kind: Option<CardType>,
    /// The image or video; not on a product's card.
    pub header: Option<TextOrObject<String, Header>>,
    /// A text of at most 160 characters and two line breaks; not on a product's card.
    pub body: Option<Body>,
    /// What there is to tap, or the product.
    pub action: Option<CardAction>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What there is to tap on a card, or its product.
///
/// ```
/// use kaleyra_wa_types::outbound::interactive::CardAction;
///
/// let action = r#"{"catalog_id": "100000000000001", "product_retailer_id": "CUP-1"}"#;
/// let action: CardAction = serde_json::from_str(action)?;
/// assert_eq!(action.product_retailer_id, Some("CUP-1".into()));
/// assert!(action.buttons.is_empty() && action.parameters.is_none());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct CardAction {
    /// `cta_url` for a button that opens a page.
    pub name: Option<ActionName>,
    /// The button that opens a page.
    pub parameters: Option<CtaUrlParameters>,
    /// The reply buttons.
    pub buttons: Vec<CardButton>,
    /// The catalog of the product.
    pub catalog_id: Option<CatalogId>,
    /// The product.
    pub product_retailer_id: Option<ProductRetailerId>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A button on a card.
///
/// ```
/// use kaleyra_wa_types::outbound::interactive::{CardButton, CardButtonKind};
///
/// let button: CardButton =
///     serde_json::from_str(r#"{"type": "quick_reply", "quick_reply": {"id": "blue-buy", "title": "Buy it"}}"#)?;
/// let CardButtonKind::QuickReply(reply) = &button.kind else { unreachable!() };
/// assert_eq!((&*reply.id, &*reply.title), ("blue-buy", "Buy it"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct CardButton {
    /// `type`, and the field that it names.
    #[wire(flatten)]
    pub kind: CardButtonKind,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What a button on a card does: `type`, and the field that it names.
///
/// For an example see [`CardButton`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(tag = "type")]
#[non_exhaustive]
pub enum CardButtonKind {
    /// Sends a reply.
    QuickReply(QuickReply),
    /// A type that this version does not know, with its body.
    Unknown(UnknownBody),
}

/// The reply that a button on a card sends.
///
/// For an example see [`CardButton`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct QuickReply {
    /// What comes back when it is tapped, 1 to 20 characters. The user does not see it. Another rendering of Meta's page
    /// allows 256; 20 is checked.
    pub id: String,
    /// The button's label, 1 to 20 characters.
    pub title: String,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What kind of card it is, `type`.
///
/// For an example see [`Card`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum CardType {
    /// `cta_url`. An image or video with buttons; also where the buttons open no page.
    CtaUrl,
    /// `product`. A product.
    Product,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// A card of a media carousel.
///
/// ```
/// use kaleyra_wa_types::outbound::Image;
/// use kaleyra_wa_types::outbound::interactive::{MediaCard, MediaCarousel};
/// # use kaleyra_wa_types::{Recipient, outbound::MessagingObject};
///
/// let photo = |cup: &str| Image::link(format!("https://example.com/{cup}.png"));
/// let cups = MediaCarousel::new("Our two cups")
///     .card(MediaCard::replies(photo("blue"), [("blue-buy", "Buy it")]).body("The blue one"))
///     .card(MediaCard::replies(photo("green"), [("green-buy", "Buy it")]).body("The green one"));
/// # assert!(MessagingObject::new(Recipient::try_from("+919800000001").unwrap(), cups).violations().is_empty());
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct MediaCard(pub(super) Card);

impl MediaCard {
    /// A card with a button that opens a page: the image or video, the button's label (1 to 20 characters), the page.
    ///
    /// For an example see [`Card`].
    pub fn url(
        header: impl Into<CardHeader>,
        display_text: impl Into<String>,
        url: impl Into<String>,
    ) -> Self {
        Self::new(
            header,
            CardAction {
                name: Some(ActionName::CtaUrl),
                parameters: Some(CtaUrlParameters::new(display_text, url)),
                ..CardAction::empty()
            },
        )
    }

    /// A card with reply buttons: the image or video, and for each button the id that comes back and its label
    /// (each 1 to 20 characters).
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Image;
    /// use kaleyra_wa_types::outbound::interactive::{MediaCard, MediaCarousel};
    /// # use kaleyra_wa_types::{Recipient, outbound::MessagingObject};
    ///
    /// let card = |cup: &str| {
    ///     let photo = Image::link(format!("https://example.com/{cup}.png"));
    ///     MediaCard::replies(photo, [(format!("{cup}-more"), "Tell me more"), (format!("{cup}-buy"), "Buy it")])
    /// };
    /// let cups = MediaCarousel::new("Our two cups").card(card("blue")).card(card("green"));
    /// # assert!(MessagingObject::new(Recipient::try_from("+919800000001").unwrap(), cups).violations().is_empty());
    /// ```
    pub fn replies<I: Into<String>, T: Into<String>>(
        header: impl Into<CardHeader>,
        buttons: impl IntoIterator<Item = (I, T)>,
    ) -> Self {
        let buttons = buttons.into_iter().map(|(id, title)| CardButton {
            kind: CardButtonKind::QuickReply(QuickReply {
                id: id.into(),
                title: title.into(),
                unknown: Default::default(),
            }),
            unknown: Default::default(),
        });
        Self::new(
            header,
            CardAction {
                buttons: buttons.collect(),
                ..CardAction::empty()
            },
        )
    }

    fn new(header: impl Into<CardHeader>, action: CardAction) -> Self {
        Self(Card {
            header: Some(TextOrObject::Object(header.into().into())),
            action: Some(action),
            ..Card::empty(CardType::CtaUrl)
        })
    }

    /// The text of the card, at most 160 characters and two line breaks.
    ///
    /// For an example see [`MediaCard`].
    pub fn body(mut self, text: impl Into<String>) -> Self {
        self.0.body = Some(Body::new(text));
        self
    }
}

impl Card {
    /// The maximum number of characters in a body.
    pub const BODY_MAX: usize = 160;
    /// The maximum number of line breaks in a body.
    pub const BODY_LINE_BREAKS_MAX: usize = 2;

    pub(super) fn empty(kind: CardType) -> Self {
        Self {
            card_index: None,
            kind: Some(kind),
            header: None,
            body: None,
            action: None,
            unknown: Default::default(),
        }
    }
}

impl CardAction {
    pub(super) fn empty() -> Self {
        Self {
            name: None,
            parameters: None,
            buttons: Vec::new(),
            catalog_id: None,
            product_retailer_id: None,
            unknown: Default::default(),
        }
    }
}

impl QuickReply {
    /// The maximum number of characters in an id.
    pub const ID_MAX: usize = 20;
    /// The maximum number of characters in a title.
    pub const TITLE_MAX: usize = 20;
}

impl Validate for Card {
    fn check(&self, check: &mut Check<'_>) {
        let mut index = check.member("card_index");
        match self.card_index.as_ref().map(Number::as_i64) {
            Some(Some(at)) => index.range(at, 0, 9),
            Some(None) => index.report(Rule::Format("a whole number")),
            None => index.report(Rule::Required("a card says its position")),
        }
        let Some(action) = &self.action else {
            check
                .member("action")
                .report(Rule::Required("a card has buttons or a product"));
            return;
        };
        match &self.kind {
            Some(CardType::Product) => self.check_product(action, check),
            Some(CardType::Unknown(_)) => {}
            Some(CardType::CtaUrl) | None => self.check_media(action, check),
        }
    }
}

impl Card {
    fn check_product(&self, action: &CardAction, check: &mut Check<'_>) {
        let extras = [
            ("header", self.header.is_some()),
            ("body", self.body.is_some()),
        ];
        for (name, is_there) in extras {
            if is_there {
                check
                    .member(name)
                    .report(Rule::Forbidden("a product brings its own"));
            }
        }
        let mut check = check.member("action");
        let ids = [
            ("catalog_id", action.catalog_id.is_some()),
            ("product_retailer_id", action.product_retailer_id.is_some()),
        ];
        for (name, is_there) in ids {
            if !is_there {
                check
                    .member(name)
                    .report(Rule::Required("a card names its product"));
            }
        }
        if !action.buttons.is_empty() || action.parameters.is_some() {
            check.report(Rule::Forbidden("a product's card has no buttons"));
        }
    }

    fn check_media(&self, action: &CardAction, check: &mut Check<'_>) {
        let mut header = check.member("header");
        match self.header.as_ref().map(|header| header.object()) {
            None => header.report(Rule::Required("a card shows an image or a video")),
            Some(None) => header.report(Rule::Format("an object with `type`")),
            Some(Some(shown)) => {
                if !matches!(
                    shown.content,
                    HeaderContent::Image(_) | HeaderContent::Video(_) | HeaderContent::Unknown(_)
                ) {
                    header.member("type").report(Rule::Format("image or video"));
                }
                shown.check(&mut header);
            }
        }
        if let Some(body) = &self.body {
            let mut check = check.member("body");
            let mut check = check.member("text");
            check.length(&body.text, 0, Self::BODY_MAX);
            if body.text.matches('\n').count() > Self::BODY_LINE_BREAKS_MAX {
                check.report(Rule::Format("a text of at most two line breaks"));
            }
        }
        action.check(&mut check.member("action"));
    }
}

impl Validate for CardAction {
    /// Checks the buttons of a card with an image or a video.
    fn check(&self, check: &mut Check<'_>) {
        match &self.parameters {
            Some(parameters) => {
                check_name(self.name.as_ref(), "cta_url", check);
                parameters.check(&mut check.member("parameters"));
                if !self.buttons.is_empty() {
                    check
                        .member("buttons")
                        .report(Rule::OneOf("`parameters` or `buttons`"));
                }
            }
            None if self.buttons.is_empty() => check.report(Rule::Required(
                "a card has a button that opens a page or buttons that response",
            )),
            None => {}
        }
        for (index, button) in self.buttons.iter().enumerate() {
            if let CardButtonKind::QuickReply(reply) = &button.kind {
                let mut check = check.member("buttons");
                let mut check = check.element(index);
                reply.check(&mut check.member("quick_reply"));
            }
        }
    }
}

impl Validate for QuickReply {
    fn check(&self, check: &mut Check<'_>) {
        check.member("id").length(&self.id, 1, Self::ID_MAX);
        check
            .member("title")
            .length(&self.title, 1, Self::TITLE_MAX);
    }
}
