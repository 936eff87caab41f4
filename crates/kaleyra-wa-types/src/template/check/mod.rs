//! Checks whether a send fits its definition.

mod buttons;
mod carousel;
mod texts;

use std::borrow::Cow;
use std::fmt;

pub(super) use self::buttons::sub_type_of;
use super::definition::part;
use super::{
    ButtonDefinition, ComponentDefinition, ComponentKind, HeaderFormat, TemplateDefinition,
};
use crate::Number;
use crate::error_code;
use crate::inbound::ErrorCode;
use crate::outbound::template::{Component, ComponentType, ParameterValue, Template};

/// Something in a send that does not fit the definition of its template.
///
/// `Display` is one line: the code, the place, what is wrong. Neither it nor the fields hold a value of the message.
///
/// ```
/// use kaleyra_wa_types::outbound::template::Template;
/// use kaleyra_wa_types::template::TemplateDefinition;
///
/// let closed = TemplateDefinition::utility("closed", "en").body("Closed on {{1}}.", ["Monday"]);
/// let mismatches = closed.check(&Template::new("closed", "en"));
/// assert_eq!(mismatches[0].code, 132000); // Meta's code for a wrong number of parameters
/// assert_eq!(mismatches[0].path, "components");
/// assert!(mismatches[0].advice().is_some());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mismatch {
    /// The JSON path in the [`Template`], such as `components[1].parameters[0].text`.
    pub path: String,
    /// The code that Meta refuses it with, such as 132000; see [`error_code`](crate::error_code).
    pub code: i64,
    /// What is wrong.
    pub reason: Cow<'static, str>,
    /// What to do, where the code stands for several things.
    advice: Option<&'static str>,
}

impl Mismatch {
    /// One that is known in another way than by [`check`](TemplateDefinition::check): Meta refused such a send, say.
    ///
    /// ```
    /// use kaleyra_wa_types::template::Mismatch;
    ///
    /// let refused = Mismatch::new("name", 132015, "the template is PAUSED");
    /// assert_eq!(refused.to_string(), "132015: name: the template is PAUSED");
    /// ```
    pub fn new(path: impl Into<String>, code: i64, reason: impl Into<Cow<'static, str>>) -> Self {
        mismatch(code, path, reason)
    }

    /// What to do about it, in a line without a full stop; `None` for a code that no check gives.
    ///
    /// ```
    /// use kaleyra_wa_types::template::Mismatch;
    ///
    /// let advice = Mismatch::new("name", 132016, "the template is DISABLED").advice();
    /// assert_eq!(advice, Some("submit a template under another name: a disabled one doesn't come back"));
    /// ```
    pub fn advice(&self) -> Option<&'static str> {
        if self.advice.is_some() {
            return self.advice;
        }
        // By itself the code means nearly anything.
        if self.code == 100 {
            return Some(
                "give each value the name of one of the template's variables, as `parameter_name`",
            );
        }
        let code = ErrorCode::from(self.code.to_string().as_str());
        error_code::lookup(&code)?.advice
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.code, self.path, self.reason)
    }
}

/// A message can't be made of a definition with what was given: all that does not fit.
///
/// ```
/// use kaleyra_wa_types::template::{Mismatch, TemplateDefinition, TemplateMismatch};
///
/// let closed = TemplateDefinition::utility("closed", "en").body("Closed on {{1}}.", ["Monday"]);
/// let error = closed.message().build().unwrap_err();
/// assert_eq!(error.mismatches()[0].code, 132000);
///
/// assert!(TemplateMismatch::of(Vec::new()).is_none());
/// let paused = TemplateMismatch::of(vec![Mismatch::new("name", 132015, "the template is PAUSED")]);
/// assert_eq!(paused.map(|it| it.to_string()).as_deref(), Some("132015: name: the template is PAUSED"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateMismatch {
    mismatches: Vec<Mismatch>,
}

impl TemplateMismatch {
    /// For these; `None` if there are none.
    pub fn of(mismatches: Vec<Mismatch>) -> Option<Self> {
        (!mismatches.is_empty()).then_some(Self { mismatches })
    }

    /// All that does not fit; never empty.
    pub fn mismatches(&self) -> &[Mismatch] {
        &self.mismatches
    }
}

impl fmt::Display for TemplateMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, mismatch) in self.mismatches.iter().enumerate() {
            let separator = if at == 0 { "" } else { "; " };
            write!(f, "{separator}{mismatch}")?;
        }
        Ok(())
    }
}

impl std::error::Error for TemplateMismatch {}

/// What to do about a part that the template lacks.
const LEAVE_OUT: &str = "leave this part out of the message";
/// What to do about a value that is too long.
const SHORTEN: &str = "give a shorter value";

/// What was found.
#[derive(Default)]
pub(super) struct Found {
    /// What Meta refuses.
    pub(super) refused: Vec<Mismatch>,
    /// What it may refuse.
    pub(super) warnings: Vec<Mismatch>,
}

impl Found {
    fn refuse(&mut self, code: i64, path: impl Into<String>, reason: impl Into<Cow<'static, str>>) {
        self.refused.push(mismatch(code, path, reason));
    }

