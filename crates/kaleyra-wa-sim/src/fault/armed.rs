//! The rules that hold now, and whether one of them takes place.

use std::collections::{BTreeSet, HashMap};
use std::time::SystemTime;

use super::callback::{CallbackFault, Delay, MessageFault};
use super::response::Fault;
use super::rule::{Effect, FaultRule, Filter, When};
use crate::chance::Chance;

/// What a fault may happen to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subject<'a> {
    pub(crate) endpoint: &'a str,
    pub(crate) user: &'a str,
    pub(crate) type_name: &'a str,
    pub(crate) reference: &'a str,
    pub(crate) status: &'a str,
    /// `message` or `status`.
    pub(crate) kind: &'a str,
}

/// A fault that takes place.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// The rule as text.
    pub(crate) rule: String,
    /// What tells this decision from all others of the same seed.
    pub(crate) key: String,
    /// When the rule ends.
    pub(crate) until: Option<SystemTime>,
    /// The rule's number.
    pub(crate) rule_number: u64,
}

/// The rules that hold now, in the order in which they were given.
pub(crate) struct Faults {
    chance: Chance,
    armed: Vec<Armed>,
    next_number: u64,
    /// The keys of the decisions that may take place; `None` for all.
    only: Option<BTreeSet<String>>,
}

struct Armed {
    number: u64,
    rule: FaultRule,
    text: String,
    until: Option<SystemTime>,
    /// After all others: what was asked for with "all".
    is_last: bool,
    /// How many it was for.
    seen: u64,
    /// The same by whom and what it was about.
    seen_by: HashMap<String, u64>,
    hits: u64,
}

impl Faults {
    /// How many rules may hold at a time; the oldest give way.
    const MAX: usize = 1_000;
    /// How many users a rule counts on their own.
    const COUNTED_MAX: usize = 10_000;

    pub(crate) fn new(chance: Chance) -> Self {
        Self {
            chance,
            armed: Vec::new(),
            next_number: 1,
            only: None,
        }
    }

    /// Lets only those decisions take place whose keys these are.
    pub(crate) fn only(&mut self, keys: Option<BTreeSet<String>>) {
        self.only = keys;
    }

    /// Adds a rule, and gives its number.
    pub(crate) fn add(&mut self, rule: FaultRule, now: SystemTime) -> u64 {
        self.arm(rule, now, false)
    }

    /// Lets everything meet this fault that meets no other; the last one that is asked for counts.
    pub(crate) fn set_all(&mut self, fault: Fault, now: SystemTime) -> u64 {
        self.armed.retain(|armed| !armed.is_last);
        self.arm(fault.into(), now, true)
    }

