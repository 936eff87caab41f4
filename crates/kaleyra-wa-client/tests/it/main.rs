//! Tests of the client, against doubles and over real sockets.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers included"
)]

mod failures;
mod fixtures;
#[cfg(all(feature = "reqwest", feature = "tokio"))]
mod media;
mod references;
mod retries;
mod secrets;
#[cfg(feature = "reqwest")]
mod server;
#[cfg(feature = "reqwest")]
mod sockets;
mod unsent;
mod verdicts;
mod wire;
