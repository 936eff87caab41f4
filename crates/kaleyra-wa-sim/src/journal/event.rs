//! What the simulator did, for a live transcript: the journal without what only explains it.

use std::fmt;
use std::sync::Arc;

use kaleyra_wa_types::response::Code;

use super::{Fact, Reader};
use crate::fault::Fault;
use crate::model::accepted_message::AcceptedMessage;
use crate::model::uploaded_media::UploadedMedia;

/// Something that the simulator did.
///
/// ```
/// use kaleyra_wa_sim::{Fault, SimEvent, Simulator};
/// use kaleyra_wa_types::response::ApiFailure;
///
/// # use serde_json::json;
/// # async fn send(sim: &kaleyra_wa_sim::Simulator, mut message: serde_json::Value) {
/// #     use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// #     (message["messaging_product"], message["to"]) = (json!("whatsapp"), json!("+919800000001"));
/// #     let body = json!({"messaging_object": message, "extra_info": {"ref": "order-17"}}).to_string();
/// #     let mut stream = tokio::net::TcpStream::connect(sim.addr()).await.unwrap();
/// #     let head = format!("POST /v2/HXIN0000000000IN/whatsapp/918000000001/messages HTTP/1.1\r\nhost: localhost\r\napi-key: A-key\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
/// #     stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
/// #     stream.read_to_end(&mut Vec::new()).await.unwrap();
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// let mut events = sim.observe();
/// sim.fail_next(Fault::Documented(ApiFailure::LowBalance));
/// send(&sim, json!({"type": "text", "text": {"body": "Hello"}})).await; // by the code under test
/// send(&sim, json!({"type": "text", "text": {"body": "Hello again"}})).await;
///
/// let Some(SimEvent::Rejected { status, .. }) = events.next().await else { return Err("not refused".into()) };
/// assert_eq!(status, 400);
/// let accepted = events.next().await.ok_or("nothing more")?;
/// assert!(accepted.to_string().starts_with("202 ")); // a line for a log
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SimEvent {
    /// It accepted a message.
    Accepted(Arc<AcceptedMessage>),
    /// It took an upload.
    Uploaded(Arc<UploadedMedia>),
    /// It was asked to block users.
    #[non_exhaustive]
    Blocked {
        /// How many are blocked now.
        added: usize,
        /// How many could not be blocked.
        failed: usize,
    },
    /// It was asked to unblock users.
    #[non_exhaustive]
    Unblocked {
        /// How many.
        removed: usize,
    },
    /// It returned something: `phone number details`, `blocked users`, `a file that a user sent`.
    #[non_exhaustive]
    Read {
        /// What.
        what: &'static str,
    },
    /// Something of the account was read or changed: a template, a sample, a number, a flow, a callback profile.
    #[non_exhaustive]
    Managed {
        /// What was done: `create_template`.
        what: &'static str,
    },
    /// A download of a file that a user sent carried an `api-key` header: the key goes to Kaleyra's API, and nowhere else.
    KeyLeaked,
    /// It refused a request, or let it fail as asked for.
    #[non_exhaustive]
    Rejected {
        /// The HTTP status of its response.
        status: u16,
        /// The code in its response; `None` where the response has none.
        code: Option<Code>,
        /// What is wrong, in more detail than the response tells: `messaging_object.to: missing`. It repeats no number, key
        /// or text of a message.
        why: String,
    },
    /// It left a request without a response, as the fault asks for.
    #[non_exhaustive]
    Unanswered {
        /// [`Fault::Hang`] or [`Fault::Close`].
        fault: Fault,
    },
    /// The webhook responded to a callback: with a 2xx, or finally with something else.
    #[non_exhaustive]
    CallbackPosted {
        /// What was posted: `status`, of a message; `user message`; `notice`, of what a user changed; `template`, of what became
        /// of a template or of a sample for one; `as given`, by
        /// [`Simulator::post_callback`](crate::Simulator::post_callback) or at `/sim/callbacks`.
        kind: &'static str,
        /// The HTTP status of the webhook's response.
        status: u16,
        /// How many times the callback was posted until then.
        attempts: u32,
    },
    /// A callback got no response, or never left.
    #[non_exhaustive]
    CallbackFailed {
        /// What was to be posted, in the same words.
        kind: &'static str,
        /// Why, without the URL.
        why: String,
        /// How many times it was tried.
        attempts: u32,
    },
}

