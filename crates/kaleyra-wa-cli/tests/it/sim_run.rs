//! `kaleyra-wa sim`: what goes with a run, how callbacks prove where they are from, and what users do from the shell.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::{Running, kaleyra_wa, run};
use crate::http::{post, serving};
use crate::pass_on::{next, webhook};
use crate::send::KEY;
use crate::simulator::{ask, command, start};

const ASHA: &str = "919800000001";

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("sim-run")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn send(sim: &Running, sid: &str, key: &str, sender: &str, content: &str) -> u16 {
    let body = format!(
        r#"{{"messaging_object":{{"messaging_product":"whatsapp","to":"+{ASHA}",{content}}}}}"#
    );
    let headers = [("api-key", key), ("content-type", "application/json")];
    let path = format!("/v2/{sid}/whatsapp/{sender}/messages");
    post(&sim.address, &path, &headers, body.as_bytes()).0
}

const TEXT: &str = r#""type":"text","text":{"body":"Hi"}"#;

#[test]
fn callbacks_prove_where_they_are_from_in_each_way() {
    let (address, told) = webhook();
    let url = format!("http://{address}/");
    let proof = |arguments: &[&str], header: &str| {
        let sim = start(&[&["--callback-url", &url], arguments].concat());
        assert_eq!(ask(&sim, &["say", ASHA, "Hi"]).0, 0, "{arguments:?}");
        let (head, _) = next(&told);
        assert!(head.contains(header), "{header} is not in {head}");
    };
    proof(&["--callback-secret", "s3cret"], "x-kaleyra-secret: s3cret");
    proof(
        &["--callback-auth", "header", "--callback-secret", "s3cret"],
        "x-kaleyra-secret: s3cret",
    );
    proof(
        &[
            "--callback-auth",
            "header:X-Own",
            "--callback-secret",
            "s3cret",
        ],
        "x-own: s3cret",
    );
    proof(
        &[
            "--callback-auth",
            "basic",
            "--callback-secret",
            "kaleyra:s3cret",
        ],
        "authorization: basic a2fszxlyytpzm2nyzxq=",
    );
    let token = serving(
        &[("content-type", "application/json")],
        br#"{"access_token":"t0ken","expires_in":"3600"}"#,
    );
    let bearer = format!("bearer:http://{token}/token");
    proof(
        &["--callback-auth", &bearer, "--callback-secret", "id:s3cret"],
        "authorization: bearer t0ken",
    );
    for (arguments, part) in [
        (&["--callback-auth", "basic"][..], "name and password"),
        (&["--callback-auth", "header:X-Own"], "the header's value"),
        (&["--callback-auth", "digest"], "write header, header:NAME"),
        (&["--callback-url-of", "+91"], "write NUMBER=URL"),
        (&["--account", "HX2:A2"], "write SID:KEY:NUMBER"),
        (
            &["--templates", "no-such-folder"],
            "there is no such folder",
        ),
        (&["--number", ""], "--number"),
    ] {
        let (code, _, error) = run(command(&["--callback-url", &url]).args(arguments));
        assert!(code == 2 && error.contains(part), "{error}");
    }
}

#[test]
fn accounts_and_their_webhooks_are_named_by_flags() {
    let (first, told_first) = webhook();
    let (second, told_second) = webhook();
    let own = format!("+4930000002=http://{second}/");
    let sim = start(&[
        "--account",
        "HXEU0000000000DE:A-german:+4930000001,+4930000002",
        "--number",
        "+918000000009",
        "--callback-url",
        &format!("http://{first}/"),
        "--callback-url-of",
        &own,
    ]);
    let sends = [
        ("HX1", KEY, "918000000001", 202),
        ("HX1", KEY, "918000000009", 202),
        ("HXEU0000000000DE", "A-german", "4930000001", 202),
        ("HXEU0000000000DE", KEY, "4930000001", 401),
        ("HX1", KEY, "4930000001", 401),
    ];
    for (sid, key, sender, status) in sends {
        assert_eq!(send(&sim, sid, key, sender, TEXT), status, "{sid} {sender}");
    }
    for _ in 0..3 {
        next(&told_first);
    }
    assert_eq!(
        send(&sim, "HXEU0000000000DE", "A-german", "4930000002", TEXT),
        202
    );
    next(&told_second);
    let (code, _, error) = ask(&sim, &["say", ASHA, "Hallo", "--business", "+4930000002"]);
    assert_eq!(code, 0, "{error}");
    assert!(
        String::from_utf8(next(&told_second).1)
            .unwrap()
            .contains("4930000002")
    );
    assert!(told_first.try_recv().is_err());
}

