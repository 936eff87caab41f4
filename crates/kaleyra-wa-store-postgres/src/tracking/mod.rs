//! Notes what callbacks say about messages and conversations, and answers questions about them.

mod feed;
mod query;

pub(crate) use feed::{feed, users_wrote, window_closed};
pub(crate) use query::{Progress, conversation, is_opted_out, message, progress};
