//! A simulated Kaleyra to test against: it responds to sends as Kaleyra's pages document, takes uploads, keeps what it accepted, posts
//! callbacks to a webhook, and fails in the ways that you ask for. No account, no network, no message sent.
//!
//! ```text
//!   program under test                    Simulator                         its webhook
//!         │ POST /v2/{sid}/whatsapp/{sender}/messages │                          │
//!         ├──────────────────────────────────────────▶│ checks, keeps it         │
//!         │◀── 202 {"data":{"message_id":"A…"}} ──────┤                          │
//!         │                                           ├── status "sent" ────────▶│
//!         │          a test, or a person with curl: a user writes                │
//!         │                                           ├── message ──────────────▶│
//! ```
//!
//! # In a test
//!
//! ```
//! use std::time::Duration;
//!
//! use kaleyra_wa_sim::{Fault, Simulator};
//! use kaleyra_wa_types::response::ApiFailure;
//!
//! # async fn send(base_url: String) {
//! #     use tokio::io::{AsyncReadExt, AsyncWriteExt};
//! #     let body = r#"{"messaging_object":{"messaging_product":"whatsapp","to":"+919800000001","type":"text",
//! #         "text":{"body":"Hi"}},"extra_info":{"ref":"order-17"}}"#;
//! #     let mut stream = tokio::net::TcpStream::connect(base_url.trim_start_matches("http://")).await.unwrap();
//! #     let head = format!("POST /v2/HXIN0000000000IN/whatsapp/918000000001/messages HTTP/1.1\r\nhost: localhost\r\n\
//! #         api-key: A-key\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
//! #     stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
//! #     stream.read_to_end(&mut Vec::new()).await.unwrap();
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001")
//!     .bind("127.0.0.1:0")
//!     .await?;
//!
//! // The code under test is given this base URL, and the SID, key and sender from above.
//! send(sim.base_url()).await;
//!
//! let accepted = sim.wait_for_accepted(1, Duration::from_secs(5)).await?;
//! assert_eq!(accepted[0].request["messaging_object"]["text"]["body"], "Hi");
//! assert_eq!(accepted[0].references.reference.as_deref(), Some("order-17"));
//!
//! // The next send fails, and the one after it works again.
//! sim.fail_next(Fault::Documented(ApiFailure::LowBalance));
//! send(sim.base_url()).await;
//! assert_eq!(sim.accepted().len(), 1);
//! # sim.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # A bot in a test
//!
//! [`Simulator::user`] is a user who chats with the bot: what the user does, and what the bot is expected to reply. Awaiting it
//! panics at the first difference, with the transcript.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use kaleyra_wa_sim::{Expected, Simulator};
//!
//! # async fn start_your_bot(_base_url: String) -> String { String::new() }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001")
//!     .frozen() // time goes by only where the test says so
//!     .bind("127.0.0.1:0")
//!     .await?;
//! let webhook = start_your_bot(sim.base_url()).await;
//! sim.post_callbacks_to(&webhook, ("x-kaleyra-secret", "s3cret"))?;
//!
//! // Every callback comes twice, as it may with Kaleyra: a bot that does not look at ids replies twice.
//! sim.faults("callback:duplicate")?;
//! sim.user("+919800000001")
//!     .says("Hi! Is the blue one in stock?")
//!     .expect(Expected::text("Which size do you need?").buttons(["41", "42", "43"]))
//!     .taps("42")
//!     .expect(Expected::containing("in two days"))
//!     .expect_nothing()
//!     .waits(Duration::from_secs(25 * 3600))
//!     .await;
//! // A day later a free text fails with 131047, and a template arrives.
//! # Ok(())
//! # }
//! ```
//!
//! For bots in other languages there are `.chat` files: [`ChatFile`] reads one, [`ChatRun`] plays it, with one seed or with many.
//!
//! # Time, chance, and why
//!
//! A simulator has a clock of its own ([`Builder::clock`], [`Builder::frozen`], [`Builder::speed`], [`Simulator::advance`],
//! [`Simulator::set_speed`]);
//! statuses, retries and expiry go by it. What looks random comes from one seed ([`Builder::seed`]): ids, and which callback meets
//! which [fault](FaultSpec). Each decision is a hash of the seed, the rule, the user and how many there were for that user, so that
//! timing and threads change nothing. Everything that happens is an entry of the [journal](Simulator::journal), with its cause and
//! with what it rests on: a page, or an inference. [`Simulator::why`] explains it step by step.
//!
//! # Callbacks
//!
//! With [`Builder::callbacks`] the simulator posts a `sent` status for every message that it accepts, and whatever it
//! is given by [`Simulator::post_callback`]; [`callback`] makes the documented shapes. [`Builder::ladder`] adds `submit`,
//! `delivered`, `read` and `played`; [`Callbacks`] sets Basic or Bearer authentication and the retries; the phones of the users have
//! [switches](Switch). A webhook that hangs delays nobody: callbacks of one conversation come in order, but wait a second for
//! each other at most.
//!
//! A bot needs the simulator's address to send to, and the simulator the bot's to call back. So start the simulator first,
//! then the bot, and finally tell the simulator where it is, with [`Simulator::post_callbacks_to`]:
//!
//! ```
//! use kaleyra_wa_sim::Simulator;
//! # use tokio::net::TcpListener;
//! # async fn start_your_bot(_base_url: String) -> std::io::Result<std::net::SocketAddr> {
//! #     let listener = TcpListener::bind("127.0.0.1:0").await?;
//! #     let address = listener.local_addr()?;
//! #     tokio::spawn(async move {
//! #         use tokio::io::{AsyncReadExt, AsyncWriteExt};
//! #         let (mut stream, _) = listener.accept().await.unwrap();
//! #         stream.read(&mut [0; 4096]).await.unwrap();
//! #         stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
//! #     });
//! #     Ok(address)
//! # }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001")
//!     .bind("127.0.0.1:0")
//!     .await?;
//! let bot = start_your_bot(sim.base_url()).await?;
//! sim.post_callbacks_to(&format!("http://{bot}/"), ("x-kaleyra-secret", "s3cret"))?;
//!
//! let user = sim.end_user("Asha Example", "919800000001");
//! let status = sim.post_callback(&user.text("Are you open?").callback()).await?;
//! assert_eq!(status, 200, "{}", sim.transcript());
//! # sim.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! [`test_your_bot`](https://github.com/kaleyra-wa/kaleyra-wa/blob/main/tests/examples/test_your_bot.rs) is a complete bot with
//! its test: a user writes, the bot replies, and where it does not, the test shows what happened instead.
//!
//! # Endpoints
//!
//! All are below `/v2/{sid}/whatsapp/{sender}` and want the `api-key` header.
//!
//! | Endpoint | What it does | `data` of the response |
//! |---|---|---|
//! | `POST …/messages` | accepts a message: [`Simulator::accepted`] | `{"message_id"}`, with 202 |
//! | `POST …/media` | takes a form with `file` and `type`: [`Simulator::uploads`] | `{"id"}` |
//! | `POST …/block_users` | blocks users who wrote in the last 24 hours: [`Simulator::blocked_users`] | `{"messaging_product", "block_users": {"added_users": [{"input", "wa_id"}], "failed_users": [{"input", "wa_id", "errors": [{"message", "code", "error_data": {"details"}}]}]}}` |
//! | `DELETE …/block_users` | unblocks them | `{"messaging_product", "block_users": {"removed_users": [{"input", "wa_id"}]}}` |
//! | `GET …/block_users?limit=&before=&after=` | lists them | `[{"messaging_product", "wa_id"}]`, and beside `data` a `"paging": {"cursors": {"before", "after"}}` unless the page is empty |
//! | `GET …/phone_number_details` | returns the state of the number | Meta's fields: `{"quality_rating", "messaging_limit_tier", "throughput": {"level"}, "health_status": {"can_send_message", …}, …}` |
//!
//! An account is managed below `/v2/{sid}/whatsapp/{waba}`, where the WABA's id is that of [`Business`](callback::Business),
//! as the client speaks it:
//!
//! | Endpoint | What it does |
//! |---|---|
//! | `POST\|GET\|PUT\|DELETE …/message_templates`, `DELETE …/message_templates/bulk` | templates: created, listed in pages, edited, deleted. [`ReviewRules`] decide what is approved, and [`Simulator::change_template`] does by hand what Meta does |
//! | `GET …/template_analytics` | what became of the messages of templates |
//! | `POST\|GET …/resumable_media` | samples for headers: uploaded, and soon there is a handle |
//! | `GET …/number`, `POST …/number/{add,verify,retry_otp}`, `PUT …/number/update` | the numbers of the WABA |
//! | `POST\|GET …/flows`, `POST …/migrate_flows/{waba}`; `GET\|POST\|DELETE /v2/{sid}/whatsapp/{flow}` and below it `assets`, `publish`, `deprecate` | flows |
//! | `GET /v2/{sid}/whatsapp/call_permissions` | who may be called, by the last response to a request for it |
//! | `/v1/{sid}/callback/profiles` | callback profiles, which are kept and have no effect; the simulator's own callback URL is among them |
//!
//! Kaleyra's pages document the requests and, of the responses, only that of a send could be read. **The others are inferred**:
//! Meta's shapes inside Kaleyra's envelope, with 200 `WA200` as the pages about templates have it. `failed_users` is left out
//! where nobody failed; some failing is no reason for another status than 200, though with Meta it is.
//!
//! # Files that users send
//!
//! [`Simulator::host_file`] keeps a file, [`callback::EndUser::file`] sends it: `media_url` of the callback leads to the
//! simulator, which serves the file to anyone, as a storage link does. [`Simulator::leaked_keys`] counts downloads
//! that carry an API key there.
//!
//! # At a desk
//!
//! The same port has endpoints for people with curl: `GET /` explains them. They serve loopback only.
//!
//! Every endpoint responds only for `localhost`, a loopback address, the address that is listened on, and what
//! [`Builder::allow_host`] names: 421 for another `Host`, 403 for another `Origin`. So no web page can reach the simulator.
//!
//! # What it is not
//!
//! Unless [`Builder::strictness`] says otherwise it checks the envelope, not the message inside: a template that doesn't exist is
//! accepted, as Kaleyra accepts it, and so is the id of a file that was not uploaded here. A file's content is not
//! checked. Which of Kaleyra's ids equal each other is undocumented, so the simulator makes all of them different: code that mixes
//! them fails here instead of in production.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod base64;
mod builder;
mod chance;
mod chat;
mod core;
mod delivery;
mod fault;
mod ids;
mod journal;
mod model;
mod play;
mod rules;
mod server;
mod simulator;
mod state;
mod time;
mod transcript;
mod why;

