//! Members of one object that only make sense together, and `body_set!`: `type` and the member that it names.

use std::fmt;

use serde::de::value::MapDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde_json::Value;

use crate::UnknownFields;
use crate::wire::member::{Blank, BlankSeen};
use crate::wire::object::to_value;
use crate::wire::radar::Radar;

/// Several members of one object that make one value of the model.
pub(crate) trait Group: Sized {
    /// What was read so far.
    type Partial: Default;

    /// What stands in the place of the group before it is read.
    fn empty() -> Self;

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

    /// Writes down what is unknown inside.
    fn scan_members(&self, _radar: &mut Radar) {}
}

/// The bodies that a `type` can announce; implemented by [`body_set!`] and [`adjacent_set!`].
pub(crate) trait BodySet: Sized {
    /// The member that holds the body, where that is one and the same for all types.
    const BODY_MEMBER: Option<&'static str> = None;

    /// The type's name in the set, where it is known. Known names compare without regard to case.
    fn known_type(name: &str) -> Option<&'static str>;

    /// Reads the body that belongs to this (known) type into `place`; a blank one leaves it as it is.
    fn read_body<'de, A: MapAccess<'de>>(
        place: &mut Option<Self>,
        type_name: &'static str,
        members: &mut A,
    ) -> Result<BlankSeen, A::Error>;

