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

mod child;
mod conformance;
mod cut;
mod example;
mod full;
mod kills;
mod load;
mod memory;
mod moving;
mod paused;
mod post;
mod proxy;
mod restarts;
mod retention;
mod sample;
mod secure;
mod server;
mod sharing;
mod three;
mod versions;
