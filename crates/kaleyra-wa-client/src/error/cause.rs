//! What happened to a call, and the verdict on it.

use std::error::Error;

use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_transport::{Phase, TransportError, TransportErrorKind, http};
use kaleyra_wa_types::Violation;
use kaleyra_wa_types::template::TemplateMismatch;

use super::{Delivery, ErrorKind, FailedDownload, ReceivedResponse, UnsendableFile};
use crate::NoRecipient;

/// What happened. Kind, verdict and text all follow from it.
pub(crate) enum Cause {
    /// There is no usable recipient.
    NoRecipient(NoRecipient),
    /// The message breaks these limits.
    Violations(Vec<Violation>),
    /// The message does not fit its template.
    Mismatches(TemplateMismatch),
    /// The reference is empty.
    EmptyReference,
    /// The request could not be built.
    Unsendable(Box<dyn Error + Send + Sync>),
    /// There is something wrong with the file that is to be uploaded.
    UnsendableFile(UnsendableFile),
    /// A file was not downloaded.
    FailedDownload(FailedDownload),
    /// No response headers arrived.
    NoResponse(TransportError),
    /// The response headers arrived, and it was not a plain success.
    Response(ReceivedResponse),
}

impl Cause {
    /// What a transport's error means.
    pub(crate) fn of_transport(error: TransportError) -> Self {
        match error.phase() {
            Phase::Body { status } => Self::Response(ReceivedResponse::broken(status, error)),
            _ => Self::NoResponse(error),
        }
    }

    /// What a response that is not a plain success means.
    pub(crate) fn of_response(response: http::Response<Bytes>) -> Self {
        Self::Response(ReceivedResponse::of(response))
    }

    pub(super) fn verdict(&self) -> (ErrorKind, Delivery) {
        match self {
            Self::NoRecipient(_) => (ErrorKind::InvalidRecipient, Delivery::NotSent),
            Self::EmptyReference
            | Self::Violations(_)
            | Self::Mismatches(_)
            | Self::Unsendable(_) => (ErrorKind::InvalidRequest, Delivery::NotSent),
            Self::UnsendableFile(fault) => (fault.kind(), Delivery::NotSent),
            Self::FailedDownload(fault) => fault.verdict(),
            Self::NoResponse(error) => {
                let delivery = match error.phase() {
                    Phase::Connect => Delivery::NotSent,
                    _ => Delivery::Indeterminate,
                };
                (kind_of(error.kind()), delivery)
            }
            Self::Response(response) => response.verdict(),
        }
    }
}

const fn kind_of(kind: TransportErrorKind) -> ErrorKind {
    match kind {
        TransportErrorKind::Timeout => ErrorKind::Timeout,
        TransportErrorKind::UnreadableBody => ErrorKind::UnreadableFile,
        _ => ErrorKind::Transport,
    }
}