#[cfg(unix)]
#[test]
fn a_run_says_that_it_is_ready_and_records_all_that_happens() {
    use std::os::unix::fs::PermissionsExt;

    let folder = folder("record");
    let (ready, record) = (folder.join("ready"), folder.join("record.jsonl"));
    let (opened, browser) = (folder.join("opened"), folder.join("browser"));
    fs::write(
        &browser,
        format!("#!/bin/sh\necho \"$1\" > {}\n", opened.display()),
    )
    .unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o700)).unwrap();
    let mut command = command(&[
        "--ready-file",
        ready.to_str().unwrap(),
        "--record",
        record.to_str().unwrap(),
        "--open",
    ]);
    command.env("BROWSER", &browser);
    let mut sim = Running::run(command);
    let url = format!("http://{}", sim.address);
    while !ready.exists() || !opened.exists() || fs::read(&opened).unwrap().is_empty() {
        std::thread::yield_now();
    }
    assert_eq!(fs::read_to_string(&ready).unwrap().trim(), url);
    assert_eq!(fs::read_to_string(&opened).unwrap().trim(), url);
    assert_eq!(send(&sim, "HX1", KEY, "918000000001", TEXT), 202);
    assert_eq!(send(&sim, "HX1", KEY, "918000000001", "\"type\":1"), 400);
    sim.interrupt();
    assert_eq!(sim.end(), 0);
    assert!(!ready.exists());
    let text = fs::read_to_string(&record).unwrap();
    assert!(!text.contains(KEY));
    let entries: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let numbers: Vec<_> = entries
        .iter()
        .map(|it| it["number"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
    for what in ["request", "accepted", "answer", "rejected"] {
        assert!(
            entries.iter().any(|it| it["what"] == what),
            "{what} of {text}"
        );
    }
    assert_eq!(
        fs::metadata(&record).unwrap().permissions().mode() & 0o077,
        0
    );
}

#[test]
fn with_json_all_that_happens_is_a_line() {
    let mut sim = start(&["--json"]);
    assert_eq!(send(&sim, "HX1", KEY, "918000000001", TEXT), 202);
    let mut what = Vec::new();
    while !what.contains(&"answer".to_owned()) {
        let entry: Value = serde_json::from_str(&sim.line()).unwrap();
        what.push(entry["what"].as_str().unwrap().to_owned());
    }
    assert!(what.contains(&"accepted".to_owned()), "{what:?}");
}

#[cfg(unix)]
#[test]
fn the_log_is_followed_until_ctrl_c() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let sim = start(&[]);
    send(&sim, "HX1", KEY, "918000000001", TEXT);
    let url = format!("http://{}", sim.address);
    let mut command = kaleyra_wa(&["sim", "log", "--from", "1", "--follow", "--sim", &url]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut until = |part: &str| {
        let found = lines
            .by_ref()
            .map(Result::unwrap)
            .find(|it| it.contains(part));
        assert!(found.is_some(), "{part}");
    };
    until("\"accepted\"");
    send(&sim, "HX1", KEY, "918000000001", "\"type\":\"image\"");
    until("messaging_object.image: missing");
    crate::command::interrupt(&child);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn users_do_from_the_shell_what_they_do_on_a_phone() {
    let folder = folder("deeds");
    let photo = folder.join("photo.jpg");
    fs::write(&photo, b"\xff\xd8\xff\xe0 photo").unwrap();
    let photo = photo.to_str().unwrap();
    let (address, told) = webhook();
    let sim = start(&[
        "--callback-url",
        &format!("http://{address}/"),
        "--no-statuses",
    ]);
    let order = r#""type":"interactive","interactive":{"type":"order_details","body":{"text":"Your order"},
        "action":{"name":"review_and_pay","parameters":{"reference_id":"order-17","currency":"INR",
        "total_amount":{"value":250000,"offset":100}}}}"#;
    assert_eq!(ask(&sim, &["reply", ASHA, "Yes"]).0, 2);
    assert_eq!(ask(&sim, &["pay", ASHA]).0, 2);
    assert_eq!(send(&sim, "HX1", KEY, "918000000001", order), 202);

    let does = |deed: &[&str], pointer: &str, expected: &str| {
        let (code, out, error) = ask(&sim, deed);
        assert_eq!(code, 0, "{deed:?}: {out}{error}");
        let body: Value = serde_json::from_slice(&next(&told).1).unwrap();
        let found = body.pointer(pointer).cloned().unwrap_or_default();
        let found = found
            .as_str()
            .map_or_else(|| found.to_string(), str::to_owned);
        assert_eq!(found, expected, "{deed:?}: {body}");
    };
    let first = |rest: &str| format!("/meta_object/value/messages/0/{rest}");
    does(&["say", ASHA, "Hi"], &first("text/body"), "Hi");
    does(
        &["reply", "+919800000001", "Yes"],
        &first("context/from"),
        "918000000001",
    );
    does(
        &["send", ASHA, photo, "--caption", "This one?"],
        &first("image/caption"),
        "This one?",
    );
    does(&["react", ASHA, "👍"], &first("reaction/emoji"), "👍");
    does(&["react", ASHA], &first("type"), "reaction");
    does(
        &["location", ASHA, "-12.97,77.59", "--name", "Shop"],
        &first("location/latitude"),
        "-12.97",
    );
    does(
        &["contact", ASHA, "Ravi Example", "+919800000002"],
        &first("contacts/0/name/formatted_name"),
        "Ravi Example",
    );
    does(
        &["order", ASHA, "--catalog", "17", "blue-41=2@1499.5"],
        &first("order/product_items/0/item_price"),
        "1499.5",
    );
    does(
        &["form", ASHA, r#"{"size":"41"}"#],
        &first("interactive/type"),
        "nfm_reply",
    );
    does(&["edit", ASHA, "Hello"], &first("type"), "edit");
    does(&["delete", ASHA], &first("type"), "revoke");
    does(
        &["write", ASHA, "poll", r#"{"name":"a"}"#],
        &first("poll/name"),
        "a",
    );
    does(&["pay", ASHA], "/payment/reference_id", "order-17");
    does(&["pay", ASHA, "--status", "failed"], "/status", "failed");
    assert_eq!(ask(&sim, &["read", ASHA]).0, 0);
    for (deed, part) in [
        (&["location", ASHA, "north"][..], "latitude and longitude"),
        (&["location", ASHA, "91,0"], "latitude and longitude"),
        (
            &["order", ASHA, "--catalog", "1", "blue"],
            "PRODUCT=COUNT@PRICE",
        ),
        (&["form", ASHA, "{"], "not JSON"),
        (&["send", ASHA, "missing.jpg"], "can't be read"),
        (&["pay", ASHA, "--status", "maybe"], "captured"),
    ] {
        let (code, _, error) = ask(&sim, deed);
        assert!(code == 2 && error.contains(part), "{deed:?}: {error}");
    }
}
