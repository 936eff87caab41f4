//! The transport against servers that misbehave, and the trait through its doubles.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

#[cfg(feature = "tower")]
mod begun;
mod bodies;
#[cfg(feature = "conformance")]
mod conformance;
#[cfg(feature = "reqwest")]
mod delivery;
mod doubles;
#[cfg(feature = "reqwest")]
mod origin;
#[cfg(feature = "conformance")]
mod own;
#[cfg(feature = "pacing")]
mod pacing;
#[cfg(feature = "reqwest")]
mod proxy;
#[cfg(feature = "test-util")]
mod recordings;
#[cfg(feature = "reqwest")]
mod secrets;
#[cfg(any(feature = "reqwest", feature = "tower"))]
#[cfg_attr(
    not(feature = "reqwest"),
    allow(
        dead_code,
        reason = "most of its faults are for the transport over reqwest"
    )
)]
mod server;
#[cfg(feature = "reqwest")]
mod settings;
#[cfg(feature = "reqwest")]
mod tls;
#[cfg(feature = "tower")]
mod tower;
