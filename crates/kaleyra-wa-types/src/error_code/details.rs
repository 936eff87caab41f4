//! Codes that mean several things: which one, by the error's details.
//!
//! Source: texts that Meta sent, as public issues and tests record them. No page lists them, so what is not recognised here
//! decides nothing.

use super::ErrorClass::{self, FixFirst, Never, Transient};
use super::{CodeInfo, DAY, info, wait};

/// What a code means with these details; `None` where they decide nothing.
pub(super) fn decide(code: u32, details: &str) -> Option<&'static CodeInfo> {
    let details = details.to_lowercase();
    if matches!(code, 131_014 | 131_053)
        && let Some(fetched) = fetched(&details)
    {
        return Some(fetched);
    }
    let family = RULES.iter().find(|family| family.0 == code)?;
    let mut rules = family.1.iter();
    let found = rules.find(|rule| rule.words.iter().any(|word| details.contains(word)));
    found.map(|rule| &rule.info)
}

/// What a text has that means this.
struct Rule {
    words: &'static [&'static str],
    info: CodeInfo,
}

const fn rule(class: ErrorClass, meaning: &'static str, words: &'static [&'static str]) -> Rule {
    Rule {
        words,
        info: info(class, meaning),
    }
}

/// The rules of each code; the first whose words are there counts.
const RULES: &[(u32, &[Rule])] = &[
    (
        100,
        &[
            rule(
                FixFirst,
                "the account may not use what the request names, or it does not exist",
                &[
                    "permission",
                    "does not exist",
                    "cannot be loaded",
                    "not authorized",
                ],
            ),
            rule(
                Never,
                "a parameter is unsupported, misspelt, missing or too long",
                &[
                    "param",
                    "unexpected key",
                    "exceeds",
                    "length",
                    "must be",
                    "missing",
                    "required",
                    "not a valid",
                    "invalid",
                    "unsupported",
                    "not supported",
                ],
            ),
        ],
    ),
    (
        131_009,
        &[
            rule(
                FixFirst,
                "the business number is not the account's, or not registered",
                &[
                    "business phone number",
                    "not registered",
                    "business account",
                    "not connected",
                ],
            ),
            rule(
                FixFirst,
                "the file of this id is gone or another account's: upload it again",
                &[
                    "media id",
                    "media_id",
                    "media not found",
                    "media has expired",
                    "expired media",
                    "upload",
                ],
            ),
            rule(
                Never,
                "a parameter has a value that it can't have",
                &[
                    "param",
                    "value",
                    "message_id",
                    "message id",
                    "wamid",
                    "30 days",
                    "screen",
                    "country",
                    "invalid",
                    "not valid",
                    "not a valid",
                    "unsupported",
                    "not supported",
                    "length",
                    "characters",
                    "duplicate",
                ],
            ),
        ],
    ),
    (
        131_026,
        &[
            rule(
                wait(DAY),
                "Meta did not deliver it, so that the user gets fewer marketing messages",
                &["healthy ecosystem", "experiment"],
            ),
            rule(
                Never,
                "the recipient is not on WhatsApp",
                &[
                    "not a valid whatsapp",
                    "not a whatsapp",
                    "not on whatsapp",
                    "no whatsapp",
                    "not registered",
                    "not exist",
                    "valid whatsapp user",
                ],
            ),
            rule(
                FixFirst,
                "the recipient has to accept WhatsApp's terms or to update the app first",
                &["terms", "version", "update", "outdated"],
            ),
        ],
    ),
    (
        131_053,
        &[rule(
            Never,
            "the file's type or format is not supported, or it is not what it says it is",
            &[
                "type",
                "format",
                "codec",
                "dimension",
                "size",
                "too large",
                "too big",
                "not a valid",
                "corrupt",
                "processing",
                "unsupported",
                "not supported",
                "exceeds",
                "bytes",
            ],
        )],
    ),
];

/// A link that Meta could not fetch: "Downloading media from weblink failed with http code 503", and the older "Request for
/// url … failed with error: 404 (Not Found)".
fn fetched(details: &str) -> Option<&'static CodeInfo> {
    const BUSY: &CodeInfo = &info(
        Transient,
        "the server of the file's link did not give it for now: try again",
    );
    const WRONG: &CodeInfo = &info(
        FixFirst,
        "the file's link gives Meta no file: correct the link or what its server demands",
    );

    let is_fetch = details.contains("weblink")
        || details.contains("request for url")
        || (details.contains("download") && details.contains("fail"));
    if !is_fetch {
        return None;
    }
    // A firewall that takes Meta's many calls for an attack responds with 403 or 429 for a while.
    Some(match http_code(details) {
        Some(400 | 401 | 404 | 405 | 406 | 410 | 414 | 415 | 451) => WRONG,
        _ => BUSY,
    })
}

/// The HTTP status in a text: the number behind "http code" or "error:", else none.
fn http_code(details: &str) -> Option<u16> {
    ["http code", "status code", "error:", "http"]
        .into_iter()
        .find_map(|before| {
            let (_, after) = details.split_once(before)?;
            let digits: String = after
                .trim_start_matches([' ', ':', '='])
                .chars()
                .take_while(char::is_ascii_digit)
                .collect();
            digits.parse().ok().filter(|code| (100..600).contains(code))
        })
}
