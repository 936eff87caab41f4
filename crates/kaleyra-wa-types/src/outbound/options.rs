//! What a message may carry beside its recipient and its content.

use super::{Content, MessagingObject, RecipientType};
use crate::Recipient;
use crate::UnknownFields;
use crate::UnknownText;
use crate::recipient::UncheckedRecipient;
use crate::validate::{Check, Rule};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// What a message is for, `category`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum Category {
    /// `authentication`. A code or another proof of who the user is.
    Authentication,
    /// `marketing`. An offer.
    Marketing,
    /// `utility`. News about something that the user ordered or asked for.
    Utility,
    /// A text that this version does not know.
    Unknown(UnknownText),
}

/// Whether a marketing message may go the ordinary way, `product_policy`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum ProductPolicy {
    /// `CLOUD_API_FALLBACK`. It may.
    #[wire(name = "CLOUD_API_FALLBACK")]
    CloudApiFallback,
    /// `STRICT`. It may not.
    #[wire(name = "STRICT")]
    Strict,
    /// A text that this version does not know.
    Unknown(UnknownText),
}

/// Which template a direct send counts as. Seen with one partner of Meta's only.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct DirectSendConfig {
    /// The template's name.
    pub template_name: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

impl MessagingObject {
    /// The most characters that `biz_opaque_callback_data` may have.
    pub const CALLBACK_DATA_MAX: usize = 512;

    /// A message to a group, by the group's id. Groups take texts, media, templates and pins.
    pub fn to_group(group_id: impl Into<String>, content: impl Into<Content>) -> Self {
        let group = UncheckedRecipient::from(group_id.into());
        let mut message = Self::new(Recipient::Unchecked(group), content);
        message.recipient_type = Some(RecipientType::Group);
        message
    }

    /// Gives the message something that comes back in its statuses, at most 512 characters.
    pub fn biz_opaque_callback_data(mut self, data: impl Into<String>) -> Self {
        self.biz_opaque_callback_data = Some(data.into());
        self
    }

    /// Sends only while the user's identity hash is this one: a user who moved to another phone gets nothing.
    pub fn recipient_identity_key_hash(mut self, hash: impl Into<String>) -> Self {
        self.recipient_identity_key_hash = Some(hash.into());
        self
    }

    /// Says which messaging account of the number sends it.
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
