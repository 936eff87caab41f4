//! The simulator over real sockets.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers included"
)]

mod blocked_users;
mod callbacks;
mod control;
mod faults;
mod hosts;
mod inbound_media;
mod late_webhook;
mod messages;
mod phone_number_details;
mod uploads;
mod wire;
