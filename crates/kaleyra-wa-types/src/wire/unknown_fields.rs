//! What an object holds beside the values of its known members.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use ecow::EcoString;
use serde_json::Value;

use super::fault::Read;
use super::raw_json::RawJson;
use super::reader::Blank;
use crate::decode::DecodeError;

/// The members of an object that this version does not know.
///
/// They survive a round trip, and a caller can [`insert`](Self::insert) a member that the model lacks:
///
/// ```
/// use kaleyra_wa_types::outbound::Text;
///
/// let mut text = Text::new("Hello");
/// text.unknown.insert("shade", "teal");
/// assert_eq!(serde_json::to_string(&text)?, r#"{"body":"Hello","shade":"teal"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// A member that the model does know always wins over one of the same name in here. An empty set takes two words and no
/// allocation. `Debug` shows the names only: values may hold anything, personal data too.
#[derive(Clone, Default)]
pub struct UnknownFields {
    /// Two bits for each known member: whether it came, and said nothing.
    states: u64,
    kept: Option<Box<Kept>>,
}

#[derive(Clone, Default)]
struct Kept {
    /// By name.
    fields: Vec<(EcoString, RawJson)>,
    came: Vec<(u8, Came)>,
    dropped: Vec<Dropped>,
    lists: OnceLock<Box<Lists>>,
}

/// How a known member came.
#[derive(Clone, PartialEq)]
pub(crate) enum Came {
    /// In another form than it is written in.
    Otherwise(RawJson),
    /// Under another of its names, and how.
    Alias(u8, RawJson),
    /// Beside the member that counts: one of another name, which says nothing.
    Beside(&'static str, RawJson),
    /// In a shape in which it can't be read.
    Misread(Box<DecodeError>, RawJson),
}

/// Where the elements of unknown lists are.
#[derive(Clone, Default)]
struct Lists {
    lists: Vec<UnknownList>,
    count: usize,
}

/// The elements of one unknown list.
#[derive(Clone)]
struct UnknownList {
    /// Its place among the fields.
    field: usize,
    /// How many elements are in the lists before it.
    before: usize,
    /// Where each element begins in its text.
    starts: Vec<u32>,
}

/// What was left out, since a member of its name came later.
#[derive(Clone, PartialEq)]
pub(crate) struct Dropped {
    pub(crate) path: String,
    pub(crate) body: RawJson,
}

/// Whether a known member came and said nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// What is written is its value.
    Plain,
    Null,
    EmptyText,
    /// `[]`; of a member that has to be there: that it was missing.
    EmptyListOrMissing,
}

impl State {
    pub(crate) fn of(blank: Blank) -> Self {
        match blank {
            Blank::Null => Self::Null,
            Blank::Text => Self::EmptyText,
            Blank::List => Self::EmptyListOrMissing,
        }
    }
}

/// What it says counts, not in which order it came, nor what was dropped.
impl PartialEq for UnknownFields {
    fn eq(&self, other: &Self) -> bool {
        let (fields, other_fields) = (self.fields(), other.fields());
        let (came, other_came) = (self.came(), other.came());
        self.states == other.states
            && fields == other_fields
            && came.len() == other_came.len()
            && came.iter().all(|came| other_came.contains(came))
    }
}

impl UnknownFields {
    /// Whether every member was known.
    pub fn is_empty(&self) -> bool {
        self.fields().is_empty()
    }

    /// How many members are unknown.
    pub fn len(&self) -> usize {
        self.fields().len()
    }

