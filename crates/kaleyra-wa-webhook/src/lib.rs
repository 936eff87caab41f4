//! Parse, verify and serve the callbacks of Kaleyra's WhatsApp Business API V2.
//!
//! A callback is acknowledged only when it is kept:
//!
//! ```text
//!  Kaleyra ── POST ──► your TLS proxy
//!                          │ HTTP/1.1
//!   serve, Server          ▼          header, body and write timeouts, connection limit, drain deadline
//!  ┌───────────────────────────────┐
//!  │ WebhookService                ├─► 200 health path · token endpoint · Meta's challenge
//!  │   Receiver::check_head ───────┼─► 405 no callback's method · 401 by the head · 415 surely no JSON
//!  │   read the body ──────────────┼─► 413 over the cap · 408 too slow
//!  │   Receiver::receive           │
//!  │   ├─ Verifier ────────────────┼─► 401, always the same
//!  │   └─ Callback::from_slice ────┼─► 400 not a JSON object
//!  │        │                      │
//!  │        ▼ ReceivedCallback             │   raw bytes, callback, received_at
//!  │   Sink::accept ───────────────┼─► 503 + Retry-After: it can't be kept now, or not in time
//!  │        │ kept                 │
//!  └────────┼──────────────────────┘
//!           ▼
//!          200
//! ```
//!
//! An unknown event, or one whose shape is not the documented one, is data and not an error:
//! refusing it would make the sender repeat it forever, with its intact siblings.
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
//! // A full queue responds with 503: the callback is its sender's to post again.
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
//! # Handling events
//!
//! A [`MemorySink`] has the events of each delivery handled: those of one conversation in order, conversations side by
//! side, each event independently of the others.
//!
//! ```text
//!            ReceivedCallback                 its events: all are queued, or none
//!               │
//!  full, closed ▼
//!  503 ◄─── MemorySink ─── known ──► left out: the same key is queued, or was handled lately
//!               │ queued: 200
//!               ▼                     a lane for each conversation, first come, first served
//!   919800000001 ▏▏▏   IN.4711 ▏   (none) ▏
//!               │
//!               ▼                     as many workers as lanes have something to do, up to a limit
//!            Handler ─── Ok ────────► done with; the key is remembered for a while
//!               │ error, panic, timeout
//!               ▼
//!            once more? ─── yes ────► the lane rests for a while, others go on
//!               │ no: the last attempt, not worth one, or something may have been sent
//!               ▼
//!          on_dead_letter             the lane goes on with its next
//! ```
//!
//! A [`Router`] is a handler with a route for each kind of event:
//!
//! ```
//! use std::time::{Duration, SystemTime};
//!
//! use kaleyra_wa_webhook::{ReceivedCallback, MemorySink, Router, Sink, filter};
//!
//! struct Shop; // holds the client, the database, …
//!
//! impl Shop {
//!     async fn answer(&self, text: &str) -> Result<(), std::io::Error> {
//!         println!("{text}");
//!         Ok(())
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let bot = Router::new(Shop)
//!     .when(filter::text_is("hours"), |hours| {
//!         hours.on_text(async |context, _| context.state.answer("From nine to five.").await)
//!     })
//!     .on_button("book", async |context, tap| {
//!         context.state.answer(&format!("You tapped {:?}.", tap.text)).await
//!     })
//!     .on_text(async |context, text| {
//!         context.state.answer(&format!("You said {}.", text.body)).await
//!     });
//! let sink = MemorySink::builder(bot)
//!     .on_dead_letter(async |letter| eprintln!("given up: {}", letter.failure))
//!     .build();
//!
//! // `WebhookService::new(receiver, sink.clone())` does this with what comes in:
//! let body = r#"{"meta_object": {"field": "messages", "value": {"messages": [
//!     {"from": "919800000001", "id": "wamid.A", "type": "text", "text": {"body": "Hours"}}
//! ]}}}"#;
//! sink.accept(ReceivedCallback::from_raw(body.into(), SystemTime::now())?).await?;
//!
//! // When the server has ended:
//! sink.shutdown(Duration::from_secs(10)).await?;
//! # Ok(())
//! # }
//! ```
//!
//! ## What is safe from what
//!
//! | where it is | a failing handler | a full queue | a shutdown | **a crash, a kill, a power cut** |
//! |---|---|---|---|---|
//! | on its way, until the 200 | – | 503: its sender has it | no response: its sender has it | no response: its sender has it |
//! | in the `MemorySink`, after the 200 | tried again, then a dead letter | – | handled, or a dead letter, or handed back | **lost** |
//! | in a sink that keeps it on disk | the same | – | kept | kept |
//!
//! What got no 200 is Kaleyra's to post again. Its pages don't say that it does so by itself; its console has *Re-trigger a Failed Request*.
//!
//! **What is in memory when the process dies is lost**: its sender got a 200 and won't send it again. That is at most
//! [`max_events`](MemorySinkBuilder::max_events). Where that is too much, the sink has to store a delivery before it
//! accepts it, which is what the [`Sink`] trait asks for: the crate `kaleyra-wa-inbox` has one, in a file, with the same
//! handlers.
//!
//! An event is handled again after an error, but not by itself where a message may have gone out, after a timeout or after
//! a panic: see [what is tried again](MemorySinkBuilder#what-is-tried-again).
//!
//! ## Logs and metrics
//!
//! Each attempt has a `tracing` span named `event` with the kind, the type and the attempt, and Kaleyra's `trace_id` and
//! `waba_id`. With the feature `metrics` there are these figures over the facade of that name, with the label `kind`:
//!
//! | | |
//! |---|---|
//! | `kaleyra_wa_webhook_handler_seconds` | histogram of attempts; also by `outcome`: `ok`, `error`, `panic`, `timeout` |
//! | `kaleyra_wa_webhook_events_handled_total` | events that are finished |
//! | `kaleyra_wa_webhook_events_retried_total` | attempts that failed, and will be followed by another |
//! | `kaleyra_wa_webhook_events_dead_lettered_total` | events that were given up |
//! | `kaleyra_wa_webhook_events_duplicate_total` | duplicates that were left out |
//! | `kaleyra_wa_webhook_queue_events` | gauge of the events in the queue, without a label |
//!
//! # The pieces
//!
//! Each is useful without those below it:
//!
//! | | |
//! |---|---|
//! | [`ReceivedCallback`] | a callback as it was received |
//! | [`Verifier`] and [those that there are](#is-it-kaleyra) | whether the caller really is Kaleyra |
//! | [`Receiver`] | head and body in, delivery or [`Rejection`] out; no I/O, no runtime, for any framework |
//! | [`Sink`], [`sink_fn`] | where deliveries go |
//! | [`IncomingEvent`], [`Handler`], [`handler_fn`] | one event, and what is done about it |
//! | [`Router`], [`filter`] | a handler with a route for each kind of event |
//! | [`MemorySink`] | holds events in memory and has them handled |
//! | [`Runner`] | one attempt to handle an event, for a sink of your own |
//! | [`WebhookService`] | all of these as a hyper and a tower service |
//! | [`Server`], [`serve()`] | the service on a TCP listener |
//!
//! # Is it Kaleyra?
//!
//! Kaleyra signs nothing, so anybody who finds the URL could post. What it can do is in the
//! callback profile, and decides which [`Verifier`] fits:
//!
//! | | Takes | For |
//! |---|---|---|
//! | [`SharedHeader`] | a secret in a header | the usual case: a custom header of the profile |
//! | [`Basic`] | username and password | a profile with basic authentication |
//! | [`TokenIssuer`] | a token that it issued before, for an hour | a profile with advanced authentication |
//! | [`Bearer`] | a fixed token | a gateway of your own in front |
//! | [`SecretPath`] | a path that is hard to guess | where only the address can be set; it gets into logs |
//! | [`SourceAddresses`] | certain networks | beside a secret, never instead of one |
//! | `HmacSha256` (feature `hmac`) | a signature over the body | callbacks directly from Meta, with [`MetaChallenge`]; it opens their envelope |
//! | [`any_of`], [`all_of`] | what one, or each, of several takes | migrating from one to another; two checks at once |
//!
//! Those with a secret take several at a time, for rotation, and compare in constant time. What they
//! expect is in no log, no response and no `Debug`. Whatever is wrong, the response is the same 401.
//!
//! Without a verifier there is only [`Receiver::dangerously_unverified`]. This compiles,
//!
//! ```
//! use kaleyra_wa_webhook::{Bearer, Receiver};
//!
//! let receiver = Receiver::new(Bearer::new("a-long-random-text")?);
//! # Ok::<(), kaleyra_wa_webhook::InvalidSecret>(())
//! ```
//!
//! and without what makes it safe it doesn't:
//!
//! ```compile_fail,E0061
//! use kaleyra_wa_webhook::{Bearer, Receiver};
//!
//! let receiver = Receiver::new();
//! # Ok::<(), kaleyra_wa_webhook::InvalidSecret>(())
//! ```
//!
//! ```compile_fail,E0599
//! use kaleyra_wa_webhook::{Bearer, Receiver};
//!
//! let receiver = Receiver::default();
//! # Ok::<(), kaleyra_wa_webhook::InvalidSecret>(())
//! ```
//!
//! # By GET
//!
//! Kaleyra reports a number's rating and limit by a GET to the URL for incoming messages, with
//! all of it in the query, and of templates and their files where the profile says so. It is verified,
//! becomes a [`ReceivedCallback`] ([`ReceivedCallback::from_query`]) and goes to the sink like the others. Every other
//! GET is a 405, but for [`health_path`](WebhookService::health_path) and, if wanted, Meta's challenge:
//! a profile for messages must have POST as its HTTP method. Raw quotes and spaces in a query, as in
//! Kaleyra's own sample, are repaired by [`Server`]; another server may refuse them before they come here.
//!
//! PUT counts as POST. HEAD and OPTIONS get a response and deliver nothing.
//!
//! # In another server
//!
//! [`WebhookService`] is a service for hyper and, through tower, for axum. In an application that is
//! there already, it is one more route:
//!
#![cfg_attr(feature = "tower", doc = "```no_run")]
#![cfg_attr(not(feature = "tower"), doc = "```ignore")]
//! use std::sync::Arc;
//! use std::time::Duration;
//!
//! use axum::extract::State;
//! use axum::routing::get;
//! // Both have a `Router`.
//! use kaleyra_wa_webhook::{MemorySink, Receiver, Router as Bot, SharedHeader, WebhookService};
//!
//! struct App {
//!     name: String,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let app = Arc::new(App { name: "The shop".to_owned() });
//!
//! // Its handlers share the state of the application.
//! let bot = Bot::new(app.clone()).on_text(async |context, text| {
//!     println!("{} received: {}", context.state.name, text.body);
//! });
//! let sink = MemorySink::builder(bot)
//!     .on_dead_letter(async |letter| eprintln!("given up: {}", letter.failure))
//!     .build();
//! let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", "a long random text")?);
//!
//! let routes = axum::Router::new()
//!     .route("/", get(async |State(app): State<Arc<App>>| app.name.clone()))
//!     .route("/healthz", get(|| async { "ok" }))
//!     .route_service("/callbacks", WebhookService::new(receiver, sink.clone()))
//!     .with_state(app);
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
//! axum::serve(listener, routes)
//!     .with_graceful_shutdown(async { drop(tokio::signal::ctrl_c().await) })
//!     .await?;
//! // First the server, whose last callbacks are in the sink by now.
//! sink.shutdown(Duration::from_secs(10)).await?;
//! # Ok(())
//! # }
//! ```
//!
//! * **Every method has to arrive**, so `route_service` and not `post_service`: see [by GET](#by-get).
//! * `route_service` passes one path on: the [`health_path`](WebhookService::health_path) is another,
//!   so it is a route of the application. `nest_service("/hooks", …)` takes every path below `/hooks`,
//!   and serves `/hooks/healthz` too.
//! * A layer that limits bodies or time is yours to set: the service has its own
//!   [limit](WebhookService::body_limit) and [time](WebhookService::body_timeout) for a body. What
//!   [`Server`] adds, time limits for headers and responses, a limit for connections and a deadline for
//!   the shutdown, `axum::serve` has not; a proxy in front may have it.
//! * [`SourceAddresses`] needs a [`PeerAddress`]: the repository's `examples/axum_app.rs` has the layer that tells it.
//!
//! With the feature `axum` a [`ReceivedCallback`] can be the argument of a handler as well. In anything else,
//! `check_head` and `receive` of the [`Receiver`] and [`Rejection::to_response`] are all that is needed.
//!
//! # Features
//!
//! | | Default | Adds |
//! |---|---|---|
//! | `tower` | yes | [`WebhookService`] as a `tower_service::Service` |
//! | `axum` | | [`ReceivedCallback`] as an axum extractor, [`Rejection`] as an axum response |
//! | `hmac` | | `HmacSha256` |
//! | `metrics` | | the figures of the service below, and [those of handlers](#logs-and-metrics) |
//!
//! # What is observed
//!
//! Each callback has a `tracing` span, see [`WebhookService`]. With the feature `metrics`, these go to
//! the recorder that the application installed for the [`metrics`](https://docs.rs/metrics) facade:
//!
//! | Metric | Kind | Labels | Counts |
//! |---|---|---|---|
//! | `kaleyra_wa_webhook_deliveries_total` | counter | `status` | requests, by the status of the response; not health, tokens and challenges |
//! | `kaleyra_wa_webhook_delivery_duration_seconds` | histogram | `status` | from the head of a request to its response |
//! | `kaleyra_wa_webhook_events_total` | counter | `kind` | events that the sink accepted: `message`, `status`, `error`, `field`, `other` |
//! | `kaleyra_wa_webhook_unknown_fields_total` | counter | | fields that this version doesn't know, in what the sink accepted |
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
//!         proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;  # for SourceAddresses
//!         proxy_next_upstream off;          # one POST in, one POST out
//!     }
//! }
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod guard;
mod handle;
mod limits;
mod memory;
mod observe;
mod receive;
mod route;
mod run;
mod serve;
mod sink;
mod verify;
mod with_timeout;

pub use async_trait::async_trait;
pub use kaleyra_wa_types as types;
pub use {bytes, http};

pub use crate::handle::{
    ConversationKey, Handled, Handler, HandlerError, HandlerFn, IncomingEvent, done, handler_fn,
};
pub use crate::memory::{Depth, MemorySink, MemorySinkBuilder, Unfinished};
pub use crate::receive::{ReceivedCallback, Receiver, Rejection};
pub use crate::route::{
    ButtonTap, Context, Filter, IncomingMedia, MalformedEvent, MessageContext, Router,
    StatusUpdate, filter,
};
pub use crate::run::{Attempt, DeadLetter, HandlerFailure, Runner};
pub use crate::serve::{Server, WebhookService, serve};
pub use crate::sink::{Sink, SinkError, SinkFn, sink_fn};
#[cfg(feature = "hmac")]
pub use crate::verify::HmacSha256;
pub use crate::verify::{
    AccessToken, AllOf, AnyOf, Basic, Bearer, InvalidNetwork, InvalidSecret, MetaChallenge,
    PeerAddress, SecretPath, SharedHeader, SourceAddresses, TokenIssuer, Unverified, Verdict,
    Verifier, all_of, any_of,
};
