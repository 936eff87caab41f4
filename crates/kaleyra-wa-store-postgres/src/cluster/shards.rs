//! The shards that this process has, and which of their events the inbox has still to be told of.
//!
//! An inbox reads events once, in the order of their ids, and is told of those that are kept here meanwhile. A shard that
//! becomes ours later has older events, which it must see before any newer ones: so a new shard is `fresh` until a pass over it
//! was read, and only then `open` for what is kept or loaded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use crate::schema::SHARDS;

/// The shard of a conversation.
pub(crate) fn shard_of(conversation: &str) -> i64 {
    let hash = Sha256::digest(conversation.as_bytes());
    i64::from(hash[0]) % SHARDS
}

#[derive(Default)]
pub(crate) struct Shards(Mutex<State>);

#[derive(Default)]
struct State {
    open: BTreeSet<i64>,
    fresh: BTreeSet<i64>,
    /// Events of ours that others kept, or put back.
    ids: BTreeSet<i64>,
    pass: Option<Pass>,
    /// Shards with events that may have been kept without our knowing, and how many transactions are to be waited for.
    doubtful: BTreeMap<i64, u32>,
    /// Shards that were read to their end: the inbox has them once it asks for the next thing.
    read: BTreeSet<i64>,
    /// Something was loaded: what becomes ours from now on has a past.
    has_loaded: bool,
    /// How many loads are under way.
    loads: u32,
    /// The last event that any of them gave.
    loaded: i64,
}

/// A look at what the inbox was not told of.
#[derive(Clone, Default)]
pub(crate) struct Pass {
    pub(crate) shards: BTreeSet<i64>,
    pub(crate) ids: BTreeSet<i64>,
    /// Up to which event it was read.
    reached: i64,
}

/// A load that is under way, and the last event that it gave.
pub(crate) struct Load<'a>(&'a Shards, i64);

impl Load<'_> {
    pub(crate) fn gave(mut self, last: Option<i64>) {
        self.1 = last.unwrap_or(0);
    }
}

impl Drop for Load<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.loads = state.loads.saturating_sub(1);
        state.loaded = state.loaded.max(self.1);
    }
}

/// How many events are remembered one by one; beyond it their whole shards are read.
const IDS: usize = 10_000;

impl Shards {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what the database says, and says whether there is something to read.
    pub(crate) fn set(&self, owned: &BTreeSet<i64>) -> bool {
        let mut guard = self.state();
        let state = &mut *guard;
        state.open.retain(|shard| owned.contains(shard));
        state.fresh.retain(|shard| owned.contains(shard));
        state.read.retain(|shard| owned.contains(shard));
        state.doubtful.retain(|shard, _| owned.contains(shard));
        if let Some(pass) = &mut state.pass {
            pass.shards.retain(|shard| owned.contains(shard));
        }
        let is_known = |shard: &&i64| {
            state.open.contains(*shard)
                || state.fresh.contains(*shard)
                || state.read.contains(*shard)
                || state.doubtful.contains_key(*shard)
                || state
                    .pass
                    .as_ref()
                    .is_some_and(|it| it.shards.contains(*shard))
        };
        let new: Vec<i64> = owned.iter().filter(|it| !is_known(it)).copied().collect();
        if state.has_loaded {
            state.fresh.extend(new);
        } else {
            state.open.extend(new);
        }
        !state.fresh.is_empty()
    }

    pub(crate) fn owned(&self) -> usize {
        let state = self.state();
        let passing = state.pass.as_ref().map_or(0, |pass| pass.shards.len());
        state.open.len() + state.fresh.len() + state.read.len() + state.doubtful.len() + passing
    }

    /// Nothing is ours, and nothing was loaded.
    pub(crate) fn clear(&self) {
        *self.state() = State::default();
    }

