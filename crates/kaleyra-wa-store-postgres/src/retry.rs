//! What met a deadlock is tried again, after a pause that differs from that of whoever it met.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

use kaleyra_wa_store::{StoreError, StoreErrorKind};
use tokio::time::sleep;

use crate::db::Outcome;

/// How often it is tried.
const TRIES: u32 = 6;
/// The longest pause after the first try; it doubles with each.
const PAUSE: Duration = Duration::from_millis(10);

/// Runs a transaction, again where it was chosen to give way.
pub(crate) async fn retry<T, F>(mut run: impl FnMut() -> F) -> Outcome<T>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let mut tries = 1;
    loop {
        match run().await {
            Err(error) if error.kind() == StoreErrorKind::Busy && tries < TRIES => {
                sleep(jitter(PAUSE * 2_u32.pow(tries - 1))).await;
                tries += 1;
            }
            outcome => return outcome,
        }
    }
}

/// Some time up to this.
fn jitter(longest: Duration) -> Duration {
    let chance = RandomState::new().build_hasher().finish() % 1_000;
    longest * u32::try_from(chance).unwrap_or(0) / 1_000
}
