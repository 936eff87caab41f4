//! `wire_object!`: a struct that mirrors a JSON object, keeps what it does not know and writes back what came.
//!
//! Its `Deserialize` is one visitor over the members as they come. Unknown members go straight into
//! [`UnknownFields`](crate::UnknownFields), which costs a known payload nothing; serde's `flatten` would buffer every member first.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Unexpected,
    Visitor,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::UnknownFields;
use crate::decode::DecodeError;
use crate::wire::radar::Radar;

/// Makes a struct of a JSON object from what looks like its documentation's table.
///
/// A plain type is a mandatory member, `Option` and `Vec` are members that may be missing. `name as "wire"` gives
/// a member another name on the wire; a last `..name: Group` is a [`Group`](super::group::Group) of members.
macro_rules! wire_object {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $(
                $(#[$field_meta:meta])*
                pub $field:ident $(as $wire:literal)? : $type:ty
            ),* $(,)?
            $( ; $(
                $(#[$group_meta:meta])*
                pub $group:ident : ..$group_type:ty
            ),+ $(,)? )?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $type, )*
            $( $( $(#[$group_meta])* pub $group: $group_type, )+ )?
            /// Members that this version does not know, kept as they came.
            pub unknown: $crate::UnknownFields,
        }

        impl $crate::wire::Object for $name {
            const NAME: &'static str = stringify!($name);

            fn read_members<'de, A: ::serde::de::MapAccess<'de>>(mut members: A) -> Result<Self, A::Error> {
                #[allow(unused_imports)]
                use $crate::wire::{Member, Read, group::Group};

                $( let mut $field: Option<$type> = None; )*
                $( $( let mut $group = <$group_type as Group>::Partial::default(); )+ )?
                let mut unknown = $crate::UnknownFields::default();

                while let Some($crate::wire::object::Key(key)) = members.next_key()? {
                    match key.as_ref() {
                        $( $crate::wire::object::wire_name!($field $($wire)?) => {
                            let seed = $crate::wire::object::MemberSeed::<$type>::default();
                            $field = match members.next_value_seed(seed)? {
                                Read::Value(value) => Some(value),
                                Read::Blank(blank) => {
                                    unknown.keep_as_it_came($crate::wire::object::wire_name!($field $($wire)?), Some(blank));
                                    None
                                }
                            };
                        } )*
                        _ => {
                            $( $( if <$group_type as Group>::read_member(&mut $group, &key, &mut members)? {
                                continue;
                            } )+ )?
                            unknown.insert(key, members.next_value::<::serde_json::Value>()?);
                        }
                    }
                }
                Ok(Self {
                    $( $field: match $field.or_else(<$type as Member>::when_absent) {
                        Some(value) => value,
                        None => return Err(::serde::de::Error::missing_field(
                            $crate::wire::object::wire_name!($field $($wire)?),
                        )),
                    }, )*
                    $( $( $group: <$group_type as Group>::finish($group, &mut unknown)?, )+ )?
                    unknown,
                })
            }

            fn misread(&self) -> Vec<$crate::wire::object::Misread<'_>> {
                ::std::iter::empty()
                    $( .chain($crate::wire::object::misread::<$type>(
                        &self.unknown,
                        $crate::wire::object::wire_name!($field $($wire)?),
                    )) )*
                    .collect()
            }
        }

        impl $crate::wire::Member for $name {
            fn read_optional<'de, D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<$crate::wire::Read<Self>, D::Error> {
                $crate::wire::object::read_optional_object(deserializer)
            }

            fn scan(&self, radar: &mut $crate::wire::radar::Radar) {
                #[allow(unused_imports)]
                use $crate::wire::{Member, group::Group};

                $( radar.member($crate::wire::object::wire_name!($field $($wire)?), |radar| self.$field.scan(radar)); )*
                $( $( self.$group.scan_members(radar); )+ )?
                radar.found(&self.unknown);
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                #[allow(unused_imports)]
                use $crate::wire::{Member, group::Group};
                use ::serde::ser::SerializeMap;

                let mut members = serializer.serialize_map(None)?;
                $( if !self.$field.is_absent() {
                    members.serialize_entry($crate::wire::object::wire_name!($field $($wire)?), &self.$field)?;
                } )*
                $( $( self.$group.write_members(&self.unknown, &mut members)?; )+ )?
                self.unknown.write(&mut members, |key| match key {
                    $( $crate::wire::object::wire_name!($field $($wire)?) => !self.$field.is_absent(), )*
                    _ => false $( $( || self.$group.owns(key) )+ )?,
                })?;
                members.end()
            }
        }
    };
}

/// Gives a [`wire_object!`] its `Deserialize`, for all but the one that decodes its elements one by one.
macro_rules! deserialize_object {
    ($($name:ident),+ $(,)?) => { $(
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::wire::object::read_object(deserializer)
            }
        }
    )+ };
}

/// The name of a member on the wire: the one given, else the field's.
macro_rules! wire_name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $wire:literal) => {
        $wire
    };
}

pub(crate) use {deserialize_object, wire_name, wire_object};

/// A struct made by [`wire_object!`].
pub(crate) trait Object: Sized {
    /// The type's name, for errors.
    const NAME: &'static str;

    /// Reads the members of the object, in whatever order they come; of two with one name the last counts.
    fn read_members<'de, A: MapAccess<'de>>(members: A) -> Result<Self, A::Error>;

    /// The members that the object knows and that could not be read, so that they are among the unknown ones.
    fn misread(&self) -> Vec<Misread<'_>>;
}

/// A known member that could not be read.
pub(crate) struct Misread<'a> {
    pub(crate) name: &'static str,
    pub(crate) error: DecodeError,
    pub(crate) body: &'a Value,
}

