//! What a callback says about messages that were sent, and about conversations.

use kaleyra_wa_types::callback::Callback;

use crate::Moment;

/// What a callback says about messages that were sent, and about conversations: noted in the transaction that keeps it.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Facts {}

impl Facts {
    /// Reads them from a callback.
    pub fn of(callback: &Callback, received_at: Moment) -> Self {
        let _ = (callback, received_at);
        Self::default()
    }

    /// Whether it says nothing of the kind.
    pub fn is_empty(&self) -> bool {
        true
    }
}
