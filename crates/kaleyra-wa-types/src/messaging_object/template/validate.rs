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
        if let Some((index, code)) = one_time_code(&self.components) {
            check
                .element(index)
                .member("parameters")
                .element(0)
                .member("text")
                .length(code, 1, Self::CODE_MAX);
        }
    }
}

/// Reports what the components of a template, or of a card, break together.
pub(super) fn check_siblings(components: &[Component], check: &mut Check<'_>) {
    check_naming(components, check);
    // Ten buttons at most follows from ten indexes.
    let mut is_taken = [false; 10];
    for (at, component) in components.iter().enumerate() {
        let index = component.index.as_ref().and_then(Number::as_i64);
        let place = index.and_then(|index| is_taken.get_mut(usize::try_from(index).ok()?));
        if let Some(is_taken) = place
            && *component.kind == ComponentType::Button
            && std::mem::replace(is_taken, true)
        {
            check.element(at).member("index").report(Rule::Unique);
        }
    }
}

/// Reports the parameters without a name where others of the header and body have one. Buttons have no names.
fn check_naming(components: &[Component], check: &mut Check<'_>) {
    let in_text = || {
        let components = components.iter().enumerate();
        components
            .filter(|(_, component)| {
                matches!(*component.kind, ComponentType::Header | ComponentType::Body)
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

/// The one-time code of an authentication template, and which component is its body. Nothing on the wire says that a
/// template is one; taken for one is what has the documented shape and no more: a body with one text without a name, and a
/// link at index 0 with the same text.
fn one_time_code(components: &[Component]) -> Option<(usize, &str)> {
    let [first, second] = components else {
        return None;
    };
    let (at, body, button) = match (&*first.kind, &*second.kind) {
        (ComponentType::Body, ComponentType::Button) => (0, first, second),
        (ComponentType::Button, ComponentType::Body) => (1, second, first),
        _ => return None,
    };
    let is_first_link = button.has_sub_type(&ButtonType::Url)
        && button.index.as_ref().and_then(Number::as_i64) == Some(0);
    let code = only_text(body)?;
    (is_first_link && only_text(button) == Some(code)).then_some((at, code))
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
