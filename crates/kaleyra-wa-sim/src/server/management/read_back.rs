//! A template as it is listed, which is not always as it was written: Meta puts links in the place of samples, and of the button
//! for one-time codes, and shows its own texts.

use kaleyra_wa_types::template::{
    ButtonDefinition, ButtonKind, ComponentDefinition, ComponentKind, Example, OtpType,
    TemplateCategory, TemplateDefinition,
};
use serde_json::{Value, json};

use crate::callback::template::COMPANY_ID;

/// A template as the list has it: with Kaleyra's own id of the account.
pub(super) fn listed(definition: &TemplateDefinition, base_url: &str) -> Value {
    let mut definition = definition.clone();
    let id = definition
        .id
        .as_ref()
        .map_or("", |id| id.as_str())
        .to_owned();
    let link = format!("{base_url}/media/template-{id}");
    let is_for_codes = definition.category.as_ref() == Some(&TemplateCategory::Authentication);
    let mut minutes = definition.components.iter();
    let minutes = minutes.find_map(|it| it.code_expiration_minutes.as_ref()?.as_i64());
    for component in &mut definition.components {
        samples(component, &link);
        let cards = component.cards.iter_mut();
        for inner in cards.flat_map(|card| &mut card.components) {
            samples(inner, &link);
        }
        if is_for_codes {
            codes(component, minutes);
        }
    }
    let mut listed = json!(definition);
    listed["company_id"] = COMPANY_ID.into();
    listed
}

fn samples(component: &mut ComponentDefinition, link: &str) {
    let handles = component.example.iter_mut();
    for handle in handles.flat_map(|it| &mut it.header_handle) {
        link.clone_into(handle);
    }
}

/// WhatsApp's own words, and a link in place of the button.
fn codes(component: &mut ComponentDefinition, minutes: Option<i64>) {
    match component.kind {
        ComponentKind::Body => {
            let mut text = "*{{1}}* is your verification code.".to_owned();
            if component.add_security_recommendation == Some(true) {
                text.push_str(" For your security, do not share this code.");
            }
            let mut example = Example::default();
            example.body_text = Some(json!([["123456"]]));
            component.text = Some(text);
            component.example = Some(example);
        }
        ComponentKind::Footer => {
            let minutes = minutes.unwrap_or_default();
            component.text = Some(format!("This code expires in {minutes} minutes."));
        }
        _ => component
            .buttons
            .iter_mut()
            .for_each(|it| link(it, minutes)),
    }
}

fn link(button: &mut ButtonDefinition, minutes: Option<i64>) {
    if button.kind != ButtonKind::Otp {
        return;
    }
    let kind = button.otp_type.take().unwrap_or(OtpType::CopyCode);
    let minutes = minutes.map_or(String::new(), |it| format!("code_expiration_minutes={it}&"));
    let url = format!("https://www.whatsapp.com/otp/code/?otp_type={kind}&{minutes}code=otp");
    let text = button
        .text
        .clone()
        .unwrap_or_else(|| "Copy code".to_owned());
    *button =
        ButtonDefinition::url(text, format!("{url}{{{{1}}}}")).example(format!("{url}123456"));
}
