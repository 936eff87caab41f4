//! Bodies without `meta_object`: what Kaleyra's callback profiles make of a few fields.

use super::{Callback, Decoded, MetaObject, Status};
use crate::decode::from_slice;
use crate::wire::scan::unknown_pointers;
use crate::wire::{Reader, Wire};

/// What a flat body says, as the same thing is said elsewhere.
///
/// Source: *WhatsApp Payments Webhook*; *Template Status Update*.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Flat {
    /// What became of a payment or a message: `{id, status, phone_number, type, payment}`.
    Status(Decoded<Status>),
    /// What became of a template: `{id, time, event, message_template_id, …}`.
    Change(MetaObject),
}

impl Flat {
    /// What a callback's fields around say; `json` is what it was read from.
    pub(super) fn of(callback: &Callback, json: &str) -> Option<Self> {
        if callback.meta_object.is_some() || callback.unknown.is_empty() {
            return None;
        }
        let has = |name: &str| {
            callback
                .unknown
                .get(name)
                .is_some_and(|json| !json.is_blank())
        };
        let has_reason = callback.code.is_some() || callback.reason.is_some();
        let is_status =
            callback.status.is_some() && has("id") && has("phone_number") && !has_reason;
        if has("payment") || is_status {
            let mut status = Decoded::empty();
            status.read(&mut Reader::new(json)).ok()?;
            return Some(Self::Status(status));
        }
        if has("message_template_id") && has("event") {
            let change = format!(r#"{{"field":"message_template_status_update","value":{json}}}"#);
            return from_slice(change.as_bytes()).ok().map(Self::Change);
        }
        None
    }

    /// The JSON pointers of the fields that this version does not know.
    pub(super) fn unknown_pointers(&self) -> Vec<String> {
        match self {
            Self::Status(status) => unknown_pointers("", status.view()),
            Self::Change(change) => change.change().unknown_pointers(""),
        }
    }
}
