//! What an account has beside messages and templates, each as the JSON that it is shown as: samples, flows, callback profiles,
//! numbers that were added, keys of flows.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Sample,
    Flow,
    FlowKey,
    Number,
    Profile,
}

/// All records, by what they are, whose they are and their ids.
#[derive(Default)]
pub(crate) struct Records(BTreeMap<(Kind, String, String), Value>);

/// There are as many records as there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full;

impl Kind {
    const ALL: [(&'static str, Self); 5] = [
        ("sample", Self::Sample),
        ("flow", Self::Flow),
        ("flow_key", Self::FlowKey),
        ("number", Self::Number),
        ("profile", Self::Profile),
    ];

    fn name(self) -> &'static str {
        let mut all = Self::ALL.iter();
        all.find(|(_, kind)| *kind == self)
            .map_or("", |(name, _)| name)
    }

    fn of(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter();
        all.find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }
}

impl Records {
    /// How many there may be.
    pub(crate) const MAX: usize = 10_000;

    /// Keeps a record, in place of one with its id.
    pub(crate) fn put(
        &mut self,
        kind: Kind,
        owner: &str,
        id: &str,
        value: Value,
    ) -> Result<(), Full> {
        let key = (kind, owner.to_owned(), id.to_owned());
        if self.0.len() >= Self::MAX && !self.0.contains_key(&key) {
            return Err(Full);
        }
        self.0.insert(key, value);
        Ok(())
    }

    /// Whether there is room for so many more.
    pub(crate) fn has_room(&self, count: usize) -> bool {
        self.0.len().saturating_add(count) <= Self::MAX
    }

    pub(crate) fn get(&self, kind: Kind, owner: &str, id: &str) -> Option<&Value> {
        self.0.get(&(kind, owner.to_owned(), id.to_owned()))
    }

    pub(crate) fn remove(&mut self, kind: Kind, owner: &str, id: &str) -> Option<Value> {
        self.0.remove(&(kind, owner.to_owned(), id.to_owned()))
    }

    /// All of a kind that somebody has, by their ids.
    pub(crate) fn of<'a>(
        &'a self,
        kind: Kind,
        owner: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let all = self.0.iter();
        let of_owner = all.filter(move |((of, whose, _), _)| *of == kind && whose == owner);
        of_owner.map(|((_, _, id), value)| (id.as_str(), value))
    }

    /// All of a kind, whosever they are.
    pub(crate) fn of_all(&self, kind: Kind) -> impl Iterator<Item = &Value> {
        let all = self.0.iter();
        all.filter(move |((of, ..), _)| *of == kind)
            .map(|(_, value)| value)
    }

    /// A record of this kind and id, whosever it is, and whose.
    pub(crate) fn find(&self, kind: Kind, id: &str) -> Option<(&str, &Value)> {
        let mut all = self.0.iter();
        all.find(|((of, _, known), _)| *of == kind && known == id)
            .map(|((_, owner, _), value)| (owner.as_str(), value))
    }

    pub(crate) fn to_state(&self) -> Value {
        let records = self.0.iter();
        let records = records.map(|((kind, owner, id), value)| {
            json!({"kind": kind.name(), "owner": owner, "id": id, "value": value})
        });
        records.collect()
    }

    /// Reads a record from an exported state; `None` if it is none.
    pub(crate) fn of_state(state: &Value) -> Option<(Kind, String, String, Value)> {
        Some((
            Kind::of(state["kind"].as_str()?)?,
            state["owner"].as_str()?.to_owned(),
            state["id"].as_str()?.to_owned(),
            state.get("value")?.clone(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_of_somebody_and_come_back_from_a_state() {
        let mut records = Records::default();
        records
            .put(Kind::Flow, "waba", "1", json!({"name": "a"}))
            .unwrap();
        records.put(Kind::Flow, "other", "2", json!({})).unwrap();
        assert_eq!(records.of(Kind::Flow, "waba").count(), 1);
        assert_eq!(records.get(Kind::Flow, "other", "1"), None);
        assert_eq!(records.find(Kind::Flow, "2"), Some(("other", &json!({}))));
        let state = records.to_state();
        let (kind, owner, id, value) = Records::of_state(&state[1]).unwrap();
        assert_eq!((kind, &*owner, &*id), (Kind::Flow, "waba", "1"));
        assert_eq!(records.remove(kind, &owner, &id), Some(value));
        assert_eq!(Records::of_state(&json!({"kind": "hologram"})), None);
    }

    #[test]
    fn there_is_an_end_to_them() {
        let mut records = Records::default();
        for at in 0..Records::MAX {
            assert!(records.has_room(1));
            records
                .put(Kind::Flow, "waba", &at.to_string(), json!({}))
                .unwrap();
        }
        assert!(!records.has_room(1));
        assert_eq!(records.put(Kind::Number, "waba", "1", json!({})), Err(Full));
        // One that is there can be changed.
        records
            .put(Kind::Flow, "waba", "7", json!({"a": 1}))
            .unwrap();
        records.remove(Kind::Flow, "waba", "7");
        assert!(records.has_room(1) && !records.has_room(2));
    }
}
