//! `kaleyra-wa sim`, with `kaleyra-wa listen` as its webhook.

use serde_json::{Value, json};

use crate::command::{Running, kaleyra_wa, run};
use crate::http::{post, request_as};

#[test]
fn a_message_is_accepted_and_its_status_called_back() {
    let mut listen = Running::start(&["listen", "--port", "0", "--secret", "s3cret", "--json"]);
    let url = format!("http://{}/", listen.address);
    let mut sim = Running::start(&[
        "sim",
        "--port",
        "0",
        "--sid",
        "HXAP16XXXXXX97IN",
        "--api-key",
        "Axx3",
        "--sender",
        "+91XXXXXXXXXX",
        "--callback-url",
        &url,
        "--callback-secret",
        "s3cret",
    ]);
    // Masked as in the documentation; the sender's + may be left out.
    let body = json!({
        "messaging_object": {"messaging_product": "whatsapp", "to": "+16XXXXXX234", "type": "text",
            "text": {"preview_url": false, "body": "Thanks!"}},
        "extra_info": {"ref": "customer1"},
    });
    let headers = [("api-key", "Axx3"), ("content-type", "application/json")];
    let path = "/v2/HXAP16XXXXXX97IN/whatsapp/91XXXXXXXXXX/messages";
    let (status, response) = post(&sim.address, path, &headers, body.to_string().as_bytes());
    assert_eq!(status, 202, "{response}");
    let response: Value = serde_json::from_str(&response).unwrap();
    let id = response["data"]["message_id"].as_str().unwrap();
    let line = sim.line();
    assert!(
        line.contains(id) && line.contains("\"Thanks!\"") && line.contains("ref \"customer1\""),
        "{line}"
    );

    let event: Value = serde_json::from_str(&listen.line()).unwrap();
    assert_eq!(
        (&event["kind"], &event["type"], &event["extra_info"]["ref"]),
        (&"status".into(), &"sent".into(), &"customer1".into())
    );
    assert_eq!(
        sim.line().split_once("  ").unwrap().1,
        "callback posted, the webhook responded with 200"
    );

    // The documentation's own sample has a quote missing.
    let (status, response) = post(
        &sim.address,
        path,
        &headers,
        br#"{"messaging_object": {"context": {"message_id": wamid.X"}}}"#,
    );
    assert_eq!(status, 400);
    assert_eq!(
        serde_json::from_str::<Value>(&response).unwrap()["code"],
        "WA400"
    );
    let line = sim.line();
    assert!(
        line.contains("400 WA400  not JSON: expected value at line 1 column"),
        "{line}"
    );
}

#[test]
fn faults_are_asked_for_by_name() {
    let account = [
        "--sid",
        "HX1",
        "--api-key",
        "A1",
        "--sender",
        "+91 80000-00001",
    ];
    let sim = Running::start(
        &[
            &["sim", "--port", "0", "--fail", "E110", "--fail-times", "1"][..],
            &account,
        ]
        .concat(),
    );
    let body = br#"{"messaging_object":{"messaging_product":"whatsapp","to":"+1","type":"text","text":{"body":"a"}}}"#;
    let send = || {
        post(
            &sim.address,
            "/v2/HX1/whatsapp/+918000000001/messages",
            &[("api-key", "A1"), ("content-type", "application/json")],
            body,
        )
        .0
    };
    assert_eq!([send(), send()], [400, 202]);

    let (code, _, error) = run(&mut kaleyra_wa(
        &[&["sim", "--port", "0", "--fail", "gravity"][..], &account].concat(),
    ));
    assert_eq!(code, 2);
    assert!(error.contains("low-balance"), "{error}");
    let refused = |arguments: &[&str], part: &str| {
        let arguments = [&["sim", "--port", "0"], arguments, &account].concat();
        let (code, _, error) = run(&mut kaleyra_wa(&arguments));
        assert_eq!(code, 2, "{error}");
        assert!(error.contains(part), "{error}");
    };
    refused(&["--callback-url", "ftp://example.com"], "http://");
    refused(&["--callback-secret", "s3cret"], "--callback-url");
    refused(&["--fail", "E110", "--fail-times", "0"], "from 1 to 1000");
    refused(
        &["--fail", "E110", "--fail-times", "1001"],
        "from 1 to 1000",
    );
    refused(&["--sid", ""], "--sid");
    refused(&["--fail", "E999"], "such as E110");
    refused(&["--host", "localhost"], "such as 127.0.0.1");
    refused(&["--allow-host", "http://sim"], "without scheme and port");
}

#[test]
fn what_is_missing_is_named_with_its_variable() {
    let (code, _, error) =
        run(kaleyra_wa(&["sim", "--port", "0", "--sid", "HX1"]).env("KALEYRA_SENDER", ""));
    assert_eq!(
        (code, error.as_str()),
        (
            2,
            "error: --api-key (or KALEYRA_API_KEY), --sender (or KALEYRA_SENDER) are missing\n"
        )
    );
}

#[test]
fn a_lost_callback_says_after_how_many_tries() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", closed.local_addr().unwrap());
    drop(closed);
    let arguments = ["sim", "--port", "0", "--sid", "HX1", "--api-key", "A1"];
    let more = ["--sender", "+918000000001", "--callback-url", &url];
    let mut sim = Running::start(&[&arguments[..], &more].concat());
    let body = br#"{"messaging_object":{"messaging_product":"whatsapp","to":"+1","type":"text","text":{"body":"a"}}}"#;
    let headers = [("api-key", "A1"), ("content-type", "application/json")];
    let path = "/v2/HX1/whatsapp/+918000000001/messages";
    assert_eq!(post(&sim.address, path, &headers, body).0, 202);
    sim.line();
    let line = sim.line();
    assert!(
        line.contains("callback lost") && line.ends_with(", after 3 tries"),
        "{line}"
    );
}

#[test]
fn other_hosts_are_answered_where_they_are_allowed() {
    let account = [
        "--sid",
        "HX1",
        "--api-key",
        "A1",
        "--sender",
        "+918000000001",
    ];
    let arguments = [
        "sim",
        "--port",
        "0",
        "--allow-host",
        "sim",
        "--allow-host",
        "kaleyra.test",
    ];
    let sim = Running::start(&[&arguments[..], &account].concat());
    for (host, status) in [
        ("sim", 200),
        ("Kaleyra.Test:80", 200),
        ("evil.example", 421),
    ] {
        let (found, text) = request_as(host, &sim.address);
        assert_eq!(found, status, "{host}");
        assert_eq!(text.contains("--allow-host NAME"), status == 421, "{text}");
    }
}
