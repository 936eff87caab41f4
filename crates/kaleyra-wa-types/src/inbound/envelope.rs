//! Meta's own envelope, as it comes where Meta is forwarded untouched: `{object, entry[].changes[]}`.

use kaleyra_wa_derive::Wire;

use super::{Elements, HasEvents, MetaObject};
use crate::{Timestamp, UnknownFields, WabaId};

/// What happened to one WhatsApp Business Account.
///
/// Kaleyra posts one change as `meta_object`. Who has Meta's own webhook forwarded gets several, of several accounts:
/// [`Callback::events`](super::Callback::events) walks all of them.
///
/// Source: Meta's *webhooks*, payload structure.
#[derive(Clone, Debug, Default, PartialEq, Wire)]
#[wire(keep_faults)]
#[non_exhaustive]
pub struct Entry {
    /// The account.
    pub id: Option<WabaId>,
    /// When Meta sent it; missing for the field `messages`.
    pub time: Option<Timestamp>,
    /// What happened.
    pub changes: Elements<MetaObject>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl HasEvents for Entry {
    fn event_count(&self) -> usize {
        super::walk::count_of_entry(self)
    }
}

impl HasEvents for MetaObject {
    fn event_count(&self) -> usize {
        super::walk::count_of_change(self)
    }
}
