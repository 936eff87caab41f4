//! Models as bytes.

use serde::Serialize;

/// Writes a model into a buffer that has room for so many bytes: as a rule it is then neither moved nor left half empty.
pub(crate) fn to_vec<T: Serialize>(model: &T, room: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(room);
    if let Err(error) = serde_json::to_writer(&mut bytes, model) {
        // It fails on a map whose keys are no texts, on a `Serialize` that gives up, and where the writer does: there is none
        // of the three.
        unreachable!("a model that is no JSON: {error}");
    }
    bytes
}
