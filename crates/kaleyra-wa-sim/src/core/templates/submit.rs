//! A template is submitted, and reviewed when that is due.

use std::sync::Arc;

use kaleyra_wa_types::template::{
    ComponentDefinition, HeaderFormat, TemplateDefinition, TemplateStatus,
};

use super::RefusedTemplate;
use crate::core::Core;
use crate::core::worker::Job;
use crate::model::template_change::TemplateChange;
use crate::rules::reviews::Decision;
use crate::state::records::Kind;
use crate::state::templates::{Key, Registered, TemplateBook, key};

/// For how long a sample's handle is good, in seconds.
const SAMPLE_LIFETIME: u64 = 86_400;

impl Core {
    /// Whether a template can be submitted; gives it without what only one has that was.
    pub(crate) fn check_template(
        &self,
        waba: &str,
        mut definition: TemplateDefinition,
    ) -> Result<TemplateDefinition, RefusedTemplate> {
        definition.id = None;
        definition.status = None;
        definition.rejected_reason = None;
        if let Some(violation) = definition.validate().first() {
            return Err(RefusedTemplate::of(violation));
        }
        // Kinds may be newer than the simulator; these are all that there are.
        let mut unknown = definition.unknown_values().into_iter();
        if let Some(unknown) = unknown.find(|it| it.path == "category" || it.path == "language") {
            return Err(RefusedTemplate::of(&unknown));
        }
        self.check_samples(waba, &definition.components)?;
        let listed = self.templates(waba);
        if listed
            .iter()
            .any(|(known, _)| known.is(&definition.name, &definition.language))
        {
            let message = "There is already content in this language for this template. You can create a new template and try again.";
            return Err(RefusedTemplate::new(
                2_388_024,
                "Content in this language already exists",
                message,
            ));
        }
        let is_other_category = |known: &TemplateDefinition| {
            known.name == definition.name && known.category != definition.category
        };
        if listed.iter().any(|(known, _)| is_other_category(known)) {
            let message = "The category of a template is the same in all of its languages.";
            return Err(RefusedTemplate::new(
                None,
                "Category doesn't match",
                message,
            ));
        }
        if listed.len() >= TemplateBook::MAX {
            let message = "The WABA has as many templates as it may have.";
            return Err(RefusedTemplate::new(
                2_388_019,
                "Template limit reached",
                message,
            ));
        }
        let key = key(waba, &definition.name, &definition.language);
        let now = self.clock().now();
        let mut book = self.state.templates();
        book.forget_deleted(now);
        if book.get(&key).is_some_and(|it| !it.is_free(now)) {
            let message =
                "The template is being deleted: its name can be used again 30 days later.";
            let title = "Message template language is being deleted";
            return Err(RefusedTemplate::new(2_388_023, title, message));
        }
        Ok(definition)
    }

    /// Submits a template that was checked, and lets its review be due.
    pub(crate) fn submit_template(
        &self,
        waba: &str,
        mut definition: TemplateDefinition,
        cause: u64,
    ) -> Arc<TemplateDefinition> {
        let id = self.sources.ids.digits16(&format!("template {waba}"));
        definition.id = Some(id.into());
        definition.status = Some(TemplateStatus::Pending);
        let key = key(waba, &definition.name, &definition.language);
        let registered = Registered::new(definition, self.clock().now());
        let definition = registered.definition.clone();
        self.state.templates().put(key.clone(), registered);
        self.plan_review(key, 0, cause);
        definition
    }

    /// A header's sample is a handle of a resumable upload, no older than a day.
    pub(super) fn check_samples(
        &self,
        waba: &str,
        components: &[ComponentDefinition],
    ) -> Result<(), RefusedTemplate> {
        let cards = components.iter().flat_map(|it| &it.cards);
        let all = components
            .iter()
            .chain(cards.flat_map(|card| &card.components));
        let now = self.clock().unix_seconds();
        for header in all.filter(|it| !it.has_format(&HeaderFormat::Text)) {
            let handles = header.example.iter().flat_map(|it| &it.header_handle);
            for handle in handles {
                let records = self.state.records();
                let mut samples = records.of(Kind::Sample, waba);
                let sample = samples.find(|(_, it)| it["uploaded_file_handle"] == handle.as_str());
                let is_old = sample.is_some_and(|(_, it)| {
                    let at = it["time"].as_str().and_then(|at| at.parse().ok());
                    at.is_some_and(|at: u64| now.saturating_sub(at) > SAMPLE_LIFETIME)
                });
                if is_old || handle.starts_with("http") {
                    let message = "The sample of a header is the handle of a resumable upload, which is good for 24 hours.";
                    return Err(RefusedTemplate::new(None, "Invalid parameter", message));
                }
            }
        }
        Ok(())
    }

    pub(super) fn plan_review(&self, key: Key, submission: u64, cause: u64) {
        let (decision, after) = self.settings().reviews.decide(&key.1);
        if decision == Decision::Hold {
            return;
        }
        let job = Job::Review(Box::new((key, submission, decision, cause)));
        if self.schedule.push(self.clock().now() + after, job).is_err() {
            tracing::warn!("a review was dropped: too many jobs wait");
        }
    }

    /// A review is due: it is about the newest submission, or about nothing.
    pub(in crate::core) fn review_is_due(
        &self,
        key: &Key,
        submission: u64,
        decision: Decision,
        cause: u64,
    ) {
        let is_waiting = self.state.templates().get(key).is_some_and(|it| {
            let is_pending = it.definition.status == Some(TemplateStatus::Pending);
            it.submission == submission && it.deleted_at.is_none() && is_pending
        });
        let change = match decision {
            _ if !is_waiting => return,
            Decision::Approve => TemplateChange::approved(),
            Decision::Reject(reason) => TemplateChange::rejected(reason),
            Decision::Hold => return,
        };
        self.change_template(&key.0, &key.1, &key.2, change, Some(cause));
    }
}
