//! What became of the message: a line for people or for programs, and the exit code.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use kaleyra_wa_client::{BaseUrl, Delivery, Error, ErrorKind, Sent};
use serde::Serialize;

use crate::exit::Exit;
use crate::show::output::{line, note, one_line};
use crate::show::style::{Tone, tone};

/// What became of the message.
pub(super) struct Outcome {
    /// For people: the line that goes to standard output, or how the command ends.
    end: Result<String, Exit>,
    json: Json,
}

/// The same for programs. The order is the documented one.
#[derive(Serialize)]
struct Json {
    outcome: &'static str,
    message_id: Option<String>,
    code: Option<String>,
    status: Option<u16>,
    kind: Option<&'static str>,
    retry_after: Option<u64>,
    server_message: Option<String>,
    cause: Option<String>,
    error: Option<String>,
}

impl Json {
    fn new(outcome: Delivery) -> Self {
        Self {
            outcome: outcome.as_str(),
            message_id: None,
            code: None,
            status: None,
            kind: None,
            retry_after: None,
            server_message: None,
            cause: None,
            error: None,
        }
    }
}

impl Outcome {
    /// This server took it.
    pub(super) fn accepted(sent: &Sent, server: &BaseUrl) -> Self {
        let response = sent.response();
        Self {
            end: Ok(format!("{}  by {server}", sent.message_id())),
            json: Json {
                message_id: Some(sent.message_id().to_string()),
                code: response.code.as_ref().map(|code| code.as_str().to_owned()),
                status: Some(sent.status().as_u16()),
                server_message: response.message.clone(),
                ..Json::new(Delivery::Accepted)
            },
        }
    }

    /// There is an error.
    pub(super) fn failed(error: &Error, has_reference: bool) -> Self {
        let delivery = error.delivery();
        let text = match delivery {
            Delivery::Indeterminate => with_advice(error.to_string(), has_reference),
            _ => error.to_string(),
        };
        let cause = cause(error);
        let shown = match &cause {
            Some(cause) => format!("{text} ({cause})"),
            None => text.clone(),
        };
        let exit = match error.kind() {
            ErrorKind::InvalidRequest => Exit::bad_input(shown),
            _ => Exit::send(delivery, shown),
        };
        Self {
            end: Err(exit),
            json: Json {
                code: error.code().map(|code| code.as_str().to_owned()),
                status: error.status().map(|status| status.as_u16()),
                kind: Some(error.kind().as_str()),
                retry_after: error.retry_after().as_ref().map(Duration::as_secs),
                server_message: error
                    .response()
                    .and_then(|response| response.message.clone()),
                cause,
                error: Some(text),
                ..Json::new(delivery)
            },
        }
    }

    /// The user did not wait for the answer.
    pub(super) fn interrupted(has_reference: bool) -> Self {
        let text = "interrupted: it may have been sent, so check before you send it again";
        let text = with_advice(text.to_owned(), has_reference);
        Self {
            json: Json {
                kind: Some("interrupted"),
                error: Some(text.clone()),
                ..Json::new(Delivery::Indeterminate)
            },
            end: Err(Exit::send(Delivery::Indeterminate, text)),
        }
    }

    /// Nothing could be sent for this reason.
    pub(super) fn unsent(exit: Exit) -> Self {
        Self {
            json: Json {
                kind: exit
                    .is_bad_input()
                    .then_some(ErrorKind::InvalidRequest.as_str()),
                error: exit.message().map(str::to_owned),
                ..Json::new(Delivery::NotSent)
            },
            end: Err(exit),
        }
    }

    /// Tells it. A standard output that takes nothing changes nothing of what became of the message: then standard error
    /// hears it.
    pub(super) fn report(self, json: bool) -> Result<(), Exit> {
        let written = json.then(|| {
            let json = serde_json::to_string(&self.json).map_err(io::Error::from);
            json.and_then(line)
        });
        match (self.end, written) {
            (Ok(_), Some(Ok(()))) => Ok(()),
            (Err(exit), Some(Ok(()))) => Err(exit.quiet()),
            (Err(exit), Some(Err(_)) | None) => Err(exit),
            (Ok(accepted), written) => {
                let shown = || line(format!("{}  {accepted}", tone(Tone::Good, "accepted")));
                if written.unwrap_or_else(shown).is_err() {
                    note(format!(
                        "warning: accepted as {accepted}, but standard output is closed or full"
                    ));
                }
                Ok(())
            }
        }
    }
}

/// Without a reference there is nothing to look for this time.
fn with_advice(text: String, has_reference: bool) -> String {
    if has_reference {
        text
    } else {
        text + "; next time give --reference, which every callback repeats"
    }
}

/// What is below a failed connection. The transport has taken URLs out of it.
fn cause(error: &Error) -> Option<String> {
    if error.kind() != ErrorKind::Transport {
        return None;
    }
    let mut texts = Vec::new();
    let mut below = error.source();
    while let Some(error) = below {
        texts.push(one_line(&error.to_string()));
        below = error.source();
    }
    // Some layers repeat what the one below them says.
    texts.dedup();
    (!texts.is_empty()).then(|| texts.join(": "))
}
