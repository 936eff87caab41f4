//! Parse, verify and serve the callbacks of Kaleyra's WhatsApp Business API V2.
//!
//! A callback is acknowledged only when it is kept:
//!
//! ```text
//!  Kaleyra ── POST ──► your TLS proxy
//!                          │ HTTP/1.1
//!   serve, Server          ▼          header and body timeouts, connection limit, drain deadline
//!  ┌───────────────────────────────┐
//!  │ WebhookService                │
//!  │   Receiver::check_head ───────┼─► 405 not a POST · 401 by the head: the body is not read
//!  │   read the body ──────────────┼─► 413 over the cap · 408 too slow
//!  │   Receiver::receive           │
//!  │   ├─ Verifier ────────────────┼─► 401, always the same
//!  │   └─ Callback::from_slice ────┼─► 400 not a JSON object
//!  │        │                      │
//!  │        ▼ Delivery             │   raw bytes, callback, received_at
//!  │   Sink::accept ───────────────┼─► 503 + Retry-After: it can't be kept now, or not in time
//!  │        │ kept                 │
//!  └────────┼──────────────────────┘
//!           ▼
//!          200
//! ```
//!
//! An unknown event, and one that has another shape than documented, is data and not an error: to
//! refuse it would have it sent again for ever, with its healthy siblings.
//!
//! # A receiver
//!
//! It listens, is called once as Kaleyra would, and stops:
//!
//! ```
//! use kaleyra_wa_webhook::{Receiver, SharedHeader, SinkError, WebhookService, serve, sink_fn};
//! use tokio::io::{AsyncReadExt, AsyncWriteExt};
//! use tokio::net::{TcpListener, TcpStream};
//! use tokio::sync::{mpsc, oneshot};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Kaleyra sends this header if the callback profile has it as a custom header.
//! let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", "a long random text")?);
//!
//! // A full queue answers 503, and the callback comes again.
//! let (queue, mut deliveries) = mpsc::channel(100);
//! let sink = sink_fn(move |delivery| {
//!     let accepted = queue.try_send(delivery).map_err(|_| SinkError::new("the queue is full"));
//!     async { accepted }
//! });
//!
//! let listener = TcpListener::bind("127.0.0.1:0").await?;
//! let address = listener.local_addr()?;
//! let (stop, stopped) = oneshot::channel::<()>();
//! let server = tokio::spawn(serve(listener, WebhookService::new(receiver, sink), async {
//!     stopped.await.ok(); // or tokio::signal::ctrl_c()
//! }));
//!
//! let body = r#"{"meta_object": {"field": "messages", "value": {"messages": [
//!     {"from": "919800000001", "id": "wamid.A", "type": "text", "text": {"body": "Is it in stock?"}}
//! ]}}}"#;
//! let mut client = TcpStream::connect(address).await?;
//! let request = format!(
//!     "POST / HTTP/1.1\r\nhost: localhost\r\nx-kaleyra-secret: a long random text\r\n\
//!      content-length: {}\r\nconnection: close\r\n\r\n{body}",
//!     body.len(),
//! );
//! client.write_all(request.as_bytes()).await?;
//! let mut answer = String::new();
//! client.read_to_string(&mut answer).await?;
//! assert!(answer.starts_with("HTTP/1.1 200 OK"));
//!
//! let delivery = deliveries.recv().await.ok_or("no delivery")?;
//! assert_eq!(delivery.events().next().map(|event| event.type_name()), Some("text"));
//!
//! stop.send(()).ok();
//! server.await??;
//! # Ok(())
//! # }
//! ```
//!
//! # The pieces
//!
//! Each is of use without those below it:
//!
//! | | |
//! |---|---|
//! | [`Delivery`] | a callback as it was received |
//! | [`Verifier`], [`SharedHeader`] | is it really Kaleyra that calls? |
//! | [`Receiver`] | head and body in, delivery or [`Rejection`] out; no I/O, no runtime, for any framework |
//! | [`Sink`], [`sink_fn`] | where deliveries go |
//! | [`WebhookService`] | all of these as a hyper service |
//! | [`Server`], [`serve()`] | the service on a TCP listener |
//!
//! Kaleyra signs nothing, so a receiver wants a [`Verifier`]; without one there is only
//! [`Receiver::dangerously_unverified`]:
//!
//! ```compile_fail
//! let receiver = kaleyra_wa_webhook::Receiver::new();
//! ```
//!
//! ```compile_fail
//! let receiver = kaleyra_wa_webhook::Receiver::default();
//! ```
//!
//! # TLS
//!
//! The server speaks plain HTTP, and the shared secret travels in a header: put it behind a proxy
//! that ends TLS, on the same machine or in a network that you trust, and let it listen on loopback
//! or on that network alone. With Caddy the whole configuration is
//!
//! ```text
//! hooks.example.com {
//!     reverse_proxy 127.0.0.1:8080
//! }
//! ```
//!
//! and with nginx
//!
//! ```text
//! server {
//!     listen 443 ssl;
//!     server_name hooks.example.com;
//!     ssl_certificate     /etc/ssl/hooks.example.com.pem;
//!     ssl_certificate_key /etc/ssl/hooks.example.com.key;
//!     client_max_body_size 3m;              # its own default, 1 MB, is below Meta's batches
//!     location / {
//!         proxy_pass http://127.0.0.1:8080;
//!         proxy_next_upstream off;          # one POST in, one POST out
//!     }
//! }
//! ```

mod observe;
mod receive;
mod serve;
mod sink;
mod verify;

pub use async_trait::async_trait;
pub use kaleyra_wa_types as types;
pub use {bytes, http};

pub use crate::receive::{Delivery, Receiver, Rejection};
pub use crate::serve::{Server, WebhookService, serve};
pub use crate::sink::{Sink, SinkError, SinkFn, sink_fn};
#[cfg(feature = "hmac")]
pub use crate::verify::HmacSha256;
pub use crate::verify::{
    AccessToken, AllOf, AnyOf, Basic, Bearer, InvalidNetwork, InvalidSecret, MetaChallenge,
    PeerAddress, SecretPath, SharedHeader, SourceAddresses, TokenIssuer, Unverified, Verdict,
    Verifier, all_of, any_of,
};
