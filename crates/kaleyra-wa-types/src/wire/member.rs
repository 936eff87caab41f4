//! The members of an object: whether one may be missing, and how it is read into its place.

use std::borrow::Cow;
use std::fmt;
use std::mem;

use serde::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Unexpected, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::wire::radar::Radar;

/// The type of a member.
pub(crate) trait Member: Sized + Serialize {
    /// Whether the member may be missing.
    const MAY_BE_MISSING: bool = false;

    /// Whether what is [`empty`](Self::empty) makes sense by itself: an object whose members may all be missing.
    const IS_WHOLE_WHEN_EMPTY: bool = false;

    /// Whether `""` is a value where a value must be.
    const HAS_EMPTY_TEXT: bool = false;

    /// What stands in the place of a member before it is read; for one that may be missing, what stands for it then.
    fn empty() -> Self;

    /// Whether this value stands for a missing member, so that nothing is written.
    #[inline]
    fn is_absent(&self) -> bool {
        false
    }

    /// Reads the member into its empty place. A member that may be missing and says nothing leaves its place empty.
    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<BlankSeen, D::Error>;

    /// Reads into an empty place a member that may be there and say nothing; then the place stays empty.
    fn read_unless_blank<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
    ) -> Result<BlankSeen, D::Error>;

    /// Reads a member of this type where it may be missing.
    #[inline]
    fn read_optional<'de, D: Deserializer<'de>>(
        place: &mut Option<Self>,
        deserializer: D,
    ) -> Result<BlankSeen, D::Error> {
        let blank = place
            .insert(Self::empty())
            .read_unless_blank(deserializer)?;
        if blank.is_some() {
            *place = None;
        }
        Ok(blank)
    }

    /// Whether it is an empty text.
    #[inline]
    fn is_empty_text(&self) -> bool {
        false
    }

    /// Writes the member, which is not absent.
    #[inline]
    fn write_present<M: SerializeMap>(&self, name: &str, members: &mut M) -> Result<(), M::Error> {
        members.serialize_entry(name, self)
    }

    /// Writes down what is unknown inside.
    fn scan(&self, _radar: &mut Radar) {}
}

/// What a member said when it said nothing; `None` when it said something.
pub(crate) type BlankSeen = Option<Blank>;

/// The ways of a member to be there and say nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Blank {
    /// `null`
    Null,
    /// `""`
    EmptyText,
    /// `[]`
    EmptyArray,
}

impl From<Blank> for Value {
    fn from(blank: Blank) -> Self {
        match blank {
            Blank::Null => Self::Null,
            Blank::EmptyText => Self::String(String::new()),
            Blank::EmptyArray => Self::Array(Vec::new()),
        }
    }
}

/// Reads into a place.
pub(crate) struct Into<'a, T>(pub(crate) &'a mut T);

impl<'de, T: Member> DeserializeSeed<'de> for Into<'_, T> {
    type Value = BlankSeen;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<BlankSeen, D::Error> {
        self.0.read(deserializer)
    }
}

/// Reads into a place that becomes empty where the member says nothing.
pub(crate) struct OrEmpty<'a, T>(pub(crate) &'a mut T);

impl<'de, T: Member> DeserializeSeed<'de> for OrEmpty<'_, T> {
    type Value = BlankSeen;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<BlankSeen, D::Error> {
        *self.0 = T::empty();
        self.0.read_unless_blank(deserializer)
    }
}

/// Reads into an empty place that stays so where the member says nothing.
pub(crate) struct UnlessBlank<'a, T>(pub(crate) &'a mut T);

impl<'de, T: Member> DeserializeSeed<'de> for UnlessBlank<'_, T> {
    type Value = BlankSeen;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<BlankSeen, D::Error> {
        self.0.read_unless_blank(deserializer)
    }
}

impl<T: Member> Member for Option<T> {
    const MAY_BE_MISSING: bool = true;

    #[inline]
    fn empty() -> Self {
        None
    }

    #[inline]
    fn is_absent(&self) -> bool {
        self.is_none()
    }

    #[inline]
    fn write_present<M: SerializeMap>(&self, name: &str, members: &mut M) -> Result<(), M::Error> {
        match self {
            Some(value) => value.write_present(name, members),
            None => members.serialize_entry(name, self),
        }
    }

    #[inline]
    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<BlankSeen, D::Error> {
        T::read_optional(self, deserializer)
    }

    #[inline]
    fn read_unless_blank<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
    ) -> Result<BlankSeen, D::Error> {
        self.read(deserializer)
    }

    #[inline]
    fn read_optional<'de, D: Deserializer<'de>>(
        place: &mut Option<Self>,
        deserializer: D,
    ) -> Result<BlankSeen, D::Error> {
        place.insert(None).read(deserializer)
    }

    fn scan(&self, radar: &mut Radar) {
        if let Some(value) = self {
            value.scan(radar);
        }
    }
}

/// The most elements that an array is read to; a callback of Meta's has 1,000 at most. A longer one is kept as plain JSON,
/// so that three bytes on the wire can't become hundreds in memory.
pub(crate) const MAX_ELEMENTS: usize = 10_000;

impl<T: Member> Member for Vec<T> {
    const MAY_BE_MISSING: bool = true;

    #[inline]
    fn empty() -> Self {
        Self::new()
    }

    #[inline]
    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<BlankSeen, D::Error> {
        struct Elements<'a, T>(&'a mut Vec<T>);

