//! Tests of the client, against doubles and over real sockets.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers included"
)]

#[cfg(feature = "reqwest")]
mod bad_servers;
mod blocklist;
#[cfg(feature = "reqwest")]
mod copies;
mod failures;
mod fixtures;
#[cfg(feature = "reqwest")]
mod management;
#[cfg(all(feature = "reqwest", feature = "tokio"))]
mod media;
#[cfg(feature = "metrics")]
mod metrics;
mod phone_number_details;
mod references;
mod retries;
mod secrets;
mod send_each;
#[cfg(feature = "reqwest")]
mod server;
#[cfg(feature = "reqwest")]
mod sockets;
mod spans;
#[cfg(feature = "reqwest")]
mod template_store;
mod unsent;
mod verdicts;
mod wire;
