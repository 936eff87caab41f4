//! One line of the journal: when, what, about whom, and because of what.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use kaleyra_wa_types::MessageId;
use kaleyra_wa_types::inbound::StatusName;
use kaleyra_wa_types::response::Code;

use crate::fault::Fault;
use crate::model::accepted_message::AcceptedMessage;
use crate::model::basis::Basis;
use crate::model::conversation::ConversationId;
use crate::model::delivery_error::DeliveryError;
use crate::model::uploaded_media::UploadedMedia;

/// Something that happened in a simulator. See [`Simulator::journal`](crate::Simulator::journal).
///
/// ```
/// use kaleyra_wa_sim::{Fact, Simulator};
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
/// let mut journal = sim.journal();
/// send(&sim, json!({"type": "text", "text": {"body": "Your table is booked."}})).await; // by the code under test
///
/// let request = journal.next().await.ok_or("nothing")?;
/// let Fact::Request(http) = &request.fact else { return Err("something else".into()) };
/// assert_eq!(http.method, "POST");
/// assert!(http.headers.iter().all(|(_, value)| value != "A-key")); // masked
/// assert_eq!(request.to_json(true)["what"], "request");
///
/// let accepted = journal.next().await.ok_or("nothing more")?;
/// assert_eq!((accepted.fact.name(), accepted.cause), ("accepted", Some(request.number)));
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Entry {
    /// Its place in the journal, from 1.
    pub number: u64,
    /// When, by the simulator's clock.
    pub at: SystemTime,
    /// The entry that it follows from.
    pub cause: Option<u64>,
    /// The conversation that it belongs to.
    pub conversation: Option<ConversationId>,
    /// What it rests on, where that is a question.
    pub basis: Option<Basis>,
    /// What happened.
    pub fact: Fact,
}

/// What happened.
///
/// For an example see [`Entry`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Fact {
    /// A request came in, to one of Kaleyra's endpoints or for a user's file.
    Request(HttpRequest),
    /// It got a response; the cause is the request.
    Response(RecordedResponse),
    /// A message, or a read receipt, was accepted.
    Accepted(Arc<AcceptedMessage>),
    /// A file was uploaded.
    Uploaded(Arc<UploadedMedia>),
    /// Users were to be blocked.
    #[non_exhaustive]
    Blocked {
        /// How many are blocked now.
        added: usize,
        /// How many could not be blocked.
        failed: usize,
    },
    /// Users were unblocked.
    #[non_exhaustive]
    Unblocked {
        /// How many.
        removed: usize,
    },
    /// Something was read: `phone number details`, `blocked users`, `a file that a user sent`.
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
    /// A download of a user's file carried an `api-key` header.
    KeyLeaked,
    /// A request was refused, or failed as asked for.
    #[non_exhaustive]
    Rejected {
        /// The HTTP status of the response.
        status: u16,
        /// The code in it.
        code: Option<Code>,
        /// What is wrong, with the JSON path where there is one.
        why: String,
    },
    /// A request was left without a response, as a fault asks for.
    #[non_exhaustive]
    Unanswered {
        /// Which.
        fault: Fault,
    },
    /// The business marked a user's message as read.
    #[non_exhaustive]
    MarkedRead {
        /// The user's message.
        message_id: MessageId,
        /// Whether the business began to type, too.
        is_typing: bool,
    },
    /// A user wrote.
    #[non_exhaustive]
    UserWrote {
        /// WhatsApp's id of the message.
        message_id: MessageId,
        /// Its type.
        type_name: String,
    },
    /// A user did something to the phone: `airplane mode on`.
    #[non_exhaustive]
    Phone {
        /// What.
        what: String,
    },
    /// A message of the business came so far.
    Status(StatusChange),
    /// A callback is to be posted.
    Callback(CallbackMade),
    /// A callback was posted, once.
    Attempt(CallbackAttempt),
    /// A callback got a 2xx, or a final response other than that; the cause is the callback.
    #[non_exhaustive]
    CallbackPosted {
        /// What it is about, as in [`CallbackMade::kind`].
        kind: &'static str,
        /// The HTTP status of the response.
        status: u16,
        /// How many times it was posted until then.
        attempts: u32,
    },
    /// A callback got no response, or never left; the cause is the callback.
    #[non_exhaustive]
    CallbackFailed {
        /// What it is about, as in [`CallbackMade::kind`].
        kind: &'static str,
        /// Why, without the URL.
        why: String,
        /// How many times it was tried.
        attempts: u32,
    },
    /// A fault took place; the cause is what it was done to.
    #[non_exhaustive]
    FaultHit {
        /// The rule, as it was given.
        rule: String,
        /// What tells this decision from all others of the same seed.
        key: String,
    },
    /// The clock, the settings or the whole state was changed.
    #[non_exhaustive]
    Changed {
        /// What: `clock: put forward by 25h`.
        what: String,
    },
}

