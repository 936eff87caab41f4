//! The values that members hold beside our own types: texts, flags, plain JSON, and what wraps another value.

use serde_json::{Map, Value};

use super::fault::Read;
use super::lists::read_list;
use super::raw_json::RawJson;
use super::read::read_text;
use super::reader::{Expected, Kind, Reader};
use super::shape::{Form, List, View, Wire};

/// A text. A number or flag in its place is the text of it.
impl Wire for String {
    fn empty() -> Self {
        Self::new()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<Form> {
        let (text, is_text) = read_text(reader, Expected::Text)?;
        *self = text.into_owned();
        Ok(if is_text {
            Form::AsWritten
        } else {
            Form::Otherwise
        })
    }

    fn view(&self) -> View<'_> {
        View::Text(self)
    }

    fn clear(&mut self) {
        *self = Self::new();
    }
}

/// A flag: `true`, `"True"` or `1`.
impl Wire for bool {
    fn empty() -> Self {
        false
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<Form> {
        let mark = reader.mark();
        let (text, _) = read_text(reader, Expected::Bool)?;
        *self = match text.trim() {
            "1" => true,
            "0" => false,
            text if text.eq_ignore_ascii_case("true") => true,
            text if text.eq_ignore_ascii_case("false") => false,
            _ => {
                reader.rewind(mark);
                return reader.refuse(Expected::Bool);
            }
        };
        Ok(match reader.since(mark) {
            "true" | "false" => Form::AsWritten,
            _ => Form::Otherwise,
        })
    }

    fn view(&self) -> View<'_> {
        View::Bool(*self)
    }

    fn clear(&mut self) {
        *self = false;
    }
}

/// Any JSON, as a tree.
impl Wire for Value {
    fn empty() -> Self {
        Self::Null
    }

    fn is_any() -> bool {
        true
    }

    fn takes_any(&self) -> bool {
        true
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<Form> {
        let json = reader.skip()?;
        let Ok(value) = serde_json::from_str(json) else {
            // What no tree can hold stays beside it.
            return Ok(Form::Otherwise);
        };
        *self = value;
        Ok(form_of(json))
    }

    fn view(&self) -> View<'_> {
        View::Value(self)
    }

    fn clear(&mut self) {
        *self = Self::Null;
    }
}

/// Whether a tree is written with all digits that it came with: it has no numbers that a tree may round.
fn form_of(json: &str) -> Form {
    /// Whole numbers of fewer digits have room in 64 bits.
    const DIGITS: usize = 18;
    let mut digits = 0;
    let is_exact = json.bytes().all(|byte| {
        let is_fraction = digits > 0 && matches!(byte, b'.' | b'e' | b'E');
        digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
        digits <= DIGITS && !is_fraction
    });
    if is_exact {
        Form::AsWritten
    } else {
        Form::Otherwise
    }
}

/// The members of any JSON object.
impl Wire for Map<String, Value> {
    fn empty() -> Self {
        Self::new()
    }

    fn is_object() -> bool {
        true
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<Form> {
        if reader.peek()? != Kind::Object {
            return reader.refuse(Expected::Object("Map"));
        }
        let json = reader.skip()?;
        let Ok(members) = serde_json::from_str(json) else {
            return Ok(Form::Otherwise);
        };
        *self = members;
        Ok(form_of(json))
    }

    fn view(&self) -> View<'_> {
        View::Map(self)
    }

    fn clear(&mut self) {
        *self = Self::new();
    }
}

/// Any JSON, as its text.
impl Wire for RawJson {
    fn empty() -> Self {
        Self::new("null")
    }

    fn is_any() -> bool {
        true
    }

    fn takes_any(&self) -> bool {
        true
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<Form> {
        *self = Self::new(reader.skip()?);
        Ok(Form::AsWritten)
    }

    fn view(&self) -> View<'_> {
        View::Json(self.as_str())
    }

    fn clear(&mut self) {
        *self = Self::empty();
    }
}

/// A value that may be missing.
impl<T: Wire> Wire for Option<T> {
    fn empty() -> Self {
        None
    }

    fn is_object() -> bool {
        T::is_object()
    }

    fn takes_any(&self) -> bool {
        T::is_any()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<Form> {
        // As large as it may be, it is made where it belongs.
        if self.is_none() {
            *self = Some(T::empty());
        }
        match self {
            Some(value) => value.read(reader),
            None => Ok(Form::AsWritten),
        }
    }

    fn view(&self) -> View<'_> {
        match self {
            Some(value) => value.view(),
            None => View::Absent,
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn clear(&mut self) {
        *self = None;
    }
}

impl<T: Wire> Wire for Box<T> {
    fn empty() -> Self {
        Self::new(T::empty())
    }

    fn is_object() -> bool {
        T::is_object()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<Form> {
        T::read(self, reader)
    }

    fn view(&self) -> View<'_> {
        T::view(self)
    }

    fn clear(&mut self) {
        T::clear(self);
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn empty() -> Self {
        Self::new()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<Form> {
        read_list(self, reader)
    }

    fn view(&self) -> View<'_> {
        View::List(self)
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn clear(&mut self) {
        *self = Self::new();
    }
}

impl<T: Wire> List for Vec<T> {
    fn len(&self) -> usize {
        self.len()
    }

    fn get(&self, index: usize) -> Option<&dyn Wire> {
        let element = <[T]>::get(self, index)?;
        Some(element)
    }

    fn push(&mut self) -> Option<&mut dyn Wire> {
        // Most lists have one element, for which `Vec` would make room for four.
        if self.capacity() == 0 {
            self.reserve_exact(1);
        }
        // As large as it may be, it is made where it belongs.
        self.resize_with(self.len() + 1, T::empty);
        let element = self.last_mut()?;
        Some(element)
    }

    fn pop(&mut self) {
        self.pop();
    }

    fn clear(&mut self) {
        *self = Self::new();
    }

    fn element_size(&self) -> usize {
        size_of::<T>()
    }

    fn is_of_objects(&self) -> bool {
        T::is_object()
    }
}
