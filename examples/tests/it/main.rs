//! Runs every example as a process of its own against a simulated Kaleyra, as its reader would.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod bots;
mod programs;
mod stage;
mod table;
