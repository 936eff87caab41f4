//! The callbacks under `tests/fixtures`: the three documented shapes, with invented people.

use std::path::Path;

use serde_json::Value;

/// A callback as parsed JSON.
pub(crate) fn callback(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/callbacks")
        .join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}