/// The event in a line of words, with what is in a message as it came.
impl fmt::Display for SimEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accepted(message) => write!(f, "202 {}  {}", message.id, message.request),
            Self::Uploaded(media) => {
                let (id, kind) = (&media.id, media.kind.as_str());
                write!(f, "200 {id}  {kind} of {} bytes uploaded", media.size)
            }
            Self::Blocked { added, failed } => {
                write!(f, "200  users blocked: {added}, not blocked: {failed}")
            }
            Self::Unblocked { removed } => write!(f, "200  users unblocked: {removed}"),
            Self::Read { what } | Self::Managed { what } => write!(f, "200  {what}"),
            Self::KeyLeaked => f.write_str(
                "a download carried an api-key header, which goes to Kaleyra's API only",
            ),
            Self::Rejected { status, code, why } => {
                let code = code.as_ref().map_or("", |code| code.as_str());
                write!(f, "{status} {code}  {why}")
            }
            Self::Unanswered { fault } => write!(f, "no response ({fault})"),
            Self::CallbackPosted {
                status: status @ 200..=299,
                ..
            } => write!(f, "callback posted, the webhook responded with {status}"),
            Self::CallbackPosted {
                status, attempts, ..
            } => {
                let after = after(*attempts);
                write!(
                    f,
                    "callback refused: the webhook responded with {status}{after}"
                )
            }
            Self::CallbackFailed { why, attempts, .. } => {
                write!(f, "callback lost: {why}{}", after(*attempts))
            }
        }
    }
}

/// How often it was tried, where that was more than once.
fn after(attempts: u32) -> String {
    match attempts {
        0 | 1 => String::new(),
        _ => format!(", after {attempts} tries"),
    }
}

/// What the simulator does from now on, in order. See [`Simulator::observe`](crate::Simulator::observe).
///
/// A reader that is too slow loses the oldest events: those that the journal does not keep any more.
///
/// For an example see [`SimEvent`].
#[derive(Debug)]
pub struct Events(pub(crate) Reader);

impl Events {
    /// The next event; `None` when the simulator has been shut down and everything was read.
    pub async fn next(&mut self) -> Option<SimEvent> {
        loop {
            if let Some(event) = SimEvent::of(&self.0.next().await?.fact) {
                return Some(event);
            }
        }
    }
}

impl SimEvent {
    /// The event that an entry of the journal is, if it is one.
    ///
    /// ```
    /// use kaleyra_wa_sim::{SimEvent, Simulator};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
    /// let _ = sim.post(sim.end_user("Asha Example", "919800000001").text("Hi")).await; // there is no webhook
    /// let mut journal = sim.journal_from(1);
    /// let mut events = Vec::new();
    /// while let Some(entry) = journal.next_written() {
    ///     events.extend(SimEvent::of(&entry.fact));
    /// }
    /// assert!(events.iter().any(|event| event.to_string().starts_with("callback lost")));
    /// # sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn of(fact: &Fact) -> Option<Self> {
        Some(match fact {
            Fact::Accepted(message) => Self::Accepted(message.clone()),
            Fact::Uploaded(media) => Self::Uploaded(media.clone()),
            Fact::Blocked { added, failed } => Self::Blocked {
                added: *added,
                failed: *failed,
            },
            Fact::Unblocked { removed } => Self::Unblocked { removed: *removed },
            Fact::Read { what } => Self::Read { what },
            Fact::Managed { what } => Self::Managed { what },
            Fact::KeyLeaked => Self::KeyLeaked,
            Fact::Rejected { status, code, why } => Self::Rejected {
                status: *status,
                code: code.clone(),
                why: why.clone(),
            },
            Fact::Unanswered { fault } => Self::Unanswered { fault: *fault },
            Fact::CallbackPosted {
                kind,
                status,
                attempts,
            } => Self::CallbackPosted {
                kind,
                status: *status,
                attempts: *attempts,
            },
            Fact::CallbackFailed {
                kind,
                why,
                attempts,
            } => Self::CallbackFailed {
                kind,
                why: why.clone(),
                attempts: *attempts,
            },
            _ => return None,
        })
    }
}

/// Reports it to the trace collector.
pub(super) fn trace(fact: &Fact) {
    match fact {
        Fact::Accepted(message) => {
            tracing::debug!(message_id = message.id.as_str(), "accepted");
        }
        Fact::Uploaded(media) => {
            tracing::debug!(
                media_id = media.id.as_str(),
                kind = media.kind.as_str(),
                size = media.size,
                "uploaded"
            );
        }
        Fact::KeyLeaked => tracing::warn!("a download carried an api-key header"),
        Fact::Rejected { status, code, why } => {
            let code = code.as_ref().map(Code::as_str);
            tracing::debug!(status, code, why, "rejected");
        }
        Fact::CallbackPosted {
            kind,
            status,
            attempts,
        } => {
            tracing::debug!(kind, status, attempts, "callback posted");
        }
        Fact::CallbackFailed {
            kind,
            why,
            attempts,
        } => {
            tracing::debug!(kind, why, attempts, "callback failed");
        }
        other => tracing::trace!(what = other.name(), "journal"),
    }
}
