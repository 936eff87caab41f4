//! What a model looks like on the wire: static tables, and the few ways in which the engine touches a model.
//!
//! The derives of `kaleyra-wa-derive` make all of it. Nothing here is generic, so that reading and writing is compiled once
//! for all models.

use serde_json::{Map, Value};

use super::fault::Read;
use super::names::{Names, Wanted};
use super::reader::Reader;
use super::unknown_body::UnknownBody;
use super::unknown_fields::UnknownFields;

/// A value that stands on the wire.
pub(crate) trait Wire: Twin + 'static {
    /// What stands in its place before it is read, and when it is missing.
    fn empty() -> Self
    where
        Self: Sized;

    /// Whether it is an object.
    fn is_object() -> bool
    where
        Self: Sized,
    {
        false
    }

    /// Whether it is any JSON, of which `""` and `[]` say something.
    fn is_any() -> bool
    where
        Self: Sized,
    {
        false
    }

    /// Whether what stands in its place may be [any JSON](Self::is_any).
    fn takes_any(&self) -> bool {
        false
    }

    /// Reads it into its place, which is empty. After a fault that is no syntax error, the reader stands after the value.
    fn read(&mut self, reader: &mut Reader<'_>) -> Read<Form>;

    /// What there is to write.
    fn view(&self) -> View<'_>;

    /// Whether there is nothing to write, not even that it is empty.
    fn is_absent(&self) -> bool {
        false
    }

    /// Makes its place empty.
    fn clear(&mut self);
}

/// Makes an empty value of the same type, where only that it is some value is known.
pub(crate) trait Twin {
    fn twin(&self) -> Box<dyn Wire>;
}

impl<T: Wire> Twin for T {
    fn twin(&self) -> Box<dyn Wire> {
        Box::new(T::empty())
    }
}

/// Whether a value came in the form in which it is written.
///
/// It takes a whole word, so that it is returned in a register, as the fault in its stead is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Form {
    AsWritten,
    /// A number for a text, a text for a flag, …: kept beside the value, to be written back.
    Otherwise,
}

/// What there is to write of a value.
#[derive(Clone, Copy)]
pub(crate) enum View<'a> {
    Absent,
    Bool(bool),
    Text(&'a str),
    /// Anything, as its JSON.
    Json(&'a str),
    Value(&'a Value),
    Map(&'a Map<String, Value>),
    List(&'a dyn List),
    Object(&'a dyn Object),
}

/// A list of values.
pub(crate) trait List {
    fn len(&self) -> usize;
    fn get(&self, index: usize) -> Option<&dyn Wire>;
    /// Adds an empty element.
    fn push(&mut self) -> Option<&mut dyn Wire>;
    fn pop(&mut self);
    fn clear(&mut self);
    /// The bytes that an element takes.
    fn element_size(&self) -> usize;
    fn is_of_objects(&self) -> bool;
}

/// A struct that mirrors a JSON object.
pub(crate) trait Object {
    fn shape(&self) -> &'static Shape;
    fn member(&self, n: usize) -> Option<&dyn Wire>;
    /// A bit for each member that is not [absent](Wire::is_absent).
    fn present(&self) -> u64;
    fn member_mut(&mut self, n: usize) -> Option<&mut dyn Wire>;
    fn choice(&self, n: usize) -> Option<&dyn Choice>;
    fn choice_mut(&mut self, n: usize) -> Option<&mut dyn Choice>;
    fn unknown(&self) -> &UnknownFields;
    fn unknown_mut(&mut self) -> &mut UnknownFields;
}

/// An enum whose body is a member of the object around: the one that `type` names, or the only one of several that is there.
pub(crate) trait Choice {
    fn shape(&self) -> &'static ChoiceShape;
    /// The variant; `None` for a type that is unknown.
    fn chosen(&self) -> Option<usize>;
    /// Takes a variant, with an empty body.
    fn choose(&mut self, n: usize);
    fn body(&self) -> Option<&dyn Wire>;
    fn body_mut(&mut self) -> Option<&mut dyn Wire>;
    fn unknown(&self) -> Option<&UnknownBody>;
    fn set_unknown(&mut self, unknown: UnknownBody);
    /// Called when the body was read.
    fn settle(&mut self) {}
    /// A member that is written beside the body.
    fn beside(&self) -> Option<(&'static str, &dyn Wire)> {
        None
    }
    /// Takes another member of the choice beside its body, where it can.
    fn take_beside(&mut self, _name: &str, _json: &str) -> bool {
        false
    }
}

/// A choice by its type.
pub(crate) trait Flat: Choice {
    /// What stands in its place before it is read.
    fn empty() -> Self
    where
        Self: Sized;
}

/// The table of an object.
pub(crate) struct Shape {
    /// The type's name, for errors.
    pub(crate) name: &'static str,
    pub(crate) members: Names,
    /// The names as they are written: `,"name":`.
    pub(crate) json_names: &'static [&'static str],
    /// Other names of members, under which those are written back; none where no member has any.
    pub(crate) aliases: &'static [&'static [&'static str]],
    /// A bit for each member that has to be there.
    pub(crate) mandatory: u64,
    pub(crate) choices: usize,
    /// Whether a member that can't be read is kept and told, instead of sinking the object.
    pub(crate) keeps_faults: bool,
}

/// The table of a choice.
pub(crate) struct ChoiceShape {
    pub(crate) kind: ChoiceKind,
    pub(crate) variants: Names,
    /// The names as they are written, where they are those of members: `,"name":`.
    pub(crate) json_names: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChoiceKind {
    /// `type` names the member that holds the body.
    Tagged,
    /// `type` says what the body is, which is always in the same member.
    Adjacent(&'static str),
    /// The member itself says what it is. Where there are several, the first of the table counts.
    OneOf,
}

impl Shape {
    /// The member with this other name, and which of its other names it is.
    pub(crate) fn find_alias(&self, name: Wanted<'_>) -> Option<(usize, usize)> {
        let aliases = self.aliases.iter().enumerate();
        let mut found = aliases
            .filter_map(|(n, aliases)| Some((n, aliases.iter().position(|alias| name == *alias)?)));
        found.next()
    }

    /// The other names of a member.
    pub(crate) fn aliases(&self, n: usize) -> &'static [&'static str] {
        self.aliases.get(n).copied().unwrap_or_default()
    }

    pub(crate) fn is_mandatory(&self, n: usize) -> bool {
        self.mandatory >> n & 1 == 1
    }

    /// The slots of a choice among those of the members: of its `type`, and of its body.
    pub(crate) fn choice_slots(&self, choice: usize) -> (usize, usize) {
        let tag = self.members.list().len() + 2 * choice;
        (tag, tag + 1)
    }
}