/// Whether a member of this name and type is among the unknown ones because it could not be read.
pub(crate) fn misread<'a, T: Member>(
    unknown: &'a UnknownFields,
    name: &'static str,
) -> Option<Misread<'a>> {
    let body = unknown.get(name)?;
    let mut track = serde_path_to_error::Track::new();
    let result = T::read(serde_path_to_error::Deserializer::new(body, &mut track));
    let error = serde_path_to_error::Error::new(track.path(), result.err()?);
    Some(Misread {
        name,
        error: DecodeError::misshapen(&error),
        body,
    })
}

/// What reading a member gave.
pub(crate) enum Read<T> {
    /// A value.
    Value(T),
    /// The member is there but says nothing: `null`, `""`, `[]`.
    Blank(Value),
}

/// The type of a member: whether it may be missing, and how it reads when it may.
pub(crate) trait Member: Sized + for<'de> Deserialize<'de> {
    /// What stands for a member that is missing; `None` where it is mandatory.
    fn when_absent() -> Option<Self> {
        None
    }

    /// Whether this value stands for a missing member, so that nothing is written.
    fn is_absent(&self) -> bool {
        false
    }

    /// Reads a member of this type.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<Self>, D::Error> {
        Self::deserialize(deserializer).map(Read::Value)
    }

    /// Reads an optional member of this type: where this kind of value can be blank, a blank is told apart.
    fn read_optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<Self>, D::Error> {
        Ok(match Option::deserialize(deserializer)? {
            Some(value) => Read::Value(value),
            None => Read::Blank(Value::Null),
        })
    }

    /// Writes down what is unknown inside.
    fn scan(&self, _radar: &mut Radar) {}
}

impl<T: Member> Member for Option<T> {
    fn when_absent() -> Option<Self> {
        Some(None)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<Self>, D::Error> {
        Ok(match T::read_optional(deserializer)? {
            Read::Value(value) => Read::Value(Some(value)),
            Read::Blank(blank) => Read::Blank(blank),
        })
    }

    fn scan(&self, radar: &mut Radar) {
        if let Some(value) = self {
            value.scan(radar);
        }
    }
}

impl<T: Member> Member for Vec<T> {
    fn when_absent() -> Option<Self> {
        Some(Self::new())
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<Self>, D::Error> {
        struct Elements<T>(PhantomData<T>);

        impl<'de, T: Member> Visitor<'de> for Elements<T> {
            type Value = Read<Vec<T>>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Read::Blank(Value::Null))
            }

            fn visit_seq<A: SeqAccess<'de>>(
                self,
                mut elements: A,
            ) -> Result<Self::Value, A::Error> {
                let mut all = Vec::new();
                while let Some(element) = elements.next_element_seed(MemberSeed::<T>::default())? {
                    match element {
                        Read::Value(value) => all.push(value),
                        Read::Blank(_) => {
                            return Err(A::Error::invalid_type(Unexpected::Unit, &"an element"));
                        }
                    }
                }
                Ok(if all.is_empty() {
                    Read::Blank(Value::Array(Vec::new()))
                } else {
                    Read::Value(all)
                })
            }
        }

        deserializer.deserialize_any(Elements(PhantomData))
    }

    fn scan(&self, radar: &mut Radar) {
        for (index, element) in self.iter().enumerate() {
            radar.member(&index.to_string(), |radar| element.scan(radar));
        }
    }
}

impl Member for String {
    fn read_optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Read<Self>, D::Error> {
        Ok(match Option::<Self>::deserialize(deserializer)? {
            Some(text) if text.is_empty() => Read::Blank(Value::String(text)),
            Some(text) => Read::Value(text),
            None => Read::Blank(Value::Null),
        })
    }
}

impl Member for bool {}

impl Member for Value {}

/// Reads one member through its [`Member`] type.
pub(crate) struct MemberSeed<T>(PhantomData<T>);

impl<T> Default for MemberSeed<T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Member> DeserializeSeed<'de> for MemberSeed<T> {
    type Value = Read<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        T::read(deserializer)
    }
}

/// A member's name, borrowed from the input where that has no escapes in it.
pub(crate) struct Key<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member's name")
            }

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

/// Reads an object that must be one.
pub(crate) fn read_object<'de, T: Object, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct Members<T>(PhantomData<T>);

    impl<'de, T: Object> Visitor<'de> for Members<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "an object ({})", T::NAME)
        }

        fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
            T::read_members(members)
        }
    }

    deserializer.deserialize_map(Members(PhantomData))
}

/// Reads an optional object. Besides `null`, an encoder that knows no difference between an empty object and an empty
/// array writes `[]`, and one without optionals writes `""`: all three are blank.
pub(crate) fn read_optional_object<'de, T: Object, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Read<T>, D::Error> {
    struct Optional<T>(PhantomData<T>);

    impl<'de, T: Object> Visitor<'de> for Optional<T> {
        type Value = Read<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "an object ({})", T::NAME)
        }

        fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
            T::read_members(members).map(Read::Value)
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Read::Blank(Value::Null))
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
            if text.is_empty() {
                Ok(Read::Blank(Value::String(String::new())))
            } else {
                Err(E::invalid_type(Unexpected::Str(text), &self))
            }
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
            match elements.next_element::<IgnoredAny>()? {
                None => Ok(Read::Blank(Value::Array(Vec::new()))),
                Some(_) => Err(A::Error::invalid_type(Unexpected::Seq, &self)),
            }
        }
    }

    deserializer.deserialize_any(Optional(PhantomData))
}

/// Writes any value as JSON data; our own models always succeed.
pub(crate) fn to_value<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
