//! The webhook over real sockets.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests are tests"
)]

mod answers;
mod bodies;
mod fixtures;
mod handling;
#[cfg(unix)]
mod many;
mod receiver;
mod server;
mod service;
mod shutdown;
mod silence;
mod slow;
