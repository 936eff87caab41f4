//! What callbacks report about templates.

use kaleyra_wa_types::inbound::field::{
    FieldChange, MessageTemplateComponentsUpdate, MessageTemplateQualityUpdate,
    MessageTemplateStatusUpdate, TemplateCategoryUpdate, TemplateId,
};
use kaleyra_wa_types::inbound::{Callback, Event};
use kaleyra_wa_types::template::{
    ButtonDefinition, ComponentKind, TemplateDefinition, TemplateReason, TemplateStatus,
};
use serde_json::Value;

use super::{StatusNames, TemplateStore, key};

/// What a change names its template by.
macro_rules! named {
    ($update:expr) => {
        (
            $update.message_template_id.as_ref(),
            $update.message_template_name.as_deref(),
            $update.message_template_language.as_deref(),
        )
    };
}

impl TemplateStore {
    /// Applies what a callback reports about templates in the store, and returns how many of them it was about.
    ///
    /// Read are Meta's fields `message_template_status_update`, `message_template_quality_update`,
    /// `message_template_components_update` and `template_category_update`, and Kaleyra's flat form of the first: a
    /// customer's own profile, with the names that its page shows. With other names, call
    /// [`apply_named`](Self::apply_named).
    ///
    /// ```
    /// use kaleyra_wa_client::TemplateStore;
    /// use kaleyra_wa_client::types::inbound::Callback;
    /// use kaleyra_wa_client::types::template::{TemplateDefinition, TemplateStatus};
    ///
    /// let store: TemplateStore = [TemplateDefinition::utility("parcel_ready", "en_US")].into_iter().collect();
    /// let body = br#"{"id":"102000000000001","time":"1780000000","event":"Paused","message_template_id":"7345",
    ///     "message_template_name":"parcel_ready","message_template_language":"en_US","reason":"NONE"}"#;
    /// assert_eq!(store.apply(&Callback::from_slice(body)?), 1);
    /// let status = store.get("parcel_ready", "en_US").unwrap().status;
    /// assert_eq!(status.as_ref(), Some(&TemplateStatus::Paused));
    /// # Ok::<(), kaleyra_wa_client::types::DecodeError>(())
    /// ```
    pub fn apply(&self, callback: &Callback) -> usize {
        let applied = callback.events().filter(|event| match event {
            Event::Field(change) => self.apply_change(&change.change()),
            Event::Other(callback) => self.apply_flat(callback),
            _ => false,
        });
        applied.count()
    }

    /// Sets a template's state; `false` where it is not in the store.
    ///
    /// ```
    /// use kaleyra_wa_client::TemplateStore;
    /// use kaleyra_wa_client::types::template::{TemplateDefinition, TemplateReason, TemplateStatus};
    ///
    /// let store: TemplateStore = [TemplateDefinition::utility("closed", "en")].into_iter().collect();
    /// let reason = TemplateReason::from("INVALID_FORMAT");
    /// assert!(store.apply_status("closed", "en", TemplateStatus::Rejected, Some(reason.clone())));
    /// assert_eq!(store.get("closed", "en").unwrap().rejected_reason, Some(reason));
    ///
    /// assert!(!store.apply_status("closed", "de", TemplateStatus::Approved, None)); // not there
    /// ```
    pub fn apply_status(
        &self,
        name: &str,
        language: &str,
        status: impl Into<TemplateStatus>,
        reason: Option<TemplateReason>,
    ) -> bool {
        let status = status.into();
        self.change(None, Some(name), Some(language), |definition| {
            definition.status = Some(status);
            if let Some(reason) = reason {
                definition.rejected_reason = Some(reason);
            }
        })
    }

    fn apply_change(&self, change: &FieldChange) -> bool {
        match change {
            FieldChange::MessageTemplateStatusUpdate(update) => self.status(update),
            FieldChange::MessageTemplateQualityUpdate(update) => self.quality(update),
            FieldChange::MessageTemplateComponentsUpdate(update) => self.components(update),
            FieldChange::TemplateCategoryUpdate(update) => self.category(update),
            _ => false,
        }
    }

    /// Kaleyra's own form: the fields side by side, all of them strings.
    fn apply_flat(&self, callback: &Callback) -> bool {
        let body = serde_json::to_value(callback).unwrap_or_default();
        self.apply_named(&body, &StatusNames::default())
    }

