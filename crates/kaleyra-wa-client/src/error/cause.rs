//! What happened to a call, and the verdict on it.

use std::error::Error;

use kaleyra_wa_transport::{Phase, TransportError};
use kaleyra_wa_types::Violation;

use super::{Answer, Delivery, ErrorKind};
use crate::NoRecipient;

/// What happened. Kind, verdict and text all follow from it.
pub(crate) enum Cause {
    /// There is nobody to send to.
    NoRecipient(NoRecipient),
    /// The message breaks these limits.
    Violations(Vec<Violation>),
    /// The request could not be put together.
    Unsendable(Box<dyn Error + Send + Sync>),
    /// No head of an answer was seen.
    NoAnswer(TransportError),
    /// The head of an answer was seen, and it was no plain success.
    Answer(Answer),
}

impl Cause {
    /// What a transport's error means.
    pub(crate) fn of_transport(error: TransportError) -> Self {
        match error.phase() {
            Phase::Body { status } => Self::Answer(Answer::broken(status, error)),
            _ => Self::NoAnswer(error),
        }
    }

    pub(super) fn verdict(&self) -> (ErrorKind, Delivery) {
        match self {
            Self::NoRecipient(_) | Self::Violations(_) | Self::Unsendable(_) => {
                (ErrorKind::InvalidRequest, Delivery::NotSent)
            }
            Self::NoAnswer(error) if error.phase() == Phase::Connect => {
                (ErrorKind::Transport, Delivery::NotSent)
            }
            Self::NoAnswer(_) => (ErrorKind::Transport, Delivery::Indeterminate),
            Self::Answer(answer) => answer.verdict(),
        }
    }
}
