//! Values of a definition that this version does not know: nothing is wrong with them, and most often they are misspelt.

use super::{
    ButtonDefinition, ButtonKind, ComponentDefinition, ComponentKind, HeaderFormat, OtpType,
    ParameterFormat, TemplateCategory, TemplateDefinition,
};
use crate::validate::{Check, Rule, Validate, Violation, reports};

struct UnknownValues<'a>(&'a TemplateDefinition);

impl TemplateDefinition {
    /// Categories, languages, kinds of components, headers and buttons, … that this version does not know. They are read and
    /// written as they are, and break no [limit](Self::validate): Meta may have added them since. But `UTILTY` is no category,
    /// and Meta refuses it.
    ///
    /// ```
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let definition = TemplateDefinition::new("closed", "en_XX", "UTILTY").body("We are closed today.", [] as [&str; 0]);
    /// assert!(definition.validate().is_empty());
    /// let lines: Vec<String> = definition.unknown_values().iter().map(ToString::to_string).collect();
    /// assert_eq!(lines, [
    ///     "category: not known to this version, which knows AUTHENTICATION, MARKETING and UTILITY",
    ///     "language: not known to this version, which knows the languages of Meta's page, such as en, en_US and pt_BR",
    /// ]);
    /// ```
    pub fn unknown_values(&self) -> Vec<Violation> {
        reports("", &UnknownValues(self))
    }
}

impl Validate for UnknownValues<'_> {
    fn check(&self, check: &mut Check<'_>) {
        let definition = self.0;
        if let Some(TemplateCategory::Unknown(_)) = &definition.category {
            let known = "AUTHENTICATION, MARKETING and UTILITY";
            check.member("category").report(Rule::NotKnown(known));
        }
        let language = definition.language_code();
        if !language.is_empty() && !TemplateDefinition::LANGUAGES.contains(&&*language) {
            let known = "the languages of Meta's page, such as en, en_US and pt_BR";
            check.member("language").report(Rule::NotKnown(known));
        }
        if let Some(ParameterFormat::Unknown(_)) = &definition.parameter_format {
            let known = "NAMED and POSITIONAL";
            check
                .member("parameter_format")
                .report(Rule::NotKnown(known));
        }
        components(&definition.components, &mut check.member("components"));
    }
}

fn components(components: &[ComponentDefinition], check: &mut Check<'_>) {
    for (at, component) in components.iter().enumerate() {
        let mut check = check.element(at);
        if let ComponentKind::Unknown(_) = component.kind {
            let known = "BODY, BUTTONS, CALL_PERMISSION_REQUEST, CAROUSEL, FOOTER, HEADER and LIMITED_TIME_OFFER";
            check.member("type").report(Rule::NotKnown(known));
        }
        if let Some(HeaderFormat::Unknown(_)) = &component.format {
            let known = "DOCUMENT, GIF, IMAGE, LOCATION, PRODUCT, TEXT and VIDEO";
            check.member("format").report(Rule::NotKnown(known));
        }
        for (at, button) in component.buttons.iter().enumerate() {
            self::button(button, &mut check.member("buttons").element(at));
        }
        for (at, card) in component.cards.iter().enumerate() {
            let mut check = check.member("cards");
            let mut check = check.element(at);
            self::components(&card.components, &mut check.member("components"));
        }
    }
}

fn button(button: &ButtonDefinition, check: &mut Check<'_>) {
    if let ButtonKind::Unknown(_) = button.kind {
        let known = "CATALOG, COPY_CODE, FLOW, MPM, ORDER_DETAILS, OTP, PHONE_NUMBER, QUICK_REPLY, \
            REQUEST_CONTACT_INFO, SPM, URL and VOICE_CALL";
        check.member("type").report(Rule::NotKnown(known));
    }
    if let Some(OtpType::Unknown(_)) = &button.otp_type {
        let known = "COPY_CODE, ONE_TAP and ZERO_TAP";
        check.member("otp_type").report(Rule::NotKnown(known));
    }
    for (name, value, values, known) in [
        (
            "flow_action",
            &button.flow_action,
            &["navigate", "data_exchange"][..],
            "navigate and data_exchange",
        ),
        (
            "icon",
            &button.icon,
            &["DOCUMENT", "PROMOTION", "REVIEW"],
            "DOCUMENT, PROMOTION and REVIEW",
        ),
    ] {
        let is_known =
            |value: &String| values.iter().any(|known| value.eq_ignore_ascii_case(known));
        if value.as_ref().is_some_and(|value| !is_known(value)) {
            check.member(name).report(Rule::NotKnown(known));
        }
    }
}
