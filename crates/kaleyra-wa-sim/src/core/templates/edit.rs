//! A template is edited, and reviewed once more.

use std::time::Duration;

use kaleyra_wa_types::template::{
    ButtonKind, ComponentDefinition, TemplateCategory, TemplateDefinition, TemplateStatus,
};

use super::RefusedTemplate;
use crate::core::Core;
use crate::model::template_change::TemplateChange;
use crate::state::templates::key;

const DAY: Duration = Duration::from_secs(86_400);
/// How often an approved template can be edited in a day and in 30 days, by *Edit Template*.
const EDITS_MAX: (usize, usize) = (1, 10);

/// What an edit changes.
pub(crate) enum Edit {
    Category(TemplateCategory),
    Components(Vec<ComponentDefinition>),
}

/// An edit that can be made.
pub(crate) struct CheckedEdit {
    before: TemplateDefinition,
    change: TemplateChange,
    is_approved: bool,
}

impl Core {
    /// Whether a template can be edited so, by its id.
    pub(crate) fn check_edit(
        &self,
        waba: &str,
        id: &str,
        edit: Edit,
    ) -> Result<CheckedEdit, RefusedTemplate> {
        let listed = self.templates(waba);
        let is_it = |it: &&TemplateDefinition| it.id.as_ref().is_some_and(|it| it.as_str() == id);
        let Some(before) = listed.iter().map(|(it, _)| &**it).find(is_it) else {
            return Err(RefusedTemplate::new(
                None,
                "Invalid parameter",
                "There is no template with this id.",
            ));
        };
        let status = before.status.clone().unwrap_or(TemplateStatus::Approved);
        if status.may_be_edited() == Some(false) {
            let message = "Only a template that is approved, rejected or paused can be edited.";
            return Err(RefusedTemplate::new(
                2_388_039,
                "Template can't be edited",
                message,
            ));
        }
        if before
            .buttons()
            .iter()
            .any(|it| it.kind == ButtonKind::VoiceCall)
        {
            let message = "A template with a button for calls can't be edited.";
            return Err(RefusedTemplate::new(
                2_388_039,
                "Template can't be edited",
                message,
            ));
        }
        let now = self.clock().now();
        let key = key(waba, &before.name, &before.language);
        let is_approved = status.may_be_sent() == Some(true);
        let edits = self.state.templates().get(&key).map_or((0, 0), |it| {
            (it.edits_within(DAY, now), it.edits_within(30 * DAY, now))
        });
        if is_approved && (edits.0 >= EDITS_MAX.0 || edits.1 >= EDITS_MAX.1) {
            let message =
                "An approved template can be edited once in 24 hours and ten times in 30 days.";
            return Err(RefusedTemplate::new(
                2_388_039,
                "Template was edited too often",
                message,
            ));
        }
        let change = match edit {
            Edit::Category(_) if is_approved => {
                let message = "The category of an approved template can't be changed.";
                return Err(RefusedTemplate::new(
                    2_388_039,
                    "Category can't be changed",
                    message,
                ));
            }
            Edit::Category(category) => TemplateChange::Category(category),
            Edit::Components(components) => {
                // As a new one: what is submitted needs its samples again.
                let mut new = before.clone();
                (new.id, new.status) = (None, None);
                new.language = before.language_code().into_owned();
                new.components.clone_from(&components);
                if let Some(violation) = new.validate().first() {
                    return Err(RefusedTemplate::of(violation));
                }
                self.check_samples(waba, &components)?;
                TemplateChange::Components(components)
            }
        };
        Ok(CheckedEdit {
            before: before.clone(),
            change,
            is_approved,
        })
    }

    /// Makes an edit that was checked: the webhook is told, and the template is reviewed once more.
    pub(crate) fn edit_template(&self, waba: &str, edit: CheckedEdit, cause: u64) {
        let mut definition = edit.before;
        let key = key(waba, &definition.name, &definition.language);
        let (name, language) = (key.1.clone(), key.2.clone());
        definition.status = Some(TemplateStatus::Pending);
        self.keep(waba, definition);
        let submission = {
            let mut book = self.state.templates();
            let Some(known) = book.get_mut(&key) else {
                return;
            };
            if edit.is_approved {
                known.edits.push(self.clock().now());
            }
            known.submission += 1;
            known.submission
        };
        self.change_template(waba, &name, &language, edit.change, Some(cause));
        self.plan_review(key, submission, cause);
    }
}
