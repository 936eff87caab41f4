//! `kaleyra-wa listen`.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

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
        let line = listen.line();
        let event: Value = serde_json::from_str(&line).unwrap();
        let came: Value = serde_json::from_slice(&body).unwrap();
        let message = &came["meta_object"]["value"]["messages"][0];
        assert_eq!(event["kind"], "message");
        assert_eq!(event["type"], kind);
        assert_eq!(event["id"], message["id"]);
        assert_eq!(event["from"], message["from"]);
        assert_eq!(&event["body"], message);
        assert_eq!(event["extra_info"], came["extra_info"]);
        let value = &came["meta_object"]["value"];
        assert_eq!(event["contacts"], value["contacts"]);
        assert_eq!(event["metadata"], value["metadata"]);
        assert!(event.get("kaleyra").is_none(), "{event}");
        // The order of the keys is the documented one.
        assert!(line.starts_with(r#"{"kind":"message","type":""#), "{line}");
        let end = line.rsplit(r#""received_at":"#).next().unwrap();
        assert!(
            end.find("contacts").unwrap() < end.find("metadata").unwrap(),
            "{line}"
        );
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
        "meta_object.value.messages[0].text: expected an object (Text), found number"
    );
    assert_eq!(event["body"]["text"], 7);
    assert_eq!(event["id"], "wamid.1");
}

#[test]
fn what_is_wrong_gets_the_right_status_and_it_lives_on() {
    let mut listen = listen(&["--secret", "s3cret"]);
    let address = listen.address.clone();
    let mut refused = Vec::new();
    let good = callback("reaction.json");
    let big = vec![b'x'; 10_000_000];
    let guess = ("x-kaleyra-secret", "guess");
    let mut check = |method: &str, header: Option<(&str, &str)>, body: &[u8], status: u16| {
        let headers: Vec<_> = header.into_iter().collect();
        let (answered, text) = request(method, &address, "/", &headers, body);
        assert_eq!(answered, status, "{method} {headers:?}");
        assert!(!text.contains("s3cret"), "{text}");
        assert_eq!(text.trim().lines().count(), 1, "{text}");
        refused.push(format!("refused {status} {}", text.trim()));
    };
    check("POST", Some(guess), &good, 401);
    check("POST", None, &good, 401);
    check("POST", Some(guess), &big, 401);
    check("POST", Some(SECRET), &big, 413);
    check("GET", Some(SECRET), b"", 405);
    check("DELETE", Some(SECRET), &good, 405);
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
    for refused in refused {
        let line = listen.error_line();
        assert_eq!(line.split_once("  ").unwrap().1, refused);
    }
}

#[test]
fn nothing_around_the_events_is_lost() {
    let mut listen = listen(&["--secret", "s3cret", "--json"]);
    let body = r#"{"meta_object":{"field":"messages","value":{"statuses":[{"id":"1","status":"failed"}]}},
        "extra_info":[7],"status":"not sent","reason":"Daily limit reached"}"#;
    assert_eq!(
        post(&listen.address, "/", &[SECRET], body.as_bytes()).0,
        200
    );
    let event: Value = serde_json::from_str(&listen.line()).unwrap();
    assert_eq!(event["type"], "failed");
    assert_eq!(event["extra_info"], json!([7]));
    assert_eq!(event["contacts"], Value::Null);
    assert_eq!(
        event["kaleyra"],
        json!({"status": "not sent", "reason": "Daily limit reached"})
    );
}

