//! The limits of buttons.

use super::Whole;
use crate::template::variables::{Piece, pieces};
use crate::template::{
    ButtonDefinition, ButtonKind, ComponentKind, OtpType, SupportedApp, TemplateCategory, variables,
};
use crate::validate::{Check, Rule, Validate};

/// Checks the buttons of a template, or of a card, which has so many at most.
pub(super) fn check(
    buttons: &[ButtonDefinition],
    max: usize,
    whole: Whole<'_>,
    check: &mut Check<'_>,
) {
    check.count(buttons.len(), 1, max);
    check_kinds(buttons, check);
    if whole
        .definition
        .part(&ComponentKind::LimitedTimeOffer)
        .is_some()
    {
        check_beside_offer(buttons, check);
    }
    for (at, button) in buttons.iter().enumerate() {
        button.check_in(whole, &mut check.element(at));
    }
}

/// How often each kind may be there, and that quick replies stand together.
fn check_kinds(buttons: &[ButtonDefinition], check: &mut Check<'_>) {
    for (at, button) in buttons.iter().enumerate() {
        let max = match button.kind {
            ButtonKind::QuickReply | ButtonKind::Unknown(_) => continue,
            ButtonKind::Url => 2,
            _ => 1,
        };
        let so_far = buttons[..=at]
            .iter()
            .filter(|other| other.kind == button.kind);
        if so_far.count() > max {
            let why = match max {
                2 => "a template has two links at most",
                _ => "a template has one button of this kind at most",
            };
            check.element(at).report(Rule::Forbidden(why));
        }
    }
    let is_reply = |button: &ButtonDefinition| button.kind == ButtonKind::QuickReply;
    let mut ended = false;
    for (at, pair) in buttons.windows(2).enumerate() {
        ended |= is_reply(&pair[0]) && !is_reply(&pair[1]);
        if ended && is_reply(&pair[1]) {
            let why = "quick replies stand together, before or after the other buttons";
            check.element(at + 1).report(Rule::Forbidden(why));
            break;
        }
    }
}

fn check_beside_offer(buttons: &[ButtonDefinition], check: &mut Check<'_>) {
    let is_fine = match buttons {
        [only] => only.kind == ButtonKind::Url || only.kind == ButtonKind::CopyCode,
        [code, link] => code.kind == ButtonKind::CopyCode && link.kind == ButtonKind::Url,
        _ => false,
    };
    if !is_fine {
        let form = "a copy-code button and then a link, or one of them, beside an offer";
        check.report(Rule::Format(form));
    }
}

impl ButtonDefinition {
    fn check_in(&self, whole: Whole<'_>, check: &mut Check<'_>) {
        let definition = whole.definition;
        let is_for_codes = definition.category.as_ref() == Some(&TemplateCategory::Authentication);
        if whole.is_new
            && is_for_codes != (self.kind == ButtonKind::Otp)
            && definition.category.is_some()
        {
            let why = match is_for_codes {
                true => "a template for one-time codes has a button for them alone",
                false => "only an authentication template has a button for one-time codes",
            };
            check.member("type").report(Rule::Forbidden(why));
        }
        self.check_label(check);
        match self.kind {
            ButtonKind::Url => self.check_url(whole, check),
            ButtonKind::PhoneNumber => {
                let number = self.phone_number.as_deref().unwrap_or_default();
                check
                    .member("phone_number")
                    .length(number, 1, Self::PHONE_NUMBER_MAX);
            }
            ButtonKind::CopyCode => {
                let mut check = check.member("example");
                match self.examples().first() {
                    Some(code) => check.length(code, 1, Self::CODE_MAX),
                    None if whole.is_new => check.report(Rule::Required("an example of a code")),
                    None => {}
                }
            }
            ButtonKind::Otp => self.check_one_time_code(whole, check),
            ButtonKind::Flow if whole.is_new => {
                let given = [
                    self.flow_id.is_some(),
                    self.flow_name.is_some(),
                    self.flow_json.is_some(),
                ];
                match given.iter().filter(|is_given| **is_given).count() {
                    0 => check.report(Rule::Required("one of flow_id, flow_name and flow_json")),
                    1 => {}
                    _ => check.report(Rule::OneOf("flow_id, flow_name or flow_json")),
                }
            }
            _ => {}
        }
    }

    fn check_label(&self, check: &mut Check<'_>) {
        let mut check = check.member("text");
        match &self.text {
            Some(text) => check.length(text, 1, Self::TEXT_MAX),
            None => match self.kind {
                ButtonKind::QuickReply | ButtonKind::Url | ButtonKind::PhoneNumber => {
                    check.report(Rule::Required("it says what stands on the button"));
                }
                _ => {}
            },
        }
    }

    fn check_url(&self, whole: Whole<'_>, check: &mut Check<'_>) {
        let url = self.url.as_deref().unwrap_or_default();
        let mut place = check.member("url");
        place.length(url, 1, Self::URL_MAX);
        if !url.is_empty() {
            // With something in place of the variable: what a message will fill in.
            let filled: String = pieces(url)
                .map(|piece| match piece {
                    Piece::Text(text) => text,
                    Piece::Variable(_) => "1",
                })
                .collect();
            place.web_link(&filled);
        }
        let variables = variables(url);
        if variables.is_empty() || !whole.is_new {
            return;
        }
        if variables.len() > 1 || !url.trim_end().ends_with("}}") {
            let form = "a link with one variable at most, at its end";
            place.report(Rule::Format(form));
        }
        if self.examples().is_empty() {
            let why = "the whole address with something in place of the variable";
            check.member("example").report(Rule::Required(why));
        }
    }

    fn check_one_time_code(&self, whole: Whole<'_>, check: &mut Check<'_>) {
        if let Some(text) = &self.autofill_text {
            check
                .member("autofill_text")
                .length(text, 1, Self::TEXT_MAX);
        }
        let Some(otp_type) = self.otp_type.as_ref() else {
            let why = "COPY_CODE, ONE_TAP or ZERO_TAP";
            return check.member("otp_type").report(Rule::Required(why));
        };
        let takes_apps = matches!(otp_type, OtpType::OneTap | OtpType::ZeroTap);
        // An older form has one app's fields in the button itself.
        let has_app = self.unknown.get("package_name").is_some();
        if takes_apps && whole.is_new && !has_app {
            check
                .member("supported_apps")
                .count(self.supported_apps.len(), 1, Self::APPS_MAX);
        }
        for (at, app) in self.supported_apps.iter().enumerate() {
            app.check(&mut check.member("supported_apps").element(at));
        }
        let is_accepted = self.zero_tap_terms_accepted == Some(true);
        if *otp_type == OtpType::ZeroTap && whole.is_new && !is_accepted {
            let why = "WhatsApp's terms have to be accepted: true";
            check
                .member("zero_tap_terms_accepted")
                .report(Rule::Required(why));
        }
    }
}

impl Validate for SupportedApp {
    fn check(&self, check: &mut Check<'_>) {
        let package = self.package_name.as_deref().unwrap_or_default();
        let mut place = check.member("package_name");
        place.length(package, 1, 224);
        let is_part = |part: &str| {
            part.starts_with(|first: char| first.is_ascii_alphabetic())
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        let is_package = package.contains('.') && package.split('.').all(is_part);
        if !package.is_empty() && !is_package {
            place.report(Rule::Format("a package such as com.example.app"));
        }
        let hash = self.signature_hash.as_deref().unwrap_or_default();
        if hash.chars().count() != 11 {
            check
                .member("signature_hash")
                .report(Rule::Format("the 11 characters of the app's hash"));
        }
    }
}
