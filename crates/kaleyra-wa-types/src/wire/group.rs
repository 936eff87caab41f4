//! Members of one object that only make sense together, and `body_set!`: `type` and the member that it names.

use std::borrow::Cow;

use serde::de::{Error, MapAccess};
use serde::ser::SerializeMap;
use serde_json::Value;

use crate::UnknownFields;
use crate::wire::object::to_value;

/// Several members of one object that make one value of the model.
pub(crate) trait Group: Sized {
    /// What was read so far.
    type Partial: Default;

    /// Reads the member if it belongs to the group; `false` leaves its value unread.
    fn read_member<'de, A: MapAccess<'de>>(
        partial: &mut Self::Partial,
        name: &str,
        members: &mut A,
    ) -> Result<bool, A::Error>;

    /// Makes the value once all members are read. What has no place in it goes into `unknown`.
    fn finish<E: Error>(partial: Self::Partial, unknown: &mut UnknownFields) -> Result<Self, E>;

    /// Writes the members.
    fn write_members<M: SerializeMap>(
        &self,
        unknown: &UnknownFields,
        members: &mut M,
    ) -> Result<(), M::Error>;

    /// Whether the value writes a member of this name itself.
    fn owns(&self, name: &str) -> bool;
}

/// The bodies that a `type` can announce; implemented by [`body_set!`].
pub(crate) trait BodySet: Sized {
    /// The type's name in the set, where it is known. Known names compare without regard to case.
    fn known_type(name: &str) -> Option<&'static str>;

    /// Reads the body that stands under this (known) name.
    fn read_body<'de, A: MapAccess<'de>>(
        name: &'static str,
        members: &mut A,
    ) -> Result<Self, A::Error>;

    /// A type outside the set, with its body where there is one.
    fn unknown(unknown: UnknownBody) -> Self;

    /// The text of `type`.
    fn type_name(&self) -> &str;

    /// Writes the body under the type's name.
    fn write_body<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error>;
}

/// A `type` that this version does not know, and the member of that name: data, not an error.
#[derive(Clone, Debug, PartialEq)]
pub struct UnknownBody {
    type_name: Box<str>,
    body: Option<Value>,
}

impl UnknownBody {
    /// A message type that this version lacks, to be sent as it is.
    pub fn new(type_name: impl Into<String>, body: Value) -> Self {
        Self {
            type_name: type_name.into().into(),
            body: Some(body),
        }
    }

    /// The text of `type`; empty where the object had none.
    pub fn type_name(&self) -> &str {
        &self.type_name
    }

    /// The member named as the type says; `None` where there is no such member.
    pub fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }
}

/// What was read of a body set: the type's text as it came, and every body seen.
pub(crate) struct PartialBody<B> {
    type_text: Option<Value>,
    bodies: Vec<B>,
}

impl<B> Default for PartialBody<B> {
    fn default() -> Self {
        Self {
            type_text: None,
            bodies: Vec::new(),
        }
    }
}

impl<B: BodySet> Group for B {
    type Partial = PartialBody<B>;

