//! A form that a user filled in, with JSON inside a string.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::UnknownFields;
use crate::UnknownText;
use crate::decode::{DecodeError, foreign_from_str};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// A form that a user filled in: a flow, or an address. What was filled in is JSON in a string.
///
/// | `name` | what [`response`](Self::response) gives |
/// | --- | --- |
/// | `flow` | an object with what the flow's last screen hands over, under its own names, and `flow_token`, which the message gave |
/// | `address_message` | an object with what the form holds in `values` |
///
/// ```
/// use kaleyra_wa_types::inbound::NfmReply;
///
/// #[derive(serde::Deserialize)]
/// struct Booking { guests: u8 }
///
/// let reply: NfmReply = serde_json::from_str(r#"{"name": "flow", "response_json": "{\"guests\":4}"}"#)?;
/// assert_eq!(reply.response()?["guests"], 4);
/// assert_eq!(reply.response_as::<Booking>()?.guests, 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// An address has the fields of the form that asked for it:
///
/// ```
/// use kaleyra_wa_types::inbound::NfmReply;
/// use kaleyra_wa_types::outbound::interactive::AddressValues;
///
/// #[derive(serde::Deserialize)]
/// struct Address { values: AddressValues }
///
/// let reply: NfmReply = serde_json::from_str(
///     r#"{"name": "address_message", "response_json": "{\"values\":{\"city\":\"Bengaluru\"}}"}"#,
/// )?;
/// assert_eq!(reply.response_as::<Address>()?.values.city.as_deref(), Some("Bengaluru"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: *Interactive - Address Message*; Meta's *receiving flow responses*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct NfmReply {
    /// What kind of form it is.
    pub name: Option<NfmName>,
    /// What is shown in the chat, such as `Sent` or the address in lines.
    pub body: Option<String>,
    /// What was filled in, as JSON in a string: see [`response`](Self::response).
    pub response_json: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What kind of form was filled in. Other values occur.
///
/// ```
/// use kaleyra_wa_types::inbound::{NfmName, NfmReply};
///
/// let reply: NfmReply = serde_json::from_str(r#"{"name": "address_message", "response_json": "{}"}"#)?;
/// assert_eq!(reply.name, Some(NfmName::AddressMessage));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum NfmName {
    /// `flow`. A flow.
    Flow,
    /// `address_message`. An address.
    AddressMessage,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl NfmReply {
    /// What was filled in.
    ///
    /// # Errors
    ///
    /// When `response_json` is missing or holds no JSON. The error repeats none of it.
    pub fn response(&self) -> Result<Value, DecodeError> {
        self.response_as()
    }

    /// What was filled in, read as a type of the caller's.
    ///
    /// # Errors
    ///
    /// When `response_json` is missing, holds no JSON, or holds another shape: the error has the path and repeats none
    /// of the values, except in what `T` itself says.
    pub fn response_as<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        let text = self.response_json.as_deref();
        let text = text.ok_or_else(|| DecodeError::missing("response_json"))?;
        foreign_from_str(text)
    }
}
