//! Conversations.

use std::fmt;

use super::account::without_plus;

/// A conversation: a business number, and the user it talks with.
///
/// `Debug` shows neither.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct ConversationId {
    /// The business number without `+`.
    pub business: String,
    /// The user's number without `+`, or the user's business-scoped id.
    pub user: String,
}

impl ConversationId {
    /// The conversation between these two; a `+` before either is dropped.
    pub fn new(business: &str, user: &str) -> Self {
        Self {
            business: without_plus(business).to_owned(),
            user: without_plus(user).to_owned(),
        }
    }
}

impl fmt::Debug for ConversationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConversationId").finish_non_exhaustive()
    }
}
