//! Callbacks of Kaleyra's WhatsApp Business API V2 that survive a crash: kept before the 200, handled at least once.

mod builder;
mod engine;
mod inbox;
mod observe;
mod queue;

pub use kaleyra_wa_store as store;
pub use kaleyra_wa_store::inbox::InboxStore;
pub use kaleyra_wa_store::{Change, Changes, Retention, StoreError, StoreErrorKind};
pub use kaleyra_wa_webhook as webhook;

pub use crate::builder::InboxBuilder;
pub use crate::inbox::{Depth, Inbox};
