//! Sends that are kept: what is asked of a store, and the records.

mod effects;
mod new_send;
mod store;

pub use effects::Effects;
pub use new_send::{Digest, NewSend, Purpose, Queued, SendId};
pub use store::OutboxStore;