    /// Takes over what a flat status says whose fields have names of the customer's own; `false` where it is none, or about
    /// no template in the store.
    ///
    /// A template is found by its name and language, or else by its id.
    ///
    /// ```
    /// use kaleyra_wa_client::types::template::{TemplateDefinition, TemplateStatus};
    /// use kaleyra_wa_client::{StatusNames, TemplateStore};
    ///
    /// let store: TemplateStore = [TemplateDefinition::utility("closed", "en")].into_iter().collect();
    /// let names = StatusNames::default().event("state").name("template").language("lang");
    /// let body = serde_json::json!({"state": "Rejected", "template": "closed", "lang": "en"});
    /// assert!(store.apply_named(&body, &names));
    /// assert_eq!(store.get("closed", "en").unwrap().status, Some(TemplateStatus::Rejected));
    /// ```
    pub fn apply_named(&self, body: &Value, names: &StatusNames) -> bool {
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let Some(event) = text(&names.event) else {
            return false;
        };
        let id = body.get(&*names.id);
        let id = id.and_then(|id| serde_json::from_value::<TemplateId>(id.clone()).ok());
        let status = TemplateStatus::from(event).meaning();
        let reason = text(&names.reason).filter(|reason| !reason.is_empty());
        let reason = reason.map(|reason| TemplateReason::from(reason.to_ascii_uppercase()));
        let (name, language) = (text(&names.name), text(&names.language));
        self.change(id.as_ref(), name, language, |definition| {
            definition.status = Some(status);
            if let Some(reason) = reason {
                definition.rejected_reason = Some(reason);
            }
        })
    }

    fn status(&self, update: &MessageTemplateStatusUpdate) -> bool {
        let Some(event) = &update.event else {
            return false;
        };
        let status = event.meaning();
        let reason = update.reason.clone();
        let (id, name, language) = named!(update);
        self.change(id, name, language, |definition| {
            definition.status = Some(status);
            if let Some(reason) = reason {
                definition.rejected_reason = Some(reason);
            }
        })
    }

    fn quality(&self, update: &MessageTemplateQualityUpdate) -> bool {
        let Some(score) = &update.new_quality_score else {
            return false;
        };
        let score = serde_json::json!({"score": score.as_str()});
        let (id, name, language) = named!(update);
        self.change(id, name, language, |definition| {
            definition.quality_score = Some(score);
        })
    }

    fn category(&self, update: &TemplateCategoryUpdate) -> bool {
        let (id, name, language) = named!(update);
        self.change(id, name, language, |definition| {
            if let Some(previous) = update.previous_category.clone() {
                definition.previous_category = Some(previous);
            }
            if let Some(new) = update.new_category.clone() {
                definition.category = Some(new);
            }
            // A notice: the category of today, and the one that it will be.
            definition.correct_category = update.correct_category.clone();
        })
    }

    fn components(&self, update: &MessageTemplateComponentsUpdate) -> bool {
        let (id, name, language) = named!(update);
        self.change(id, name, language, |definition| {
            for (kind, text) in [
                (ComponentKind::Header, &update.message_template_title),
                (ComponentKind::Body, &update.message_template_element),
                (ComponentKind::Footer, &update.message_template_footer),
            ] {
                let mut components = definition.components.iter_mut();
                let component = components.find(|component| component.kind == kind);
                if let (Some(component), Some(text)) = (component, text) {
                    component.text = Some(text.clone());
                }
            }
            let mut components = definition.components.iter_mut();
            let buttons = components.find(|component| component.kind == ComponentKind::Buttons);
            let told = &update.message_template_buttons;
            if let Some(buttons) = buttons
                && !told.is_empty()
            {
                buttons.buttons.truncate(told.len());
                for (at, told) in told.iter().enumerate() {
                    let kind = told
                        .message_template_button_type
                        .as_deref()
                        .unwrap_or_default();
                    if buttons
                        .buttons
                        .get(at)
                        .is_none_or(|known| known.kind.as_str() != kind)
                    {
                        let new = ButtonDefinition::new(kind);
                        match buttons.buttons.get_mut(at) {
                            Some(known) => *known = new,
                            None => buttons.buttons.push(new),
                        }
                    }
                    let known = &mut buttons.buttons[at];
                    for (known, told) in [
                        (&mut known.text, &told.message_template_button_text),
                        (&mut known.url, &told.message_template_button_url),
                        (
                            &mut known.phone_number,
                            &told.message_template_button_phone_number,
                        ),
                    ] {
                        if told.is_some() {
                            known.clone_from(told);
                        }
                    }
                }
            }
        })
    }

    /// Changes a definition, found by name and language or else by its id; `false` if there is none.
    fn change(
        &self,
        id: Option<&TemplateId>,
        name: Option<&str>,
        language: Option<&str>,
        change: impl FnOnce(&mut TemplateDefinition),
    ) -> bool {
        let mut state = self.write();
        let named = name
            .zip(language)
            .map(|(name, language)| key(name, language));
        let named = named.filter(|key| state.definitions.contains_key(key));
        let has_id = |definition: &TemplateDefinition| {
            id.is_some_and(|id| {
                let known = definition.id.as_ref();
                known.is_some_and(|known| known.as_str() == id.as_str())
            })
        };
        let found = named.or_else(|| {
            let mut all = state.definitions.iter();
            all.find(|(_, definition)| has_id(definition))
                .map(|(key, _)| key.clone())
        });
        let Some(key) = found else {
            return false;
        };
        state.marks.forget(&key);
        match state.definitions.get_mut(&key) {
            Some(definition) => {
                change(definition);
                true
            }
            None => false,
        }
    }
}