    /// Events of these may have been kept without our knowing: nothing of them is told or loaded for now.
    pub(crate) fn doubt(&self, shards: &[i64]) {
        let mut guard = self.state();
        let state = &mut *guard;
        for shard in shards {
            if let Some(times) = state.doubtful.get_mut(shard) {
                *times += 1;
                continue;
            }
            let is_passing = state
                .pass
                .as_mut()
                .is_some_and(|it| it.shards.remove(shard));
            let was_known =
                state.open.remove(shard) | state.fresh.remove(shard) | state.read.remove(shard);
            if is_passing || was_known {
                state.doubtful.insert(*shard, 1);
            }
        }
    }

    /// What may have been kept of these was, or never will be: they are read again.
    pub(crate) fn certain(&self, shards: &[i64]) {
        let mut guard = self.state();
        let state = &mut *guard;
        for shard in shards {
            let Some(times) = state.doubtful.get_mut(shard) else {
                continue;
            };
            *times -= 1;
            if *times == 0 {
                state.doubtful.remove(shard);
                state.fresh.insert(*shard);
            }
        }
    }

    /// Notifications were missed: all is read again.
    pub(crate) fn missed(&self) {
        let mut guard = self.state();
        let state = &mut *guard;
        if state.has_loaded {
            state.fresh.append(&mut state.open);
            state.fresh.append(&mut state.read);
            if let Some(pass) = &mut state.pass {
                state.fresh.append(&mut pass.shards);
            }
        }
    }

    /// Somebody kept or put back an event. Says whether it is ours.
    pub(crate) fn heard(&self, shard: i64, event: i64) -> bool {
        let mut state = self.state();
        let is_passing = state.read.contains(&shard)
            || state
                .pass
                .as_ref()
                .is_some_and(|it| it.shards.contains(&shard));
        if state.fresh.contains(&shard) || state.doubtful.contains_key(&shard) {
            return true;
        }
        if !state.open.contains(&shard) && !is_passing {
            return false;
        }
        if state.ids.len() < IDS {
            state.ids.insert(event);
        } else {
            state.open.remove(&shard);
            state.read.remove(&shard);
            if let Some(pass) = &mut state.pass {
                pass.shards.remove(&shard);
            }
            state.fresh.insert(shard);
        }
        true
    }

    /// Those whose events the inbox is told of as they are kept.
    pub(crate) fn open(&self) -> Vec<i64> {
        self.state().open.iter().copied().collect()
    }

    /// Begins a pass, or goes on with it; gives the shards that are open as well.
    pub(crate) fn pass(&self, after: i64) -> (Vec<i64>, Pass) {
        let mut guard = self.state();
        let state = &mut *guard;
        state.open.append(&mut state.read);
        if after == 0 || state.pass.is_none() {
            let pass = state.pass.get_or_insert_default();
            pass.shards.append(&mut state.fresh);
            pass.ids.append(&mut state.ids);
            pass.reached = after;
        }
        let open = state.open.iter().copied().collect();
        (open, state.pass.clone().unwrap_or_default())
    }

    /// A page of the pass was read up to this event.
    pub(crate) fn passed(&self, last: Option<i64>, is_last: bool) {
        let mut guard = self.state();
        let state = &mut *guard;
        let Some(pass) = &mut state.pass else { return };
        if is_last {
            state.read.append(&mut pass.shards);
            state.pass = None;
        } else {
            pass.reached = last.unwrap_or(pass.reached);
        }
    }

