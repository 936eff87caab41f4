//! How a callback is read so that nothing inside it can sink the rest.
//!
//! The fast way reads the bytes once, straight into the model, and gives up at the first thing that has another shape.
//! Only then comes the patient way: the bytes become plain JSON, each element of the arrays is read on its own, and a
//! member that still can't be read is put among its object's unknown members, from where it is written back.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::{Callback, ChangeValue, Decoded, MetaObject, Metadata, surrogates};
use crate::decode::DecodeError;
use crate::wire::Member;
use crate::wire::member::MAX_ELEMENTS;
use crate::wire::object::read_object;

/// Reads a callback from the bytes of a POST.
pub(crate) fn from_slice(body: &[u8]) -> Result<Callback, DecodeError> {
    // Checked for UTF-8 as a whole, which is faster than text by text.
    let Ok(text) = std::str::from_utf8(body) else {
        return Err(DecodeError::not_utf8());
    };
    let mut callback = Callback::default();
    if let Err(error) = read_text(&mut callback, text) {
        // Whatever is wrong, it may be gone with them.
        let Some(whole) = surrogates::replaced(text) else {
            return Err(error);
        };
        callback = Callback::default();
        read_text(&mut callback, &whole)?;
    }
    Ok(callback)
}

/// Reads into an empty callback, where it stands, as it is large to move. After an error it may be half filled.
fn read_text(callback: &mut Callback, text: &str) -> Result<(), DecodeError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    match read_object(callback, &mut deserializer).and_then(|_| deserializer.end()) {
        Ok(()) => Ok(()),
        Err(error) if error.is_data() => {
            let value = serde_json::from_str(text).map_err(|e| DecodeError::not_json(&e))?;
            *callback = from_value(value)?;
            Ok(())
        }
        Err(error) => Err(DecodeError::not_json(&error)),
    }
}

/// Reads a callback from parsed JSON.
pub(crate) fn from_value(mut value: Value) -> Result<Callback, DecodeError> {
    if !value.is_object() {
        return Err(DecodeError::not_an_object());
    }
    let mut parked = Parked::default();
    if let Some(members) = value
        .pointer_mut("/meta_object/value")
        .and_then(Value::as_object_mut)
    {
        parked.contacts = take_elements(members, "contacts");
        parked.messages = take_elements(members, "messages");
        parked.statuses = take_elements(members, "statuses");
        parked.errors = take_elements(members, "errors");
    }
    loop {
        match serde_path_to_error::deserialize(&value) {
            Ok(Strict(callback)) => return Ok(parked.put_back(callback)),
            Err(error) => {
                let error = DecodeError::misshapen(&error);
                if !parked.take_misread(&mut value, error.path()) {
                    return Err(error);
                }
            }
        }
    }
}

/// A callback that is read strictly.
struct Strict(Callback);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut callback = Callback::default();
        read_object(&mut callback, deserializer)?;
        Ok(Self(callback))
    }
}

/// What is taken out of a callback before it is read strictly.
#[derive(Default)]
struct Parked {
    contacts: Vec<Value>,
    messages: Vec<Value>,
    statuses: Vec<Value>,
    errors: Vec<Value>,
    /// Members that can't be read: the object they are in, their name, and what they hold.
    misread: Vec<(Parent, String, Value)>,
}

/// The objects around the elements, the innermost first.
#[derive(Clone, Copy)]
enum Parent {
    Metadata,
    ChangeValue,
    MetaObject,
    ExtraInfo,
    Callback,
}

impl Parent {
    const ALL: [Self; 5] = [
        Self::Metadata,
        Self::ChangeValue,
        Self::MetaObject,
        Self::ExtraInfo,
        Self::Callback,
    ];

    /// What the path of one of its members begins with, and its JSON pointer.
    fn place(self) -> (&'static str, &'static str) {
        match self {
            Self::Metadata => ("meta_object.value.metadata.", "/meta_object/value/metadata"),
            Self::ChangeValue => ("meta_object.value.", "/meta_object/value"),
            Self::MetaObject => ("meta_object.", "/meta_object"),
            Self::ExtraInfo => ("extra_info.", "/extra_info"),
            Self::Callback => ("", ""),
        }
    }
}

impl Parked {
    /// Takes out the member that this path leads through; `false` when there is none.
    fn take_misread(&mut self, root: &mut Value, path: &str) -> bool {
        let parents = Parent::ALL.into_iter();
        let innermost = parents.filter_map(|parent| {
            let (begin, pointer) = parent.place();
            Some((parent, pointer, path.strip_prefix(begin)?))
        });
        let Some((parent, pointer, rest)) = innermost.into_iter().next() else {
            return false;
        };
        let name = rest.split(['.', '[']).next().unwrap_or(rest);
        let member = root
            .pointer_mut(pointer)
            .and_then(Value::as_object_mut)
            .and_then(|members| members.remove(name));
        let Some(member) = member else { return false };
        self.misread.push((parent, name.to_owned(), member));
        true
    }

    fn put_back(self, mut callback: Callback) -> Callback {
        for (parent, name, member) in self.misread {
            let unknown = match parent {
                Parent::Callback => &mut callback.unknown,
                Parent::MetaObject => &mut meta_object(&mut callback).unknown,
                Parent::ChangeValue => &mut change_value(&mut callback).unknown,
                Parent::Metadata => {
                    &mut change_value(&mut callback)
                        .metadata
                        .get_or_insert_with(Metadata::empty)
                        .unknown
                }
                Parent::ExtraInfo => &mut callback.extra_info.get_or_insert_default().unknown,
            };
            unknown.insert(name, member);
        }
        put_back(self.contacts, &mut callback, |value| &mut value.contacts);
        put_back(self.messages, &mut callback, |value| &mut value.messages);
        put_back(self.statuses, &mut callback, |value| &mut value.statuses);
        put_back(self.errors, &mut callback, |value| &mut value.errors);
        callback
    }
}

fn take_elements(members: &mut Map<String, Value>, name: &str) -> Vec<Value> {
    match members.get_mut(name) {
        // An empty array stays: that it was there is remembered by the strict reading. One that is too long stays, and
        // is put aside as a whole.
        Some(Value::Array(elements)) if (1..=MAX_ELEMENTS).contains(&elements.len()) => {
            let elements = std::mem::take(elements);
            members.remove(name);
            elements
        }
        _ => Vec::new(),
    }
}

fn put_back<T: DeserializeOwned>(
    elements: Vec<Value>,
    callback: &mut Callback,
    list: impl FnOnce(&mut ChangeValue) -> &mut Vec<Decoded<T>>,
) {
    if !elements.is_empty() {
        *list(change_value(callback)) = elements.into_iter().map(Decoded::from_value).collect();
    }
}

fn meta_object(callback: &mut Callback) -> &mut MetaObject {
    callback.meta_object.get_or_insert_default()
}

fn change_value(callback: &mut Callback) -> &mut ChangeValue {
    meta_object(callback).value.get_or_insert_default()
}