    fn arm(&mut self, rule: FaultRule, now: SystemTime, is_last: bool) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        self.armed.push(Armed {
            number,
            text: rule.to_string(),
            until: rule.lasts.and_then(|lasts| now.checked_add(lasts)),
            is_last,
            seen: 0,
            seen_by: HashMap::new(),
            hits: 0,
            rule,
        });
        self.armed
            .sort_by_key(|armed| (armed.is_last, armed.number));
        if self.armed.len() > Self::MAX {
            self.armed.remove(0);
        }
        number
    }

    pub(crate) fn remove(&mut self, number: u64) -> bool {
        let before = self.armed.len();
        self.armed.retain(|armed| armed.number != number);
        self.armed.len() < before
    }

    pub(crate) fn clear(&mut self) {
        self.armed.clear();
    }

    /// Number, text, how often it took place, and when it ends, of each rule that holds.
    pub(crate) fn list(&self) -> Vec<(u64, String, u64, Option<SystemTime>)> {
        let armed = self.armed.iter();
        armed
            .map(|armed| (armed.number, armed.text.clone(), armed.hits, armed.until))
            .collect()
    }

    /// The fault of a response, if there is to be one: the first whose turn it is.
    pub(crate) fn answer(
        &mut self,
        subject: &Subject<'_>,
        now: SystemTime,
    ) -> Option<(Fault, Hit)> {
        self.expire(now);
        let chance = self.chance;
        for index in 0..self.armed.len() {
            let Effect::Response { fault, by } = self.armed[index].rule.effect else {
                continue;
            };
            if let Some(hit) = self.decide(index, subject) {
                let by = by.map(|by: Delay| by.sample(chance, &hit.key));
                let fault = match (fault, by) {
                    (Fault::Slow(_), Some(by)) => Fault::Slow(by),
                    (Fault::Trickle(_), Some(by)) => Fault::Trickle(by),
                    _ => fault,
                };
                return Some((fault, hit));
            }
        }
        None
    }

    /// All faults of a callback.
    pub(crate) fn callback(
        &mut self,
        subject: &Subject<'_>,
        now: SystemTime,
    ) -> Vec<(CallbackFault, Hit)> {
        self.expire(now);
        let mut found = Vec::new();
        for index in 0..self.armed.len() {
            let Effect::Callback(fault) = self.armed[index].rule.effect.clone() else {
                continue;
            };
            found.extend(self.decide(index, subject).map(|hit| (fault, hit)));
        }
        self.forget_used_up();
        found
    }

    /// The fault of an accepted message, if there is to be one.
    pub(crate) fn message(
        &mut self,
        subject: &Subject<'_>,
        now: SystemTime,
    ) -> Option<(MessageFault, Hit)> {
        self.expire(now);
        for index in 0..self.armed.len() {
            let Effect::Message(fault) = self.armed[index].rule.effect.clone() else {
                continue;
            };
            if let Some(hit) = self.decide(index, subject) {
                return Some((fault, hit));
            }
        }
        None
    }

    fn decide(&mut self, index: usize, subject: &Subject<'_>) -> Option<Hit> {
        let same_text = |other: &Armed| other.text == self.armed[index].text;
        let twin = self.armed[..index]
            .iter()
            .filter(|it| same_text(it))
            .count();
        let (chance, armed) = (self.chance, &mut self.armed[index]);
        if !armed.rule.only.matches(subject) {
            return None;
        }
        // By its class, so that the statuses of a conversation don't count as its messages.
        let about = format!(
            "{}/{}{}{}",
            subject.user, subject.endpoint, subject.kind, subject.status
        );
        let is_full =
            armed.seen_by.len() >= Self::COUNTED_MAX && !armed.seen_by.contains_key(&about);
        let nth = armed.seen_by.entry(if is_full {
            String::new()
        } else {
            about.clone()
        });
        let nth = nth.and_modify(|seen| *seen += 1).or_insert(1);
        let key = match twin {
            0 => format!("{}@{about}#{nth}", armed.text),
            _ => format!("{}({twin})@{about}#{nth}", armed.text),
        };
        armed.seen += 1;
        let is_due = match armed.rule.when {
            When::Always => true,
            When::Next(times) => armed.hits < times,
            When::Every(times) => armed.seen.is_multiple_of(times),
            When::Range(from, to) => (from..=to).contains(&armed.seen),
            When::Probability(p) => chance.fraction(&["fault", &key]) < p,
        };
        if !is_due || self.only.as_ref().is_some_and(|only| !only.contains(&key)) {
            return None;
        }
        armed.hits += 1;
        Some(Hit {
            rule: armed.text.clone(),
            key,
            until: armed.until,
            rule_number: armed.number,
        })
    }

    fn expire(&mut self, now: SystemTime) {
        let is_over = |armed: &Armed| armed.until.is_some_and(|until| until <= now);
        self.armed.retain(|armed| !is_over(armed));
        self.forget_used_up();
    }

    fn forget_used_up(&mut self) {
        self.armed.retain(|armed| match armed.rule.when {
            When::Next(times) => armed.hits < times,
            When::Range(_, to) => armed.seen < to,
            _ => true,
        });
    }
}

impl Filter {
    fn matches(&self, subject: &Subject<'_>) -> bool {
        let is = |wanted: &Option<String>, found: &str| {
            wanted.as_ref().is_none_or(|wanted| matches(wanted, found))
        };
        is(&self.endpoint, subject.endpoint)
            && is(&self.user, subject.user)
            && is(&self.type_name, subject.type_name)
            && is(&self.reference, subject.reference)
            && is(&self.status, subject.status)
            && is(&self.kind, subject.kind)
    }
}

