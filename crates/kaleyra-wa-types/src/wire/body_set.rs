//! `type` and the body that it announces, as one group of members.
//!
//! A body is read as the type that it is named after, and it counts when `type` names it too, before or after it. What stands
//! under the name of another type stays unknown.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde_json::{Map, Value};

use crate::UnknownFields;
use crate::decode::DecodeError;
use crate::wire::group::Group;
use crate::wire::member::BlankSeen;
use crate::wire::object::to_value;
use crate::wire::radar::Radar;
use crate::wire::type_first::TypeFirst;

/// The bodies that a `type` can announce; implemented by `body_set!` and `adjacent_set!`.
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
///
/// `Debug` shows the type only: the body may hold anything, personal data too.
#[derive(Clone, PartialEq)]
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

    /// A type without a body.
    fn none(type_name: &str) -> Self {
        Self {
            type_name: type_name.into(),
            body: None,
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

impl fmt::Debug for UnknownBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnknownBody")
            .field("type_name", &self.type_name)
            .finish_non_exhaustive()
    }
}

/// What was read of a body set so far.
pub(crate) struct PartialBody<B> {
    type_text: Option<TypeText>,
    /// A body that was read.
    body: Option<B>,
    /// Other members of the set: before it is clear which counts, or when none does.
    aside: Vec<(&'static str, Value)>,
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
            aside: Vec::new(),
        }
    }
}

impl<B: BodySet> PartialBody<B> {
    /// The member that holds the body of a type.
    fn member_of(known: &'static str) -> &'static str {
        B::BODY_MEMBER.unwrap_or(known)
    }

    /// The member of this name, where it can hold a body.
    fn member_named(name: &str) -> Option<&'static str> {
        match B::BODY_MEMBER {
            Some(member) => (member == name).then_some(member),
            None => B::known_type(name).filter(|known| *known == name),
        }
    }

    fn read_body<'de, A: MapAccess<'de>>(
        &mut self,
        member: &'static str,
        members: &mut A,
    ) -> Result<(), A::Error> {
        // Of two members with one name the last counts.
        self.aside.retain(|(earlier, _)| *earlier != member);
        let may_come = match &self.type_text {
            Some(TypeText::Known(known)) => Self::member_of(known) == member,
            // Its type is still to come, or there is none; most likely it is the one that the member is named after.
            Some(TypeText::Other(text)) => is_blank(text) && self.is_free_for(member),
            None => self.is_free_for(member),
        };
        if !may_come {
            self.body
                .take_if(|body| Self::member_of_body(body) == Some(member));
            self.aside.push((member, members.next_value()?));
            return Ok(());
        }
        let known = match self.type_text {
            Some(TypeText::Known(known)) => known,
            _ => member,
        };
        if self
            .body
            .as_ref()
            .is_some_and(|earlier| earlier.type_name() != known)
        {
            self.set_body_aside();
        }
        if let Some(blank) = B::read_body(&mut self.body, known, members)? {
            self.aside.push((member, blank.into()));
        }
        Ok(())
    }

    /// Whether the only body so far, if there is one, is this member's.
    fn is_free_for(&self, member: &str) -> bool {
        let body = self.body.as_ref();
        B::BODY_MEMBER.is_none()
            && body.is_none_or(|body| Self::member_of_body(body) == Some(member))
    }

    fn member_of_body(body: &B) -> Option<&'static str> {
        B::known_type(body.type_name()).map(Self::member_of)
    }

    /// Makes place for another body.
    fn set_body_aside(&mut self) {
        if let Some(body) = self.body.take()
            && let Some(known) = B::known_type(body.type_name())
        {
            self.aside.push((Self::member_of(known), body_value(&body)));
        }
    }

    fn take_aside(&mut self, member: &str) -> Option<Value> {
        let at = self.aside.iter().position(|(name, _)| *name == member)?;
        Some(self.aside.remove(at).1)
    }

    /// Reads a body that was set aside.
    fn read_aside(&mut self, known: &'static str, value: Value) -> Result<BlankSeen, DecodeError> {
        let member = Self::member_of(known);
        let read = Aside {
            known,
            place: &mut self.body,
        };
        let object = Value::Object(Map::from_iter([(member.to_owned(), value)]));
        let mut track = serde_path_to_error::Track::new();
        let blank = read.deserialize(serde_path_to_error::Deserializer::new(
            TypeFirst(&object),
            &mut track,
        ));
        blank.map_err(|error| {
            DecodeError::misshapen(&serde_path_to_error::Error::new(track.path(), error))
        })
    }
}

impl<B: BodySet> Group for B {
    type Partial = PartialBody<B>;

    #[inline]
    fn empty() -> Self {
        Self::unknown(UnknownBody::none(""))
    }

    #[inline]
    fn read_member<'de, A: MapAccess<'de>>(
        partial: &mut Self::Partial,
        name: &str,
        members: &mut A,
    ) -> Result<bool, A::Error> {
        if name == "type" {
            partial.type_text = Some(members.next_value_seed(TypeSeed(B::known_type))?);
        } else if let Some(member) = PartialBody::<B>::member_named(name) {
            partial.read_body(member, members)?;
        } else {
            return Ok(false);
        }
        Ok(true)
    }

