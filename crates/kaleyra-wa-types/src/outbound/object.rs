//! `messaging_object` itself: whom the message is for, what it quotes, and its content.

use super::{Category, Content, DirectSendConfig, ProductPolicy};
use crate::UnknownFields;
use crate::UnknownText;
use crate::validate::{Violation, violations};
use crate::{MessageId, Number, Recipient};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// One message: the recipient, the content, and the earlier message that it quotes.
///
/// ```
/// use kaleyra_wa_types::Recipient;
/// use kaleyra_wa_types::outbound::{MessagingObject, Text};
///
/// let message = MessagingObject::new(Recipient::try_from("+919800000001")?, Text::new("Your table is booked."))
///     .in_reply_to("wamid.HBgMOTE5ODAwMDAwMDAx");
/// assert_eq!(
///     serde_json::to_value(&message)?,
///     serde_json::json!({
///         "messaging_product": "whatsapp",
///         "recipient_type": "individual",
///         "context": {"message_id": "wamid.HBgMOTE5ODAwMDAwMDAx"},
///         "to": "+919800000001",
///         "type": "text",
///         "text": {"body": "Your table is booked."},
///     }),
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: *Send Reply to Messages* and *Send Media Messages*, tables of `messaging_object`.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct MessagingObject {
    /// Always `whatsapp`.
    pub messaging_product: MessagingProduct,
    /// A single person or a group; a person where it is missing.
    pub recipient_type: Option<RecipientType>,
    /// The message that this one quotes.
    pub context: Option<Context>,
    /// Anything that the sender wants back in the message's statuses, at most 512 characters. Kaleyra's own way to do
    /// the same is a [reference](crate::extra_info::ExtraInfo::reference).
    pub biz_opaque_callback_data: Option<String>,
    /// The message goes out only while the user's identity hash is this one; otherwise it fails with code 137000.
    pub recipient_identity_key_hash: Option<String>,
    /// Which messaging account of the number sends it (Meta, September 2026).
    pub messaging_account_id: Option<String>,
    /// What the message is for, when a partner sends a text as if it were a template ("direct send").
    pub category: Option<Category>,
    /// How long a direct send is tried, in seconds.
    pub ttl_seconds: Option<Number>,
    /// Which template a direct send counts as.
    pub direct_send_config: Option<DirectSendConfig>,
    /// Whether a marketing message may go the ordinary way. Only Meta's separate endpoint for marketing messages has it.
    pub product_policy: Option<ProductPolicy>,
    /// Whether Meta may use what the user does with a marketing message. Only that endpoint has it.
    pub message_activity_sharing: Option<bool>,
    /// Whom the message goes to: `to`, or `recipient` for a user id.
    #[wire(flatten)]
    pub recipient: Recipient,
    /// What the message says: `type`, and the field that it names.
    #[wire(flatten)]
    pub content: Content,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Which message a reply quotes.
///
/// ```
/// use kaleyra_wa_types::outbound::MessagingObject;
///
/// let reply: MessagingObject = serde_json::from_str(r#"{
///     "messaging_product": "whatsapp", "to": "+919800000001", "context": {"message_id": "wamid.A"},
///     "type": "text", "text": {"body": "Yes, we do."}
/// }"#)?;
/// assert_eq!(reply.context.map(|context| context.message_id), Some("wamid.A".into()));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Context {
    /// WhatsApp's id of the quoted message.
    pub message_id: MessageId,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The service that carries the message, `messaging_product`.
///
/// ```
/// use kaleyra_wa_types::outbound::MessagingProduct;
///
/// assert_eq!(MessagingProduct::from("whatsapp"), MessagingProduct::Whatsapp);
/// assert!(!MessagingProduct::from("telegraph").is_known()); // kept as it came, and a violation
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum MessagingProduct {
    /// `whatsapp`. The only one there is.
    Whatsapp,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// What kind of recipient `to` names, `recipient_type`.
///
/// ```
/// use kaleyra_wa_types::outbound::{MessagingObject, RecipientType};
///
/// let notice = MessagingObject::to_group("group-17", "The meeting is at nine.");
/// assert_eq!(notice.recipient_type, Some(RecipientType::Group));
/// assert_eq!(RecipientType::Group.as_str(), "group");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum RecipientType {
    /// `individual`. A person; the only value that Kaleyra's pages allow.
    Individual,
    /// `group`. A group, by Meta's pages.
    Group,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl MessagingObject {
    /// A message with this content to this recipient.
    pub fn new(recipient: impl Into<Recipient>, content: impl Into<Content>) -> Self {
        Self {
            messaging_product: MessagingProduct::Whatsapp,
            recipient_type: Some(RecipientType::Individual),
            context: None,
            biz_opaque_callback_data: None,
            recipient_identity_key_hash: None,
            messaging_account_id: None,
            category: None,
            ttl_seconds: None,
            direct_send_config: None,
            product_policy: None,
            message_activity_sharing: None,
            recipient: recipient.into(),
            content: content.into(),
            unknown: Default::default(),
        }
    }

    /// Every limit that the message breaks; empty if it breaks none.
    ///
    /// ```
    /// use kaleyra_wa_types::Recipient;
    /// use kaleyra_wa_types::outbound::{Image, MessagingObject};
    ///
    /// let image = Image::link("shoe.png").caption("x".repeat(2000));
    /// let message = MessagingObject::new(Recipient::try_from("+919800000001")?, image);
    /// let lines: Vec<String> = message.violations().iter().map(ToString::to_string).collect();
    /// assert_eq!(lines, [
    ///     "image.link: must begin with http:// or https://",
    ///     "image.caption: at most 1024 characters, found 2000",
    /// ]);
    /// # Ok::<(), kaleyra_wa_types::InvalidPhoneNumber>(())
    /// ```
    pub fn violations(&self) -> Vec<Violation> {
        violations("", self)
    }

    /// Makes it a reply that quotes a message.
    pub fn in_reply_to(mut self, message_id: impl Into<MessageId>) -> Self {
        self.context = Some(Context {
            message_id: message_id.into(),
            unknown: Default::default(),
        });
        self
    }
}