    /// The value for a (known) type whose body is missing, where it may be.
    fn without_body(type_name: &'static str) -> Option<Self>;

    /// A type outside the set, with its body where there is one.
    fn unknown(unknown: UnknownBody) -> Self;

    /// The text of `type`.
    fn type_name(&self) -> &str;

    /// Whether there is a body to write.
    fn has_body(&self) -> bool;

    /// Writes the body.
    fn write_body<M: SerializeMap>(&self, members: &mut M) -> Result<(), M::Error>;

    /// Writes down what is unknown inside the body.
    fn scan_body(&self, radar: &mut Radar);
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
    type_text: Option<TypeText>,
    /// The body seen last; as a rule the only one.
    body: Option<B>,
    others: Vec<B>,
    /// A body that was there and said nothing.
    blank: Option<(&'static str, Blank)>,
    /// A body that came before the type that says how to read it.
    unread: Option<Value>,
}

/// The text of `type` as it came.
enum TypeText {
    Known(&'static str),
    Other(Value),
}

impl<B> Default for PartialBody<B> {
    fn default() -> Self {
        Self {
            type_text: None,
            body: None,
            others: Vec::new(),
            blank: None,
            unread: None,
        }
    }
}

impl<B: BodySet> PartialBody<B> {
    #[inline]
    fn read_body<'de, A: MapAccess<'de>>(
        &mut self,
        known: &'static str,
        members: &mut A,
    ) -> Result<(), A::Error> {
        if let Some(earlier) = self.body.take()
            && earlier.type_name() != known
        {
            self.others.push(earlier);
        }
        if let Some(blank) = B::read_body(&mut self.body, known, members)? {
            self.blank = Some((known, blank));
        }
        Ok(())
    }
}

impl<B: BodySet> Group for B {
    type Partial = PartialBody<B>;

    #[inline]
    fn empty() -> Self {
        Self::unknown(UnknownBody {
            type_name: "".into(),
            body: None,
        })
    }

    #[inline]
    fn read_member<'de, A: MapAccess<'de>>(
        partial: &mut Self::Partial,
        name: &str,
        members: &mut A,
    ) -> Result<bool, A::Error> {
        if name == "type" {
            partial.type_text = Some(members.next_value_seed(TypeSeed(B::known_type))?);
            return Ok(true);
        }
        match B::BODY_MEMBER {
            Some(member) if member == name => match partial.type_text {
                Some(TypeText::Known(known)) => partial.read_body(known, members)?,
                _ => partial.unread = Some(members.next_value()?),
            },
            Some(_) => return Ok(false),
            None => match B::known_type(name) {
                Some(known) if known == name => partial.read_body(known, members)?,
                _ => return Ok(false),
            },
        }
        Ok(true)
    }

    #[inline]
    fn finish<E: Error>(
        mut partial: Self::Partial,
        unknown: &mut UnknownFields,
    ) -> Result<Self, E> {
        let (known, text) = match partial.type_text {
            Some(TypeText::Known(known)) => (Some(known), None),
            Some(TypeText::Other(Value::String(text))) if !text.is_empty() => {
                (Self::known_type(&text), Some(text))
            }
            Some(TypeText::Other(blank @ (Value::String(_) | Value::Null))) => {
                unknown.keep_as_it_came("type", Some(blank));
                (None, None)
            }
            Some(TypeText::Other(_)) => {
                return Err(E::custom("invalid type: expected a text in `type`"));
            }
            None => {
                unknown.keep_as_it_came("type", None);
                (None, None)
            }
        };
        if let Some(body) = partial.unread.take() {
            match known {
                Some(known) => {
                    let mut members = MapDeserializer::<_, serde_json::Error>::new(
                        [(Self::BODY_MEMBER.unwrap_or_default(), body)].into_iter(),
                    );
                    // The body is what the next key leads to.
                    let read = members
                        .next_key::<String>()
                        .and_then(|_| Self::read_body(&mut partial.body, known, &mut members));
                    partial.blank = read.map_err(E::custom)?.map(|blank| (known, blank));
                }
                None => {
                    unknown.insert(Self::BODY_MEMBER.unwrap_or_default(), body);
                }
            }
        }
        let mut bodies = partial.others;
        bodies.extend(partial.body);
        let Some(known) = known else {
            if let Some((name, blank)) = partial.blank {
                unknown.insert(name, Value::from(blank));
            }
            let Some(text) = text else {
                // Old recordings leave `type` out; the only body then says what it is.
                if bodies.len() == 1
                    && let Some(body) = bodies.pop()
                {
                    return Ok(body);
                }
                keep_bodies(bodies, unknown);
                return Ok(Self::unknown(UnknownBody {
                    type_name: "".into(),
                    body: None,
                }));
            };
            keep_bodies(bodies, unknown);
            let body = unknown.remove(Self::BODY_MEMBER.unwrap_or(&text));
            return Ok(Self::unknown(UnknownBody {
                type_name: text.into(),
                body,
            }));
        };
        if let Some(text) = text {
            unknown.keep_as_it_came("type", Some(Value::String(text)));
        }
        let at = bodies.iter().position(|body| body.type_name() == known);
        let body = at.map(|at| bodies.swap_remove(at));
        keep_bodies(bodies, unknown);
        if let Some((name, blank)) = partial.blank {
            unknown.keep_blank(Self::BODY_MEMBER.unwrap_or(name), blank);
        }
        body.or_else(|| Self::without_body(known))
            .ok_or_else(|| E::missing_field(Self::BODY_MEMBER.unwrap_or(known)))
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
        self.has_body() && name == Self::BODY_MEMBER.unwrap_or_else(|| self.type_name())
    }

    fn scan_members(&self, radar: &mut Radar) {
        radar.member(
            Self::BODY_MEMBER.unwrap_or_else(|| self.type_name()),
            |radar| self.scan_body(radar),
        );
    }
}

/// Reads the text of `type`, without a copy where it is known.
struct TypeSeed(fn(&str) -> Option<&'static str>);

impl<'de> DeserializeSeed<'de> for TypeSeed {
    type Value = TypeText;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<TypeText, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for TypeSeed {
    type Value = TypeText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    #[inline]
    fn visit_str<E>(self, text: &str) -> Result<TypeText, E> {
        Ok(match (self.0)(text) {
            Some(known) if known == text => TypeText::Known(known),
            _ => TypeText::Other(Value::String(text.to_owned())),
        })
    }

    fn visit_unit<E>(self) -> Result<TypeText, E> {
        Ok(TypeText::Other(Value::Null))
    }
}

/// Bodies beside the one that `type` names stay in the object as they are.
fn keep_bodies<B: BodySet>(bodies: Vec<B>, unknown: &mut UnknownFields) {
    for body in bodies {
        if let Value::Object(members) = to_value(&Alone(&body)) {
            for (name, value) in members {
                unknown.insert(name, value);
            }
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

/// Makes the enum of the bodies that a `type` can announce, each in the member that the type names. `Option<Body>` is a body
/// that may be missing.
macro_rules! body_set {
    ($($set:tt)*) => {
        $crate::wire::group::type_set!(@member None; $($set)*);
    };
}

/// Makes the enum of the bodies that a `type` can announce, all in one member: `adjacent_set! { in "action" … }`.
#[allow(unused_macros)] // until the rest of the messages is here
macro_rules! adjacent_set {
    (in $member:literal $($set:tt)*) => {
        $crate::wire::group::type_set!(@member Some($member); $($set)*);
    };
}

macro_rules! type_set {
    (
        @member $member:expr;
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
            const BODY_MEMBER: Option<&'static str> = $member;

            #[inline]
            fn known_type(name: &str) -> Option<&'static str> {
                match name {
                    $( $wire => Some($wire), )+
                    _ => {
                        $( if name.eq_ignore_ascii_case($wire) { return Some($wire); } )+
                        None
                    }
                }
            }

            #[inline]
            fn read_body<'de, A: ::serde::de::MapAccess<'de>>(
                place: &mut Option<Self>,
                type_name: &'static str,
                members: &mut A,
            ) -> Result<$crate::wire::member::BlankSeen, A::Error> {
                use $crate::wire::Member;
                match type_name {
                    $( $wire => {
                        let mut blank = None;
                        if let Self::$variant(body) = place.insert(Self::$variant(<$body>::empty())) {
                            blank = members.next_value_seed($crate::wire::member::Into(body))?;
                        }
                        if blank.is_some() {
                            *place = None;
                        }
                        Ok(blank)
                    } )+
                    _ => Err(::serde::de::Error::custom("not a body of this set")),
                }
            }

            fn without_body(type_name: &'static str) -> Option<Self> {
                match type_name {
                    $( $wire if <$body as $crate::wire::Member>::MAY_BE_MISSING => {
                        Some(Self::$variant(<$body as $crate::wire::Member>::empty()))
                    } )+
                    _ => None,
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

            fn has_body(&self) -> bool {
                match self {
                    $( Self::$variant(body) => !$crate::wire::Member::is_absent(body), )+
                    Self::Unknown(unknown) => unknown.body().is_some(),
                }
            }

            fn write_body<M: ::serde::ser::SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                if !self.has_body() {
                    return Ok(());
                }
                let member = Self::BODY_MEMBER.unwrap_or_else(|| self.type_name());
                match self {
                    $( Self::$variant(body) => members.serialize_entry(member, body), )+
                    Self::Unknown(unknown) => members.serialize_entry(member, &unknown.body()),
                }
            }

            fn scan_body(&self, radar: &mut $crate::wire::radar::Radar) {
                match self {
                    $( Self::$variant(body) => $crate::wire::Member::scan(body, radar), )+
                    Self::Unknown(_) => {}
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

#[allow(unused_imports)] // until the rest of the messages is here
pub(crate) use {adjacent_set, body_set, type_set};
