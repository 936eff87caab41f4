//! Callbacks that several receivers take on one NATS server, beside what the server itself acknowledges.

use crate::cargo::{cargo, run as show, target_dir};

/// Measures it on a server of its own, by the test that has all of it running already.
///
/// # Errors
/// What failed first, in one line or with the program's own words.
pub(super) fn run() -> Result<(), String> {
    let mut command = cargo([
        "test",
        "--profile",
        "quick",
        "--package",
        "kaleyra-wa-store-nats",
        "--all-features",
        "--test",
        "it",
        "--",
        "--exact",
        "load::receivers_take_callbacks_as_fast_as_the_server_acknowledges",
        "--nocapture",
    ]);
    command.env("KWA_REQUIRE_NATS", "1");
    command.env("KWA_LOAD", "10");
    show(command.env("CARGO_TARGET_DIR", target_dir()))
}
