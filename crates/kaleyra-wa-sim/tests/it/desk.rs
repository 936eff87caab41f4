//! The clock, the log, the state, accounts and settings: over HTTP and by the handle.

use std::time::Duration;

use kaleyra_wa_sim::{Account, Callbacks, Fact, Strictness};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::bot::{Flaw, HOUR, shop};
use super::wire::{
    KEY, SID, SOON, Webhook, builder, exchange, parse, request, send, simulator, text_to,
    wrong_payload,
};

const ASHA: &str = "+919800000001";

#[tokio::test]
async fn the_clock_is_shown_and_set() {
    let sim = builder().frozen().bind("127.0.0.1:0").await.unwrap();
    let before = sim.now();
    let post = async |body: &str| request(&sim, "POST /sim/clock", &[], body).await;
    let response = post(r#"{"advance":"25h"}"#).await.json();
    assert_eq!(response["frozen"], true);
    assert_eq!(sim.now(), before + 25 * HOUR);
    assert_eq!(post(r#"{"speed":60}"#).await.json()["speed"], 60.0);
    assert_eq!(post(r#"{"frozen":true}"#).await.json()["speed"], 0.0);
    for (body, part) in [
        ("{}", "give advance, to, frozen or speed"),
        (r#"{"advance":"soon"}"#, "advance: write a duration"),
        (r#"{"to":"1999-01-01T00:00:00Z"}"#, "never goes back"),
        (r#"{"speed":-1}"#, "speed: must be from 0"),
    ] {
        let response = post(body).await;
        assert_eq!(response.status(), 400);
        assert!(
            response.json()["message"].as_str().unwrap().contains(part),
            "{body}"
        );
    }
}

#[tokio::test]
async fn the_log_has_causes_bodies_and_bases() {
    let mut webhook = Webhook::answering(&[200]).await;
    let sim = builder()
        .callbacks(webhook.url.as_str(), None)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    send(&sim, &text_to(ASHA)).await;
    webhook.next().await;
    sim.settle().await;
    let log = request(&sim, "GET /sim/log", &[], "").await.json();
    let log = log.as_array().unwrap();
    let find = |what: &str| log.iter().find(|it| it["what"] == what).unwrap();
    let request_entry = find("request");
    assert!(
        request_entry["body"]
            .as_str()
            .unwrap()
            .contains("Your order is on its way.")
    );
    assert!(request_entry["headers"].to_string().contains("(secret)"));
    assert!(!Value::from(log.clone()).to_string().contains(KEY));
    let accepted = find("accepted");
    assert_eq!(accepted["cause"], request_entry["number"]);
    assert_eq!(accepted["basis"], "documented");
    let status = find("status");
    assert_eq!(status["cause"], accepted["number"]);
    let callback = find("callback");
    assert_eq!(
        (&callback["cause"], &callback["basis"]),
        (&status["number"], &json!("documented"))
    );
    let attempt = find("attempt");
    assert_eq!(
        (&attempt["cause"], &attempt["status"]),
        (&callback["number"], &json!(200))
    );
    assert_eq!(find("answer")["status"], 202);

    let line = format!("GET /sim/log/{}", callback["number"]);
    assert_eq!(
        request(&sim, &line, &[], "").await.json()["what"],
        "callback"
    );
    let line = format!("POST /sim/callbacks/{}/redeliver", callback["number"]);
    let again = request(&sim, &line, &[], "").await;
    assert_eq!(again.json()["webhook_status"], 200);
    assert_eq!(
        webhook.next().await.body,
        callback["body"].as_str().unwrap()
    );
    request(&sim, &line, &[], r#"{"edited":true}"#).await;
    assert_eq!(webhook.next().await.json(), json!({"edited": true}));
    assert_eq!(
        request(&sim, "POST /sim/callbacks/1/redeliver", &[], "")
            .await
            .status(),
        404
    );
}

/// Reads a stream of events until one says this.
async fn events_until(stream: &mut TcpStream, part: &str) -> String {
    let mut bytes = Vec::new();
    loop {
        let reading = stream.read_buf(&mut bytes);
        assert_ne!(
            tokio::time::timeout(SOON, reading).await.unwrap().unwrap(),
            0
        );
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if text.contains(part) {
            return text;
        }
    }
}

#[tokio::test]
async fn the_log_is_a_stream_that_can_be_resumed() {
    let sim = simulator().await;
    let open = async |last: &str| {
        let mut stream = TcpStream::connect(sim.addr()).await.unwrap();
        let head = format!(
            "GET /sim/log HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n{last}\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    };
    let mut stream = open("").await;
    events_until(&mut stream, "retry: 500").await;
    send(&sim, &text_to(ASHA)).await;
    let text = events_until(&mut stream, "event: answer").await;
    assert!(text.contains("event: accepted"), "{text}");
    drop(stream);
    send(&sim, "{}").await;
    let id = text.split("id: ").nth(1).unwrap().lines().next().unwrap();
    let mut stream = open(&format!("last-event-id: {id}\r\n")).await;
    let resumed = events_until(&mut stream, "messaging_object: missing").await;
    assert!(
        resumed.contains("event: accepted") && resumed.contains("event: rejected"),
        "{resumed}"
    );
    tokio::time::timeout(SOON, sim.shutdown()).await.unwrap();
}

#[tokio::test]
async fn a_state_is_exported_and_loaded() {
    let (sim, _bot) = shop(|it| it.frozen().seed(7), Flaw::None).await;
    sim.user(ASHA)
        .named("Asha Example")
        .says("Hi")
        .expect("Which size do you need?")
        .sends_image("jpeg")
        .expect("Nice cup!")
        .await;
    sim.user("+919800000002")
        .says("Hello")
        .expect("Which size do you need?")
        .await;
    let state = sim.export();
    assert_eq!(state, sim.export());
    assert!(!state.to_string().contains(KEY));

    let (other, _bot) = shop(|it| it.frozen().seed(7), Flaw::None).await;
    other.import(&state).unwrap();
    assert_eq!(other.accepted().len(), 3);
    let apart = sim.now().duration_since(other.now()).unwrap();
    assert!(apart < Duration::from_millis(1), "{apart:?}");
    // It goes on where it stopped: the button is there, the file, too, and ids are new ones.
    other
        .user(ASHA)
        .taps("42")
        .expect("Size 42 comes in two days.")
        .await;
    let mut again = other.export();
    let url = again["conversations"][0]["lines"][2]["user"]["media_url"]
        .as_str()
        .unwrap();
    let path = url.strip_prefix(&other.base_url()).unwrap().to_owned();
    assert_eq!(
        request(&other, &format!("GET {path}"), &[], "").await.body,
        "jpeg"
    );
    let first = other.accepted()[0].wamid.clone();
    assert!(other.accepted().iter().skip(1).all(|it| it.wamid != first));

    let one = sim.export_conversation(&sim.conversations()[1]);
    assert_eq!(one["messages"].as_array().unwrap().len(), 1);
    again["version"] = 2.into();
    assert!(other.import(&again).is_err());
    let put = request(&other, "PUT /sim/state", &[], &one.to_string()).await;
    assert_eq!(put.json(), json!({"messages": 1}), "{}", put.body);
    let broken = state.to_string().replace("\"reply_to\"", "\"reply\"");
    let put = request(&other, "PUT /sim/state", &[], &broken).await;
    assert_eq!(
        put.json()["message"],
        "messages[0]: is not as an exported state has it"
    );
    request(&other, "DELETE /sim/state", &[], "").await;
    assert!(other.accepted().is_empty() && other.conversations().is_empty());
}

#[tokio::test]
async fn several_accounts_and_numbers_are_apart() {
    let germany =
        Account::new("HXEU0000000000DE", "A-german-key", "+4930000001").number("+4930000002");
    let sim = builder()
        .account(germany)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    let post = async |sid: &str, sender: &str, key: &str| {
        let line = format!("POST /v2/{sid}/whatsapp/{sender}/messages");
        let headers = [("api-key", key), ("content-type", "application/json")];
        let response = request(&sim, &line, &headers, &text_to(ASHA)).await;
        (response.status(), response.json()["code"].clone())
    };
    assert_eq!(
        post("HXEU0000000000DE", "4930000002", "A-german-key")
            .await
            .0,
        202
    );
    assert_eq!(sim.accepted()[0].sender, "4930000002");
    assert_eq!(
        post("HXEU0000000000DE", "4930000002", KEY).await,
        (401, json!("RBC001"))
    );
    assert_eq!(
        post("HXEU0000000000DE", "+918000000001", "A-german-key").await,
        (401, json!("WA401"))
    );
    assert_eq!(post(SID, "+918000000001", KEY).await.0, 202);
    assert_eq!(sim.conversations().len(), 2);
}

#[tokio::test]
async fn strictness_decides_when_a_limit_is_told() {
    let long = text_to(ASHA).replace("Your order is on its way.", &"x".repeat(4097));
    let lenient = simulator().await;
    assert_eq!(send(&lenient, &long).await.status(), 202);
    lenient.settle().await;
    assert_eq!(
        lenient.statuses(lenient.accepted()[0].id.as_str())[0]
            .status
            .as_str(),
        "sent"
    );

    let kaleyra = builder()
        .strictness(Strictness::Kaleyra)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    assert_eq!(send(&kaleyra, &long).await.status(), 202);
    while kaleyra
        .statuses(kaleyra.accepted()[0].id.as_str())
        .is_empty()
    {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let step = &kaleyra.statuses(kaleyra.accepted()[0].id.as_str())[0];
    assert_eq!(step.error.as_ref().unwrap().code, "100");

    let meta = builder()
        .strictness(Strictness::Meta)
        .why_header(true)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    let mut journal = meta.journal();
    let refused = send(&meta, &long).await;
    assert_eq!((refused.status(), refused.json()), (400, wrong_payload()));
    let why = "messaging_object.text.body: at most 4096 characters, found 4097";
    assert_eq!(refused.header("x-sim-why"), Some(why));
    let number = loop {
        let entry = journal.next().await.unwrap();
        if let Fact::Rejected { why: told, .. } = &entry.fact {
            assert_eq!(told, why);
            assert_eq!(entry.basis.unwrap().as_str(), "inferred");
            break entry.number;
        }
    };
    let explained = meta.why(&number.to_string()).unwrap();
    assert!(explained.verdict.contains(why), "{explained}");
    // Without being asked it is in no header.
    assert_eq!(
        send(&simulator().await, "{}").await.header("x-sim-why"),
        None
    );
}

#[tokio::test]
async fn callbacks_prove_where_they_are_from() {
    let mut webhook = Webhook::answering(&[200]).await;
    let sim = simulator().await;
    sim.set_callbacks(Some(
        &Callbacks::to(webhook.url.as_str()).basic("kaleyra", "s3cret"),
    ))
    .unwrap();
    sim.post_callback(&json!({})).await.unwrap();
    assert_eq!(
        webhook.next().await.header("authorization"),
        Some("Basic a2FsZXlyYTpzM2NyZXQ=")
    );

    // A token endpoint that gives t1 and then t2, and a webhook that does not take t1 any more the second time.
    let tokens = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let token_url = format!("http://{}/token", tokens.local_addr().unwrap());
    let (asked, mut asks) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        for number in 1.. {
            let (mut stream, _) = tokens.accept().await.unwrap();
            let mut bytes = vec![0; 4096];
            let length = stream.read(&mut bytes).await.unwrap();
            asked
                .send(String::from_utf8_lossy(&bytes[..length]).into_owned())
                .unwrap();
            let body = format!(
                r#"{{"access_token":"t{number}","token_type":"Bearer","expires_in":"3600"}}"#
            );
            let response = format!(
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(response.as_bytes()).await.unwrap();
        }
    });
    let mut webhook = Webhook::answering(&[200, 401, 200]).await;
    let callbacks = Callbacks::to(webhook.url.as_str()).bearer(token_url, "an id", "a&secret");
    sim.set_callbacks(Some(&callbacks)).unwrap();
    for (status, token) in [(200, "Bearer t1"), (401, "Bearer t1"), (200, "Bearer t2")] {
        assert_eq!(sim.post_callback(&json!({})).await.unwrap(), status);
        assert_eq!(webhook.next().await.header("authorization"), Some(token));
    }
    let ask = asks.recv().await.unwrap();
    assert!(ask.starts_with("POST /token HTTP/1.1"), "{ask}");
    assert!(
        ask.ends_with("grant_type=client_credentials&client_id=an%20id&client_secret=a%26secret"),
        "{ask}"
    );
}

#[tokio::test]
async fn phones_and_settings_are_set_over_http() {
    let sim = simulator().await;
    let patch = async |line: &str, body: &str| request(&sim, line, &[], body).await;
    let phone = patch(
        "PATCH /sim/users/919800000001",
        r#"{"airplane_mode":true,"name":"Asha"}"#,
    )
    .await
    .json();
    assert_eq!(
        (&phone["airplane_mode"], &phone["name"]),
        (&json!(true), &json!("Asha"))
    );
    assert_eq!(
        request(&sim, "GET /sim/users", &[], "").await.json()[0],
        phone
    );
    let wrong = patch("PATCH /sim/users/919800000001", r#"{"light":true}"#).await;
    assert_eq!(wrong.status(), 400);

    let settings = patch(
        "PATCH /sim/settings",
        r#"{"strictness":"meta","statuses":"sent:0,read:manual"}"#,
    )
    .await
    .json();
    assert_eq!(
        (&settings["strictness"], &settings["window"]),
        (&json!("meta"), &json!("strict"))
    );
    assert_eq!(
        patch("PATCH /sim/settings", r#"{"strictness":"mild"}"#)
            .await
            .status(),
        400
    );
    assert_eq!(request(&sim, "GET /healthz", &[], "").await.body, "ok\n");
    let raw = exchange(
        sim.addr(),
        b"DELETE /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n",
    )
    .await;
    assert_eq!(parse(raw).status(), 405);
}

#[tokio::test]
async fn media_expire_by_the_clock() {
    let sim = builder().frozen().bind("127.0.0.1:0").await.unwrap();
    let file = sim.host_file("text/plain", "abc");
    let path = file.url.strip_prefix(&sim.base_url()).unwrap().to_owned();
    sim.advance(7 * 24 * HOUR).await;
    assert_eq!(
        request(&sim, &format!("GET {path}"), &[], "")
            .await
            .status(),
        200
    );
    sim.advance(HOUR).await;
    let gone = request(&sim, &format!("GET {path}"), &[], "").await;
    assert_eq!(
        (gone.status(), &gone.json()["code"]),
        (404, &json!("SIM404"))
    );
}
