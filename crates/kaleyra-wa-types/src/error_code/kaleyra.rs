//! Kaleyra's failures: one row for each, and everything that is known about it in that row.

use super::ErrorClass::{FixFirst, Never};
use super::{CodeInfo, DAY, ErrorClass, MINUTE, wait};
use crate::response::ApiFailure::{self, *};

/// What is known about a failure.
pub(crate) struct Row {
    /// Its code. Two failures may share one.
    pub(crate) code: &'static str,
    /// Which documented failure of a request it is; `None` for the code alone.
    failure: Option<ApiFailure>,
    /// The HTTP status of its response; 0 where the pages name none.
    pub(crate) status: u16,
    /// Its meaning, class and advice.
    pub(crate) info: CodeInfo,
}

/// In order of the code. Where a code has several rows, the first is for the code alone.
///
/// Kaleyra's pages advise three tries at 5, 10 and 15 minutes for `WA429` and `WA500`. About `WA400` they disagree (yes
/// for sends, no for templates): the same payload stays incorrect, so it is never. For `WAV2101` they advise none; the
/// limit is a day's.
#[rustfmt::skip] // one line per column, so that rows can be compared
const ROWS: &[Row] = &[
    row("E110", Some(LowBalance), 400, FixFirst,
        "the account's balance is too low",
        Some("top up the account")),
    row("E13001", None, 0, Never,
        "the request is not as API V1 wants it",
        Some("check the base URL and the number: API V1 responded, and this client speaks V2")),
    row("RBC001", Some(IncorrectCredentials), 401, FixFirst,
        "the SID or the API key is wrong",
        Some("compare both with the console, and the pod with the account's region")),
    row("WA-401", None, 401, FixFirst,
        "the account may not use this API, or its number is on another version of it",
        Some("ask Kaleyra's support whether the account may use API V2 and whether the number is on it")),
    row("WA-401", Some(AccountType), 401, FixFirst,
        "this type of account may not use the API",
        Some("ask Kaleyra's support to enable the API")),
    row("WA-401", Some(ApiVersion), 401, FixFirst,
        "the sender's number is on another version of the WhatsApp API",
        Some("ask Kaleyra's support to move the number to V2")),
    row("WA400", Some(IncorrectPayload), 400, Never,
        "Kaleyra did not understand the payload",
        Some("check the message's type and its fields")),
    row("WA401", Some(SenderNotInAccount), 401, FixFirst,
        "the sender's number is not in the account",
        Some("use a WhatsApp number of this account, with its country code")),
    row("WA429", None, 429, wait(5 * MINUTE),
        "too many requests",
        None),
    row("WA500", Some(Internal), 500, wait(5 * MINUTE),
        "Kaleyra had an internal error",
        Some("it may have been sent: look for its reference in the callbacks before sending again")),
    row("WAV2101", None, 0, wait(DAY),
        "the account's daily limit is reached",
        Some("wait until the day is over, or ask Kaleyra's support for a higher limit")),
];

const fn row(
    code: &'static str,
    failure: Option<ApiFailure>,
    status: u16,
    class: ErrorClass,
    meaning: &'static str,
    advice: Option<&'static str>,
) -> Row {
    Row {
        code,
        failure,
        status,
        info: CodeInfo {
            meaning,
            class,
            advice,
        },
    }
}

/// The row of a failure.
pub(crate) const fn of_failure(failure: ApiFailure) -> &'static Row {
    let mut at = 0;
    while at < ROWS.len() {
        if let Some(listed) = ROWS[at].failure
            && listed as u8 == failure as u8
        {
            return &ROWS[at];
        }
        at += 1;
    }
    // Not reached: see the check below.
    &ROWS[0]
}

// Every failure has a row.
const _: () = {
    let mut at = 0;
    while at < ApiFailure::ALL.len() {
        let found = of_failure(ApiFailure::ALL[at]).failure;
        assert!(matches!(found, Some(found) if found as u8 == ApiFailure::ALL[at] as u8));
        at += 1;
    }
};

/// What is known about each code by itself.
pub(super) fn codes() -> impl Iterator<Item = (&'static str, &'static CodeInfo)> {
    ROWS.chunk_by(|one, other| one.code == other.code)
        .filter_map(|rows| rows.first())
        .map(|row| (row.code, &row.info))
}

pub(super) fn lookup(code: &str) -> Option<&'static CodeInfo> {
    let row = ROWS.iter().find(|row| row.code == code)?;
    Some(&row.info)
}