    /// The unknown members, ordered by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawJson)> {
        self.fields()
            .iter()
            .map(|(name, value)| (name.as_str(), value))
    }

    /// One unknown member.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::Text;
    ///
    /// let mut text: Text = serde_json::from_str(r#"{"body": "Hi", "shade": "teal", "size": 2}"#)?;
    /// assert_eq!(text.unknown.get("size").and_then(|size| size.to_value()), Some(2.into()));
    /// assert_eq!(text.unknown.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["shade", "size"]);
    /// text.unknown.remove("size");
    /// assert_eq!(text.unknown.len(), 1);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn get(&self, name: &str) -> Option<&RawJson> {
        let at = self.place(name).ok()?;
        self.fields().get(at).map(|(_, value)| value)
    }

    /// Adds a member, and gives back the one of that name that it replaces.
    pub fn insert<'a>(
        &mut self,
        name: impl Into<Cow<'a, str>>,
        value: impl Into<Value>,
    ) -> Option<RawJson> {
        let (name, value) = (name.into(), RawJson::from(value.into()));
        let place = self.place(&name);
        let fields = &mut self.kept().fields;
        match place.map(|at| fields.get_mut(at)) {
            Ok(Some((_, old))) => Some(std::mem::replace(old, value)),
            Ok(None) => None,
            Err(at) => {
                fields.insert(at, (EcoString::from(&*name), value));
                None
            }
        }
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<RawJson> {
        let at = self.place(name).ok()?;
        let kept = self.kept.as_mut()?;
        kept.lists.take();
        let (_, removed) = kept.fields.remove(at);
        // As if nothing had ever been kept.
        self.kept.take_if(|kept| kept.is_empty());
        Some(removed)
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.fields()
            .binary_search_by(|(known, _)| known.as_str().cmp(name))
    }

    fn fields(&self) -> &[(EcoString, RawJson)] {
        self.kept.as_ref().map_or(&[], |kept| &kept.fields)
    }

    fn came(&self) -> &[(u8, Came)] {
        self.kept.as_ref().map_or(&[], |kept| &kept.came)
    }

    /// How many elements are in the members that are lists.
    pub(crate) fn element_count(&self) -> usize {
        self.kept.as_ref().map_or(0, |kept| kept.lists().count)
    }

    /// One element of the members that are lists: the list's name, the place in it, and its JSON.
    pub(crate) fn element(&self, nth: usize) -> Option<(&str, usize, &str)> {
        let kept = self.kept.as_ref()?;
        let lists = &kept.lists().lists;
        let list = lists.get(
            lists
                .partition_point(|list| list.before <= nth)
                .checked_sub(1)?,
        )?;
        let start = *list.starts.get(nth - list.before)?;
        let (name, json) = kept.fields.get(list.field)?;
        let mut reader = super::Reader::new(json.as_str().get(start as usize..)?);
        let mark = reader.mark();
        // One that is nested too deep is passed over as well.
        let _ = reader.skip();
        Some((name.as_str(), nth - list.before, reader.since(mark)))
    }

    /// Room for what is to be changed; what is known of the lists is forgotten.
    fn kept(&mut self) -> &mut Kept {
        let kept = self.kept.get_or_insert_default();
        kept.lists.take();
        kept
    }

    /// Whether every member came as the model writes it, and none is unknown.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        self.states == 0 && self.kept.is_none()
    }

    /// Adds a member while the object is read: [`settle`](Self::settle) puts them in order.
    pub(crate) fn push(&mut self, name: &str, value: RawJson) {
        push(&mut self.kept().fields, (name.into(), value));
    }

    /// Puts what was pushed in order. Of two members with one name the last counts; whether there were such.
    #[inline]
    pub(crate) fn settle(&mut self) -> bool {
        match &mut self.kept {
            Some(kept) if kept.fields.len() > 1 => kept.settle(),
            _ => false,
        }
    }

    pub(crate) fn state(&self, n: usize) -> State {
        match self.states >> (2 * n) & 3 {
            0 => State::Plain,
            1 => State::Null,
            2 => State::EmptyText,
            _ => State::EmptyListOrMissing,
        }
    }

    pub(crate) fn set_state(&mut self, n: usize, state: State) {
        self.states = self.states & !(3 << (2 * n)) | (state as u64) << (2 * n);
    }

    /// How a member came, where that is kept.
    pub(crate) fn how_came(&self, n: usize) -> impl Iterator<Item = &Came> {
        let came = self.came().iter();
        came.filter(move |(known, _)| usize::from(*known) == n)
            .map(|(_, came)| came)
    }

    /// Which of its other names a member came under, and how it came.
    pub(crate) fn alias(&self, n: usize) -> Option<(usize, &RawJson)> {
        self.how_came(n).find_map(|came| match came {
            Came::Alias(alias, json) => Some((usize::from(*alias), json)),
            _ => None,
        })
    }

    pub(crate) fn keep(&mut self, n: usize, came: Came) {
        let kept = &mut self.kept().came;
        // Of two members with one name the last counts.
        if let Came::Beside(name, _) = &came {
            kept.retain(|(_, known)| !matches!(known, Came::Beside(known, _) if known == name));
        }
        push(kept, (n as u8, came));
    }

    /// Forgets how a member came, as it comes again.
    pub(crate) fn forget(&mut self, n: usize) {
        self.set_state(n, State::Plain);
        if let Some(kept) = &mut self.kept {
            kept.came.retain(|(known, came)| {
                usize::from(*known) != n || matches!(came, Came::Beside(..))
            });
        }
    }

    /// Forgets what is kept under another name of a member, as it comes again; whether there was something.
    pub(crate) fn forget_name(&mut self, n: usize, name: &str) -> bool {
        let Some(kept) = &mut self.kept else {
            return false;
        };
        let before = kept.came.len() + kept.fields.len();
        kept.came.retain(|(known, came)| {
            usize::from(*known) != n || !matches!(came, Came::Beside(beside, _) if *beside == name)
        });
        kept.fields.retain(|(known, _)| known != name);
        kept.came.len() + kept.fields.len() < before
    }

    /// The known members that could not be read.
    pub(crate) fn misread(&self) -> impl Iterator<Item = (usize, &DecodeError, &RawJson)> {
        self.came().iter().filter_map(|(n, came)| match came {
            Came::Misread(error, body) => Some((usize::from(*n), &**error, body)),
            _ => None,
        })
    }

    pub(crate) fn dropped(&self) -> &[Dropped] {
        self.kept.as_ref().map_or(&[], |kept| &kept.dropped)
    }

    pub(crate) fn set_dropped(&mut self, dropped: Vec<Dropped>) {
        self.kept().dropped = dropped;
    }
}

