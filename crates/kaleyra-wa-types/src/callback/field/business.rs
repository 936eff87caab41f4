//! `account_review_update`, `business_capability_update`, `business_username_update`: what a business is and may do.

use super::view::View;
use crate::Number;
use crate::callback::Metadata;
use crate::messaging_object::MessagingProduct;
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::opaque::opaque;
use crate::wire::open_set::open_set;

wire_object! {
    /// Meta looked whether the account keeps to its policies.
    ///
    /// Source: Meta's `account_review_update` webhook reference.
    pub struct AccountReviewUpdate {
        /// What it decided.
        pub decision: Option<ReviewDecision>,
    }
}

open_set! {
    /// What Meta decided about an account.
    pub enum ReviewDecision {
        /// The account may be used.
        Approved = "APPROVED",
        /// Meta will decide later.
        Deferred = "DEFERRED",
        /// Meta still looks at it.
        Pending = "PENDING",
        /// The account may not be used.
        Rejected = "REJECTED",
    }
}

wire_object! {
    /// The limits of the account or the business changed.
    ///
    /// Source: Meta's `business_capability_update` webhook reference.
    pub struct BusinessCapabilityUpdate {
        /// How many users a number may write to first in 24 hours (until 2025).
        pub max_daily_conversation_per_phone: Option<MessagingLimit>,
        /// How many users the business may write to first in 24 hours.
        pub max_daily_conversations_per_business: Option<MessagingLimit>,
        /// How many numbers an account may have.
        pub max_phone_numbers_per_waba: Option<Number>,
        /// How many numbers the business may have.
        pub max_phone_numbers_per_business: Option<Number>,
    }
}

opaque! {
    /// How many users a business may write to first in 24 hours: `TIER_2K`, `TIER_UNLIMITED`, or a number.
    ///
    /// ```
    /// use kaleyra_wa_types::callback::field::MessagingLimit;
    ///
    /// assert_eq!(MessagingLimit::from("TIER_10K").users(), Some(10_000));
    /// assert!(MessagingLimit::from("TIER_UNLIMITED").is_unlimited());
    /// ```
    pub struct MessagingLimit
}

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

wire_object! {
    /// Something became of the user name of a business number.
    ///
    /// Meta writes the field as `business_username_update` and as `business_username_updates`.
    ///
    /// Source: Meta's pages on business user names (2026).
    pub struct BusinessUsernameUpdate {
        /// Always `whatsapp`.
        pub messaging_product: Option<MessagingProduct>,
        /// The business number that this happened to.
        pub metadata: Option<Metadata>,
        /// The business number that this happened to.
        pub display_phone_number: Option<String>,
        /// The user name; missing where there is none any more.
        pub username: Option<String>,
        /// What became of it.
        pub status: Option<UsernameStatus>,
    }
}

open_set! {
    /// What became of a user name.
    pub enum UsernameStatus {
        /// It is in use.
        Approved = "approved",
        /// It is gone.
        Deleted = "deleted",
        /// Nobody else can take it, and it is not yet in use.
        Reserved = "reserved",
    }
}

deserialize_object!(
    AccountReviewUpdate,
    BusinessCapabilityUpdate,
    BusinessUsernameUpdate
);

impl View for AccountReviewUpdate {}
impl View for BusinessCapabilityUpdate {}
impl View for BusinessUsernameUpdate {}
