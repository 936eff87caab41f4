//! The simulator over real sockets.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers included"
)]

mod account;
mod blocked_users;
mod bot;
mod callbacks;
mod chat;
mod control;
mod desk;
mod fault_rules;
mod faults;
mod hosts;
#[cfg(feature = "https")]
mod https;
mod inbound_media;
mod late_webhook;
mod layers;
mod messages;
#[cfg(feature = "page")]
mod page;
mod phone_number_details;
mod phones;
mod play;
mod template_rules;
mod template_sends;
mod templates;
mod uploads;
mod wire;
mod wrong_requests;