impl Kept {
    fn lists(&self) -> &Lists {
        self.lists.get_or_init(|| {
            let mut found = Lists::default();
            for (field, (_, json)) in self.fields.iter().enumerate() {
                if json.as_str().starts_with('[') {
                    let starts = starts(json.as_str()).unwrap_or_default();
                    let before = found.count;
                    found.count += starts.len();
                    found.lists.push(UnknownList {
                        field,
                        before,
                        starts,
                    });
                }
            }
            found.lists.retain(|list| !list.starts.is_empty());
            Box::new(found)
        })
    }

    fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.came.is_empty() && self.dropped.is_empty()
    }

    fn settle(&mut self) -> bool {
        self.fields.sort_by(|one, other| one.0.cmp(&other.0));
        let before = self.fields.len();
        // The sort is stable: of equal names the last one came last.
        self.fields.dedup_by(|later, earlier| {
            let is_same = later.0 == earlier.0;
            if is_same {
                std::mem::swap(&mut later.1, &mut earlier.1);
            }
            is_same
        });
        self.fields.len() < before
    }
}

/// Adds to a list. Most have one element, for which `Vec` would make room for four.
fn push<T>(list: &mut Vec<T>, element: T) {
    if list.capacity() == 0 {
        list.reserve_exact(1);
    }
    list.push(element);
}

/// Where the elements of a list begin.
fn starts(json: &str) -> Read<Vec<u32>> {
    let mut reader = super::Reader::new(json);
    let mut starts = Vec::new();
    reader.enter()?;
    while reader.element(starts.is_empty())? {
        starts.push(u32::try_from(reader.mark()).unwrap_or(u32::MAX));
        match reader.skip() {
            Err(fault) if fault.is_syntax() => return Err(fault),
            _ => {}
        }
    }
    Ok(starts)
}

impl fmt::Debug for UnknownFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}
