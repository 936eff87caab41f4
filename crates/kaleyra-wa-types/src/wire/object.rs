//! `wire_object!`: a struct that mirrors a JSON object, keeps what it does not know and writes back what came.
//!
//! Reading is one visitor over the members as they come, straight into their place in the struct: nothing is buffered
//! and nothing is moved. Unknown members go into [`UnknownFields`](crate::UnknownFields), which costs a known payload nothing.

use std::fmt;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde_json::Value;

use super::member::{Blank, BlankSeen, Member};
use crate::UnknownFields;
use crate::decode::DecodeError;

/// Makes a struct of a JSON object from what looks like its documentation's table.
///
/// A plain type is a mandatory member, `Option` and `Vec` are members that may be missing. `name as "wire"` gives
/// a member another name on the wire; a last `..name: Group` is a [`Group`](super::group::Group) of members. What ends in `= ""` is
/// empty where it is missing or says nothing, and is written back as it came.
macro_rules! wire_object {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $(
                $(#[$field_meta:meta])*
                pub $field:ident $(as $wire:literal)? : $type:ty $(= $default:literal)?
            ),* $(,)?
            $( ; $(
                $(#[$group_meta:meta])*
                pub $group:ident : ..$group_type:ty $(= $group_default:literal)?
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

            fn read_members<'de, A: ::serde::de::MapAccess<'de>>(&mut self, mut members: A) -> Result<(), A::Error> {
                #[allow(unused_imports)]
                use $crate::wire::{Member, group::Group};

                $( let mut $field = <$type as Member>::MAY_BE_MISSING; )*
                $( $( let mut $group = <$group_type as Group>::Partial::default(); )+ )?

                while let Some($crate::wire::member::Key(key)) = members.next_key()? {
                    match key.as_ref() {
                        $( $crate::wire::object::wire_name!($field $($wire)?) => {
                            if $field && !<$type as Member>::MAY_BE_MISSING {
                                // It came before, and nothing of that may be left.
                                self.$field = <$type as Member>::empty();
                            }
                            $field = true;
                            let blank = members.next_value_seed(
                                $crate::wire::object::place!(&mut self.$field $(, $default)?),
                            )?;
                            self.unknown.keep_only_blank($crate::wire::object::wire_name!($field $($wire)?), blank);
                        } )*
                        _ => {
                            $( $( if self.$group.read_member(&mut $group, &key, &mut members)? {
                                continue;
                            } )+ )?
                            self.unknown.insert(key, members.next_value::<::serde_json::Value>()?);
                        }
                    }
                }
                $( if !$field {
                    $crate::wire::object::missing!(
                        self.unknown, $crate::wire::object::wire_name!($field $($wire)?) $(, $default)?
                    );
                } )*
                $( $( self.$group.finish($group, &mut self.unknown)?; )+ )?
                Ok(())
            }

            fn misread(&self) -> Vec<$crate::wire::object::Misread<'_>> {
                if self.unknown.is_empty() {
                    return Vec::new();
                }
                ::std::iter::empty()
                    $( .chain($crate::wire::object::misread::<$type>(
                        &self.unknown,
                        $crate::wire::object::wire_name!($field $($wire)?),
                    )) )*
                    .collect()
            }
        }

        impl $crate::wire::Member for $name {
            const IS_WHOLE_WHEN_EMPTY: bool = true
                $( && (<$type as $crate::wire::Member>::MAY_BE_MISSING
                    || $crate::wire::object::has_default!($($default)?)) )*
                $( $( && (<$group_type as $crate::wire::group::Group>::MAY_BE_MISSING
                    || $crate::wire::object::has_default!($($group_default)?)) )+ )?;

            #[inline]
            fn empty() -> Self {
                #[allow(unused_imports)]
                use $crate::wire::{Member, group::Group};
                Self {
                    $( $field: <$type as Member>::empty(), )*
                    $( $( $group: <$group_type as Group>::empty(), )+ )?
                    unknown: ::std::default::Default::default(),
                }
            }

            fn read<'de, D: ::serde::Deserializer<'de>>(
                &mut self,
                deserializer: D,
            ) -> Result<$crate::wire::member::BlankSeen, D::Error> {
                $crate::wire::object::read_object(self, deserializer)
            }

            fn read_unless_blank<'de, D: ::serde::Deserializer<'de>>(
                &mut self,
                deserializer: D,
            ) -> Result<$crate::wire::member::BlankSeen, D::Error> {
                $crate::wire::object::read_object_unless_blank(self, deserializer)
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
                $( if $crate::wire::object::is_written!(
                    self, $field, $crate::wire::object::wire_name!($field $($wire)?) $(, $default)?
                ) {
                    self.$field.write_present($crate::wire::object::wire_name!($field $($wire)?), &mut members)?;
                } )*
                $( $( self.$group.write_members(&self.unknown, &mut members)?; )+ )?
                self.unknown.write(&mut members, |key| match key {
                    $( $crate::wire::object::wire_name!($field $($wire)?) => $crate::wire::object::is_written!(
                        self, $field, $crate::wire::object::wire_name!($field $($wire)?) $(, $default)?
                    ), )*
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
                let mut object = <Self as $crate::wire::Member>::empty();
                $crate::wire::object::read_object(&mut object, deserializer)?;
                Ok(object)
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

/// Whether a member has a value where it is missing.
macro_rules! has_default {
    () => {
        false
    };
    ($default:literal) => {
        true
    };
}

/// How a member is read.
macro_rules! place {
    ($place:expr) => {
        $crate::wire::member::Into($place)
    };
    ($place:expr, $default:literal) => {
        $crate::wire::member::OrEmpty($place)
    };
}

/// What to do about a member that is missing.
macro_rules! missing {
    ($unknown:expr, $name:expr) => {
        return Err(::serde::de::Error::missing_field($name))
    };
    ($unknown:expr, $name:expr, $default:literal) => {
        $unknown.keep_as_it_came($name, None)
    };
}

/// Whether a member has something to write.
macro_rules! is_written {
    ($object:ident, $field:ident, $name:expr) => {
        !$object.$field.is_absent()
    };
    ($object:ident, $field:ident, $name:expr, $default:literal) => {
        !$object.$field.is_empty_text() || $object.unknown.as_it_came($name).is_none()
    };
}

pub(crate) use {
    deserialize_object, has_default, is_written, missing, place, wire_name, wire_object,
};

/// A struct made by [`wire_object!`].
pub(crate) trait Object: Sized {
    /// The type's name, for errors.
    const NAME: &'static str;

    /// Reads the members into an empty object, in whatever order they come; of two with one name the last counts.
    fn read_members<'de, A: MapAccess<'de>>(&mut self, members: A) -> Result<(), A::Error>;

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
    let result = T::empty().read(serde_path_to_error::Deserializer::new(body, &mut track));
    let error = serde_path_to_error::Error::new(track.path(), result.err()?);
    Some(Misread {
        name,
        error: DecodeError::misshapen(&error),
        body,
    })
}

/// Reads an object that must be one.
#[inline]
pub(crate) fn read_object<'de, T: Object, D: Deserializer<'de>>(
    object: &mut T,
    deserializer: D,
) -> Result<BlankSeen, D::Error> {
    struct Members<'a, T>(&'a mut T);

    impl<'de, T: Object> Visitor<'de> for Members<'_, T> {
        type Value = BlankSeen;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "an object ({})", T::NAME)
        }

        #[inline]
        fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<BlankSeen, A::Error> {
            self.0.read_members(members).map(|()| None)
        }
    }

    deserializer.deserialize_map(Members(object))
}

/// Reads an object where it may be missing. Besides `null`, an encoder that knows no difference between an empty object
/// and an empty array writes `[]`, and one without optionals writes `""`: all three are blank.
#[inline]
pub(crate) fn read_object_unless_blank<'de, T: Object, D: Deserializer<'de>>(
    object: &mut T,
    deserializer: D,
) -> Result<BlankSeen, D::Error> {
    struct Members<'a, T>(&'a mut T);

    impl<'de, T: Object> Visitor<'de> for Members<'_, T> {
        type Value = BlankSeen;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "an object ({})", T::NAME)
        }

        #[inline]
        fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<BlankSeen, A::Error> {
            self.0.read_members(members).map(|()| None)
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

        fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<BlankSeen, A::Error> {
            match elements.next_element::<IgnoredAny>()? {
                Some(_) => Err(A::Error::invalid_type(Unexpected::Seq, &self)),
                None => Ok(Some(Blank::EmptyArray)),
            }
        }
    }

    deserializer.deserialize_any(Members(object))
}

/// A model as JSON data; our own models always succeed.
pub(crate) fn to_value<T: serde::Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
