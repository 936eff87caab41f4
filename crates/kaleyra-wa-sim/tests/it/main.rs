//! The simulator over real sockets.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers included"
)]

mod callbacks;
mod control;
mod faults;
mod messages;
mod wire;
