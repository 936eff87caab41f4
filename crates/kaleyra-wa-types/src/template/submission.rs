//! A definition as it is submitted: what is read back of a template is not always what Meta takes.

use super::{
    ButtonDefinition, ButtonKind, ComponentDefinition, ComponentKind, HeaderFormat, OtpType,
    TemplateDefinition,
};
use crate::validate::{Check, Rule, Validate, Violation, reports};
use serde_json::Value;

impl TemplateDefinition {
    /// The definition as it is submitted: without what only a template has that was submitted, such as its id and state, and
    /// with what reads back in another form as it was written.
    ///
    /// | reads back | is submitted |
    /// |---|---|
    /// | the link in place of a button for one-time codes | the button, of the kind that the link says |
    /// | WhatsApp's own texts of a template for one-time codes | none |
    /// | the label and the list of a copy-code button | the example alone |
    /// | the sub-category `CUSTOM` | none |
    /// | `en-US` | `en_US` |
    ///
    /// What can't be told from what is read, such as a header's handle or an app's hash, is left as it is:
    /// [`submission_violations`](Self::submission_violations) names it.
    ///
    /// ```
    /// use kaleyra_wa_types::template::{ButtonKind, TemplateDefinition};
    ///
    /// let pulled: TemplateDefinition = serde_json::from_str(r#"{
    ///     "id": "734500000000001", "name": "login_code", "language": "en", "category": "AUTHENTICATION", "status": "APPROVED",
    ///     "components": [
    ///         {"type": "BODY", "text": "*{{1}}* is your verification code."},
    ///         {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Copy code",
    ///             "url": "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}"}]}]}"#)?;
    /// let submitted = pulled.for_submission();
    /// assert_eq!(submitted.buttons()[0].kind, ButtonKind::Otp);
    /// assert!(submitted.id.is_none() && submitted.validate().is_empty());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: Meta's pages on managing templates and on authentication templates; the form of the link is recorded.
    pub fn for_submission(&self) -> Self {
        let mut new = self.clone();
        new.id = None;
        new.status = None;
        new.quality_score = None;
        new.rejected_reason = None;
        new.previous_category = None;
        new.correct_category = None;
        new.unknown.remove("company_id");
        new.language = self.language_code().into_owned();
        if self.is_submitted() {
            if new.sub_category.as_deref() == Some("CUSTOM") {
                new.sub_category = None;
            }
            let is_for_codes = self.is_for_one_time_codes();
            let minutes = self.buttons().iter().find_map(minutes_of);
            for component in &mut new.components {
                if is_for_codes {
                    written(component, minutes);
                }
                component.buttons.iter_mut().for_each(button_written);
                let cards = component.cards.iter_mut();
                for inner in cards.flat_map(|card| &mut card.components) {
                    inner.buttons.iter_mut().for_each(button_written);
                }
            }
        }
        new
    }

    /// Why the definition can't be submitted, be it as a new one or as an edit: all that breaks a [limit](Self::validate) of new
    /// templates once it is [as it is submitted](Self::for_submission), and what reads back in a form that Meta does not take.
    ///
    /// ```
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let mut pulled = TemplateDefinition::marketing("spring", "en")
    ///     .header_image("https://cdn.example/banner.png")
    ///     .body("Everything is new today.", [] as [&str; 0]);
    /// pulled.id = Some("734500000000001".into());
    /// assert!(pulled.validate().is_empty());
    /// assert_eq!(pulled.submission_violations()[0].path, "components[0].example.header_handle[0]");
    /// ```
    pub fn submission_violations(&self) -> Vec<Violation> {
        let new = self.for_submission();
        let mut found = new.validate();
        if self.is_submitted() {
            self.explain_apps(&new, &mut found);
        }
        found.extend(reports("", &Samples(&new.components)));
        found
    }

