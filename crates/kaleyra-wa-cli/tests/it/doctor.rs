//! `kaleyra-wa doctor` names the cause of each set-up that somebody spoiled.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::{Running, kaleyra_wa, run};
use crate::http::{post, serving, serving_as};
use crate::send::{KEY, accepted, sim};

/// The findings, with the exit code.
fn doctor(address: &str, arguments: &[&str], changes: &[(&str, &str)]) -> (i32, Vec<Value>) {
    let all = [&["doctor", "--json", "--timeout", "5"], arguments].concat();
    let mut command = kaleyra_wa(&all);
    command
        .env("KALEYRA_SID", "HX1")
        .env("KALEYRA_API_KEY", KEY)
        .env("KALEYRA_SENDER", "+918000000001")
        .env("KALEYRA_BASE_URL", format!("http://{address}"));
    for (name, value) in changes {
        command.env(name, value);
    }
    let (code, out, _) = run(&mut command);
    let findings = out.lines().map(|line| serde_json::from_str(line).unwrap());
    assert!(!out.contains(KEY), "{out}");
    (code, findings.collect())
}

/// What is wrong, and nothing else: the check's number and part of what it means.
fn finds(address: &str, arguments: &[&str], changes: &[(&str, &str)], wrong: &[(u8, &str)]) {
    let (code, findings) = doctor(address, arguments, changes);
    let found: Vec<_> = findings
        .iter()
        .filter(|finding| finding["verdict"] == "wrong")
        .collect();
    assert_eq!(code, i32::from(!wrong.is_empty()), "{findings:#?}");
    assert_eq!(found.len(), wrong.len(), "{found:#?}");
    for (finding, (check, means)) in found.iter().zip(wrong) {
        assert_eq!(finding["check"], *check, "{finding}");
        assert!(
            finding["means"].as_str().unwrap().contains(means),
            "{finding}"
        );
        assert!(
            finding["do"].is_string() && finding["asked"].is_string(),
            "{finding}"
        );
    }
}

/// The next request of any kind fails like this.
fn spoil(sim: &Running, fault: &str) {
    let body = format!(r#"{{"fault":"{fault}","times":1}}"#);
    assert_eq!(
        post(&sim.address, "/sim/faults", &[], body.as_bytes()).0,
        200
    );
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("doctor")
        .join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_sound_account_has_nothing_wrong_and_nothing_is_sent() {
    let sim = sim();
    finds(&sim.address, &[], &[], &[]);
    finds(
        &sim.address,
        &["--send-to", "+919800000001", "--with-upload"],
        &[],
        &[],
    );
    assert!(accepted(&sim).is_empty());
    finds(
        &sim.address,
        &["--send-to", "+919800000001", "--with-upload", "--yes"],
        &[],
        &[],
    );
    assert_eq!(accepted(&sim).len(), 1);
    let (_, findings) = doctor(&sim.address, &[], &[]);
    for check in [1, 2, 3, 4, 5, 6, 7, 8, 9, 14] {
        assert!(
            findings.iter().any(|it| it["check"] == check),
            "{check} of {findings:#?}"
        );
    }
}

#[test]
fn a_wrong_account_is_named() {
    let sim = sim();
    let at = sim.address.as_str();
    finds(
        at,
        &[],
        &[("KALEYRA_SID", "HX2")],
        &[(5, "the SID or the API key is wrong")],
    );
    finds(
        at,
        &[],
        &[("KALEYRA_API_KEY", "A2")],
        &[(5, "the SID or the API key is wrong")],
    );
    let sender = [("KALEYRA_SENDER", "+918000000002")];
    finds(at, &[], &sender, &[(5, "not one of this account's")]);
    finds(
        at,
        &[],
        &[("KALEYRA_API_KEY", "")],
        &[(1, "there is no API key")],
    );
    finds(at, &[], &[("KALEYRA_SENDER", "shop")], &[(1, "sender")]);
    for (fault, means) in [
        ("api-version", "on the V1 API"),
        ("account-type", "type of account"),
        ("low-balance", "balance of the account is too low"),
    ] {
        spoil(&sim, fault);
        finds(at, &[], &[], &[(5, means)]);
    }
}

#[test]
fn a_low_balance_shows_when_a_message_is_sent() {
    let sim = sim();
    let to = ["--send-to", "+919800000001", "--yes"];
    // The other endpoints are asked first, and work.
    let body = br#"{"spec":"response:low-balance endpoint=messages next=1"}"#;
    assert_eq!(post(&sim.address, "/sim/faults", &[], body).0, 200);
    let (_, findings) = doctor(&sim.address, &to, &[]);
    let wrong: Vec<_> = findings
        .iter()
        .filter(|it| it["verdict"] == "wrong")
        .collect();
    assert_eq!(wrong.len(), 1, "{findings:#?}");
    assert!(
        wrong[0]["means"].as_str().unwrap().contains("balance"),
        "{wrong:?}"
    );
}

#[test]
fn a_network_that_leads_nowhere_is_named() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    finds(&closed, &[], &[], &[(4, "does not take a connection")]);
    let nowhere = [("KALEYRA_BASE_URL", "https://api.kaleyra.invalid")];
    finds(
        &closed,
        &[],
        &nowhere,
        &[(4, "the name of the server is not found")],
    );
    // Something that speaks no TLS.
    let plain = serving(&[], b"hello");
    let tls = [("KALEYRA_BASE_URL", &*format!("https://{plain}"))];
    finds(&plain, &[], &tls, &[(4, "TLS or HTTP fails")]);
    finds(
        &closed,
        &["--pod", "in"],
        &[("KALEYRA_POD", "mars")],
        &[(1, "KALEYRA_POD")],
    );
}

#[test]
fn a_clock_that_is_wrong_is_named() {
    let response = br#"{"code":"WA200","message":"ok","data":{},"error":{}}"#;
    let old = serving(&[("date", "Sun, 06 Nov 1994 08:49:37 GMT")], response);
    finds(&old, &[], &[], &[(3, "s fast")]);
    let html = serving(&[("content-type", "text/html")], b"<html>Blocked</html>");
    finds(
        &html,
        &[],
        &[],
        &[(5, "something else than Kaleyra responds")],
    );
}

#[test]
fn a_number_that_may_not_send_is_named() {
    let blocked = serving(
        &[],
        br#"{"code":"WA200","message":"ok","error":{},"data":{"can_send_message":"BLOCKED","quality_rating":"RED",
            "health_status":{"entities":[{"entity_type":"WABA","errors":[{"error_code":141006,
            "error_description":"There is a payment issue","possible_solution":"Add a payment method"}]}]}}}"#,
    );
    let wrong = [
        (6, "There is a payment issue"),
        (6, "the number may not send"),
    ];
    finds(&blocked, &[], &[], &wrong);
}

