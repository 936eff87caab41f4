//! A part of a template that has placeholders.

use super::carousel::check_cards;
use super::{Card, Parameter, ParameterValue};
use crate::Number;
use crate::UnknownFields;
use crate::UnknownText;
use crate::validate::{Check, Rule, Validate};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// A part of a template that has placeholders, and what is put into them.
///
/// [`Template`](super::Template)'s setters make the usual ones; this is for all others, and for reading.
///
/// ```
/// use kaleyra_wa_types::outbound::template::{Component, ComponentType, Template};
///
/// let body = Component::new(ComponentType::Body).parameters(["Asha", "17"]);
/// let shipped = Template::new("order_shipped", "en").component(body);
/// assert_eq!(shipped, Template::new("order_shipped", "en").body(["Asha", "17"]));
/// ```
///
/// Source: Meta's page on sending templates; *Send Authentication Template Messages*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Component {
    /// Which part it is. Some senders write it in capital letters.
    #[wire(name = "type")]
    pub kind: ComponentType,
    /// Which kind of button; only for buttons. Some senders write it in capital letters.
    pub sub_type: Option<ButtonType>,
    /// Which button of the template, 0 to 9, each once; only for buttons. A number, or a string that holds one.
    pub index: Option<Number>,
    /// What is put into the placeholders, in their order or by their names.
    pub parameters: Vec<Parameter>,
    /// The cards of a carousel.
    pub cards: Vec<Card>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Which part of a template a component is.
