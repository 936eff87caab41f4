//! What a user did with a marketing message.

use kaleyra_wa_derive::{OpenEnum, StringId, Wire};

use crate::wire::LooseText;
use crate::{Timestamp, UnknownFields, UnknownText};

/// What a user did with a marketing message: tapped it, saw the page behind its link. It names no user and no message; the
/// click id joins the two.
///
/// ```
/// use kaleyra_wa_types::inbound::{Callback, Event, UserActionType};
///
/// let callback = Callback::from_slice(br#"{"meta_object": {"field": "messages", "value": {"user_actions": [
///     {"action_type": "marketing_messages_link_click", "timestamp": "1767225600",
///      "marketing_messages_link_click_data": {"click_component": "cta", "click_id": "c-1"}}
/// ]}}}"#)?;
/// let Some(Event::UserAction(action)) = callback.events().next() else { return Err("no action".into()) };
/// assert_eq!(action.kind, Some(UserActionType::MarketingMessagesLinkClick));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: Meta's *Marketing Messages API*, click and landing page view webhooks (2026).
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct UserAction {
    /// What the user did.
    #[wire(name = "action_type")]
    pub kind: Option<UserActionType>,
    /// When, in seconds since 1970-01-01 UTC.
    pub timestamp: Option<Timestamp>,
    /// The link and its click.
    pub marketing_messages_link_click_data: Option<LinkClick>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// A tap on a marketing message, or what came of it.
///
/// ```
/// use kaleyra_wa_types::inbound::{ClickId, UserAction};
///
/// let action: UserAction = serde_json::from_str(r#"{"action_type": "marketing_messages_link_click",
///     "marketing_messages_link_click_data": {"click_component": "cta", "click_id": "c-1"}}"#)?;
/// let click = action.marketing_messages_link_click_data.ok_or("no click")?;
/// assert_eq!(click.click_component.as_deref(), Some("cta")); // the button
/// assert_eq!(click.click_id, Some(ClickId::from("c-1"))); // also in the link that was opened
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Wire)]
#[non_exhaustive]
pub struct LinkClick {
    /// What was tapped: `cta`, the button, or `body`. Missing for a landing page.
    pub click_component: Option<String>,
    /// The product that the message is about, where Ads Manager knows one.
    pub product_id: Option<String>,
    /// The click; also a parameter of the link that was opened.
    pub click_id: Option<ClickId>,
    /// What Meta's measurement knows the link by.
    pub tracking_token: Option<ClickId>,
    /// The program that opened the link.
    pub client_user_agent: Option<String>,
    /// Fields that this version does not know, kept as they came.
    pub unknown: UnknownFields,
}

/// The id of a click.
///
/// For an example see [`LinkClick`].
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct ClickId(LooseText);

/// What a user did.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, OpenEnum)]
#[non_exhaustive]
pub enum UserActionType {
    /// `landing_page_view`. The page behind the link opened.
    LandingPageView,
    /// `marketing_messages_link_click`. A tap on the message or its button.
    MarketingMessagesLinkClick,
    /// A value that this version does not know.
    Unknown(UnknownText),
}
