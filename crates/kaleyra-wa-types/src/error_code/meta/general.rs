//! Codes below 130000: authorisation, throttling, orders.

use super::super::ErrorClass::{FixFirst, Never, Transient, Unclear};
use super::{Row, code, range};

#[rustfmt::skip] // one line a code
pub(super) const ROWS: &[Row] = &[
    code(0, FixFirst, "the app's user could not be authenticated"),
    code(1, Transient, "a bad request, or a fault at Meta's: try a few times only"),
    code(2, Transient, "Meta's service is down or overloaded"),
    code(3, FixFirst, "the app lacks the capability or permission for this method"),
    code(4, Transient, "the app calls too often"),
    code(10, FixFirst, "a permission is missing or was taken back"),
    code(33, Never, "the business number was deleted"),
    code(100, Unclear, "a parameter is incorrect (never), or the account may not use what it names (fix first)"),
    code(190, FixFirst, "the access token has expired"),
    range(200, 299, FixFirst, "a permission or the access token is missing"),
    code(368, FixFirst, "the account is restricted for breaking a policy"),
    code(470, Never, "more than 24 hours since the user's last message: send a template (old form of 131047)"),
    code(506, Never, "the same message was sent twice at once"),
    code(613, Transient, "call permissions are looked up too often"),
    code(1026, Never, "the user's app can't show this type of message"),
    code(2046, Never, "an order can't go from its status to this one"),
    code(2047, Never, "no order has this reference"),
    code(80007, Transient, "the account calls too often"),
];
