//! Templates as they stand: found, changed and deleted, and the webhook told of it.

mod edit;
mod refusal;
mod submit;

use std::sync::Arc;
use std::time::SystemTime;

use kaleyra_wa_types::template::{QualityScore, TemplateDefinition, TemplateStatus};
use serde_json::{Value, json};

use super::Core;
use super::callbacks::NewCallback;
use crate::callback::template as callback;
use crate::journal::TEMPLATE;
use crate::model::basis::Basis;
use crate::model::template_change::TemplateChange;
use crate::state::templates::{Registered, key};

pub(crate) use edit::Edit;
pub(crate) use refusal::RefusedTemplate;

impl Core {
    /// The template of this name and language: as it stands at the simulator, or else as it was given at the start.
    pub(crate) fn template(
        &self,
        waba: &str,
        name: &str,
        language: &str,
    ) -> Option<Arc<TemplateDefinition>> {
        let known = {
            let book = self.state.templates();
            book.get(&key(waba, name, language))
                .map(|it| it.definition.clone())
        };
        if known.is_some() {
            return known;
        }
        // Not under the lock: it is the user's own code, which may ask the simulator.
        let given = self.given_templates.as_ref()?.find(name, language)?;
        Some(Arc::new(self.as_listed(&given)))
    }

    /// The template that a message is of, by the WABA of its sender.
    pub(crate) fn template_of(
        &self,
        sender: &str,
        sent: &Value,
    ) -> Option<Arc<TemplateDefinition>> {
        let name = sent["name"].as_str()?;
        let language = sent["language"]["code"].as_str()?;
        self.template(&self.number(sender).business.waba_id, name, language)
    }

    /// Whether any template of the sender's WABA is known, so that others are likely not to exist.
    pub(crate) fn are_templates_known(&self, sender: &str) -> bool {
        let waba = &self.number(sender).business.waba_id;
        self.given_templates.is_some() || !self.state.templates().is_empty(waba)
    }

    /// Whether a template is known, only not in this language: then it is sure not to be there in it.
    pub(crate) fn is_in_other_language(&self, sender: &str, sent: &Value) -> bool {
        let waba = &self.number(sender).business.waba_id;
        let mut all = self.templates(waba).into_iter();
        all.any(|(it, _)| sent["name"] == it.name.as_str())
    }

    /// All templates of a WABA that are not deleted, by name and language, and when each was created.
    pub(crate) fn templates(&self, waba: &str) -> Vec<(Arc<TemplateDefinition>, SystemTime)> {
        let given = self
            .given_templates
            .as_ref()
            .map_or_else(Vec::new, |given| given.all());
        let book = self.state.templates();
        let mut all: Vec<_> = book
            .of(waba)
            .filter(|(_, it)| it.deleted_at.is_none())
            .map(|(_, it)| (it.definition.clone(), it.created_at))
            .collect();
        for given in given {
            if book.get(&key(waba, &given.name, &given.language)).is_none() {
                all.push((Arc::new(self.as_listed(&given)), self.started_at));
            }
        }
        all.sort_by(|(one, _), (other, _)| {
            (&one.name, &one.language).cmp(&(&other.name, &other.language))
        });
        all
    }

    /// A definition that was given, with what only one has that was submitted.
    fn as_listed(&self, given: &TemplateDefinition) -> TemplateDefinition {
        let mut listed = given.clone();
        if listed.id.is_none() {
            let name = ["template", &given.name, &given.language_code()];
            let number = self.chance.number(&name) % 10_u64.pow(14);
            listed.id = Some(format!("7{number:014}").into());
        }
        listed.status.get_or_insert(TemplateStatus::Approved);
        listed
    }

