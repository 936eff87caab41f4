//! Callbacks are triggered, saved, handed on and replayed, byte for byte.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use crate::command::{Running, kaleyra_wa, run};
use crate::http::{post, request, serving_as};

const SECRET: (&str, &str) = ("x-kaleyra-secret", "s3cret-1");

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("pass-on")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A webhook that responds with 200 to everything, and tells what it got: head and body.
fn webhook() -> (String, Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request: Vec<u8> = Vec::new();
            let mut piece = [0; 4096];
            let (head, body) = loop {
                let length = stream.read(&mut piece).unwrap();
                request.extend(&piece[..length]);
                let Some(end) = request.windows(4).position(|it| it == b"\r\n\r\n") else {
                    continue;
                };
                let head = String::from_utf8(request[..end].to_vec())
                    .unwrap()
                    .to_lowercase();
                let expected = head
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length: "));
                let expected: usize = expected.map_or(0, |text| text.trim().parse().unwrap());
                if request.len() >= end + 4 + expected {
                    break (head, request[end + 4..].to_vec());
                }
            };
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            if tell.send((head, body)).is_err() {
                return;
            }
        }
    });
    (address, told)
}

fn next(told: &Receiver<(String, Vec<u8>)>) -> (String, Vec<u8>) {
    told.recv_timeout(Duration::from_secs(20)).unwrap()
}

#[test]
fn every_event_can_be_triggered_and_is_understood() {
    let mut listen = Running::start(&["listen", "--port", "0", "--secret", "s3cret-1", "--json"]);
    let url = format!("http://{}/", listen.address);
    let (_, list, _) = run(&mut kaleyra_wa(&["trigger", "--list", "--json"]));
    let events: Vec<Value> = list
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(events.len() >= 35, "{}", events.len());
    for event in events {
        let name = event["event"].as_str().unwrap();
        let (code, out, error) = run(&mut kaleyra_wa(&[
            "trigger", name, "--to", &url, "--secret", "s3cret-1", "--json",
        ]));
        assert_eq!(code, 0, "{name}: {error}{out}");
        let told: Value = serde_json::from_str(&listen.line()).unwrap();
        assert!(told.get("error").is_none(), "{name}: {told}");
        let is_loose = matches!(name, "template-file" | "template-profile");
        assert!(is_loose || told["kind"] != "other", "{name}: {told}");
    }
    let (code, _, error) = run(&mut kaleyra_wa(&[
        "trigger", "text", "--to", &url, "--secret", "s3cret-2",
    ]));
    assert!(code == 3 && error.contains("--secret-file"), "{error}");
}

#[test]
fn members_are_set_and_taken_out_by_their_paths() {
    let made = |arguments: &[&str]| {
        let all = [&["trigger"], arguments, &["--dry-run"]].concat();
        run(&mut kaleyra_wa(&all))
    };
    let (code, out, _) = made(&[
        "failed",
        "--set",
        "statuses.0.errors.0.code=131026",
        "--set",
        "extra_info.ref=booking-17",
        "--set",
        "statuses.0.new.deep=[1]",
        "--remove",
        "statuses.0.timestamp",
        "--user",
        "+919800000009",
    ]);
    assert_eq!(code, 0);
    let body: Value = serde_json::from_str(&out).unwrap();
    let status = &body["meta_object"]["value"]["statuses"][0];
    assert_eq!(status["errors"][0]["code"], 131026);
    assert_eq!(status["new"]["deep"][0], 1);
    assert_eq!(status["recipient_id"], "919800000009");
    assert!(status.get("timestamp").is_none());
    assert_eq!(body["extra_info"]["ref"], "booking-17");
    assert!(made(&["number-quality"]).1.starts_with("GET ?"));
    for arguments in [
        &["text", "--set", "messages"][..],
        &["text", "--set", "messages.7.id=1"],
        &["text", "--set", "messages.0.id.deep=1"],
        &["text", "--remove", "messages.0.nothing"],
    ] {
        assert_eq!(made(arguments).0, 2, "{arguments:?}");
    }
}