    /// The same, with what to do about it.
    fn refuse_with(
        &mut self,
        advice: &'static str,
        code: i64,
        path: impl Into<String>,
        reason: impl Into<Cow<'static, str>>,
    ) {
        self.refused.push(Mismatch {
            advice: Some(advice),
            ..mismatch(code, path, reason)
        });
    }

    fn warn(&mut self, code: i64, path: impl Into<String>, reason: impl Into<Cow<'static, str>>) {
        self.warnings.push(mismatch(code, path, reason));
    }
}

pub(super) fn mismatch(
    code: i64,
    path: impl Into<String>,
    reason: impl Into<Cow<'static, str>>,
) -> Mismatch {
    Mismatch {
        path: path.into(),
        code,
        reason: reason.into(),
        advice: None,
    }
}

/// A component of a send, and where it stands.
#[derive(Clone, Copy)]
struct Sent<'a> {
    /// The path of the array that it is in.
    within: &'a str,
    at: usize,
    component: &'a Component,
}

impl Sent<'_> {
    fn path(&self) -> String {
        format!("{}[{}]", self.within, self.at)
    }

    fn parameter(&self, at: usize) -> String {
        format!("{}.parameters[{at}]", self.path())
    }
}

/// What belongs to a part of a template that is filled: the template itself, or a card.
struct Scope<'a> {
    definition: &'a TemplateDefinition,
    defined: &'a [ComponentDefinition],
    is_card: bool,
    /// The path of the components.
    within: String,
    sent: &'a [Component],
}

impl TemplateDefinition {
    /// All that Meta would refuse in a send of this template, at once; empty if the send fits.
    ///
    /// Kaleyra takes a send before Meta judges it, so that these faults come back only as failed messages, if at all.
    ///
    /// | code | what does not fit |
    /// |---|---|
    /// | 100 | a value without a name, or with one that the template lacks |
    /// | 131008 | an empty value; a button without its parameter; an offer without its end |
    /// | 131009 | too many sections or products |
    /// | 132000 | the number of values of header or body; a name without a value |
    /// | 132001 | another name or language; a template that is not approved |
    /// | 132005 | a text too long once it is filled in |
    /// | 132012 | a value of another kind: a text for an image, no file at all |
    /// | 132015, 132016 | a template that is paused, or disabled |
    /// | 132018 | line ends, tabs and long runs of spaces; a button of another kind or none; cards; a part that the template lacks; a code that is too long |
    ///
    /// It is about the definition alone. What is wrong with a message regardless of its template, such as a link that can't be
    /// opened, is covered by the message's own limits, which a send checks.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::template::Template;
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let definition = TemplateDefinition::utility("parcel_ready", "en_US")
    ///     .header_image("4::aW1h…")
    ///     .body("Hello {{1}}, your parcel is here.", ["Anna"]);
    ///
    /// let wrong = Template::new("parcel_ready", "en_US").body(["Asha\nRao"]);
    /// let lines: Vec<String> = definition.check(&wrong).iter().map(ToString::to_string).collect();
    /// assert_eq!(lines, [
    ///     "132012: components: the header needs an IMAGE in each message",
    ///     "132018: components[0].parameters[0].text: no line ends, tabs or more than four spaces in a row: text::flatten takes them out",
    /// ]);
    /// ```
    pub fn check(&self, template: &Template) -> Vec<Mismatch> {
        self.compare(template).refused
    }

    /// What Meta may refuse in a send of this template, or may not: what its pages leave open, and what only some sources
    /// report. Nothing here should stop a send by itself.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::Location;
    /// use kaleyra_wa_types::outbound::template::Template;
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let pick_up = TemplateDefinition::utility("pick_up", "en").header_location().body("It is here.", [] as [&str; 0]);
    /// let message = Template::new("pick_up", "en").header(Location::new(12.97, 77.59));
    /// assert_eq!(pick_up.check(&message), []);
    /// assert_eq!(pick_up.warnings(&message)[0].reason, "a place has a name and an address, too");
    /// ```
    pub fn warnings(&self, template: &Template) -> Vec<Mismatch> {
        self.compare(template).warnings
    }

    pub(super) fn compare(&self, template: &Template) -> Found {
        let mut found = Found::default();
        if template.name != self.name {
            found.refuse(
                132_001,
                "name",
                "the definition belongs to another template",
            );
        }
        if template.language.code != *self.language_code() {
            let reason = format!(
                "the definition is in another language: {}",
                self.language_code()
            );
            found.refuse(132_001, "language.code", reason);
        }
        if let Some(status) = self.status.as_ref() {
            if let Some(code) = status.code() {
                found.refuse(code, "name", format!("the template is {status}"));
            } else if status.may_be_sent().is_none() {
                found.warn(132_001, "name", format!("the template is {status}"));
            }
        }
        let scope = Scope {
            definition: self,
            defined: &self.components,
            is_card: false,
            within: "components".to_owned(),
            sent: &template.components,
        };
        scope.check(&mut found);
        found
    }
}

