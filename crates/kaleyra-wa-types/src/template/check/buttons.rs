//! What the buttons of a template need.

use super::texts::{check_code, check_text};
use super::{Found, SHORTEN, Scope, Sent};
use crate::Number;
use crate::outbound::template::{Action, ButtonType, ComponentType, Parameter, ParameterValue};
use crate::template::render::filled;
use crate::template::{ButtonDefinition, ButtonKind};

/// The longest coupon code that all sources agree on.
const SAFE_CODE: usize = 15;
/// The maximum number of characters that come back with a call.
const CALL_PAYLOAD_MAX: usize = 512;

/// What to do about a button that is meant wrongly.
const MEAN_BUTTON: &str =
    "give the template's button by `index`, counted from 0, and its kind by `sub_type`";
const ONE_TEXT: &str = "give the button one parameter, which is a text";

/// Checks the buttons of a template, or of a card.
pub(super) fn check(scope: &Scope<'_>, found: &mut Found) {
    let defined = scope.buttons();
    let mut sent_to: Vec<Option<Sent<'_>>> = vec![None; defined.len()];
    for sent in scope.all_sent(&ComponentType::Button) {
        if let Some(at) = place(sent, defined, found) {
            sent_to[at].get_or_insert(sent);
        }
    }
    for (at, (button, sent)) in defined.iter().zip(sent_to).enumerate() {
        let place = Place { scope, at, sent };
        place.check(button, found);
    }
}

/// Which button a component is for; reported, where it is for none.
fn place(sent: Sent<'_>, defined: &[ButtonDefinition], found: &mut Found) -> Option<usize> {
    let sub_type = sent.component.sub_type.as_ref();
    let at = match sent.component.index.as_ref().map(Number::as_i64) {
        Some(index) => index.and_then(|index| usize::try_from(index).ok()),
        // Meta's own sample of a call has no index.
        None if sub_type == Some(&ButtonType::VoiceCall) => defined
            .iter()
            .position(|button| button.kind == ButtonKind::VoiceCall),
        None => {
            found.refuse(
                131_008,
                format!("{}.index", sent.path()),
                "it says which button is meant",
            );
            return None;
        }
    };
    let Some((at, button)) = at.and_then(|at| Some((at, defined.get(at)?))) else {
        let reason = format!("the template has {} buttons, counted from 0", defined.len());
        found.refuse_with(
            MEAN_BUTTON,
            132_018,
            format!("{}.index", sent.path()),
            reason,
        );
        return None;
    };
    let expected = sub_type_of(button);
    let is_of_kind = match (&expected, sub_type) {
        (Some(expected), Some(sub_type)) => expected == sub_type,
        _ => true,
    };
    if !is_of_kind {
        let expected = expected
            .map(|expected| expected.to_string())
            .unwrap_or_default();
        let reason = format!("the button at index {at} is of type {expected}");
        found.refuse_with(
            MEAN_BUTTON,
            132_018,
            format!("{}.sub_type", sent.path()),
            reason,
        );
        return None;
    }
    Some(at)
}

/// How a send calls a button; `None` where it is not known.
pub(in crate::template) fn sub_type_of(button: &ButtonDefinition) -> Option<ButtonType> {
    Some(match button.kind {
        ButtonKind::Otp | ButtonKind::Url => ButtonType::Url,
        ButtonKind::Catalog => ButtonType::Catalog,
        ButtonKind::CopyCode => ButtonType::CopyCode,
        ButtonKind::Flow => ButtonType::Flow,
        ButtonKind::Mpm => ButtonType::Mpm,
        ButtonKind::OrderDetails => ButtonType::OrderDetails,
        ButtonKind::PhoneNumber => ButtonType::PhoneNumber,
        ButtonKind::QuickReply => ButtonType::QuickReply,
        ButtonKind::RequestContactInfo => ButtonType::RequestContactInfo,
        ButtonKind::Spm => ButtonType::Spm,
        ButtonKind::VoiceCall => ButtonType::VoiceCall,
        ButtonKind::App | ButtonKind::Unknown(_) => return None,
    })
}

/// A button, and what a send has for it.
struct Place<'a> {
    scope: &'a Scope<'a>,
    at: usize,
    sent: Option<Sent<'a>>,
}

