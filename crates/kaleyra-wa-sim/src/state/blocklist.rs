//! Who is blocked by the business.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use super::wrote::LastWrote;
use crate::base64;
use crate::model::account::without_plus;

/// The users that a business number has blocked.
#[derive(Default)]
pub(crate) struct Blocklist {
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
    /// Whether the user is blocked.
    pub(crate) fn has(&self, user: &str) -> bool {
        self.keys.contains_key(without_plus(user))
    }

    pub(crate) fn block(
        &mut self,
        user: &str,
        wrote: &LastWrote,
        now: u64,
    ) -> Result<(), Unblockable> {
        let user = without_plus(user);
        if self.keys.contains_key(user) {
            return Ok(());
        }
        if !wrote.is_open(user, now) {
            return Err(Unblockable::WroteNotLately);
        }
        if self.keys.len() >= Self::MAX {
            return Err(Unblockable::Full);
        }
        self.add(user);
        Ok(())
    }

    /// Blocks the user, whoever that is, unless that was done.
    pub(crate) fn add_once(&mut self, user: &str) {
        if !self.has(user) {
            self.add(without_plus(user));
        }
    }

    fn add(&mut self, user: &str) {
        self.last_key += 1;
        self.keys.insert(user.to_owned(), self.last_key);
        self.blocked.insert(self.last_key, user.to_owned());
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

#[cfg(test)]
mod tests {
    use super::super::wrote::DAY;
    use super::*;

    const NOW: u64 = 1_722_863_329;

    /// So many users wrote, and the first `blocked` of them are blocked.
    fn list(wrote: usize, blocked: usize) -> (LastWrote, Blocklist) {
        let (mut last, mut list) = (LastWrote::default(), Blocklist::default());
        for number in 1..=wrote {
            last.wrote(&number.to_string(), NOW, NOW);
        }
        for number in 1..=blocked {
            list.block(&number.to_string(), &last, NOW).unwrap();
        }
        (last, list)
    }

    #[test]
    fn only_who_wrote_in_the_last_day_can_be_blocked() {
        let (mut wrote, mut list) = list(0, 0);
        wrote.wrote("911", NOW - DAY, NOW);
        wrote.wrote("912", NOW - DAY - 1, NOW);
        assert_eq!(list.block("+911", &wrote, NOW), Ok(()));
        let lately = Err(Unblockable::WroteNotLately);
        assert_eq!(list.block("912", &wrote, NOW), lately);
        assert_eq!(list.block("913", &wrote, NOW), lately);
        // Once blocked, always blocked, however long ago the message was.
        assert_eq!(list.block("911", &wrote, NOW + DAY), Ok(()));
        assert_eq!(list.all(), ["911"]);
        assert!(list.has("+911") && !list.has("912"));
        list.unblock("+911");
        assert!(list.all().is_empty());
        assert_eq!(list.block("911", &wrote, NOW + DAY), lately);
    }

    #[test]
    fn the_list_gets_full() {
        let (wrote, mut list) = list(Blocklist::MAX + 1, Blocklist::MAX);
        let next = (Blocklist::MAX + 1).to_string();
        assert_eq!(list.block(&next, &wrote, NOW), Err(Unblockable::Full));
        list.unblock("1");
        assert_eq!(list.block(&next, &wrote, NOW), Ok(()));
    }

    #[test]
    fn pages_follow_each_other_in_both_directions() {
        let (_, mut list) = list(5, 5);
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
