//! What an object holds beside its known members.

use std::borrow::Cow;
use std::fmt;

use serde::ser::SerializeMap;
use serde_json::{Map, Value};

use crate::wire::member::{Blank, BlankSeen};

/// The members of an object that this version does not know.
///
/// They survive a round trip, and a caller can [`insert`](Self::insert) a member that the model lacks:
///
/// ```
/// use kaleyra_wa_types::messaging_object::Text;
///
/// let mut text = Text::new("Hello");
/// text.unknown.insert("shade", "teal");
/// assert_eq!(serde_json::to_string(&text)?, r#"{"body":"Hello","shade":"teal"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// A member that the model does know always wins over one of the same name in here. An empty set takes one word and
/// no allocation. `Debug` shows the names only: values may hold anything, personal data too.
#[derive(Clone, Default, PartialEq)]
pub struct UnknownFields(Option<Box<Kept>>);

#[derive(Clone, Default)]
struct Kept {
    fields: Map<String, Value>,
    /// Known members that said nothing (`null`, `""`, `[]`) or that the model would write in another way: written
    /// back as they came. `None` is a member that the model would write and that was not there.
    as_they_came: Vec<(&'static str, Option<Value>)>,
}

/// The order in which members came does not count.
impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.fields == other.fields
            && self.as_they_came.len() == other.as_they_came.len()
            && self
                .as_they_came
                .iter()
                .all(|kept| other.as_they_came.contains(kept))
    }
}

impl UnknownFields {
    /// Whether every member was known.
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|kept| kept.fields.is_empty())
    }

    /// How many members are unknown.
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |kept| kept.fields.len())
    }

    /// The unknown members by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0
            .iter()
            .flat_map(|kept| &kept.fields)
            .map(|(name, value)| (name.as_str(), value))
    }

    /// One unknown member.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.as_ref()?.fields.get(name)
    }

    /// Adds a member, and gives back the one of that name that it replaces.
    pub fn insert<'a>(
        &mut self,
        name: impl Into<Cow<'a, str>>,
        value: impl Into<Value>,
    ) -> Option<Value> {
        self.kept()
            .fields
            .insert(name.into().into_owned(), value.into())
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let removed = self.0.as_mut()?.fields.remove(name);
        // As if nothing had ever been kept.
        self.0
            .take_if(|kept| kept.as_they_came.is_empty() && kept.fields.is_empty());
        removed
    }

    /// Keeps that a member came blank, or forgets that an earlier one of its name did.
    #[inline]
    pub(crate) fn keep_only_blank(&mut self, name: &'static str, blank: BlankSeen) {
        if blank.is_some() || self.0.is_some() {
            self.keep_or_forget_blank(name, blank);
        }
    }

    #[inline(never)]
    fn keep_or_forget_blank(&mut self, name: &'static str, blank: BlankSeen) {
        match (blank, &mut self.0) {
            (Some(blank), _) => self.keep_blank(name, blank),
            (None, Some(kept)) => {
                kept.as_they_came.retain(|(earlier, _)| *earlier != name);
                // As if nothing had ever been kept.
                self.0
                    .take_if(|kept| kept.as_they_came.is_empty() && kept.fields.is_empty());
            }
            (None, None) => {}
        }
    }

    /// Whether every member came as the model writes it, and none is unknown.
    #[inline]
    pub(crate) fn is_as_written(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn keep_blank(&mut self, name: &'static str, blank: Blank) {
        self.keep_as_it_came(name, Some(blank.into()));
    }

    pub(crate) fn keep_as_it_came(&mut self, name: &'static str, value: Option<Value>) {
        let kept = self.kept();
        kept.as_they_came.retain(|(earlier, _)| *earlier != name);
        if kept.as_they_came.capacity() == 0 {
            // A callback about nothing sent before leaves five members of `extra_info` blank.
            kept.as_they_came.reserve_exact(6);
        }
        kept.as_they_came.push((name, value));
    }

    /// How a member came, where that is kept: `Some(None)` for one that was missing though the model would write it.
    pub(crate) fn as_it_came(&self, name: &str) -> Option<Option<&Value>> {
        let kept = self.0.as_ref()?;
        let (_, value) = kept.as_they_came.iter().find(|(known, _)| *known == name)?;
        Some(value.as_ref())
    }

    /// Writes what is kept, except what the object `wrote` itself.
    #[inline]
    pub(crate) fn write<M: SerializeMap>(
        &self,
        members: &mut M,
        wrote: impl Fn(&str) -> bool,
    ) -> Result<(), M::Error> {
        match &self.0 {
            Some(kept) => kept.write(members, wrote),
            None => Ok(()),
        }
    }

    fn kept(&mut self) -> &mut Kept {
        self.0.get_or_insert_default()
    }
}

impl Kept {
    #[inline(never)]
    fn write<M: SerializeMap>(
        &self,
        members: &mut M,
        wrote: impl Fn(&str) -> bool,
    ) -> Result<(), M::Error> {
        for (name, value) in &self.as_they_came {
            if let Some(value) = value
                && !wrote(name)
                && !self.fields.contains_key(*name)
            {
                members.serialize_entry(name, value)?;
            }
        }
        for (name, value) in &self.fields {
            if !wrote(name) {
                members.serialize_entry(name, value)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for UnknownFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}
