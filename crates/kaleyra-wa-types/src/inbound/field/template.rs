//! The five fields about templates.

use super::view::TypedView;
use super::{TemplateId, TemplateStatus};
use crate::UnknownFields;
use crate::UnknownText;
use crate::{Timestamp, WabaId};
use kaleyra_wa_derive::{OpenEnum, Wire};

/// Makes structs that begin with the fields that name the template.
macro_rules! template_change {
    ($( $(#[$meta:meta])* pub struct $name:ident { $($members:tt)* } )+) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Debug, PartialEq, Wire)]
            #[non_exhaustive]
            pub struct $name {
                /// The template.
                pub message_template_id: Option<TemplateId>,
                /// Its name.
                pub message_template_name: Option<String>,
                /// Its language, written as `en_US` or as `en-US`.
                pub message_template_language: Option<String>,
                $($members)*
                /// Fields that this version does not know, kept as they came.
                pub unknown: UnknownFields,
            }
        )+
    };
}

template_change! {
    /// A template was approved, rejected, paused, …
    ///
    /// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::field::{MessageTemplateStatusUpdate, TemplateCategory, TemplateReason, TemplateStatus};
    ///
    /// let update: MessageTemplateStatusUpdate = serde_json::from_str(r#"{"event": "REJECTED",
    ///     "message_template_id": 400000000000001, "message_template_name": "closed", "message_template_language": "en",
    ///     "message_template_category": "UTILITY", "reason": "INCORRECT_CATEGORY",
    ///     "rejection_info": {"reason": "It advertises.", "recommendation": "Submit it as marketing."}}"#)?;
    /// assert_eq!(update.event, Some(TemplateStatus::Rejected));
    /// assert_eq!(update.reason, Some(TemplateReason::IncorrectCategory));
    /// assert_eq!(update.message_template_category, Some(TemplateCategory::Utility));
    /// let rejection = update.rejection_info.ok_or("no more is said")?;
    /// assert_eq!(rejection.recommendation.as_deref(), Some("Submit it as marketing."));
    ///
    /// let paused: MessageTemplateStatusUpdate = serde_json::from_str(r#"{"event": "PAUSED",
    ///     "message_template_name": "closed", "other_info": {"title": "FIRST_PAUSE"}}"#)?;
    /// assert_eq!(paused.other_info.and_then(|info| info.title).as_deref(), Some("FIRST_PAUSE"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Source: Meta's `message_template_status_update` webhook reference.
    pub struct MessageTemplateStatusUpdate {
        /// What happened.
        pub event: Option<TemplateStatus>,
        /// Its category.
        pub message_template_category: Option<TemplateCategory>,
        /// Why it was rejected or disabled.
        pub reason: Option<TemplateReason>,
        /// When it was disabled.
        pub disable_info: Option<DisableInfo>,
        /// Why it was paused or locked, in human-readable form.
        pub other_info: Option<OtherInfo>,
        /// Why it was rejected, and what to do about it.
        pub rejection_info: Option<RejectionInfo>,
        /// The account, in the flat body of Kaleyra's profiles.
        pub id: Option<WabaId>,
        /// When, in the same.
        pub time: Option<Timestamp>,
        /// The profile that made the body, in the same.
        pub callback_profile_id: Option<String>,
        /// Kaleyra's id of the customer, in the same.
        pub company_id: Option<String>,
    }

    /// The quality of a template changed: what users think of it.
    ///
    /// Meta's text and its sample disagree on the field's name; a change with these fields is read as this one.
    ///
    /// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::field::{MessageTemplateQualityUpdate, QualityScore};
    ///
    /// let update: MessageTemplateQualityUpdate = serde_json::from_str(
    ///     r#"{"message_template_name": "spring_offer", "previous_quality_score": "GREEN", "new_quality_score": "YELLOW"}"#,
    /// )?;
    /// assert_eq!(update.new_quality_score, Some(QualityScore::Yellow)); // at red it is paused
    /// # Ok::<(), serde_json::Error>(())
    /// ```
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
    /// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::field::MessageTemplateComponentsUpdate;
    ///
    /// let update: MessageTemplateComponentsUpdate = serde_json::from_str(r#"{"message_template_name": "shipped",
    ///     "message_template_element": "Your order {{1}} is on its way.", "message_template_buttons": [
    ///         {"message_template_button_type": "URL", "message_template_button_text": "Track",
    ///          "message_template_button_url": "https://example.com/{{1}}"}
    ///     ]}"#)?;
    /// assert_eq!(update.message_template_element.as_deref(), Some("Your order {{1}} is on its way."));
    /// let button = &update.message_template_buttons[0];
    /// assert_eq!(button.message_template_button_text.as_deref(), Some("Track"));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
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
    /// [another field](crate::inbound::Field::TemplateCorrectCategoryDetection) finds in the wrong category has this
    /// shape as well.
    ///
    /// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
    ///
    /// ```
    /// use kaleyra_wa_types::inbound::field::{TemplateCategory, TemplateCategoryUpdate};
    ///
    /// let notice: TemplateCategoryUpdate = serde_json::from_str(r#"{"message_template_name": "spring_offer",
    ///     "new_category": "UTILITY", "correct_category": "MARKETING", "category_update_timestamp": 1767225600}"#)?;
    /// assert_eq!(notice.new_category, Some(TemplateCategory::Utility)); // today
    /// assert_eq!(notice.correct_category, Some(TemplateCategory::Marketing)); // and from that moment on
    /// # Ok::<(), serde_json::Error>(())
    /// ```
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

/// When a template was disabled.
///
/// ```
/// use kaleyra_wa_types::inbound::field::{MessageTemplateStatusUpdate, TemplateStatus};
///
/// let update: MessageTemplateStatusUpdate =
///     serde_json::from_str(r#"{"event": "DISABLED", "disable_info": {"disable_date": 1767225600}}"#)?;
/// assert_eq!(update.event, Some(TemplateStatus::Disabled));
/// let when = update.disable_info.and_then(|info| info.disable_date?.unix_seconds());
/// assert_eq!(when, Some(1_767_225_600));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct DisableInfo {
    /// When, in seconds since 1970-01-01 UTC.
    pub disable_date: Option<Timestamp>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Why a template was paused, locked or unlocked, in human-readable form.
///
/// For an example see [`MessageTemplateStatusUpdate`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct OtherInfo {
    /// A keyword, such as `FIRST_PAUSE`.
    pub title: Option<String>,
    /// In a sentence.
    pub description: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Why a template was rejected.
///
/// For an example see [`MessageTemplateStatusUpdate`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct RejectionInfo {
    /// Why, in a sentence.
    pub reason: Option<String>,
    /// What to do about it.
    pub recommendation: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A button of a template.
///
/// For an example see [`MessageTemplateComponentsUpdate`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct TemplateButton {
    /// What it does, such as `URL` or `PHONE_NUMBER`.
    pub message_template_button_type: Option<String>,
    /// Its label.
    pub message_template_button_text: Option<String>,
    /// Where it leads to.
    pub message_template_button_url: Option<String>,
    /// Whom it calls.
    pub message_template_button_phone_number: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// Why a template was rejected or disabled.
///
/// For an example see [`MessageTemplateStatusUpdate`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[wire(any_case)]
#[non_exhaustive]
pub enum TemplateReason {
    /// `ABUSIVE_CONTENT`. It breaks a policy.
    #[wire(name = "ABUSIVE_CONTENT")]
    AbusiveContent,
    /// `INCORRECT_CATEGORY`. It is in the wrong category.
    #[wire(name = "INCORRECT_CATEGORY")]
    IncorrectCategory,
    /// `INVALID_FORMAT`. Its variables are incorrect.
    #[wire(name = "INVALID_FORMAT")]
    InvalidFormat,
    /// `NONE`. It was not rejected.
    #[wire(name = "NONE")]
    None,
    /// `PROMOTIONAL`. It advertises in the wrong category.
    #[wire(name = "PROMOTIONAL")]
    Promotional,
    /// `SCAM`. It looks like fraud.
    #[wire(name = "SCAM")]
    Scam,
    /// `TAG_CONTENT_MISMATCH`. Its content does not fit its category or its language.
    #[wire(name = "TAG_CONTENT_MISMATCH")]
    TagContentMismatch,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// What users think of a template.
///
/// For an example see [`MessageTemplateQualityUpdate`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[wire(any_case)]
#[non_exhaustive]
pub enum QualityScore {
    /// `GREEN`. High quality.
    #[wire(name = "GREEN")]
    Green,
    /// `RED`. Low quality: the template will be paused.
    #[wire(name = "RED")]
    Red,
    /// `UNKNOWN`. Not known yet.
    #[wire(name = "UNKNOWN")]
    NotYetKnown,
    /// `YELLOW`. Medium quality.
    #[wire(name = "YELLOW")]
    Yellow,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// The category of a template: what it may be for, and what it costs.
///
/// For an example see [`TemplateCategoryUpdate`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[wire(any_case)]
#[non_exhaustive]
pub enum TemplateCategory {
    /// `AUTHENTICATION`. One-time codes.
    #[wire(name = "AUTHENTICATION")]
    Authentication,
    /// `MARKETING`. Offers and news.
    #[wire(name = "MARKETING")]
    Marketing,
    /// `UTILITY`. What follows from something that the user did.
    #[wire(name = "UTILITY")]
    Utility,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl TypedView for MessageTemplateStatusUpdate {
    fn is_known(&self) -> bool {
        !matches!(self.event, Some(TemplateStatus::Unknown(_)))
    }
}

impl TypedView for MessageTemplateComponentsUpdate {}
impl TypedView for MessageTemplateQualityUpdate {}
impl TypedView for TemplateCategoryUpdate {}
