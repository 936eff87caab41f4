//! How a message is billed.

use crate::Timestamp;
use crate::wire::object::{deserialize_object, wire_object};
use crate::wire::opaque::opaque;
use crate::wire::open_set::open_set;

wire_object! {
    /// The conversation that a message was billed with. From v24 on Meta leaves it out, except for conversations that a
    /// free entry point opened.
    ///
    /// Source: *Sent*, status update webhook payload; Meta's *status messages webhook*.
    pub struct Conversation {
        /// Its id.
        pub id: Option<ConversationId>,
        /// When it ends, in seconds since 1970-01-01 UTC; with `sent` only.
        pub expiration_timestamp: Option<Timestamp>,
        /// What opened it.
        pub origin: Option<ConversationOrigin>,
        /// What is billed, where a sample for groups has it inside.
        pub pricing: Option<Pricing>,
    }
}

wire_object! {
    /// What opened a conversation.
    pub struct ConversationOrigin {
        /// The category of the message, or who began.
        pub kind as "type": Option<OriginType>,
    }
}

wire_object! {
    /// How a message is billed. There is no amount in it: what one costs follows from the category and the recipient's
    /// country, by the price list.
    ///
    /// ```
    /// use kaleyra_wa_types::callback::{PricingCategory, PricingModel, PricingType, Status};
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
    pub struct Pricing {
        /// Whether it is billed; with `type` that says why or why not.
        pub billable: Option<bool>,
        /// Whether it is billed by message or by conversation.
        pub pricing_model: Option<PricingModel>,
        /// The category that sets the price.
        pub category: Option<PricingCategory>,
        /// Why it is billed, or free.
        pub kind as "type": Option<PricingType>,
        /// More about `type`; no page lists its values.
        pub subtype: Option<String>,
    }
}

deserialize_object!(Conversation, ConversationOrigin, Pricing);

opaque! {
    /// The id of a conversation, as it is billed.
    pub struct ConversationId
}

open_set! {
    /// What opened a conversation.
    pub enum OriginType {
        /// A template with a code.
        Authentication = "authentication",
        /// A template with a code, to a country with a price of its own for it.
        AuthenticationInternational = "authentication_international",
        /// The business, up to 2023.
        BusinessInitiated = "business_initiated",
        /// A message of Meta's general AI.
        GeneralPurposeAi = "general_purpose_ai",
        /// A marketing template to a group.
        GroupMarketing = "group_marketing",
        /// A message to a group.
        GroupService = "group_service",
        /// A utility template to a group.
        GroupUtility = "group_utility",
        /// A marketing template.
        Marketing = "marketing",
        /// A marketing template through the endpoint for marketing messages.
        MarketingLite = "marketing_lite",
        /// A free entry point: an advertisement or a page's button.
        ReferralConversion = "referral_conversion",
        /// A user's message.
        Service = "service",
        /// The user, up to 2023.
        UserInitiated = "user_initiated",
        /// A utility template.
        Utility = "utility",
    }
}

open_set! {
    /// By what a message is billed. Kaleyra's sample has a text for people here: `Conversation-Based Pricing`.
    pub enum PricingModel {
        /// By message.
        PerMessage = "PMP",
        /// By conversation, up to June 2025.
        Conversation = "CBP",
        /// By notification; seen in lists of libraries only.
        Notification = "NBP",
    }
}

open_set! {
    /// The category that sets a message's price.
    pub enum PricingCategory {
        /// A template with a code.
        Authentication = "authentication",
        /// A template with a code, to a country with a price of its own for it. The origin's type has `_` instead of `-`.
        AuthenticationInternational = "authentication-international",
        /// A message of Meta's general AI.
        GeneralPurposeAi = "general_purpose_ai",
        /// A marketing template to a group.
        GroupMarketing = "group_marketing",
        /// A message to a group.
        GroupService = "group_service",
        /// A utility template to a group.
        GroupUtility = "group_utility",
        /// A marketing template.
        Marketing = "marketing",
        /// A marketing template through the endpoint for marketing messages.
        MarketingLite = "marketing_lite",
        /// A free entry point: an advertisement or a page's button.
        ReferralConversion = "referral_conversion",
        /// An answer to a user.
        Service = "service",
        /// A utility template.
        Utility = "utility",
    }
}

open_set! {
    /// Why a message is billed, or free.
    pub enum PricingType {
        /// It is billed.
        Regular = "regular",
        /// It is free: within 24 hours after the user's last message.
        FreeCustomerService = "free_customer_service",
        /// It is free: a free entry point opened the conversation.
        FreeEntryPoint = "free_entry_point",
        /// It is free: within 24 hours after the group's last message.
        FreeGroupCustomerService = "free_group_customer_service",
    }
}
