//! `kaleyra-wa send`, where something in between answers in Kaleyra's place: a success that is not Kaleyra's is none.

use serde_json::Value;

use crate::command::run;
use crate::http::answering;
use crate::send::{TEXT, accepted, fail, send, sim};

/// The exit code, the outcome by `--json`, and what people are told.
fn sent(server: impl Fn() -> String) -> (i32, String, String) {
    let (code, out, error) = run(&mut send(&server(), &["--text", TEXT]));
    assert_eq!(
        error.lines().count() + out.lines().count(),
        1,
        "{out}{error}"
    );
    let (json_code, json, _) = run(&mut send(&server(), &["--text", TEXT, "--json"]));
    assert_eq!(json_code, code);
    let json: Value = serde_json::from_str(&json).unwrap();
    (
        code,
        json["outcome"].as_str().unwrap().to_owned(),
        out + &error,
    )
}

#[test]
fn a_foreign_success_is_unknown_and_not_accepted() {
    for (status, body) in [
        ("200 OK", "<html><body>Request blocked</body></html>"),
        (
            "200 OK",
            r#"{"success":false,"error":{"message":"blocked"}}"#,
        ),
        ("200 OK", r#"{"success":true}"#),
        ("202 Accepted", "OK"),
        ("200 OK", "[]"),
        ("200 OK", "null"),
    ] {
        let (code, outcome, told) = sent(|| answering(status, body));
        assert_eq!(
            (code, outcome.as_str()),
            (5, "indeterminate"),
            "{body}: {told}"
        );
        assert!(
            told.starts_with("error: ") && told.contains("; it is 01"),
            "{body}: {told}"
        );
    }
}

#[test]
fn a_success_of_kaleyras_stays_one_though_it_cant_be_read() {
    for (status, body) in [
        ("202 Accepted", ""),
        (
            "202 Accepted",
            "{\n\"code\":\"WA202\"\n\"message\":\"Request Accepted\",\n\"data\":{\"message_id\":\"A1\"}\n\"error\":{}\n}",
        ),
        (
            "202 Accepted",
            r#"{"code":"WA202","message":"Request Accepted","data":{},"error":{}}"#,
        ),
    ] {
        let (code, outcome, told) = sent(|| answering(status, body));
        assert_eq!((code, outcome.as_str()), (0, "accepted"), "{body}: {told}");
        assert!(told.starts_with("warning: accepted"), "{body}: {told}");
    }
}

#[test]
fn the_simulator_answers_as_such_a_firewall() {
    let sim = sim();
    for fault in ["foreign-page", "foreign-json"] {
        let (code, outcome, told) = sent(|| {
            fail(&sim, fault);
            sim.address.clone()
        });
        assert_eq!(
            (code, outcome.as_str()),
            (5, "indeterminate"),
            "{fault}: {told}"
        );
    }
    assert!(accepted(&sim).is_empty());
}
