//! The store on a real server, which each test starts on a free port with a folder of its own.

#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "helpers of tests are tests, which say what they skip"
)]

mod campaigns;
mod child;
mod cluster;
mod conformance;
mod cut;
mod example;
mod keys;
mod load;
mod lost;
mod moving;
mod paused;
mod pooler;
mod pools;
mod proxy;
mod races;
mod refusals;
mod retention;
mod sample;
mod secure;
mod server;
mod sharing;
mod trips;