/// A request as it came in. Secrets in its headers are masked.
///
/// For an example see [`Entry`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HttpRequest {
    /// `POST`.
    pub method: String,
    /// The path, with the query where there is one.
    pub path: String,
    /// The headers, in their order.
    pub headers: Vec<(String, String)>,
    /// The body; empty for an upload, whose file is in the uploads.
    pub body: Bytes,
}

/// A response as it went out.
///
/// ```
/// use kaleyra_wa_sim::{Fact, Simulator};
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
/// let mut journal = sim.journal();
/// send(&sim, json!({"type": "text", "text": {"body": "Your table is booked."}})).await; // by the code under test
/// while let Some(entry) = journal.next().await {
///     if let Fact::Response(response) = &entry.fact {
///         assert_eq!(response.status, Some(202));
///         break;
///     }
/// }
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RecordedResponse {
    /// The HTTP status; `None` where the connection was closed without a response.
    pub status: Option<u16>,
    /// The headers, in their order.
    pub headers: Vec<(String, String)>,
    /// The body, as far as it was sent; empty for a file.
    pub body: Bytes,
    /// How long the request took.
    pub took: Duration,
}

/// A step of a message.
///
/// For an example see [`CallbackMade`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StatusChange {
    /// WhatsApp's id of the message.
    pub wamid: MessageId,
    /// How far it came.
    pub status: StatusName,
    /// Why it went no further.
    pub error: Option<DeliveryError>,
}

/// A callback that is to be posted.
///
/// ```
/// use kaleyra_wa_sim::{Fact, Simulator};
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
/// # async fn start_your_bot(base_url: String) -> std::io::Result<String> {
/// #     use serde_json::{Value, json};
/// #     use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// #     use tokio::net::{TcpListener, TcpStream};
/// #     let listener = TcpListener::bind("127.0.0.1:0").await?;
/// #     let url = format!("http://{}/", listener.local_addr()?);
/// #     tokio::spawn(async move {
/// #         while let Ok((mut stream, _)) = listener.accept().await {
/// #             let mut request = Vec::new();
/// #             while !request.ends_with(b"}") && stream.read_buf(&mut request).await.unwrap() > 0 {}
/// #             stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").await.unwrap();
/// #             let Some(start) = request.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
/// #             let callback: Value = serde_json::from_slice(&request[start + 4..]).unwrap();
/// #             let message = &callback["meta_object"]["value"]["messages"][0];
/// #             let Some(text) = message["text"]["body"].as_str() else { continue };
/// #             let to = format!("+{}", message["from"].as_str().unwrap());
/// #             let reply = json!({"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": format!("You said: {text}")}});
/// #             let body = json!({"messaging_object": reply}).to_string();
/// #             let mut api = TcpStream::connect(base_url.trim_start_matches("http://")).await.unwrap();
/// #             let head = format!("POST /v2/HXIN0000000000IN/whatsapp/918000000001/messages HTTP/1.1\r\nhost: localhost\r\napi-key: A-key\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
/// #             api.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
/// #             api.read_to_end(&mut Vec::new()).await.unwrap();
/// #         }
/// #     });
/// #     Ok(url)
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
/// sim.post_callbacks_to(&start_your_bot(sim.base_url()).await?, None)?;
/// let mut journal = sim.journal();
/// send(&sim, json!({"type": "text", "text": {"body": "Your table is booked."}})).await; // by the code under test
/// while let Some(entry) = journal.next().await {
///     match &entry.fact {
///         Fact::Status(change) => assert_eq!(change.status.as_str(), "sent"),
///         Fact::Callback(callback) => assert_eq!((callback.kind, callback.event.as_str()), ("status", "sent")),
///         Fact::Attempt(attempt) => {
///             assert_eq!((attempt.attempt, &attempt.result), (1, &Ok(200)));
///             break;
///         }
///         _ => {}
///     }
/// }
/// # sim.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CallbackMade {
    /// `status`, `user message`, `notice`, or `as given`.
    pub kind: &'static str,
    /// What is in it: a message's type, or a status's name; `""` where that is not known.
    pub event: String,
    /// The message that it is about, or that it holds.
    pub about: Option<MessageId>,
    /// The body, before faults.
    pub body: Bytes,
}

