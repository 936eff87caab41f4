//! Tests of the outbox as an application uses it: a real store, real HTTP, the simulator at the other end.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails panics"
)]

#[cfg(unix)]
mod attempts;
mod campaigns;
#[cfg(all(unix, feature = "crash-points"))]
mod crashes;
#[cfg(all(unix, feature = "metrics"))]
mod figures;
#[cfg(unix)]
mod kills;
mod model;
mod queueing;
#[cfg(unix)]
mod server;
mod support;
mod troubles;
#[cfg(unix)]
mod wishes;
