//! What became of messages, and what is known of conversations: put together from callbacks.

mod facts;

pub use facts::Facts;
