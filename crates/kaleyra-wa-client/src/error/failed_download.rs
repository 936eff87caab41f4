//! Why a file was not downloaded. No text contains a URL or a path.

use std::error::Error;
use std::fmt;
use std::io;

use kaleyra_wa_transport::http::StatusCode;
use kaleyra_wa_transport::{TransportError, TransportErrorKind};

use super::{Delivery, ErrorKind, ReceivedResponse};
use crate::InvalidBaseUrl;

/// What went wrong with a download, other than a missing response.
pub(crate) enum FailedDownload {
    /// The SHA-256 is not valid. No request was made.
    Digest,
    /// The response is not the file.
    Refused(ReceivedResponse),
    /// The download started, but did not end as it should.
    Stopped { status: StatusCode, stop: Stop },
    /// The file can't be written to its destination: found before the request was made, or after this status.
    #[cfg_attr(
        not(feature = "tokio"),
        expect(dead_code, reason = "only downloads to disk can fail this way")
    )]
    Unwritable {
        status: Option<StatusCode>,
        error: io::Error,
    },
    /// The URL is not one that may be requested. No request was made.
    Url(InvalidBaseUrl),
}

/// Why a started download is incomplete, or not accepted.
pub(crate) enum Stop {
    /// The transport reported this.
    Broken(TransportError),
    /// It is shorter than announced.
    CutShort,
    /// It is larger than the limit; its size, if that was announced.
    TooLarge { limit: u64, found: Option<u64> },
    /// Nothing, or too little, arrived for too long.
    TooSlow,
    /// Its SHA-256 differs.
    WrongDigest,
}

impl Stop {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Broken(error) if error.kind() == TransportErrorKind::Timeout => {
                ErrorKind::Timeout
            }
            Self::Broken(_) | Self::CutShort => ErrorKind::UnreadableResponse,
            Self::TooLarge { .. } => ErrorKind::FileTooLarge,
            Self::TooSlow => ErrorKind::Timeout,
            Self::WrongDigest => ErrorKind::WrongDigest,
        }
    }
}

impl FailedDownload {
    pub(super) fn verdict(&self) -> (ErrorKind, Delivery) {
        match self {
            Self::Digest | Self::Url(_) => (ErrorKind::InvalidRequest, Delivery::NotSent),
            // Whatever it means after a POST: a GET was not acted on.
            Self::Refused(response) if response.status.is_redirection() => {
                (ErrorKind::Redirect, Delivery::Rejected)
            }
            // File servers don't have to use Kaleyra's format.
            Self::Refused(response) if response.is_foreign_success() => {
                (ErrorKind::UnreadableResponse, Delivery::Accepted)
            }
            Self::Refused(response) => response.verdict(),
            Self::Stopped { stop, .. } => (stop.kind(), Delivery::Accepted),
            Self::Unwritable { status, .. } => {
                let delivery = match status {
                    None => Delivery::NotSent,
                    Some(_) => Delivery::Accepted,
                };
                (ErrorKind::UnwritableFile, delivery)
            }
        }
    }

    pub(super) fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused(response) => Some(response.status),
            Self::Stopped { status, .. } => Some(*status),
            Self::Unwritable { status, .. } => *status,
            Self::Digest | Self::Url(_) => None,
        }
    }

    pub(super) fn transport_error(&self) -> Option<&TransportError> {
        match self {
            Self::Refused(response) => response.broken.as_ref(),
            Self::Stopped {
                stop: Stop::Broken(error),
                ..
            } => Some(error),
            _ => None,
        }
    }

    pub(super) fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Refused(response) => response.source(),
            Self::Stopped {
                stop: Stop::Broken(error),
                ..
            } => Some(error),
            Self::Unwritable { error, .. } => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for FailedDownload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Digest => {
                "not downloaded: the SHA-256 is neither base64 of 32 bytes nor 64 hexadecimal digits; \
                 leave it out to download the file unchecked"
            }
            Self::Refused(response) => return write_refusal(response, f),
            Self::Stopped { stop, .. } => return stop.fmt(f),
            Self::Unwritable { .. } => {
                "the file can't be written: check the path, the permissions and the free space"
            }
            Self::Url(InvalidBaseUrl::Credentials) => {
                "not downloaded: the media URL must not contain a username or password"
            }
            Self::Url(InvalidBaseUrl::Insecure) => {
                "not downloaded: plain http would expose the file to anyone on the network: \
                 the media URL must be https (http works for localhost, 127.0.0.1 and [::1])"
            }
            Self::Url(_) => {
                "not downloaded: the media URL must be https://, a host, and the file's path"
            }
        })
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Broken(error) if error.kind() == TransportErrorKind::Timeout => {
                "a time limit passed before the file's end; try again later"
            }
            Self::Broken(_) | Self::CutShort => {
                "the connection broke off before the file's end; download it again"
            }
            Self::TooLarge {
                limit,
                found: Some(found),
            } => {
                return write!(
                    f,
                    "the file is too large: it has {found} bytes, the limit is {limit}; raise it with .limit(..)"
                );
            }
            Self::TooLarge { limit, found: None } => {
                return write!(
                    f,
                    "the file is too large: it has more than {limit} bytes, the limit; raise it with .limit(..)"
                );
            }
            Self::TooSlow => "the server sends too slowly, or has stopped sending; try again later",
            Self::WrongDigest => {
                "the file is not the announced one: its SHA-256 differs; download it again"
            }
        })
    }
}

fn write_refusal(response: &ReceivedResponse, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let status = response.status.as_u16();
    write!(f, "HTTP status {status}: ")?;
    f.write_str(match status {
        300..=399 => {
            "a redirect, which is not followed because it may lead anywhere; check the media URL"
        }
        401 | 403 | 404 | 410 => {
            "the server refused the file; its link may have expired: fetch files soon after their callback"
        }
        408 | 500..=599 => "the server failed; try again later",
        429 => match response.retry_after {
            Some(wait) => {
                return write!(
                    f,
                    "too many requests; wait {} s before trying again",
                    wait.as_secs()
                );
            }
            None => "too many requests; wait before trying again",
        },
        400..=499 => "the server refused the file; check the media URL",
        _ => "the response is not a file; check the media URL",
    })
}