    #[inline]
    fn finish<E: Error>(
        mut partial: Self::Partial,
        unknown: &mut UnknownFields,
    ) -> Result<Self, E> {
        let known = match partial.type_text.take() {
            Some(TypeText::Known(known)) => known,
            Some(TypeText::Other(Value::String(text))) if !text.is_empty() => {
                let Some(known) = B::known_type(&text) else {
                    partial.set_body_aside();
                    // The body of a type that nobody knows is kept with it, whatever it is.
                    let body = B::BODY_MEMBER.and_then(|member| partial.take_aside(member));
                    keep_aside(partial.aside, unknown);
                    let body = body.or_else(|| unknown.remove(&text));
                    return Ok(Self::unknown(UnknownBody {
                        type_name: text.into(),
                        body,
                    }));
                };
                unknown.keep_as_it_came("type", Some(Value::String(text)));
                known
            }
            Some(TypeText::Other(blank)) if !is_blank(&blank) => {
                return Err(E::custom("invalid type: expected a string in `type`"));
            }
            without => {
                // Old recordings leave `type` out; the only body then says what it is.
                unknown.keep_as_it_came("type", without.map(TypeText::into_value));
                let is_only = !partial.aside.iter().any(|(_, value)| !is_blank(value));
                let body = partial.body.take_if(|_| is_only);
                partial.set_body_aside();
                keep_aside(partial.aside, unknown);
                return Ok(body.unwrap_or_else(Self::empty));
            }
        };
        let member = PartialBody::<B>::member_of(known);
        if partial
            .body
            .as_ref()
            .is_some_and(|body| body.type_name() != known)
        {
            partial.set_body_aside();
        }
        if let Some(value) = partial.take_aside(member) {
            let blank = partial
                .read_aside(known, value)
                .map_err(|error| E::custom(error.for_serde()))?;
            if let Some(blank) = blank {
                unknown.keep_blank(member, blank);
            }
        }
        keep_aside(partial.aside, unknown);
        if let Some(body) = partial.body {
            return Ok(body);
        }
        let body = Self::without_body(known).ok_or_else(|| E::missing_field(member))?;
        if body.has_body() && unknown.as_it_came(member).is_none() {
            // It would be written as an empty object.
            unknown.keep_as_it_came(member, None);
        }
        Ok(body)
    }

    #[inline]
    fn write_members<M: SerializeMap>(
        &self,
        unknown: &UnknownFields,
        members: &mut M,
    ) -> Result<(), M::Error> {
        match unknown.as_it_came("type") {
            // It was missing, and the body alone says what it is.
            Some(None) => {}
            Some(Some(text))
                if is_blank(text)
                    || text.as_str().and_then(B::known_type) == Some(self.type_name()) =>
            {
                members.serialize_entry("type", text)?;
            }
            _ => members.serialize_entry("type", self.type_name())?,
        }
        let member = B::BODY_MEMBER.unwrap_or_else(|| self.type_name());
        match unknown.as_it_came(member) {
            // The body was missing, or said nothing, and it says nothing still.
            Some(came) if self.has_body() && body_value(self) == Value::Object(Map::new()) => {
                match came {
                    Some(came) => members.serialize_entry(member, came),
                    None => Ok(()),
                }
            }
            _ => self.write_body(members),
        }
    }

    fn owns(&self, name: &str) -> bool {
        name == "type"
            || (self.has_body() && name == B::BODY_MEMBER.unwrap_or_else(|| self.type_name()))
    }

    fn scan_members(&self, radar: &mut Radar) {
        let member = B::BODY_MEMBER.unwrap_or_else(|| self.type_name());
        radar.member(member, |radar| self.scan_body(radar));
    }
}

impl TypeText {
    fn into_value(self) -> Value {
        match self {
            Self::Known(text) => text.into(),
            Self::Other(value) => value,
        }
    }
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value == ""
}

/// Members of the set that `type` does not name stay in the object as they are: one that says nothing is not even unknown.
fn keep_aside(aside: Vec<(&'static str, Value)>, unknown: &mut UnknownFields) {
    for (name, value) in aside {
        if is_blank(&value) || value.as_array().is_some_and(Vec::is_empty) {
            unknown.keep_as_it_came(name, Some(value));
        } else {
            unknown.insert(name, value);
        }
    }
}

/// Reads a body that was set aside, as the only member of an object.
struct Aside<'a, B> {
    known: &'static str,
    place: &'a mut Option<B>,
}

impl<'de, B: BodySet> DeserializeSeed<'de> for Aside<'_, B> {
    type Value = BlankSeen;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<BlankSeen, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, B: BodySet> Visitor<'de> for Aside<'_, B> {
    type Value = BlankSeen;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<BlankSeen, A::Error> {
        members.next_key::<IgnoredAny>()?;
        B::read_body(self.place, self.known, &mut members)
    }
}

/// A body as JSON.
fn body_value<B: BodySet>(body: &B) -> Value {
    struct Alone<'a, B>(&'a B);

    impl<B: BodySet> serde::Serialize for Alone<'_, B> {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut members = serializer.serialize_map(None)?;
            self.0.write_body(&mut members)?;
            members.end()
        }
    }

    match to_value(&Alone(body)) {
        Value::Object(members) => members
            .into_iter()
            .next()
            .map(|(_, body)| body)
            .unwrap_or_default(),
        _ => Value::Null,
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
        f.write_str("a string")
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
