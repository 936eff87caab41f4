//! Events sorted by what they are, each to a handler of its own.

mod context;
pub mod filter;
mod interactive;
mod messages;
mod others;
mod parts;
mod router;

pub use context::{Context, MessageContext};
pub use filter::Filter;
pub use parts::{ButtonTap, IncomingMedia, MalformedEvent, StatusUpdate};
pub use router::Router;
