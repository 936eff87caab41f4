//! What to do about codes and statuses that are no [`Failure`](kaleyra_wa_types::response::Failure) of the send pages.

use kaleyra_wa_transport::http::StatusCode;
use kaleyra_wa_types::response::Code;

/// What to do about a code that is in the table and tells more than its status.
pub(super) fn of_code(code: &Code) -> Option<&'static str> {
    match code {
        // Where `error` names neither the account nor the number.
        Code::AccountOrVersion => Some(
            "ask Kaleyra's support whether the account may use API V2 and whether the number is on it",
        ),
        Code::DailyLimit => {
            Some("wait until the day is over, or ask Kaleyra's support for a higher limit")
        }
        code if code.as_str() == "E13001" => {
            Some("check the base URL and the number: API V1 answered, and this client speaks V2")
        }
        _ => None,
    }
}

/// What to do about a refusal without a code. `is_foreign`: the body is not Kaleyra's, a web page say.
pub(super) const fn of_status(status: StatusCode, is_foreign: bool) -> &'static str {
    match (status.as_u16(), is_foreign) {
        (401 | 403, _) => {
            "check the SID and the base URL, and whether a proxy or a firewall on the way answered"
        }
        (402, _) => "check the account's balance",
        (407, _) => "give them to the transport, in the proxy's URL",
        (409 | 423 | 425, _) => "wait a little before trying again",
        (413, _) => "make it smaller",
        (_, true) => "check the base URL and what stands on the way: the answer is not Kaleyra's",
        (_, false) => "check the base URL",
    }
}