/// One attempt to post a callback.
///
/// For an example see [`CallbackMade`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CallbackAttempt {
    /// Which attempt, from 1.
    pub attempt: u32,
    /// The HTTP status of the response, or why there was none.
    pub result: Result<u16, String>,
    /// How long it took, in real time.
    pub took: Duration,
    /// The headers of the request, in their order; secrets are masked.
    pub headers: Vec<(String, String)>,
    /// What was posted, where a fault made it another body than the callback's.
    pub changed_body: Option<Bytes>,
    /// The beginning of the response's body.
    pub answer: Bytes,
}

impl Fact {
    /// What kind of entry this is, as the log says it: `accepted`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Request(_) => "request",
            Self::Response(_) => "answer",
            Self::Accepted(_) => "accepted",
            Self::Uploaded(_) => "uploaded",
            Self::Blocked { .. } => "blocked",
            Self::Unblocked { .. } => "unblocked",
            Self::Read { .. } => "read",
            Self::Managed { .. } => "managed",
            Self::KeyLeaked => "key_leaked",
            Self::Rejected { .. } => "rejected",
            Self::Unanswered { .. } => "unanswered",
            Self::MarkedRead { .. } => "marked_read",
            Self::UserWrote { .. } => "user_wrote",
            Self::Phone { .. } => "phone",
            Self::Status(_) => "status",
            Self::Callback(_) => "callback",
            Self::Attempt(_) => "attempt",
            Self::CallbackPosted { .. } => "callback_posted",
            Self::CallbackFailed { .. } => "callback_failed",
            Self::FaultHit { .. } => "fault_hit",
            Self::Changed { .. } => "changed",
        }
    }

    /// How many bytes it keeps, about.
    pub(crate) fn size(&self) -> usize {
        let headers = |headers: &[(String, String)]| {
            headers
                .iter()
                .map(|(name, value)| name.len() + value.len() + 48)
                .sum::<usize>()
        };
        128 + match self {
            Self::Request(it) => it.path.len() + headers(&it.headers) + it.body.len(),
            Self::Response(it) => headers(&it.headers) + it.body.len(),
            Self::Accepted(it) => 2 * it.bytes,
            Self::Callback(it) => it.body.len(),
            Self::Attempt(it) => {
                let changed = it.changed_body.as_ref().map_or(0, Bytes::len);
                headers(&it.headers) + changed + it.answer.len()
            }
            Self::Rejected { why, .. } => why.len(),
            _ => 0,
        }
    }
}
