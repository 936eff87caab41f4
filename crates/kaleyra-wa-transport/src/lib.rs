//! The HTTP boundary of kaleyra-wa: one trait between the client and the network.
//!
//! ```text
//!   kaleyra-wa-client                    knows messages, errors, when to repeat
//!         │  Request  = http::Request<Body>    + Operation in its extensions
//!         ▼
//!   dyn Transport                        carries one request once, says how far it got
//!         │  Response = http::Response<ResponseBody>  or TransportError { phase, kind, … }
//!         ▼
//!   ReqwestTransport · TowerTransport · yours
//! ```
//!
//! - [`Transport`] is the trait, [`Request`] and [`Response`] what goes through it.
//! - [`TransportError`] says **how far the request got** ([`Phase`]): a caller that must not send a
//!   message twice decides by that, and by nothing else.
//! - [`Operation`] is what the client tells a transport about the request: a name to log, whether a second copy would
//!   do harm, and which recipient it reaches ([`RecipientKey`]). [`SendOnce`] is the permission to put it on the wire.
#![cfg_attr(
    feature = "reqwest",
    doc = "- [`ReqwestTransport`] is the one to use unless you have a reason not to; its settings are listed there."
)]
//!
//! # Your own transport
//!
//! A company with its own HTTP stack, signing or audit layer implements one method. A transport can
//! also wrap another, as here: it counts what goes out and leaves the rest to the transport below.
//!
//! ```
//! use std::sync::Arc;
//! use std::sync::atomic::{AtomicUsize, Ordering};
//!
//! use kaleyra_wa_transport::{
//!     Body, Operation, Phase, Request, Response, SendOnce, Transport, TransportError, TransportErrorKind, async_trait,
//!     http,
//! };
//!
//! /// Counts the requests that pass.
//! struct Counted<T> {
//!     inner: T,
//!     requests: AtomicUsize,
//! }
//!
//! #[async_trait]
//! impl<T: Transport> Transport for Counted<T> {
//!     async fn execute(&self, request: Request) -> Result<Response, TransportError> {
//!         self.requests.fetch_add(1, Ordering::Relaxed);
//!         if let Some(operation) = request.extensions().get::<Operation>() {
//!             println!("{} (attempt {})", operation.name, operation.attempt);
//!         }
//!         self.inner.execute(request).await
//!     }
//! }
//!
//! /// A stand-in for your HTTP stack: it can connect to one host, which accepts everything.
//! struct Stack;
//!
//! #[async_trait]
//! impl Transport for Stack {
//!     async fn execute(&self, request: Request) -> Result<Response, TransportError> {
//!         // A transport that puts requests on the wire lets one copy of each through.
//!         let claim = SendOnce::claim(request.extensions())?;
//!         if request.uri().host() != Some("api.example") {
//!             // Not one byte has left, and only then may it be this phase: it says that a second attempt is safe.
//!             return claim.settle(Err(TransportError::new(Phase::Connect, TransportErrorKind::Connect)));
//!         }
//!         let mut response = Response::new(r#"{"code":"WA202"}"#.into());
//!         *response.status_mut() = http::StatusCode::ACCEPTED;
//!         claim.settle(Ok(response))
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let counted = Arc::new(Counted { inner: Stack, requests: AtomicUsize::new(0) });
//! let transport: Arc<dyn Transport> = counted.clone();
//!
//! let request = http::Request::post("https://api.example/messages").body(Body::from("{}".to_owned()))?;
//! let response = transport.execute(request).await?;
//!
//! assert_eq!(response.status(), 202);
//!
//! let request = http::Request::post("https://elsewhere.example/messages").body(Body::empty())?;
//! let error = transport.execute(request).await.unwrap_err();
//! assert_eq!(error.phase(), Phase::Connect);
//! assert_eq!(counted.requests.load(Ordering::Relaxed), 2);
//! # Ok(())
//! # }
//! ```
//!
//! What an implementation promises is written at [`Transport`]. With the feature `conformance` there is a suite that
//! checks any transport for them, and reports every promise that is not kept and what to do: `conformance::run`.
//!
//! # Around a transport
//!
//! A layer is a transport that wraps another. From the outside in, use this order:
//!
//! ```text
//!   client             decides about repeats: one call of the transport is one attempt
//!     │ Operation and SendOnce in the extensions
//!     ▼
//!   logs, metrics      see each attempt, and the time that it was held
//!     ▼
//!   Paced              holds sends back; what it holds too long was not sent
//!     ▼
//!   Recording          keeps what really went out
//!     ▼
//!   signing, audit     the last to change a request
//!     ▼
//!   ReqwestTransport   claims SendOnce, and puts one copy on the wire
//!   or TowerTransport
//! ```
//!
//! Don't add a layer that retries: it can't know what became of the previous copy. [`SendOnce`] makes one that gets in
//! through a `tower` stack harmless: the transport claims it, and the client revokes it when the attempt is over, so
//! that neither a second copy nor one that was left behind gets through.
//!
//! # In tests
//!
//! | Transport | Feature | |
//! |---|---|---|
//! | `Scripted` | `test-util` | responds in order or by matching requests, and keeps the requests |
//! | `Never`, `Failing` | `test-util` | never responds; always fails in one way |
//! | `Recording`, `Replay` | `test-util` | keeps real exchanges in a file, scrubbed, and replays them |
//! | `MockTransport` | `mock` | mockall's, for expectations |
//!
//! # Features
//!
//! | Feature | Adds | Default |
//! |---|---|---|
//! | `reqwest` | `ReqwestTransport`: reqwest over rustls with *ring* and the machine's own certificate roots | yes |
//! | `http2` | `ReqwestTransportBuilder::http2`, to offer HTTP/2 | no |
//! | `tower` | `TowerTransport` and `TransportService`: any service of HTTP requests as a transport, and the other way round | no |
//! | `pacing` | `Paced`: WhatsApp's limits for each sender and each pair | no |
//! | `file` | `FileSource`: a file on disk as a body, read while it is sent, inside a tokio runtime | no |
//! | `test-util` | `Scripted`, `Never`, `Failing`, `Recording`, `Replay` | no |
//! | `conformance` | `conformance`: the suite for transports | no |
//! | `mock` | `MockTransport`, made by mockall | no |
//!
//! Without features the crate is the trait and its types, and does no I/O. A feature only adds.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod body;
#[cfg(any(feature = "conformance", feature = "reqwest", feature = "tower"))]
mod causes;
mod clock;
#[cfg(feature = "conformance")]
#[cfg_attr(docsrs, doc(cfg(feature = "conformance")))]
pub mod conformance;
#[cfg(feature = "test-util")]
mod doubles;
mod error;
mod limit;
mod loopback;
#[cfg(feature = "mock")]
mod mock;
mod operation;
#[cfg(feature = "pacing")]
mod pacing;
mod recipient_key;
#[cfg(feature = "reqwest")]
mod reqwest_transport;
mod response;
mod send_once;
#[cfg(feature = "tower")]
mod tower;
mod transport;

