//! How often something was done lately.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, SystemTime};

/// What was done lately, by whom and what.
#[derive(Default)]
pub(crate) struct Quota(HashMap<(String, &'static str), VecDeque<SystemTime>>);

impl Quota {
    /// Notes that it is done once more, unless that was `max` times in the last hour.
    pub(crate) fn take(
        &mut self,
        whose: &str,
        what: &'static str,
        max: usize,
        now: SystemTime,
    ) -> bool {
        const HOUR: Duration = Duration::from_secs(3600);
        let times = self.0.entry((whose.to_owned(), what)).or_default();
        times.retain(|at| now.duration_since(*at).is_ok_and(|age| age < HOUR));
        let is_free = times.len() < max;
        if is_free {
            times.push_back(now);
        }
        is_free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_later_it_is_free_again() {
        let mut quota = Quota::default();
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        assert!(quota.take("a", "create", 2, at(0)));
        assert!(quota.take("a", "create", 2, at(10)));
        assert!(!quota.take("a", "create", 2, at(3599)));
        assert!(quota.take("b", "create", 2, at(3599)) && quota.take("a", "edit", 2, at(3599)));
        assert!(quota.take("a", "create", 2, at(3600)));
    }
}
