//! One element of a list: decoded, or kept with the reason why not.

use std::fmt;

use ecow::EcoString;

use crate::RawJson;
use crate::decode::DecodeError;
use crate::wire::reader::Kind;
use crate::wire::{Form, Read, Reader, View, Wire};

/// An element of a list of a callback: one bad element never sinks its siblings.
///
/// ```
/// use kaleyra_wa_types::inbound::{Callback, Decoded};
///
/// let callback = Callback::from_slice(br#"{"meta_object": {"field": "messages", "value": {"messages": [
///     {"from": "919800000001", "id": "wamid.A", "type": "text", "text": {"body": "Hi"}},
///     {"from": "919800000001", "id": "wamid.B", "type": "text", "text": {"body": {"is": 7}}}
/// ]}}}"#)?;
/// let value = callback.meta_object.as_ref().and_then(|change| change.value.as_ref()).ok_or("no value")?;
/// for element in &value.messages {
///     match element {
///         Decoded::Typed(message) => assert_eq!(message.id.as_str(), "wamid.A"),
///         Decoded::Malformed(malformed) => assert_eq!(malformed.error.path(), "text.body"),
///     }
/// }
/// assert!(value.messages[0].typed().is_some());
/// assert!(value.messages[1].malformed().is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Decoded<T> {
    /// It could be read.
    Typed(T),
    /// It could not.
    Malformed(Box<Malformed>),
}

/// An element that could not be read, kept as it came.
///
/// It is not an unknown type: that is a message with unknown content. Here a known field has a shape that no
/// page documents.
///
/// `Debug` shows the error only: the body may hold anything, personal data too.
///
/// ```
/// use kaleyra_wa_types::inbound::Callback;
///
/// let callback = Callback::from_slice(br#"{"meta_object": {"field": "messages", "value": {"messages": [
///     {"from": "919800000001", "id": "wamid.A", "type": "image", "image": "1700000000001"}
/// ]}}}"#)?;
/// let value = callback.meta_object.as_ref().and_then(|change| change.value.as_ref()).ok_or("no value")?;
/// let malformed = value.messages[0].malformed().ok_or("it could be read")?;
/// assert_eq!(malformed.error.path(), "image"); // from the element on
/// let body = malformed.body.to_value().ok_or("too large a number")?;
/// assert_eq!(body["image"], "1700000000001"); // nothing is lost
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Malformed {
    /// Where in the element, and what is wrong there.
    pub error: DecodeError,
    /// The element as it came.
    pub body: RawJson,
    pub(super) texts: Texts,
}

/// The texts of an element that tell what it is, even where it can't be read.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Texts(Vec<(&'static str, EcoString)>);

impl Texts {
    fn of(body: &str) -> Self {
        const NAMES: [&str; 6] = [
            "id",
            "type",
            "status",
            "from",
            "recipient_id",
            "action_type",
        ];
        let mut texts = Vec::new();
        let mut reader = Reader::new(body);
        if matches!(reader.peek(), Ok(Kind::Object)) {
            let _ = reader.each_text(&mut |name, text| {
                if let Some(name) = NAMES.into_iter().find(|known| *known == name) {
                    texts.retain(|(known, _)| *known != name);
                    texts.push((name, EcoString::from(text)));
                }
            });
        }
        Self(texts)
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, text)| text.as_str())
    }
}

/// What the reason and the path of an element take in memory, about, besides its text.
const MALFORMED_SIZE: usize = 256;

impl Malformed {
    /// The text of `type`, or of a status's `status`; empty where there is none.
    pub(crate) fn type_name(&self) -> &str {
        let texts = &self.texts;
        texts
            .get("type")
            .or_else(|| texts.get("status"))
            .unwrap_or_default()
    }

    /// One whose name stands in a field of it.
    pub(crate) fn with_name_in(self, member: &str) -> Self {
        let mut reader = Reader::new(self.body.as_str());
        let inner = reader.member(member).ok().flatten();
        match inner.map(Texts::of) {
            Some(texts) => Self { texts, ..self },
            None => self,
        }
    }

    pub(crate) fn new(error: DecodeError, body: &str) -> Self {
        Self {
            error,
            body: RawJson::new(body),
            texts: Texts::of(body),
        }
    }
}

impl fmt::Debug for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Malformed")
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl<T> Decoded<T> {
    /// The element, where it could be read.
    pub fn typed(&self) -> Option<&T> {
        match self {
            Self::Typed(element) => Some(element),
            Self::Malformed(_) => None,
        }
    }

    /// What is left of it where it could not be read.
    pub fn malformed(&self) -> Option<&Malformed> {
        match self {
            Self::Typed(_) => None,
            Self::Malformed(malformed) => Some(malformed),
        }
    }
}

impl<T> From<T> for Decoded<T> {
    fn from(element: T) -> Self {
        Self::Typed(element)
    }
}

impl<T: Wire> Wire for Decoded<T> {
    fn empty() -> Self {
        Self::Typed(T::empty())
    }

    fn is_object() -> bool {
        T::is_object()
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<Form> {
        let mark = reader.mark();
        let Self::Typed(element) = self else {
            self.clear();
            return self.read(reader);
        };
        match element.read(reader) {
            Err(fault) if !fault.is_syntax() && reader.take_room(MALFORMED_SIZE) => {
                let body = reader.since(mark);
                *self = Self::Malformed(Box::new(Malformed::new(fault.into(), body)));
                Ok(Form::AsWritten)
            }
            result => result,
        }
    }

    fn view(&self) -> View<'_> {
        match self {
            Self::Typed(element) => element.view(),
            Self::Malformed(malformed) => View::Json(malformed.body.as_str()),
        }
    }

    fn clear(&mut self) {
        *self = Self::empty();
    }
}