#[test]
fn what_happened_is_said_in_words() {
    let mut listen = listen(&["--secret", "s3cret"]);
    let mut says = |value: &str, field: &str| {
        let body = format!(
            r#"{{"meta_object":{{"field":"{field}","value":{value}}},
            "extra_info":{{"reply_to":"K1","trace_id":"T1","waba_id":"W1"}}}}"#
        );
        assert_eq!(
            post(&listen.address, "/", &[SECRET], body.as_bytes()).0,
            200,
            "{body}"
        );
        let line = listen.line();
        if field == "messages" {
            let details = listen.line();
            assert!(
                details.ends_with("reply_to K1  trace_id T1  waba_id W1"),
                "{details}"
            );
        } else {
            listen.line();
        }
        // What is known about a code is a line of its own.
        if value.contains(r#""code":131"#) {
            let advice = listen.line();
            assert!(
                advice.contains("  131") && advice.contains(": it won't work as it is"),
                "{advice}"
            );
        }
        line
    };
    for (content, said) in [
        (
            r#""type":"text","text":{"body":"👩‍👩‍👧 \u0928\u093f \"so\""}"#,
            "\"👩‍👩‍👧 नि \"so\"\"",
        ),
        (
            r#""type":"document","document":{"mime_type":"application/pdf","filename":"bill.pdf","caption":"May"}"#,
            r#"application/pdf bill.pdf "May""#,
        ),
        (
            r#""type":"location","location":{"latitude":12.5,"longitude":77.5,"name":"Shop"}"#,
            r#"12.5, 77.5 "Shop""#,
        ),
        (
            r#""type":"contacts","contacts":[{"name":{"formatted_name":"Asha"},"phones":[{"phone":"+91 98"}]}]"#,
            r#""Asha" +91 98"#,
        ),
        (
            r#""type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"r1","title":"Tea"}}"#,
            r#"picked "Tea" (id "r1")"#,
        ),
        (
            r#""type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"b1","title":"Yes"}}"#,
            r#"tapped "Yes" (id "b1")"#,
        ),
        (
            r#""type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","response_json":"{\"a\":1}"}}"#,
            r#"filled in flow {"a":1}"#,
        ),
        (
            r#""type":"order","order":{"product_items":[{"product_retailer_id":"S1","quantity":2,"item_price":5,"currency":"INR"}]}"#,
            "2 × S1 at 5 INR",
        ),
        (
            r#""type":"system","system":{"body":"changed the number","type":"user_changed_number"}"#,
            "changed the number",
        ),
        (
            r#""type":"edit","edit":{"original_message_id":"wamid.0","message":{"type":"text","text":{"body":"Ho"}}}"#,
            r#"changed wamid.0 to "Ho""#,
        ),
        (
            r#""type":"revoke","revoke":{"original_message_id":"wamid.0"}"#,
            "took wamid.0 back",
        ),
        (
            r#""type":"unsupported","errors":[{"code":131051,"title":"Unsupported","error_data":{"details":"A poll"}}]"#,
            "131051 Unsupported: A poll",
        ),
    ] {
        let message =
            format!(r#"{{"messages":[{{"id":"wamid.1","from":"919800000001",{content}}}]}}"#);
        let line = says(&message, "messages");
        assert!(
            line.ends_with(&format!(" 919800000001  {said}")),
            "{said} is not in {line}"
        );
    }
    let line = says(
        r#"{"statuses":[{"id":"1","status":"failed","errors":[{"code":131047,"title":"Too late","error_data":{"details":"24 hours"}}]}]}"#,
        "messages",
    );
    assert!(line.ends_with("131047 Too late: 24 hours"), "{line}");
    let line = says(r#"{"event":"PAUSED"}"#, "message_template_status_update");
    assert!(line.contains("  PAUSED {"), "{line}");
}

#[test]
fn a_closed_output_ends_it_after_the_callback_was_not_acknowledged() {
    let mut listen = listen(&["--secret", "s3cret", "--json"]);
    listen.close_output();
    let good = callback("reaction.json");
    assert_eq!(post(&listen.address, "/", &[SECRET], &good).0, 503);
    assert_eq!(listen.end(), 1);
    assert!(listen.error_line().contains("refused 503"));
    let error = listen.error_line();
    assert!(
        error.starts_with("error: standard output is closed"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn the_second_interrupt_does_not_wait() {
    use std::io::{Read, Write};

    let mut listen = listen(&["--secret", "s3cret"]);
    // A callback whose body is waited for.
    let mut stream = std::net::TcpStream::connect(&listen.address).unwrap();
    let head = "POST / HTTP/1.1\r\nhost: a\r\nx-kaleyra-secret: s3cret\r\nexpect: 100-continue\r\n\
        content-length: 9\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let mut go_on = [0; 12];
    stream.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100");
    listen.interrupt();
    let waits = "waiting for callbacks under way; Ctrl-C again ends now";
    assert_eq!(listen.error_line(), waits);
    listen.interrupt();
    assert_eq!(listen.end(), 1);
}

#[test]
fn the_environment_may_hold_the_secret_and_the_flag_wins() {
    let secret = |value: &str, arguments: &[&str]| {
        let mut command = kaleyra_wa(&[&["listen", "--port", "0"], arguments].concat());
        command.env("KALEYRA_CALLBACK_SECRET", value);
        command
    };
    let (code, _, error) = run(&mut secret("", &[]));
    assert_eq!(code, 2);
    for part in [
        "--secret",
        "KALEYRA_CALLBACK_SECRET",
        "--dangerously-unverified",
    ] {
        assert!(error.contains(part), "{error}");
    }
    let good = callback("reaction.json");
    let mut open = Running::run(secret("s3cret", &["--dangerously-unverified"]));
    assert_eq!(post(&open.address, "/", &[], &good).0, 200);
    assert!(open.line().contains("reaction"));
    let closed = Running::run(secret("s3cret", &[]));
    assert_eq!(post(&closed.address, "/", &[], &good).0, 401);
    assert_eq!(post(&closed.address, "/", &[SECRET], &good).0, 200);
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
    let short = ["listen", "--port", "0", "--secret", "s"];
    let (code, _, error) = run(&mut kaleyra_wa(&short));
    assert_eq!(code, 2, "{error}");
}

#[test]
fn a_port_in_use_is_said_in_a_line() {
    let taken = listen(&["--secret", "s3cret"]);
    let port = taken.address.rsplit(':').next().unwrap();
    let (code, _, error) = run(&mut kaleyra_wa(&[
        "listen", "--port", port, "--secret", "s3cret",
    ]));
    assert_eq!(code, 1);
    assert_eq!(
        error,
        format!("error: port {port} is in use: stop what has it, or choose another with --port\n")
    );
}

#[test]
fn an_address_of_another_machine_is_said_in_a_line() {
    // One that is only for documentation, so that no machine has it.
    let arguments = [
        "listen",
        "--host",
        "203.0.113.9",
        "--port",
        "0",
        "--secret",
        "s3cret",
    ];
    let (code, _, error) = run(&mut kaleyra_wa(&arguments));
    assert_eq!(code, 1);
    assert_eq!(
        error,
        "error: 203.0.113.9 is no address of this machine: choose one that is, or 0.0.0.0 for all, with --host\n"
    );
}
