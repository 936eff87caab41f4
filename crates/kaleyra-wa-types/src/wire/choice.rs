//! `type` and the member that it names, in whatever order they come; and the member that is there instead of another.

use super::fault::{Fault, Faults, Read};
use super::names::Wanted;
use super::raw_json::RawJson;
use super::read::{Slot, read_slot};
use super::reader::{Kind, Reader};
use super::shape::{ChoiceKind, ChoiceShape, Object};
use super::unknown_body::UnknownBody;
use super::unknown_fields::{Came, State};

/// What was read of a choice beside the body in its place.
#[derive(Default)]
pub(super) struct Chosen<'de> {
    tag: Option<Tag<'de>>,
    /// The variant whose body stands in its place, and its text.
    body: Option<(usize, &'de str)>,
    slot: Option<Slot>,
    fault: Option<Box<Fault>>,
    /// Other members of the choice, in the order in which they came: before it is clear which counts, or when none does.
    aside: Vec<(&'static str, &'de str)>,
}

/// The value of `type`.
enum Tag<'de> {
    Known(usize),
    Other(&'de str),
}

impl<'de> Chosen<'de> {
    /// Whether the member belongs to the choice; it is read then.
    pub(super) fn claim(
        &mut self,
        object: &mut dyn Object,
        n: usize,
        wanted: Wanted<'_>,
        reader: &mut Reader<'de>,
    ) -> Read<bool> {
        let Some(choice) = object.choice_mut(n) else {
            return Ok(false);
        };
        let shape = choice.shape();
        if shape.kind != ChoiceKind::OneOf && wanted == "type" {
            if self.tag.is_some() {
                reader.note_duplicate();
            }
            self.tag = Some(read_tag(shape, reader)?);
            return Ok(true);
        }
        let (named, name) = match shape.kind {
            ChoiceKind::Adjacent(member) if wanted == member => (None, member),
            ChoiceKind::Adjacent(_) => return Ok(false),
            ChoiceKind::Tagged | ChoiceKind::OneOf => match shape.variants.find(wanted) {
                Some(variant) => (Some(variant), shape.variants.name(variant)),
                None => return Ok(false),
            },
        };
        let variant = match (&self.tag, shape.kind) {
            (_, ChoiceKind::OneOf) => {
                named.filter(|variant| self.body.is_none_or(|(body, _)| *variant <= body))
            }
            (Some(Tag::Known(tag)), _) => {
                Some(*tag).filter(|tag| named.is_none_or(|named| named == *tag))
            }
            (Some(Tag::Other(_)), _) => None,
            // Its type is still to come, or there is none; most likely it is the one that the member is named after.
            (None, _) => named.filter(|named| self.body.is_none_or(|(body, _)| body == *named)),
        };
        self.aside.retain(|(earlier, _)| {
            if *earlier == name {
                reader.note_duplicate();
            }
            *earlier != name
        });
        let mark = reader.mark();
        match variant {
            Some(variant) if !is_null(reader)? => {
                if let Some((earlier, text)) = self.body.take() {
                    match earlier == variant {
                        true => reader.note_duplicate(),
                        false => self.aside.push((shape.variants.name(earlier), text)),
                    }
                }
                self.fault = None;
                self.slot = None;
                choice.choose(variant);
                let result = choice
                    .body_mut()
                    .map(|body| read_slot(body, true, reader))
                    .transpose();
                let json = reader.since(mark);
                self.body = Some((variant, json));
                match result {
                    Ok(slot) => self.slot = slot,
                    Err(fault) if fault.is_syntax() => return Err(fault),
                    Err(fault) => self.fault = Some(fault.in_member(name)),
                }
                choice.settle();
                let is_sure = matches!(self.tag, Some(Tag::Known(_)));
                if !is_sure && says_nothing(shape, self.slot.as_ref(), json) {
                    self.aside.push((name, json));
                    (self.body, self.slot) = (None, None);
                }
            }
            _ => {
                // Of two members with one name the last counts.
                if self
                    .body
                    .is_some_and(|(body, _)| named.is_none_or(|named| named == body))
                {
                    reader.note_duplicate();
                    self.body = None;
                    self.fault = None;
                    self.slot = None;
                }
                match reader.skip() {
                    Ok(text) => self.aside.push((name, text)),
                    Err(fault) if fault.is_syntax() => return Err(fault),
                    Err(fault) => self.fault = Some(fault.in_member(name)),
                }
            }
        }
        Ok(true)
    }

    /// Completes the choice once all members were read.
    #[inline]
    pub(super) fn finish(
        &mut self,
        object: &mut dyn Object,
        n: usize,
        reader: &mut Reader<'_>,
        faults: &mut Faults,
    ) -> Read<()> {
        let is_usual = matches!(
            (&self.tag, &self.body, &self.slot),
            (Some(Tag::Known(tag)), Some((body, _)), Some(Slot::Plain)) if tag == body
        );
        if is_usual && self.aside.is_empty() && self.fault.is_none() {
            return Ok(());
        }
        self.finish_unusual(object, n, reader, faults)
    }