    /// A load begins, until this is dropped.
    pub(crate) fn load(&self) -> Load<'_> {
        self.state().loads += 1;
        Load(self, 0)
    }

    /// Whether a load may have passed over an event that was committed a moment ago: others' ids are given beside ours, and a later
    /// one may have been committed, and read, before it. The inbox takes what is before the last that it loaded for read.
    pub(crate) fn may_be_passed_over(&self, event: i64) -> bool {
        let state = self.state();
        state.loads > 0 || event <= state.loaded
    }

    /// The shards to load from, after this event. Where a pass was left at or after it, this goes on with it.
    pub(crate) fn loading(&self, after: i64) -> Vec<i64> {
        let mut guard = self.state();
        let state = &mut *guard;
        state.has_loaded = true;
        state.open.append(&mut state.read);
        if let Some(pass) = &mut state.pass
            && after <= pass.reached
        {
            state.open.append(&mut pass.shards);
            state.pass = None;
        }
        state.open.iter().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(numbers: &[i64]) -> BTreeSet<i64> {
        numbers.iter().copied().collect()
    }

    #[test]
    fn a_conversation_is_always_in_the_same_shard() {
        // The first byte of its SHA-256: others have to come to the same.
        assert_eq!(shard_of("919800000001"), shard_of("919800000001"));
        assert_eq!(shard_of(""), 0xe3);
    }

    #[test]
    fn what_a_load_may_have_passed_over_is_told_of_otherwise() {
        let shards = Shards::default();
        assert!(!shards.may_be_passed_over(5));
        let load = shards.load();
        assert!(shards.may_be_passed_over(5), "it may see 6, and not 5");
        load.gave(Some(6));
        assert!(shards.may_be_passed_over(5));
        assert!(!shards.may_be_passed_over(7));
        drop(shards.load());
        assert!(!shards.may_be_passed_over(7));
    }

    #[test]
    fn what_comes_before_anything_was_loaded_is_open_at_once() {
        let shards = Shards::default();
        assert!(!shards.set(&set(&[1, 2])));
        assert_eq!(shards.open(), [1, 2]);
    }

    #[test]
    fn what_comes_later_is_open_once_its_past_was_read_and_taken() {
        let shards = Shards::default();
        shards.set(&set(&[1]));
        shards.loading(0);
        assert!(shards.set(&set(&[1, 2])));
        assert_eq!(shards.open(), [1]);
        let (open, pass) = shards.pass(0);
        assert_eq!((open, pass.shards), (vec![1], set(&[2])));
        shards.passed(Some(9), true);
        // The inbox has the page, and may not have taken it yet.
        assert_eq!(shards.open(), [1]);
        assert_eq!(shards.loading(20), [1, 2]);
    }

    #[test]
    fn a_pass_that_is_left_is_gone_on_with_by_loading() {
        let shards = Shards::default();
        shards.loading(0);
        shards.set(&set(&[1]));
        shards.pass(0);
        shards.passed(Some(50), false);
        assert_eq!(shards.loading(60), [] as [i64; 0]);
        assert_eq!(shards.loading(40), [1]);
    }

    #[test]
    fn what_is_lost_meanwhile_is_not_opened() {
        let shards = Shards::default();
        shards.loading(0);
        shards.set(&set(&[1, 2]));
        shards.pass(0);
        shards.set(&set(&[2]));
        shards.passed(None, true);
        assert_eq!(shards.loading(0), [2]);
        assert_eq!(shards.owned(), 1);
    }

    #[test]
    fn what_may_have_been_kept_is_read_before_anything_newer() {
        let shards = Shards::default();
        shards.set(&set(&[1, 2]));
        shards.loading(0);
        shards.doubt(&[1, 9]);
        shards.doubt(&[1]);
        assert_eq!((shards.open(), shards.owned()), (vec![2], 2));
        assert!(shards.heard(1, 7), "it is ours, and is read later");
        assert!(!shards.set(&set(&[1, 2])));
        shards.certain(&[1, 9]);
        assert_eq!(shards.pass(0).1.shards, set(&[]));
        shards.passed(None, true);
        shards.certain(&[1]);
        assert_eq!(shards.pass(0).1.shards, set(&[1]));
        shards.passed(None, true);
        assert_eq!(shards.loading(9), [1, 2]);
    }

    #[test]
    fn of_too_many_events_the_shard_is_read() {
        let shards = Shards::default();
        shards.set(&set(&[1]));
        shards.loading(0);
        for event in 0..=10_000 {
            assert!(shards.heard(1, event));
        }
        assert!(!shards.heard(2, 1));
        let (open, pass) = shards.pass(0);
        assert_eq!(
            (open, pass.shards, pass.ids.len()),
            (vec![], set(&[1]), IDS)
        );
    }
}
