//! Kaleyra's codes that name a failure.

use super::Class::{FixFirst, Never};
use super::{CodeInfo, DAY, MINUTE, info, wait};

/// In order of the code.
///
/// Kaleyra's pages advise three tries at 5, 10 and 15 minutes for `WA429` and `WA500`. About `WA400` they disagree (yes
/// for sends, no for templates): the same payload stays incorrect, so it is never. For `WAV2101` they advise none; the
/// limit is a day's.
#[rustfmt::skip] // one line a code
pub(super) const FAILURES: &[(&str, CodeInfo)] = &[
    ("E110", info(FixFirst, "the account's balance is too low")),
    ("E13001", info(Never, "the request is not as API V1 wants it")),
    ("RBC001", info(FixFirst, "the SID or the API key is wrong")),
    ("WA-401", info(FixFirst, "the account may not use this API, or its number is on another version of it")),
    ("WA400", info(Never, "the payload is not as it should be")),
    ("WA401", info(FixFirst, "the sender's number is not in the account")),
    ("WA429", info(wait(5 * MINUTE), "too many requests")),
    ("WA500", info(wait(5 * MINUTE), "a fault at Kaleyra's; whether the message goes out is unknown")),
    ("WAV2101", info(wait(DAY), "the account's daily limit is reached")),
];

pub(super) fn lookup(code: &str) -> Option<&'static CodeInfo> {
    let at = FAILURES
        .binary_search_by_key(&code, |(code, _)| code)
        .ok()?;
    FAILURES.get(at).map(|(_, info)| info)
}
