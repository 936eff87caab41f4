//! What the user will see.

use std::fmt;

use super::definition::part;
use super::variables::{Piece, is_number, pieces};
use super::{
    ButtonDefinition, ButtonKind, ComponentDefinition, ComponentKind, HeaderFormat,
    TemplateDefinition,
};
use crate::Number;
use crate::outbound::template::{Component, ComponentType, Parameter, ParameterValue, Template};

/// A template filled in: what the user will see, for a preview, a history or a log of your own.
///
/// A variable without a value stays as `{{1}}`. WhatsApp's own sentences of a template for one-time codes are in English
/// here, whatever the template's language is: only WhatsApp has the others. `Display` shows all of it as text.
///
/// ```
/// use kaleyra_wa_types::outbound::template::Template;
/// use kaleyra_wa_types::template::TemplateDefinition;
///
/// let closed = TemplateDefinition::utility("closed", "en").body("Closed on {{1}}.", ["Monday"]);
/// let shown = closed.render(&Template::new("closed", "en").body(["Tuesday"]));
/// assert_eq!(shown.body, "Closed on Tuesday.");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Rendered {
    /// What is shown above the text.
    pub header: Option<RenderedHeader>,
    /// The limited-time offer.
    pub offer: Option<String>,
    /// The text.
    pub body: String,
    /// The small text below.
    pub footer: Option<String>,
    /// The buttons.
    pub buttons: Vec<RenderedButton>,
    /// The cards of a carousel, each with a header, a text and buttons.
    pub cards: Vec<Self>,
}

/// What is shown above the text.
///
/// For an example see [`Rendered`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum RenderedHeader {
    /// A text.
    Text(String),
    /// A file, a place or a product of the message.
    Value(ParameterValue),
    /// A file, a place or a product that the message lacks.
    Missing(HeaderFormat),
}

/// A button.
///
/// For an example see [`Rendered`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RenderedButton {
    /// What it does.
    pub kind: ButtonKind,
    /// Its label; WhatsApp's own words, in English, where the template has none.
    pub text: String,
    /// Where it leads to, whom it calls, or what it copies.
    pub target: Option<String>,
}

impl TemplateDefinition {
    /// What the user will see of a send of this template; whether it fits is another question, see [`check`](Self::check).
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::template::{Button, Template};
    /// use kaleyra_wa_types::template::{ButtonDefinition, TemplateDefinition};
    ///
    /// let definition = TemplateDefinition::utility("parcel_ready", "en_US")
    ///     .header_text("Parcel {{1}}", ["A-17"])
    ///     .body("Hello {{1}}, it waits at {{2}} until Friday.", ["Anna", "Main Street"])
    ///     .footer("Example Post")
    ///     .button(ButtonDefinition::url("Track", "https://example.com/t/{{1}}"));
    /// let message = Template::new("parcel_ready", "en_US").header("B-4").body(["Asha"]).button(Button::url(0, "B4"));
    /// assert_eq!(
    ///     definition.render(&message).to_string(),
    ///     "Parcel B-4\n\nHello Asha, it waits at {{2}} until Friday.\n\nExample Post\n\n[Track] https://example.com/t/B4",
    /// );
    /// ```
    pub fn render(&self, template: &Template) -> Rendered {
        let mut rendered = self.render_part(&self.components, &template.components);
        let cards = template
            .components
            .iter()
            .find(|component| component.kind == ComponentType::Carousel);
        let cards = cards.map_or(&[][..], |component| &component.cards);
        let defined = self.cards();
        rendered.cards = match cards {
            [] => defined
                .iter()
                .map(|card| self.render_part(&card.components, &[]))
                .collect(),
            cards => (0..cards.len())
                .filter_map(|index| {
                    let of_index = |at: &usize| {
                        cards[*at].card_index.as_ref().and_then(Number::as_i64)
                            == i64::try_from(index).ok()
                    };
                    let sent = (0..cards.len()).find(of_index).unwrap_or(index);
                    let card = defined.get(index).or(defined.last())?;
                    Some(self.render_part(&card.components, &cards[sent].components))
                })
                .collect(),
        };
        rendered
    }

    fn render_part(&self, defined: &[ComponentDefinition], sent: &[Component]) -> Rendered {
        let sent_as = |kind: ComponentType| {
            let mut of_kind = sent.iter().filter(|component| component.kind == kind);
            of_kind
                .next()
                .map_or(&[] as &[Parameter], |component| &component.parameters)
        };
        let header = part(defined, &ComponentKind::Header);
        let body = part(defined, &ComponentKind::Body);
        let footer = part(defined, &ComponentKind::Footer);
        let offer = part(defined, &ComponentKind::LimitedTimeOffer);
        let buttons = part(defined, &ComponentKind::Buttons).map_or(&[][..], |part| &part.buttons);
        Rendered {
            header: header.map(|header| self.render_header(header, sent_as(ComponentType::Header))),
            offer: offer.and_then(|offer| offer.limited_time_offer.as_ref()?.text.clone()),
            body: body.map_or_else(String::new, |body| {
                self.render_body(body, sent_as(ComponentType::Body))
            }),
            footer: footer.and_then(render_footer),
            buttons: buttons
                .iter()
                .enumerate()
                .map(|(at, button)| button.render(parameters_of(at, sent)))
                .collect(),
            cards: Vec::new(),
        }
    }

