//! The templates that were created at the simulator, or changed there.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use kaleyra_wa_types::template::TemplateDefinition;
use serde_json::{Value, json};

use crate::time::moment;

/// What a template is found by: its WABA, its name and its language.
pub(crate) type Key = (String, String, String);

/// All templates that are kept, deleted ones included.
#[derive(Default)]
pub(crate) struct TemplateBook(BTreeMap<Key, Registered>);

/// A template as it stands.
#[derive(Clone)]
pub(crate) struct Registered {
    pub(crate) definition: Arc<TemplateDefinition>,
    pub(crate) created_at: SystemTime,
    /// When it was edited while it was approved.
    pub(crate) edits: Vec<SystemTime>,
    pub(crate) deleted_at: Option<SystemTime>,
    /// Which submission a review is about: an edit makes the ones before void.
    pub(crate) submission: u64,
    /// Whether one of its name was given at the start: it would be back if this one were forgotten.
    pub(crate) is_given: bool,
}

pub(crate) fn key(waba: &str, name: &str, language: &str) -> Key {
    let language = language.replace('-', "_");
    (waba.to_owned(), name.to_owned(), language)
}

impl Registered {
    pub(crate) fn new(definition: TemplateDefinition, now: SystemTime) -> Self {
        Self {
            definition: Arc::new(definition),
            created_at: now,
            edits: Vec::new(),
            deleted_at: None,
            submission: 0,
            is_given: false,
        }
    }

    /// Whether it was deleted so long ago that its name can be used again.
    pub(crate) fn is_free(&self, now: SystemTime) -> bool {
        let age = self.deleted_at.and_then(|at| now.duration_since(at).ok());
        age.is_some_and(|age| age >= TemplateBook::NAME_LOCKED)
    }

    /// How many of its edits are no older than this.
    pub(crate) fn edits_within(&self, age: Duration, now: SystemTime) -> usize {
        let is_young = |at: &&SystemTime| now.duration_since(**at).is_ok_and(|it| it < age);
        self.edits.iter().filter(is_young).count()
    }
}

impl TemplateBook {
    /// How many a WABA may have, by Meta's page on managing templates.
    pub(crate) const MAX: usize = 6_000;
    /// How long the name of a deleted one can't be used, by the same page.
    pub(crate) const NAME_LOCKED: Duration = Duration::from_secs(30 * 86_400);

    pub(crate) fn get(&self, key: &Key) -> Option<&Registered> {
        self.0.get(key)
    }

    pub(crate) fn get_mut(&mut self, key: &Key) -> Option<&mut Registered> {
        self.0.get_mut(key)
    }

    pub(crate) fn put(&mut self, key: Key, mut registered: Registered) {
        registered.is_given |= self.0.get(&key).is_some_and(|it| it.is_given);
        self.0.insert(key, registered);
    }

    pub(crate) fn is_empty(&self, waba: &str) -> bool {
        self.of(waba).next().is_none()
    }

    /// All of a WABA, by name and language.
    pub(crate) fn of<'a>(
        &'a self,
        waba: &'a str,
    ) -> impl Iterator<Item = (&'a Key, &'a Registered)> {
        self.0.iter().filter(move |((of, ..), _)| of == waba)
    }

    /// Forgets those that were deleted so long ago that their names are free again, but for those that would be back then.
    pub(crate) fn forget_deleted(&mut self, now: SystemTime) {
        self.0.retain(|_, it| it.is_given || !it.is_free(now));
    }

    pub(crate) fn to_state(&self) -> Value {
        let all = self.0.iter().map(|((waba, ..), it)| {
            json!({
                "waba": waba,
                "definition": &*it.definition,
                "created_at": moment::format(it.created_at),
                "edits": it.edits.iter().map(|at| moment::format(*at)).collect::<Vec<_>>(),
                "deleted_at": it.deleted_at.map(moment::format),
                "submission": it.submission,
                "is_given": it.is_given,
            })
        });
        all.collect()
    }

    /// Reads a template from an exported state; `None` if it is none.
    pub(crate) fn of_state(state: &Value) -> Option<(Key, Registered)> {
        let definition: TemplateDefinition =
            serde_json::from_value(state["definition"].clone()).ok()?;
        let waba = state["waba"].as_str()?;
        let moments = state["edits"].as_array()?.iter();
        let deleted_at = match state["deleted_at"].as_str() {
            Some(at) => Some(moment::parse(at)?),
            None => None,
        };
        Some((
            key(waba, &definition.name, &definition.language),
            Registered {
                created_at: moment::parse(state["created_at"].as_str()?)?,
                edits: moments
                    .map(|at| moment::parse(at.as_str()?))
                    .collect::<Option<_>>()?,
                deleted_at,
                submission: state["submission"].as_u64()?,
                is_given: state["is_given"].as_bool().unwrap_or_default(),
                definition: Arc::new(definition),
            },
        ))
    }
}
