//! The laws of the models, over the project's own fixtures and, where the folder is there, over recorded payloads.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod callbacks;
mod corpus;
mod fixtures;
mod requests;
mod responses;
