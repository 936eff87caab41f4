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
use crate::wire::type_text::{TypeInto, TypeText};

/// The bodies that a `type` can announce; implemented by `body_set!` and `adjacent_set!`.
pub(crate) trait BodySet: Sized + PartialEq {
    /// The types of the set, without their bodies.
    type Known: Copy + PartialEq;

    /// The member that holds the body, where that is one and the same for all types.
    const BODY_MEMBER: Option<&'static str> = None;

    /// The type of this name.
    fn exact_type(name: &str) -> Option<Self::Known>;

    /// The type of this name in another case.
    fn type_in_any_case(name: &str) -> Option<Self::Known>;

    /// The name of a type.
    fn wire_name(known: Self::Known) -> &'static str;

    /// The type of this body; `None` where the set does not know it.
    fn known(&self) -> Option<Self::Known>;

    /// Reads the body that belongs to this type into its place; one that is blank leaves it empty.
    fn read_body<'de, A: MapAccess<'de>>(
        &mut self,
        known: Self::Known,
        members: &mut A,
    ) -> Result<BlankSeen, A::Error>;

    /// The value for a type whose body is missing, where it may be.
    fn without_body(known: Self::Known) -> Option<Self>;

    /// A type outside the set, with its body where there is one.
    fn unknown(unknown: UnknownBody) -> Self;

    /// The text of `type`.
    fn type_name(&self) -> &str;

    /// Whether there is a body to write.
    fn has_body(&self) -> bool;

    /// Writes the body and, if `with_type`, before it `type`, unless that is empty. Both in one go, so that the variant is
    /// matched on once.
    fn write<M: SerializeMap>(&self, with_type: bool, members: &mut M) -> Result<(), M::Error>;

    /// Writes down what is unknown inside the body.
    fn scan_body(&self, radar: &mut Radar);

    /// The type of this name. Names compare without regard to case.
    #[inline]
    fn known_type(name: &str) -> Option<Self::Known> {
        Self::exact_type(name).or_else(|| Self::type_in_any_case(name))
    }

    /// The member that holds the body of a type.
    #[inline]
    fn member_of(known: Self::Known) -> &'static str {
        Self::BODY_MEMBER.unwrap_or_else(|| Self::wire_name(known))
    }
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

/// What was read of a body set so far, beside the body in its place.
pub(crate) struct PartialBody<K> {
    type_text: Option<TypeText<K>>,
    /// The type of the body that was read into its place, where one was.
    body: Option<K>,
    /// Other members of the set: before it is clear which counts, or when none does.
    aside: Vec<(&'static str, Value)>,
}

impl<K> Default for PartialBody<K> {
    #[inline]
    fn default() -> Self {
        Self {
            type_text: None,
            body: None,
            aside: Vec::new(),
        }
    }
}

impl<K: Copy + PartialEq> PartialBody<K> {
    /// Which type's body a member is to be read as, and whether it may: `named` is the type that the member is named after,
    /// and there is none where all bodies have one and the same member.
    #[inline]
    fn announced(&self, named: Option<K>) -> Option<K> {
        match &self.type_text {
            Some(TypeText::Known(known)) => {
                Some(*known).filter(|_| named.is_none_or(|named| named == *known))
            }
            Some(TypeText::Other(text)) if !is_blank(text) => None,
            // Its type is still to come, or there is none; most likely it is the one that the member is named after.
            _ => named.filter(|_| self.body.is_none() || self.body == named),
        }
    }

    /// Reads the member, which may hold a body.
    #[inline]
    fn read<'de, B: BodySet<Known = K>, A: MapAccess<'de>>(
        &mut self,
        place: &mut B,
        named: Option<K>,
        member: &'static str,
        members: &mut A,
    ) -> Result<(), A::Error> {
        if !self.aside.is_empty() {
            // Of two members with one name the last counts.
            self.aside.retain(|(earlier, _)| *earlier != member);
        }
        let Some(known) = self.announced(named) else {
            self.body
                .take_if(|body| named.is_none_or(|named| named == *body));
            self.aside.push((member, members.next_value()?));
            return Ok(());
        };
        if self.body.is_some_and(|earlier| earlier != known) {
            self.set_body_aside(place);
        }
        match place.read_body(known, members)? {
            None => self.body = Some(known),
            Some(blank) => {
                self.body = None;
                self.aside.push((member, blank.into()));
            }
        }
        Ok(())
    }

    /// Makes place for another body.
    fn set_body_aside<B: BodySet<Known = K>>(&mut self, place: &mut B) {
        if let Some(known) = self.body.take() {
            self.aside.push((B::member_of(known), body_value(place)));
        }
    }

    fn take_aside(&mut self, member: &str) -> Option<Value> {
        let at = self.aside.iter().position(|(name, _)| *name == member)?;
        Some(self.aside.remove(at).1)
    }

