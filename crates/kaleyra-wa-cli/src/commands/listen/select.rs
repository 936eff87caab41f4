//! Which callbacks, and which of their events, somebody wants to see.

use clap::ValueEnum;
use kaleyra_wa_types::inbound::{Callback, Event};

/// The kinds of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// What users write
    Message,
    /// What became of messages
    Status,
    /// What is wrong beyond a message
    Error,
    /// Changes of the account, its numbers and templates
    Field,
    /// Anything else
    Other,
}

/// What somebody wants to see; all, if nothing is said.
#[derive(Clone, Default)]
pub(super) struct Selection {
    pub(super) kinds: Vec<Kind>,
    pub(super) references: Vec<String>,
}

impl Selection {
    /// Whether an event of the callback is wanted.
    pub(super) fn takes(&self, callback: &Callback) -> bool {
        callback
            .events()
            .any(|event| self.takes_event(callback, &event))
    }

    /// Whether this event is.
    pub(super) fn takes_event(&self, callback: &Callback, event: &Event<'_>) -> bool {
        let is_of_kind = |kind: &Kind| {
            kind.to_possible_value()
                .is_some_and(|it| it.get_name() == event.kind().as_str())
        };
        let by_kind = self.kinds.is_empty() || self.kinds.iter().any(is_of_kind);
        by_kind && (self.references.is_empty() || self.is_about(callback))
    }

    /// Whether the callback has one of the references.
    fn is_about(&self, callback: &Callback) -> bool {
        let Some(info) = &callback.extra_info else {
            return false;
        };
        let found = [&info.reference, &info.reference1, &info.reference2];
        let mut found = found.into_iter().flatten();
        found.any(|found| self.references.iter().any(|it| it.as_str() == &**found))
    }
}
