//! Reads what a business sends, in either form, without losing anything.

use serde::{Serialize, Serializer};

use super::{Content, Outbound};
use crate::decode::{DecodeError, text};
use crate::extra_info::ExtraInfo;
use crate::inbound::Malformed;
use crate::validate::Violation;
use crate::wire::read::read_all;
use crate::wire::reader::Kind;
use crate::wire::scan::unknown_pointers;
use crate::wire::ser::Written;
use crate::wire::{Read, Reader, Wire};
use crate::{Recognition, SendRequest, UnknownFields};

/// Reads JSON that is sent: a bare `messaging_object`, or the `{messaging_object, extra_info}` around it.
///
/// ```
/// use kaleyra_wa_types::Recognition;
/// use kaleyra_wa_types::outbound::decode;
///
/// let poll = decode(br#"{"messaging_product": "whatsapp", "to": "+919800000001", "type": "poll", "poll": {"size": 2}}"#)?;
/// assert_eq!((poll.recognition(), poll.type_name()), (Recognition::Unknown, "poll"));
///
/// let shapeless = decode(br#"{"messaging_product": "whatsapp", "to": "+919800000001", "text": {"body": {"is": 7}}}"#)?;
/// assert_eq!(shapeless.recognition(), Recognition::Malformed);
/// assert_eq!(shapeless.error().map(|error| error.path()), Some("text.body"));
/// # Ok::<(), kaleyra_wa_types::DecodeError>(())
/// ```
///
/// # Errors
///
/// Only when the bytes are not a JSON object.
pub fn decode(bytes: &[u8]) -> Result<DecodedOutbound, DecodeError> {
    let text = text(bytes);
    let mut reader = Reader::new(&text);
    if reader.peek().map_err(DecodeError::from)? != Kind::Object {
        reader
            .skip()
            .and_then(|_| reader.end())
            .map_err(DecodeError::from)?;
        return Err(DecodeError::not_an_object());
    }
    let mut is_envelope = false;
    reader
        .look_at_members(&mut |name| {
            is_envelope |= name == "messaging_object";
            !is_envelope
        })
        .map_err(DecodeError::from)?;
    let read = match is_envelope {
        true => read_as(&text, DecodedOutbound::Envelope),
        false => read_as(&text, DecodedOutbound::Bare),
    };
    read.or_else(|fault| match fault.is_syntax() {
        true => Err(fault.into()),
        false => {
            let malformed = Malformed::new(fault.into(), &text);
            let malformed = malformed.with_name_in("messaging_object");
            Ok(DecodedOutbound::Malformed(Box::new(malformed)))
        }
    })
}

fn read_as<T: Wire>(text: &str, form: fn(T) -> DecodedOutbound) -> Read<DecodedOutbound> {
    let mut model = T::empty();
    read_all(&mut model, text)?;
    Ok(form(model))
}

/// What was read of JSON that is sent. It is written back as it came.
///
/// ```
/// use kaleyra_wa_types::Recognition;
/// use kaleyra_wa_types::outbound::{Outbound, decode};
///
/// let sent = decode(br#"{"messaging_object": {"messaging_product": "whatsapp", "to": "+919800000001", "type": "text",
///     "text": {"body": "Hello", "tone": "warm"}}, "extra_info": {"ref": "order-17"}}"#)?;
/// assert_eq!((sent.recognition(), sent.type_name()), (Recognition::Typed, "text"));
/// assert!(sent.outbound().and_then(Outbound::message).is_some());
/// assert!(sent.extra_info().is_some_and(|extra| extra.reference.is_some()));
/// assert_eq!(sent.unknown_fields(), ["/messaging_object/text/tone"]);
/// assert!(sent.violations().is_empty());
///
/// let broken = decode(br#"{"to": "+919800000001", "type": "text", "text": {"body": ["Hello"]}}"#)?;
/// assert_eq!(broken.error().map(|error| error.path()), Some("text.body"));
/// assert!(broken.outbound().is_none());
/// # Ok::<(), kaleyra_wa_types::DecodeError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum DecodedOutbound {
    /// A message or read receipt without an envelope.
    Bare(Outbound),
    /// With its envelope: the body of a send.
    Envelope(SendRequest),
    /// A known field has a shape that no page documents.
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
    pub fn recognition(&self) -> Recognition {
        match self.outbound() {
            Some(outbound) => match outbound.message().map(|message| &message.content) {
                Some(Content::Unknown(_)) => Recognition::Unknown,
                _ => Recognition::Typed,
            },
            None => Recognition::Malformed,
        }
    }

    /// The message's `type`, or `read` for a read receipt; also where the message could not be read.
    pub fn type_name(&self) -> &str {
        match self {
            Self::Malformed(malformed) => malformed.type_name(),
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

    /// The JSON pointers of the fields that this version does not know; empty where it could not be read.
    pub fn unknown_fields(&self) -> Vec<String> {
        match self {
            Self::Bare(outbound) => unknown_pointers("", outbound.view()),
            Self::Envelope(request) => request.unknown_fields(),
            Self::Malformed(_) => Vec::new(),
        }
    }

    /// The paths of the duplicate fields that were dropped: of two fields with the same name the last one counts.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::decode;
    ///
    /// let twice = decode(br#"{"type": "text", "text": {"body": "one"}, "text": {"body": "two"}}"#)?;
    /// assert_eq!(twice.dropped_members().collect::<Vec<_>>(), ["text"]);
    /// # Ok::<(), kaleyra_wa_types::DecodeError>(())
    /// ```
    pub fn dropped_members(&self) -> impl Iterator<Item = &str> {
        let unknown = match self {
            Self::Bare(Outbound::Message(message)) => Some(&message.unknown),
            Self::Bare(Outbound::ReadReceipt(receipt)) => Some(&receipt.unknown),
            Self::Envelope(request) => Some(&request.unknown),
            Self::Malformed(_) => None,
        };
        let dropped = unknown.map_or(&[][..], UnknownFields::dropped);
        dropped.iter().map(|dropped| dropped.path.as_str())
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

impl Serialize for DecodedOutbound {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bare(outbound) => outbound.serialize(serializer),
            Self::Envelope(request) => request.serialize(serializer),
            Self::Malformed(malformed) => Written(malformed.body.view()).serialize(serializer),
        }
    }
}
