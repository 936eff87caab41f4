//! The crates together, over real sockets: a simulated Kaleyra, the webhook, the client.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod bot;
mod fault_server;
mod fixtures;
mod layers;
mod main_job;
mod never_twice;
mod paced;
mod send_once;
mod shop;
mod template_sends;
mod templates;
