//! `kaleyra-wa send`, against `kaleyra-wa sim`.

use std::net::TcpListener;
use std::process::Command;

use serde_json::Value;

use crate::command::{Running, kaleyra_wa, run};
use crate::http::{post, request};

const KEY: &str = "A0canary0key000000000000000000000";
const TO: &str = "+919800000077";
const TEXT: &str = "the canary sings";

fn sim() -> Running {
    Running::start(&[
        "sim",
        "--port",
        "0",
        "--sid",
        "HX1",
        "--api-key",
        KEY,
        "--sender",
        "+918000000001",
    ])
}

/// A send to this address, with the account in the environment.
fn send(address: &str, arguments: &[&str]) -> Command {
    let mut command = kaleyra_wa(&[&["send", "--to", TO], arguments].concat());
    command
        .env("KALEYRA_SID", "HX1")
        .env("KALEYRA_API_KEY", KEY)
        .env("KALEYRA_SENDER", "+918000000001")
        .env("KALEYRA_BASE_URL", format!("http://{address}"));
    command
}

fn fail(sim: &Running, fault: &str) {
    let body = format!(r#"{{"fault":"{fault}","times":1}}"#);
    assert_eq!(
        post(&sim.address, "/sim/faults", &[], body.as_bytes()).0,
        200,
        "{fault}"
    );
}

fn accepted(sim: &Running) -> Vec<Value> {
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
    assert!(out.starts_with("accepted  A"), "{out}");

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
        assert!(
            error.starts_with(begins) && error.trim_end().lines().count() == 1,
            "{fault}: {error}"
        );

        fail(&sim, fault);
        let (found, out, error) = run(&mut send(
            &sim.address,
            &["--text", TEXT, "--timeout", "1", "--json"],
        ));
        assert_eq!((found, error.as_str()), (code, ""), "{fault}");
        let json: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(json["outcome"], outcome, "{fault}");
        let text = begins.split_once(": ").unwrap().1;
        assert!(json["error"].as_str().unwrap().starts_with(text), "{json}");
    }
    // Only the two whose answer was broken were accepted, twice each.
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
fn bad_input_is_refused_before_anything_is_sent() {
    let sim = sim();
    for arguments in [
        &["--text", TEXT, "--to", "9800000077"][..],
        &["--text", TEXT, "--to", "+919800000077,+919800000078"],
        &["--text", ""],
        &["--text", &"x".repeat(4097)],
        &["--image", "ftp://example.com/cup.png"],
        &["--text", TEXT, "--reference", &"r".repeat(256)],
        &["--text", TEXT, "--image", "1"],
        &["--text", TEXT, "--caption", "x"],
        &["--text", TEXT, "--sender", "shop"],
        &["--text", TEXT, "--sid", "../.."],
        &["--text", TEXT, "--pod", "mars"],
        &["--text", TEXT, "--base-url", "http://example.com"],
        &["--text", TEXT, "--base-url", "not a url"],
        &[],
    ] {
        // A later --to wins over the helper's own.
        let mut command = kaleyra_wa(&["send"]);
        command
            .env("KALEYRA_SID", "HX1")
            .env("KALEYRA_API_KEY", KEY)
            .env("KALEYRA_SENDER", "+918000000001");
        command.env("KALEYRA_BASE_URL", format!("http://{}", sim.address));
        if !arguments.contains(&"--to") {
            command.args(["--to", TO]);
        }
        let (code, out, error) = run(command.args(arguments));
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {error}");
        assert!(error.starts_with("error: "), "{error}");
    }
    assert_eq!(accepted(&sim).len(), 0);
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
        error.contains("could not connect") && error.contains("nothing was sent"),
        "{error}"
    );
}

#[test]
fn key_number_and_text_appear_nowhere() {
    let sim = sim();
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    let mut heard = String::new();
    for fault in [
        "",
        "internal",
        "low-balance",
        "close",
        "documented-body",
        "bad-gateway",
    ] {
        if !fault.is_empty() {
            fail(&sim, fault);
        }
        for arguments in [&["--text", TEXT][..], &["--text", TEXT, "--json"]] {
            let (_, out, error) = run(send(&sim.address, arguments).env("RUST_LOG", "trace"));
            heard += &out;
            heard += &error;
        }
    }
    let (_, out, error) = run(send(&closed, &["--text", TEXT]).env("RUST_LOG", "trace"));
    heard += &out;
    heard += &error;
    assert!(
        heard.contains("TRACE") && heard.contains("kaleyra_wa.send"),
        "the log was on: {heard}"
    );
    for secret in [KEY, "9800000077", TEXT, "8000000001"] {
        assert!(!heard.contains(secret), "{secret} is in\n{heard}");
    }
}
