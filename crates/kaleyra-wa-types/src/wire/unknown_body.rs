//! A type that this version does not know.

use std::fmt;

use serde_json::Value;

use super::raw_json::RawJson;

/// A `type` that this version does not know, and the member of that name: data, not an error.
///
/// `Debug` shows the type only: the body may hold anything, personal data too.
///
/// A type of tomorrow, received and sent:
///
/// ```
/// use kaleyra_wa_types::UnknownBody;
/// use kaleyra_wa_types::inbound::{Message, MessageContent};
/// use kaleyra_wa_types::outbound::{Content, MessagingObject};
/// use kaleyra_wa_types::Recipient;
/// use serde_json::json;
///
/// let message: Message = serde_json::from_str(r#"{"id": "wamid.A", "type": "hologram", "hologram": {"depth": 3}}"#)?;
/// let MessageContent::Unknown(unknown) = &message.content else { panic!("a new version") };
/// assert_eq!(unknown.type_name(), "hologram");
/// assert_eq!(unknown.body().and_then(|body| body.to_value()), Some(json!({"depth": 3})));
///
/// let content = Content::Unknown(UnknownBody::new("hologram", json!({"depth": 3})));
/// let object = MessagingObject::new(Recipient::try_from("+919800000001")?, content);
/// assert_eq!(serde_json::to_value(&object)?["hologram"]["depth"], 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct UnknownBody {
    type_name: Box<str>,
    body: Option<RawJson>,
}

impl UnknownBody {
    /// A message type that this version lacks, to be sent as it is.
    pub fn new(type_name: impl Into<String>, body: Value) -> Self {
        Self {
            type_name: type_name.into().into(),
            body: Some(body.into()),
        }
    }

    pub(crate) fn kept(type_name: &str, body: Option<RawJson>) -> Self {
        Self {
            type_name: type_name.into(),
            body,
        }
    }

    /// No type at all.
    pub(crate) fn none() -> Self {
        Self::kept("", None)
    }

    /// The text of `type`; empty where the object had none.
    pub fn type_name(&self) -> &str {
        &self.type_name
    }

    /// The member named as the type says; `None` where there is no such member.
    pub fn body(&self) -> Option<&RawJson> {
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
