//! The table of error codes.

use std::time::Duration;

use kaleyra_wa_types::error_code::{self, ErrorClass};
use kaleyra_wa_types::inbound::{ErrorCode, MetaError};
use kaleyra_wa_types::response::Code;
use serde_json::json;

const HOUR: u64 = 3600;

#[rustfmt::skip]
const DOCUMENTED: &[u32] = &[
    0, 1, 2, 3, 4, 10, 33, 100, 190, 200, 250, 299, 368, 470, 506, 613, 1026, 2046, 2047, 80007,
    130403, 130429, 130470, 130472, 130497, 130501,
    131000, 131001, 131002, 131005, 131006, 131008, 131009, 131014, 131016, 131020, 131021, 131026, 131027, 131030, 131031,
    131035, 131036, 131037, 131041, 131042, 131043, 131044, 131045, 131047, 131048, 131049, 131050, 131051, 131052, 131053,
    131055, 131056, 131057, 131059, 131060, 131062, 131063, 131064,
    131201, 131202, 131203, 131204, 131207, 131208, 131209, 131210, 131211, 131212, 131213, 131214, 131215,
    132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 132068, 132069,
    133000, 133001, 133002, 133003, 133004, 133005, 133006, 133007, 133008, 133009, 133010, 133015, 133016,
    134011, 134100, 134101, 134102, 134103, 135000, 136025, 137000,
    138000, 138001, 138002, 138003, 138004, 138005, 138006, 138007, 138009, 138012, 138013, 138014, 138015,
    138017, 138018, 138019, 138020, 138021, 138022, 138023, 138024, 138025,
    139000, 139001, 139002, 139003, 139004, 139100, 139101, 139102, 139103, 147001, 147002, 147003, 147004, 147005,
    200005, 200006, 200007, 1752041, 2388001, 2388012, 2388019, 2388039, 2388040, 2388047, 2388072, 2388073, 2388091,
    2388093, 2388103, 2388293, 2388299, 2494100, 2593079, 2593085, 2593107, 2593108, 2593109,
];

fn class(code: u32) -> Option<ErrorClass> {
    error_code::lookup(&ErrorCode::from(code.to_string())).map(|info| info.class)
}

#[test]
fn the_table_is_sorted_and_has_each_code_once() {
    let ranges: Vec<_> = error_code::meta_codes().map(|(codes, _)| codes).collect();
    for codes in &ranges {
        assert!(codes.start() <= codes.end(), "{codes:?}");
    }
    for pair in ranges.windows(2) {
        assert!(pair[0].end() < pair[1].start(), "{pair:?}");
    }
    let codes: Vec<&str> = error_code::kaleyra_codes().map(|(code, _)| code).collect();
    assert!(codes.is_sorted_by(|a, b| a < b), "{codes:?}");
}

#[test]
fn every_documented_code_is_in_the_table_and_no_other() {
    for code in DOCUMENTED {
        assert!(class(*code).is_some(), "{code}");
    }
    for (codes, _) in error_code::meta_codes() {
        assert!(
            DOCUMENTED.contains(codes.start()) && DOCUMENTED.contains(codes.end()),
            "{codes:?}"
        );
    }
    for code in [5, 199, 300, 131003, 138008, 4_000_000_000] {
        assert_eq!(class(code), None, "{code}");
    }
    for code in ["", "secret", "-1", "131047.5", "99999999999999999999"] {
        assert_eq!(error_code::lookup(&ErrorCode::from(code)), None, "{code}");
    }
}

#[test]
fn every_meaning_is_a_line_of_its_own() {
    let meta = error_code::meta_codes().map(|(_, info)| info);
    let kaleyra = error_code::kaleyra_codes().map(|(_, info)| info);
    for info in meta.chain(kaleyra) {
        let meaning = info.meaning;
        assert!(
            !meaning.is_empty() && meaning.len() <= 100 && !meaning.ends_with('.'),
            "{meaning}"
        );
    }
}

#[test]
fn classes_are_as_the_pages_advise() {
    let wait = |seconds| ErrorClass::Wait(Duration::from_secs(seconds));
    for (codes, expected) in [
        (
            &[
                1, 2, 4, 613, 80007, 130429, 131000, 131016, 131027, 131056, 131057, 131208,
                133004, 138002, 138004, 138005, 139102, 139103,
            ][..],
            ErrorClass::Transient,
        ),
        (&[131049], wait(24 * HOUR)),
        (&[133015, 2494100], wait(300)),
        (&[134101], wait(600)),
        (
            &[132069, 133008, 133009, 131036, 131048, 131064, 131214],
            wait(HOUR),
        ),
        (&[133016], wait(72 * HOUR)),
        (
            &[
                0, 3, 10, 190, 200, 255, 299, 368, 131005, 131031, 131037, 131042, 131045, 132015,
                133010, 137000, 2388019,
            ],
            ErrorClass::FixFirst,
        ),
        (
            &[
                33, 130472, 130497, 131008, 131047, 131050, 131051, 132000, 132001, 132016, 138000,
                2593109,
            ],
            ErrorClass::Never,
        ),
        (&[100, 131009, 131014, 131026, 131053], ErrorClass::Unclear),
    ] {
        for code in codes {
            assert_eq!(class(*code), Some(expected), "{code}");
        }
    }
    assert!(wait(1).is_temporary() && ErrorClass::Transient.is_temporary());
    assert!(!ErrorClass::Unclear.is_temporary());
    assert!(!ErrorClass::FixFirst.is_temporary() && !ErrorClass::Never.is_temporary());
}

