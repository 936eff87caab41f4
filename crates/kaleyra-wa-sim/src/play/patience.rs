//! How long a bot is waited for: real time, but only as much of it as the machine could give the bot.

use std::pin::pin;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::time::timeout;

/// Time is counted in steps of this length. One that took longer, since this process itself had no processor or was stopped,
/// counts no more than any other.
const STEP: Duration = Duration::from_millis(20);
/// In how many steps one rests.
const RESTS: u32 = 4;
/// However busy the machine is, this part of the time counts: a silent bot is found out in the end.
const LEAST: f64 = 1.0 / 6.0;

/// Time that is left for a bot.
#[derive(Debug)]
pub(crate) struct Patience {
    left: Duration,
}

impl Patience {
    pub(crate) fn new(left: Duration) -> Self {
        Self { left }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.left.is_zero()
    }

    /// Waits for something; `None` where it takes longer than there is time.
    pub(crate) async fn wait<T>(&mut self, what: impl Future<Output = T>) -> Option<T> {
        self.wait_at_most(Duration::MAX, what).await
    }

    /// The same, but no longer than this.
    pub(crate) async fn wait_at_most<T>(
        &mut self,
        most: Duration,
        what: impl Future<Output = T>,
    ) -> Option<T> {
        let mut what = pin!(what);
        let mut most = most.min(self.left);
        while !most.is_zero() {
            let step = STEP.min(most);
            if let Ok(done) = timeout(step, what.as_mut()).await {
                return Some(done);
            }
            // At least something, or the last bit would be cut in ever smaller parts.
            let counted = step.mul_f64(share()).max(Duration::from_micros(100));
            most = most.saturating_sub(counted);
            self.left = self.left.saturating_sub(counted);
        }
        None
    }
}

/// Sleeps for so long, in a few steps of which each counts as such: not over at once where the process was stopped meanwhile.
pub(crate) async fn rest(how_long: Duration) {
    for _ in 0..RESTS {
        tokio::time::sleep(how_long / RESTS).await;
    }
}

/// Which part of a processor a program gets that wants one: 1 where the system does not tell.
fn share() -> f64 {
    static PROCESSORS: OnceLock<f64> = OnceLock::new();
    let processors = *PROCESSORS
        .get_or_init(|| std::thread::available_parallelism().map_or(1.0, |it| it.get() as f64));
    // Linux has there, fourth, how many programs run or would if they could.
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    running(&load).map_or(1.0, |running| (processors / running).clamp(LEAST, 1.0))
}

/// `0.20 0.18 0.12 17/80 11206`: 17.
fn running(load: &str) -> Option<f64> {
    let running = load.split_ascii_whitespace().nth(3)?.split('/').next()?;
    running.parse().ok().filter(|it| *it > 0.0)
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_ends_in_time_and_counts_the_share_only() {
        let second = Duration::from_secs(1);
        let (mut patience, before) = (Patience::new(second), Instant::now());
        assert_eq!(patience.wait(std::future::pending::<()>()).await, None);
        assert!(patience.is_over());
        let took = before.elapsed();
        assert!(took >= second && took <= 7 * second, "{took:?}");

        let mut patience = Patience::new(second);
        let half = Duration::from_millis(500);
        assert_eq!(
            patience
                .wait_at_most(half, std::future::pending::<()>())
                .await,
            None
        );
        assert!(!patience.is_over());
        assert_eq!(patience.wait(async { 7 }).await, Some(7));
    }

    #[tokio::test]
    async fn a_process_that_was_stopped_has_lost_no_time() {
        let mut patience = Patience::new(Duration::from_millis(200));
        let ended = tokio::time::sleep(Duration::from_millis(400));
        let waited = patience.wait(async {
            // Nothing else runs meanwhile, as when the whole process is stopped.
            std::thread::sleep(Duration::from_millis(390));
            ended.await;
        });
        assert!(waited.await.is_some());
    }

    #[test]
    fn the_load_is_read_where_there_is_one() {
        assert_eq!(running("0.20 0.18 0.12 17/80 11206\n"), Some(17.0));
        for none in ["", "0.20 0.18", "0.20 0.18 0.12 0/80 1", "a b c d"] {
            assert_eq!(running(none), None, "{none}");
        }
    }
}
