//! `meta_object`: one change of Meta's webhook.

use super::{
    Contact, ConversationContext, Decoded, Elements, Message, MetaError, Status, UserAction,
};
use crate::PhoneNumberId;
use crate::UnknownFields;
use crate::UnknownText;
use crate::outbound::MessagingProduct;
use crate::wire::LooseText;
use kaleyra_wa_derive::{OpenEnum, StringId, Wire};

/// One change of Meta's webhook, without the `entry` and `changes` around it.
///
/// ```
/// use kaleyra_wa_types::inbound::{Callback, Field};
///
/// let callback = Callback::from_slice(br#"{"meta_object": {"field": "messages", "value": {
///     "messaging_product": "whatsapp",
///     "metadata": {"display_phone_number": "15550000001", "phone_number_id": "400000000000001"},
///     "contacts": [{"wa_id": "919800000001", "profile": {"name": "Asha"}}],
///     "messages": [{"from": "919800000001", "id": "wamid.A", "type": "text", "text": {"body": "Hi"}}]
/// }}}"#)?;
/// let change = callback.meta_object.as_ref().ok_or("Kaleyra's own")?;
/// assert_eq!(change.field, Some(Field::Messages));
/// let value = change.value.as_ref().ok_or("no value")?;
/// assert_eq!((value.contacts.len(), value.messages.len()), (1, 1));
/// // Which of your numbers it was written to:
/// let metadata = value.metadata.as_ref().ok_or("not said")?;
/// assert_eq!(metadata.display_phone_number.as_deref(), Some("15550000001"));
/// assert_eq!(metadata.phone_number_id.as_ref().map(|id| id.as_str()), Some("400000000000001"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Wire)]
#[wire(keep_faults)]
#[non_exhaustive]
pub struct MetaObject {
    /// What the change is about; decides what `value` holds.
    pub field: Option<Field>,
    /// The change.
    pub value: Option<ChangeValue>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What a change is about. All but [`Messages`](Self::Messages) have a typed view: [`MetaObject::change`].
///
/// ```
/// use kaleyra_wa_types::inbound::Field;
///
/// assert_eq!(Field::from("account_alerts"), Field::AccountAlerts);
/// let new = Field::from("robots"); // one that this version does not know
/// assert!(!new.is_known());
/// assert_eq!(new.as_str(), "robots");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum Field {
    /// `account_alerts`. Meta has something to say about the business, a number, a profile.
    AccountAlerts,
    /// `account_review_update`. Meta reviewed the account.
    AccountReviewUpdate,
    /// `account_settings_update`. The settings of a number.
    AccountSettingsUpdate,
    /// `account_update`. The account: verified, restricted, banned, shared with a partner.
    AccountUpdate,
    /// `automatic_events`. Leads and purchases in chats that an ad began.
    AutomaticEvents,
    /// `business_capability_update`. The limits of the account or the business.
    BusinessCapabilityUpdate,
    /// `business_username_update`. The username of a business number.
    BusinessUsernameUpdate,
    /// `business_username_updates`. The same in its other spelling.
    BusinessUsernameUpdates,
    /// `calls`. Voice calls.
    Calls,
    /// `flows`. Flows and their endpoints.
    Flows,
    /// `group_lifecycle_update`. Groups made and deleted.
    GroupLifecycleUpdate,
    /// `group_participants_update`. Who is in groups.
    GroupParticipantsUpdate,
    /// `group_settings_update`. Pictures, subjects and descriptions of groups.
    GroupSettingsUpdate,
    /// `group_status_update`. Groups suspended.
    GroupStatusUpdate,
    /// `history`. Chats from before the number was connected.
    History,
    /// `message_template_components_update`. Templates edited.
    MessageTemplateComponentsUpdate,
    /// `message_template_quality_update`. What users think of templates.
    MessageTemplateQualityUpdate,
    /// `message_template_status_update`. Templates approved, rejected, paused.
    MessageTemplateStatusUpdate,
    /// `messages`. Messages that users wrote, and statuses of those that the business sent.
    Messages,
    /// `messaging_handovers`. Conversations passed on and taken.
    MessagingHandovers,
    /// `partner_solutions`. Solutions that several partners offer.
    PartnerSolutions,
    /// `payment_configuration_update`. Payment configurations.
    PaymentConfigurationUpdate,
    /// `phone_number_name_update`. The display name of a number.
    PhoneNumberNameUpdate,
    /// `phone_number_quality_update`. The quality, the limit or the throughput of a number.
    PhoneNumberQualityUpdate,
    /// `security`. The PIN of a number.
    Security,
    /// `smb_app_state_sync`. The contacts in the app of a number that is used there as well.
    SmbAppStateSync,
    /// `smb_message_echoes`. What the business wrote in the app of a number that is used there as well.
    SmbMessageEchoes,
    /// `standby`. Conversations that another responder has.
    Standby,
    /// `template_category_update`. The category of a template.
    TemplateCategoryUpdate,
    /// `template_correct_category_detection`. Templates in the wrong category.
    TemplateCorrectCategoryDetection,
    /// `user_id_update`. The business-scoped ids of users (March to August 2026).
    UserIdUpdate,
    /// `user_preferences`. Whether users want marketing messages.
    UserPreferences,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// What changed. For the field `messages` one or several of its arrays are filled; other fields have fields of
/// their own, which are in `unknown`: [`MetaObject::change`] reads those.
///
/// For an example see [`MetaObject`].
#[derive(Clone, Debug, Default, PartialEq, Wire)]
#[wire(keep_faults)]
#[non_exhaustive]
pub struct ChangeValue {
    /// Always `whatsapp`.
    pub messaging_product: Option<MessagingProduct>,
    /// The business number that this happened to.
    pub metadata: Option<Metadata>,
    /// Who the users are.
    pub contacts: Elements<Contact>,
    /// What users wrote.
    pub messages: Vec<Decoded<Message>>,
    /// What became of messages that the business sent.
    pub statuses: Vec<Decoded<Status>>,
    /// Faults that belong to no single message.
    pub errors: Vec<Decoded<MetaError>>,
    /// What users did with marketing messages.
    pub user_actions: Vec<Decoded<UserAction>>,
    /// What was said before, where another responder had the conversation.
    pub conversation_context: Option<Box<ConversationContext>>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The business number that a callback is about.
///
/// For an example see [`MetaObject`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[wire(keep_faults)]
#[non_exhaustive]
pub struct Metadata {
    /// The number as WhatsApp shows it: digits, with `+`, or with spaces.
    pub display_phone_number: Option<DisplayPhoneNumber>,
    /// Meta's id of the number.
    pub phone_number_id: Option<PhoneNumberId>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A business number as WhatsApp shows it.
///
/// It is a string, or a number where an intermediate sender turned it into one.
///
/// ```
/// use kaleyra_wa_types::inbound::Metadata;
/// use kaleyra_wa_types::same_person;
///
/// let number: Metadata = serde_json::from_str(r#"{"display_phone_number": "+1 555-000-0001"}"#)?;
/// let shown = number.display_phone_number.ok_or("not said")?;
/// assert!(same_person(&shown, "15550000001")); // it is written in several ways: don't compare texts
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
#[wire(text)]
pub struct DisplayPhoneNumber(LooseText);

impl ChangeValue {
    /// Whether it is this very message's.
    pub(super) fn holds(&self, message: &Message) -> bool {
        let mut messages = self.messages.iter().filter_map(Decoded::typed);
        messages.any(|held| std::ptr::eq(held, message))
    }

    /// The contact that wrote a message: see [`Callback::contact_of`](super::Callback::contact_of).
    pub(super) fn contact_of(&self, message: &Message) -> Option<&Contact> {
        let writer = message.party();
        let mut contacts = self.contacts.iter().filter_map(Decoded::typed);
        let is_writer = |contact: &&Contact| {
            let contact = contact.party();
            contact
                .zip(writer)
                .is_some_and(|(contact, writer)| contact.is_same_user(&writer))
        };
        contacts.clone().find(is_writer).or_else(|| {
            let only = contacts.next().filter(|_| self.contacts.len() == 1)?;
            let mut messages = self.messages.iter().filter_map(Decoded::typed);
            let is_of_one = messages.all(|other| other.party() == writer);
            let is_another = only
                .party()
                .zip(writer)
                .is_some_and(|(only, writer)| only.is_another(&writer));
            (is_of_one && !is_another).then_some(only)
        })
    }
}

impl MetaObject {
    /// Whether the change is about messages and statuses, as it is taken to be where it does not say.
    pub(crate) fn is_about_messages(&self) -> bool {
        self.field
            .as_ref()
            .is_none_or(|field| *field == Field::Messages)
    }
}
