//! `meta_object`: one change of Meta's webhook.

use super::{Contact, Decoded, Message, MetaError, Status};
use crate::PhoneNumberId;
use crate::messaging_object::MessagingProduct;
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::opaque::opaque;
use crate::wire::open_set::open_set;

wire_object! {
    /// One change of Meta's webhook, without the `entry` and `changes` around it.
    #[derive(Default)]
    pub struct MetaObject {
        /// What the change is about; decides what `value` holds.
        pub field: Option<Field>,
        /// The change.
        pub value: Option<ChangeValue>,
    }
}

open_set! {
    /// What a change is about. All but [`Messages`](Self::Messages) have a typed view: [`MetaObject::change`].
    pub enum Field {
        /// Meta has something to say about the business, a number, a profile.
        AccountAlerts = "account_alerts",
        /// Meta looked at the account.
        AccountReviewUpdate = "account_review_update",
        /// The settings of a number.
        AccountSettingsUpdate = "account_settings_update",
        /// The account: verified, restricted, banned, shared with a partner.
        AccountUpdate = "account_update",
        /// Leads and purchases in chats that an ad began.
        AutomaticEvents = "automatic_events",
        /// The limits of the account or the business.
        BusinessCapabilityUpdate = "business_capability_update",
        /// The user name of a business number.
        BusinessUsernameUpdate = "business_username_update",
        /// The same in its other spelling.
        BusinessUsernameUpdates = "business_username_updates",
        /// Voice calls.
        Calls = "calls",
        /// Flows and their endpoints.
        Flows = "flows",
        /// Groups made and deleted.
        GroupLifecycleUpdate = "group_lifecycle_update",
        /// Who is in groups.
        GroupParticipantsUpdate = "group_participants_update",
        /// Pictures, subjects and descriptions of groups.
        GroupSettingsUpdate = "group_settings_update",
        /// Groups suspended.
        GroupStatusUpdate = "group_status_update",
        /// Chats from before the number was connected.
        History = "history",
        /// Templates edited.
        MessageTemplateComponentsUpdate = "message_template_components_update",
        /// What users think of templates.
        MessageTemplateQualityUpdate = "message_template_quality_update",
        /// Templates approved, rejected, paused.
        MessageTemplateStatusUpdate = "message_template_status_update",
        /// Messages that users wrote, and statuses of those that the business sent.
        Messages = "messages",
        /// Solutions that several partners offer.
        PartnerSolutions = "partner_solutions",
        /// Payment configurations.
        PaymentConfigurationUpdate = "payment_configuration_update",
        /// The display name of a number.
        PhoneNumberNameUpdate = "phone_number_name_update",
        /// The quality, the limit or the throughput of a number.
        PhoneNumberQualityUpdate = "phone_number_quality_update",
        /// The PIN of a number.
        Security = "security",
        /// The contacts in the app of a number that is used there as well.
        SmbAppStateSync = "smb_app_state_sync",
        /// What the business wrote in the app of a number that is used there as well.
        SmbMessageEchoes = "smb_message_echoes",
        /// The category of a template.
        TemplateCategoryUpdate = "template_category_update",
        /// Templates in the wrong category.
        TemplateCorrectCategoryDetection = "template_correct_category_detection",
        /// The business-scoped ids of users (March to August 2026).
        UserIdUpdate = "user_id_update",
        /// Whether users want marketing messages.
        UserPreferences = "user_preferences",
    }
}

wire_object! {
    /// What changed. For the field `messages` one or several of its arrays are filled; other fields have members of
    /// their own, which are in `unknown`: [`MetaObject::change`] reads those.
    #[derive(Default)]
    pub struct ChangeValue {
        /// Always `whatsapp`.
        pub messaging_product: Option<MessagingProduct>,
        /// The business number that this happened to.
        pub metadata: Option<Metadata>,
        /// Who the users are.
        pub contacts: Vec<Decoded<Contact>>,
        /// What users wrote.
        pub messages: Vec<Decoded<Message>>,
        /// What became of messages that the business sent.
        pub statuses: Vec<Decoded<Status>>,
        /// Faults that belong to no single message.
        pub errors: Vec<Decoded<MetaError>>,
    }
}

wire_object! {
    /// The business number that a callback is about.
    pub struct Metadata {
        /// The number as WhatsApp shows it: digits, with `+`, or with blanks.
        pub display_phone_number: Option<DisplayPhoneNumber>,
        /// Meta's id of the number.
        pub phone_number_id: Option<PhoneNumberId>,
    }
}

deserialize_object!(ChangeValue, MetaObject, Metadata);

opaque! {
    /// A business number as WhatsApp shows it.
    text struct DisplayPhoneNumber
}

impl MetaObject {
    /// Whether the change is about messages and statuses, as it is taken to be where it does not say.
    pub(crate) fn is_about_messages(&self) -> bool {
        self.field
            .as_ref()
            .is_none_or(|field| *field == Field::Messages)
    }
}
