//! How long a file may take on its way.

use std::time::Duration;

/// What a slow start is given.
const GRACE: Duration = Duration::from_secs(30);

/// The slowest that is waited for, in bytes per second.
const SLOWEST: u64 = 64 * 1024;

/// What so many bytes may take: 30 s, and a second more per 64 KiB.
pub(crate) fn time_for(bytes: u64) -> Duration {
    GRACE.saturating_add(Duration::from_secs(bytes / SLOWEST))
}
