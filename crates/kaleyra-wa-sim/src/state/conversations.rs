//! What was said, conversation by conversation.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::SystemTime;

use crate::callback::UserMessage;
use crate::model::accepted_message::AcceptedMessage;
use crate::model::conversation::ConversationId;

/// A line of a conversation.
///
/// ```
/// use kaleyra_wa_sim::{ConversationId, Line, Simulator};
///
/// # use serde_json::json;
/// # async fn send(sim: &kaleyra_wa_sim::Simulator, mut message: serde_json::Value) {
/// #     use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// #     (message["messaging_product"], message["to"]) = (json!("whatsapp"), json!("+919800000001"));
/// #     let body = json!({"messaging_object": message, "extra_info": {"ref": "order-17"}}).to_string();
/// #     let mut stream = tokio::net::TcpStream::connect(sim.addr()).await.unwrap();
/// #     let head = format!("POST /v2/HXIN0000000000IN/whatsapp/918000000001/messages HTTP/1.1\r\nhost: localhost\r\napi-key: A-key\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
/// #     stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
/// #     stream.read_to_end(&mut Vec::new()).await.unwrap();
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// let _ = sim.post(sim.end_user("Asha Example", "919800000001").text("Is it here?")).await;
/// send(&sim, json!({"type": "text", "text": {"body": "It is."}})).await; // by the code under test
///
/// let lines = sim.lines(&ConversationId::new("918000000001", "919800000001"));
/// let [Line::User { message: asked, .. }, Line::Business { message: replied, .. }] = &lines[..] else {
///     return Err("not a question and an answer".into());
/// };
/// assert_eq!((&asked.content()["body"], &replied.content()["body"]), (&"Is it here?".into(), &"It is.".into()));
/// assert!(sim.entry(lines[1].entry()).is_some()); // where the journal tells of it
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
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
        /// The user's message that it replies to, as far as can be told: the one that it quotes, or else the newest one.
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
    /// WhatsApp's id of the message.
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::User { message, .. } => message.id().as_str(),
            Self::Business { message, .. } => message.wamid.as_str(),
        }
    }

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
    /// Until when the business is shown as typing.
    typing: BTreeMap<ConversationId, SystemTime>,
    /// How far a test has expected what the business wrote.
    seen: BTreeMap<ConversationId, u64>,
}

impl Conversations {
    /// How many lines one has.
    const LINES_MAX: usize = 10_000;
    /// How many lines all have together.
    const ALL_LINES_MAX: usize = 50_000;

    pub(crate) fn push(&mut self, id: ConversationId, line: Line) {
        if matches!(line, Line::Business { .. }) {
            self.typing.remove(&id);
        }
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
            self.typing.remove(&silent);
            self.lines -= self.kept.remove(&silent).map_or(0, |lines| lines.len());
        }
    }

    /// The business is typing, until it writes, or until this moment.
    pub(crate) fn is_typing_until(&mut self, id: ConversationId, until: SystemTime) {
        if self.kept.contains_key(&id) {
            self.typing.insert(id, until);
        }
    }

    /// Whether the business is typing.
    pub(crate) fn is_typing(&self, id: &ConversationId, now: SystemTime) -> bool {
        self.typing.get(id).is_some_and(|until| now < *until)
    }

    pub(crate) fn ids(&self) -> Vec<ConversationId> {
        self.kept.keys().cloned().collect()
    }

    /// What was said, oldest first.
    pub(crate) fn lines(&self, id: &ConversationId) -> Vec<Line> {
        let lines = self.kept.get(id).into_iter().flatten();
        lines.cloned().collect()
    }

    /// The messages that a user has quoted.
    pub(crate) fn quoted(&self) -> HashSet<String> {
        let lines = self.kept.values().flatten();
        let quoted = lines.filter_map(|line| match line {
            Line::User { message, .. } => message.quotes(),
            Line::Business { .. } => None,
        });
        quoted.map(|id| id.as_str().to_owned()).collect()
    }

    pub(crate) fn remove(&mut self, id: &ConversationId) {
        self.typing.remove(id);
        self.lines -= self.kept.remove(id).map_or(0, |lines| lines.len());
    }

    /// The user's message that a reply is to: the quoted one, or the newest.
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
