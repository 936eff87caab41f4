//! Looking at some members of an object before it is clear what the object is.

use std::borrow::Cow;
use std::collections::VecDeque;

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Error, MapAccess};
use serde_json::Value;

use crate::wire::member::Key;

/// Members that were read before it was clear what they belong to. One, as there is as a rule, needs no allocation.
#[derive(Default)]
pub(super) struct Aside<'de> {
    first: Option<(Key<'de>, Value)>,
    rest: VecDeque<(Key<'de>, Value)>,
}

impl<'de> Aside<'de> {
    pub(super) fn push(&mut self, key: Key<'de>, value: Value) {
        if self.first.is_none() && self.rest.is_empty() {
            self.first = Some((key, value));
        } else {
            self.rest.push_back((key, value));
        }
    }

    #[inline]
    fn next(&mut self) -> Option<(Key<'de>, Value)> {
        self.first.take().or_else(|| self.rest.pop_front())
    }
}

/// The members of an object of which some were read already.
pub(super) struct Resumed<'de, A> {
    /// What was read already; `None` once it was given, so that the rest is read as if nothing had been before it.
    earlier: Option<Earlier<'de>>,
    rest: A,
    is_at_end: bool,
}

/// What was read of an object, in the order in which it came.
struct Earlier<'de> {
    aside: Aside<'de>,
    /// The value that belongs to the key given last, where that was set aside.
    value: Option<Value>,
    /// A key whose value still waits in the rest.
    key: Option<Key<'de>>,
}

impl<'de, A: MapAccess<'de>> Resumed<'de, A> {
    /// All members of an object.
    pub(super) fn start(rest: A) -> Self {
        Self {
            earlier: None,
            rest,
            is_at_end: false,
        }
    }

    /// Goes back to before the members that were set `aside`, and the `key` whose value was not read.
    pub(super) fn go_back(self, mut aside: Aside<'de>, mut key: Option<Key<'de>>) -> Self {
        if let Some(mut earlier) = self.earlier {
            // Where the key itself came from what was set aside before, so does its value.
            if let Some(value) = earlier.value.take()
                && let Some(key) = key.take()
            {
                aside.push(key, value);
            }
            while let Some((key, value)) = earlier.aside.next() {
                aside.push(key, value);
            }
            key = key.or(earlier.key);
        }
        Self {
            earlier: Some(Earlier {
                aside,
                value: None,
                key,
            }),
            ..self
        }
    }

    /// Takes the next key that came earlier; its value, where that was set aside, then waits in `earlier`. After the last
    /// one there is no `earlier` any more.
    fn earlier_key(&mut self) -> Option<Key<'de>> {
        let earlier = self.earlier.as_mut()?;
        if let Some((key, value)) = earlier.aside.next() {
            earlier.value = Some(value);
            return Some(key);
        }
        let key = earlier.key.take();
        self.earlier = None;
        key
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Resumed<'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Self::Error> {
        if let Some(Key(key)) = self.earlier_key() {
            return match key {
                Cow::Borrowed(key) => seed.deserialize(BorrowedStrDeserializer::new(key)),
                Cow::Owned(key) => seed.deserialize(StrDeserializer::new(&key)),
            }
            .map(Some);
        }
        if self.is_at_end {
            return Ok(None);
        }
        let key = self.rest.next_key_seed(seed)?;
        self.is_at_end = key.is_none();
        Ok(key)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, Self::Error> {
        match self
            .earlier
            .as_mut()
            .and_then(|earlier| earlier.value.take())
        {
            Some(value) => seed.deserialize(value).map_err(A::Error::custom),
            None => self.rest.next_value_seed(seed),
        }
    }
}
