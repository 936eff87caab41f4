//! One card of a carousel, as it is defined.

use super::definition::{component_mut, part};
use super::{ButtonDefinition, ComponentDefinition, ComponentKind, HeaderFormat};
use crate::UnknownFields;
use kaleyra_wa_derive::Wire;

/// One card of a carousel: a header with a picture, a video or a product, perhaps a text, and one or two buttons.
///
/// ```
/// use kaleyra_wa_types::template::{ButtonDefinition, CardDefinition, ComponentKind};
///
/// let card = CardDefinition::new()
///     .header_image("4::aQ…")
///     .body("{{1}}, with a view of the sea", ["Room 7"])
///     .button(ButtonDefinition::quick_reply("Book"));
/// assert_eq!(card.buttons().len(), 1);
/// assert!(!card.is_of_product());
/// let body = card.part(&ComponentKind::Body);
/// assert_eq!(body.and_then(|body| body.text.as_deref()), Some("{{1}}, with a view of the sea"));
/// ```
///
/// Source: Meta's pages on media card and product card carousel templates.
#[derive(Clone, Debug, Default, PartialEq, Wire)]
#[non_exhaustive]
pub struct CardDefinition {
    /// The card's parts.
    pub components: Vec<ComponentDefinition>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl CardDefinition {
    /// The minimum number of cards of a carousel.
    pub const MIN: usize = 2;
    /// The maximum number of cards in a carousel.
    pub const MAX: usize = 10;
    /// The maximum number of buttons in a card.
    pub const BUTTONS_MAX: usize = 2;
    /// The maximum number of characters in a card's text.
    pub const BODY_MAX: usize = 160;

    /// A card with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// An image at the top; the handle is what a resumable upload of a sample gives.
    pub fn header_image(self, handle: impl Into<String>) -> Self {
        self.component(ComponentDefinition::header_image(handle))
    }

    /// A video at the top; the handle is what a resumable upload of a sample gives.
    ///
    /// ```
    /// use kaleyra_wa_types::template::CardDefinition;
    ///
    /// let card = CardDefinition::new().header_video("4::aQ…");
    /// assert_eq!(
    ///     serde_json::to_value(&card.components)?,
    ///     serde_json::json!([{"type": "HEADER", "format": "VIDEO", "example": {"header_handle": ["4::aQ…"]}}]),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn header_video(self, handle: impl Into<String>) -> Self {
        self.component(ComponentDefinition::header_video(handle))
    }

    /// A product at the top; each message says which.
    pub fn header_product(self) -> Self {
        self.component(ComponentDefinition::header(HeaderFormat::Product))
    }

    /// The text, at most 160 characters, and an example for each variable.
    pub fn body(
        self,
        text: impl Into<String>,
        examples: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.component(ComponentDefinition::body(text, examples))
    }

    /// One more button; one or two are allowed.
    pub fn button(mut self, button: ButtonDefinition) -> Self {
        component_mut(&mut self.components, ComponentKind::Buttons)
            .buttons
            .push(button);
        self
    }

    /// Any other component.
    ///
    /// ```
    /// use kaleyra_wa_types::template::{CardDefinition, ComponentDefinition, ComponentKind};
    ///
    /// let card = CardDefinition::new().component(ComponentDefinition::new(ComponentKind::from("PRICE_TAG")));
    /// assert_eq!(serde_json::to_value(&card)?, serde_json::json!({"components": [{"type": "PRICE_TAG"}]}));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn component(mut self, component: ComponentDefinition) -> Self {
        self.components.push(component);
        self
    }

    /// The component of this kind, if there is one.
    pub fn part(&self, kind: &ComponentKind) -> Option<&ComponentDefinition> {
        part(&self.components, kind)
    }

    /// The buttons, in the order in which a send counts them.
    pub fn buttons(&self) -> &[ButtonDefinition] {
        self.part(&ComponentKind::Buttons)
            .map_or(&[], |component| &component.buttons)
    }

    /// Whether it shows a product: such a carousel may be sent with other numbers of cards than it has.
    ///
    /// ```
    /// use kaleyra_wa_types::template::{ButtonDefinition, CardDefinition};
    ///
    /// let card = CardDefinition::new().header_product().button(ButtonDefinition::spm());
    /// assert!(card.is_of_product());
    /// ```
    pub fn is_of_product(&self) -> bool {
        let header = self.part(&ComponentKind::Header);
        header.is_some_and(|header| header.has_format(&HeaderFormat::Product))
    }
}
