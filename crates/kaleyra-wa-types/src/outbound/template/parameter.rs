//! What is put into a template's placeholders.

use super::{Action, Currency, DateTime, LimitedTimeOffer, Product, TapTarget};
use crate::Number;
use crate::UnknownBody;
use crate::UnknownFields;
use crate::outbound::order::OrderUpdate;
use crate::outbound::{Document, Image, Location, Video};
use crate::validate::{Check, Rule, Validate};
use crate::wire::LooseText;
use kaleyra_wa_derive::{StringId, Wire};

/// What is put into one placeholder. A `&str` or `String` becomes a text, a file or another value itself.
///
/// ```
/// use kaleyra_wa_types::outbound::template::{Currency, Parameter};
///
/// assert_eq!(
///     serde_json::to_value(Parameter::from("Asha"))?,
///     serde_json::json!({"type": "text", "text": "Asha"}),
/// );
///
/// let price = Parameter::new(Currency::new("₹ 1,250.00", "INR", 1_250_000)).named("price");
/// assert_eq!(
///     serde_json::to_value(&price)?,
///     serde_json::json!({
///         "parameter_name": "price",
///         "type": "currency",
///         "currency": {"fallback_value": "₹ 1,250.00", "code": "INR", "amount_1000": 1250000},
///     }),
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's page on sending templates.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Parameter {
    /// The placeholder's name, for a template whose placeholders have names; otherwise they are filled in order. A
    /// template never mixes the two. Lower case letters, digits and underscores, each once in its part.
    pub parameter_name: Option<String>,
    /// What is put there: `type`, and the field that it names.
    #[wire(flatten)]
    pub value: ParameterValue,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What is put into a placeholder.
///
/// ```
/// use kaleyra_wa_types::outbound::Image;
/// use kaleyra_wa_types::outbound::template::{DateTime, ParameterValue};
///
/// assert_eq!(ParameterValue::from("Asha").type_name(), "text");
/// assert_eq!(ParameterValue::from(DateTime::new("Monday, 9 am")).type_name(), "date_time");
/// assert_eq!(ParameterValue::from(Image::id("1037543291543636")).type_name(), "image");
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(tag = "type")]
#[non_exhaustive]
pub enum ParameterValue {
    /// What a flow, catalog, multi-product or order details button needs.
    Action(Box<Action>),
    /// What a copy-code button copies: 1 to 20 characters. Meta's template page says 15, its changelog of
    /// 3 December 2025 raised that to 20; 20 is checked.
    CouponCode(CouponCode),
    /// An amount of money.
    Currency(Box<Currency>),
    /// A date and time.
    DateTime(DateTime),
    /// A document, in a header.
    Document(Box<Document>),
    /// An image, in a header.
    Image(Box<Image>),
    /// When an offer ends.
    LimitedTimeOffer(LimitedTimeOffer),
    /// A place, in a header.
    Location(Box<Location>),
    /// What became of an order.
    OrderStatus(Box<OrderUpdate>),
    /// What comes back when a quick reply is tapped. No page limits its length.
    Payload(Payload),
    /// A product, in a header.
    Product(Box<Product>),
    /// What opens when the message itself is tapped.
    TapTargetConfiguration(Vec<TapTarget>),
    /// A text of 1 to 32768 characters in one line: no tab, no more than four spaces in a row, and something that can be
    /// seen. Rendered, a header may have 60 and a body 1024 characters, as Meta's pages
    /// say; that is not checked, for the template's own text is not known here. Kaleyra's page and Meta's
    /// machine-readable schema say 32768 for one parameter; that is.
    Text(String),
    /// How long a call button works, in minutes: 1 to 43200.
    TtlMinutes(Number),
    /// A video, in a header.
    Video(Box<Video>),
    /// A type that this version does not know, with its body.
    Unknown(UnknownBody),
}

/// What comes back when a button is tapped.
///
/// ```
/// use kaleyra_wa_types::outbound::template::{Button, Component, ParameterValue};
///
/// let button = Component::from(Button::quick_reply(0, "stop-updates"));
/// let ParameterValue::Payload(payload) = &button.parameters[0].value else { unreachable!() };
/// assert_eq!(payload.as_str(), "stop-updates");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct Payload(LooseText);

