//! One card of a template's carousel.

use super::validate::check_siblings;
use super::{Button, Component, ComponentType, Parameter, ParameterValue};
use crate::Number;
use crate::UnknownFields;
use crate::validate::{Check, Rule, Validate};
use kaleyra_wa_derive::Wire;

/// One card of a carousel: a header with a picture, a video or a product, perhaps a text, and buttons.
///
/// ```
/// use kaleyra_wa_types::outbound::Image;
/// use kaleyra_wa_types::outbound::template::{Button, Card, Template};
///
/// let card = |photo: &str, cup: &str| {
///     Card::new().header(Image::id(photo)).body([cup]).button(Button::url(0, cup))
/// };
/// let template = Template::new("two_cups", "en").carousel([card("2000001", "blue"), card("2000002", "green")]);
/// assert_eq!(
///     serde_json::to_value(&template.components[0].cards[1])?,
///     serde_json::json!({
///         "card_index": 1,
///         "components": [
///             {"type": "header", "parameters": [{"type": "image", "image": {"id": "2000002"}}]},
///             {"type": "body", "parameters": [{"type": "text", "text": "green"}]},
///             {"type": "button", "sub_type": "url", "index": 0, "parameters": [{"type": "text", "text": "green"}]},
///         ],
///     }),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's pages on media card and product card carousel templates.
#[derive(Clone, Debug, Default, PartialEq, Wire)]
#[non_exhaustive]
pub struct Card {
    /// The card's place, 0 to 9; [`carousel`](super::Template::carousel) fills it in.
    pub card_index: Option<Number>,
    /// The card's header, body and buttons.
    pub components: Vec<Component>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl Card {
    /// The minimum number of cards of a carousel.
    pub const MIN: usize = 2;
    /// The maximum number of cards in a carousel.
    pub const MAX: usize = 10;
    /// The maximum number of characters in a card's text once it is filled in. The template's own text is not known here: what is too long
    /// even without it is reported. Meta responds with 132018 ("Hydrated body length is greater than the limit (160)").
    pub const BODY_MAX: usize = 160;

    /// A card with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is shown at the top: an image, a video or a product.
    pub fn header(self, parameter: impl Into<Parameter>) -> Self {
        self.component(Component::new(ComponentType::Header).parameters([parameter.into()]))
    }

    /// What is put into the placeholders of the card's text, in their order.
    pub fn body(self, parameters: impl IntoIterator<Item = impl Into<Parameter>>) -> Self {
        self.component(Component::new(ComponentType::Body).parameters(parameters))
    }

    /// What is put into the placeholders of the card's text, by their names, in any order.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::template::Card;
    ///
    /// let card = Card::new().body_named([("cup", "The blue one"), ("price", "₹ 250")]);
    /// assert_eq!(card.components[0].parameters[0].parameter_name.as_deref(), Some("cup"));
    /// ```
    pub fn body_named(
        self,
        parameters: impl IntoIterator<Item = (impl Into<String>, impl Into<Parameter>)>,
    ) -> Self {
        let parameters = parameters.into_iter();
        self.body(parameters.map(|(name, parameter)| parameter.into().named(name)))
    }

    /// What one of the card's buttons is filled with; the index counts the buttons of this card.
    pub fn button(self, button: impl Into<Button>) -> Self {
        self.component(button.into())
    }

    fn component(mut self, component: impl Into<Component>) -> Self {
        self.components.push(component.into());
        self
    }
}

impl Validate for Card {
    fn check(&self, check: &mut Check<'_>) {
        let index = self.card_index.as_ref().map(Number::as_i64);
        match index {
            Some(Some(index)) => check
                .member("card_index")
                .range(index, 0, Component::INDEX_MAX),
            Some(None) => check
                .member("card_index")
                .report(Rule::Format("a whole number")),
            None => check
                .member("card_index")
                .report(Rule::Required("it says which card is meant")),
        }
        let mut check = check.member("components");
        for (index, component) in self.components.iter().enumerate() {
            let mut check = check.element(index);
            component.check_in(true, &mut check);
            if component.kind == ComponentType::Body {
                check_body(component, &mut check.member("parameters"));
            }
        }
        check_siblings(&self.components, &mut check);
    }
}

/// Reports values that are too long together for a card's text.
fn check_body(body: &Component, check: &mut Check<'_>) {
    let lengths = body
        .parameters
        .iter()
        .map(|parameter| match &parameter.value {
            ParameterValue::Text(text) => text.chars().count(),
            _ => 0,
        });
    let found: usize = lengths.sum();
    if found > Card::BODY_MAX {
        check.report(Rule::Length {
            min: 0,
            max: Card::BODY_MAX,
            found,
        });
    }
}
