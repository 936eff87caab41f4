//! Why a file was not downloaded. None of the texts has a URL or a path in it.

use std::error::Error;
use std::fmt;
use std::io;

use kaleyra_wa_transport::http::StatusCode;
use kaleyra_wa_transport::{TransportError, TransportErrorKind};

use super::{Delivery, ErrorKind, ReceivedResponse};
use crate::InvalidBaseUrl;

/// What went wrong with a download, other than that no answer came.
pub(crate) enum FailedDownload {
    /// The SHA-256 is none. Nothing was asked.
    Digest,
    /// The answer is another than the file.
    Refused(ReceivedResponse),
    /// The file began to come, and did not end as it should.
    Stopped { status: StatusCode, stop: Stop },
    /// The file can't be put where it should go: found out before anybody was asked, or after this status.
    #[cfg_attr(
        not(feature = "tokio"),
        expect(dead_code, reason = "only what goes to disk can fail there")
    )]
    Unwritable {
        status: Option<StatusCode>,
        error: io::Error,
    },
    /// The URL is none that may be asked. Nothing was asked.
    Url(InvalidBaseUrl),
}

/// Why a file that was coming is not whole, or not wanted.
pub(crate) enum Stop {
    /// The transport reported this.
    Broken(TransportError),
    /// It ended before the announced size.
    CutShort,
    /// It has more than was allowed: so many, if that was announced.
    TooLarge { limit: u64, found: Option<u64> },
    /// Nothing came for too long, or too little.
    TooSlow,
    /// Its SHA-256 is another.
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
            // Whatever it may mean after a POST: a question was not acted on.
            Self::Refused(response) if response.status.is_redirection() => {
                (ErrorKind::Redirect, Delivery::Rejected)
            }
            // Whoever keeps files need not speak as Kaleyra does.
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
                "not downloaded: the media URL must have no user name or password"
            }
            Self::Url(InvalidBaseUrl::Insecure) => {
                "not downloaded: plain http would show the file to everyone on the way: \
                 the media URL must be https (http works for localhost, 127.0.0.1 and [::1])"
            }
            Self::Url(_) => {
                "not downloaded: the media URL must be https://, a host, and the file's place on it"
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
            Self::TooSlow => "the server sends too slowly, or nothing any more; try again later",
            Self::WrongDigest => {
                "the file is not the one that was announced: its SHA-256 is another; download it again"
            }
        })
    }
}

fn write_refusal(response: &ReceivedResponse, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let status = response.status.as_u16();
    write!(f, "HTTP status {status}: ")?;
    f.write_str(match status {
        300..=399 => {
            "a redirect, which is not followed as it may lead anywhere; check the media URL"
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
        _ => "an answer that is no file; check the media URL",
    })
}
