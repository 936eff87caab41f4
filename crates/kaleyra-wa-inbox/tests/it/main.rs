//! The inbox as an application meets it: real files, and what is left after restarts.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "helpers of tests are tests, which say what they skip"
)]

#[cfg(feature = "metrics")]
mod figures;
mod handling;
mod keeping;
#[cfg(unix)]
mod kills;
mod people;
mod restarts;
mod support;
