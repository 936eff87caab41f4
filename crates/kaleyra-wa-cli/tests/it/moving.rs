//! `kaleyra-wa inbox export` and `import` between a file, Postgres and NATS, in every direction.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::command::{Running, kaleyra_wa, run};
use crate::http::post;

#[allow(
    clippy::doc_markdown,
    clippy::print_stderr,
    dead_code,
    reason = "the server of the store's own tests, which need more of it and say what they skip"
)]
#[path = "../../../kaleyra-wa-store-nats/tests/it/server.rs"]
mod nats;
#[allow(
    clippy::doc_markdown,
    clippy::print_stderr,
    dead_code,
    reason = "the server of the store's own tests, which need more of it and say what they skip"
)]
#[path = "../../../kaleyra-wa-store-postgres/tests/it/server.rs"]
mod postgres;

/// A folder of one test, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("kwa-cli-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn inbox(arguments: &[&str]) -> (i32, String, String) {
    run(&mut kaleyra_wa(&[&["inbox"], arguments].concat()))
}

/// What the command prints as JSON, a value for each line.
fn values(arguments: &[&str]) -> Vec<Value> {
    let (code, out, error) = inbox(&[arguments, &["--json"]].concat());
    assert_eq!(code, 0, "{error}");
    out.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A line of an export.
fn event(id: i64, delivery: i64, nth: u32, state: &str) -> Value {
    let wamids = |of: i64| {
        let all = if of == 4 {
            "DE"
        } else {
            &"?ABC--G"[of as usize..=of as usize]
        };
        let message = |id: char| json!({"from": "919800000001", "id": id.to_string(), "type": "text", "text": {"body": "Hi ✓ \"\\/\u{1}"}});
        all.chars().map(message).collect::<Vec<Value>>()
    };
    let body =
        json!({"meta_object": {"field": "messages", "value": {"messages": wamids(delivery)}}});
    let is_settled = state != "waiting";
    // Of today: what was settled long ago may be pruned at once.
    let today = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
    let today = today.strftime("%Y-%m-%dT%H");
    json!({
        "id": id, "kind": "message", "conversation": "919800000001", "state": state, "attempt": id % 3,
        "received_at": format!("{today}:00:0{id}.250Z"),
        "due_at": (state == "waiting" && id == 5).then_some("2026-02-01T00:00:00.125Z"),
        "settled_at": is_settled.then(|| format!("{today}:01:0{id}.500Z")),
        "failure": (state == "dead").then_some("no luck: \"‽\""),
        "nth": nth, "fingerprint": format!("{id:032x}"), "delivery": delivery,
        "raw": (id == delivery).then(|| body.to_string()),
    })
}

/// What has to be the same everywhere, in its order: numbers of events and deliveries are each store's own.
fn told(mut exported: Vec<Value>) -> Vec<Value> {
    let mut first = Value::Null;
    for event in &mut exported {
        if event["raw"].is_string() {
            first = event["id"].clone();
        }
        assert_eq!(event["delivery"], first, "it belongs to the body before it");
        let event = event.as_object_mut().unwrap();
        event.remove("id");
        event.remove("delivery");
    }
    exported
}

/// Exports one store, and imports that into the other, twice.
fn move_over(folder: &Folder, from: &str, to: &str) {
    let lines = folder.file("events.jsonl");
    let (code, out, error) = inbox(&["export", from, "--json"]);
    assert_eq!(code, 0, "{error}");
    fs::write(&lines, out).unwrap();
    let moved = values(&["import", to, &lines]);
    assert_eq!(moved, [json!({"added": 5, "waiting": 2, "duplicates": 0})]);
    let again = values(&["import", to, &lines]);
    assert_eq!(again, [json!({"added": 0, "waiting": 0, "duplicates": 5})]);
    assert_eq!(
        told(values(&["export", from])),
        told(values(&["export", to]))
    );
    let stats = &values(&["stats", to])[0];
    let counts =
        ["waiting", "running", "handled", "dead", "dropped"].map(|state| stats[state].clone());
    assert_eq!(counts, [2, 0, 1, 1, 1]);
}

#[test]
fn events_move_between_all_stores_with_states_dead_letters_and_their_order() {
    let (Some(one), Some(other)) = (postgres::Server::start(), postgres::Server::start()) else {
        return;
    };
    let Some(server) = nats::Server::start() else {
        return;
    };
    let folder = Folder::new("moving");
    let first = folder.file("first.db");
    let lines = folder.file("first.jsonl");
    let events = [
        event(1, 1, 0, "handled"),
        event(2, 2, 0, "dead"),
        event(3, 3, 0, "waiting"),
        event(4, 4, 0, "dropped"),
        event(5, 4, 1, "waiting"),
    ];
    let text: String = events.iter().map(|it| format!("{it}\n")).collect();
    fs::write(&lines, text).unwrap();
    assert_eq!(values(&["import", &first, &lines])[0]["added"], 5);

    let (near, far) = (
        format!("{}/near", server.url()),
        format!("{}/far", server.url()),
    );
    let (one, other) = (one.url(), other.url());
    // Each of the six directions.
    move_over(&folder, &first, &one);
    move_over(&folder, &one, &near);
    move_over(&folder, &near, &folder.file("second.db"));
    move_over(&folder, &first, &far);
    move_over(&folder, &far, &other);
    move_over(&folder, &other, &folder.file("third.db"));

    // What is no export is refused with its line, what came before it is there, and the store is as usable as it was.
    let mut more = event(6, 6, 0, "waiting");
    more["raw"] = json!(r#"{"meta_object": {}}"#);
    for (place, name) in [
        (&one, "the store on Postgres"),
        (&near, "the store on NATS JetStream"),
    ] {
        fs::write(&lines, format!("{more}\n{{\"id\": 7}}\n")).unwrap();
        let (code, _, error) = inbox(&["import", place, &lines]);
        assert_eq!(code, 2);
        assert!(error.contains("line 2"), "{error}");
        // A state that no version knows.
        fs::write(&lines, format!("{more}\n").replace("waiting", "floating")).unwrap();
        let (code, _, error) = inbox(&["import", place, &lines]);
        assert!(code == 2 && error.contains("line 1"), "{error}");
        assert_eq!(values(&["export", place]).len(), 5);
        let (code, _, error) = inbox(&["backup", place, &folder.file("copy")]);
        assert_ne!(code, 0, "{name} has its own way to be backed up");
        assert!(
            error.contains("backup") || error.contains("pg_dump"),
            "{error}"
        );
    }

    // What waits is handled on the new store, and what was put back first.
    let dead = values(&["list", &near, "--state", "dead"]);
    let id = dead[0]["id"].to_string();
    assert_eq!(inbox(&["requeue", &near, &id]).0, 0);
    let mut listening = Running::start(&[
        "listen", "--port", "0", "--secret", "s3cret", "--json", "--inbox", &near,
    ]);
    let warning = listening.error_line();
    assert!(warning.contains("`sync_interval: always`"), "{warning}");
    let told: Vec<String> = (0..3)
        .map(|_| serde_json::from_str::<Value>(&listening.line()).unwrap()["id"].to_string())
        .collect();
    assert_eq!(told, [r#""B""#, r#""C""#, r#""E""#]);
    // A repetition of what was handled elsewhere is a duplicate by its key, and what is new is printed.
    let body = r#"{"meta_object":{"field":"messages","value":{"messages":[
        {"from":"919800000002","id":"F","type":"text","text":{"body":"Hi"}}]}}}"#;
    let secret = ("x-kaleyra-secret", "s3cret");
    assert_eq!(
        post(&listening.address, "/", &[secret], body.as_bytes()).0,
        200
    );
    let line: Value = serde_json::from_str(&listening.line()).unwrap();
    assert_eq!(line["id"], "F");
}

#[test]
fn a_password_of_a_nats_server_is_shown_nowhere() {
    let config =
        |_: &std::path::Path| r#"authorization { user: bot, password: "s3cret/1" }"#.to_owned();
    let Some(server) = nats::Server::configured(config) else {
        return;
    };
    let address = |user: &str| format!("nats://{user}@127.0.0.1:{}/bot", server.port());
    let right = address("bot:s3cret%2F1");
    let mut shown = String::new();
    for (address, expected) in [
        (&right, 0),
        (&address("bot:s3cret-2"), 2),
        (&address("s3cret-3"), 2),
        (&format!("{right}?creds=s3cret-4"), 2),
        (&right.replace("/bot", "/s3cret.5"), 2),
    ] {
        let mut command = kaleyra_wa(&["inbox", "stats", "-vv"]);
        command
            .env("KALEYRA_INBOX", address)
            .env("RUST_LOG", "trace");
        let (code, out, error) = run(&mut command);
        assert_eq!(code, expected, "{error}");
        shown += &(out + &error);
    }
    assert!(shown.contains("connected successfully"), "{shown}");
    assert!(!shown.contains("s3cret"), "{shown}");
}
