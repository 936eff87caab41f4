//! How a message is billed.

use crate::Timestamp;
use crate::UnknownFields;
use crate::UnknownText;
use crate::wire::LooseText;
use kaleyra_wa_derive::{OpenEnum, StringId, Wire};

/// The conversation that a message was billed with. From v24 on Meta leaves it out, except for conversations that a
/// free entry point opened.
///
/// ```
/// use kaleyra_wa_types::inbound::{ConversationId, OriginType, Status};
///
/// let status: Status = serde_json::from_str(r#"{"id": "wamid.A", "status": "sent", "conversation": {
///     "id": "conversation-1", "expiration_timestamp": "1767312000", "origin": {"type": "referral_conversion"}
/// }}"#)?;
/// let conversation = status.conversation.ok_or("not said")?;
/// assert_eq!(conversation.id, Some(ConversationId::from("conversation-1")));
/// let opened_by = conversation.origin.and_then(|origin| origin.kind); // `type` on the wire
/// assert_eq!(opened_by, Some(OriginType::ReferralConversion)); // free of charge
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: *Sent*, status update webhook payload; Meta's *status messages webhook*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Conversation {
    /// The id of the conversation.
    pub id: Option<ConversationId>,
    /// When it ends, in seconds since 1970-01-01 UTC; with `sent` only.
    pub expiration_timestamp: Option<Timestamp>,
    /// What opened it.
    pub origin: Option<ConversationOrigin>,
    /// What is billed, where a sample for groups has it inside.
    pub pricing: Option<Pricing>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// What opened a conversation.
///
/// For an example see [`Conversation`].
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct ConversationOrigin {
    /// The category of the message, or who began.
    #[wire(name = "type")]
    pub kind: Option<OriginType>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// How a message is billed. There is no amount in it: what one costs follows from the category and the recipient's
/// country, by the price list.
///
/// ```
/// use kaleyra_wa_types::inbound::{PricingCategory, PricingModel, PricingType, Status};
///
/// let status: Status = serde_json::from_str(r#"{"id": "wamid.A", "status": "sent", "timestamp": "1722863329",
///     "pricing": {"billable": true, "pricing_model": "PMP", "category": "marketing", "type": "regular"}}"#)?;
/// let pricing = status.pricing.ok_or("nothing is said of it")?;
/// assert_eq!(pricing.billable, Some(true));
/// assert_eq!(pricing.pricing_model, Some(PricingModel::PerMessage));
/// assert_eq!(pricing.category, Some(PricingCategory::Marketing));
/// assert_eq!(pricing.kind, Some(PricingType::Regular)); // `type` on the wire
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: *Sent*, status update webhook payload; Meta's *pricing*.
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct Pricing {
    /// Whether it is billed; with `type` that says why or why not.
    pub billable: Option<bool>,
    /// Whether it is billed by message or by conversation.
    pub pricing_model: Option<PricingModel>,
    /// The category that sets the price.
    pub category: Option<PricingCategory>,
    /// Why it is billed, or free.
    #[wire(name = "type")]
    pub kind: Option<PricingType>,
    /// More about `type`; no page lists its values.
    pub subtype: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The id of a conversation, as it is billed.
///
/// For an example see [`Conversation`].
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct ConversationId(LooseText);

/// What opened a conversation.
///
/// For an example see [`Conversation`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum OriginType {
    /// `authentication`. A template with a code.
    Authentication,
    /// `authentication_international`. A template with a code, to a country with a price of its own for it.
    AuthenticationInternational,
    /// `business_initiated`. The business, up to 2023.
    BusinessInitiated,
    /// `general_purpose_ai`. A message of Meta's general AI.
    GeneralPurposeAi,
    /// `group_marketing`. A marketing template to a group.
    GroupMarketing,
    /// `group_service`. A message to a group.
    GroupService,
    /// `group_utility`. A utility template to a group.
    GroupUtility,
    /// `marketing`. A marketing template.
    Marketing,
    /// `marketing_lite`. A marketing template through the endpoint for marketing messages.
    MarketingLite,
    /// `referral_conversion`. A free entry point: an advertisement or a page's button.
    ReferralConversion,
    /// `service`. A user's message.
    Service,
    /// `user_initiated`. The user, up to 2023.
    UserInitiated,
    /// `utility`. A utility template.
    Utility,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// By what a message is billed. Kaleyra's sample has a text for people here: `Conversation-Based Pricing`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum PricingModel {
    /// `PMP`. By message.
    #[wire(name = "PMP")]
    PerMessage,
    /// `CBP`. By conversation, up to June 2025.
    #[wire(name = "CBP")]
    Conversation,
    /// `NBP`. By notification; seen in lists of libraries only.
    #[wire(name = "NBP")]
    Notification,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// The category that sets a message's price.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum PricingCategory {
    /// `authentication`. A template with a code.
    Authentication,
    /// `authentication-international`. A template with a code, to a country with a price of its own for it. The origin's type has `_` instead of `-`.
    #[wire(name = "authentication-international")]
    AuthenticationInternational,
    /// `general_purpose_ai`. A message of Meta's general AI.
    GeneralPurposeAi,
    /// `group_marketing`. A marketing template to a group.
    GroupMarketing,
    /// `group_service`. A message to a group.
    GroupService,
    /// `group_utility`. A utility template to a group.
    GroupUtility,
    /// `marketing`. A marketing template.
    Marketing,
    /// `marketing_lite`. A marketing template through the endpoint for marketing messages.
    MarketingLite,
    /// `referral_conversion`. A free entry point: an advertisement or a page's button.
    ReferralConversion,
    /// `service`. A reply to a user.
    Service,
    /// `utility`. A utility template.
    Utility,
    /// A value that this version does not know.
    Unknown(UnknownText),
}

/// Why a message is billed, or free.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum PricingType {
    /// `regular`. It is billed.
    Regular,
    /// `free_customer_service`. It is free: within 24 hours after the user's last message.
    FreeCustomerService,
    /// `free_entry_point`. It is free: a free entry point opened the conversation.
    FreeEntryPoint,
    /// `free_group_customer_service`. It is free: within 24 hours after the group's last message.
    FreeGroupCustomerService,
    /// A value that this version does not know.
    Unknown(UnknownText),
}
