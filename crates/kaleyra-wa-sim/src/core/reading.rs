//! What the journal and the templates tell about messages.

use super::Core;
use crate::journal::Fact;

impl Core {
    /// How often the webhook was told of a user's message, and answered.
    pub(crate) fn times_told(&self, message_id: &str) -> usize {
        let callbacks = self.journal.all_that(|entry| {
            matches!(&entry.fact, Fact::Callback(made) if made.about.as_ref().is_some_and(|id| id.as_str() == message_id))
        });
        let numbers: Vec<u64> = callbacks.iter().map(|entry| entry.number).collect();
        let attempts = self.journal.all_that(|entry| {
            matches!(&entry.fact, Fact::Attempt(_))
                && entry.cause.is_some_and(|cause| numbers.contains(&cause))
        });
        attempts.len()
    }

    /// Renders a template as far as it is known; else its name and its parameters.
    pub(crate) fn render_template(&self, sent: &serde_json::Value) -> String {
        let name = sent["name"].as_str().unwrap_or_default();
        let language = sent["language"]["code"].as_str().unwrap_or_default();
        let known = self
            .templates()
            .and_then(|templates| templates.find(name, language));
        match known {
            Some(known) => known.render(sent),
            None => name.to_owned(),
        }
    }
}
