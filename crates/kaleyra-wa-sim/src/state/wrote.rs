//! When users wrote last: it decides who may be written to freely, and who can be blocked.

use std::collections::HashMap;

use crate::model::account::without_plus;

/// For how long a user's message allows free-form replies.
pub(crate) const DAY: u64 = 24 * 60 * 60;

/// Unix seconds of each user's newest message.
#[derive(Default)]
pub(crate) struct LastWrote(HashMap<String, u64>);

impl LastWrote {
    /// How many users are known to have written.
    pub(crate) const MAX: usize = 100_000;

    /// When the user wrote last; `None` who never did, as far as is known.
    pub(crate) fn last(&self, user: &str) -> Option<u64> {
        self.0.get(without_plus(user)).copied()
    }

    /// Whether the user wrote in the last 24 hours.
    pub(crate) fn is_open(&self, user: &str, now: u64) -> bool {
        self.last(user).is_some_and(|at| is_lately(at, now))
    }

    pub(crate) fn wrote(&mut self, user: &str, at: u64, now: u64) {
        let user = without_plus(user);
        let newest = self.0.entry(user.to_owned()).or_default();
        *newest = at.max(*newest);
        if self.0.len() > Self::MAX {
            self.0.retain(|_, at| is_lately(*at, now));
            // Still too many: those of the older half.
            if self.0.len() > Self::MAX {
                let mut moments: Vec<u64> = self.0.values().copied().collect();
                let (_, median, _) = moments.select_nth_unstable(Self::MAX / 2);
                let median = *median;
                self.0.retain(|number, at| *at > median || number == user);
            }
        }
    }

    pub(crate) fn all(&self) -> Vec<(String, u64)> {
        let mut all: Vec<_> = self
            .0
            .iter()
            .map(|(user, at)| (user.clone(), *at))
            .collect();
        all.sort();
        all
    }
}

fn is_lately(at: u64, now: u64) -> bool {
    now.saturating_sub(at) <= DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_722_863_329;

    #[test]
    fn a_message_opens_a_day() {
        let mut wrote = LastWrote::default();
        wrote.wrote("+911", NOW, NOW);
        wrote.wrote("911", NOW - 5, NOW);
        assert_eq!(wrote.last("911"), Some(NOW));
        assert!(wrote.is_open("+911", NOW + DAY) && !wrote.is_open("911", NOW + DAY + 1));
        assert!(!wrote.is_open("912", NOW));
    }

    #[test]
    fn who_wrote_long_ago_is_forgotten_first() {
        let mut wrote = LastWrote::default();
        for number in 0..LastWrote::MAX {
            wrote.wrote(&number.to_string(), NOW - 2 * DAY, NOW);
        }
        wrote.wrote("new", NOW, NOW);
        assert_eq!(wrote.0.len(), 1);
        for number in 0..LastWrote::MAX {
            wrote.wrote(&number.to_string(), NOW + number as u64 / 2, NOW);
        }
        let left = wrote.0.len();
        assert!(
            left <= LastWrote::MAX && left > LastWrote::MAX / 3,
            "{left}"
        );
        let newest = (LastWrote::MAX - 1).to_string();
        assert!(wrote.last(&newest).is_some() && wrote.last("0").is_none());
    }
}
