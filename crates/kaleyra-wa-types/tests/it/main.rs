//! The laws of the models, over the project's own fixtures and, where the folder is there, over recorded payloads.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod builders;
mod callbacks;
mod corpus;
mod definitions;
mod error_codes;
mod fields;
mod fields_tolerance;
mod fixtures;
mod frozen;
mod inbound;
mod laws;
mod limits;
mod made;
mod messages;
mod outbound;
mod party;
mod phone_numbers;
mod pointers;
mod progress;
mod request_tolerance;
mod requests;
mod responses;
mod same_person;
mod statuses;
mod template_limits;
mod templates;
mod text;
mod tolerance;
