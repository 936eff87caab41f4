//! An inbox beside the other ways of `listen`, and its callbacks posted again.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use crate::command::{Running, kaleyra_wa, run};
use crate::http::{post, request, serving_as};
use crate::pass_on::{next, webhook};

const SECRET: (&str, &str) = ("x-kaleyra-secret", "s3cret-1");

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("kept")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn listen(inbox: &Path, arguments: &[&str]) -> Running {
    let inbox = inbox.to_str().unwrap();
    let fixed = [
        "listen", "--port", "0", "--secret", "s3cret-1", "--json", "--inbox", inbox,
    ];
    Running::start(&[&fixed, arguments].concat())
}

/// With blanks and escapes, as nobody would write it anew.
fn message(ids: &[&str]) -> Vec<u8> {
    let messages: Vec<_> = ids
        .iter()
        .map(|id| {
            format!(
                r#"{{ "id":"{id}","from":"919800000001","type":"text","text":{{"body":"a\/b"}}}}"#
            )
        })
        .collect();
    let messages = messages.join(" , ");
    format!(
        r#"{{"meta_object": {{"field":"messages","value":{{"messages":[{messages}]}}}},"extra_info":{{"ref":"r-{}"}}}}"#,
        ids[0]
    )
    .into_bytes()
}

fn status(id: &str) -> Vec<u8> {
    format!(
        r#"{{"meta_object":{{"field":"messages","value":{{"statuses":[{{"id":"{id}","status":"read","recipient_id":"919800000001","timestamp":"1722863329"}}]}}}}}}"#
    )
    .into_bytes()
}

fn events(inbox: &Path) -> Vec<Value> {
    let arguments = ["inbox", "list", inbox.to_str().unwrap(), "--json"];
    let (code, out, error) = run(&mut kaleyra_wa(&arguments));
    assert_eq!(code, 0, "{error}");
    out.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn an_inbox_keeps_all_and_what_is_wanted_is_shown_saved_and_forwarded() {
    let folder = folder("beside");
    let (inbox, saved) = (folder.join("bot.db"), folder.join("saved"));
    let (address, told) = webhook();
    let forward = format!("http://{address}/hook");
    let mut listen = listen(
        &inbox,
        &[
            "--save",
            saved.to_str().unwrap(),
            "--forward",
            &forward,
            "--only",
            "message",
        ],
    );
    let (first, second) = (message(&["wamid.1"]), message(&["wamid.2"]));
    for body in [&first, &status("A1"), &second] {
        assert_eq!(post(&listen.address, "/", &[SECRET], body).0, 200);
    }
    for id in ["wamid.1", "wamid.2"] {
        let line: Value = serde_json::from_str(&listen.line()).unwrap();
        assert_eq!(line["id"], id);
    }
    assert_eq!(next(&told).1, first);
    assert_eq!(next(&told).1, second);
    assert!(told.try_recv().is_err(), "the status is not forwarded");
    assert_eq!(fs::read_dir(&saved).unwrap().count(), 4);
    // The inbox has the status as well, for those who look for it later.
    let kinds: Vec<_> = events(&inbox)
        .iter()
        .map(|it| it["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds, ["message", "status", "message"]);
}

#[test]
fn what_is_not_forwarded_is_kept_once_and_not_acknowledged() {
    let folder = folder("again");
    let inbox = folder.join("bot.db");
    let failing = format!("http://{}/", serving_as("500 Oops", &[], b"no"));
    let mut listen = listen(&inbox, &["--forward", &failing]);
    let body = message(&["wamid.1"]);
    for _ in 0..2 {
        assert_eq!(post(&listen.address, "/", &[SECRET], &body).0, 503);
    }
    assert!(listen.line().contains("wamid.1"));
    assert_eq!(events(&inbox).len(), 1);
}

#[test]
fn the_callbacks_of_an_inbox_are_posted_again_byte_for_byte() {
    let folder = folder("replay");
    let inbox = folder.join("bot.db");
    let mut listen = listen(&inbox, &[]);
    let (first, second) = (message(&["wamid.1", "wamid.2"]), message(&["wamid.3"]));
    // The second event of the third is known already; the fourth is known as a whole.
    let third = message(&["wamid.4", "wamid.1"]);
    for body in [&first, &second, &third, &first] {
        assert_eq!(post(&listen.address, "/", &[SECRET], body).0, 200);
    }
    let query = "/?display_phone_number=918000000001&event=FLAGGED&current_limit=TIER_10K";
    let quality = request("GET", &listen.address, query, &[SECRET], b"");
    assert_eq!(quality.0, 200);
    for _ in 0..5 {
        listen.line();
    }

    // While it is in use, and into the very same listener, which keeps what has no key each time.
    let (address, told) = webhook();
    let to = format!("http://{address}/again");
    let replay = |arguments: &[&str]| {
        let fixed = ["replay", inbox.to_str().unwrap(), "--to", &to];
        run(&mut kaleyra_wa(&[&fixed, arguments].concat()))
    };
    let (code, out, error) = replay(&["--json", "--secret", "s3cret-9"]);
    assert_eq!(code, 0, "{error}");
    let numbers: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["number"].clone())
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    for body in [&first, &second, &third] {
        let (head, came) = next(&told);
        assert_eq!(&came, body);
        assert!(
            head.contains("content-type: application/json")
                && head.contains("x-kaleyra-secret: s3cret-9"),
            "{head}"
        );
    }
    let last: Value = serde_json::from_slice(&next(&told).1).unwrap();
    assert_eq!(last["meta_object"]["value"]["event"], "FLAGGED");
    assert!(told.recv_timeout(Duration::ZERO).is_err());

    let (code, out, _) = replay(&["--dry-run", "--only", "2..3", "--json"]);
    assert_eq!((code, out.lines().count()), (0, 2), "{out}");
    assert_eq!(
        replay(&["--gaps", "original", "--only", "1..2"]).0,
        0,
        "moments apart"
    );
    assert_eq!((next(&told).1, next(&told).1), (first, second));

    let own = format!("http://{}/", listen.address);
    let arguments = [
        "replay",
        inbox.to_str().unwrap(),
        "--to",
        &own,
        "--secret",
        "s3cret-1",
    ];
    let (code, out, error) = run(&mut kaleyra_wa(&arguments));
    assert_eq!((code, out.lines().count()), (0, 4), "{error}");
}

#[test]
fn a_file_that_is_no_inbox_is_refused_before_anything_is_posted() {
    let folder = folder("none");
    let good = folder.join("1.json");
    fs::write(&good, message(&["wamid.1"])).unwrap();
    let other = folder.join("other.db");
    fs::write(&other, b"SQLite format 3\0 and nothing more").unwrap();
    let broken = folder.join("2.json");
    fs::write(&broken, b"{}").unwrap();
    fs::write(folder.join("2.head"), b"nonsense").unwrap();
    let (address, told) = webhook();
    let to = format!("http://{address}/");
    for wrong in [&other, &broken, &folder.join("missing.json")] {
        let sources = [good.to_str().unwrap(), wrong.to_str().unwrap()];
        let arguments = ["replay", sources[0], sources[1], "--to", &to];
        let (code, _, error) = run(&mut kaleyra_wa(&arguments));
        assert_eq!(code, 2, "{error}");
        assert!(
            error.contains(wrong.to_str().unwrap()) || error.contains("2.head"),
            "{error}"
        );
    }
    assert!(told.try_recv().is_err());
}
