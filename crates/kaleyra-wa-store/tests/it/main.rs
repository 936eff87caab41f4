//! The store as an application meets it: real files, real locks.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "helpers of tests are tests, which say what they skip"
)]

#[cfg(feature = "conformance")]
mod conformance;
#[cfg(target_os = "linux")]
mod disks;
mod faults;
mod files;
mod inbox;
mod model;
mod owners;
#[cfg(target_os = "linux")]
mod power;
mod support;
