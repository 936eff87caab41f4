//! Why something could not be queued.

use std::fmt;

use kaleyra_wa_client::NoRecipient;
use kaleyra_wa_client::types::Violation;
use kaleyra_wa_store::StoreError;

/// Why something could not be queued or queried.
///
/// Neither `Display` nor `Debug` shows a number, a message or a key.
///
/// ```
/// use kaleyra_wa_outbox::OutboxError;
///
/// # async fn run(outbox: &kaleyra_wa_outbox::Outbox) {
/// match outbox.enqueue("order-17", "98000", "It is on its way.").await {
///     Ok(queued) => println!("{} is on disk", queued.reference),
///     Err(OutboxError::Store(error)) => println!("nothing was queued, try again: {error}"),
///     Err(error) => println!("correct it: {error}"),
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum OutboxError {
    /// The key exists already, with another recipient or content. Nothing was queued.
    KeyConflict,
    /// There is no recipient.
    NoRecipient(NoRecipient),
    /// The message breaks limits: all of them, with their paths. Nothing was queued.
    Invalid(Vec<Violation>),
    /// The key is empty, or longer than 400 bytes.
    InvalidKey,
    /// The handler of the event has ended, so that nothing can be sent along with it any more.
    HandlerEnded,
    /// The request makes no sense, and why.
    Campaign(String),
    /// A file of recipients, or of a report, could not be read or written.
    File(String),
    /// The store could not keep it, or could not be read.
    Store(StoreError),
}

impl fmt::Display for OutboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyConflict => f.write_str(
                "the key was used for another message: use a new key for each message, and the same for a repetition only",
            ),
            Self::NoRecipient(reason) => write!(f, "not queued: {reason}"),
            Self::Invalid(violations) => {
                f.write_str("not queued: ")?;
                for (nth, violation) in violations.iter().enumerate() {
                    let comma = if nth == 0 { "" } else { "; " };
                    write!(f, "{comma}{violation}")?;
                }
                Ok(())
            }
            Self::InvalidKey => f.write_str("not queued: give it a key of 1 to 400 bytes"),
            Self::HandlerEnded => f.write_str(
                "not queued: the handler of the event has ended; queue it before that, or with `enqueue`",
            ),
            Self::Campaign(why) | Self::File(why) => f.write_str(why),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for OutboxError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<StoreError> for OutboxError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
