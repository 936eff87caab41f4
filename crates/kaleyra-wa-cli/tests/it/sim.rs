//! `kaleyra-wa sim`, with `kaleyra-wa listen` as its webhook.

use serde_json::{Value, json};

use crate::command::{Running, kaleyra_wa, run};
use crate::http::post;

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
    let (status, answer) = post(&sim.address, path, &headers, body.to_string().as_bytes());
    assert_eq!(status, 202, "{answer}");
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let id = answer["data"]["message_id"].as_str().unwrap();
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
        "callback posted, the webhook answered 200"
    );

    // The documentation's own sample has a quote missing.
    let (status, answer) = post(
        &sim.address,
        path,
        &headers,
        br#"{"messaging_object": {"context": {"message_id": wamid.X"}}}"#,
    );
    assert_eq!(status, 400);
    assert_eq!(
        serde_json::from_str::<Value>(&answer).unwrap()["code"],
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
        "+918000000001",
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
    let (code, _, error) = run(&mut kaleyra_wa(
        &[
            &[
                "sim",
                "--port",
                "0",
                "--callback-url",
                "https://example.com",
            ][..],
            &account,
        ]
        .concat(),
    ));
    assert_eq!(code, 2);
    assert!(error.contains("http://"), "{error}");
}