/// Whether a text is as wanted, where `*` stands for anything.
pub(crate) fn matches(wanted: &str, found: &str) -> bool {
    let Some((start, rest)) = wanted.split_once('*') else {
        return wanted == found;
    };
    let Some(mut found) = found.strip_prefix(start) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        match found.find(part) {
            Some(at) => found = &found[at + part.len()..],
            None => return false,
        }
    }
    found.ends_with(end)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::fault::FaultSpec;

    fn faults(spec: &str) -> Faults {
        let mut faults = Faults::new(Chance::new(7));
        for rule in spec.parse::<FaultSpec>().unwrap().rules {
            faults.add(rule, UNIX_EPOCH);
        }
        faults
    }

    fn of(user: &str) -> Subject<'_> {
        Subject {
            endpoint: "messages",
            user,
            type_name: "text",
            reference: "order-17",
            ..Subject::default()
        }
    }

    /// Which of so many requests fail, by their number from 1.
    fn failing(faults: &mut Faults, times: u64) -> Vec<u64> {
        (1..=times)
            .filter(|_| faults.answer(&of("911"), UNIX_EPOCH).is_some())
            .collect()
    }

    #[test]
    fn rules_take_place_when_they_say() {
        for (spec, expected) in [
            ("response:hang next=2", vec![1, 2]),
            ("response:hang every=3", vec![3, 6]),
            ("response:hang range=2..4", vec![2, 3, 4]),
            ("response:hang user=912", vec![]),
            (
                "response:hang type=te*t ref=order-* endpoint=messages",
                vec![1, 2, 3, 4, 5, 6],
            ),
            ("response:hang p=0", vec![]),
            ("callback:drop", vec![]),
        ] {
            assert_eq!(failing(&mut faults(spec), 6), expected, "{spec}");
        }
    }

    #[test]
    fn a_decision_depends_on_seed_rule_user_and_count_alone() {
        let spec = "response:hang p=0.5";
        let alone = failing(&mut faults(spec), 40);
        let mut among = faults(spec);
        let mut found = Vec::new();
        for number in 1..=40 {
            among.answer(&of("912"), UNIX_EPOCH);
            if among.answer(&of("911"), UNIX_EPOCH).is_some() {
                found.push(number);
            }
            among.answer(&of("913"), UNIX_EPOCH);
        }
        assert_eq!(found, alone);
        assert!((10..30).contains(&alone.len()), "{alone:?}");
        let mut other = faults(spec);
        other.chance = Chance::new(8);
        assert_ne!(failing(&mut other, 40), alone);
    }

    #[test]
    fn a_rule_ends_after_its_time_and_the_first_rule_wins() {
        let mut faults = faults("response:hang for=5m; response:reset");
        let name = |faults: &mut Faults, seconds| {
            let now = UNIX_EPOCH + Duration::from_secs(seconds);
            faults.answer(&of("911"), now).unwrap().0.name()
        };
        assert_eq!(name(&mut faults, 299), "hang");
        assert_eq!(name(&mut faults, 300), "reset");
        assert_eq!(faults.list().len(), 1);
    }

    #[test]
    fn only_some_decisions_can_be_let_through() {
        let mut faults = faults("response:hang");
        let (_, hit) = faults.answer(&of("911"), UNIX_EPOCH).unwrap();
        assert_eq!(hit.key, "response:hang@911/messages#1");
        faults.only(Some(["response:hang@911/messages#3".to_owned()].into()));
        assert_eq!(failing(&mut faults, 3), [2]);
    }

    #[test]
    fn stars_stand_for_anything() {
        for (wanted, found, expected) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("a*", "ab", true),
            ("*b", "ab", true),
            ("a*c*e", "abcde", true),
            ("a*c*e", "abde", false),
            ("*", "", true),
            ("a*a", "a", false),
        ] {
            assert_eq!(matches(wanted, found), expected, "{wanted} {found}");
        }
    }
}
