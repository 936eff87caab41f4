//! The page, as a browser asks for it, and what it asks the simulator for.

use kaleyra_wa_sim::{Simulator, Switch};
use serde_json::{Value, json};

use super::wire::{KEY, SID, builder, exchange, parse, request, send, simulator, text_to};

const USER: &str = "919800000001";

async fn get(sim: &Simulator, path: &str) -> Value {
    request(sim, &format!("GET {path}"), &[], "").await.json()
}

async fn write(sim: &Simulator, what: &str, body: &Value) -> u16 {
    let line = format!("POST /sim/users/{USER}/{what}");
    request(sim, &line, &[], &body.to_string()).await.status()
}

#[tokio::test]
async fn browsers_get_the_page_and_programs_the_guide() {
    let sim = simulator().await;
    let html = [("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
    let page = request(&sim, "GET /", &html, "").await;
    assert_eq!(page.status(), 200);
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    let policy = page.header("content-security-policy").unwrap();
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!page.body.contains(KEY));
    let guide = request(&sim, "GET /", &[("accept", "*/*")], "").await;
    assert!(
        guide.body.starts_with("A simulated Kaleyra"),
        "{}",
        guide.body
    );
    // All that the page is made of is here.
    for line in page.body.lines() {
        for part in line.split(['"']).filter(|part| part.starts_with("/page/")) {
            let response = request(&sim, &format!("GET {part}"), &[], "").await;
            assert_eq!(response.status(), 200, "{part}");
        }
    }
    for path in [
        "/page/",
        "/page/../Cargo.toml",
        "/page/%2e%2e/Cargo.toml",
        "/page/package.json",
    ] {
        let response = request(&sim, &format!("GET {path}"), &[], "").await;
        assert_eq!(response.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn no_foreign_page_gets_any_part_of_it() {
    let sim = simulator().await;
    let own = format!("host: {}", sim.addr());
    for path in [
        "/",
        "/page/src/main.js",
        "/sim/log",
        "/sim/conversations",
        "/sim/files/1",
    ] {
        for (host, header, status) in [
            ("host: evil.example", "accept: text/html", 421),
            (&*own, "origin: http://evil.example", 403),
            (&*own, "origin: null", 403),
            (&*own, "sec-fetch-site: cross-site", 403),
            (&*own, "sec-fetch-site: same-site", 403),
        ] {
            let request = format!(
                "GET {path} HTTP/1.1\r\n{host}\r\n{header}\r\naccept: text/event-stream\r\nconnection: close\r\n\r\n"
            );
            let response = parse(exchange(sim.addr(), request.as_bytes()).await);
            assert_eq!(response.status(), status, "{path} {host} {header}");
        }
    }
    let posted = request(
        &sim,
        "POST /sim/requests/1/repeat",
        &[("origin", "http://evil.example")],
        "",
    );
    assert_eq!(posted.await.status(), 403);
}

#[tokio::test]
async fn a_request_is_repeated_as_it_was_or_edited() {
    let sim = simulator().await;
    send(&sim, &text_to("+919800000001")).await;
    let log = get(&sim, "/sim/log").await;
    let first = log
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["what"] == "request");
    let number = &first.unwrap()["number"];
    let line = format!("POST /sim/requests/{number}/repeat");
    let response = request(&sim, &line, &[], "").await;
    assert_eq!(response.status(), 202);
    assert_eq!(response.json()["code"], "WA202");
    let edited = json!({"messaging_object": {
        "messaging_product": "whatsapp", "to": "+919800000002", "type": "text", "text": {"body": "Edited"},
    }});
    assert_eq!(
        request(&sim, &line, &[], &edited.to_string())
            .await
            .status(),
        202
    );
    let accepted = sim.accepted();
    assert_eq!(accepted.len(), 3);
    assert_eq!(accepted[0].request, accepted[1].request);
    assert_eq!(accepted[2].content()["body"], "Edited");
    // It is in the log like any other, without the key.
    sim.settle().await;
    let log = get(&sim, "/sim/log").await;
    let count = |what: &str| {
        log.as_array()
            .unwrap()
            .iter()
            .filter(|it| it["what"] == what)
            .count()
    };
    assert_eq!((count("request"), count("answer")), (3, 3));
    assert!(!log.to_string().contains(KEY));
    // What was wrong stays wrong.
    assert_eq!(request(&sim, &line, &[], "{}").await.status(), 400);
    for (number, status) in [("0", 404), ("x", 404), ("999", 404)] {
        let line = format!("POST /sim/requests/{number}/repeat");
        assert_eq!(
            request(&sim, &line, &[], "").await.status(),
            status,
            "{number}"
        );
    }
}

#[tokio::test]
async fn an_upload_is_not_repeated() {
    let sim = simulator().await;
    let line = format!("POST /v2/{SID}/whatsapp/+918000000001/media");
    let form = "--x\r\ncontent-disposition: form-data; name=\"type\"\r\n\r\nimage/png\r\n--x\r\n\
        content-disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\nabc\r\n--x--\r\n";
    let headers = [
        ("api-key", KEY),
        ("content-type", "multipart/form-data; boundary=x"),
    ];
    request(&sim, &line, &headers, form).await;
    let log = get(&sim, "/sim/log").await;
    let number = &log
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["what"] == "request")
        .unwrap()["number"];
    let response = request(
        &sim,
        &format!("POST /sim/requests/{number}/repeat"),
        &[],
        "",
    )
    .await;
    assert_eq!(response.status(), 409, "{}", response.body);
}

#[tokio::test]
async fn older_lines_come_by_the_message_before_which_they_stand() {
    let sim = simulator().await;
    for body in ["1", "2", "3", "4", "5"] {
        write(&sim, "text", &json!({"body": body})).await;
    }
    // Lines of an imported state share an entry of the log.
    let state = get(&sim, "/sim/state").await;
    sim.import(&state).unwrap();
    let path = format!("/sim/conversations/{USER}");
    let said = |lines: &Value| -> Vec<String> {
        let lines = lines.as_array().unwrap().iter();
        lines
            .map(|line| line["content"]["body"].as_str().unwrap().to_owned())
            .collect()
    };
    let newest = get(&sim, &format!("{path}?limit=2")).await;
    assert_eq!(said(&newest), ["4", "5"]);
    let before = newest[0]["id"].as_str().unwrap().replace('=', "%3D");
    let older = get(&sim, &format!("{path}?limit=2&before={before}")).await;
    assert_eq!(said(&older), ["2", "3"]);
    assert_eq!(
        said(&get(&sim, &format!("{path}?before=nobody")).await),
        [""; 0]
    );
}

#[tokio::test]
async fn what_a_phone_has_not_got_is_told() {
    // Neither these statuses nor the others tell of a delivery.
    for ladder in ["sent:0", "sent:0,delivered:0"] {
        let sim = builder().ladder(ladder.parse().unwrap());
        let sim = sim.bind("127.0.0.1:0").await.unwrap();
        sim.switch(USER, Switch::AirplaneMode(true));
        send(&sim, &text_to("+919800000001")).await;
        sim.settle().await;
        let path = format!("/sim/conversations/{USER}");
        assert_eq!(get(&sim, &path).await[0]["is_held"], true, "{ladder}");
        sim.switch(USER, Switch::AirplaneMode(false));
        sim.settle().await;
        assert_eq!(get(&sim, &path).await[0]["is_held"], false, "{ladder}");
    }
}

#[tokio::test]
async fn what_brought_a_user_is_shown() {
    let sim = simulator().await;
    let referral = json!({"headline": "Shoes", "source_url": "https://example.com/ad"});
    let user = sim.end_user("Asha Example", USER);
    // There is no webhook; the line is kept all the same.
    let _ = sim
        .post(user.text("Hi").forwarded().referred_by(referral))
        .await;
    let lines = get(&sim, &format!("/sim/conversations/{USER}")).await;
    assert_eq!(lines[0]["riders"]["referral"]["headline"], "Shoes");
    assert_eq!(lines[0]["riders"]["context"]["forwarded"], true);
}

#[tokio::test]
async fn faults_are_in_the_log() {
    let sim = simulator().await;
    request(
        &sim,
        "POST /sim/faults",
        &[],
        r#"{"spec":"callback:drop next=1"}"#,
    )
    .await;
    request(&sim, "DELETE /sim/faults", &[], "").await;
    let log = get(&sim, "/sim/log").await;
    let changes: Vec<&str> = (log.as_array().unwrap().iter())
        .filter_map(|entry| entry["change"].as_str())
        .collect();
    assert_eq!(changes, ["faults: callback:drop next=1", "faults: none"]);
    assert_eq!(
        get(&sim, "/sim/settings").await["newest_entry"],
        log.as_array().unwrap().len()
    );
}
