//! Which hosts and origins are answered: what a rebound web page's browser would send, over real sockets.

use std::net::{Ipv6Addr, TcpListener};

use kaleyra_wa_sim::{SimEvent, Simulator, StartError};

use super::wire::{KEY, SENDER, SID, builder, exchange, parse, simulator, text_to};

/// Every kind of endpoint, as a browser would ask for it.
fn endpoints() -> Vec<(String, String)> {
    let kaleyra = format!("/v2/{SID}/whatsapp/{SENDER}");
    [
        ("GET", "/".to_owned(), ""),
        ("GET", "/sim/messages".to_owned(), ""),
        ("POST", "/sim/faults".to_owned(), r#"{"fault":"internal"}"#),
        ("DELETE", "/sim/faults".to_owned(), ""),
        ("POST", "/sim/callbacks".to_owned(), "{}"),
        (
            "POST",
            "/sim/users/919800000001/text".to_owned(),
            r#"{"body":"Hi"}"#,
        ),
        ("GET", "/media/1".to_owned(), ""),
        (
            "POST",
            format!("{kaleyra}/messages"),
            &text_to("+919800000001"),
        ),
        ("GET", format!("{kaleyra}/phone_number_details"), ""),
        ("DELETE", format!("{kaleyra}/block_users"), "{}"),
        ("POST", "/nothing".to_owned(), ""),
        ("OPTIONS", "/sim/faults".to_owned(), ""),
    ]
    .map(|(method, path, body)| (format!("{method} {path}"), body.to_owned()))
    .into()
}

/// The status and the text of the response to a request with these lines as its only headers.
async fn ask(sim: &Simulator, line: &str, headers: &[&str], body: &str) -> (u16, String) {
    let headers: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    let request = format!(
        "{line} HTTP/1.1\r\n{headers}api-key: {KEY}\r\ncontent-type: application/json\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = parse(exchange(sim.addr(), request.as_bytes()).await);
    (answer.status(), answer.body)
}

#[tokio::test]
async fn a_rebound_name_reaches_no_endpoint() {
    let sim = simulator().await;
    let mut events = sim.observe();
    let host = format!("host: evil.example:{}", sim.addr().port());
    for (line, body) in endpoints() {
        let (status, text) = ask(&sim, &line, &[&host], &body).await;
        assert_eq!(status, 421, "{line}: {text}");
        assert!(
            text.contains("--allow-host NAME") && text.contains("SIM421"),
            "{text}"
        );
        for told in ["evil.example", SID, SENDER, KEY] {
            assert!(!text.contains(told), "{text}");
        }
        assert!(matches!(
            events.next().await,
            Some(SimEvent::Rejected { status: 421, .. })
        ));
    }
    // Nothing of it was done.
    let own = format!("host: {}", sim.addr());
    let send = format!("POST /v2/{SID}/whatsapp/{SENDER}/messages");
    assert_eq!(
        ask(&sim, &send, &[&own], &text_to("+919800000001")).await.0,
        202
    );
    assert_eq!(sim.accepted().len(), 1);
}

#[tokio::test]
async fn a_page_of_another_origin_reaches_no_endpoint() {
    let sim = simulator().await;
    let host = format!("host: {}", sim.addr());
    for origin in [
        "http://evil.example",
        "null",
        "https://localhost.evil.example",
        "file://",
    ] {
        for (line, body) in endpoints() {
            let origin = format!("origin: {origin}");
            let (status, text) = ask(&sim, &line, &[&host, &origin], &body).await;
            assert_eq!(status, 403, "{line}: {text}");
            assert!(text.contains("--allow-host NAME"), "{text}");
        }
    }
    // One that is right does not cover for one that is not.
    let both = [
        &*host,
        "origin: http://localhost",
        "origin: http://evil.example",
    ];
    assert_eq!(ask(&sim, "POST /sim/faults", &both, "{}").await.0, 403);
    let own = [&*host, "origin: http://localhost:3000"];
    let healed = ask(&sim, "DELETE /sim/faults", &own, "").await;
    assert_eq!(healed.0, 200, "{}", healed.1);
    assert!(sim.accepted().is_empty());
}

#[tokio::test]
async fn its_own_hosts_are_answered_in_every_spelling() {
    let sim = simulator().await;
    for (host, status) in [
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("localhost.", 200),
        ("localhost.:8090", 200),
        ("127.0.0.1:8090", 200),
        ("127.9.9.9", 200),
        ("[::1]", 200),
        ("[::1]:8090", 200),
        ("[::ffff:127.0.0.1]", 200),
        ("[2001:db8::1]", 421),
        ("[::1].evil.example", 421),
        ("192.0.2.1", 421),
        ("0.0.0.0", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost@evil.example", 421),
        ("evil.example#localhost", 421),
        ("", 421),
    ] {
        let header = format!("host: {host}");
        let found = ask(&sim, "GET /sim/messages", &[&header], "").await.0;
        assert_eq!(found, status, "{host}");
    }
}

#[tokio::test]
async fn a_missing_or_second_host_is_refused() {
    let sim = simulator().await;
    for headers in [
        &[][..],
        &["host: localhost", "host: evil.example"],
        &["host: localhost", "host: localhost"],
    ] {
        let (status, text) = ask(&sim, "GET /sim/messages", headers, "").await;
        assert_eq!(status, 400, "{headers:?}");
        assert!(text.contains("send one Host header"), "{text}");
    }
    let old = exchange(sim.addr(), b"GET /sim/messages HTTP/1.0\r\n\r\n").await;
    assert_eq!(parse(old).status(), 400);
}

#[tokio::test]
async fn a_whole_url_as_target_is_checked_beside_the_host() {
    let sim = simulator().await;
    for (target, host, status) in [
        ("http://localhost/sim/messages", "localhost", 200),
        ("http://LOCALHOST.:8090/sim/messages", "127.0.0.1", 200),
        ("http://evil.example/sim/messages", "localhost", 421),
        (
            "http://localhost@evil.example/sim/messages",
            "localhost",
            421,
        ),
        ("http://localhost/sim/messages", "evil.example", 421),
    ] {
        let line = format!("GET {target}");
        let found = ask(&sim, &line, &[&format!("host: {host}")], "").await.0;
        assert_eq!(found, status, "{target} {host}");
    }
}

#[tokio::test]
async fn what_is_allowed_by_name_is_answered() {
    let sim = builder()
        .allow_host("Sim")
        .allow_host("kaleyra.test.")
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    for (host, status) in [
        ("sim:8090", 200),
        ("KALEYRA.test", 200),
        ("a.kaleyra.test", 421),
        ("evil.example", 421),
    ] {
        let found = ask(&sim, "GET /sim/messages", &[&format!("host: {host}")], "")
            .await
            .0;
        assert_eq!(found, status, "{host}");
    }
    let page = ["host: sim", "origin: https://kaleyra.test"];
    assert_eq!(ask(&sim, "DELETE /sim/faults", &page, "").await.0, 200);
    for wrong in ["http://sim", "sim:8090", "*", ""] {
        let error = builder()
            .allow_host(wrong)
            .bind("127.0.0.1:0")
            .await
            .unwrap_err();
        assert!(matches!(error, StartError::AllowedHost), "{wrong}: {error}");
    }
}

#[tokio::test]
async fn an_ipv6_address_that_is_listened_on_is_answered() {
    // Not every machine has it.
    if TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_err() {
        return;
    }
    let sim = builder().bind("[::1]:0").await.unwrap();
    let own = format!("host: {}", sim.addr());
    assert_eq!(ask(&sim, "GET /sim/messages", &[&own], "").await.0, 200);
    assert_eq!(
        ask(&sim, "GET /sim/messages", &["host: evil.example"], "")
            .await
            .0,
        421
    );
}
