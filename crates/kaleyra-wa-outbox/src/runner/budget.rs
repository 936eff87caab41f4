//! To how many users a day a number may begin a conversation.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use kaleyra_wa_store::Moment;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The users to whom a conversation was begun in the last 24 hours.
#[derive(Debug)]
pub(super) struct Budget {
    limit: usize,
    last: HashMap<String, Moment>,
    /// The same by time, with the users of each moment.
    times: BTreeMap<Moment, Vec<String>>,
}

impl Budget {
    pub(super) fn new(limit: u32, begun: Vec<(String, Moment)>) -> Self {
        let mut budget = Self {
            limit: limit as usize,
            last: HashMap::new(),
            times: BTreeMap::new(),
        };
        for (user, at) in begun {
            budget.begin(&user, at);
        }
        budget
    }

    /// Since when it counts.
    pub(super) fn since(now: Moment) -> Moment {
        now.before(DAY)
    }

    /// A conversation with this user is begun.
    pub(super) fn begin(&mut self, user: &str, at: Moment) {
        self.last.insert(user.to_owned(), at);
        self.times.entry(at).or_default().push(user.to_owned());
    }

    /// How many more users may be written to.
    pub(super) fn left(&mut self, now: Moment) -> usize {
        let since = Self::since(now);
        while let Some(entry) = self.times.first_entry() {
            if *entry.key() > since {
                break;
            }
            let (at, users) = entry.remove_entry();
            for user in users {
                if self.last.get(&user) == Some(&at) {
                    self.last.remove(&user);
                }
            }
        }
        self.limit.saturating_sub(self.last.len())
    }

    /// When there is room again.
    pub(super) fn next(&self) -> Option<Moment> {
        Some(*self.times.first_key_value()?.0 + DAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_user_counts_once_and_for_a_day() {
        let at = |hours: u32| Moment::default() + hours * Duration::from_secs(60 * 60);
        let mut budget = Budget::new(3, vec![("a".to_owned(), at(1))]);
        budget.begin("a", at(2));
        budget.begin("b", at(3));
        assert_eq!(budget.left(at(3)), 1);
        budget.begin("c", at(4));
        assert_eq!((budget.left(at(25)), budget.next()), (0, Some(at(26))));
        assert_eq!(budget.left(at(26)), 1);
        assert_eq!(budget.left(at(100)), 3);
    }
}
