//! Client for Kaleyra's WhatsApp Business API V2: send messages, reply to users, and know what became of each message.
//!
#![cfg_attr(feature = "reqwest", doc = "```")]
#![cfg_attr(not(feature = "reqwest"), doc = "```ignore")]
//! use kaleyra_wa_client::{Account, Client, Pod};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let account = Account::new(Pod::In, "HXIN0000000000IN", "A-key", "+918000000001")?;
//! # // A Kaleyra on this machine, that accepts one message.
//! # use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
//! # let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! # let server = kaleyra_wa_client::BaseUrl::parse(&format!("http://{}", listener.local_addr()?))?;
//! # tokio::spawn(async move {
//! #     let (mut stream, _) = listener.accept().await?;
//! #     let mut request = Vec::new();
//! #     while !request.ends_with(b"}}") {
//! #         stream.read_buf(&mut request).await?;
//! #     }
//! #     let body = r#"{"code":"WA202","data":{"message_id":"AX1"}}"#;
//! #     let response = format!("HTTP/1.1 202 Accepted\r\ncontent-length: {}\r\n\r\n{body}", body.len());
//! #     stream.write_all(response.as_bytes()).await
//! # });
//! # let account = Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
//! let client = Client::new(account)?;
//! let sent = client.send("+14155550123", "Your order is on its way").reference("order-17").await?;
//! println!("accepted as {}", sent.message_id());
//! # assert_eq!(sent.message_id().as_str(), "AX1");
//! # Ok(())
//! # }
//! ```
//!
//! # What it can do
//!
//! Each method returns a request with setters, which is sent when it is awaited. What may be retried depends on the
//! class: see [`RetryPolicy`].
//!
//! | Method of [`Client`] | Request, under `{base}/v2/{sid}/whatsapp/{sender}` | [`OperationClass`](transport::OperationClass) | Tried again after |
//! |---|---|---|---|
//! | [`send`](Client::send), [`reply`](Client::reply), [`react`](Client::react), [`unreact`](Client::unreact), [`send_request`](Client::send_request) | `POST /messages` | `Send` | what proves that nothing was sent |
//! | [`send_each`](Client::send_each), [`send_each_own`](Client::send_each_own) | `POST /messages`, for each recipient | `Send` | the same, each by itself |
//! | [`mark_read`](Client::mark_read), [`typing`](Client::typing) | `POST /messages` | `Send` | the same |
//! | [`upload`](Client::upload) | `POST /media` | `Upload` | the same; more with [`repeat_uploads`](RetryPolicy::repeat_uploads) |
//! | [`download`](Client::download) | `GET` of the URL in a callback, without the key | `Read` | that; no response; 408, 429, 500, 502, 503, 504, until its first byte is here |
//! | [`block`](Client::block) | `POST /block_users` | `Send` | the same |
//! | [`unblock`](Client::unblock) | `DELETE /block_users` | `Send` | the same |
//! | [`blocked_users`](Client::blocked_users) | `GET /block_users` | `Read` | that; no response; 408, 429, 500, 502, 503, 504 |
//! | [`phone_number_details`](Client::phone_number_details), the credential check | `GET /phone_number_details` | `Read` | the same |
//!
//! What else an account has, with the same classes and verdicts. What Kaleyra's pages don't show and follows from Meta's API,
//! each method marks as *inferred*, and lets you change before it is sent.
//!
//! | Methods | Request | [`OperationClass`](transport::OperationClass) |
//! |---|---|---|
//! | [`Waba::create_template`], [`edit_template`](Waba::edit_template), [`delete_template`](Waba::delete_template), [`delete_templates_in_bulk`](Waba::delete_templates_in_bulk) | `POST`, `PUT`, `DELETE /v2/{sid}/whatsapp/{waba}/message_templates` | `Send` |
//! | [`Waba::templates`], [`template`](Waba::template), [`template_analytics`](Waba::template_analytics) | `GET …/message_templates`, `…/template_analytics` | `Read` |
//! | [`Waba::upload_sample`] | `POST …/resumable_media` | `Upload` |
//! | [`Waba::sample`] | `GET …/resumable_media` | `Read` |
//! | [`Waba::phone_numbers`] | `GET …/number` | `Read` |
//! | [`Waba::add_phone_number`], [`verify_phone_number`](Waba::verify_phone_number), [`retry_phone_number_code`](Waba::retry_phone_number_code), [`update_phone_number`](Waba::update_phone_number) | `POST …/number/add`, `verify`, `retry_otp`, `PUT …/number/update` | `Send` |
//! | [`Waba::flows`], [`FlowHandle::read`], [`assets`](FlowHandle::assets), [`Client::flow_key`] | `GET …/flows`, `/v2/{sid}/whatsapp/{flow}`, `…/assets`, `…/flows_encryption` | `Read` |
//! | [`Waba::create_flow`], [`migrate_flows`](Waba::migrate_flows), [`FlowHandle::update`], [`update_json`](FlowHandle::update_json), [`publish`](FlowHandle::publish), [`deprecate`](FlowHandle::deprecate), [`delete`](FlowHandle::delete), [`Client::set_flow_key`] | `POST`, `DELETE` of the same | `Send` |
//! | [`Client::callback_profiles`], [`callback_profile`](Client::callback_profile) | `GET /v1/{sid}/callback/profiles` | `Read` |
//! | [`Client::create_callback_profile`], [`edit_callback_profile`](Client::edit_callback_profile), [`delete_callback_profile`](Client::delete_callback_profile) | `POST`, `PATCH`, `DELETE` of the same | `Send` |
//! | [`Client::call_permissions`] | `GET /v2/{sid}/whatsapp/call_permissions` | `Read` |
//! | [`Client::request`] | any | by its method |
//!
//! # How a message goes out
//!
//! ```text
//!   client.send(to, content)    client.reply(&message, content)    client.send_each(recipients, content)
//!               └────────┬─────────────────┴──────────────────────────────────────┘ one for each
//!                   SendMessage              .reference(..) .in_reply_to(..) .source(..) …
//!                        │ .await
//!                        ├─ limits checked ─────────────────────► Err  NotSent, all violations at once
//!                        ▼
//!        POST {base}/v2/{sid}/whatsapp/{sender}/messages          one copy on the wire
//!                        │ Transport: ReqwestTransport or yours
//!                        ├─ no connection, after three tries ───► Err  NotSent
//!                        ├─ no response, 5xx ───────────────────► Err  Indeterminate
//!                        ├─ 4xx, most 3xx ──────────────────────► Err  Rejected
//!                        ├─ 2xx that names a failure ───────────► Err  Indeterminate
//!                        ├─ 2xx, its id unreadable ─────────────► Err  Accepted
//!                        ▼
//!                    Ok(Sent)                  message_id()
//! ```
//!
//! # What became of the message
//!
//! A network can fail after the server has acted and before its response arrives. A client that then sends again sends
//! twice; one that gives up never learns the outcome. This client does neither: every [`Error`] says in
//! [`delivery`](Error::delivery) what is known, and leaves the decision to you.
//!
//! | [`Delivery`] | Was it sent? | Send it again? |
//! |---|---|---|
//! | `NotSent` | no, certainly | yes, once the cause is gone |
//! | `Rejected` | no, the server refused it | after correcting what it says |
//! | `Indeterminate` | unknown | only after looking for its reference in the callbacks |
//! | `Accepted` | yes, but its id is unknown | no |
//!
//! Every message has a reference: the one that you give it, or a fresh one. Kaleyra repeats it in each callback about
//! the message, so it proves later what happened to one that came back `Indeterminate`: [`Error::reference`] says what
//! to look for, [`Proof`] finds it. Which fault gets which verdict is in the table at [`Error`].
//!
//! The client retries only what provably was not sent, a few times within seconds. The rules are at [`RetryPolicy`].
//!
//! # Media
//!
//! A file is sent by a public link, or by the id that an upload gave; it can't be both. An id is good for many
//! messages, for 30 days. Which types WhatsApp takes, and how large they may be, is in the table at [`MediaKind`].
//!
//! ```
//! use kaleyra_wa_client::types::outbound::{Document, Image};
//! use kaleyra_wa_client::{Client, Error, MediaFile};
//!
//! # async fn run(client: &Client, pdf: Vec<u8>) -> Result<(), Error> {
//! let photo = Image::link("https://example.com/shoe.png").caption("The blue one");
//! client.send("+14155550123", photo).await?;
//!
//! // In memory; with the feature `tokio` also a path, which is read while it is sent.
//! let uploaded = client.upload(MediaFile::bytes("invoice-17.pdf", pdf)).await?;
//! let invoice = Document::id(uploaded.media_id()).filename("invoice-17.pdf");
//! client.send("+14155550123", invoice).reference("invoice-17").await?;
//! # Ok(())
//! # }
//! ```
//!
//! A file that a user sent is at the URL in its callback. The key is not sent along, redirects are not followed, and
//! size and SHA-256 are checked.
//!
#![cfg_attr(feature = "tokio", doc = "```")]
#![cfg_attr(not(feature = "tokio"), doc = "```ignore")]
//! use kaleyra_wa_client::types::inbound::Callback;
//! use kaleyra_wa_client::{Client, Error, MediaLink};
//!
//! # async fn run(client: &Client, callback: &Callback) -> Result<(), Error> {
//! if let Some(link) = MediaLink::from_callback(callback) {
//!     let file = client.download(link.clone()).limit(1024 * 1024).await?; // in memory
//!     println!("{} bytes of {:?}", file.bytes().len(), file.content_type());
//!
//!     client.download(link).save("inbox/photo.jpg").await?; // on disk: whole, or not there
//! }
//! # Ok(())
//! # }
//! ```
//!
//! | | memory | ends by itself |
//! |---|---|---|
//! | upload from disk | 64 KiB at a time | after 30 s, and a second more per 64 KiB |
//! | download to disk, to a writer, or piece by piece | a piece at a time | after 30 s without a byte; slower than 64 KiB/s |
//!
//! # Your own transport
//!
//! The client talks to any [`Transport`](transport::Transport): your company's HTTP stack, a layer around
//! `ReqwestTransport` that signs or counts, or, in a test, one that responds from memory; this one refuses as Kaleyra
//! does when the balance is used up. The transport crate's feature `mock` has a `MockTransport` that counts calls, too.
//!
//! ```
//! use kaleyra_wa_client::transport::{Request, Response, Transport, TransportError, async_trait, http};
//! use kaleyra_wa_client::types::response::ApiFailure;
//! use kaleyra_wa_client::{Account, Client, Delivery, Pod};
//!
//! struct OutOfMoney;
//!
//! #[async_trait]
//! impl Transport for OutOfMoney {
//!     async fn execute(&self, _request: Request) -> Result<Response, TransportError> {
//!         let mut response = Response::new(r#"{"code":"E110","message":"Low balance","data":{},"error":{}}"#.into());
//!         *response.status_mut() = http::StatusCode::BAD_REQUEST;
//!         Ok(response)
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let account = Account::new(Pod::In, "HXIN0000000000IN", "A-key", "+918000000001")?;
//! let client = Client::with_transport(account, OutOfMoney);
//!
//! let error = client.send("+14155550123", "Hello").await.unwrap_err();
//! assert_eq!(error.delivery(), Delivery::Rejected);
//! assert_eq!(error.failure(), Some(ApiFailure::LowBalance));
//! assert_eq!(error.to_string(), "E110: the account's balance is too low; top up the account");
//! # Ok(())
//! # }
//! ```
//!
//! # Logs and metrics
//!
//! Each call is a [`tracing`] span `kaleyra_wa.send` (`kaleyra_wa.block`, …), from the first try to the last. Its
//! fields have [OpenTelemetry's names](https://opentelemetry.io/docs/specs/semconv/http/http-spans/). The key, phone
//! numbers and messages are in no span, no label, no `Debug` and no error's text; that is why there is no `url.full`,
//! which has the sender's number in it.
//!
//! | Field | Value |
//! |---|---|
//! | `otel.name`, `otel.kind`, `otel.status_code` | `POST /v2/{sid}/whatsapp/{sender}/messages`, `client`, `ERROR` if it failed |
//! | `http.request.method`, `url.scheme`, `server.address`, `server.port`, `url.template` | the request |
//! | `http.response.status_code` | of the last response, if there was one |
//! | `http.request.resend_count` | how often it was retried, if it was |
//! | `error.type` | the status where that is a 4xx or a 5xx, else [`ErrorKind::as_str`], or `dropped` |
//! | `kaleyra_wa.operation` | `send`, `mark_read`, `upload`, `download`, `block`, `unblock`, `blocked_users`, `phone_number_details`; of the account `create_template`, `templates`, …: the name of the method, or of what it makes |
//! | `kaleyra_wa.delivery` | [`Delivery::as_str`]; `accepted` after a success |
//! | `kaleyra_wa.code` | Kaleyra's code for a failure |
//!
//! With the feature `metrics` the same calls are counted through the facade of the crate `metrics`, for whatever
//! exporter the program installs:
//!
//! | Metric | Kind | Labels |
//! |---|---|---|
//! | `kaleyra_wa_client_requests_total` | counter: calls that ended | `operation`, `outcome` |
//! | `kaleyra_wa_client_request_duration_seconds` | histogram: how long each took, with its tries and the time between | `operation` |
//! | `kaleyra_wa_client_retries_total` | counter: tries after the first | `operation` |
//!
//! `operation` is as above. `outcome` is `ok` or, for an error, its verdict: `not_sent`, `rejected`, `indeterminate`,
//! `accepted` (accepted, but the response can't be read); or `dropped` if the future was dropped before it finished.
//!
//! # Features
//!
//! | Feature | Adds | Default |
//! |---|---|---|
//! | `metrics` | counters and times: see [Logs and metrics](#logs-and-metrics) | no |
//! | `reqwest` | [`Client`]`::new`, over the transport crate's `ReqwestTransport` | yes |
//! | `tokio` | files on disk: `MediaFile::path`, `DownloadMedia::save`, `DownloadMedia::write_to` | yes |
//!
//! Without them the client needs no particular runtime.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod account;
mod blocklist;
mod client;
mod decoded_response;
mod endpoint;
mod error;
mod exchange;
mod management;
mod mark_read;
mod media;
mod metrics;
mod observe;
mod phone_number_details;
mod recipient;
mod reference;
mod retry;
mod send;
mod send_each;
mod sent;
mod template_store;

