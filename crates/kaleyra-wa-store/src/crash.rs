//! Places where a test can have the process killed, to see what is left.

/// Names a place where a test can have the process killed.
///
/// Without the feature `crash-points` it does nothing. With it, `KWA_CRASH=name:n` in the environment has the process
/// kill itself by `SIGKILL` when it comes by the place of that name for the `n`th time.
#[macro_export]
macro_rules! crash_point {
    ($name:literal) => {
        $crate::crash::reach($name)
    };
}

/// What [`crash_point!`] calls.
#[doc(hidden)]
#[cfg(not(all(feature = "crash-points", unix)))]
#[inline(always)]
pub const fn reach(_: &'static str) {}

/// What [`crash_point!`] calls.
#[doc(hidden)]
#[cfg(all(feature = "crash-points", unix))]
pub fn reach(name: &'static str) {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    use rustix::process::{Signal, getpid, kill_process};

    /// The place, and how often it may still be passed.
    static PLAN: LazyLock<Option<(String, AtomicU32)>> = LazyLock::new(|| {
        let plan = std::env::var("KWA_CRASH").ok()?;
        let (name, times) = plan.rsplit_once(':')?;
        Some((name.to_owned(), AtomicU32::new(times.parse().ok()?)))
    });

    let Some((planned, left)) = PLAN.as_ref() else {
        return;
    };
    if planned == name && left.fetch_sub(1, Ordering::SeqCst) == 1 {
        let _ = kill_process(getpid(), Signal::KILL);
        // The signal is on its way, and this thread must do nothing more.
        loop {
            std::thread::park();
        }
    }
}