        impl<'de, T: Member> Visitor<'de> for Elements<'_, T> {
            type Value = BlankSeen;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_unit<E>(self) -> Result<BlankSeen, E> {
                Ok(Some(Blank::Null))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<BlankSeen, E> {
                if text.is_empty() {
                    Ok(Some(Blank::EmptyText))
                } else {
                    Err(E::invalid_type(Unexpected::Str(text), &self))
                }
            }

            #[inline]
            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<BlankSeen, A::Error> {
                while elements.next_element_seed(Push(self.0))?.is_some() {
                    if self.0.len() > MAX_ELEMENTS {
                        return Err(A::Error::custom(format_args!(
                            "more than {MAX_ELEMENTS} elements"
                        )));
                    }
                }
                Ok(self.0.is_empty().then_some(Blank::EmptyArray))
            }
        }

        struct Push<'a, T>(&'a mut Vec<T>);

        impl<'de, T: Member> DeserializeSeed<'de> for Push<'_, T> {
            type Value = ();

            #[inline]
            fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
                // Read in its place: it may be large to move.
                push_empty(self.0);
                match self.0.last_mut().map(|element| element.read(deserializer)) {
                    Some(Err(error)) => Err(error),
                    Some(Ok(None)) => Ok(()),
                    _ => Err(D::Error::invalid_type(Unexpected::Unit, &"an element")),
                }
            }
        }

        self.clear();
        deserializer.deserialize_any(Elements(self))
    }

    #[inline]
    fn read_unless_blank<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
    ) -> Result<BlankSeen, D::Error> {
        self.read(deserializer)
    }

    fn scan(&self, radar: &mut Radar) {
        for (index, element) in self.iter().enumerate() {
            radar.member(&index.to_string(), |radar| element.scan(radar));
        }
    }
}

/// Adds an element to read into. Most arrays have one, and `Vec` would begin with room for four of most types.
#[inline]
fn push_empty<T: Member>(elements: &mut Vec<T>) {
    match elements.capacity() {
        // Put together where it stays.
        0 => *elements = vec![T::empty()],
        // As a rule an allocator has a new piece of this size at hand; to enlarge one it has to search.
        1 if elements.len() == 1 => {
            let first = mem::replace(elements, Vec::with_capacity(4));
            elements.extend(first);
            elements.push(T::empty());
        }
        _ => elements.push(T::empty()),
    }
}

impl<T: Member> Member for Box<T> {
    const MAY_BE_MISSING: bool = T::MAY_BE_MISSING;
    const IS_WHOLE_WHEN_EMPTY: bool = T::IS_WHOLE_WHEN_EMPTY;

    #[inline]
    fn empty() -> Self {
        Self::new(T::empty())
    }

    fn is_absent(&self) -> bool {
        T::is_absent(self)
    }

    #[inline]
    fn write_present<M: SerializeMap>(&self, name: &str, members: &mut M) -> Result<(), M::Error> {
        T::write_present(self, name, members)
    }

    #[inline]
    fn read<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<BlankSeen, D::Error> {
        T::read(self, deserializer)
    }

    #[inline]
    fn read_unless_blank<'de, D: Deserializer<'de>>(
        &mut self,
        deserializer: D,
    ) -> Result<BlankSeen, D::Error> {
        T::read_unless_blank(self, deserializer)
    }

    fn scan(&self, radar: &mut Radar) {
        T::scan(self, radar);
    }
}

/// Makes a type with a `Deserialize` of its own a [`Member`]: `empty` is what stands in its place before it is read; `blank`
/// tells which value says nothing.
macro_rules! leaf_member {
    ($type:ty, empty: $empty:expr $(, blank: $blank:expr)?) => {
        impl $crate::wire::Member for $type {
            $( const HAS_EMPTY_TEXT: bool = { let _: fn(&Self) -> bool = $blank; true }; )?

            #[inline]
            fn empty() -> Self {
                $empty
            }

            $(
                #[inline]
                fn is_empty_text(&self) -> bool {
                    let is_blank: fn(&Self) -> bool = $blank;
                    is_blank(self)
                }
            )?

            #[inline]
            fn read<'de, D: ::serde::Deserializer<'de>>(
                &mut self,
                deserializer: D,
            ) -> Result<$crate::wire::member::BlankSeen, D::Error> {
                *self = ::serde::Deserialize::deserialize(deserializer)?;
                Ok(None)
            }

            #[inline]
            fn read_unless_blank<'de, D: ::serde::Deserializer<'de>>(
                &mut self,
                deserializer: D,
            ) -> Result<$crate::wire::member::BlankSeen, D::Error> {
                let mut value = None;
                let blank = <Self as $crate::wire::Member>::read_optional(&mut value, deserializer)?;
                if let Some(value) = value {
                    *self = value;
                }
                Ok(blank)
            }

            #[inline]
            fn read_optional<'de, D: ::serde::Deserializer<'de>>(
                place: &mut Option<Self>,
                deserializer: D,
            ) -> Result<$crate::wire::member::BlankSeen, D::Error> {
                *place = ::serde::Deserialize::deserialize(deserializer)?;
                match place {
                    None => Ok(Some($crate::wire::member::Blank::Null)),
                    $( Some(value) if ($blank)(&*value) => {
                        *place = None;
                        Ok(Some($crate::wire::member::Blank::EmptyText))
                    } )?
                    Some(_) => Ok(None),
                }
            }
        }
    };
}

pub(crate) use leaf_member;

leaf_member!(bool, empty: false);
leaf_member!(Value, empty: Self::Null);
leaf_member!(Map<String, Value>, empty: Self::new());

/// A member's name, borrowed from the input where that has no escapes in it.
pub(crate) struct Key<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member's name")
            }

            #[inline]
            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(name.to_owned())))
            }

            fn visit_string<E>(self, name: String) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(name)))
            }
        }

        deserializer.deserialize_str(KeyVisitor)
    }
}
