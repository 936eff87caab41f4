//! Names that are not given twice.

use std::sync::atomic::{AtomicU64, Ordering};

/// A token of 32 letters and digits, for a subject.
pub(crate) fn token() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let mut bytes = [0; 8];
    if getrandom::fill(&mut bytes).is_err() {
        // Without randomness, the process, the time and a number tell it from others.
        let now = std::time::SystemTime::UNIX_EPOCH.elapsed();
        let nanos = now.map_or(0, |now| now.as_nanos() as u64);
        bytes = (nanos ^ u64::from(std::process::id()).rotate_left(40)).to_be_bytes();
    }
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("{:016x}{number:016x}", u64::from_be_bytes(bytes))
}
