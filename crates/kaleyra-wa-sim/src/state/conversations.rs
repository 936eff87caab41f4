//! What was said, conversation by conversation.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;

use crate::callback::UserMessage;
use crate::model::accepted_message::AcceptedMessage;
use crate::model::conversation::ConversationId;

/// A line of a conversation.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Line {
    /// The user wrote.
    #[non_exhaustive]
    User {
        /// What.
        message: Arc<UserMessage>,
        /// The journal's entry about it.
        entry: u64,
    },
    /// The business wrote.
    #[non_exhaustive]
    Business {
        /// What.
        message: Arc<AcceptedMessage>,
        /// The journal's entry about it.
        entry: u64,
        /// The user's message that it responds, as far as can be told: the one that it quotes, or else the newest one.
        answers: Option<String>,
    },
}

impl Line {
    /// The journal's entry about it.
    pub fn entry(&self) -> u64 {
        match self {
            Self::User { entry, .. } | Self::Business { entry, .. } => *entry,
        }
    }
}

impl Line {
    /// The same with another entry about it.
    pub(crate) fn at(mut self, number: u64) -> Self {
        match &mut self {
            Self::User { entry, .. } | Self::Business { entry, .. } => *entry = number,
        }
        self
    }
}

/// All conversations.
#[derive(Default)]
pub(crate) struct Conversations {
    kept: BTreeMap<ConversationId, VecDeque<Line>>,
    lines: usize,
    /// The users' messages that the business marked as read.
    read: HashSet<String>,
    /// How far a test has expected what the business wrote.
    seen: BTreeMap<ConversationId, u64>,
}

impl Conversations {
    /// How many lines one has.
    const LINES_MAX: usize = 5_000;
    /// How many lines all have together.
    const ALL_LINES_MAX: usize = 50_000;

    pub(crate) fn push(&mut self, id: ConversationId, line: Line) {
        let lines = self.kept.entry(id.clone()).or_default();
        lines.push_back(line);
        self.lines += 1;
        if lines.len() > Self::LINES_MAX {
            lines.pop_front();
            self.lines -= 1;
        }
        while self.lines > Self::ALL_LINES_MAX {
            // The one that was silent for longest, but for this one.
            let silent = self.kept.iter().filter(|(other, _)| **other != id);
            let silent = silent.min_by_key(|(_, lines)| lines.back().map(Line::entry));
            let Some(silent) = silent.map(|(id, _)| id.clone()) else {
                break;
            };
            self.lines -= self.kept.remove(&silent).map_or(0, |lines| lines.len());
        }
    }

    pub(crate) fn ids(&self) -> Vec<ConversationId> {
        self.kept.keys().cloned().collect()
    }

    /// What was said, oldest first.
    pub(crate) fn lines(&self, id: &ConversationId) -> Vec<Line> {
        let lines = self.kept.get(id).into_iter().flatten();
        lines.cloned().collect()
    }

    pub(crate) fn remove(&mut self, id: &ConversationId) {
        self.lines -= self.kept.remove(id).map_or(0, |lines| lines.len());
    }

    /// The user's message that a response is to: the quoted one, or the newest.
    pub(crate) fn answered_by(&self, id: &ConversationId, quotes: Option<&str>) -> Option<String> {
        let lines = self.kept.get(id)?;
        let mut of_user = lines.iter().rev().filter_map(|line| match line {
            Line::User { message, .. } => Some(message.id().as_str()),
            Line::Business { .. } => None,
        });
        let quoted = quotes.filter(|quoted| of_user.clone().any(|id| id == *quoted));
        quoted.or_else(|| of_user.next()).map(str::to_owned)
    }

    /// The first message of the business that no test has expected yet.
    pub(crate) fn next_unseen(&self, id: &ConversationId) -> Option<(u64, Arc<AcceptedMessage>)> {
        let seen = self.seen.get(id).copied().unwrap_or_default();
        self.kept.get(id)?.iter().find_map(|line| match line {
            Line::Business { message, entry, .. } if *entry > seen => {
                Some((*entry, message.clone()))
            }
            _ => None,
        })
    }

    /// Everything up to this entry was expected.
    pub(crate) fn seen(&mut self, id: &ConversationId, entry: u64) {
        self.seen.insert(id.clone(), entry);
    }

    /// Marks a user's message, and those before it, as read.
    pub(crate) fn mark_read(&mut self, message_id: &str) -> Option<ConversationId> {
        let is_it = |line: &Line| matches!(line, Line::User { message, .. } if message.id().as_str() == message_id);
        let (id, lines) = self
            .kept
            .iter()
            .find(|(_, lines)| lines.iter().any(is_it))?;
        for line in lines {
            if let Line::User { message, .. } = line {
                self.read.insert(message.id().to_string());
            }
            if is_it(line) {
                break;
            }
        }
        let id = id.clone();
        if self.read.len() > 2 * Self::ALL_LINES_MAX {
            self.read.clear();
        }
        Some(id)
    }

    pub(crate) fn is_read(&self, message_id: &str) -> bool {
        self.read.contains(message_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callback::EndUser;

    #[test]
    fn an_answer_is_to_the_quoted_message_or_to_the_newest() {
        let mut conversations = Conversations::default();
        let id = ConversationId::new("+918", "+919");
        let user = EndUser::new("Asha Example", "919");
        let [first, second] = ["1", "2"].map(|text| Arc::new(user.text(text)));
        for (entry, message) in [(1, &first), (2, &second)] {
            let message = message.clone();
            conversations.push(id.clone(), Line::User { message, entry });
        }
        let answered = |quotes: Option<&str>| conversations.answered_by(&id, quotes).unwrap();
        assert_eq!(answered(None), second.id().as_str());
        assert_eq!(answered(Some(first.id().as_str())), first.id().as_str());
        assert_eq!(answered(Some("wamid.foreign")), second.id().as_str());
        assert_eq!(conversations.mark_read(first.id().as_str()), Some(id));
        assert!(conversations.is_read(first.id().as_str()));
        assert!(!conversations.is_read(second.id().as_str()));
    }

    #[test]
    fn a_conversation_keeps_its_newest_lines() {
        let mut conversations = Conversations::default();
        let user = EndUser::new("Asha Example", "919");
        let message = Arc::new(user.text("Hi"));
        for entry in 0..=Conversations::LINES_MAX as u64 {
            let message = message.clone();
            conversations.push(
                ConversationId::new("918", "1"),
                Line::User { message, entry },
            );
        }
        let lines = conversations.lines(&ConversationId::new("918", "1"));
        assert_eq!(lines.len(), Conversations::LINES_MAX);
        assert_eq!(lines[0].entry(), 1);
        for other in 2..12 {
            for entry in 0..5_000 {
                let (id, message) = (
                    ConversationId::new("918", &other.to_string()),
                    message.clone(),
                );
                let entry = 10_000 * other + entry;
                conversations.push(id, Line::User { message, entry });
            }
        }
        assert!(conversations.lines <= Conversations::ALL_LINES_MAX);
        assert!(
            conversations
                .lines(&ConversationId::new("918", "1"))
                .is_empty()
        );
    }
}
