//! Reading what somebody sends, in either form, so that nothing is lost.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::outbound::{EitherForm, Form, is_receipt};
use super::{Content, MessagingObject, Outbound, ReadReceipt};
use crate::callback::Malformed;
use crate::decode::{DecodeError, from_slice, from_value};
use crate::extra_info::ExtraInfo;
use crate::validate::Violation;
use crate::wire::Member;
use crate::wire::radar::Radar;
use crate::{Outcome, SendRequest};

/// Reads JSON that is sent: a bare `messaging_object`, or the `{messaging_object, extra_info}` around it.
///
/// ```
/// use kaleyra_wa_types::Outcome;
/// use kaleyra_wa_types::messaging_object::decode;
///
/// let poll = decode(br#"{"messaging_product": "whatsapp", "to": "+919800000001", "type": "poll", "poll": {"size": 2}}"#)?;
/// assert_eq!((poll.outcome(), poll.type_name()), (Outcome::Unknown, "poll"));
///
/// let shapeless = decode(br#"{"messaging_product": "whatsapp", "to": "+919800000001", "text": {"body": []}}"#)?;
/// assert_eq!(shapeless.outcome(), Outcome::Malformed);
/// assert_eq!(shapeless.error().map(|error| error.path()), Some("text.body"));
/// # Ok::<(), kaleyra_wa_types::DecodeError>(())
/// ```
///
/// # Errors
///
/// Only when the bytes are not a JSON object.
pub fn decode(bytes: &[u8]) -> Result<DecodedOutbound, DecodeError> {
    let text = std::str::from_utf8(bytes).map_err(|_| DecodeError::not_utf8())?;
    match serde_json::from_str(text) {
        Ok(Strict(decoded)) => Ok(decoded),
        Err(error) if error.is_data() => {
            let body: Value = from_slice(bytes)?;
            if !body.is_object() {
                return Err(DecodeError::not_an_object());
            }
            Ok(again(body))
        }
        Err(error) => Err(DecodeError::not_json(&error)),
    }
}

/// Reads parsed JSON: of two members with one name the last counts, and what is wrong is found out with its path.
fn again(body: Value) -> DecodedOutbound {
    let read = match body.get("messaging_object") {
        Some(_) => from_value(&body).map(DecodedOutbound::Envelope),
        None => from_value(&body).map(DecodedOutbound::Bare),
    };
    read.unwrap_or_else(|error| {
        let error = explain(&body).unwrap_or(error);
        DecodedOutbound::Malformed(Box::new(Malformed { error, body }))
    })
}

/// What is wrong with the message or receipt: read as what it is, it gives the exact path.
fn explain(body: &Value) -> Option<DecodeError> {
    let envelope = body.get("messaging_object");
    let message = envelope.unwrap_or(body);
    let error = if is_receipt(message) {
        from_value::<ReadReceipt>(message).err()?
    } else {
        from_value::<MessagingObject>(message).err()?
    };
    Some(match envelope {
        Some(_) => error.below("messaging_object"),
        None => error,
    })
}

/// What was read of JSON that is sent. It is written back as it came.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum DecodedOutbound {
    /// A message or read receipt without an envelope.
    Bare(Outbound),
    /// With its envelope: the body of a send.
    Envelope(SendRequest),
    /// A known member has another shape than any page gives it.
    Malformed(Box<Malformed>),
}

impl DecodedOutbound {
    /// What is sent, where it could be read.
    pub fn outbound(&self) -> Option<&Outbound> {
        match self {
            Self::Bare(outbound) => Some(outbound),
            Self::Envelope(request) => Some(&request.messaging_object),
            Self::Malformed(_) => None,
        }
    }

    /// What the sender adds for itself.
    pub fn extra_info(&self) -> Option<&ExtraInfo> {
        match self {
            Self::Envelope(request) => request.extra_info.as_ref(),
            Self::Bare(_) | Self::Malformed(_) => None,
        }
    }

    /// How well it was understood.
    pub fn outcome(&self) -> Outcome {
        match self.outbound() {
            Some(outbound) => match outbound.message().map(|message| &message.content) {
                Some(Content::Unknown(_)) => Outcome::Unknown,
                _ => Outcome::Typed,
            },
            None => Outcome::Malformed,
        }
    }

    /// The message's `type`, or `read` for a read receipt; what stands there where it could not be read, too.
    pub fn type_name(&self) -> &str {
        match self {
            Self::Malformed(malformed) => {
                let message = malformed
                    .body
                    .get("messaging_object")
                    .unwrap_or(&malformed.body);
                let name = if is_receipt(message) {
                    "status"
                } else {
                    "type"
                };
                message
                    .get(name)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
            }
            Self::Bare(outbound) => outbound.type_name(),
            Self::Envelope(request) => request.messaging_object.type_name(),
        }
    }

    /// Where it could not be read, and why.
    pub fn error(&self) -> Option<&DecodeError> {
        match self {
            Self::Malformed(malformed) => Some(&malformed.error),
            Self::Bare(_) | Self::Envelope(_) => None,
        }
    }

    /// The JSON pointers of the members that this version does not know; empty where it could not be read.
    pub fn unknown_fields(&self) -> Vec<String> {
        Radar::scan(|radar| match self {
            Self::Bare(outbound) => outbound.scan(radar),
            Self::Envelope(request) => request.scan(radar),
            Self::Malformed(_) => {}
        })
    }

    /// Every limit that it breaks, with paths from the root of what was read.
    pub fn violations(&self) -> Vec<Violation> {
        match self {
            Self::Bare(outbound) => outbound.violations(),
            Self::Envelope(request) => request.violations(),
            Self::Malformed(_) => Vec::new(),
        }
    }
}

/// What could be read without trouble.
struct Strict(DecodedOutbound);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match deserializer.deserialize_map(EitherForm)? {
            Form::Bare(outbound) => DecodedOutbound::Bare(outbound),
            Form::Envelope(request) => DecodedOutbound::Envelope(request),
        }))
    }
}

impl Serialize for DecodedOutbound {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bare(outbound) => outbound.serialize(serializer),
            Self::Envelope(request) => request.serialize(serializer),
            Self::Malformed(malformed) => malformed.body.serialize(serializer),
        }
    }
}
