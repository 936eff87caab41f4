//! A template: a text that was approved beforehand, and what is put into its placeholders.
//!
//! ```text
//! Template                     name, language
//! └─ components: [Component]   type: header, body, button, carousel, …
//!    ├─ sub_type, index        which button
//!    ├─ parameters: [Parameter]
//!    │  ├─ parameter_name      where placeholders have names
//!    │  └─ value               text, currency, image, payload, action, …
//!    └─ cards: [Card]          of a carousel; each has components of its own
//! ```

mod action;
mod button;
mod card;
mod carousel;
mod component;
mod language;
mod parameter;
mod purpose;
mod validate;
mod value;

pub use action::Action;
pub use button::{Button, CatalogButton, FlowButton, VoiceCallButton};
pub use card::Card;
pub use component::{ButtonType, Component, ComponentType};
pub use language::{Language, LanguagePolicy};
pub use parameter::{CouponCode, Parameter, ParameterValue, Payload};
pub use purpose::TemplatePurpose;
pub use value::{Currency, DateTime, LimitedTimeOffer, Product, TapTarget};

use super::order::OrderUpdate;
use crate::UnknownFields;
use kaleyra_wa_derive::Wire;

/// A template and what is put into its placeholders: the only message that reaches a user who has not written in
/// the last 24 hours.
///
/// ```
/// use kaleyra_wa_types::outbound::Image;
/// use kaleyra_wa_types::outbound::template::{Button, Template};
/// use serde_json::json;
///
/// // Placeholders by place …
/// let shipped = Template::new("order_shipped", "en")
///     .header(Image::link("https://example.com/cup.png"))
///     .body(["Asha", "17"])
///     .button(Button::url(0, "orders/17"));
/// assert_eq!(
///     serde_json::to_value(&shipped)?,
///     json!({
///         "name": "order_shipped",
///         "language": {"code": "en"},
///         "components": [
///             {"type": "header", "parameters": [{"type": "image", "image": {"link": "https://example.com/cup.png"}}]},
///             {"type": "body", "parameters": [{"type": "text", "text": "Asha"}, {"type": "text", "text": "17"}]},
///             {"type": "button", "sub_type": "url", "index": 0, "parameters": [{"type": "text", "text": "orders/17"}]},
///         ],
///     }),
/// );
///
/// // … and by name.
/// let welcome = Template::new("welcome", "en").body_named([("first_name", "Asha"), ("discount", "25%")]);
/// assert_eq!(
///     serde_json::to_value(&welcome.components[0].parameters[0])?,
///     json!({"parameter_name": "first_name", "type": "text", "text": "Asha"}),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: *Send Template Messages*; Meta's page on sending templates.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Template {
    /// The template's name: lower case letters, digits and underscores, at most 512.
    pub name: String,
    /// The language, one of those that the template was approved in.
    pub language: Language,
    /// The parts that have placeholders; a template without any has none.
    pub components: Vec<Component>,
    /// A relic of the On-Premises API.
    pub namespace: Option<String>,
    /// What it was made for; not on the wire.
    #[wire(skip)]
    pub purpose: TemplatePurpose,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl Template {
    /// The maximum number of characters that a name may have.
    pub const NAME_MAX: usize = 512;
    /// The maximum number of characters that the one-time code of a template made by [`authentication`](Self::authentication) may have.
    /// Meta responds with 132018 ("exceeds the parameter length limit 15").
    pub const CODE_MAX: usize = 15;

    /// The template of this name in this language.
    pub fn new(name: impl Into<String>, language: impl Into<Language>) -> Self {
        Self {
            name: name.into(),
            language: language.into(),
            components: Vec::new(),
            namespace: None,
            purpose: TemplatePurpose::Unsaid,
            unknown: Default::default(),
        }
    }

    /// An authentication template with its one-time code, at most 15 characters. The message carries the code twice, in
    /// the text and behind the button that copies or fills it in; both are made here.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::template::Template;
    ///
    /// assert_eq!(
    ///     serde_json::to_value(Template::authentication("otp_en", "en", "123456"))?,
    ///     serde_json::json!({
    ///         "name": "otp_en",
    ///         "language": {"code": "en"},
    ///         "components": [
    ///             {"type": "body", "parameters": [{"type": "text", "text": "123456"}]},
    ///             {"type": "button", "sub_type": "url", "index": 0, "parameters": [{"type": "text", "text": "123456"}]},
    ///         ],
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// It goes to phone numbers only: for a user id Meta responds with 131062.
    ///
    /// Source: *Send Authentication Template Messages*; Meta's pages on business-scoped user ids.
    pub fn authentication(
        name: impl Into<String>,
        language: impl Into<Language>,
        code: impl Into<String>,
    ) -> Self {
        let code = code.into();
        let mut template = Self::new(name, language)
            .body([code.clone()])
            .button(Button::url(0, code));
        template.purpose = TemplatePurpose::Authentication;
        template
    }

    /// What is shown above the text: a text, [`Image`](super::Image), [`Video`](super::Video),
    /// [`Document`](super::Document), [`Location`](super::Location) or [`Product`].
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::template::Template;
    /// use kaleyra_wa_types::outbound::{Document, Location};
    ///
    /// let bill = Template::new("bill", "en").header(Document::id("1037543291543636").filename("bill-17.pdf"));
    /// let shop = Location::new(12.97, 77.59).name("The corner shop").address("1 Example Road");
    /// let place = Template::new("pick_up", "en").header(shop);
    /// assert_eq!(serde_json::to_value(&place.components[0])?["parameters"][0]["type"], "location");
    /// # assert_eq!(serde_json::to_value(&bill.components[0])?["parameters"][0]["document"]["filename"], "bill-17.pdf");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn header(self, parameter: impl Into<Parameter>) -> Self {
        self.component(Component::new(ComponentType::Header).parameters([parameter.into()]))
    }

    /// What is put into the placeholders of the text, in their order: texts, [`Currency`], [`DateTime`]. Where they are of
    /// several types, each is made a [`Parameter`]:
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::template::{Currency, Parameter, Template};
    ///
    /// let price = Currency::new("₹ 1,250.50", "INR", 1_250_500);
    /// let paid = Template::new("paid", "en").body([Parameter::from("Asha"), price.into()]);
    /// let types: Vec<&str> = paid.components[0].parameters.iter().map(|it| it.value.type_name()).collect();
    /// assert_eq!(types, ["text", "currency"]);
    /// ```
    pub fn body(self, parameters: impl IntoIterator<Item = impl Into<Parameter>>) -> Self {
        self.component(Component::new(ComponentType::Body).parameters(parameters))
    }

    /// What is put into the placeholders of the text, by their names, in any order.
    ///
    /// For an example see [`Template`].
    pub fn body_named(
        self,
        parameters: impl IntoIterator<Item = (impl Into<String>, impl Into<Parameter>)>,
    ) -> Self {
        let parameters = parameters.into_iter();
        self.body(parameters.map(|(name, parameter)| parameter.into().named(name)))
    }

    /// What one of the buttons is filled with.
    ///
    /// For an example see [`Button`].
    pub fn button(self, button: impl Into<Button>) -> Self {
        self.component(button.into())
    }

    /// The cards, 2 to 10 and exactly as many as the template has. Cards without an index get their place. For an example
    /// see [`Card`].
    pub fn carousel(self, cards: impl IntoIterator<Item = Card>) -> Self {
        let mut carousel = Component::new(ComponentType::Carousel);
        carousel.cards = (0_i64..)
            .zip(cards)
            .map(|(place, mut card)| {
                card.card_index.get_or_insert_with(|| place.into());
                card
            })
            .collect();
        self.component(carousel)
    }

    /// When the offer ends, in **milliseconds** since 1970-01-01 UTC.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::template::Template;
    ///
    /// let offer = Template::new("spring_sale", "en").limited_time_offer(1_798_675_200_000);
    /// assert_eq!(
    ///     serde_json::to_value(&offer.components[0])?,
    ///     serde_json::json!({
    ///         "type": "limited_time_offer",
    ///         "parameters": [{
    ///             "type": "limited_time_offer",
    ///             "limited_time_offer": {"expiration_time_ms": 1798675200000_i64},
    ///         }],
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn limited_time_offer(self, expiration_time_ms: i64) -> Self {
        let offer = LimitedTimeOffer::new(expiration_time_ms);
        self.component(Component::new(ComponentType::LimitedTimeOffer).parameters([offer]))
    }

    /// What became of an order.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::order::{OrderStatus, OrderUpdate};
    /// use kaleyra_wa_types::outbound::template::Template;
    ///
    /// let shipped = OrderUpdate::new("order-17", OrderStatus::Shipped);
    /// let shipped = Template::new("order_update", "en").order_status(shipped);
    /// assert_eq!(
    ///     serde_json::to_value(&shipped.components[0])?,
    ///     serde_json::json!({
    ///         "type": "order_status",
    ///         "parameters": [{
    ///             "type": "order_status",
    ///             "order_status": {"reference_id": "order-17", "order": {"status": "shipped"}},
    ///         }],
    ///     }),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn order_status(self, update: OrderUpdate) -> Self {
        self.component(Component::new(ComponentType::OrderStatus).parameters([update]))
    }

    /// The link that opens when the message itself is tapped, and the title above its page; for verified businesses.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::template::Template;
    ///
    /// let parcel = Template::new("parcel_ready", "en")
    ///     .tap_target_configuration("https://example.com/track/17", "Track it");
    /// assert_eq!(
    ///     serde_json::to_value(&parcel.components[0].parameters[0])?["tap_target_configuration"],
    ///     serde_json::json!([{"url": "https://example.com/track/17", "title": "Track it"}]),
    /// );
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn tap_target_configuration(
        self,
        url: impl Into<String>,
        title: impl Into<String>,
    ) -> Self {
        let targets = vec![TapTarget::new(url, title)];
        self.component(Component::new(ComponentType::TapTargetConfiguration).parameters([targets]))
    }

    /// The request to be allowed to call.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::template::Template;
    ///
    /// let question = Template::new("may_we_call", "en").call_permission_request();
    /// assert_eq!(serde_json::to_value(&question.components)?, serde_json::json!([{"type": "call_permission_request"}]));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn call_permission_request(self) -> Self {
        self.component(Component::new(ComponentType::CallPermissionRequest))
    }

    /// Any other component.
    ///
    /// For an example see [`Component`].
    pub fn component(mut self, component: impl Into<Component>) -> Self {
        self.components.push(component.into());
        self
    }
}
