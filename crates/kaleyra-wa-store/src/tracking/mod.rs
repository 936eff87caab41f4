//! What became of messages, and what is known of conversations: put together from callbacks.

mod facts;
mod record;

pub use facts::{Facts, MessageFact, OptOutFact, WindowFact};
pub use record::{ConversationRecord, MessageRecord, OptOut};

use std::time::Duration;

use kaleyra_wa_types::inbound::Stage;

/// How long after a user wrote anything may be sent: 24 hours, less a minute for the way.
pub const WINDOW: Duration = Duration::from_secs(24 * 60 * 60 - 60);

/// The number that stores keep a stage as: it rises with how much a stage says.
///
/// For an example see [`stage_of`].
pub const fn stage_code(stage: Stage) -> i64 {
    match stage {
        Stage::Accepted => 0,
        Stage::Sent => 1,
        Stage::NotSent => 2,
        Stage::Failed => 3,
        Stage::Delivered => 4,
        Stage::Read => 5,
        Stage::Played => 6,
        // One that is not known here says no more than that there is such a message.
        _ => 0,
    }
}

/// The stage of this number; `None` where there is none.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::tracking::{stage_code, stage_of};
/// use kaleyra_wa_store::types::inbound::Stage;
///
/// assert_eq!(stage_of(stage_code(Stage::Delivered)), Some(Stage::Delivered));
/// assert!(stage_code(Stage::Read) > stage_code(Stage::Delivered));
/// assert_eq!(stage_of(99), None);
/// ```
pub const fn stage_of(code: i64) -> Option<Stage> {
    Some(match code {
        0 => Stage::Accepted,
        1 => Stage::Sent,
        2 => Stage::NotSent,
        3 => Stage::Failed,
        4 => Stage::Delivered,
        5 => Stage::Read,
        6 => Stage::Played,
        _ => return None,
    })
}
