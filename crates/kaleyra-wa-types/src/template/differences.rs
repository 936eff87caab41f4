//! What differs between two definitions, apart from what a server changes by itself.

use serde_json::{Map, Value};

use super::{ComponentKind, TemplateDefinition};

/// One place in which two definitions differ.
///
/// ```
/// use kaleyra_wa_types::template::TemplateDefinition;
///
/// let old = TemplateDefinition::utility("parcel", "en").body("Your parcel is here.", [] as [&str; 0]);
/// let new = old.clone().footer("Example Post");
/// let differences = old.differences(&new);
/// assert_eq!((&*differences[0].path, &differences[0].before), ("components[1]", &None));
/// assert!(differences[0].after.is_some());
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Difference {
    /// The JSON path, such as `components[1].text`.
    pub path: String,
    /// The value in the first one; `None` if nothing does.
    pub before: Option<Value>,
    /// The value in the second one; `None` if nothing does.
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
    /// Left out is what a server makes of a definition by itself: id, state and quality; examples that only one of both has;
    /// the sub-category `CUSTOM`; the case of kinds; labels that are WhatsApp's own; and, of a template for one-time codes,
    /// WhatsApp's own texts and what the link that replaces the button does not tell, such as the apps.
    ///
    /// Where the other has a sample's handle, it differs from the link that is listed for an earlier one. A link in the other's place is
    /// no difference: listings have one whatever the sample was, and another each time.
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
        let (mut before, mut after) = (self.normal(), other.normal());
        align(&mut before, &mut after);
        compare("", &before, &after, &mut found);
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
                component.example = None;
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
            if has_own_label(members) {
                members.remove("text");
            }
            if let Some(otp_type) = listed_one_time_code(members) {
                let text = members.remove("text");
                *members = Map::from_iter([
                    ("type".to_owned(), Value::from("OTP")),
                    (IS_LISTED.to_owned(), Value::from(true)),
                ]);
                members.extend(text.map(|text| ("text".to_owned(), text)));
                members.extend(otp_type.map(|it| ("otp_type".to_owned(), Value::from(it))));
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

/// Whether it is a button whose label is WhatsApp's: it is written without one, and reads back with it.
fn has_own_label(members: &Map<String, Value>) -> bool {
    let kind = members.get("type");
    is_text(kind, "COPY_CODE") || is_text(kind, "REQUEST_CONTACT_INFO")
}

/// Marks a button for one-time codes that was read back as a link.
const IS_LISTED: &str = "is_listed";

/// The kind that the link tells, if it is a button for one-time codes as it reads back.
fn listed_one_time_code(members: &Map<String, Value>) -> Option<Option<String>> {
    let url = members.get("url")?.as_str()?;
    if !is_text(members.get("type"), "URL") || !url.contains("whatsapp.com/otp/") {
        return None;
    }
    let (_, query) = url.split_once('?').unwrap_or_default();
    let kind = query.split('&').find_map(|it| it.strip_prefix("otp_type="));
    Some(kind.map(str::to_owned))
}

/// Takes away what only one of both can say: a listed definition has not all that a written one has.
fn align(before: &mut Value, after: &mut Value) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            let is_listed = [&*before, &*after].map(|it| it.contains_key(IS_LISTED));
            if is_listed.contains(&true) && is_text(before.get("type"), "OTP") {
                align_one_time_codes(before, after);
            }
            align_examples(before, after);
            for (name, before) in before.iter_mut() {
                if let Some(after) = after.get_mut(name) {
                    align(before, after);
                }
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            for (before, after) in before.iter_mut().zip(after) {
                align(before, after);
            }
        }
        _ => {}
    }
}

/// Of a button for one-time codes the link tells the kind, and the label beside it is the button's.
fn align_one_time_codes(before: &mut Map<String, Value>, after: &mut Map<String, Value>) {
    if !is_text(after.get("type"), "OTP") {
        return;
    }
    let told = ["text", "otp_type"]
        .map(|name| (before.contains_key(name) && after.contains_key(name)).then_some(name));
    let is_told = |name: &str| name == "type" || told.contains(&Some(name));
    before.retain(|name, _| is_told(name));
    after.retain(|name, _| is_told(name));
}

/// Examples count where both have them, in whichever brackets they are.
fn align_examples(before: &mut Map<String, Value>, after: &mut Map<String, Value>) {
    let (Some(one), Some(other)) = (before.get_mut("example"), after.get_mut("example")) else {
        before.remove("example");
        after.remove("example");
        return;
    };
    let (Value::Object(one), Value::Object(other)) = (&mut *one, &mut *other) else {
        *one = flat(one);
        *other = flat(other);
        return;
    };
    one.retain(|name, _| other.contains_key(name));
    other.retain(|name, _| one.contains_key(name));
    // That is what a listing has in the place of a sample, whichever it was.
    if other.get("header_handle").is_some_and(is_link) {
        one.remove("header_handle");
        other.remove("header_handle");
    }
    for examples in [one, other] {
        if let Some(body) = examples.get_mut("body_text") {
            *body = flat(body);
        }
    }
}

/// Whether it is a list of links, as listed samples are.
fn is_link(handles: &Value) -> bool {
    let mut handles = handles.as_array().into_iter().flatten();
    handles.all(|it| it.as_str().is_some_and(|it| it.starts_with("http")))
}

/// Examples without the brackets that some senders leave out.
fn flat(examples: &Value) -> Value {
    fn collect(value: &Value, all: &mut Vec<Value>) {
        match value {
            Value::Array(elements) => elements.iter().for_each(|it| collect(it, all)),
            value => all.push(value.clone()),
        }
    }
    let mut all = Vec::new();
    collect(examples, &mut all);
    Value::Array(all)
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
