//! Conversations.

use std::fmt;

use super::account::without_plus;

/// A conversation: a business number, and the user it talks with.
///
/// `Debug` shows neither.
///
/// ```
/// use kaleyra_wa_sim::{ConversationId, Simulator};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// let _ = sim.post(sim.end_user("Asha Example", "919800000001").text("Hi")).await;
/// let with_asha = ConversationId::new("+918000000001", "+919800000001");
/// assert_eq!(sim.conversations(), [with_asha.clone()]);
/// assert_eq!(sim.lines(&with_asha).len(), 1);
/// assert!(!sim.is_typing(&with_asha));
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
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
