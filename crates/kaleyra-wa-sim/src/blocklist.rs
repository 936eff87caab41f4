//! Who wrote lately, and who is blocked.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use serde_json::Value;

use crate::account::without_plus;
use crate::base64;

const DAY: u64 = 24 * 60 * 60;

/// The blocked users of the sender's number, and when users wrote, which decides who can be blocked.
#[derive(Default)]
pub(crate) struct Blocklist {
    /// Unix seconds of the newest message, by number.
    wrote: HashMap<String, u64>,
    /// In the order in which they were blocked.
    blocked: BTreeMap<u64, String>,
    /// The key in `blocked`, by number.
    keys: HashMap<String, u64>,
    last_key: u64,
}

/// Why a user can't be blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unblockable {
    /// No message in the last 24 hours.
    WroteNotLately,
    /// 64,000 are blocked.
    Full,
}

/// A part of the list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) users: Vec<String>,
    /// The cursors before and after it; `None` where it is empty.
    pub(crate) cursors: Option<(String, String)>,
}

/// A place in the list. It stays valid when the user there is unblocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cursor(u64);

impl Blocklist {
    /// How many users can be blocked, by Kaleyra's *Block WhatsApp User Numbers*.
    pub(crate) const MAX: usize = 64_000;
    /// How many users are known to have written.
    const WROTE_MAX: usize = 100_000;

    /// Whether all messages in this callback are from blocked users. If not, their users are now known to have written.
    pub(crate) fn withholds(&mut self, callback: &Value, now: u64) -> bool {
        let messages = callback["meta_object"]["value"]["messages"].as_array();
        let senders: Vec<(&str, u64)> = messages
            .into_iter()
            .flatten()
            .filter_map(|message| {
                let from = message["from"].as_str()?;
                let at = unix_seconds(&message["timestamp"]).unwrap_or(now);
                Some((without_plus(from), at))
            })
            .collect();
        let is_blocked = |from: &str| self.keys.contains_key(from);
        if !senders.is_empty() && senders.iter().all(|(from, _)| is_blocked(from)) {
            return true;
        }
        for (from, at) in senders {
            self.wrote(from, at, now);
        }
        false
    }

    fn wrote(&mut self, from: &str, at: u64, now: u64) {
        let newest = self.wrote.entry(from.to_owned()).or_default();
        *newest = at.max(*newest);
        if self.wrote.len() > Self::WROTE_MAX {
            self.wrote.retain(|_, at| is_lately(*at, now));
            // Still too many: those of the older half.
            if self.wrote.len() > Self::WROTE_MAX {
                let mut moments: Vec<u64> = self.wrote.values().copied().collect();
                let (_, median, _) = moments.select_nth_unstable(Self::WROTE_MAX / 2);
                let median = *median;
                self.wrote
                    .retain(|number, at| *at > median || number == from);
            }
        }
    }

    pub(crate) fn block(&mut self, user: &str, now: u64) -> Result<(), Unblockable> {
        let user = without_plus(user);
        if self.keys.contains_key(user) {
            return Ok(());
        }
        if !self.wrote.get(user).is_some_and(|at| is_lately(*at, now)) {
            return Err(Unblockable::WroteNotLately);
        }
        if self.keys.len() >= Self::MAX {
            return Err(Unblockable::Full);
        }
        self.last_key += 1;
        self.keys.insert(user.to_owned(), self.last_key);
        self.blocked.insert(self.last_key, user.to_owned());
        Ok(())
    }

    pub(crate) fn unblock(&mut self, user: &str) {
        if let Some(key) = self.keys.remove(without_plus(user)) {
            self.blocked.remove(&key);
        }
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.blocked.values().cloned().collect()
    }

    /// The first users after a cursor, or the last before one; between two of them, the first.
    pub(crate) fn page(&self, limit: usize, before: Option<Cursor>, after: Option<Cursor>) -> Page {
        let bound = |cursor: Option<Cursor>| {
            cursor.map_or(Bound::Unbounded, |Cursor(key)| Bound::Excluded(key))
        };
        let is_in_order = match (before, after) {
            (Some(Cursor(before)), Some(Cursor(after))) => after < before,
            _ => true,
        };
        let mut users: Vec<(u64, &String)> = Vec::new();
        // `range` panics where its end comes before its start.
        if is_in_order {
            let range = self.blocked.range((bound(after), bound(before)));
            let range = range.map(|(key, user)| (*key, user));
            if before.is_some() && after.is_none() {
                users.extend(range.rev().take(limit));
                users.reverse();
            } else {
                users.extend(range.take(limit));
            }
        }
        let cursors = users
            .first()
            .zip(users.last())
            .map(|((first, _), (last, _))| (Cursor(*first).to_text(), Cursor(*last).to_text()));
        Page {
            users: users.into_iter().map(|(_, user)| user.clone()).collect(),
            cursors,
        }
    }
}

impl Cursor {
    /// Reads one that a page gave.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = String::from_utf8(base64::decode(text)?).ok()?;
        digits.parse().ok().map(Self)
    }

    /// Base64 of a number, as in the sample of *Get List of Blocked WhatsApp User Numbers*.
    fn to_text(self) -> String {
        base64::encode(self.0.to_string().as_bytes())
    }
}

