//! Notes what callbacks say about messages and conversations, and queries them.

mod feed;
mod query;

pub(super) use feed::{feed, user_wrote, window_closed};
pub(super) use query::{conversation, is_opted_out, message, progress};
