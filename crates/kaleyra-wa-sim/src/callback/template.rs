//! What the webhook is told about templates.

use kaleyra_wa_types::template::{
    ComponentKind, TemplateCategory, TemplateDefinition, TemplateReason, TemplateStatus,
};
use serde_json::{Value, json};

use crate::model::business::merge;

/// The account's id at Kaleyra, as callbacks and lists have it.
pub(crate) const COMPANY_ID: &str = "Z8ae0000-0000-0000-0000-000000000000";
/// The id of the profile that callbacks come by.
pub(crate) const PROFILE_ID: &str = "SG_00000000-0000-0000-0000-000000000000";

/// A status, in the flat form of *Template Status Update*: the variables of that page side by side, all of them strings.
pub(crate) fn status(
    waba: &str,
    definition: &TemplateDefinition,
    status: &TemplateStatus,
    reason: Option<&TemplateReason>,
    time: u64,
) -> Value {
    json!({
        "id": waba,
        "time": time.to_string(),
        "event": status,
        "message_template_id": definition.id,
        "message_template_name": definition.name,
        "message_template_language": definition.language_code(),
        "reason": reason.unwrap_or(&TemplateReason::None),
        "callback_profile_id": PROFILE_ID,
        "company_id": COMPANY_ID,
    })
}

/// Another quality, as Meta has it.
pub(crate) fn quality(definition: &TemplateDefinition, previous: &str, new: &str) -> Value {
    meta(
        "message_template_quality_update",
        definition,
        json!({"previous_quality_score": previous, "new_quality_score": new}),
    )
}

/// Another category, as Meta has it.
pub(crate) fn category(
    definition: &TemplateDefinition,
    previous: Option<&TemplateCategory>,
    new: &TemplateCategory,
) -> Value {
    meta(
        "template_category_update",
        definition,
        json!({"previous_category": previous, "new_category": new}),
    )
}

/// Other texts, as Meta has them.
pub(crate) fn components(definition: &TemplateDefinition) -> Value {
    let text = |kind| definition.part(&kind).and_then(|part| part.text.clone());
    let mut told = json!({"message_template_element": text(ComponentKind::Body)});
    for (name, kind) in [
        ("message_template_title", ComponentKind::Header),
        ("message_template_footer", ComponentKind::Footer),
    ] {
        if let Some(text) = text(kind) {
            told[name] = text.into();
        }
    }
    let buttons: Vec<Value> = definition
        .buttons()
        .iter()
        .map(|button| {
            let mut told = json!({"message_template_button_type": button.kind});
            for (name, value) in [
                ("message_template_button_text", &button.text),
                ("message_template_button_url", &button.url),
                ("message_template_button_phone_number", &button.phone_number),
            ] {
                if let Some(value) = value {
                    told[name] = value.as_str().into();
                }
            }
            told
        })
        .collect();
    if !buttons.is_empty() {
        told["message_template_buttons"] = buttons.into();
    }
    meta("message_template_components_update", definition, told)
}

/// One of Meta's fields, in the envelope that Kaleyra has for messages.
fn meta(field: &str, definition: &TemplateDefinition, members: Value) -> Value {
    let id = definition.id.as_ref().map(|id| id.as_str());
    let id = id.map(|id| id.parse::<u64>().map_or_else(|_| json!(id), Value::from));
    let mut value = json!({
        "message_template_id": id,
        "message_template_name": definition.name,
        "message_template_language": definition.language_code(),
    });
    merge(&mut value, members);
    json!({"meta_object": {"field": field, "value": value}})
}
