//! Any bytes as a response.

#![no_main]

#[allow(dead_code, reason = "the other targets check the other laws")]
#[path = "../../crates/kaleyra-wa-types/tests/it/laws/law.rs"]
mod law;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| law::response(bytes));
