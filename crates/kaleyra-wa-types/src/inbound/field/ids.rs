//! The ids that occur only in changes about something other than messages. Like all ids they are opaque.

use crate::wire::LooseText;
use kaleyra_wa_derive::StringId;

/// The id of an app at Meta.
///
/// ```
/// use kaleyra_wa_types::inbound::field::{AppId, Handover};
///
/// let handover: Handover = serde_json::from_str(r#"{"new_owner_app_id": 400000000000001}"#)?;
/// assert_eq!(handover.new_owner_app_id, Some(AppId::from("400000000000001"))); // a number is the same id
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct AppId(LooseText);

/// The id of a business portfolio at Meta.
///
/// ```
/// use kaleyra_wa_types::inbound::field::{BusinessId, WabaInfo};
///
/// let account: WabaInfo = serde_json::from_str(r#"{"owner_business_id": "400000000000002"}"#)?;
/// assert_eq!(account.owner_business_id, Some(BusinessId::from("400000000000002")));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct BusinessId(LooseText);

/// WhatsApp's id of a call (`wacid.…`).
///
/// It holds the user's number in base64, so it is personal data.
///
/// ```
/// use kaleyra_wa_types::inbound::field::Call;
///
/// let call: Call = serde_json::from_str(r#"{"id": "wacid.HBgM0001", "event": "connect"}"#)?;
/// let id = call.id.ok_or("no id")?; // to accept or reject the call by
/// assert_eq!(id.as_str(), "wacid.HBgM0001");
/// assert_eq!(format!("{id:?}"), "CallId(…01)"); // safe to log
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It is personal data: `Debug` shows its last two characters only.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
#[wire(sensitive)]
pub struct CallId(LooseText);

/// The id of what an alert is about: a business portfolio, a number, an account.
///
/// ```
/// use kaleyra_wa_types::inbound::field::{AccountAlerts, EntityId};
///
/// let alert: AccountAlerts = serde_json::from_str(r#"{"entity_type": "WABA", "entity_id": "400000000000001"}"#)?;
/// assert_eq!(alert.entity_id, Some(EntityId::from("400000000000001")));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct EntityId(LooseText);

/// The id of a user's request to join a group.
///
/// ```
/// use kaleyra_wa_types::inbound::field::{GroupChange, GroupUpdate, JoinRequestId};
///
/// let update: GroupUpdate = serde_json::from_str(r#"{"type": "group_join_request_created", "group_id": "group-1",
///     "join_request_id": "join-1", "wa_id": "919800000001"}"#)?;
/// assert_eq!(update.kind, Some(GroupChange::GroupJoinRequestCreated));
/// assert_eq!(update.join_request_id, Some(JoinRequestId::from("join-1"))); // to approve or reject it by
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct JoinRequestId(LooseText);

/// The id that Meta's response to a request about a group carried: shows which request a change belongs to.
///
/// For an example see [`GroupUpdate`](super::GroupUpdate).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct RequestId(LooseText);

/// The id of a solution that several partners offer together.
///
/// For an example see [`PartnerSolutions`](super::PartnerSolutions).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct SolutionId(LooseText);

/// The id of a template; Meta writes it as a number.
///
/// ```
/// use kaleyra_wa_types::inbound::field::{MessageTemplateStatusUpdate, TemplateId};
///
/// let update: MessageTemplateStatusUpdate = serde_json::from_str(r#"{"message_template_id": 400000000000001}"#)?;
/// assert_eq!(update.message_template_id, Some(TemplateId::from("400000000000001")));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct TemplateId(LooseText);
