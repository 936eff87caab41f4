//! Meta's errors inside a callback.

use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::opaque::opaque;

wire_object! {
    /// An error of Meta's. Decide on `code` and the details; titles change.
    pub struct MetaError {
        /// What went wrong, such as `131047` (more than 24 hours since the user's last message).
        pub code: Option<ErrorCode>,
        /// The same for people.
        pub title: Option<String>,
        /// The same in more words.
        pub message: Option<String>,
        /// What is special about this case.
        pub error_data: Option<ErrorData>,
        /// Where Meta documents it.
        pub href: Option<String>,
    }
}

wire_object! {
    /// What is special about an error.
    pub struct ErrorData {
        /// What went wrong in this case.
        pub details: Option<String>,
    }
}

deserialize_object!(ErrorData, MetaError);

opaque! {
    /// The number of an error of Meta's. New ones appear without notice.
    pub struct ErrorCode
}
