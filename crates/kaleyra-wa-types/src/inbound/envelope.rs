//! Meta's own envelope, as it arrives where Meta's webhook is forwarded unchanged: `{object, entry[].changes[]}`.

use kaleyra_wa_derive::Wire;

use super::{Elements, HasEvents, MetaObject};
use crate::{Timestamp, UnknownFields, WabaId};

/// What happened to one WhatsApp Business Account.
///
/// Kaleyra posts one change as `meta_object`. Where Meta's own webhook is forwarded there are several, of several accounts:
/// [`Callback::events`](super::Callback::events) walks all of them.
///
/// ```
/// use kaleyra_wa_types::inbound::Callback;
///
/// let callback = Callback::from_slice(br#"{"object": "whatsapp_business_account", "entry": [
///     {"id": "400000000000001", "changes": [{"field": "messages", "value": {"messages": [
///         {"from": "919800000001", "id": "wamid.A", "type": "text", "text": {"body": "Hi"}}
///     ]}}]}
/// ]}"#)?;
/// let entry = callback.entry[0].typed().ok_or("malformed")?;
/// assert_eq!(entry.id.as_ref().map(|account| account.as_str()), Some("400000000000001"));
/// assert_eq!(callback.messages().count(), 1); // as in Kaleyra's own shape
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
