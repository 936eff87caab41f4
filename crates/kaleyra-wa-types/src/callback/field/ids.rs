//! The ids that only changes about something else than messages carry. Like all ids they are opaque.

use crate::wire::opaque::opaque;

opaque! {
    /// The id of an app at Meta.
    pub struct AppId
}

opaque! {
    /// The id of a business portfolio at Meta.
    pub struct BusinessId
}

opaque! {
    /// WhatsApp's id of a call (`wacid.…`).
    ///
    /// It holds the user's number in base64, so it is personal data.
    personal struct CallId
}

opaque! {
    /// The id of what an alert is about: a business portfolio, a number, an account.
    pub struct EntityId
}

opaque! {
    /// The id of a user's request to join a group.
    pub struct JoinRequestId
}

opaque! {
    /// The id that Meta's answer to a request about a group carried: tells which request a change answers.
    pub struct RequestId
}

opaque! {
    /// The id of a solution that several partners offer together.
    pub struct SolutionId
}

opaque! {
    /// The id of a template; Meta writes it as a number.
    pub struct TemplateId
}
