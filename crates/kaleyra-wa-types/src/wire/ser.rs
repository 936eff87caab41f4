//! Models through any serializer: the same walk as for JSON, compiled once for each serializer.

use std::cell::RefCell;

use serde::ser::{Error, Serialize, SerializeMap, SerializeSeq, Serializer};

use super::fault::Fault;
use super::names::Name;
use super::reader::{Kind, Reader};
use super::shape::{View, Wire};
use super::write::{Stop, each_member};

/// A view as a serde type.
pub(crate) struct Written<'a>(pub(crate) View<'a>);

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            View::Absent => serializer.serialize_unit(),
            View::Bool(flag) => serializer.serialize_bool(flag),
            View::Text(text) => serializer.serialize_str(text),
            View::Json(json) => Kept(&RefCell::new(Reader::new(json))).serialize(serializer),
            View::Value(value) => value.serialize(serializer),
            View::Map(members) => members.serialize(serializer),
            View::List(list) => {
                let mut elements = serializer.serialize_seq(Some(list.len()))?;
                for index in 0..list.len() {
                    elements.serialize_element(&Self(
                        list.get(index).map_or(View::Absent, Wire::view),
                    ))?;
                }
                elements.end()
            }
            View::Object(object) => {
                let mut members = serializer.serialize_map(None)?;
                let mut error = None;
                let _ = each_member(object, &mut |name: Name<'_>, view: View<'_>| {
                    members
                        .serialize_entry(name.text, &Written(view))
                        .map_err(|failed| {
                            error = Some(failed);
                            Stop
                        })
                });
                match error {
                    Some(error) => Err(error),
                    None => members.end(),
                }
            }
        }
    }
}

/// Kept JSON, value by value as its text is read.
struct Kept<'a, 'de>(&'a RefCell<Reader<'de>>);

impl Serialize for Kept<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// It was read before, so that it can only be nested too deep.
        fn failed<E: Error>(_: Box<Fault>) -> E {
            E::custom("JSON that is nested too deep to be written")
        }

        let kind = self.0.borrow_mut().peek().map_err(failed)?;
        match kind {
            Kind::List => {
                self.0.borrow_mut().enter().map_err(failed)?;
                let mut elements = serializer.serialize_seq(None)?;
                let mut is_first = true;
                while self.0.borrow_mut().element(is_first).map_err(failed)? {
                    is_first = false;
                    elements.serialize_element(self)?;
                }
                elements.end()
            }
            Kind::Object => {
                self.0.borrow_mut().enter().map_err(failed)?;
                let mut members = serializer.serialize_map(None)?;
                let mut is_first = true;
                loop {
                    let name = self.0.borrow_mut().name(is_first).map_err(failed)?;
                    let Some(name) = name else {
                        return members.end();
                    };
                    is_first = false;
                    members.serialize_entry(&*name, self)?;
                }
            }
            _ => {
                let (text, _) = self.0.borrow_mut().scalar().map_err(failed)?;
                match kind {
                    Kind::Null => serializer.serialize_unit(),
                    Kind::Bool => serializer.serialize_bool(text == "true"),
                    Kind::Number => serialize_number(&text, serializer),
                    _ => serializer.serialize_str(&text),
                }
            }
        }
    }
}

/// Whole numbers of up to 64 bits are exact; one that is too large for any number is written as its text.
fn serialize_number<S: Serializer>(digits: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if let Ok(number) = digits.parse::<u64>() {
        return serializer.serialize_u64(number);
    }
    // `-0` is not a whole number: its sign would be lost.
    if let Ok(number) = digits.parse::<i64>()
        && number != 0
    {
        return serializer.serialize_i64(number);
    }
    match digits.parse::<f64>() {
        Ok(number) if number.is_finite() => serializer.serialize_f64(number),
        _ => serializer.serialize_str(digits),
    }
}
