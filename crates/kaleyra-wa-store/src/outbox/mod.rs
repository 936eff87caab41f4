//! Sends that are kept: what is asked of a store, and the records.

mod effects;
mod flight;
mod new_send;
mod record;
mod state;
mod store;
mod trouble;

pub use effects::Effects;
pub use flight::{
    Adoption, Cargo, Doubts, Flight, Flown, Hold, Landing, Pause, Resume, Takeoff, Wish,
};
pub use new_send::{Digest, Follows, NewSend, Purpose, Queued, SendId, UnknownPurpose};
pub use record::{OutboxStats, SendQuery, SendRecord};
pub use state::{SendState, UnknownSendState};
pub use store::OutboxStore;
pub use trouble::{Scope, Trouble};