fn is_lately(at: u64, now: u64) -> bool {
    now.saturating_sub(at) <= DAY
}

/// A moment as a text or as a number.
fn unix_seconds(timestamp: &Value) -> Option<u64> {
    match timestamp {
        Value::String(digits) => digits.parse().ok(),
        number => number.as_u64(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: u64 = 1_722_863_329;

    fn callback(messages: &[(&str, u64)]) -> Value {
        let messages: Vec<Value> = messages
            .iter()
            .map(|(from, at)| json!({"from": from, "timestamp": at.to_string()}))
            .collect();
        json!({"meta_object": {"value": {"messages": messages}}})
    }

    /// Everybody wrote, and the first `blocked` are blocked.
    fn list(wrote: usize, blocked: usize) -> Blocklist {
        let mut list = Blocklist::default();
        for number in 1..=wrote {
            list.wrote(&number.to_string(), NOW, NOW);
        }
        for number in 1..=blocked {
            list.block(&number.to_string(), NOW).unwrap();
        }
        list
    }

    #[test]
    fn only_who_wrote_in_the_last_day_can_be_blocked() {
        let mut list = Blocklist::default();
        assert!(!list.withholds(
            &callback(&[("911", NOW - DAY), ("912", NOW - DAY - 1)]),
            NOW
        ));
        assert_eq!(list.block("+911", NOW), Ok(()));
        assert_eq!(list.block("912", NOW), Err(Unblockable::WroteNotLately));
        assert_eq!(list.block("913", NOW), Err(Unblockable::WroteNotLately));
        // Once blocked, always blocked, however long ago the message was.
        assert_eq!(list.block("911", NOW + DAY), Ok(()));
        assert_eq!(list.all(), ["911"]);
        list.unblock("+911");
        assert!(list.all().is_empty());
        assert_eq!(
            list.block("911", NOW + DAY),
            Err(Unblockable::WroteNotLately)
        );
    }

    #[test]
    fn messages_of_blocked_users_are_withheld() {
        let mut list = list(2, 1);
        assert!(list.withholds(&callback(&[("1", NOW)]), NOW));
        assert!(list.withholds(&callback(&[("+1", NOW), ("1", NOW)]), NOW));
        assert!(!list.withholds(&callback(&[("1", NOW), ("2", NOW)]), NOW));
        assert!(!list.withholds(&callback(&[]), NOW));
        assert!(!list.withholds(&json!({"messages": "none"}), NOW));
    }

    #[test]
    fn the_list_gets_full() {
        let mut list = list(Blocklist::MAX + 1, Blocklist::MAX);
        let next = (Blocklist::MAX + 1).to_string();
        assert_eq!(list.block(&next, NOW), Err(Unblockable::Full));
        list.unblock("1");
        assert_eq!(list.block(&next, NOW), Ok(()));
    }

    #[test]
    fn who_wrote_long_ago_is_forgotten_first() {
        let mut list = Blocklist::default();
        for number in 0..Blocklist::WROTE_MAX {
            list.wrote(&number.to_string(), NOW - 2 * DAY, NOW);
        }
        list.wrote("new", NOW, NOW);
        assert_eq!(list.wrote.len(), 1);
        for number in 0..Blocklist::WROTE_MAX {
            list.wrote(&number.to_string(), NOW + number as u64 / 2, NOW);
        }
        let left = list.wrote.len();
        assert!(
            left <= Blocklist::WROTE_MAX && left > Blocklist::WROTE_MAX / 3,
            "{left}"
        );
        let newest = (Blocklist::WROTE_MAX - 1).to_string();
        assert!(list.wrote.contains_key(&newest) && !list.wrote.contains_key("0"));
    }

    #[test]
    fn pages_follow_each_other_in_both_directions() {
        let mut list = list(5, 5);
        let cursors = |page: &Page| {
            let (before, after) = page.cursors.as_ref().unwrap();
            (Cursor::parse(before), Cursor::parse(after))
        };
        let first = list.page(2, None, None);
        assert_eq!(first.users, ["1", "2"]);
        let second = list.page(2, None, cursors(&first).1);
        assert_eq!(second.users, ["3", "4"]);
        // A cursor outlives its user.
        list.unblock("4");
        let third = list.page(2, None, cursors(&second).1);
        assert_eq!(third.users, ["5"]);
        let end = list.page(2, None, cursors(&third).1);
        assert_eq!((end.users.len(), end.cursors), (0, None));

        assert_eq!(list.page(2, cursors(&third).0, None).users, ["2", "3"]);
        let between = list.page(9, cursors(&third).0, cursors(&first).0);
        assert_eq!(between.users, ["2", "3"]);
        let reversed = list.page(9, cursors(&first).0, cursors(&third).0);
        assert!(reversed.users.is_empty());
    }

    #[test]
    fn foreign_cursors_are_refused() {
        for text in ["", "MTA", "x", "-1", "YWJj"] {
            let expected = (text == "MTA").then_some(Cursor(10));
            assert_eq!(Cursor::parse(text), expected, "{text}");
        }
    }
}
