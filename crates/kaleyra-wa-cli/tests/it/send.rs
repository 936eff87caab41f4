//! `kaleyra-wa send`, against `kaleyra-wa sim`.

use std::net::TcpListener;
use std::process::Command;

use serde_json::Value;

use crate::command::{Running, kaleyra_wa, run};
use crate::http::{post, request};

pub(crate) const KEY: &str = "A0canary0key000000000000000000000";
pub(crate) const TO: &str = "+919800000077";
pub(crate) const TEXT: &str = "the canary sings";

pub(crate) fn sim() -> Running {
    crate::simulator::start(&[])
}

/// A send to this address, with the account in the environment.
pub(crate) fn send(address: &str, arguments: &[&str]) -> Command {
    let mut command = kaleyra_wa(&[&["send", "--to", TO], arguments].concat());
    command
        .env("KALEYRA_SID", "HX1")
        .env("KALEYRA_API_KEY", KEY)
        .env("KALEYRA_SENDER", "+918000000001")
        .env("KALEYRA_BASE_URL", format!("http://{address}"));
    command
}

pub(crate) fn fail(sim: &Running, fault: &str) {
    let body = format!(r#"{{"fault":"{fault}","times":1}}"#);
    assert_eq!(
        post(&sim.address, "/sim/faults", &[], body.as_bytes()).0,
        200,
        "{fault}"
    );
}

pub(crate) fn accepted(sim: &Running) -> Vec<Value> {
    let (status, body) = request("GET", &sim.address, "/sim/messages", &[], b"");
    assert_eq!(status, 200);
    let messages: Value = serde_json::from_str(&body).unwrap();
    let messages = messages
        .as_array()
        .or(messages["messages"].as_array())
        .unwrap();
    messages
        .iter()
        .map(|message| message["request"].clone())
        .collect()
}

#[test]
fn what_is_sent_is_what_the_flags_say() {
    let sim = sim();
    let (code, out, error) = run(&mut send(&sim.address, &["--text", TEXT]));
    assert_eq!((code, error.as_str()), (0, ""));
    assert!(
        out.starts_with("accepted  A")
            && out.contains(&format!("  by http://{}  reference ", sim.address)),
        "{out}"
    );
    let made = out.trim_end().rsplit(' ').next().unwrap();

    let arguments = [
        "--image",
        "https://example.com/cup.png",
        "--caption",
        "The blue one",
        "--reply-to",
        "wamid.1",
        "--reference",
        "order-17",
        "--reference1",
        "spring",
        "--reference2",
        "cups",
        "--source",
        "shopify",
        "--json",
    ];
    let (code, out, _) = run(&mut send(&sim.address, &arguments));
    assert_eq!(code, 0);
    assert_eq!(out.trim_end().lines().count(), 1);
    let outcome: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&outcome["outcome"], &outcome["code"], &outcome["status"]),
        (&"accepted".into(), &"WA202".into(), &202.into())
    );
    assert!(outcome["message_id"].as_str().unwrap().starts_with('A'));
    assert_eq!(outcome["reference"], "order-17");
    assert_eq!(
        run(&mut send(
            &sim.address,
            &["--document", "2000001", "--filename", "bill.pdf"]
        ))
        .0,
        0
    );

    let sent = accepted(&sim);
    assert_eq!(sent[0]["messaging_object"]["text"]["body"], TEXT);
    assert_eq!(sent[0]["extra_info"]["ref"], made);
    assert_eq!(
        sent[1],
        serde_json::json!({
            "messaging_object": {
                "messaging_product": "whatsapp", "recipient_type": "individual", "to": TO,
                "context": {"message_id": "wamid.1"},
                "type": "image", "image": {"link": "https://example.com/cup.png", "caption": "The blue one"},
            },
            "extra_info": {"ref": "order-17", "ref1": "spring", "ref2": "cups", "wa_source": "shopify"},
        })
    );
    assert_eq!(
        sent[2]["messaging_object"]["document"],
        serde_json::json!({"id": "2000001", "filename": "bill.pdf"})
    );
}

