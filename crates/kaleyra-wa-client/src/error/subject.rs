//! What a request was about: an error's line says what to do about that.

use kaleyra_wa_transport::OperationClass;

use super::ReceivedResponse;

/// What a request was about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A change of the list of blocked users.
    Blocklist,
    /// A file to be stored.
    File,
    /// A message to a person; `true` if it has a reference.
    Message(bool),
    /// Something to be read.
    Query,
    /// A read mark.
    ReadMark,
}

impl From<OperationClass> for Subject {
    fn from(class: OperationClass) -> Self {
        match class {
            OperationClass::Read => Self::Query,
            OperationClass::Upload => Self::File,
            _ => Self::Message(false),
        }
    }
}

impl Subject {
    /// What the server refused, if it says no more.
    pub(super) const fn refused(self) -> &'static str {
        match self {
            Self::Message(_) => "the server refused the message",
            Self::File => "the server refused the file",
            _ => "the server refused the request",
        }
    }

    /// What Kaleyra calls an incorrect payload.
    pub(super) const fn check_payload(self) -> &'static str {
        match self {
            Self::Message(_) => "check the message's type and its members",
            Self::File => "check the file's type, and that it is not empty",
            Self::ReadMark => "check the id of the message: a callback's, such as wamid.…",
            Self::Blocklist => "check the users' numbers",
            Self::Query => "check the sender's number and what was asked for",
        }
    }

    /// What comes after a wait.
    pub(super) const fn once_more(self) -> &'static str {
        match self {
            Self::Message(_) => "sending again",
            Self::File => "uploading it again",
            Self::Query => "asking again",
            Self::Blocklist | Self::ReadMark => "trying again",
        }
    }

    /// What to do where nobody knows what became of it.
    pub(super) const fn after_doubt(self) -> &'static str {
        match self {
            Self::Message(true) => {
                "it may have been sent: look for its reference in the callbacks before sending again"
            }
            Self::Message(false) => {
                "it may have been sent: it has no reference that a callback could prove it by, so don't send it again blindly"
            }
            Self::File => {
                "it may have been stored: upload it again, a copy that is not used does no harm"
            }
            Self::ReadMark => "it may have been done: do it again, a second mark does no harm",
            Self::Blocklist => {
                "it may have been done: do it again, or look at the list of blocked users"
            }
            Self::Query => "try again later",
        }
    }

    /// The line for a success that can't be read, with its status and what is wrong with the answer.
    pub(super) fn after_success(self, response: &ReceivedResponse, fault: &str) -> String {
        let status = response.status.as_u16();
        match self {
            Self::Message(_) => format!(
                "accepted with HTTP status {status}, but its id is unknown, as the answer {fault}: don't send it again"
            ),
            Self::File => format!(
                "stored with HTTP status {status}, but its id is unknown, as the answer {fault}: upload it again"
            ),
            Self::ReadMark => {
                format!(
                    "done with HTTP status {status}, though the answer {fault}: nothing is to be done"
                )
            }
            Self::Blocklist => format!(
                "taken with HTTP status {status}, but the answer {fault}: look at the list of blocked users"
            ),
            Self::Query => {
                format!("HTTP status {status}, but the answer {fault}; try again later")
            }
        }
    }
}