    /// Changes a template by hand, or by a review, and tells the webhook; `false` where there is none.
    pub(crate) fn change_template(
        &self,
        waba: &str,
        name: &str,
        language: &str,
        change: TemplateChange,
        cause: Option<u64>,
    ) -> bool {
        let Some(before) = self
            .template(waba, name, language)
            .filter(|it| it.status != Some(TemplateStatus::Deleted))
        else {
            return false;
        };
        let mut definition = (*before).clone();
        let time = self.clock().unix_seconds();
        let (event, body, basis) = match change {
            TemplateChange::Status(status, reason) => {
                let earlier = definition.rejected_reason.take();
                let earlier = earlier.filter(|_| status != TemplateStatus::Approved);
                definition.rejected_reason = reason.clone().or(earlier);
                definition.status = Some(status.clone());
                let body = callback::status(waba, &definition, &status, reason.as_ref(), time);
                (status.as_str().to_owned(), body, basis_of(&status))
            }
            TemplateChange::Quality(new) => {
                let previous = before.quality().unwrap_or(QualityScore::NotYetKnown);
                definition.quality_score = Some(json!({"score": new.as_str(), "date": time}));
                let body = callback::quality(&definition, previous.as_str(), new.as_str());
                (format!("quality {new}"), body, META_FIELD)
            }
            TemplateChange::Category(new) => {
                definition.previous_category = before.category.clone();
                definition.category = Some(new.clone());
                let body = callback::category(&definition, before.category.as_ref(), &new);
                (format!("category {new}"), body, META_FIELD)
            }
            TemplateChange::Components(components) => {
                definition.components = components;
                let body = callback::components(&definition);
                ("components".to_owned(), body, META_FIELD)
            }
        };
        self.keep(waba, definition);
        self.changed(format!("template {name}, {language}: {event}"));
        self.tell_of_template(event, body, basis, cause);
        true
    }

    /// Puts a definition in the place of the one with its name and language.
    pub(super) fn keep(&self, waba: &str, definition: TemplateDefinition) {
        let key = key(waba, &definition.name, &definition.language);
        let mut book = self.state.templates();
        match book.get_mut(&key) {
            Some(known) => known.definition = Arc::new(definition),
            None => {
                // One that was changed and is not in the book was given at the start.
                let mut given = Registered::new(definition, self.started_at);
                given.is_given = true;
                book.put(key, given);
            }
        }
    }

    fn tell_of_template(&self, event: String, body: Value, basis: Basis, cause: Option<u64>) {
        if self.webhook().is_none() {
            return;
        }
        self.call_back(NewCallback {
            kind: TEMPLATE,
            event,
            about: None,
            conversation: None,
            cause,
            basis: Some(basis),
            type_name: String::new(),
            reference: String::new(),
            body,
            is_once: false,
        });
    }

    /// Deletes these templates of a WABA, and tells the webhook.
    pub(crate) fn delete_templates(
        &self,
        waba: &str,
        templates: &[Arc<TemplateDefinition>],
        cause: u64,
    ) {
        for before in templates {
            let mut definition = (**before).clone();
            definition.status = Some(TemplateStatus::Deleted);
            let key = key(waba, &definition.name, &definition.language);
            let time = self.clock().unix_seconds();
            let body = callback::status(waba, &definition, &TemplateStatus::Deleted, None, time);
            self.keep(waba, definition);
            if let Some(known) = self.state.templates().get_mut(&key) {
                known.deleted_at = Some(self.clock().now());
            }
            let basis = basis_of(&TemplateStatus::Deleted);
            self.tell_of_template("DELETED".to_owned(), body, basis, Some(cause));
        }
    }
}

const META_FIELD: Basis = Basis::Inferred(
    "Meta's field in the envelope that Kaleyra has for messages; no page says that it is passed on",
);

fn basis_of(status: &TemplateStatus) -> Basis {
    match status {
        TemplateStatus::Approved
        | TemplateStatus::Rejected
        | TemplateStatus::Disabled
        | TemplateStatus::Paused => Basis::Documented("Template Status Update"),
        _ => Basis::Inferred(
            "Meta's event in the form of Template Status Update, which names four others",
        ),
    }
}