#[test]
fn every_failure_is_its_own_line_and_exit_code() {
    let sim = sim();
    for (fault, code, begins, outcome) in [
        (
            "incorrect-credentials",
            3,
            "error: RBC001: the SID or the API key is wrong",
            "rejected",
        ),
        (
            "sender-not-in-account",
            3,
            "error: WA401: the sender's number is not in the account",
            "rejected",
        ),
        (
            "incorrect-payload",
            3,
            "error: WA400: Kaleyra did not understand the payload",
            "rejected",
        ),
        (
            "internal",
            5,
            "error: WA500: Kaleyra had an internal error",
            "indeterminate",
        ),
        (
            "low-balance",
            3,
            "error: E110: the account's balance is too low",
            "rejected",
        ),
        (
            "account-type",
            3,
            "error: WA-401: this type of account may not use the API",
            "rejected",
        ),
        (
            "api-version",
            3,
            "error: WA-401: the sender's number is on another version",
            "rejected",
        ),
        (
            "too-many-requests",
            3,
            "error: WA429: too many requests",
            "rejected",
        ),
        ("bad-gateway", 5, "error: HTTP status 502", "indeterminate"),
        (
            "close",
            5,
            "error: the connection broke off",
            "indeterminate",
        ),
        ("hang", 5, "error: a time limit passed", "indeterminate"),
        (
            "cut-body",
            0,
            "warning: accepted with HTTP status 202, but its id is unknown",
            "accepted",
        ),
        (
            "documented-body",
            0,
            "warning: accepted with HTTP status 202, but its id is unknown",
            "accepted",
        ),
    ] {
        fail(&sim, fault);
        let (found, out, error) = run(&mut send(&sim.address, &["--text", TEXT, "--timeout", "1"]));
        assert_eq!(found, code, "{fault}: {error}");
        assert_eq!(out, "", "{fault}");
        assert_eq!(error.contains("; it is 01"), code == 5, "{error}");
        assert!(
            error.starts_with(begins) && error.trim_end().lines().count() == 1,
            "{fault}: {error}"
        );

        fail(&sim, fault);
        let (found, out, error) = run(&mut send(
            &sim.address,
            &["--text", TEXT, "--timeout", "1", "--json"],
        ));
        assert_eq!((found, error.as_str()), (code, ""), "{fault}: {out}");
        let json: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(json["outcome"], outcome, "{fault}");
        assert_eq!(
            json["kind"].as_str().unwrap(),
            match (code, fault) {
                (3, _) => "rejected",
                (0, _) => "unreadable_response",
                (_, "close") => "transport",
                (_, "hang") => "timeout",
                _ => "server",
            }
        );
        assert!(
            json["reference"].as_str().unwrap().starts_with("01"),
            "{json}"
        );
        assert_eq!(
            json["retry_after"].is_u64(),
            fault == "too-many-requests",
            "{json}"
        );
        assert_eq!(
            json["server_message"].is_string(),
            code == 3 || fault == "internal",
            "{json}"
        );
        let text = begins.split_once(": ").unwrap().1;
        let told = json["error"]["message"].as_str().unwrap();
        assert!(text.starts_with(told) || told.starts_with(text), "{json}");
        assert_eq!(json["error"]["kind"], json["kind"], "{json}");
    }
    // Only the two whose response was broken were accepted, twice each.
    assert_eq!(accepted(&sim).len(), 4);
}

#[test]
fn a_wrong_account_is_told_by_the_documented_codes() {
    let sim = sim();
    for (flag, value, code) in [
        ("--sid", "HX2", "RBC001"),
        ("--api-key", "other", "RBC001"),
        ("--sender", "+918000000002", "WA401"),
    ] {
        let (exit, _, error) = run(&mut send(&sim.address, &["--text", TEXT, flag, value]));
        assert_eq!(exit, 3);
        assert!(error.starts_with(&format!("error: {code}: ")), "{error}");
    }
}

#[test]
fn an_unreachable_server_is_not_sent() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    let (code, _, error) = run(&mut send(&closed, &["--text", TEXT]));
    assert_eq!(code, 4, "{error}");
    assert!(
        error.contains("could not connect")
            && error.contains("nothing was sent")
            && error.contains("refused"),
        "{error}"
    );
    let (_, out, _) = run(&mut send(&closed, &["--text", TEXT, "--json"]));
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&json["outcome"], &json["kind"]),
        (&"not_sent".into(), &"transport".into())
    );
    assert!(
        json["cause"].as_str().unwrap().contains("refused"),
        "{json}"
    );
}

#[test]
fn a_reference_that_was_given_is_not_told() {
    let sim = sim();
    fail(&sim, "internal");
    let (code, _, error) = run(&mut send(
        &sim.address,
        &["--text", TEXT, "--reference", "a"],
    ));
    assert_eq!(code, 5);
    assert!(!error.contains("; it is "), "{error}");
}
