//! The five fields about templates.

use super::TemplateId;
use super::view::View;
use crate::Timestamp;
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::open_set::open_set;

/// Makes structs that begin with the members that name the template.
macro_rules! template_change {
    ($( $(#[$meta:meta])* pub struct $name:ident { $($members:tt)* } )+) => {
        $( wire_object! {
            $(#[$meta])*
            pub struct $name {
                /// The template.
                pub message_template_id: Option<TemplateId>,
                /// Its name.
                pub message_template_name: Option<String>,
                /// Its language, written as `en_US` or as `en-US`.
                pub message_template_language: Option<String>,
                $($members)*
            }
        } )+
        deserialize_object!($($name),+);
    };
}

template_change! {
    /// A template was approved, rejected, paused, …
    ///
    /// Source: Meta's `message_template_status_update` webhook reference.
    pub struct MessageTemplateStatusUpdate {
        /// What happened.
        pub event: Option<TemplateEvent>,
        /// Its category.
        pub message_template_category: Option<TemplateCategory>,
        /// Why it was rejected or disabled.
        pub reason: Option<TemplateReason>,
        /// When it was disabled.
        pub disable_info: Option<DisableInfo>,
        /// Why it was paused or locked, for people.
        pub other_info: Option<OtherInfo>,
        /// Why it was rejected, and what to do about it.
        pub rejection_info: Option<RejectionInfo>,
    }

    /// The quality of a template changed: what users think of it.
    ///
    /// Meta's text and its sample disagree on the field's name; a change with these members is read as this one.
    ///
    /// Source: Meta's `message_template_quality_update` webhook reference.
    pub struct MessageTemplateQualityUpdate {
        /// What it was.
        pub previous_quality_score: Option<QualityScore>,
        /// What it is.
        pub new_quality_score: Option<QualityScore>,
    }

    /// A template was edited: its parts as they are now.
    ///
    /// Source: Meta's `message_template_components_update` webhook reference.
    pub struct MessageTemplateComponentsUpdate {
        /// The text of the header.
        pub message_template_title: Option<String>,
        /// The text of the body.
        pub message_template_element: Option<String>,
        /// The text of the footer.
        pub message_template_footer: Option<String>,
        /// The buttons.
        pub message_template_buttons: Vec<TemplateButton>,
    }

    /// A template has another category now, or will have it.
    ///
    /// With `correct_category` it is a notice: `new_category` is then the category of today. A template that
    /// [another field](crate::callback::Field::TemplateCorrectCategoryDetection) finds in the wrong category has this
    /// shape as well.
    ///
    /// Source: Meta's `template_category_update` webhook reference.
    pub struct TemplateCategoryUpdate {
        /// What it was.
        pub previous_category: Option<TemplateCategory>,
        /// What it is.
        pub new_category: Option<TemplateCategory>,
        /// What Meta thinks that it should be.
        pub correct_category: Option<TemplateCategory>,
        /// When it changes.
        pub category_update_timestamp: Option<Timestamp>,
    }
}

wire_object! {
    /// When a template was disabled.
    pub struct DisableInfo {
        /// When.
        pub disable_date: Option<Timestamp>,
    }
}

wire_object! {
    /// Why a template was paused, locked or unlocked, for people.
    pub struct OtherInfo {
        /// In a word, such as `FIRST_PAUSE`.
        pub title: Option<String>,
        /// In a sentence.
        pub description: Option<String>,
    }
}

wire_object! {
    /// Why a template was rejected.
    pub struct RejectionInfo {
        /// Why.
        pub reason: Option<String>,
        /// What to do about it.
        pub recommendation: Option<String>,
    }
}

wire_object! {
    /// A button of a template.
    pub struct TemplateButton {
        /// What it does, such as `URL` or `PHONE_NUMBER`.
        pub message_template_button_type: Option<String>,
        /// What stands on it.
        pub message_template_button_text: Option<String>,
        /// Where it leads to.
        pub message_template_button_url: Option<String>,
        /// Whom it calls.
        pub message_template_button_phone_number: Option<String>,
    }
}

deserialize_object!(DisableInfo, OtherInfo, RejectionInfo, TemplateButton);

open_set! {
    /// What happened to a template.
    pub enum TemplateEvent {
        /// It can be sent.
        Approved = "APPROVED",
        /// It was put away.
        Archived = "ARCHIVED",
        /// It was deleted.
        Deleted = "DELETED",
        /// It can no longer be sent, because of what users think of it or of a policy.
        Disabled = "DISABLED",
        /// It will be disabled unless users like it better.
        Flagged = "FLAGGED",
        /// The business objected to a rejection.
        InAppeal = "IN_APPEAL",
        /// The account has too many templates.
        LimitExceeded = "LIMIT_EXCEEDED",
        /// It can't be edited.
        Locked = "LOCKED",
        /// It can't be sent for a while, because of what users think of it.
        Paused = "PAUSED",
        /// Meta looks at it.
        Pending = "PENDING",
        /// It will be deleted.
        PendingDeletion = "PENDING_DELETION",
        /// It can be sent again.
        Reinstated = "REINSTATED",
        /// It can't be sent.
        Rejected = "REJECTED",
        /// It is no longer put away.
        Unarchived = "UNARCHIVED",
    }
}

open_set! {
    /// Why a template was rejected or disabled.
    pub enum TemplateReason {
        /// It breaks a policy.
        AbusiveContent = "ABUSIVE_CONTENT",
        /// It is in the wrong category.
        IncorrectCategory = "INCORRECT_CATEGORY",
        /// Its variables are not as they should be.
        InvalidFormat = "INVALID_FORMAT",
        /// It was not rejected.
        None = "NONE",
        /// It advertises in the wrong category.
        Promotional = "PROMOTIONAL",
        /// It looks like fraud.
        Scam = "SCAM",
        /// Its content does not fit its category or its language.
        TagContentMismatch = "TAG_CONTENT_MISMATCH",
    }
}

open_set! {
    /// What users think of a template.
    pub enum QualityScore {
        /// High quality.
        Green = "GREEN",
        /// Low quality: the template will be paused.
        Red = "RED",
        /// Not known yet.
        NotYetKnown = "UNKNOWN",
        /// Medium quality.
        Yellow = "YELLOW",
    }
}

open_set! {
    /// The category of a template: what it may be for, and what it costs.
    pub enum TemplateCategory {
        /// One-time codes.
        Authentication = "AUTHENTICATION",
        /// Offers and news.
        Marketing = "MARKETING",
        /// What follows from something that the user did.
        Utility = "UTILITY",
    }
}

impl View for MessageTemplateStatusUpdate {
    fn is_known(&self) -> bool {
        !matches!(self.event, Some(TemplateEvent::Unknown(_)))
    }
}

impl View for MessageTemplateComponentsUpdate {}
impl View for MessageTemplateQualityUpdate {}
impl View for TemplateCategoryUpdate {}
