//! Values for the variables of a header and a body.

use std::borrow::Cow;

use super::{Found, SHORTEN, Scope, Sent};
use crate::outbound::template::{Parameter, ParameterValue, Template};
use crate::template::render::filled;
use crate::template::{ButtonKind, CardDefinition, ComponentDefinition, ComponentKind, variables};
use crate::text::is_flat;

/// A text that is filled.
struct Target<'a> {
    /// What it is called in a sentence.
    what: &'static str,
    text: &'a str,
    is_named: bool,
    /// How long it may be once it is filled, and the code if it is longer.
    max: usize,
    too_long: i64,
    /// Whether it is the body of a template with a single product.
    is_beside_product: bool,
}

/// How long a body beside a single product is at most.
const PRODUCT_BODY_MAX: usize = 160;

pub(super) fn header(
    scope: &Scope<'_>,
    header: &ComponentDefinition,
    sent: Option<Sent<'_>>,
    found: &mut Found,
) {
    let target = Target {
        what: "header",
        text: header.text.as_deref().unwrap_or_default(),
        is_named: scope.definition.is_named(),
        max: ComponentDefinition::HEADER_MAX,
        too_long: 132_005,
        is_beside_product: false,
    };
    target.check(scope, sent, found);
}

pub(super) fn body(
    scope: &Scope<'_>,
    body: Option<&ComponentDefinition>,
    sent: Option<Sent<'_>>,
    found: &mut Found,
) {
    let has_offer = scope.part(&ComponentKind::LimitedTimeOffer).is_some();
    let target = Target {
        what: "body",
        text: body
            .and_then(|body| body.text.as_deref())
            .unwrap_or_default(),
        is_named: scope.definition.is_named(),
        max: match (scope.is_card, has_offer) {
            (true, _) => CardDefinition::BODY_MAX,
            (_, true) => ComponentDefinition::OFFER_BODY_MAX,
            _ => ComponentDefinition::BODY_MAX,
        },
        too_long: if scope.is_card { 132_018 } else { 132_005 },
        is_beside_product: scope.buttons().iter().any(|it| it.kind == ButtonKind::Spm),
    };
    target.check(scope, sent, found);
}

/// The body of a template for one-time codes has the code as its only value, whether its text was read or not.
pub(super) fn one_time_code(scope: &Scope<'_>, sent: Option<Sent<'_>>, found: &mut Found) {
    let target = Target {
        what: "body",
        text: "{{1}}",
        is_named: false,
        max: usize::MAX,
        too_long: 132_005,
        is_beside_product: false,
    };
    target.check(scope, sent, found);
    if let Some(sent) = sent
        && let [code] = sent.component.parameters.as_slice()
        && let ParameterValue::Text(code) = &code.value
    {
        check_code(code, &sent.parameter(0), found);
    }
}

/// Reports a one-time code that is too long.
pub(super) fn check_code(code: &str, path: &str, found: &mut Found) {
    if code.chars().count() > Template::CODE_MAX {
        let reason = format!(
            "a one-time code has at most {} characters",
            Template::CODE_MAX
        );
        found.refuse_with(SHORTEN, 132_018, format!("{path}.text"), reason);
    }
}