    #[inline(never)]
    fn finish_unusual(
        &mut self,
        object: &mut dyn Object,
        n: usize,
        reader: &mut Reader<'_>,
        faults: &mut Faults,
    ) -> Read<()> {
        let (tag_slot, body_slot) = object.shape().choice_slots(n);
        let Some(choice) = object.choice_mut(n) else {
            return Ok(());
        };
        let shape = choice.shape();
        let wanted = match shape.kind {
            ChoiceKind::OneOf => None,
            _ => match self.resolve_tag(object, tag_slot, shape) {
                Ok(wanted) => wanted,
                Err(fault) => {
                    faults.note(tag_slot, fault);
                    None
                }
            },
        };
        match wanted {
            Some(Wanting::Known(variant)) => self.take_body(object, n, variant, reader, faults)?,
            Some(Wanting::Unknown(name)) => self.take_unknown(object, n, shape, &name),
            None => self.take_only(object, n, shape, body_slot, faults),
        }
        for (name, text) in std::mem::take(&mut self.aside) {
            let json = RawJson::new(text);
            if !json.is_blank()
                && object
                    .choice_mut(n)
                    .is_some_and(|choice| choice.take_beside(name, text))
            {
                continue;
            }
            match json.is_blank() {
                true => object
                    .unknown_mut()
                    .keep(body_slot, Came::Beside(name, json)),
                false => object.unknown_mut().push(name, json),
            }
        }
        Ok(())
    }

    /// What `type` says; `None` where it says nothing.
    fn resolve_tag(
        &self,
        object: &mut dyn Object,
        slot: usize,
        shape: &ChoiceShape,
    ) -> Read<Option<Wanting>> {
        let unknown = object.unknown_mut();
        let text = match &self.tag {
            Some(Tag::Known(variant)) => return Ok(Some(Wanting::Known(*variant))),
            None => {
                unknown.set_state(slot, State::EmptyListOrMissing);
                return Ok(None);
            }
            Some(Tag::Other(text)) => *text,
        };
        let mut reader = Reader::new(text);
        let (name, is_text) = match reader.peek()? {
            Kind::Null => {
                unknown.set_state(slot, State::Null);
                return Ok(None);
            }
            Kind::List | Kind::Object => {
                let refused: Read<()> = reader.refuse(super::reader::Expected::Text);
                return match refused {
                    Err(fault) => Err(fault.in_member("type")),
                    Ok(()) => Ok(None),
                };
            }
            _ => reader.scalar()?,
        };
        if name.is_empty() {
            unknown.set_state(slot, State::EmptyText);
            return Ok(None);
        }
        let known = shape
            .variants
            .list()
            .iter()
            .position(|known| known.eq_ignore_ascii_case(&name));
        if known.is_some() || !is_text {
            unknown.keep(slot, Came::Otherwise(RawJson::new(text)));
        }
        Ok(Some(match known {
            Some(variant) => Wanting::Known(variant),
            None => Wanting::Unknown(name.into_owned()),
        }))
    }

    /// Takes the body of this variant, wherever it is.
    fn take_body(
        &mut self,
        object: &mut dyn Object,
        n: usize,
        variant: usize,
        reader: &mut Reader<'_>,
        faults: &mut Faults,
    ) -> Read<()> {
        let (_, slot) = object.shape().choice_slots(n);
        let Some(choice) = object.choice_mut(n) else {
            return Ok(());
        };
        let shape = choice.shape();
        let name = match shape.kind {
            ChoiceKind::Adjacent(member) => member,
            _ => shape.variants.name(variant),
        };
        if let Some((body, text)) = self.body.filter(|(body, _)| *body != variant) {
            self.aside.push((shape.variants.name(body), text));
            (self.body, self.slot, self.fault) = (None, None, None);
        }
        let mut text = self.body.map(|(_, text)| text);
        if text.is_none() {
            choice.choose(variant);
            if let Some(at) = self.aside.iter().position(|(aside, _)| *aside == name) {
                let (_, json) = self.aside.remove(at);
                text = Some(json);
                let mut inner = Reader::inside(json, reader.limits());
                let result = choice
                    .body_mut()
                    .map(|body| read_slot(body, true, &mut inner))
                    .transpose();
                reader.set_limits(inner.limits());
                match result {
                    Ok(read) => self.slot = read,
                    Err(fault) if fault.is_syntax() => return Err(fault),
                    Err(fault) => self.fault = Some(fault.in_member(name)),
                }
            }
        }
        if let Some(fault) = self.fault.take() {
            faults.note(slot, fault);
        }
        let unknown = object.unknown_mut();
        match (&self.slot, text) {
            (_, None) => unknown.set_state(slot, State::EmptyListOrMissing),
            (Some(Slot::Blank(state)), _) => unknown.set_state(slot, *state),
            (Some(Slot::Otherwise), Some(json)) => {
                unknown.keep(slot, Came::Otherwise(RawJson::new(json)));
            }
            _ => {}
        }
        Ok(())
    }

