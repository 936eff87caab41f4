//! `kaleyra-wa listen`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::command::{Running, kaleyra_wa, run};
use crate::http::{post, request};

const SECRET: (&str, &str) = ("x-kaleyra-secret", "s3cret");

/// A callback in a documented shape, escapes and all.
fn callback(name: &str) -> Vec<u8> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/callbacks");
    fs::read(fixtures.join(name)).unwrap()
}

fn listen(arguments: &[&str]) -> Running {
    Running::start(&[&["listen", "--port", "0"], arguments].concat())
}

#[test]
fn each_event_is_a_line_of_json_with_the_element_as_it_came() {
    let mut listen = listen(&["--secret", "s3cret", "--json"]);
    for (name, kind) in [
        ("media_reply.json", "image"),
        ("reaction.json", "reaction"),
        ("template_button.json", "button"),
    ] {
        let body = callback(name);
        assert_eq!(
            post(&listen.address, "/", &[SECRET], &body),
            (200, "accepted\n".to_owned()),
            "{name}"
        );
        let event: Value = serde_json::from_str(&listen.line()).unwrap();
        let came: Value = serde_json::from_slice(&body).unwrap();
        let message = &came["meta_object"]["value"]["messages"][0];
        assert_eq!(event["kind"], "message");
        assert_eq!(event["type"], kind);
        assert_eq!(event["id"], message["id"]);
        assert_eq!(event["from"], message["from"]);
        assert_eq!(&event["body"], message);
        assert_eq!(event["extra_info"], came["extra_info"]);
        let received_at = event["received_at"].as_str().unwrap();
        assert!(
            received_at.len() == 24 && received_at.ends_with('Z'),
            "{received_at}"
        );
    }
}

#[test]
fn statuses_errors_fields_and_anything_else_are_events_too() {
    let mut listen = listen(&["--secret", "s3cret", "--json"]);
    let mut check = |body: &str, expected: &[(&str, &str)]| {
        assert_eq!(
            post(&listen.address, "/", &[SECRET], body.as_bytes()).0,
            200,
            "{body}"
        );
        for (kind, type_name) in expected {
            let event: Value = serde_json::from_str(&listen.line()).unwrap();
            assert_eq!(
                (event["kind"].as_str(), event["type"].as_str()),
                (Some(*kind), Some(*type_name)),
                "{event}"
            );
        }
    };
    check(
        r#"{"meta_object":{"field":"messages","value":{
            "statuses":[{"id":"1","status":"read","recipient_id":"919800000001"}],
            "errors":[{"code":131035}],
            "messages":[{"id":"wamid.1","type":"text","text":7},{"id":"wamid.2","type":"hologram","hologram":{}}]}}}"#,
        &[
            ("message", "text"),
            ("message", "hologram"),
            ("status", "read"),
            ("error", "131035"),
        ],
    );
    check(
        r#"{"meta_object":{"field":"account_update","value":{"event":"X"}}}"#,
        &[("field", "account_update")],
    );
    check(
        r#"{"status":"not sent","code":"WAV2101"}"#,
        &[("status", "not sent")],
    );
    check(r#"{"anything":1}"#, &[("other", "")]);
}

#[test]
fn a_part_that_cant_be_read_says_where_and_keeps_its_body() {
    let mut listen = listen(&["--secret", "s3cret", "--json"]);
    let body =
        r#"{"meta_object":{"value":{"messages":[{"id":"wamid.1","type":"text","text":7}]}}}"#;
    assert_eq!(
        post(&listen.address, "/", &[SECRET], body.as_bytes()).0,
        200
    );
    let event: Value = serde_json::from_str(&listen.line()).unwrap();
    assert_eq!(
        event["error"],
        "meta_object.value.messages[0].text: expected an object (Text), found integer"
    );
    assert_eq!(event["body"]["text"], 7);
    assert_eq!(event["id"], "wamid.1");
}

#[test]
fn what_is_wrong_gets_the_right_status_and_it_lives_on() {
    let mut listen = listen(&["--secret", "s3cret"]);
    let address = listen.address.clone();
    let good = callback("reaction.json");
    let big = vec![b'x'; 10_000_000];
    let guess = ("x-kaleyra-secret", "guess");
    let check = |method: &str, header: Option<(&str, &str)>, body: &[u8], status: u16| {
        let headers: Vec<_> = header.into_iter().collect();
        let (answered, text) = request(method, &address, "/", &headers, body);
        assert_eq!(answered, status, "{method} {headers:?}");
        assert!(!text.contains("s3cret"), "{text}");
        assert_eq!(text.trim().lines().count(), 1, "{text}");
    };
    check("POST", Some(guess), &good, 401);
    check("POST", None, &good, 401);
    check("POST", Some(guess), &big, 401);
    check("POST", Some(SECRET), &big, 413);
    check("GET", Some(SECRET), b"", 405);
    check("PUT", Some(SECRET), &good, 405);
    check("POST", Some(SECRET), br#"{"meta_object":"#, 400);
    check("POST", Some(SECRET), b"[]", 400);
    assert_eq!(post(&address, "/", &[SECRET], &good).0, 200);
    let line = listen.line();
    assert!(
        line.contains("reaction")
            && line.contains("Ravi Example (919800000002)")
            && line.contains('😂'),
        "{line}"
    );
}

#[test]
fn the_header_may_have_another_name_and_verification_may_be_dangerously_off() {
    let renamed = listen(&["--secret", "s3cret", "--secret-header", "X-Shop"]);
    let good = callback("reaction.json");
    assert_eq!(
        post(&renamed.address, "/", &[("x-shop", "s3cret")], &good).0,
        200
    );
    assert_eq!(post(&renamed.address, "/", &[SECRET], &good).0, 401);

    let open = listen(&["--dangerously-unverified"]);
    assert_eq!(post(&open.address, "/", &[], &good).0, 200);

    let (code, _, error) = run(&mut kaleyra_wa(&["listen", "--port", "0"]));
    assert_eq!(code, 2);
    assert!(error.contains("--secret"), "{error}");
    let (code, _, error) = run(&mut kaleyra_wa(&["listen", "--port", "0", "--secret", ""]));
    assert_eq!(code, 2, "{error}");
}

#[test]
fn a_port_in_use_is_said_in_a_line() {
    let taken = listen(&["--secret", "s3cret"]);
    let port = taken.address.rsplit(':').next().unwrap();
    let (code, _, error) = run(&mut kaleyra_wa(&[
        "listen", "--port", port, "--secret", "s",
    ]));
    assert_eq!(code, 1);
    assert_eq!(
        error,
        format!("error: port {port} is in use: stop what has it, or choose another with --port\n")
    );
}