    /// What a listed link does not tell of a button that hands codes to an app is missing in the file's button.
    fn explain_apps(&self, new: &Self, found: &mut Vec<Violation>) {
        let Some(at) = self
            .components
            .iter()
            .position(|it| it.kind == ComponentKind::Buttons)
        else {
            return;
        };
        for (index, (listed, new)) in self.buttons().iter().zip(new.buttons()).enumerate() {
            if listed.kind != ButtonKind::Url || new.kind != ButtonKind::Otp {
                continue;
            }
            let why = match new.otp_type {
                Some(OtpType::OneTap) => ONE_TAP,
                Some(OtpType::ZeroTap) => ZERO_TAP,
                _ => continue,
            };
            let path = format!("components[{at}].buttons[{index}]");
            let of_button = format!("{path}.");
            found.retain(|it| !it.path.starts_with(&of_button));
            found.push(Violation {
                path,
                rule: Rule::Format(why),
            });
        }
    }
}

const ONE_TAP: &str = "written once more, as the listed form has no supported_apps: a button of type OTP, with otp_type \
    ONE_TAP and supported_apps (package_name, signature_hash)";
const ZERO_TAP: &str = "written once more, as the listed form has no supported_apps: a button of type OTP, with otp_type \
    ZERO_TAP, zero_tap_terms_accepted and supported_apps (package_name, signature_hash)";

/// WhatsApp's own texts of a template for one-time codes are no part of what is submitted.
fn written(component: &mut ComponentDefinition, minutes: Option<i64>) {
    match component.kind {
        ComponentKind::Body => {
            component.text = None;
            component.example = None;
        }
        ComponentKind::Footer => {
            if component.code_expiration_minutes.is_none() {
                component.code_expiration_minutes = minutes.map(Into::into);
            }
            component.text = None;
        }
        _ => {}
    }
}

fn button_written(button: &mut ButtonDefinition) {
    if button.kind == ButtonKind::CopyCode {
        button.text = None;
        if let Some(Value::Array(examples)) = &button.example
            && let [only] = examples.as_slice()
        {
            button.example = Some(only.clone());
        }
    }
    if button.kind == ButtonKind::Url && button.is_one_time_code() {
        if button.otp_type.is_none() {
            button.otp_type = parameter(button, "otp_type").map(OtpType::from);
        }
        button.kind = ButtonKind::Otp;
        button.url = None;
        button.example = None;
    }
}

fn minutes_of(button: &ButtonDefinition) -> Option<i64> {
    parameter(button, "code_expiration_minutes")?.parse().ok()
}

/// A parameter of the link that stands for a button for one-time codes.
fn parameter<'a>(button: &'a ButtonDefinition, name: &str) -> Option<&'a str> {
    let (_, query) = button.url.as_deref()?.split_once('?')?;
    let mut all = query.split('&').filter_map(|pair| pair.split_once('='));
    all.find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

/// The samples of headers: a link is what Meta makes of one, and refuses.
struct Samples<'a>(&'a [ComponentDefinition]);

impl Validate for Samples<'_> {
    fn check(&self, check: &mut Check<'_>) {
        samples(self.0, &mut check.member("components"));
    }
}

fn samples(components: &[ComponentDefinition], check: &mut Check<'_>) {
    for (at, component) in components.iter().enumerate() {
        let mut check = check.element(at);
        let is_text = component.has_format(&HeaderFormat::Text);
        let handles = component.example.iter().flat_map(|it| &it.header_handle);
        for (at, handle) in handles.enumerate() {
            let is_link = handle.starts_with("http://") || handle.starts_with("https://");
            if is_link && !is_text {
                check
                    .member("example")
                    .member("header_handle")
                    .element(at)
                    .report(Rule::Format(
                        "the handle of a sample, which is uploaded once more for it: Meta lists a link, and does not take one",
                    ));
            }
        }
        for (at, card) in component.cards.iter().enumerate() {
            let mut check = check.member("cards");
            let mut check = check.element(at);
            samples(&card.components, &mut check.member("components"));
        }
    }
}
