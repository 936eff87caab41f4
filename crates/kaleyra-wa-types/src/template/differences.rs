//! What differs between two definitions, beside what a server makes of them by itself.

use serde_json::{Map, Value};

use super::{ComponentKind, TemplateDefinition};

/// One place in which two definitions differ.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Difference {
    /// The JSON path, such as `components[1].text`.
    pub path: String,
    /// What stands there in the first one; `None` if nothing does.
    pub before: Option<Value>,
    /// What stands there in the second one; `None` if nothing does.
    pub after: Option<Value>,
}

/// What a template has only once it was submitted.
const OF_SERVER: [&str; 8] = [
    "id",
    "company_id",
    "status",
    "quality_score",
    "rejected_reason",
    "previous_category",
    "correct_category",
    "library_template_name",
];

impl TemplateDefinition {
    /// What an edit would change: where another definition differs from this one. Empty if both are the same template.
    ///
    /// Left out is what a server makes of a definition by itself: id, state and quality; the URL in place of a sample's
    /// handle, and the examples with it; the sub-category `CUSTOM`; the case of kinds; and, of a template for one-time codes,
    /// WhatsApp's own texts and the link that stands for the button.
    ///
    /// ```
    /// use kaleyra_wa_types::template::TemplateDefinition;
    ///
    /// let file = TemplateDefinition::utility("parcel", "en").body("Your parcel is here.", [] as [&str; 0]);
    /// let mut listed = file.clone();
    /// listed.id = Some("734500000000001".into());
    /// assert!(file.differences(&listed).is_empty());
    ///
    /// listed.components[0].text = Some("Your parcel is there.".to_owned());
    /// let differences = file.differences(&listed);
    /// assert_eq!(differences[0].path, "components[0].text");
    /// ```
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let mut found = Vec::new();
        compare("", &self.normal(), &other.normal(), &mut found);
        found
    }

    /// The definition in the one form in which it is compared.
    fn normal(&self) -> Value {
        let mut normal = self.clone();
        normal.language = self.language_code().into_owned();
        if normal.sub_category.as_deref() == Some("CUSTOM") {
            normal.sub_category = None;
        }
        let is_for_codes = self.is_for_one_time_codes();
        for component in &mut normal.components {
            if is_for_codes && component.kind == ComponentKind::Body {
                component.text = None;
            }
            if component.code_expiration_minutes.is_some() {
                component.text = None;
            }
        }
        // Our own models always succeed.
        let mut value = serde_json::to_value(&normal).unwrap_or_default();
        if let Value::Object(members) = &mut value {
            for name in OF_SERVER {
                members.remove(name);
            }
            if is_text(members.get("parameter_format"), "POSITIONAL") {
                members.remove("parameter_format");
            }
            // In whichever order they were given: it is not the order that they are shown in.
            if let Some(Value::Array(components)) = members.get_mut("components") {
                components.sort_by_key(place);
            }
        }
        tidy(&mut value);
        value
    }
}

/// The order in which components are shown.
fn place(component: &Value) -> usize {
    const ORDER: [&str; 6] = [
        "HEADER",
        "LIMITED_TIME_OFFER",
        "BODY",
        "FOOTER",
        "BUTTONS",
        "CAROUSEL",
    ];
    let kind = component.get("type");
    let place = ORDER.iter().position(|known| is_text(kind, known));
    place.unwrap_or(ORDER.len())
}

fn is_text(value: Option<&Value>, text: &str) -> bool {
    value
        .and_then(Value::as_str)
        .is_some_and(|value| value.eq_ignore_ascii_case(text))
}

/// Takes away what a server adds, at every depth, and writes kinds in capital letters.
fn tidy(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("example");
            if is_one_time_code(members) {
                *members = Map::from_iter([("type".to_owned(), Value::from("OTP"))]);
            }
            for (name, member) in members.iter_mut() {
                let is_kind = matches!(
                    name.as_str(),
                    "type" | "format" | "category" | "parameter_format" | "otp_type"
                );
                match member {
                    Value::String(text) if is_kind => *text = text.to_ascii_uppercase(),
                    member => tidy(member),
                }
            }
            members.retain(|_, member| !member.is_null());
        }
        Value::Array(elements) => elements.iter_mut().for_each(tidy),
        _ => {}
    }
}

/// Whether it is a button for one-time codes, as it is written or as it reads back. Its fields don't come back all, so that
/// only its place is compared.
fn is_one_time_code(members: &Map<String, Value>) -> bool {
    let url = members
        .get("url")
        .and_then(Value::as_str)
        .unwrap_or_default();
    is_text(members.get("type"), "OTP")
        || (is_text(members.get("type"), "URL") && url.contains("whatsapp.com/otp/"))
}

fn compare(path: &str, before: &Value, after: &Value, found: &mut Vec<Difference>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            let added = after.keys().filter(|name| !before.contains_key(*name));
            for name in before.keys().chain(added) {
                let path = match path {
                    "" => name.clone(),
                    path => format!("{path}.{name}"),
                };
                differ(&path, before.get(name), after.get(name), found);
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            for index in 0..before.len().max(after.len()) {
                let path = format!("{path}[{index}]");
                differ(&path, before.get(index), after.get(index), found);
            }
        }
        (before, after) => differ_as_a_whole(path, Some(before), Some(after), found),
    }
}

fn differ(path: &str, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<Difference>) {
    match (before, after) {
        (Some(before), Some(after)) => compare(path, before, after, found),
        (before, after) => differ_as_a_whole(path, before, after, found),
    }
}

fn differ_as_a_whole(
    path: &str,
    before: Option<&Value>,
    after: Option<&Value>,
    found: &mut Vec<Difference>,
) {
    if before != after {
        found.push(Difference {
            path: path.to_owned(),
            before: before.cloned(),
            after: after.cloned(),
        });
    }
}
