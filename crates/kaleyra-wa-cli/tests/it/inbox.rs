//! `kaleyra-wa listen --inbox` and `kaleyra-wa inbox`.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::command::{Running, kaleyra_wa, run};
use crate::http::post;

const SECRET: (&str, &str) = ("x-kaleyra-secret", "s3cret");

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

fn listen(file: &str) -> Running {
    let arguments = [
        "listen", "--port", "0", "--secret", "s3cret", "--json", "--inbox", file,
    ];
    Running::start(&arguments)
}

fn message(id: &str) -> Vec<u8> {
    format!(
        r#"{{"meta_object":{{"field":"messages","value":{{"messages":[
            {{"from":"919800000001","id":"{id}","type":"text","text":{{"body":"Hi"}}}}]}}}}}}"#
    )
    .into_bytes()
}

fn inbox(arguments: &[&str]) -> (i32, String, String) {
    run(&mut kaleyra_wa(&[&["inbox"], arguments].concat()))
}

/// What the command prints as JSON, a value for each line.
fn json(arguments: &[&str]) -> Vec<Value> {
    let (code, out, error) = inbox(&[arguments, &["--json"]].concat());
    assert_eq!(code, 0, "{error}");
    out.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Waits until nothing is left to print.
fn idle(file: &str) {
    let begun = Instant::now();
    while json(&["stats", file])[0]["handled"].as_u64() < Some(1)
        || json(&["stats", file])[0]["waiting"] != 0
        || json(&["stats", file])[0]["running"] != 0
    {
        assert!(begun.elapsed() < Duration::from_secs(30));
    }
}

#[test]
fn what_was_acknowledged_is_in_the_file_once_and_in_order() {
    let folder = Folder::new("export");
    let file = folder.file("bot.db");
    let mut listening = listen(&file);
    for id in ["A", "B", "A", "C"] {
        assert_eq!(
            post(&listening.address, "/", &[SECRET], &message(id)).0,
            200
        );
    }
    for id in ["A", "B", "C"] {
        let line: Value = serde_json::from_str(&listening.line()).unwrap();
        assert_eq!(line["id"], id);
    }
    idle(&file);
    let events = json(&["export", &file]);
    let ids: Vec<_> = events
        .iter()
        .map(|event| event["body"]["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["A", "B", "C"]);
    let first = events[0].as_object().unwrap();
    for key in [
        "key",
        "kind",
        "type",
        "conversation",
        "state",
        "attempt",
        "body",
        "received_at",
    ] {
        assert!(!first[key].is_null(), "{key}");
    }
    assert_eq!(
        (&events[0]["kind"], &events[0]["type"]),
        (&"message".into(), &"text".into())
    );
    assert_eq!(events[0]["conversation"], "919800000001");
    assert_eq!(
        (&events[0]["state"], &events[0]["attempt"]),
        (&"handled".into(), &1.into())
    );
    assert!(events[0]["received_at"].as_str().unwrap().ends_with('Z'));

    // By hand, while it runs.
    assert_eq!(json(&["requeue", "2", "--inbox", &file])[0]["requeued"], 1);
    let line: Value = serde_json::from_str(&listening.line()).unwrap();
    assert_eq!(line["id"], "B");
    let (code, _, error) = run(&mut kaleyra_wa(&[
        "listen", "--port", "0", "--secret", "s3cret", "--inbox", &file,
    ]));
    assert_eq!(code, 1);
    assert!(error.contains("another process"), "{error}");
    let copy = folder.file("copy.db");
    json(&["backup", &file, &copy]);
    assert_eq!(json(&["stats", &copy])[0]["handled"], 3);
    let (code, _, error) = inbox(&["backup", &file, &copy]);
    assert_eq!(code, 2);
    assert!(error.contains("name another"), "{error}");
}

#[test]
fn an_inbox_is_moved_to_another_file_with_all_that_was_done() {
    let folder = Folder::new("moved");
    let (old, new) = (folder.file("old.db"), folder.file("new.db"));
    let lines = folder.file("events.jsonl");
    let mut listening = listen(&old);
    let two = br#"{ "meta_object":{"field":"messages","value":{"messages":[ {"from":"919800000001","id":"C","type":"text","text":{"body":"a\/b"}},
        {"from":"919800000002","id":"D","type":"text","text":{"body":"Hi"}}]}}}"#;
    for body in [&message("A")[..], &message("B"), two] {
        assert_eq!(post(&listening.address, "/", &[SECRET], body).0, 200);
    }
    for _ in 0..4 {
        listening.line();
    }
    idle(&old);
    let exported = json(&["export", &old]);
    let raw: Vec<_> = exported.iter().map(|it| it["raw"].as_str()).collect();
    assert_eq!(raw[2].unwrap().as_bytes(), two);
    assert_eq!(raw[3], None, "it goes along once");
    let text: String = exported.iter().map(|it| format!("{it}\n")).collect();
    // One of them still waits, as far as the new file is told.
    let text = text.replacen(r#""state":"handled""#, r#""state":"waiting""#, 1);
    fs::write(&lines, &text).unwrap();

    let moved = json(&["import", &new, &lines]);
    assert_eq!(moved[0]["added"], 4);
    assert_eq!(moved[0]["waiting"], 1);
    let again = json(&["import", &new, &lines]);
    assert_eq!(
        (&again[0]["added"], &again[0]["duplicates"]),
        (&0.into(), &4.into())
    );
    let there = json(&["export", &new]);
    for (before, after) in exported.iter().zip(&there).skip(1) {
        assert_eq!(before, after);
    }
    let (code, _, error) = inbox(&["import", &old, &lines]);
    assert_eq!(code, 1, "it is in use");
    assert!(error.contains("another process"), "{error}");
    fs::write(&lines, "{\"id\": 1}\n").unwrap();
    let (code, _, error) = inbox(&["import", &new, &lines]);
    assert_eq!(code, 2);
    assert!(error.contains("line 1"), "{error}");

    // What waits is handled there, and what was handled is a duplicate there.
    let mut listening = listen(&new);
    let line: Value = serde_json::from_str(&listening.line()).unwrap();
    assert_eq!(line["id"], "A");
    for id in ["B", "E"] {
        assert_eq!(
            post(&listening.address, "/", &[SECRET], &message(id)).0,
            200
        );
    }
    let line: Value = serde_json::from_str(&listening.line()).unwrap();
    assert_eq!(line["id"], "E");
}