#[test]
fn a_callback_is_handed_on_saved_and_replayed_byte_for_byte() {
    let folder = folder("whole");
    let saved = folder.join("captures");
    let (address, told) = webhook();
    let forward = format!("http://{address}/hook?x=1");
    let mut listen = Running::start(&[
        "listen",
        "--port",
        "0",
        "--secret",
        "s3cret-1",
        "--forward",
        &forward,
        "--save",
        saved.to_str().unwrap(),
        "--json",
    ]);
    // As Kaleyra writes it, blanks and escapes and all.
    let body = br#"{ "meta_object":{"field":"messages","value":{"messages":[{"id":"wamid.1","from":"919800000001","type":"text","text":{"body":"a\/b \ud83d\ude02"}}]}}}"#;
    let headers = [
        SECRET,
        ("content-type", "application/json; charset=utf-8"),
        ("x-own", "1"),
    ];
    assert_eq!(post(&listen.address, "/", &headers, body).0, 200);
    assert!(listen.line().contains("wamid.1"));
    let (head, came) = next(&told);
    assert_eq!(came, body);
    assert!(head.starts_with("post /hook"), "{head}");
    for part in [
        "x-kaleyra-secret: s3cret-1",
        "content-type: application/json; charset=utf-8",
        "x-own: 1",
    ] {
        assert!(head.contains(part), "{part} is not in {head}");
    }
    let query = "display_phone_number=918000000001&event=FLAGGED&current_limit=TIER_10K";
    assert_eq!(
        request(
            "GET",
            &listen.address,
            &format!("/?{query}"),
            &[SECRET],
            b""
        )
        .0,
        200
    );
    let (head, came) = next(&told);
    assert!(
        head.starts_with(&format!("get /hook?{}", query.to_lowercase())) && came.is_empty(),
        "{head}"
    );
    drop(listen);

    let mut files: Vec<_> = fs::read_dir(&saved)
        .unwrap()
        .map(|it| it.unwrap().path())
        .collect();
    files.sort();
    assert_eq!(files.len(), 4, "{files:?}");
    let head = fs::read_to_string(&files[0]).unwrap();
    assert!(
        head.contains("x-own: 1") && !head.contains("s3cret"),
        "{head}"
    );
    assert_eq!(fs::read(&files[1]).unwrap(), body);
    assert_eq!(
        run(&mut kaleyra_wa(&["check", saved.to_str().unwrap()])).0,
        0
    );

    let to = format!("http://{address}/again");
    let replay = |arguments: &[&str]| {
        let all = [
            &[
                "replay",
                saved.to_str().unwrap(),
                "--to",
                &to,
                "--secret",
                "s3cret-9",
            ],
            arguments,
        ];
        run(&mut kaleyra_wa(&all.concat()))
    };
    let (code, out, error) = replay(&["--json"]);
    assert_eq!(code, 0, "{error}");
    assert_eq!(out.lines().count(), 2, "{out}");
    let (head, came) = next(&told);
    assert_eq!(came, body);
    assert!(
        head.contains("x-own: 1") && head.contains("x-kaleyra-secret: s3cret-9"),
        "{head}"
    );
    let (head, came) = next(&told);
    assert!(
        head.starts_with("get /again?display_phone_number=918000000001") && came.is_empty(),
        "{head}"
    );

    assert_eq!(
        replay(&["--only", "1", "--times", "2", "--gaps", "original"]).0,
        0
    );
    assert_eq!(
        (next(&told).1, next(&told).1),
        (body.to_vec(), body.to_vec())
    );
    let (code, out, _) = replay(&["--dry-run", "--only", "2.."]);
    assert_eq!((code, out.lines().count()), (0, 1));
    assert_eq!(replay(&["--only", "9"]).0, 2);
    assert!(told.try_recv().is_err());
}

#[test]
fn what_was_not_handed_on_is_not_acknowledged() {
    let failing = format!("http://{}/", serving_as("500 Oops", &[], b"no"));
    let mut listen = Running::start(&[
        "listen",
        "--port",
        "0",
        "--secret",
        "s3cret-1",
        "--forward",
        &failing,
    ]);
    let body = br#"{"status":"not sent","code":"WAV2101"}"#;
    assert_eq!(post(&listen.address, "/", &[SECRET], body).0, 503);
    listen.line();
    assert!(listen.error_line().contains("500"));
    for url in ["shop", "http://shop.example/", "http://u:p@127.0.0.1/"] {
        let arguments = [
            "listen",
            "--port",
            "0",
            "--secret",
            "s3cret-1",
            "--forward",
            url,
        ];
        assert_eq!(run(&mut kaleyra_wa(&arguments)).0, 2, "{url}");
    }
}

#[test]
fn only_what_is_wanted_is_shown() {
    let mut listen = Running::start(&[
        "listen",
        "--port",
        "0",
        "--secret",
        "s3cret-1",
        "--json",
        "--only",
        "status",
        "--reference",
        "booking-17",
    ]);
    let url = format!("http://{}/", listen.address);
    for (event, reference) in [
        ("text", "booking-17"),
        ("delivered", "other"),
        ("read", "booking-17"),
    ] {
        let set = format!("extra_info.ref={reference}");
        let arguments = [
            "trigger", event, "--to", &url, "--secret", "s3cret-1", "--set", &set,
        ];
        assert_eq!(run(&mut kaleyra_wa(&arguments)).0, 0);
    }
    let told: Value = serde_json::from_str(&listen.line()).unwrap();
    assert_eq!(told["type"], "read", "{told}");
}

#[cfg(unix)]
#[test]
fn a_tunnels_address_is_shown_and_its_end_ends_the_command() {
    let line =
        "echo 'port {port} at {url}' >&2; echo '|  https://shop-1.example.dev  |'; sleep 0.3";
    let mut listen = Running::start(&[
        "listen", "--port", "0", "--secret", "s3cret-1", "--tunnel", line,
    ]);
    let told = listen.error_line();
    assert!(
        told.contains("https://shop-1.example.dev") && told.contains("doctor --webhook"),
        "{told}"
    );
    assert!(listen.error_line().contains("it has ended"));
    assert_eq!(listen.end(), 1);
    let arguments = [
        "listen",
        "--port",
        "0",
        "--dangerously-unverified",
        "--tunnel",
        "true",
    ];
    assert_eq!(run(&mut kaleyra_wa(&arguments)).0, 2);
}
