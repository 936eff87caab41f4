//! What the journal and the templates say about messages.

use std::collections::HashSet;

use super::Core;
use crate::journal::Fact;
use crate::model::accepted_message::AcceptedMessage;
use crate::rules::templates;
use crate::state::conversations::Line;

impl Core {
    /// How often a user's message was posted to the webhook, and accepted.
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

    /// The entries of those messages that say the same once more to a user's message that the webhook was told of twice.
    pub(crate) fn answered_again(&self, lines: &[Line]) -> Vec<u64> {
        let mut said = HashSet::new();
        let mut again = Vec::new();
        for line in lines {
            let Line::Business {
                message,
                entry,
                answers: Some(answered),
            } = line
            else {
                continue;
            };
            let content = message.content().to_string();
            let is_new = said.insert((answered, message.type_name(), content));
            if !is_new && self.times_told(answered) > 1 {
                again.push(*entry);
            }
        }
        again
    }

    /// Whether a message says once more what was said to an earlier message of the user that the webhook was told of twice. Unlike
    /// [`answered_again`](Self::answered_again) it goes by what is said alone: a bot that is slow says it after the user has written
    /// again, and so to another message, as far as can be told.
    pub(crate) fn is_said_again(&self, lines: &[Line], entry: u64) -> bool {
        let said = |line: &Line| match line {
            Line::Business {
                message, answers, ..
            } => Some((
                message.type_name().map(str::to_owned),
                message.content().clone(),
                answers.clone(),
            )),
            Line::User { .. } => None,
        };
        let Some(index) = lines.iter().position(|line| line.entry() == entry) else {
            return false;
        };
        let Some((type_name, content, _)) = said(&lines[index]) else {
            return false;
        };
        lines[..index].iter().filter_map(said).any(|earlier| {
            let is_same = (&earlier.0, &earlier.1) == (&type_name, &content);
            is_same && earlier.2.is_some_and(|id| self.times_told(&id) > 1)
        })
    }

    /// Renders a template as far as it is known; else its name.
    pub(crate) fn render_template(&self, message: &AcceptedMessage) -> String {
        let sent = message.content();
        match self.template_of(&message.sender, sent) {
            Some(known) => templates::render(&known, sent),
            None => sent["name"].as_str().unwrap_or_default().to_owned(),
        }
    }
}