pub use kaleyra_wa_transport::{Clock, SystemClock};
pub use {kaleyra_wa_transport as transport, kaleyra_wa_types as types};

pub use crate::account::{Account, ApiKey, BaseUrl, ConfigError, InvalidBaseUrl, Pod};
pub use crate::blocklist::{
    BlockedUser, BlockedUsers, BlocklistUpdate, ListBlockedUsers, UpdateBlocklist, UserOutcome,
};
pub use crate::client::Client;
pub use crate::error::{Delivery, Error, ErrorKind};
pub use crate::management::{
    AddNumber, CallPermission, CallPermissions, CallbackProfile, CallbackProfiles,
    ChangeCallbackProfile, ChangeFlow, ChangeNumber, CreateFlow, CreateTemplate, CreatedFlow,
    CreatedTemplate, DeleteTemplate, DeleteTemplates, EditTemplate, Flow, FlowHandle, Flows,
    GetTemplate, Items, ListCallPermissions, ListCallbackProfiles, ListFlows, ListNumbers,
    ListTemplates, MigrateFlows, ProfileStatus, RawRequest, ReadCallbackProfile, ReadFlow,
    ReadSample, ReadTemplateAnalytics, Sample, SetFlowKey, TemplateAnalytics, TemplatePage,
    TemplatePoint, UpdateFlowJson, UploadSample, UploadedSample, Waba, WabaNumber, WabaNumbers,
};
pub use crate::mark_read::MarkRead;
pub use crate::media::{
    DownloadMedia, Downloaded, MediaCache, MediaFile, MediaKind, MediaLink, MediaReader,
    UploadMedia, Uploaded,
};
pub use crate::phone_number_details::{
    Availability, GetPhoneNumberDetails, NumberProblem, PhoneNumberDetails,
};
pub use crate::recipient::{IntoRecipient, NoRecipient};
pub use crate::reference::Proof;
pub use crate::retry::{Randomness, RetryPolicy};
pub use crate::send::SendMessage;
pub use crate::send_each::{SendEach, SendOutcome};
pub use crate::sent::Sent;
pub use crate::template_store::{
    Refreshed, StoreError, TemplateCheck, TemplateStore, TemplateVerdict,
};