pub mod callback;

pub use builder::{Builder, StartError};
pub use chat::{
    Bot, ChatError, ChatFailure, ChatFile, ChatOutcome, ChatRun, ChatRunError, Reproduction,
    SearchOutcome, StartedBot, junit, tap,
};
pub use core::snapshot::StateError;
pub use delivery::settings::Callbacks;
pub use delivery::webhook::{CallbackError, InvalidWebhook};
pub use fault::{
    CallbackFault, Delay, Effect, Fault, FaultRule, FaultSpec, FaultSpecError, Filter,
    MessageFault, UnknownFault, When,
};
pub use journal::{
    CallbackAttempt, CallbackMade, Entry, Events, Fact, HttpRequest, Reader, RecordedResponse,
    SimEvent, StatusChange,
};
pub use model::accepted_message::AcceptedMessage;
pub use model::account::Account;
pub use model::basis::Basis;
pub use model::conversation::ConversationId;
pub use model::delivery_error::DeliveryError;
pub use model::template_change::TemplateChange;
pub use model::uploaded_media::UploadedMedia;
pub use play::{Expected, FailureKind, PlayError, TextMatch, User};
pub use rules::ladder::{InvalidLadder, StatusLadder};
pub use rules::reviews::{InvalidReviews, ReviewRules};
pub use rules::settings::{ServiceWindow, Strictness, UnknownSetting};
pub use rules::taps::{Tap, TapAction};
pub use rules::template_folder::TemplateFolder;
pub use rules::templates::Templates;
pub use simulator::{Simulator, WaitError};
pub use state::conversations::Line;
pub use state::messages::MessageStatus;
pub use state::phones::{Phone, Switch};
pub use why::{Explanation, WhyStep};
