//! What becomes of errors of the client and the server.

use kaleyra_wa_store::{StoreError, StoreErrorKind};

/// Why the server did not do what it was asked for.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// Another message is there already, or a partition is another's by now.
    Conflict,
    /// There is no such message.
    Missing,
    /// All else.
    Store(StoreError),
}

pub(crate) type Outcome<T> = Result<T, Failure>;

/// The codes of JetStream that tell something.
mod code {
    pub(super) const DUPLICATE_IN_BATCH: u64 = 10_201;
    pub(super) const NO_MESSAGE: u64 = 10_037;
    pub(super) const ACCOUNT_EXCEEDED: u64 = 10_002;
    pub(super) const NO_RESOURCES: u64 = 10_023;
    pub(super) const MEMORY_EXCEEDED: u64 = 10_028;
    pub(super) const MESSAGE_TOO_LARGE: u64 = 10_054;
    pub(super) const NO_LEADER: [u64; 3] = [10_008, 10_009, 10_010];
    pub(super) const STORAGE_EXCEEDED: u64 = 10_047;
    pub(super) const WRONG_LAST_SEQUENCE: u64 = 10_071;
    pub(super) const WRONG_LAST_SEQUENCE_CONSTANT: u64 = 10_164;
    pub(super) const STORE_FAILED: u64 = 10_077;
}

impl Failure {
    /// An error that JetStream responded with.
    pub(crate) fn response(code: u64, text: &str) -> Self {
        match code {
            code::WRONG_LAST_SEQUENCE
            | code::WRONG_LAST_SEQUENCE_CONSTANT
            | code::DUPLICATE_IN_BATCH => Self::Conflict,
            code::NO_MESSAGE => Self::Missing,
            code::STORE_FAILED if text.contains("maximum") => {
                let detail = "the stream has reached its max_bytes";
                Self::Store(StoreError::new(StoreErrorKind::AtLimit, detail))
            }
            code::ACCOUNT_EXCEEDED
            | code::NO_RESOURCES
            | code::MEMORY_EXCEEDED
            | code::STORAGE_EXCEEDED => {
                let detail = format!(
                    "JetStream error {code}: the storage of the server, or what its account may use of it, is full"
                );
                Self::Store(StoreError::new(StoreErrorKind::Full, detail))
            }
            code::MESSAGE_TOO_LARGE => {
                let detail =
                    "a message is larger than the stream's max_msg_size: take that limit away";
                Self::Store(invalid(detail))
            }
            code if code::NO_LEADER.contains(&code) => {
                Self::io("the cluster of servers has no leader now")
            }
            code => {
                let detail = format!("JetStream error {code}");
                Self::Store(StoreError::new(StoreErrorKind::Io, detail))
            }
        }
    }

    /// The server could not be reached, or did not respond.
    pub(crate) fn io(detail: impl Into<String>) -> Self {
        Self::Store(StoreError::new(StoreErrorKind::Io, detail))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Store(error) => error,
            Failure::Conflict => Self::new(
                StoreErrorKind::Busy,
                "others changed the same at the same time",
            ),
            Failure::Missing => Self::new(StoreErrorKind::Io, "a message is gone"),
        }
    }
}

/// Nothing can be made of what is in a stream.
pub(crate) fn unreadable() -> StoreError {
    let detail = "a message in its streams can't be read by this version";
    StoreError::new(StoreErrorKind::Other, detail)
}

/// The server lost the last messages of a stream, as after a power cut: what is in memory is about other events.
pub(crate) fn went_back() -> StoreError {
    let detail = "the server lost events that it had acknowledged, as after a power cut: start this process again";
    StoreError::new(StoreErrorKind::Corrupt, detail)
}

pub(crate) fn closed() -> StoreError {
    StoreError::new(StoreErrorKind::Closed, "")
}

pub(crate) fn invalid(detail: impl Into<String>) -> StoreError {
    StoreError::new(StoreErrorKind::Invalid, detail)
}