impl<'a> Scope<'a> {
    fn check(&self, found: &mut Found) {
        self.check_header(found);
        self.check_body(found);
        buttons::check(self, found);
        self.check_kinds(found);
        if !self.is_card {
            self.check_offer(found);
            carousel::check(self, found);
            self.check_order_status(found);
        }
    }

    fn part(&self, kind: &ComponentKind) -> Option<&'a ComponentDefinition> {
        part(self.defined, kind)
    }

    fn all_sent<'b>(&'b self, kind: &'b ComponentType) -> impl Iterator<Item = Sent<'b>> {
        let sent = self.sent.iter().enumerate();
        let of_kind = sent.filter(move |(_, component)| component.kind == *kind);
        of_kind.map(|(at, component)| Sent {
            within: &self.within,
            at,
            component,
        })
    }

    fn sent<'b>(&'b self, kind: &'b ComponentType) -> Option<Sent<'b>> {
        self.all_sent(kind).next()
    }

    fn check_kinds(&self, found: &mut Found) {
        for (at, component) in self.sent.iter().enumerate() {
            if matches!(component.kind, ComponentType::Unknown(_)) {
                let path = format!("{}[{at}].type", self.within);
                let reason = "not known to this version: a message has a header, a body, buttons, a carousel or an offer";
                found.warn(132_018, path, reason);
            }
        }
    }

    fn check_header(&self, found: &mut Found) {
        let sent = self.sent(&ComponentType::Header);
        let Some(header) = self.part(&ComponentKind::Header) else {
            if let Some(sent) = sent
                && !sent.component.parameters.is_empty()
            {
                found.refuse_with(
                    LEAVE_OUT,
                    132_018,
                    sent.path(),
                    "the template has no header",
                );
            }
            return;
        };
        let format = match header.format.as_ref() {
            Some(HeaderFormat::Text) | None => return texts::header(self, header, sent, found),
            Some(HeaderFormat::Unknown(_)) => return,
            Some(format) => format,
        };
        let takes = match format {
            HeaderFormat::Image => "image",
            HeaderFormat::Document => "document",
            HeaderFormat::Location => "location",
            HeaderFormat::Product => "product",
            _ => "video",
        };
        let expected = format!("the header needs {} in each message", with_article(format));
        match sent.map(|sent| (sent, sent.component.parameters.as_slice())) {
            None => found.refuse(132_012, self.within.clone(), expected),
            Some((sent, [])) => found.refuse(132_012, sent.path(), expected),
            Some((sent, parameters)) => {
                if parameters[0].value.type_name() != takes {
                    found.refuse(132_012, format!("{}.type", sent.parameter(0)), expected);
                } else if let ParameterValue::Location(location) = &parameters[0].value
                    && (location.name.is_none() || location.address.is_none())
                {
                    let path = format!("{}.location", sent.parameter(0));
                    found.warn(132_012, path, "a place has a name and an address, too");
                }
                if parameters.len() > 1 {
                    let reason = "the header takes one parameter";
                    found.refuse(132_000, format!("{}.parameters", sent.path()), reason);
                }
            }
        }
    }

    fn check_body(&self, found: &mut Found) {
        let sent = self.sent(&ComponentType::Body);
        if !self.is_card && self.definition.is_for_one_time_codes() {
            return texts::one_time_code(self, sent, found);
        }
        texts::body(self, self.part(&ComponentKind::Body), sent, found);
    }

    fn check_offer(&self, found: &mut Found) {
        let sent = self.sent(&ComponentType::LimitedTimeOffer);
        let Some(part) = self.part(&ComponentKind::LimitedTimeOffer) else {
            if let Some(sent) = sent {
                found.refuse_with(
                    LEAVE_OUT,
                    132_018,
                    sent.path(),
                    "the template has no limited-time offer",
                );
            }
            return;
        };
        let offer = part.limited_time_offer.as_ref();
        let has_expiration = offer.and_then(|offer| offer.has_expiration) == Some(true);
        if !has_expiration {
            return;
        }
        let end = sent.and_then(|sent| match &sent.component.parameters.first()?.value {
            ParameterValue::LimitedTimeOffer(offer) => {
                offer.expiration_time_ms.as_ref().and_then(Number::as_i64)
            }
            _ => None,
        });
        if end.is_none() {
            let path = sent.map_or_else(|| self.within.clone(), |sent| sent.path());
            found.refuse(131_008, path, "the offer needs the time at which it ends");
        }
    }

    fn check_order_status(&self, found: &mut Found) {
        let is_status = self
            .definition
            .sub_category
            .as_deref()
            .is_some_and(|category| category.eq_ignore_ascii_case("ORDER_STATUS"));
        if is_status && self.sent(&ComponentType::OrderStatus).is_none() {
            found.warn(
                131_008,
                self.within.clone(),
                "the template needs the status of an order",
            );
        }
    }

    fn buttons(&self) -> &'a [ButtonDefinition] {
        self.part(&ComponentKind::Buttons)
            .map_or(&[], |component| &component.buttons)
    }
}

fn with_article(format: &HeaderFormat) -> String {
    let article = if *format == HeaderFormat::Image {
        "an"
    } else {
        "a"
    };
    format!("{article} {format}")
}
