//! The HTTP seam of kaleyra-wa: one trait between the client and the network.
//!
//! ```text
//!   kaleyra-wa-client                    knows messages, errors, when to repeat
//!         │  Request  = http::Request<Body>    + Operation in its extensions
//!         ▼
//!   dyn Transport                        carries one request once, says how far it got
//!         │  Response = http::Response<ResponseBody>  or TransportError { phase, kind, … }
//!         ▼
//!   ReqwestTransport · MockTransport · yours
//! ```
//!
//! - [`Transport`] is the trait, [`Request`] and [`Response`] what goes through it.
//! - [`TransportError`] says **how far the request got** ([`Phase`]): a caller that must not send a
//!   message twice decides by that, and by nothing else.
//! - [`Operation`] is what the client tells a transport about the request: a name to log, and
//!   whether a second copy would do harm.
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
//!     Body, Operation, Phase, Request, Response, Transport, TransportError, TransportErrorKind, async_trait, http,
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
//! /// Stands for your HTTP stack: it can connect to one host, which accepts everything.
//! struct Stack;
//!
//! #[async_trait]
//! impl Transport for Stack {
//!     async fn execute(&self, request: Request) -> Result<Response, TransportError> {
//!         if request.uri().host() != Some("api.example") {
//!             // Not one byte has left, and only then may it be this phase: it says that a second try is safe.
//!             return Err(TransportError::new(Phase::Connect, TransportErrorKind::Connect));
//!         }
//!         let mut response = Response::new(r#"{"code":"WA202"}"#.into());
//!         *response.status_mut() = http::StatusCode::ACCEPTED;
//!         Ok(response)
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
//! What an implementation promises is written at [`Transport`].
//!
//! # Features
//!
//! | Feature | Adds | Default |
//! |---|---|---|
//! | `reqwest` | `ReqwestTransport`: reqwest over rustls with *ring* and the machine's own certificate roots | yes |
//! | `file` | `FileSource`: a file on disk as a body, read while it is sent, inside a tokio runtime | no |
//! | `mock` | `MockTransport`, made by mockall | no |
//!
//! Without features the crate is the trait and its types, and does no I/O.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod body;
#[cfg(any(feature = "conformance", feature = "reqwest", feature = "tower"))]
mod causes;
#[cfg(feature = "conformance")]
#[cfg_attr(docsrs, doc(cfg(feature = "conformance")))]
pub mod conformance;
#[cfg(feature = "test-util")]
mod doubles;
mod error;
#[cfg(any(feature = "conformance", feature = "tower"))]
mod limit;
mod loopback;
#[cfg(feature = "mock")]
mod mock;
mod operation;
#[cfg(feature = "pacing")]
mod pacing;
mod recipient;
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
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
pub use crate::doubles::{
    Cassette, CassetteError, Exchange, Failing, Never, RecordedAnswer, RecordedBody,
    RecordedOutcome, Recording, Replay, Scripted, Scrubber, When,
};
pub use crate::error::{Phase, TransportError, TransportErrorKind};
pub use crate::loopback::is_loopback;
#[cfg(feature = "mock")]
#[cfg_attr(docsrs, doc(cfg(feature = "mock")))]
pub use crate::mock::MockTransport;
pub use crate::operation::{Class, Operation};
#[cfg(feature = "pacing")]
#[cfg_attr(docsrs, doc(cfg(feature = "pacing")))]
pub use crate::pacing::{Held, PaceClock, Paced, SystemClock};
pub use crate::recipient::Recipient;
#[cfg(feature = "reqwest")]
#[cfg_attr(docsrs, doc(cfg(feature = "reqwest")))]
pub use crate::reqwest_transport::{BuildError, ReqwestTransport, ReqwestTransportBuilder};
pub use crate::response::{Response, ResponseBody, whole};
pub use crate::send_once::{Claim, SendOnce};
#[cfg(feature = "tower")]
#[cfg_attr(docsrs, doc(cfg(feature = "tower")))]
pub use crate::tower::{TowerTransport, TransportService};
pub use crate::transport::{Request, Transport};