impl Place<'_> {
    fn parameters(&self) -> &[Parameter] {
        self.sent.map_or(&[], |sent| &sent.component.parameters)
    }

    fn path(&self) -> String {
        match self.sent {
            Some(sent) => format!("{}.parameters", sent.path()),
            None => self.scope.within.clone(),
        }
    }

    fn action(&self) -> Option<&Action> {
        self.parameters()
            .iter()
            .find_map(|parameter| match &parameter.value {
                ParameterValue::Action(action) => Some(&**action),
                _ => None,
            })
    }

    fn missing(&self, what: &str, found: &mut Found) {
        let reason = format!("the button at index {} needs {what}", self.at);
        found.refuse(131_008, self.path(), reason);
    }

    fn check(&self, button: &ButtonDefinition, found: &mut Found) {
        match button.kind {
            ButtonKind::Otp => self.check_one_time_code(found),
            ButtonKind::Url if button.is_one_time_code() => self.check_one_time_code(found),
            ButtonKind::Url if button.has_variable() => self.check_link(button, found),
            ButtonKind::Url
            | ButtonKind::PhoneNumber
            | ButtonKind::Spm
            | ButtonKind::RequestContactInfo
                if self.sent.is_some() =>
            {
                let reason = format!("the button at index {} takes no parameter", self.at);
                found.warn(132_018, self.path(), reason);
            }
            ButtonKind::CopyCode => self.check_coupon(found),
            ButtonKind::Flow if self.sent.is_none() => {
                let reason = "some sources report that a flow's button is always sent, with a token or without";
                found.warn(131_008, self.path(), reason);
            }
            ButtonKind::Catalog
                if self
                    .action()
                    .is_none_or(|action| action.thumbnail_product_retailer_id.is_none()) =>
            {
                let reason = "Meta's page has a product whose picture is shown on the message";
                found.warn(131_008, self.path(), reason);
            }
            ButtonKind::Mpm => self.check_sections(found),
            ButtonKind::OrderDetails
                if self
                    .action()
                    .is_none_or(|action| action.order_details.is_none()) =>
            {
                self.missing("the details of an order", found);
            }
            ButtonKind::VoiceCall => {
                let is_long = self
                    .parameters()
                    .iter()
                    .any(|parameter| match &parameter.value {
                        ParameterValue::Payload(payload) => {
                            payload.as_str().chars().count() > CALL_PAYLOAD_MAX
                        }
                        _ => false,
                    });
                if is_long {
                    let reason =
                        format!("the payload of a call has at most {CALL_PAYLOAD_MAX} characters");
                    found.warn(132_018, self.path(), reason);
                }
            }
            _ => {}
        }
    }

    /// The only text of a link or a one-time code; reported, where there is none or more.
    fn only_text(&self, what: &str, found: &mut Found) -> Option<&str> {
        match self.parameters() {
            [] => self.missing(what, found),
            [parameter] => match &parameter.value {
                ParameterValue::Text(text) => {
                    let path = self.sent.map(|sent| sent.parameter(0)).unwrap_or_default();
                    return check_text(text, &path, found).then_some(text);
                }
                ParameterValue::Unknown(_) => {}
                _ => {
                    let reason = format!("the button at index {} takes a text", self.at);
                    found.refuse_with(
                        ONE_TEXT,
                        132_018,
                        format!("{}[0].type", self.path()),
                        reason,
                    );
                }
            },
            more => {
                let reason = format!(
                    "the button at index {} takes one parameter, found {}",
                    self.at,
                    more.len()
                );
                found.refuse_with(ONE_TEXT, 132_018, self.path(), reason);
            }
        }
        None
    }

    fn check_link(&self, button: &ButtonDefinition, found: &mut Found) {
        if self
            .only_text("a text for the end of its link", found)
            .is_none()
        {
            return;
        }
        let url = button.url.as_deref().unwrap_or_default();
        if filled(url, self.parameters(), false).chars().count() > ButtonDefinition::URL_MAX {
            let reason = format!(
                "a link has at most {} characters",
                ButtonDefinition::URL_MAX
            );
            found.warn(132_005, self.path(), reason);
        }
    }

    fn check_one_time_code(&self, found: &mut Found) {
        let Some(code) = self.only_text("the one-time code", found) else {
            return;
        };
        let path = self.sent.map(|sent| sent.parameter(0)).unwrap_or_default();
        check_code(code, &path, found);
        let body = self.scope.sent(&ComponentType::Body);
        let in_body = body.and_then(|body| match &body.component.parameters.first()?.value {
            ParameterValue::Text(text) => Some(text.as_str()),
            _ => None,
        });
        if in_body.is_some_and(|in_body| in_body != code) {
            let reason = "the code behind the button differs from the one in the text";
            found.warn(132_018, format!("{path}.text"), reason);
        }
    }

    fn check_coupon(&self, found: &mut Found) {
        let code = self
            .parameters()
            .iter()
            .find_map(|parameter| match &parameter.value {
                ParameterValue::CouponCode(code) => Some(code.as_str()),
                _ => None,
            });
        let length = code.map_or(0, |code| code.trim().chars().count());
        let path = || format!("{}[0].coupon_code", self.path());
        if length == 0 {
            self.missing("a code to copy", found);
        } else if length > ButtonDefinition::CODE_MAX {
            let reason = format!(
                "a code has at most {} characters, found {length}",
                ButtonDefinition::CODE_MAX
            );
            found.refuse_with(SHORTEN, 132_018, path(), reason);
        } else if length > SAFE_CODE {
            found.warn(
                132_018,
                path(),
                "before December 2025 a code had at most 15 characters",
            );
        } else if !code.is_some_and(|code| code.chars().all(char::is_alphanumeric)) {
            found.warn(
                132_018,
                path(),
                "a code of letters and digits is certain to be accepted",
            );
        }
    }

    fn check_sections(&self, found: &mut Found) {
        let sections = self.action().map_or(&[][..], |action| &action.sections);
        if sections.is_empty() {
            return self.missing("the sections of products", found);
        }
        let products: usize = sections
            .iter()
            .map(|section| section.product_items.len())
            .sum();
        if sections.len() > 10 || products > 30 {
            let reason = format!(
                "at most 10 sections with 30 products together, found {} with {products}",
                sections.len()
            );
            found.refuse(
                131_009,
                format!("{}[0].action.sections", self.path()),
                reason,
            );
        }
    }
}
