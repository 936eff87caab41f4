//! What a message may carry beside its recipient and its content.

use super::{Content, MessagingObject, RecipientType};
use crate::Recipient;
use crate::UnknownFields;
use crate::UnknownText;
use crate::recipient::UncheckedRecipient;
use crate::validate::{Check, Rule};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// What a message is for, `category`.
///
/// ```
/// use kaleyra_wa_types::outbound::{Category, MessagingObject};
///
/// let sent: MessagingObject = serde_json::from_str(r#"{
///     "messaging_product": "whatsapp", "to": "+919800000001", "category": "utility", "ttl_seconds": 3600,
///     "type": "text", "text": {"body": "Your parcel is here."}
/// }"#)?;
/// assert_eq!(sent.category, Some(Category::Utility));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum Category {
    /// `authentication`. A code or another proof of who the user is.
    Authentication,
    /// `marketing`. An offer.
    Marketing,
    /// `utility`. News about something that the user ordered or asked for.
    Utility,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// Whether a marketing message may go the ordinary way, `product_policy`.
///
/// ```
/// use kaleyra_wa_types::Recipient;
/// use kaleyra_wa_types::outbound::{MessagingObject, ProductPolicy, Template};
///
/// let mut offer = MessagingObject::new(Recipient::try_from("+919800000001")?, Template::new("spring_sale", "en"));
/// offer.product_policy = Some(ProductPolicy::Strict); // by Meta's endpoint for marketing messages, or not at all
/// assert_eq!(serde_json::to_value(&offer)?["product_policy"], "STRICT");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum ProductPolicy {
    /// `CLOUD_API_FALLBACK`. It may.
    #[wire(name = "CLOUD_API_FALLBACK")]
    CloudApiFallback,
    /// `STRICT`. It may not.
    #[wire(name = "STRICT")]
    Strict,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// Which template a direct send counts as. Seen with one partner of Meta's only.
///
/// ```
/// use kaleyra_wa_types::outbound::MessagingObject;
///
/// let sent: MessagingObject = serde_json::from_str(r#"{
///     "messaging_product": "whatsapp", "to": "+919800000001", "type": "text", "text": {"body": "Your parcel is here."},
///     "direct_send_config": {"template_name": "parcel_ready"}
/// }"#)?;
/// let config = sent.direct_send_config.as_ref();
/// assert_eq!(config.and_then(|config| config.template_name.as_deref()), Some("parcel_ready"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct DirectSendConfig {
    /// The template's name.
    pub template_name: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl MessagingObject {
    /// The maximum number of characters that `biz_opaque_callback_data` may have.
    pub const CALLBACK_DATA_MAX: usize = 512;

    /// A message to a group, by the group's id. Groups take texts, media, templates and pins.
    ///
    /// ```
    /// use kaleyra_wa_types::outbound::{Location, MessagingObject};
    ///
    /// let notice = MessagingObject::to_group("group-17", "The meeting is at nine.");
    /// assert_eq!(
    ///     serde_json::to_value(&notice)?,
    ///     serde_json::json!({
    ///         "messaging_product": "whatsapp", "recipient_type": "group", "to": "group-17",
    ///         "type": "text", "text": {"body": "The meeting is at nine."},
    ///     }),
    /// );
    ///
    /// let place = MessagingObject::to_group("group-17", Location::new(12.97, 77.59));
    /// assert_eq!(place.violations()[0].path, "type");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn to_group(group_id: impl Into<String>, content: impl Into<Content>) -> Self {
        let group = UncheckedRecipient::from(group_id.into());
        let mut message = Self::new(Recipient::Unchecked(group), content);
        message.recipient_type = Some(RecipientType::Group);
        message
    }

    /// Adds a string that comes back in its statuses, at most 512 characters.
    ///
    /// ```
    /// use kaleyra_wa_types::Recipient;
    /// use kaleyra_wa_types::outbound::MessagingObject;
    ///
    /// let message = MessagingObject::new(Recipient::try_from("+919800000001")?, "Your parcel is here.")
    ///     .biz_opaque_callback_data("parcel-17");
    /// assert_eq!(serde_json::to_value(&message)?["biz_opaque_callback_data"], "parcel-17");
    ///
    /// let long = message.biz_opaque_callback_data("x".repeat(MessagingObject::CALLBACK_DATA_MAX + 1));
    /// assert_eq!(long.violations()[0].path, "biz_opaque_callback_data");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn biz_opaque_callback_data(mut self, data: impl Into<String>) -> Self {
        self.biz_opaque_callback_data = Some(data.into());
        self
    }

    /// Sends only while the user's identity hash is this one: a user who has moved to another phone gets nothing.
    ///
    /// ```
    /// use kaleyra_wa_types::Recipient;
    /// use kaleyra_wa_types::outbound::MessagingObject;
    ///
    /// let balance = MessagingObject::new(Recipient::try_from("+919800000001")?, "Your balance: ₹ 1,250.00")
    ///     .recipient_identity_key_hash("DF2lS5v2W6x="); // as a callback of this user had it
    /// assert_eq!(serde_json::to_value(&balance)?["recipient_identity_key_hash"], "DF2lS5v2W6x=");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn recipient_identity_key_hash(mut self, hash: impl Into<String>) -> Self {
        self.recipient_identity_key_hash = Some(hash.into());
        self
    }

    /// Says which messaging account of the number sends it.
    ///
    /// ```
    /// use kaleyra_wa_types::Recipient;
    /// use kaleyra_wa_types::outbound::MessagingObject;
    ///
    /// let asha = Recipient::try_from("+919800000001")?;
    /// let message = MessagingObject::new(asha, "Hello").messaging_account_id("200000000000001");
    /// assert_eq!(serde_json::to_value(&message)?["messaging_account_id"], "200000000000001");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn messaging_account_id(mut self, id: impl Into<String>) -> Self {
        self.messaging_account_id = Some(id.into());
        self
    }

    pub(super) fn is_to_group(&self) -> bool {
        self.recipient_type == Some(RecipientType::Group)
    }

    pub(super) fn check_options(&self, check: &mut Check<'_>) {
        if let Some(data) = &self.biz_opaque_callback_data {
            check
                .member("biz_opaque_callback_data")
                .length(data, 0, Self::CALLBACK_DATA_MAX);
        }
        if self.is_to_group() {
            if let Some(group) = self.recipient.unchecked() {
                check.member("to").not_empty(group.as_str());
            }
            let for_persons = ["contacts", "interactive", "location", "reaction"];
            if for_persons.contains(&self.content.type_name()) {
                let why = "groups take texts, media, templates and pins";
                check.member("type").report(Rule::Forbidden(why));
            }
        } else if let Content::Pin(_) = self.content {
            check
                .member("recipient_type")
                .report(Rule::Format("`group`: only groups have pins"));
        }
    }
}
