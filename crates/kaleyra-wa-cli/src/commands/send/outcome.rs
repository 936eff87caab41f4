//! What became of the message: a line for people or for programs, and the exit code.

use std::io;
use std::time::Duration;

use kaleyra_wa_client::{BaseUrl, Delivery, Error, Sent};
use serde::Serialize;

use crate::exit::{Exit, Failure};
use crate::show::failure::{cause, server_message};
use crate::show::line::Line;
use crate::show::output::{line, note};
use crate::show::style::Tone;

/// What became of the message.
pub(super) struct Outcome {
    /// For people: the line that goes to standard output, or how the command ends.
    end: Result<String, Exit>,
    json: Json,
}

/// What tells the message's callbacks apart from others.
pub(super) enum Reference {
    /// The user knows it.
    Given(String),
    /// The command made it, since the user gave none.
    Made(String),
}

impl Reference {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Given(reference) | Self::Made(reference) => reference,
        }
    }
}

/// The same for programs. The order is the documented one.
#[derive(Serialize)]
struct Json {
    outcome: &'static str,
    message_id: Option<String>,
    reference: Option<String>,
    code: Option<String>,
    status: Option<u16>,
    kind: Option<&'static str>,
    retry_after: Option<u64>,
    server_message: Option<String>,
    cause: Option<String>,
    error: Option<Failure>,
}

impl Json {
    fn new(outcome: Delivery) -> Self {
        Self {
            outcome: outcome.as_str(),
            message_id: None,
            reference: None,
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
            end: Ok(format!(
                "{}  by {server}  reference {}",
                sent.message_id(),
                sent.reference().unwrap_or("none")
            )),
            json: Json {
                message_id: Some(sent.message_id().to_string()),
                reference: sent.reference().map(str::to_owned),
                code: response.code.as_ref().map(|code| code.as_str().to_owned()),
                status: Some(sent.status().as_u16()),
                server_message: response.message.clone(),
                ..Json::new(Delivery::Accepted)
            },
        }
    }

    /// There is an error.
    pub(super) fn failed(error: &Error, reference: &Reference) -> Self {
        let delivery = error.delivery();
        let exit = Exit::of(error);
        let shown = exit.message().unwrap_or_default().to_owned();
        let exit = match delivery {
            Delivery::Indeterminate => exit.with_message(with_reference(shown, reference)),
            _ => exit,
        };
        Self {
            json: Json {
                reference: Some(reference.as_str().to_owned()),
                code: error.code().map(|code| code.as_str().to_owned()),
                status: error.status().map(|status| status.as_u16()),
                kind: Some(error.kind().as_str()),
                retry_after: error.retry_after().as_ref().map(Duration::as_secs),
                server_message: server_message(error),
                cause: cause(error),
                error: Some(exit.failure().clone()),
                ..Json::new(delivery)
            },
            end: Err(exit),
        }
    }

    /// The user did not wait for the response; the message may have left, if that has begun.
    pub(super) fn interrupted(reference: &Reference, has_begun: bool) -> Self {
        if !has_begun {
            return Self::unsent(Exit::interrupted());
        }
        let text = "interrupted: it may have been sent: look for its reference in the callbacks before sending again";
        let exit = Exit::send(
            Delivery::Indeterminate,
            with_reference(text.to_owned(), reference),
        );
        Self {
            json: Json {
                reference: Some(reference.as_str().to_owned()),
                kind: Some("interrupted"),
                error: Some(exit.failure().clone()),
                ..Json::new(Delivery::Indeterminate)
            },
            end: Err(exit),
        }
    }

    /// Nothing could be sent for this reason.
    pub(super) fn unsent(exit: Exit) -> Self {
        Self {
            json: Json {
                kind: Some(exit.failure().kind),
                error: Some(exit.failure().clone()),
                ..Json::new(Delivery::NotSent)
            },
            end: Err(exit),
        }
    }

    /// Tells it. A standard output that takes nothing changes nothing of what became of the message: then standard error
    /// hears it.
    pub(super) fn report(self, json: bool) -> Result<(), Exit> {
        let written = json.then(|| {
            let json = Line::json(&self.json).map_err(io::Error::from);
            json.and_then(line)
        });
        match (self.end, written) {
            (Ok(_), Some(Ok(()))) => Ok(()),
            (Err(exit), Some(Ok(()))) => Err(exit.quiet()),
            (Err(exit), Some(Err(_)) | None) => Err(exit),
            (Ok(accepted), written) => {
                let shown = || {
                    line(
                        Line::toned(Tone::Good, "accepted")
                            .then("  ")
                            .then(&accepted),
                    )
                };
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

/// Tells a reference that the user did not give, and so does not know.
fn with_reference(text: String, reference: &Reference) -> String {
    match reference {
        Reference::Made(reference) => format!("{text}; it is {reference}"),
        Reference::Given(_) => text,
    }
}
