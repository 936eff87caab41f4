//! Models as bytes.

use serde::Serialize;

/// Writes a model into a buffer that has room for so many bytes: as a rule it is then neither moved nor left half empty.
pub(crate) fn to_vec<T: Serialize>(model: &T, room: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(room);
    if let Err(error) = serde_json::to_writer(&mut bytes, model) {
        // Members of models are named by texts, and a buffer takes whatever it is given.
        unreachable!("a model that is no JSON: {error}");
    }
    bytes
}
