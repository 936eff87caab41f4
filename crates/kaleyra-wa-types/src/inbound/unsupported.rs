//! Messages whose content WhatsApp does not pass on.

use crate::UnknownFields;
use crate::UnknownText;
use kaleyra_wa_derive::{OpenEnum, Wire};

/// A message that the API has no type for. The message's `errors` say more, such as 131051.
///
/// ```
/// use kaleyra_wa_types::inbound::{Message, MessageContent, UnsupportedType};
///
/// let message: Message = serde_json::from_str(r#"{"from": "919800000001", "id": "wamid.A", "type": "unsupported",
///     "errors": [{"code": 131051, "title": "Message type unknown"}], "unsupported": {"type": "poll_creation"}}"#)?;
/// let MessageContent::Unsupported(Some(unsupported)) = &message.content else { panic!("something else") };
/// assert_eq!(unsupported.kind, Some(UnsupportedType::PollCreation)); // ask the user to write it instead
/// assert_eq!(message.errors[0].code.as_ref().map(|code| code.as_str()), Some("131051"));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's *unsupported messages*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Unsupported {
    /// What the user sent.
    #[wire(name = "type")]
    pub kind: Option<UnsupportedType>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A message that the API has no type for, as feeds before 2023 name it. The message's `errors` say more.
///
/// ```
/// use kaleyra_wa_types::inbound::{Message, MessageContent};
///
/// let message: Message = serde_json::from_str(r#"{"from": "919800000001", "id": "wamid.A", "type": "unknown",
///     "errors": [{"code": 501, "title": "Unknown message type"}]}"#)?;
/// assert!(matches!(message.content, MessageContent::LegacyUnsupported(None)));
/// assert_eq!(message.errors[0].title.as_deref(), Some("Unknown message type"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct LegacyUnsupported {
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A user opened the chat for the first time. Meta withdrew it on 27 March 2026.
///
/// ```
/// use kaleyra_wa_types::inbound::{Message, MessageContent};
///
/// let message: Message =
///     serde_json::from_str(r#"{"from": "919800000001", "id": "wamid.A", "type": "request_welcome"}"#)?;
/// assert!(matches!(message.content, MessageContent::RequestWelcome(_)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct RequestWelcome {
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What a user sent that the API has no type for.
///
/// For an example see [`Unsupported`].
///
/// Source: Meta's *unsupported messages* (2026), and recordings.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum UnsupportedType {
    /// `button`. A tap on a button.
    Button,
    /// `edit`. An edited message.
    Edit,
    /// `errors`. Nothing but errors.
    Errors,
    /// `gif`. A GIF.
    Gif,
    /// `group_invite`. An invitation to a group.
    GroupInvite,
    /// `hsm`. A template of a business.
    Hsm,
    /// `image`. An image.
    Image,
    /// `interactive`. An interactive message.
    Interactive,
    /// `keep_in_chat`. A disappearing message that was kept.
    KeepInChat,
    /// `link_preview`. A link with a preview.
    LinkPreview,
    /// `list`. A list.
    List,
    /// `location`. A place.
    Location,
    /// `media_placeholder`. A file that has not arrived yet.
    MediaPlaceholder,
    /// `order`. A basket.
    Order,
    /// `pin`. A pinned message.
    Pin,
    /// `poll_creation`. A new poll.
    PollCreation,
    /// `poll_update`. A vote in a poll.
    PollUpdate,
    /// `pool`. A poll, misspelt so in recordings.
    Pool,
    /// `product`. A product.
    Product,
    /// `reaction`. A reaction.
    Reaction,
    /// `view_once`. A file that can be seen once.
    ViewOnce,
    /// A value that this version does not know.
    Unknown(UnknownText),
}