///
/// ```
/// use kaleyra_wa_types::outbound::template::{Component, ComponentType};
///
/// let body: Component = serde_json::from_str(r#"{"type": "BODY", "parameters": [{"type": "text", "text": "Asha"}]}"#)?;
/// assert_eq!(body.kind, ComponentType::Body); // in capital letters, as some senders have it
/// assert_eq!(ComponentType::LimitedTimeOffer.as_str(), "limited_time_offer");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[wire(any_case)]
#[non_exhaustive]
pub enum ComponentType {
    /// `body`. The text.
    Body,
    /// `button`. A button; `sub_type` says which kind.
    Button,
    /// `call_permission_request`. The request to be allowed to call. It has no placeholders.
    CallPermissionRequest,
    /// `carousel`. The cards.
    Carousel,
    /// `header`. What is shown above the text: a text, a file, a place or a product.
    Header,
    /// `limited_time_offer`. When the offer ends.
    LimitedTimeOffer,
    /// `order_status`. What became of an order.
    OrderStatus,
    /// `tap_target_configuration`. What opens when the message itself is tapped.
    TapTargetConfiguration,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// Which kind of button a component is about, `sub_type`.
///
/// ```
/// use kaleyra_wa_types::outbound::template::{ButtonType, Component};
///
/// let button: Component = serde_json::from_str(r#"{"type": "button", "sub_type": "copy_code", "index": "1",
///     "parameters": [{"type": "coupon_code", "coupon_code": "GREEN25"}]}"#)?;
/// assert_eq!(button.sub_type, Some(ButtonType::CopyCode));
/// assert_eq!(button.index.and_then(|index| index.as_i64()), Some(1));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[wire(any_case)]
#[non_exhaustive]
pub enum ButtonType {
    /// `catalog`. Opens the catalog.
    Catalog,
    /// `copy_code`. Copies a code.
    CopyCode,
    /// `flow`. Opens a flow.
    Flow,
    /// `mpm`. Opens a choice of products.
    Mpm,
    /// `order_details`. Opens an order to pay.
    OrderDetails,
    /// `payment_request`. Asks for a payment; seen with one partner only.
    PaymentRequest,
    /// `phone_number`. Calls a number. It has no parameter.
    PhoneNumber,
    /// `quick_reply`. Sends a quick reply.
    QuickReply,
    /// `request_contact_info`. Asks for the user's phone number. It has no parameter.
    RequestContactInfo,
    /// `spm`. Opens one product. It has no parameter.
    Spm,
    /// `url`. Opens a link.
    Url,
    /// `voice_call`. Calls the business over WhatsApp.
    VoiceCall,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl Component {
    /// The highest index of a button.
    pub const INDEX_MAX: i64 = 9;

    /// A component of this type, with nothing in it.
    pub fn new(kind: impl Into<ComponentType>) -> Self {
        Self {
            kind: kind.into(),
            sub_type: None,
            index: None,
            parameters: Vec::new(),
            cards: Vec::new(),
            unknown: Default::default(),
        }
    }

    /// What is put into the placeholders.
    pub fn parameters(
        mut self,
        parameters: impl IntoIterator<Item = impl Into<Parameter>>,
    ) -> Self {
        self.parameters = parameters.into_iter().map(Into::into).collect();
        self
    }

    /// The button of this kind at this place of the template.
    pub(crate) fn button(
        sub_type: ButtonType,
        index: u8,
        parameters: impl IntoIterator<Item = ParameterValue>,
    ) -> Self {
        let mut button = Self::new(ComponentType::Button).parameters(parameters);
        button.sub_type = Some(sub_type);
        button.index = Some(i64::from(index).into());
        button
    }

    /// Reports every violation of a component of a template or, where `in_card`, of a card.
    pub(super) fn check_in(&self, in_card: bool, check: &mut Check<'_>) {
        use ComponentType as Type;

        if in_card
            && !matches!(
                self.kind,
                Type::Header | Type::Body | Type::Button | Type::Unknown(_)
            )
        {
            let why = "a card has a header, a body and buttons";
            check.member("type").report(Rule::Forbidden(why));
        }
        match &self.kind {
            Type::Button => self.check_button(check),
            Type::Carousel => check_cards(&self.cards, &mut check.member("cards")),
            _ => {}
        }
        let (least, most) = self.parameter_counts();
        check
            .member("parameters")
            .count(self.parameters.len(), least, most);
        let takes = self.takes();
        for (index, parameter) in self.parameters.iter().enumerate() {
            let mut parameters = check.member("parameters");
            let mut check = parameters.element(index);
            if let Some((types, why)) = takes
                && !matches!(parameter.value, ParameterValue::Unknown(_))
                && !types.contains(&parameter.value.type_name())
            {
                check.member("type").report(Rule::Forbidden(why));
            }
            parameter.check(&mut check);
        }
    }

    fn check_button(&self, check: &mut Check<'_>) {
        if self.sub_type.is_none() {
            let why = "it says which kind of button is meant";
            check.member("sub_type").report(Rule::Required(why));
        }
        match self.index.as_ref().map(Number::as_i64) {
            Some(Some(index)) => check.member("index").range(index, 0, Self::INDEX_MAX),
            Some(None) => check.member("index").report(Rule::Format("a whole number")),
            // Meta's own sample of a call button has none.
            None if self.has_sub_type(&ButtonType::VoiceCall) => {}
            None => {
                let why = "it says which button is meant";
                check.member("index").report(Rule::Required(why));
            }
        }
    }

    /// Whether a button of this kind must be there, as the template has nothing to fill it with.
    pub(super) fn is_mandatory(sub_type: &ButtonType) -> bool {
        use ButtonType as Button;

        matches!(
            sub_type,
            Button::Url | Button::CopyCode | Button::Mpm | Button::OrderDetails
        )
    }

    /// Whether it is a button of this kind.
    pub(super) fn has_sub_type(&self, sub_type: &ButtonType) -> bool {
        self.sub_type.as_ref() == Some(sub_type)
    }

    /// How many parameters it takes at least and at most.
    ///
    /// Source: Meta responds with 131008 where a url or copy-code button has none ("Button at index 0 of type Url requires a
    /// parameter"), and 132018 where a part has too many. A flow button may have none; a quick reply and a catalog button have
    /// a default. Meta's pages on offers, orders and multi-product templates show one.
    fn parameter_counts(&self) -> (usize, usize) {
        use ButtonType as Button;
        use ComponentType as Type;

        match (&self.kind, self.sub_type.as_ref()) {
            (Type::Header, _) => (0, 1),
            (Type::Button, Some(sub_type)) if Self::is_mandatory(sub_type) => (1, 1),
            (Type::LimitedTimeOffer | Type::OrderStatus | Type::TapTargetConfiguration, _) => {
                (1, 1)
            }
            (
                Type::Button,
                Some(Button::QuickReply | Button::Catalog | Button::Flow | Button::PaymentRequest),
            ) => (0, 1),
            (Type::Button, Some(Button::VoiceCall)) => (0, 2),
            // What takes none at all says so for each.
            _ => (0, usize::MAX),
        }
    }

    /// Which types of parameters it takes, and the same in human-readable form; `None` where that is not known.
    fn takes(&self) -> Option<(&'static [&'static str], &'static str)> {
        use ButtonType as Button;
        use ComponentType as Type;

        Some(match &self.kind {
            Type::Header => (
                &["text", "image", "video", "document", "location", "product"],
                "a header takes a text, image, video, document, location or product",
            ),
            Type::Body => (
                &["text", "currency", "date_time"],
                "a body takes texts, currencies and dates",
            ),
            Type::Button => match self.sub_type.as_ref()? {
                Button::Url => (&["text"], "a url button takes a text"),
                Button::QuickReply => (&["payload"], "a quick reply takes a payload"),
                Button::CopyCode => (&["coupon_code"], "a copy-code button takes a coupon_code"),
                Button::VoiceCall => (
                    &["ttl_minutes", "payload"],
                    "a call button takes ttl_minutes and a payload",
                ),
                Button::Catalog
                | Button::Flow
                | Button::Mpm
                | Button::OrderDetails
                | Button::PaymentRequest => (&["action"], "this button takes an action"),
                Button::PhoneNumber | Button::RequestContactInfo | Button::Spm => {
                    (&[], "this button takes no parameter")
                }
                Button::Unknown(_) => return None,
            },
            Type::CallPermissionRequest | Type::Carousel => {
                (&[], "this component takes no parameter")
            }
            Type::LimitedTimeOffer => (&["limited_time_offer"], "it takes a limited_time_offer"),
            Type::OrderStatus => (&["order_status"], "it takes an order_status"),
            Type::TapTargetConfiguration => (
                &["tap_target_configuration"],
                "it takes a tap_target_configuration",
            ),
            Type::Unknown(_) => return None,
        })
    }
}
