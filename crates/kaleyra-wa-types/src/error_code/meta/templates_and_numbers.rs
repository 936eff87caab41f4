//! Codes 132000 to 137999: templates, registration, payments, marketing messages.

use super::super::ErrorClass::{FixFirst, Never, Transient};
use super::super::{DAY, HOUR, MINUTE, wait};
use super::{Row, code};

#[rustfmt::skip] // one line a code
pub(super) const ROWS: &[Row] = &[
    code(132000, Never, "the number of parameters is not the template's"),
    code(132001, Never, "there is no such template in this language, or it is not approved"),
    code(132005, Never, "the text is too long once translated and filled in"),
    code(132007, Never, "the content of the template breaks a policy"),
    code(132008, Never, "a parameter has a value that it can't have"),
    code(132012, Never, "a parameter is of another kind than the template's"),
    code(132015, FixFirst, "the template is paused because of its quality"),
    code(132016, Never, "the template is disabled because of its quality"),
    code(132018, Never, "the template's parameters did not pass validation"),
    code(132068, FixFirst, "the flow is blocked"),
    code(132069, wait(HOUR), "the flow is throttled: it was sent ten times this hour"),
    code(133000, FixFirst, "an earlier deregistration was not finished"),
    code(133001, Never, "the backup of the number could not be decrypted"),
    code(133002, Never, "the backup of the number could not be read"),
    code(133003, Never, "the number could not be recovered"),
    code(133004, Transient, "the registration server is not available for now"),
    code(133005, FixFirst, "the PIN is wrong"),
    code(133006, FixFirst, "the number has to be verified again"),
    code(133007, Never, "the account is blocked"),
    code(133008, wait(HOUR), "the PIN was guessed too often: the details say how long to wait"),
    code(133009, wait(HOUR), "the PIN was guessed too fast: the details say how long to wait"),
    code(133010, FixFirst, "the number is not registered"),
    code(133015, wait(5 * MINUTE), "the number was deleted a moment ago: wait before registering it"),
    code(133016, wait(3 * DAY), "the number was registered and deregistered too often (ten times in 72 hours)"),
    code(134011, FixFirst, "the terms of WhatsApp Payments are not accepted"),
    code(134100, Never, "only marketing messages can be sent in this way"),
    code(134101, wait(10 * MINUTE), "the template is being made ready, which takes up to ten minutes"),
    code(134102, FixFirst, "the template or the account is not ready for the marketing messages API"),
    code(134103, FixFirst, "a fault of the marketing messages API that no page explains"),
    code(135000, Never, "an unknown fault in a parameter"),
    code(136025, Never, "the code could not be verified"),
    code(137000, FixFirst, "the user's identity changed: acknowledge it first"),
];
