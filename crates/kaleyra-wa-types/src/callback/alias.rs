//! `alias!`: a member that goes by several names, and is written back under the one that came.

/// Makes the type of a member with several names. The first is today's; a value made by hand is written under it.
macro_rules! alias {
    (
        $(#[$meta:meta])*
        pub struct $name:ident($type:ty) = $wire:literal $(, $alias:literal)+ $(,)?
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name(Option<(&'static str, $type)>);

        impl $name {
            /// What came, under whichever name.
            pub fn get(&self) -> Option<&$type> {
                self.0.as_ref().map(|(_, value)| value)
            }
        }

        impl From<$type> for $name {
            fn from(value: $type) -> Self {
                Self(Some(($wire, value)))
            }
        }

        impl $crate::wire::group::Group for $name {
            type Partial = $crate::callback::alias::PartialAlias<$type>;

            fn empty() -> Self {
                Self(None)
            }

            fn read_member<'de, A: ::serde::de::MapAccess<'de>>(
                &mut self,
                partial: &mut Self::Partial,
                name: &str,
                members: &mut A,
            ) -> Result<bool, A::Error> {
                let name = match name {
                    $wire => $wire,
                    $( $alias => $alias, )+
                    _ => return Ok(false),
                };
                partial.read(name, members)?;
                Ok(true)
            }

            fn finish<E: ::serde::de::Error>(
                &mut self,
                partial: Self::Partial,
                unknown: &mut $crate::UnknownFields,
            ) -> Result<(), E> {
                self.0 = partial.finish(&[$wire $(, $alias)+], unknown);
                Ok(())
            }

            fn write_members<M: ::serde::ser::SerializeMap>(
                &self,
                _: &$crate::UnknownFields,
                members: &mut M,
            ) -> Result<(), M::Error> {
                match &self.0 {
                    Some((name, value)) => members.serialize_entry(name, value),
                    None => Ok(()),
                }
            }

            fn owns(&self, name: &str) -> bool {
                self.0.as_ref().is_some_and(|(own, _)| *own == name)
            }
        }
    };
}

pub(crate) use alias;

use serde::de::MapAccess;

use crate::UnknownFields;
use crate::wire::Member;
use crate::wire::member::{Blank, Into};
use crate::wire::object::to_value;

/// What was read of a member with several names.
pub(crate) struct PartialAlias<T> {
    value: Option<(&'static str, T)>,
    /// The same under a second name.
    others: Vec<(&'static str, T)>,
    /// Names that were there and said nothing.
    blanks: Vec<(&'static str, Blank)>,
}

impl<T> Default for PartialAlias<T> {
    fn default() -> Self {
        Self {
            value: None,
            others: Vec::new(),
            blanks: Vec::new(),
        }
    }
}

impl<T: Member> PartialAlias<T> {
    pub(crate) fn read<'de, A: MapAccess<'de>>(
        &mut self,
        name: &'static str,
        members: &mut A,
    ) -> Result<(), A::Error> {
        let mut value = None;
        let blank = members.next_value_seed(Into(&mut value))?;
        // Of two members with one name the last counts.
        self.others.retain(|(earlier, _)| *earlier != name);
        self.blanks.retain(|(earlier, _)| *earlier != name);
        if self.value.as_ref().is_some_and(|(own, _)| *own == name) {
            self.value = None;
        }
        if let Some(blank) = blank {
            self.blanks.push((name, blank));
        }
        match value {
            Some(value) if self.value.is_none() => self.value = Some((name, value)),
            Some(value) => self.others.push((name, value)),
            None => {}
        }
        Ok(())
    }

    /// The value under the first of `names` that came; what came under another stays in the object as it is.
    pub(crate) fn finish(
        self,
        names: &[&'static str],
        unknown: &mut UnknownFields,
    ) -> Option<(&'static str, T)> {
        for (name, blank) in self.blanks {
            unknown.keep_blank(name, blank);
        }
        let mut value = self.value;
        for other in self.others {
            let rank = |name| names.iter().position(|known| *known == name);
            let less = match &value {
                Some((name, _)) if rank(*name) < rank(other.0) => Some(other),
                _ => value.replace(other),
            };
            if let Some((name, value)) = less {
                unknown.insert(name, to_value(&value));
            }
        }
        value
    }
}