    fn read_member<'de, A: MapAccess<'de>>(
        partial: &mut Self::Partial,
        name: &str,
        members: &mut A,
    ) -> Result<bool, A::Error> {
        if name == "type" {
            partial.type_text = Some(members.next_value()?);
            return Ok(true);
        }
        match B::known_type(name) {
            Some(known) if known == name => {
                let body = B::read_body(known, members)?;
                partial
                    .bodies
                    .retain(|earlier| earlier.type_name() != known);
                partial.bodies.push(body);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn finish<E: Error>(
        mut partial: Self::Partial,
        unknown: &mut UnknownFields,
    ) -> Result<Self, E> {
        let type_text = match partial.type_text {
            Some(Value::String(text)) if !text.is_empty() => text,
            Some(Value::String(_)) | Some(Value::Null) | None => {
                // Old recordings leave `type` out; the only body then says what it is.
                unknown.keep_as_it_came("type", partial.type_text);
                return Ok(match partial.bodies.len() {
                    1 => partial.bodies.remove(0),
                    _ => {
                        keep_bodies(partial.bodies, unknown);
                        Self::unknown(UnknownBody {
                            type_name: "".into(),
                            body: None,
                        })
                    }
                });
            }
            Some(_) => return Err(E::custom("invalid type: expected a text in `type`")),
        };
        let Some(known) = Self::known_type(&type_text) else {
            keep_bodies(partial.bodies, unknown);
            let body = unknown.remove(&type_text);
            return Ok(Self::unknown(UnknownBody {
                type_name: type_text.into(),
                body,
            }));
        };
        let Some(at) = partial
            .bodies
            .iter()
            .position(|body| body.type_name() == known)
        else {
            return Err(E::missing_field(known));
        };
        let body = partial.bodies.remove(at);
        keep_bodies(partial.bodies, unknown);
        if type_text != known {
            unknown.keep_as_it_came("type", Some(Value::String(type_text)));
        }
        Ok(body)
    }

    fn write_members<M: SerializeMap>(
        &self,
        unknown: &UnknownFields,
        members: &mut M,
    ) -> Result<(), M::Error> {
        if !unknown.has_as_it_came("type") {
            members.serialize_entry("type", self.type_name())?;
        }
        self.write_body(members)
    }

    fn owns(&self, name: &str) -> bool {
        name == self.type_name()
    }
}

/// Bodies beside the one that `type` names stay in the object as they are.
fn keep_bodies<B: BodySet>(bodies: Vec<B>, unknown: &mut UnknownFields) {
    for body in bodies {
        let name = body.type_name().to_owned();
        if let Some(value) = to_value(&Alone(&body)).get_mut(&name) {
            unknown.insert(Cow::Owned(name), value.take());
        }
    }
}

/// Writes a body as an object of its own.
struct Alone<'a, B>(&'a B);

impl<B: BodySet> serde::Serialize for Alone<'_, B> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        self.0.write_body(&mut members)?;
        members.end()
    }
}

/// Makes the enum of the bodies that a `type` can announce.
macro_rules! body_set {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $( $(#[$variant_meta:meta])* $variant:ident($body:ty) = $wire:literal ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_meta])* $variant($body), )+
            /// A type that this version does not know, with its body.
            Unknown($crate::UnknownBody),
        }

        impl $name {
            /// The text of `type`.
            pub fn type_name(&self) -> &str {
                $crate::wire::group::BodySet::type_name(self)
            }
        }

        impl $crate::wire::group::BodySet for $name {
            fn known_type(name: &str) -> Option<&'static str> {
                match name {
                    $( $wire => Some($wire), )+
                    _ => {
                        $( if name.eq_ignore_ascii_case($wire) { return Some($wire); } )+
                        None
                    }
                }
            }

            fn read_body<'de, A: ::serde::de::MapAccess<'de>>(
                name: &'static str,
                members: &mut A,
            ) -> Result<Self, A::Error> {
                match name {
                    $( $wire => members.next_value().map(Self::$variant), )+
                    _ => Err(::serde::de::Error::custom("not a body of this set")),
                }
            }

            fn unknown(unknown: $crate::UnknownBody) -> Self {
                Self::Unknown(unknown)
            }

            fn type_name(&self) -> &str {
                match self {
                    $( Self::$variant(_) => $wire, )+
                    Self::Unknown(unknown) => unknown.type_name(),
                }
            }

            fn write_body<M: ::serde::ser::SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                match self {
                    $( Self::$variant(body) => members.serialize_entry($wire, body), )+
                    Self::Unknown(unknown) => match unknown.body() {
                        Some(body) => members.serialize_entry(unknown.type_name(), body),
                        None => Ok(()),
                    },
                }
            }
        }

        $( impl From<$body> for $name {
            fn from(body: $body) -> Self {
                Self::$variant(body)
            }
        } )+
    };
}

pub(crate) use body_set;
