//! Any bytes: what is JSON for the reader is so for `serde_json`, the stated leniencies apart.

#![no_main]

#[path = "../../crates/kaleyra-wa-types/tests/it/laws/agreement.rs"]
mod agreement;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| agreement::agrees(bytes));