#[test]
fn an_error_knows_its_class_as_number_and_as_text() {
    for code in [json!(131049), json!("131049")] {
        let error: MetaError =
            serde_json::from_value(json!({"code": code, "title": "anything"})).unwrap();
        assert_eq!(
            error.class(),
            Some(ErrorClass::Wait(Duration::from_secs(24 * HOUR)))
        );
    }
    for error in [json!({}), json!({"code": null}), json!({"code": 7})] {
        let error: MetaError = serde_json::from_value(error).unwrap();
        assert_eq!(error.class(), None);
    }
}

#[test]
fn every_code_of_kaleyras_has_a_meaning() {
    let wait = |seconds| Some(ErrorClass::Wait(Duration::from_secs(seconds)));
    for (code, class) in [
        ("WA202", None),
        ("WA200", None),
        ("RBC001", Some(ErrorClass::FixFirst)),
        ("WA401", Some(ErrorClass::FixFirst)),
        ("WA-401", Some(ErrorClass::FixFirst)),
        ("WA400", Some(ErrorClass::Never)),
        ("E110", Some(ErrorClass::FixFirst)),
        ("E13001", Some(ErrorClass::Never)),
        ("WAV2101", wait(24 * HOUR)),
        ("WA429", wait(300)),
        ("WA500", wait(300)),
    ] {
        let code = Code::from(code);
        assert_eq!(code.class(), class, "{code}");
        assert!(code.meaning().is_some(), "{code}");
        assert_eq!(code.is_success(), class.is_none(), "{code}");
    }
    let unknown = Code::from("WA499");
    assert_eq!((unknown.class(), unknown.meaning()), (None, None));
}

#[test]
fn details_decide_where_a_code_means_several_things() {
    let day = ErrorClass::Wait(Duration::from_secs(24 * HOUR));
    for (code, details, expected) in [
        (
            131053,
            "Downloading media from weblink failed with http code 503, status message Service Unavailable",
            ErrorClass::Transient,
        ),
        (
            131053,
            "Downloading media from weblink failed with http code 429",
            ErrorClass::Transient,
        ),
        (
            131053,
            "Downloading media from weblink failed with http code 403, Forbidden",
            ErrorClass::Transient,
        ),
        (
            131053,
            "Downloading media from weblink failed, connection timed out",
            ErrorClass::Transient,
        ),
        (
            131053,
            "Downloading media from weblink failed with http code 404, status message Not Found",
            ErrorClass::FixFirst,
        ),
        (
            131053,
            "Audio file uploaded with mimetype as audio/ogg; codecs=opus, however on processing it is of type application/octet-stream",
            ErrorClass::Never,
        ),
        (
            131053,
            "Sticker with dimensions 406x379 has incorrect dimensions, expected dimension: 512x512",
            ErrorClass::Never,
        ),
        (131053, "Something else", ErrorClass::Unclear),
        (
            131014,
            "Request for url https://example.com/a.jpg failed with error: 404 (Not Found)",
            ErrorClass::FixFirst,
        ),
        (
            131014,
            "Request for url https://example.com/a.jpg failed with error: 502 (Bad Gateway)",
            ErrorClass::Transient,
        ),
        (100, "Parameter name is missing or empty", ErrorClass::Never),
        (
            100,
            "button: Parameter at index 0 exceeds the parameter length limit 15",
            ErrorClass::Never,
        ),
        (
            100,
            "Object with ID '1700' does not exist, cannot be loaded due to missing permissions",
            ErrorClass::FixFirst,
        ),
        (100, "Try this", ErrorClass::Unclear),
        (
            131009,
            "Please check the parameters you have provided.",
            ErrorClass::Never,
        ),
        (
            131009,
            "Unable to find message: wamid is older than 30 days",
            ErrorClass::Never,
        ),
        (
            131009,
            "The business phone number is not registered",
            ErrorClass::FixFirst,
        ),
        (131009, "Media ID 1700 has expired", ErrorClass::FixFirst),
        (
            131026,
            "Receiver is not a valid WhatsApp user",
            ErrorClass::Never,
        ),
        (
            131026,
            "Recipient has not accepted our new Terms of Service and Privacy Policy",
            ErrorClass::FixFirst,
        ),
        (
            131026,
            "Recipient is using an old WhatsApp version",
            ErrorClass::FixFirst,
        ),
        (
            131026,
            "This message was not delivered to maintain healthy ecosystem engagement.",
            day,
        ),
        (131026, "Message Undeliverable.", ErrorClass::Unclear),
        // A code that means one thing is not changed by its details.
        (
            131047,
            "Downloading media from weblink failed with http code 503",
            ErrorClass::Never,
        ),
    ] {
        let error: MetaError =
            serde_json::from_value(json!({"code": code, "error_data": {"details": details}}))
                .unwrap();
        assert_eq!(error.class(), Some(expected), "{code} {details}");
        assert!(error.info().is_some_and(|info| !info.meaning.is_empty()));
    }
    // Where nothing decides, the meaning names both, and what to do for each.
    let error: MetaError =
        serde_json::from_value(json!({"code": 131053, "title": "Media upload error"})).unwrap();
    let meaning = error.info().unwrap().meaning;
    assert!(
        meaning.contains("(never)") && meaning.contains("(try again)"),
        "{meaning}"
    );
}
