//! What a request was about: an error's line says what to do about that.

use kaleyra_wa_transport::OperationClass;

use super::ReceivedResponse;

/// What a request was about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A change of the list of blocked users.
    Blocklist,
    /// A change of the account: a template, a number, a flow.
    Change,
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
    /// What the server refused, if it says nothing more.
    pub(super) const fn refused(self) -> &'static str {
        match self {
            Self::Message(_) => "the server refused the message",
            Self::File => "the server refused the file",
            _ => "the server refused the request",
        }
    }

    /// What to check for an incorrect payload.
    pub(super) const fn check_payload(self) -> &'static str {
        match self {
            Self::Message(_) => "check the message's type and its fields",
            Self::File => "check the file's type, and that it is not empty",
            Self::ReadMark => {
                "check the message id: it must be one from a callback, such as wamid.…"
            }
            Self::Blocklist => "check the users' numbers",
            Self::Change => "the message in its response says what to correct",
            Self::Query => "check the sender's number and the request's parameters",
        }
    }

    /// What comes after a wait.
    pub(super) const fn once_more(self) -> &'static str {
        match self {
            Self::Message(_) => "sending again",
            Self::File => "uploading it again",
            Self::Query => "asking again",
            Self::Blocklist | Self::Change | Self::ReadMark => "trying again",
        }
    }

    /// What to do if the outcome is unknown.
    pub(super) const fn after_doubt(self) -> &'static str {
        match self {
            Self::Message(true) => {
                "it may have been sent: look for its reference in the callbacks before sending again"
            }
            Self::Message(false) => {
                "it may have been sent, and without a reference no callback can prove it: don't send it again blindly"
            }
            Self::File => "it may have been stored: upload it again, an unused copy does no harm",
            Self::ReadMark => "it may have been done: do it again, a second read mark does no harm",
            Self::Blocklist => {
                "it may have been done: do it again, or check the list of blocked users"
            }
            Self::Change => "it may have been done: check before doing it again",
            Self::Query => "try again later",
        }
    }

    /// The line for a success that can't be read, with its status and what is wrong with the response.
    pub(super) fn after_success(self, response: &ReceivedResponse, fault: &str) -> String {
        let status = response.status.as_u16();
        match self {
            Self::Message(_) => format!(
                "accepted with HTTP status {status}, but its id is unknown because the response {fault}: don't send it again"
            ),
            Self::File => format!(
                "stored with HTTP status {status}, but its id is unknown because the response {fault}: upload it again"
            ),
            Self::ReadMark => {
                format!(
                    "done with HTTP status {status}, though the response {fault}: nothing needs to be done"
                )
            }
            Self::Blocklist => format!(
                "accepted with HTTP status {status}, but the response {fault}: check the list of blocked users"
            ),
            Self::Change => format!(
                "accepted with HTTP status {status}, but the response {fault}: check before doing it again"
            ),
            Self::Query => {
                format!("HTTP status {status}, but the response {fault}; try again later")
            }
        }
    }
}