/// What a copy-code button copies.
///
/// ```
/// use kaleyra_wa_types::outbound::template::{Button, Component, ParameterValue};
///
/// let button = Component::from(Button::copy_code(0, "GREEN25"));
/// let ParameterValue::CouponCode(code) = &button.parameters[0].value else { unreachable!() };
/// assert_eq!(code.as_str(), "GREEN25");
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct CouponCode(LooseText);

impl Parameter {
    /// The maximum number of characters that a coupon code may have.
    pub const COUPON_CODE_MAX: usize = 20;
    /// The maximum number of characters that one text may have.
    pub const TEXT_MAX: usize = 32_768;
    /// The longest that a call button works, in minutes.
    pub const TTL_MINUTES_MAX: i64 = 43_200;

    /// This value.
    pub fn new(value: impl Into<ParameterValue>) -> Self {
        Self {
            parameter_name: None,
            value: value.into(),
            unknown: Default::default(),
        }
    }

    /// For the placeholder of this name.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.parameter_name = Some(name.into());
        self
    }
}

impl<T: Into<ParameterValue>> From<T> for Parameter {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

/// The larger values are boxed, so that texts, by far the most, stay small.
macro_rules! boxed {
    ($($value:ident: $type:ty),+ $(,)?) => { $(
        impl From<$type> for ParameterValue {
            fn from(value: $type) -> Self {
                Self::$value(Box::new(value))
            }
        }
    )+ };
}

boxed!(
    Action: Action,
    Currency: Currency,
    Document: Document,
    Image: Image,
    Location: Location,
    OrderStatus: OrderUpdate,
    Product: Product,
    Video: Video,
);

impl From<&str> for ParameterValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for ParameterValue {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl Validate for Parameter {
    fn check(&self, check: &mut Check<'_>) {
        if let Some(name) = &self.parameter_name {
            let is_plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
            if !name.bytes().all(is_plain) {
                check
                    .member("parameter_name")
                    .report(Rule::Format("lower case letters, digits and underscores"));
            }
        }
        let mut check = check.member(self.value.type_name());
        match &self.value {
            ParameterValue::Action(action) => action.check(&mut check),
            ParameterValue::CouponCode(code) => {
                check.length(code.as_str(), 1, Self::COUPON_CODE_MAX);
            }
            ParameterValue::Currency(currency) => currency.check(&mut check),
            ParameterValue::DateTime(date_time) => date_time.check(&mut check),
            ParameterValue::Document(document) => document.check(&mut check),
            ParameterValue::Image(image) => image.check(&mut check),
            ParameterValue::LimitedTimeOffer(offer) => offer.check(&mut check),
            ParameterValue::Location(location) => location.check(&mut check),
            ParameterValue::OrderStatus(status) => status.check(&mut check),
            ParameterValue::Product(product) => product.check(&mut check),
            ParameterValue::TapTargetConfiguration(targets) => {
                check.count(targets.len(), 1, usize::MAX);
                for (index, target) in targets.iter().enumerate() {
                    target.check(&mut check.element(index));
                }
            }
            ParameterValue::Text(text) => check_text(text, &mut check),
            ParameterValue::TtlMinutes(minutes) => match minutes.as_i64() {
                Some(minutes) => check.range(minutes, 1, Self::TTL_MINUTES_MAX),
                None => check.report(Rule::Format("a whole number")),
            },
            ParameterValue::Video(video) => video.check(&mut check),
            ParameterValue::Payload(_) | ParameterValue::Unknown(_) => {}
        }
    }
}

/// Reports a text that no placeholder takes.
///
/// Source: Meta refuses a line end, a tab and more than four spaces in a row in a value with 132018 (four pass), an empty
/// one with 131008; its pages say nothing of it. The template's own text may have them all.
fn check_text(text: &str, check: &mut Check<'_>) {
    check.length(text, 1, Parameter::TEXT_MAX);
    if !text.is_empty() && text.trim().is_empty() {
        check.report(Rule::Format("more than whitespace"));
    }
    if text.contains(['\n', '\r', '\t']) || text.contains("     ") {
        check.report(Rule::Format(
            "one line without tabs, and without more than four spaces in a row (132018)",
        ));
    }
}