impl Target<'_> {
    fn check(&self, scope: &Scope<'_>, sent: Option<Sent<'_>>, found: &mut Found) {
        let parameters = sent.map_or(&[] as &[Parameter], |sent| &sent.component.parameters);
        let expected = variables(self.text);
        let values: Vec<bool> = parameters
            .iter()
            .enumerate()
            .map(|(at, parameter)| {
                // Only where there are parameters there is a component.
                let path = sent.map(|sent| sent.parameter(at)).unwrap_or_default();
                self.check_value(parameter, &path, found)
            })
            .collect();
        let fits = if self.is_named && !expected.is_empty() {
            self.check_names(&expected, scope, sent, found)
        } else {
            self.check_count(expected.len(), scope, sent, found)
        };
        if fits && values.into_iter().all(|is_fine| is_fine) {
            let length = filled(self.text, parameters, self.is_named).chars().count();
            if length > self.max {
                let path = sent.map_or_else(|| scope.within.clone(), |sent| sent.path());
                let reason = format!(
                    "the {} has at most {} characters once it is filled in, found {length}",
                    self.what, self.max
                );
                match self.too_long {
                    132_018 => found.refuse_with(SHORTEN, 132_018, path, reason),
                    code => found.refuse(code, path, reason),
                }
            } else if self.is_beside_product && length > PRODUCT_BODY_MAX {
                let path = sent.map_or_else(|| scope.within.clone(), |sent| sent.path());
                let reason = format!(
                    "beside a single product the body has at most {PRODUCT_BODY_MAX} characters once it is filled in, found {length}"
                );
                found.warn(132_005, path, reason);
            }
        }
    }

    fn check_count(
        &self,
        expected: usize,
        scope: &Scope<'_>,
        sent: Option<Sent<'_>>,
        found: &mut Found,
    ) -> bool {
        let parameters = sent.map_or(&[] as &[Parameter], |sent| &sent.component.parameters);
        for (at, parameter) in parameters.iter().enumerate() {
            if parameter.parameter_name.is_some()
                && let Some(sent) = sent
            {
                let path = format!("{}.parameter_name", sent.parameter(at));
                found.warn(132_012, path, "the template's variables have no names");
            }
        }
        if parameters.len() == expected {
            return true;
        }
        let path = match sent {
            Some(sent) => format!("{}.parameters", sent.path()),
            None => scope.within.clone(),
        };
        let reason = format!(
            "the {} takes {expected} {}, found {}",
            self.what,
            if expected == 1 { "value" } else { "values" },
            parameters.len()
        );
        found.refuse(132_000, path, reason);
        false
    }

    fn check_names(
        &self,
        expected: &[&str],
        scope: &Scope<'_>,
        sent: Option<Sent<'_>>,
        found: &mut Found,
    ) -> bool {
        let parameters = sent.map_or(&[] as &[Parameter], |sent| &sent.component.parameters);
        let mut fits = true;
        for (at, parameter) in parameters.iter().enumerate() {
            let reason = match parameter.parameter_name.as_deref() {
                None | Some("") => "a value of this template needs the name of its variable",
                Some(name) if !expected.contains(&name) => {
                    "the template has no variable of this name"
                }
                Some(_) => continue,
            };
            let path = sent.map(|sent| sent.parameter(at)).unwrap_or_default();
            found.refuse(100, format!("{path}.parameter_name"), reason);
            fits = false;
        }
        let given = |name: &&&str| {
            let of_name = parameters
                .iter()
                .filter(|parameter| parameter.parameter_name.as_deref() == Some(**name));
            of_name.count()
        };
        let path = || match sent {
            Some(sent) => format!("{}.parameters", sent.path()),
            None => scope.within.clone(),
        };
        let missing: Vec<&str> = expected
            .iter()
            .filter(|name| given(name) == 0)
            .copied()
            .collect();
        if !missing.is_empty() {
            let reason = format!("the {} needs values for {}", self.what, missing.join(", "));
            found.refuse(132_000, path(), reason);
            fits = false;
        }
        if expected.iter().any(|name| given(&name) > 1) {
            let reason = format!("the {} takes one value for each name", self.what);
            found.refuse(132_000, path(), reason);
            fits = false;
        }
        fits
    }

    /// Whether a value is one that a text takes.
    fn check_value(&self, parameter: &Parameter, path: &str, found: &mut Found) -> bool {
        match &parameter.value {
            ParameterValue::Text(text) => check_text(text, path, found),
            ParameterValue::Currency(_)
            | ParameterValue::DateTime(_)
            | ParameterValue::Unknown(_) => true,
            _ => {
                let reason = format!("the {} takes texts", self.what);
                found.refuse(132_012, format!("{path}.type"), reason);
                false
            }
        }
    }
}

/// Whether a text is one that a variable takes.
pub(super) fn check_text(text: &str, path: &str, found: &mut Found) -> bool {
    let path = || format!("{path}.text");
    if text.trim().is_empty() {
        found.refuse(131_008, path(), "the value is empty");
        return false;
    }
    if !is_flat(text) {
        let reason =
            "no line ends, tabs or more than four spaces in a row: text::flatten takes them out";
        found.refuse(132_018, path(), Cow::Borrowed(reason));
        return false;
    }
    if text.contains("    ") {
        found.warn(
            132_018,
            path(),
            "some sources report that four spaces in a row are refused",
        );
    }
    true
}
