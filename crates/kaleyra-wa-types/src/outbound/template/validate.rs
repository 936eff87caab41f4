//! The limits of a template as a whole.

use super::{ButtonType, Component, ComponentType, ParameterValue, Template};
use crate::Number;
use crate::validate::{Check, Rule, Validate};

impl Validate for Template {
    fn check(&self, check: &mut Check<'_>) {
        let mut name = check.member("name");
        name.length(&self.name, 1, Self::NAME_MAX);
        let is_plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
        if !self.name.bytes().all(is_plain) {
            name.report(Rule::Format("lower case letters, digits and underscores"));
        }
        self.language.check(&mut check.member("language"));

        let mut check = check.member("components");
        for (index, component) in self.components.iter().enumerate() {
            component.check_in(false, &mut check.element(index));
        }
        check_siblings(&self.components, &mut check);
        if self.purpose.is_authentication() {
            self.check_code(&mut check);
        }
    }
}

impl Template {
    /// Reports a one-time code that is too long, in the text of an authentication template.
    fn check_code(&self, check: &mut Check<'_>) {
        for (at, component) in self.components.iter().enumerate() {
            if component.kind == ComponentType::Body
                && let Some(code) = only_text(component)
            {
                check
                    .element(at)
                    .member("parameters")
                    .element(0)
                    .member("text")
                    .length(code, 1, Self::CODE_MAX);
            }
        }
    }

    /// Whether it surely is an authentication template: it was made as one, or it has the shape of one and the name of one.
    ///
    /// The shape alone, one text that is both in the body and behind the link at index 0, an order or a parcel's tracking
    /// number has as well.
    pub(in crate::outbound) fn is_authentication(&self) -> bool {
        self.purpose.is_authentication()
            || (self.name.split('_').any(is_word_for_authentication)
                && one_time_code(&self.components).is_some_and(|code| {
                    code.len() <= Self::CODE_MAX && !code.contains(['/', '?', '='])
                }))
    }
}

/// Whether a word of a template's name is one that templates with one-time codes have.
fn is_word_for_authentication(word: &str) -> bool {
    const WORDS: [&str; 9] = [
        "otp", "auth", "verif", "login", "signin", "2fa", "mfa", "passcode", "onetime",
    ];
    WORDS.iter().any(|known| word.starts_with(known))
}

/// Reports what the components of a template, or of a card, break together.
pub(super) fn check_siblings(components: &[Component], check: &mut Check<'_>) {
    check_naming(components, check);
    check_names(components, check);
    check_once(components, check);
    // Ten buttons at most follows from ten indexes.
    let mut is_taken = [false; 10];
    for (at, component) in components.iter().enumerate() {
        let index = component.index.as_ref().and_then(Number::as_i64);
        let place = index.and_then(|index| is_taken.get_mut(usize::try_from(index).ok()?));
        if let Some(is_taken) = place
            && component.kind == ComponentType::Button
            && std::mem::replace(is_taken, true)
        {
            check.element(at).member("index").report(Rule::Unique);
        }
    }
}

/// Reports a part that is there twice; only of buttons there are several. Meta answers 132018.
fn check_once(components: &[Component], check: &mut Check<'_>) {
    let mut seen = Vec::new();
    for (at, component) in components.iter().enumerate() {
        let kind = &component.kind;
        if matches!(kind, ComponentType::Button | ComponentType::Unknown(_)) {
            continue;
        }
        if seen.contains(&kind) {
            check.element(at).member("type").report(Rule::Unique);
        }
        seen.push(kind);
    }
}

/// Reports a name that another parameter of the same part has.
fn check_names(components: &[Component], check: &mut Check<'_>) {
    for (at, component) in components.iter().enumerate() {
        let mut seen = Vec::new();
        for (index, parameter) in component.parameters.iter().enumerate() {
            let Some(name) = parameter.parameter_name.as_deref() else {
                continue;
            };
            if seen.contains(&name) {
                check
                    .element(at)
                    .member("parameters")
                    .element(index)
                    .member("parameter_name")
                    .report(Rule::Unique);
            }
            seen.push(name);
        }
    }
}

/// Reports the parameters without a name where others of the header and body have one. Buttons have no names.
fn check_naming(components: &[Component], check: &mut Check<'_>) {
    let in_text = || {
        let components = components.iter().enumerate();
        components
            .filter(|(_, component)| {
                matches!(component.kind, ComponentType::Header | ComponentType::Body)
            })
            .flat_map(|(at, component)| {
                let parameters = component.parameters.iter().enumerate();
                parameters.map(move |(index, parameter)| (at, index, parameter))
            })
            .filter(|(_, _, parameter)| {
                use ParameterValue as Value;
                matches!(
                    parameter.value,
                    Value::Text(_) | Value::Currency(_) | Value::DateTime(_)
                )
            })
    };
    if in_text().all(|(_, _, parameter)| parameter.parameter_name.is_none()) {
        return;
    }
    for (at, index, parameter) in in_text() {
        if parameter.parameter_name.is_none() {
            check
                .element(at)
                .member("parameters")
                .element(index)
                .member("parameter_name")
                .report(Rule::Required("named and positional parameters never mix"));
        }
    }
}

/// The text of what has the documented shape of an authentication template and no more: a body with one text without a
/// name, and a link (or, as some senders have it, a code to copy) at index 0 with the same text.
///
/// Source: *Send Authentication Template Messages*.
fn one_time_code(components: &[Component]) -> Option<&str> {
    let [first, second] = components else {
        return None;
    };
    let (body, button) = match (&first.kind, &second.kind) {
        (ComponentType::Body, ComponentType::Button) => (first, second),
        (ComponentType::Button, ComponentType::Body) => (second, first),
        _ => return None,
    };
    let is_first = button.index.as_ref().and_then(Number::as_i64) == Some(0);
    let code = only_text(body)?;
    let is_behind_button = match button.sub_type.as_ref()? {
        ButtonType::Url => only_text(button) == Some(code),
        ButtonType::CopyCode => matches!(button.parameters.as_slice(), [parameter]
            if matches!(&parameter.value, ParameterValue::CouponCode(copied) if copied.as_str() == code)),
        _ => false,
    };
    (is_first && is_behind_button).then_some(code)
}

fn only_text(component: &Component) -> Option<&str> {
    match component.parameters.as_slice() {
        [parameter] if parameter.parameter_name.is_none() => match &parameter.value {
            ParameterValue::Text(text) => Some(text),
            _ => None,
        },
        _ => None,
    }
}