    /// Keeps a type that nobody knows, with its body, whatever that is.
    fn take_unknown(&mut self, object: &mut dyn Object, n: usize, shape: &ChoiceShape, name: &str) {
        if let Some((body, text)) = self.body.take() {
            self.aside.push((shape.variants.name(body), text));
        }
        let body = match shape.kind {
            ChoiceKind::Adjacent(member) => {
                let at = self.aside.iter().position(|(aside, _)| *aside == member);
                at.map(|at| RawJson::new(self.aside.remove(at).1))
            }
            _ => {
                object.unknown_mut().settle();
                object.unknown_mut().remove(name)
            }
        };
        if let Some(choice) = object.choice_mut(n) {
            choice.set_unknown(UnknownBody::kept(name, body));
        }
    }

    /// Takes the only body that there is, where no `type` says anything.
    fn take_only(
        &mut self,
        object: &mut dyn Object,
        n: usize,
        shape: &ChoiceShape,
        slot: usize,
        faults: &mut Faults,
    ) {
        let is_only = shape.kind == ChoiceKind::OneOf
            || self
                .aside
                .iter()
                .all(|(_, json)| RawJson::new(json).is_blank());
        if let Some((body, text)) = self.body.take_if(|_| !is_only) {
            self.aside.push((shape.variants.name(body), text));
            (self.slot, self.fault) = (None, None);
        }
        if let Some(fault) = self.fault.take() {
            faults.note(slot, fault);
        }
        if shape.kind == ChoiceKind::OneOf && self.body.is_none() {
            self.take_empty_text(object, n, shape);
        }
        match (&self.body, &self.slot) {
            (Some(_), Some(Slot::Blank(state))) => object.unknown_mut().set_state(slot, *state),
            (Some((_, json)), Some(Slot::Otherwise)) => {
                object
                    .unknown_mut()
                    .keep(slot, Came::Otherwise(RawJson::new(json)));
            }
            (Some(_), _) => {}
            (None, _) => {
                if shape.kind == ChoiceKind::OneOf {
                    object
                        .unknown_mut()
                        .set_state(slot, State::EmptyListOrMissing);
                }
                if let Some(choice) = object.choice_mut(n) {
                    choice.set_unknown(UnknownBody::none());
                }
            }
        }
    }

    /// Takes an empty text where there is nothing else: it is a value, if no good one.
    fn take_empty_text(&mut self, object: &mut dyn Object, n: usize, shape: &ChoiceShape) {
        let Some(at) = self.aside.iter().position(|(_, json)| *json == r#""""#) else {
            return;
        };
        let (name, json) = self.aside.remove(at);
        let variant = shape
            .variants
            .list()
            .iter()
            .position(|known| *known == name);
        if let (Some(choice), Some(variant)) = (object.choice_mut(n), variant) {
            choice.choose(variant);
            choice.settle();
            self.body = Some((variant, json));
        }
    }
}

/// Whether a member does not tell by itself that it is the body.
fn says_nothing(shape: &ChoiceShape, slot: Option<&Slot>, json: &str) -> bool {
    match slot {
        Some(Slot::Blank(_)) => true,
        Some(Slot::Otherwise) => json.starts_with('[') && RawJson::new(json).is_blank(),
        _ => shape.kind == ChoiceKind::OneOf && json == r#""""#,
    }
}

/// What the `type` of an object asks for.
enum Wanting {
    Known(usize),
    Unknown(String),
}

fn is_null(reader: &mut Reader<'_>) -> Read<bool> {
    Ok(reader.peek()? == Kind::Null)
}

fn read_tag<'de>(shape: &ChoiceShape, reader: &mut Reader<'de>) -> Read<Tag<'de>> {
    let mark = reader.mark();
    if let Some(name) = reader.plain_text() {
        let known = shape.variants.find(Wanted::new(name.as_bytes()));
        return Ok(known.map_or_else(|| Tag::Other(reader.since(mark)), Tag::Known));
    }
    if reader.peek()? == Kind::Text {
        let (name, _) = reader.scalar()?;
        if let Some(variant) = shape.variants.find(Wanted::new(name.as_bytes())) {
            return Ok(Tag::Known(variant));
        }
        return Ok(Tag::Other(reader.since(mark)));
    }
    match reader.skip() {
        Err(fault) if fault.is_syntax() => Err(fault),
        _ => Ok(Tag::Other(reader.since(mark))),
    }
}
