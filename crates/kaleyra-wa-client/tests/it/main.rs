//! Tests of the client, against doubles and over real sockets.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers included"
)]

mod failures;
mod fixtures;
mod references;
mod retries;
mod secrets;
mod send_each;
#[cfg(feature = "reqwest")]
mod server;
#[cfg(feature = "reqwest")]
mod sockets;
mod unsent;
mod verdicts;
mod wire;
