//! What to do about a status, where no code says more.

use kaleyra_wa_transport::http::StatusCode;

/// What to do about a refusal without a code. `is_foreign`: the body is not Kaleyra's, a web page say.
pub(super) const fn of_status(status: StatusCode, is_foreign: bool) -> &'static str {
    match (status.as_u16(), is_foreign) {
        (401 | 403, _) => {
            "check the SID and the base URL, and whether a proxy or a firewall responded"
        }
        (402, _) => "check the account's balance",
        (407, _) => "set them in the transport's proxy URL",
        (409 | 423 | 425, _) => "wait a little before trying again",
        (413, _) => "make it smaller",
        (_, true) => {
            "check the base URL, and any proxy or firewall on the way: the response is not Kaleyra's"
        }
        (_, false) => "check the base URL",
    }
}
