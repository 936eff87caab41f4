//! The ids that only changes about something else than messages carry. Like all ids they are opaque.

use crate::wire::LooseText;
use kaleyra_wa_derive::StringId;

/// The id of an app at Meta.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct AppId(LooseText);

/// The id of a business portfolio at Meta.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct BusinessId(LooseText);

/// WhatsApp's id of a call (`wacid.…`).
///
/// It holds the user's number in base64, so it is personal data.
///
/// It is personal data: `Debug` shows its last two characters only.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
#[wire(sensitive)]
pub struct CallId(LooseText);

/// The id of what an alert is about: a business portfolio, a number, an account.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct EntityId(LooseText);

/// The id of a user's request to join a group.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct JoinRequestId(LooseText);

/// The id that Meta's response to a request about a group carried: tells which request a change answers.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct RequestId(LooseText);

/// The id of a solution that several partners offer together.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct SolutionId(LooseText);

/// The id of a template; Meta writes it as a number.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, StringId)]
pub struct TemplateId(LooseText);