    fn render_header(&self, header: &ComponentDefinition, sent: &[Parameter]) -> RenderedHeader {
        match (header.format.as_ref(), sent.first()) {
            (None | Some(HeaderFormat::Text), _) => {
                let text = header.text.as_deref().unwrap_or_default();
                RenderedHeader::Text(filled(text, sent, self.is_named()))
            }
            (_, Some(parameter)) => RenderedHeader::Value(parameter.value.clone()),
            (Some(format), None) => RenderedHeader::Missing(format.clone()),
        }
    }

    fn render_body(&self, body: &ComponentDefinition, sent: &[Parameter]) -> String {
        match &body.text {
            Some(text) => filled(text, sent, self.is_named()),
            None if self.is_for_one_time_codes() => {
                let safety = match &body.add_security_recommendation {
                    Some(true) => " For your security, do not share this code.",
                    _ => "",
                };
                filled(
                    &format!("*{{{{1}}}}* is your verification code.{safety}"),
                    sent,
                    false,
                )
            }
            None => String::new(),
        }
    }
}

fn render_footer(footer: &ComponentDefinition) -> Option<String> {
    if footer.text.is_some() {
        return footer.text.clone();
    }
    let minutes = footer.code_expiration_minutes.as_ref()?.as_i64()?;
    Some(format!("This code expires in {minutes} minutes."))
}

/// What a send has for the button at this place.
fn parameters_of(at: usize, sent: &[Component]) -> &[Parameter] {
    let is_it = |component: &&Component| {
        let index = component.index.as_ref().and_then(Number::as_i64);
        component.kind == ComponentType::Button && index == i64::try_from(at).ok()
    };
    sent.iter()
        .find(is_it)
        .map_or(&[], |component| &component.parameters)
}

impl ButtonDefinition {
    fn render(&self, sent: &[Parameter]) -> RenderedButton {
        let own = match self.kind {
            ButtonKind::CopyCode => "Copy offer code",
            ButtonKind::Otp => "Copy code",
            ButtonKind::Catalog => "View catalog",
            ButtonKind::Mpm => "View items",
            ButtonKind::Spm => "View",
            ButtonKind::OrderDetails => "Review and Pay",
            ButtonKind::RequestContactInfo => "Share Contact Info",
            _ => "",
        };
        let target = match self.kind {
            ButtonKind::Url => self.url.as_deref().map(|url| filled(url, sent, false)),
            ButtonKind::PhoneNumber => self.phone_number.clone(),
            ButtonKind::CopyCode | ButtonKind::Otp => {
                sent.first().map(|code| shown(&code.value).to_owned())
            }
            _ => None,
        };
        RenderedButton {
            kind: (self.kind).clone(),
            text: self.text.clone().unwrap_or_else(|| own.to_owned()),
            target: target.filter(|target| !target.is_empty()),
        }
    }
}

/// A text with values in place of its variables; those without one stay.
pub(super) fn filled(text: &str, parameters: &[Parameter], is_named: bool) -> String {
    let value_of = |name: &str| {
        let parameter = if is_named {
            let mut named = parameters.iter();
            named.find(|parameter| parameter.parameter_name.as_deref() == Some(name))
        } else if is_number(name) {
            // The first value is that of the lowest number.
            let number: usize = name.parse().ok()?;
            parameters.get(number.checked_sub(1)?)
        } else {
            // A link's variable may have a name though values are counted.
            parameters.first()
        };
        parameter.map(|parameter| shown(&parameter.value))
    };
    let mut filled = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => filled.push_str(text),
            Piece::Variable(name) => match value_of(name) {
                Some(value) => filled.push_str(value),
                None => {
                    for part in ["{{", name, "}}"] {
                        filled.push_str(part);
                    }
                }
            },
        }
    }
    filled
}

/// How a value is shown. How WhatsApp writes an amount or a date in the user's country is not known here: what is shown
/// instead stands for it.
fn shown(value: &ParameterValue) -> &str {
    match value {
        ParameterValue::Text(text) => text,
        ParameterValue::Currency(currency) => {
            currency.fallback_value.as_deref().unwrap_or_default()
        }
        ParameterValue::DateTime(date) => date.fallback_value.as_deref().unwrap_or_default(),
        ParameterValue::CouponCode(code) => code.as_str(),
        ParameterValue::Payload(payload) => payload.as_str(),
        _ => "",
    }
}

impl fmt::Display for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = self.header.as_ref().map(ToString::to_string);
        let parts = header
            .iter()
            .chain(&self.offer)
            .chain([&self.body])
            .chain(&self.footer);
        let mut separator = "";
        for part in parts.filter(|part| !part.is_empty()) {
            write!(f, "{separator}{part}")?;
            separator = "\n\n";
        }
        for button in &self.buttons {
            write!(f, "{separator}{button}")?;
            separator = "\n";
        }
        for (at, card) in self.cards.iter().enumerate() {
            let separator = if separator.is_empty() { "" } else { "\n\n" };
            write!(f, "{separator}({})\n{card}", at + 1)?;
        }
        Ok(())
    }
}

/// A text as it is; anything else by its kind, such as `(image)`.
impl fmt::Display for RenderedHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Value(value) => write!(f, "({})", value.type_name()),
            Self::Missing(format) => write!(f, "(no {})", format.as_str().to_ascii_lowercase()),
        }
    }
}

impl fmt::Display for RenderedButton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]", self.text)?;
        match &self.target {
            Some(target) => write!(f, " {target}"),
            None => Ok(()),
        }
    }
}
