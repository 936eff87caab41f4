//! Callbacks that come by `GET`, with all that they say in the query.

use serde_json::{Map, Value, json};

use super::field::{PhoneNumberQualityEvent, TemplateStatus};
use super::{Callback, NumberQuality};

impl Callback {
    /// Reads the query of a `GET`, with or without its `?`; `None` where it is none of the callbacks that come in this way.
    /// What it is follows from the parameters that are there, as their order and the further ones are up to the profile:
    ///
    /// | parameters | read as |
    /// | --- | --- |
    /// | one that begins with `message_template_`; or `event` with `reason` or `other_info`, or with the event of a template, and nothing of a number | a change of the field `message_template_status_update` |
    /// | `resumable_media_id` or `uploaded_file_handle` | an object of all parameters, as a `POST` profile sends it |
    /// | `event` or `current_limit` | a change of the field `phone_number_quality_update` |
    ///
    /// Escapes are undone, and quotes around a value are left out, as the documentation's own sample has some. Of two
    /// parameters with one name the last counts. Parameters that nobody knows are in `unknown`.
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::field::{FieldChange, TemplateStatus};
    /// use kaleyra_wa_types::inbound::{Callback, Event};
    ///
    /// let query = "id=102&event=APPROVED&message_template_id=123&message_template_language=en&reason=NONE";
    /// let callback = Callback::from_query(query).ok_or("something else")?;
    /// let Some(Event::Field(change)) = callback.events().next() else { return Err("no change") };
    /// let FieldChange::MessageTemplateStatusUpdate(update) = change.change() else { return Err("another") };
    /// assert_eq!(update.event, Some(TemplateStatus::Approved));
    /// assert!(Callback::from_query("hub.mode=subscribe").is_none());
    /// # Ok::<(), &str>(())
    /// ```
    ///
    /// Source: *Template status update*, *Receive updates about rating and limits using webhooks*, *Callback profile for
    /// WhatsApp resumable media status update*.
    pub fn from_query(query: &str) -> Option<Self> {
        let parameters = Parameters::of(query);
        let callback = match parameters.subject()? {
            Subject::Template => change("message_template_status_update", parameters.template()),
            Subject::Number => {
                let quality = NumberQuality::of(parameters);
                change(
                    "phone_number_quality_update",
                    serde_json::to_value(quality).ok()?,
                )
            }
            Subject::File => Value::Object(parameters.0),
        };
        Self::from_value(callback).ok()
    }
}

fn change(field: &str, value: Value) -> Value {
    json!({"meta_object": {"field": field, "value": value}})
}

/// What such a callback is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// The file of a template's header.
    File,
    /// A business number.
    Number,
    Template,
}

/// The parameters of a query, with their texts as values.
pub(super) struct Parameters(pub(super) Map<String, Value>);

impl Parameters {
    pub(super) fn of(query: &str) -> Self {
        let mut parameters = Map::new();
        for parameter in query.trim_start_matches('?').split('&') {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let (name, value) = (unescape(name), unescape(value));
            if !name.is_empty() {
                parameters.insert(name, Value::String(unquoted(value)));
            }
        }
        Self(parameters)
    }

    /// Takes a parameter out, if it is there and not empty.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        match self.0.remove(name) {
            Some(Value::String(text)) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        let text = self.0.get(name)?.as_str()?;
        Some(text).filter(|text| !text.is_empty())
    }

    pub(super) fn subject(&self) -> Option<Subject> {
        if self
            .0
            .keys()
            .any(|name| name.starts_with("message_template_"))
        {
            return Some(Subject::Template);
        }
        if self.get("resumable_media_id").is_some() || self.get("uploaded_file_handle").is_some() {
            return Some(Subject::File);
        }
        let of_a_number = ["display_phone_number", "current_limit", "old_limit"];
        if of_a_number.iter().all(|name| self.get(name).is_none())
            && self.get("event").is_some_and(|event| {
                let of_a_template = ["reason", "other_info"];
                of_a_template.iter().any(|name| self.get(name).is_some())
                    || (TemplateStatus::from(event.to_ascii_uppercase()).is_known()
                        && !PhoneNumberQualityEvent::from(event.to_ascii_uppercase()).is_known())
            })
        {
            return Some(Subject::Template);
        }
        let is_of_a_number = self.get("event").is_some() || self.get("current_limit").is_some();
        is_of_a_number.then_some(Subject::Number)
    }

    fn template(mut self) -> Value {
        // Meta writes it in capitals, Kaleyra's page does not.
        if let Some(event) = self.take("event") {
            let capitals = TemplateStatus::from(event.to_ascii_uppercase());
            let event = match capitals.is_known() {
                true => capitals.as_str().to_owned(),
                false => event,
            };
            self.0.insert("event".to_owned(), Value::String(event));
        }
        // Meta has an object there; a query has its text.
        if let Some(text) = self.take("other_info") {
            let info = json!({"description": text});
            self.0.insert("other_info".to_owned(), info);
        }
        Value::Object(self.0)
    }
}

/// Quotes around the whole of a value are its sender's, and no part of it.
fn unquoted(value: String) -> String {
    let inner = value.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
    inner.map(str::to_owned).unwrap_or(value)
}

/// Undoes the escapes of a query: `%2B`, and `+` for a blank. A `+` in front stays one: it belongs to a number whose
/// sender forgot to escape it.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        let escaped = match (first, tail) {
            (b'%', [high, low, tail @ ..]) => hex(*high)
                .zip(hex(*low))
                .map(|(high, low)| (high * 16 + low, tail)),
            _ => None,
        };
        match escaped {
            Some((byte, tail)) => {
                bytes.push(byte);
                rest = tail;
            }
            None if *first == b'+' && !bytes.is_empty() => bytes.push(b' '),
            None => bytes.push(*first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}