pub use async_trait::async_trait;
pub use {bytes, http};

#[cfg(feature = "file")]
#[cfg_attr(docsrs, doc(cfg(feature = "file")))]
pub use crate::body::FileSource;
pub use crate::body::{Body, BodyReader, ChunkStream, Source};
pub use crate::clock::{Clock, SystemClock};
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
pub use crate::doubles::{
    Cassette, CassetteError, Exchange, Failing, Never, RecordedBody, RecordedOutcome,
    RecordedResponse, Recording, Replay, Scripted, Scrubber, When,
};
pub use crate::error::{Phase, TransportError, TransportErrorKind};
pub use crate::loopback::is_loopback;
#[cfg(feature = "mock")]
#[cfg_attr(docsrs, doc(cfg(feature = "mock")))]
pub use crate::mock::MockTransport;
pub use crate::operation::{Operation, OperationClass};
#[cfg(feature = "pacing")]
#[cfg_attr(docsrs, doc(cfg(feature = "pacing")))]
pub use crate::pacing::{Held, Paced};
pub use crate::recipient_key::RecipientKey;
#[cfg(feature = "reqwest")]
#[cfg_attr(docsrs, doc(cfg(feature = "reqwest")))]
pub use crate::reqwest_transport::{BuildError, ReqwestTransport, ReqwestTransportBuilder};
pub use crate::response::{Response, ResponseBody, read_whole};
pub use crate::send_once::{Claim, SendOnce};
#[cfg(feature = "tower")]
#[cfg_attr(docsrs, doc(cfg(feature = "tower")))]
pub use crate::tower::{TowerTransport, TransportService};
pub use crate::transport::{Request, Transport};
