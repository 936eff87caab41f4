//! `account_review_update`, `business_capability_update`, `business_username_update`: what a business is and may do.

use super::view::TypedView;
use crate::Number;
use crate::UnknownFields;
use crate::UnknownText;
use crate::inbound::Metadata;
use crate::outbound::MessagingProduct;
use crate::wire::LooseText;
use kaleyra_wa_derive::{OpenEnum, StringId, Wire};

/// Meta reviewed whether the account complies with its policies.
///
/// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
///
/// ```
/// use kaleyra_wa_types::inbound::field::{AccountReviewUpdate, ReviewDecision};
///
/// let review: AccountReviewUpdate = serde_json::from_str(r#"{"decision": "APPROVED"}"#)?;
/// assert_eq!(review.decision, Some(ReviewDecision::Approved));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's `account_review_update` webhook reference.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct AccountReviewUpdate {
    /// What it decided.
    pub decision: Option<ReviewDecision>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What Meta decided about an account.
///
/// For an example see [`AccountReviewUpdate`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum ReviewDecision {
    /// `APPROVED`. The account may be used.
    #[wire(name = "APPROVED")]
    Approved,
    /// `DEFERRED`. Meta will decide later.
    #[wire(name = "DEFERRED")]
    Deferred,
    /// `PENDING`. Meta is still reviewing it.
    #[wire(name = "PENDING")]
    Pending,
    /// `REJECTED`. The account may not be used.
    #[wire(name = "REJECTED")]
    Rejected,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// The limits of the account or the business changed.
///
/// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
///
/// ```
/// use kaleyra_wa_types::inbound::field::BusinessCapabilityUpdate;
///
/// let limits: BusinessCapabilityUpdate = serde_json::from_str(
///     r#"{"max_daily_conversations_per_business": "TIER_2K", "max_phone_numbers_per_business": 25}"#,
/// )?;
/// let users = limits.max_daily_conversations_per_business.and_then(|limit| limit.users());
/// assert_eq!(users, Some(2000)); // to write to first in 24 hours
/// assert_eq!(limits.max_phone_numbers_per_business.and_then(|count| count.as_i64()), Some(25));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's `business_capability_update` webhook reference.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct BusinessCapabilityUpdate {
    /// How many users a number may write to first in 24 hours (until 2025).
    pub max_daily_conversation_per_phone: Option<MessagingLimit>,
    /// How many users the business may write to first in 24 hours.
    pub max_daily_conversations_per_business: Option<MessagingLimit>,
    /// How many numbers an account may have.
    pub max_phone_numbers_per_waba: Option<Number>,
    /// How many numbers the business may have.
    pub max_phone_numbers_per_business: Option<Number>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// How many users a business may write to first in 24 hours: `TIER_2K`, `TIER_UNLIMITED`, or a number.
///
/// ```
/// use kaleyra_wa_types::inbound::field::MessagingLimit;
///
/// assert_eq!(MessagingLimit::from("TIER_10K").users(), Some(10_000));
/// assert!(MessagingLimit::from("TIER_UNLIMITED").is_unlimited());
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct MessagingLimit(LooseText);

impl MessagingLimit {
    /// How many users; `None` where it is unlimited, or in a form that is not documented.
    pub fn users(&self) -> Option<u64> {
        let text = self.as_str();
        let text = text.strip_prefix("TIER_").unwrap_or(text);
        match text.strip_suffix(['K', 'k']) {
            Some(thousands) => thousands.parse::<u64>().ok()?.checked_mul(1000),
            None => text.parse().ok(),
        }
    }

    /// Whether there is no limit.
    pub fn is_unlimited(&self) -> bool {
        matches!(self.as_str(), "TIER_UNLIMITED" | "-1")
    }
}

/// Something happened to the username of a business number.
///
/// Meta writes the field as `business_username_update` and as `business_username_updates`.
///
/// It comes as a [`FieldChange`](crate::inbound::FieldChange); read by itself:
///
/// ```
/// use kaleyra_wa_types::inbound::field::{BusinessUsernameUpdate, UsernameStatus};
///
/// let update: BusinessUsernameUpdate = serde_json::from_str(
///     r#"{"display_phone_number": "15550000001", "username": "blueshoes", "status": "reserved"}"#,
/// )?;
/// assert_eq!(update.status, Some(UsernameStatus::Reserved)); // not yet in use
/// assert_eq!(update.username.as_deref(), Some("blueshoes"));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Source: Meta's pages on business usernames (2026).
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct BusinessUsernameUpdate {
    /// Always `whatsapp`.
    pub messaging_product: Option<MessagingProduct>,
    /// The business number that this happened to.
    pub metadata: Option<Metadata>,
    /// The business number that this happened to.
    pub display_phone_number: Option<String>,
    /// The username; missing where there is none any more.
    pub username: Option<String>,
    /// What became of it.
    pub status: Option<UsernameStatus>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What became of a username.
///
/// For an example see [`BusinessUsernameUpdate`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum UsernameStatus {
    /// `approved`. It is in use.
    Approved,
    /// `deleted`. It is gone.
    Deleted,
    /// `reserved`. Nobody else can take it, and it is not yet in use.
    Reserved,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

impl TypedView for AccountReviewUpdate {}
impl TypedView for BusinessCapabilityUpdate {}
impl TypedView for BusinessUsernameUpdate {}