    /// Completes the value where it is not just a known type with its body.
    #[inline(never)]
    fn finish<B: BodySet<Known = K>, E: Error>(
        mut self,
        place: &mut B,
        unknown: &mut UnknownFields,
    ) -> Result<(), E> {
        let known = match self.type_text.take() {
            Some(TypeText::Known(known)) => known,
            Some(TypeText::Other(Value::String(text))) if !text.is_empty() => {
                let Some(known) = B::known_type(&text) else {
                    self.set_body_aside(place);
                    // The body of a type that nobody knows is kept with it, whatever it is.
                    let body = B::BODY_MEMBER.and_then(|member| self.take_aside(member));
                    keep_aside(self.aside, unknown);
                    let body = body.or_else(|| unknown.remove(&text));
                    *place = B::unknown(UnknownBody {
                        type_name: text.into(),
                        body,
                    });
                    return Ok(());
                };
                unknown.keep_as_it_came("type", Some(Value::String(text)));
                known
            }
            Some(TypeText::Other(blank)) if !is_blank(&blank) => {
                return Err(E::custom("invalid type: expected a string in `type`"));
            }
            without => {
                // Old recordings leave `type` out; the only body then says what it is.
                unknown.keep_as_it_came("type", without.map(|text| text.into_value::<B>()));
                let is_only = !self.aside.iter().any(|(_, value)| !is_blank(value));
                if self.body.is_none() || !is_only {
                    self.set_body_aside(place);
                    *place = B::empty();
                }
                keep_aside(self.aside, unknown);
                return Ok(());
            }
        };
        let member = B::member_of(known);
        if self.body.is_some_and(|body| body != known) {
            self.set_body_aside(place);
        }
        if let Some(value) = self.take_aside(member) {
            match read_aside(place, known, value).map_err(|error| E::custom(error.for_serde()))? {
                None => self.body = Some(known),
                Some(blank) => unknown.keep_blank(member, blank),
            }
        }
        keep_aside(self.aside, unknown);
        if self.body.is_some() {
            return Ok(());
        }
        *place = B::without_body(known).ok_or_else(|| E::missing_field(member))?;
        if place.has_body() && unknown.as_it_came(member).is_none() {
            // It would be written as an empty object.
            unknown.keep_as_it_came(member, None);
        }
        Ok(())
    }
}

/// Reads a body that was set aside.
fn read_aside<B: BodySet>(
    place: &mut B,
    known: B::Known,
    value: Value,
) -> Result<BlankSeen, DecodeError> {
    let object = Value::Object(Map::from_iter([(B::member_of(known).to_owned(), value)]));
    let mut track = serde_path_to_error::Track::new();
    let blank = Aside { known, place }.deserialize(serde_path_to_error::Deserializer::new(
        TypeFirst(&object),
        &mut track,
    ));
    blank.map_err(|error| {
        DecodeError::misshapen(&serde_path_to_error::Error::new(track.path(), error))
    })
}

impl<B: BodySet> Group for B {
    type Partial = PartialBody<B::Known>;

    #[inline]
    fn empty() -> Self {
        Self::unknown(UnknownBody::none(""))
    }

    #[inline]
    fn read_member<'de, A: MapAccess<'de>>(
        &mut self,
        partial: &mut Self::Partial,
        name: &str,
        members: &mut A,
    ) -> Result<bool, A::Error> {
        if name == "type" {
            members.next_value_seed(TypeInto {
                place: &mut partial.type_text,
                known: B::exact_type,
            })?;
            return Ok(true);
        }
        let (named, member) = match B::BODY_MEMBER {
            Some(member) if member == name => (None, member),
            Some(_) => return Ok(false),
            None => match B::exact_type(name) {
                Some(known) => (Some(known), B::wire_name(known)),
                None => return Ok(false),
            },
        };
        partial.read(self, named, member, members)?;
        Ok(true)
    }

    #[inline]
    fn finish<E: Error>(
        &mut self,
        partial: Self::Partial,
        unknown: &mut UnknownFields,
    ) -> Result<(), E> {
        match &partial.type_text {
            Some(TypeText::Known(known))
                if partial.body == Some(*known) && partial.aside.is_empty() =>
            {
                Ok(())
            }
            _ => partial.finish(self, unknown),
        }
    }

    #[inline]
    fn write_members<M: SerializeMap>(
        &self,
        unknown: &UnknownFields,
        members: &mut M,
    ) -> Result<(), M::Error> {
        if unknown.is_as_written() {
            return self.write(true, members);
        }
        write_as_it_came(self, unknown, members)
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

/// Writes a body whose `type` or member did not come as the model writes it. That is rare: it is kept out of the way of the rest.
#[inline(never)]
fn write_as_it_came<B: BodySet, M: SerializeMap>(
    body: &B,
    unknown: &UnknownFields,
    members: &mut M,
) -> Result<(), M::Error> {
    match unknown.as_it_came("type") {
        // It was missing, and the body alone says what it is.
        Some(None) => {}
        Some(Some(text))
            if is_blank(text)
                || text
                    .as_str()
                    .and_then(B::known_type)
                    .is_some_and(|known| body.known() == Some(known)) =>
        {
            members.serialize_entry("type", text)?;
        }
        _ => members.serialize_entry("type", body.type_name())?,
    }
    let member = B::BODY_MEMBER.unwrap_or_else(|| body.type_name());
    match unknown.as_it_came(member) {
        // The body was missing, or said nothing, and it says nothing still.
        Some(came)
            if body.has_body() && body.known().and_then(B::without_body).as_ref() == Some(body) =>
        {
            match came {
                Some(came) => members.serialize_entry(member, came),
                None => Ok(()),
            }
        }
        _ => body.write(false, members),
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
struct Aside<'a, B: BodySet> {
    known: B::Known,
    place: &'a mut B,
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
        self.place.read_body(self.known, &mut members)
    }
}

/// A body as JSON.
fn body_value<B: BodySet>(body: &B) -> Value {
    struct Alone<'a, B>(&'a B);

    impl<B: BodySet> serde::Serialize for Alone<'_, B> {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let mut members = serializer.serialize_map(None)?;
            self.0.write(false, &mut members)?;
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
