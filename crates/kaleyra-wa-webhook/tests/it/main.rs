//! The webhook over real sockets.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests are tests"
)]

mod bad_input;
mod bodies;
mod fixtures;
mod gets;
mod handling;
#[cfg(unix)]
mod many;
#[cfg(feature = "metrics")]
mod metrics;
#[cfg(feature = "axum")]
mod mounted;
mod receiver;
mod responses;
mod server;
mod service;
mod shutdown;
mod silence;
mod slow;
mod unauthenticated;
mod verifiers;