#[test]
fn callback_profiles_are_looked_through() {
    let profiles = |rest: &str| {
        let body = format!(
            r#"{{"code":"WA200","message":"ok","error":{{}},"data":[{{"title":"Shop","url":"http://127.0.0.1:9/","enc":{{"key":"canary"}}{rest}}}]}}"#
        );
        serving(&[], body.as_bytes())
    };
    let found = |address: &str, webhook: &str| {
        let (_, findings) = doctor(address, &["--webhook", webhook], &[]);
        let profile = findings.into_iter().find(|it| it["check"] == 9).unwrap();
        assert!(!profile.to_string().contains("canary"), "{profile}");
        (
            profile["verdict"].as_str().unwrap().to_owned(),
            profile["means"].to_string(),
        )
    };
    let other = found(&profiles(""), "http://127.0.0.1:8/");
    assert!(
        other.0 == "wrong" && other.1.contains("no callback profile leads"),
        "{other:?}"
    );
    let off = found(&profiles(r#","status":2"#), "http://127.0.0.1:9");
    assert!(
        off.0 == "wrong" && off.1.contains("switched it off"),
        "{off:?}"
    );
    let bare = found(
        &profiles(r#","status":1,"headers":"{}""#),
        "http://127.0.0.1:9/",
    );
    assert!(
        bare.0 == "warning" && bare.1.contains("no header"),
        "{bare:?}"
    );
    let well = found(
        &profiles(r#","status":1,"headers":"{\"x\":\"canary\"}""#),
        "http://127.0.0.1:9/",
    );
    assert_eq!(well.0, "ok", "{well:?}");
}

/// Makes a callback profile that leads to this webhook, where the server keeps some; gives the status.
fn profile(at: &str, url: &str) -> u16 {
    let body = format!(
        r#"{{"title":"Shop","url":"{url}","http_method":"POST","headers":"{{\"x-kaleyra-secret\":\"canary\"}}"}}"#
    );
    let headers = [("api-key", KEY), ("content-type", "application/json")];
    post(at, "/v1/HX1/callback/profiles", &headers, body.as_bytes()).0
}

#[test]
fn callback_profiles_of_the_simulator_are_looked_through() {
    let sim = sim();
    let webhook = "http://127.0.0.1:9/";
    let found = || {
        let (_, findings) = doctor(&sim.address, &["--webhook", webhook], &[]);
        let finding = findings.into_iter().find(|it| it["check"] == 9).unwrap();
        assert!(!finding.to_string().contains("canary"), "{finding}");
        finding["verdict"].as_str().unwrap().to_owned()
    };
    // One that has no such endpoint does not tell.
    let (before, has_made) = (found(), profile(&sim.address, webhook));
    if has_made == 404 {
        assert_eq!((before.as_str(), found().as_str()), ("unknown", "unknown"));
    } else {
        assert_eq!((before.as_str(), found().as_str()), ("wrong", "ok"));
    }
}

#[test]
fn a_webhook_is_looked_at_as_kaleyra_finds_it() {
    let sim = sim();
    let at = sim.address.as_str();
    let finds = |at: &str, arguments: &[&str], changes: &[(&str, &str)], wrong: &[(u8, &str)]| {
        profile(at, arguments[1]);
        finds(at, arguments, changes, wrong);
    };
    let listen = Running::start(&["listen", "--port", "0", "--secret", "s3cret-1"]);
    let url = format!("http://{}/", listen.address);
    let secret = [("KALEYRA_CALLBACK_SECRET", "s3cret-1")];
    finds(at, &["--webhook", &url], &secret, &[]);
    let wrong = [("KALEYRA_CALLBACK_SECRET", "s3cret-2")];
    finds(
        at,
        &["--webhook", &url],
        &wrong,
        &[(11, "refuses what Kaleyra would post")],
    );

    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let nobody = format!("http://{closed}/");
    finds(at, &["--webhook", &nobody], &secret, &[(10, "not reached")]);
    let running = Running::start(&["listen", "--port", "0", "--dangerously-unverified"]);
    let open = format!("http://{}/", running.address);
    finds(
        at,
        &["--webhook", &open],
        &secret,
        &[(11, "believes anybody")],
    );

    let away = serving_as("301 Moved", &[("location", "https://example.com/")], b"");
    let away = format!("http://{away}/");
    finds(at, &["--webhook", &away], &secret, &[(10, "redirects")]);
    let failing = format!("http://{}/", serving_as("500 Oops", &[], b"trace"));
    finds(
        at,
        &["--webhook", &failing],
        &secret,
        &[(11, "it fails, so that nothing is known of the secret")],
    );
    finds(
        at,
        &["--webhook", "shop.example/hook"],
        &secret,
        &[(10, "whole address")],
    );
}

#[test]
fn media_that_nobody_can_fetch_is_named() {
    let sim = sim();
    let at = sim.address.as_str();
    let link = |address: String| format!("http://{address}/cup.jpg");
    let good = link(serving(&[("content-type", "image/jpeg")], b"x"));
    finds(at, &["--media", &good], &[], &[]);
    let page = link(serving(
        &[("content-type", "text/html; charset=utf-8")],
        b"x",
    ));
    finds(
        at,
        &["--media", &page],
        &[],
        &[(13, "not that of a picture")],
    );
    let bare = link(serving(&[], b"x"));
    finds(
        at,
        &["--media", &bare],
        &[],
        &[(13, "does not say what type")],
    );
    let login = link(serving_as("403 No", &[], b""));
    finds(
        at,
        &["--media", &login],
        &[],
        &[(13, "not lead to a file for everybody")],
    );
}

#[cfg(unix)]
#[test]
fn secrets_that_lie_open_are_named() {
    use std::os::unix::fs::PermissionsExt;

    let sim = sim();
    let folder = folder("open");
    let key = folder.join("key");
    std::fs::write(&key, KEY).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let path = key.to_str().unwrap();
    let changes = [("KALEYRA_API_KEY", ""), ("KALEYRA_API_KEY_FILE", path)];
    let (code, findings) = doctor(&sim.address, &[], &changes);
    assert_eq!(code, 1);
    let wrong: Vec<_> = findings
        .iter()
        .filter(|it| it["verdict"] == "wrong")
        .collect();
    assert!(
        wrong
            .iter()
            .any(|it| it["check"] == 2 && it["do"].as_str().unwrap().starts_with("run: chmod 600")),
        "{wrong:#?}"
    );

    let (_, findings) = doctor(&sim.address, &["--api-key", KEY], &[]);
    assert!(
        findings
            .iter()
            .any(|it| it["check"] == 2 && it["verdict"] == "warning"),
        "{findings:#?}"
    );

    std::fs::write(folder.join(".kaleyra-wa.toml"), "api_key = \"canary\"\n").unwrap();
    let mut command = kaleyra_wa(&["doctor", "--json"]);
    let (code, out, _) = run(command.current_dir(&folder));
    assert_eq!(code, 1);
    let finding: Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    assert!(finding["check"] == 2 && !out.contains("canary"), "{out}");
}