#[cfg(unix)]
#[test]
fn what_was_not_printed_is_printed_by_the_next_one() {
    let folder = Folder::new("again");
    let file = folder.file("bot.db");
    let mut listening = listen(&file);
    listening.close_output();
    assert_eq!(
        post(&listening.address, "/", &[SECRET], &message("A")).0,
        200,
        "it is kept"
    );
    assert_eq!(listening.end(), 1);
    let error = listening.error_line();
    assert!(error.contains("they are kept"), "{error}");
    let mut listening = listen(&file);
    let line: Value = serde_json::from_str(&listening.line()).unwrap();
    assert_eq!(line["id"], "A");
    assert_eq!(
        post(&listening.address, "/", &[SECRET], &message("A")).0,
        200
    );
    listening.interrupt();
    assert_eq!(listening.end(), 0);
    assert_eq!(json(&["export", &file]).len(), 1);
}

#[test]
fn events_are_listed_shown_dropped_and_pruned() {
    let folder = Folder::new("people");
    let file = folder.file("bot.db");
    let listening = listen(&file);
    for id in ["A", "B", "C"] {
        assert_eq!(
            post(&listening.address, "/", &[SECRET], &message(id)).0,
            200
        );
    }
    idle(&file);
    drop(listening);
    let (code, out, _) = inbox(&["list", &file, "--state", "handled", "--limit", "2"]);
    assert_eq!((code, out.lines().count()), (0, 2));
    let (code, out, _) = inbox(&["show", &file, "3"]);
    assert_eq!(code, 0);
    assert!(out.contains("message/C") && out.contains("\"Hi\""), "{out}");
    let (code, out, error) = inbox(&["drop", &file, "1"]);
    assert_eq!((code, out.as_str()), (1, "dropped: 0 of 1\n"), "{error}");
    assert!(error.contains("was handled"), "{error}");
    let pruned = json(&["prune", &file, "--handled", "0", "--bodies", "0"]);
    // The newest stays, so that its number is not given again; its body does not.
    assert_eq!(
        (&pruned[0]["events"], &pruned[0]["bodies"]),
        (&2.into(), &3.into())
    );
    let left = json(&["export", &file]);
    assert_eq!((left.len(), &left[0]["body"]), (1, &Value::Null));
}

#[test]
fn what_is_wrong_is_said_in_a_line() {
    let folder = Folder::new("wrong");
    let missing = folder.file("missing.db");
    let mut cases = vec![
        (vec!["stats", missing.as_str()], "no such file"),
        (vec!["stats"], "the file is missing"),
        (vec!["show", missing.as_str()], "the number of one event"),
        (vec!["show", missing.as_str(), "x"], "no number of an event"),
        (vec!["requeue", missing.as_str()], "--dead"),
    ];
    let text = folder.file("text");
    fs::write(
        &text,
        "a text, and no database, that is long enough to be looked at\n",
    )
    .unwrap();
    cases.push((vec!["list", text.as_str()], "was not touched"));
    for (arguments, told) in cases {
        let (code, out, error) = inbox(&arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        assert!(error.contains(told), "{arguments:?}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}
