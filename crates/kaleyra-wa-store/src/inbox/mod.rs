//! Callbacks that are kept: what is asked of a store, and the records.

mod event;
mod fingerprint;
mod moved;
mod new_delivery;
mod query;
mod retention;
mod settlement;
mod store;

pub use event::{
    EventId, EventRecord, EventState, Page, UnknownState, WaitingDelivery, WaitingEvent,
};
pub use fingerprint::Fingerprint;
pub use moved::{Moved, MovedDelivery};
pub use new_delivery::{Kept, NewDelivery, NewEvent, OnKept};
pub use query::{EventQuery, InboxStats};
pub use retention::{Pruned, Retention};
pub use settlement::{Recovered, Settlement};
pub use store::InboxStore;
