//! Which messages were answered.

use std::collections::VecDeque;

use kaleyra_wa_types::MessageId;

/// How many are remembered. A real bot keeps them in its database.
const REMEMBERED: usize = 1_000;

/// The ids of the messages that were answered last.
#[derive(Default)]
pub(super) struct Answered(VecDeque<MessageId>);

impl Answered {
    /// Whether the message is new; it is not any more.
    pub(super) fn insert(&mut self, id: &MessageId) -> bool {
        if self.0.contains(id) {
            return false;
        }
        if self.0.len() == REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(id.clone());
        true
    }

    /// Takes it back: it was not answered after all.
    pub(super) fn remove(&mut self, id: &MessageId) {
        self.0.retain(|other| other != id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten_first() {
        let id = |number: usize| MessageId::from(format!("wamid.{number}"));
        let mut answered = Answered::default();
        assert!((0..=REMEMBERED).all(|number| answered.insert(&id(number))));
        assert!(!answered.insert(&id(1)));
        assert!(answered.insert(&id(0)));
    }
}
