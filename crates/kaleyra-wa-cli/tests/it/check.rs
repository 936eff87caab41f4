//! `kaleyra-wa check`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::{kaleyra_wa, run};

/// A folder of this test's own, with these files in it.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    for (file, content) in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

/// Checks a folder: exit code, and the lines of JSON.
fn check(folder: &Path, arguments: &[&str]) -> (i32, Vec<Value>) {
    let (code, out, _) = run(kaleyra_wa(&["check", "--json"]).args(arguments).arg(folder));
    (
        code,
        out.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

const TEXT: &str = r#"{"meta_object":{"field":"messages","value":{"messages":[{"id":"wamid.1","type":"text","text":{"body":"a","shade":1}}]}}}"#;

#[test]
fn each_file_is_a_line_of_json_in_the_documented_shape() {
    let folder = folder(
        "check-json",
        &[
            ("a.json", TEXT),
            (
                "b/c.json",
                r#"{"meta_object":{"value":{"messages":[{"id":"wamid.1","type":"hologram"},{"id":"wamid.2","type":"text","text":7}]}}}"#,
            ),
            ("d.json", "[]"),
            ("e.txt", "not looked at"),
        ],
    );
    let (code, lines) = check(&folder, &[]);
    assert_eq!((code, lines.len()), (1, 3));
    let [a, c, d] = &lines[..] else { panic!() };
    assert!(a["file"].as_str().unwrap().ends_with("a.json"));
    assert_eq!(a["outcome"], "ok");
    assert_eq!(
        a["events"],
        serde_json::json!([{"kind": "message", "type": "text", "decoded": "typed", "error": null}])
    );
    assert_eq!(
        a["unknown_fields"],
        serde_json::json!(["/meta_object/value/messages/0/text/shade"])
    );
    assert_eq!(
        (&a["lossless"], &a["violations"]),
        (&true.into(), &serde_json::json!([]))
    );
    assert_eq!(c["outcome"], "malformed");
    assert_eq!(c["events"][0]["decoded"], "unknown");
    assert_eq!(
        c["events"][1]["error"],
        "meta_object.value.messages[1].text: expected an object (Text), found number"
    );
    assert_eq!(c["lossless"], true);
    assert_eq!(d["outcome"], "not_json");
    assert_eq!(d["error"], "not a JSON object");
    assert_eq!(a["error"], Value::Null);
}

#[test]
fn what_came_twice_is_not_lossless() {
    let twice = r#"{"meta_object":{"value":{"messages":[{"id":"wamid.C"}],"messages":[{"id":"wamid.D"}]}}}"#;
    let folder = folder("check-twice", &[("a.json", twice)]);
    let (code, lines) = check(&folder, &[]);
    assert_eq!((code, &lines[0]["lossless"]), (1, &false.into()));
    let error = lines[0]["events"][1]["error"].as_str().unwrap();
    assert!(
        error.starts_with("meta_object.value.messages: left out"),
        "{error}"
    );

    let twice = r#"{"to":"+919800000005","type":"text","text":{"body":"a","body":"b"}}"#;
    let folder = self::folder("check-twice-message", &[("a.json", twice)]);
    let (_, lines) = check(&folder, &["--as", "message"]);
    assert_eq!(lines[0]["lossless"], false);
    assert_ne!(lines[0]["outcome"], "ok");
}

#[test]
fn what_is_to_be_sent_is_not_taken_for_a_callback_without_a_word() {
    let bare = r#"{"messaging_product":"whatsapp","to":"+919800000001","type":"text"}"#;
    let envelope = format!(r#"{{"messaging_object":{bare}}}"#);
    for (name, content) in [("check-bare", bare), ("check-envelope", &envelope)] {
        let folder = folder(name, &[("a.json", content)]);
        let (_, out, _) = run(kaleyra_wa(&["check"]).arg(&folder));
        assert!(out.contains("check it with --as message"), "{out}");
        assert!(out.contains("other is unknown"), "{out}");
    }
    let folder = folder("check-callback", &[("a.json", TEXT)]);
    let (_, out, _) = run(kaleyra_wa(&["check", "--as", "message"]).arg(&folder));
    assert!(out.contains("it looks like a callback"), "{out}");
    let (_, out, _) = run(kaleyra_wa(&["check", "-v"]).arg(&folder));
    assert!(!out.contains("--as message"), "{out}");
}

#[test]
fn what_meta_posts_itself_is_read_too() {
    let meta = r#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[
        {"field":"messages","value":{"messages":[
            {"from":"919800000001","id":"wamid.A","type":"text","text":{"body":"Hello"}}]}}]}]}"#;
    let folder = folder("check-meta", &[("a.json", meta)]);
    let (code, out, _) = run(kaleyra_wa(&["check"]).arg(&folder));
    assert_eq!(code, 0, "{out}");
    assert!(
        out.contains("message text") && out.contains("1 ok"),
        "{out}"
    );
}

#[test]
fn the_standard_input_is_read_for_a_hyphen() {
    use std::io::Write;
    use std::process::Stdio;

    let mut command = kaleyra_wa(&["check", "--json", "-"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(TEXT.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&report["file"], &report["outcome"]),
        (&"-".into(), &"ok".into())
    );
}

#[test]
fn what_is_sent_is_read_bare_or_in_its_envelope_with_all_violations() {
    let message =
        r#"{"messaging_product":"whatsapp","to":"+919800000001","type":"text","text":{"body":""}}"#;
    let envelope = format!(
        r#"{{"messaging_object":{message},"extra_info":{{"ref":"{}"}}}}"#,
        "r".repeat(256)
    );
    let folder = folder(
        "check-message",
        &[("bare.json", message), ("envelope.json", &envelope)],
    );
    let (code, lines) = check(&folder, &["--as", "message"]);
    assert_eq!(code, 1, "a broken limit is a failure");
    assert_eq!(
        lines[0]["outcome"], "refused",
        "as its line for people says"
    );
    assert_eq!(lines[0]["events"][0]["kind"], "outbound");
    assert_eq!(
        lines[0]["violations"],
        serde_json::json!(["text.body: must not be empty"])
    );
    assert_eq!(
        lines[1]["violations"],
        serde_json::json!([
            "messaging_object.text.body: must not be empty",
            "extra_info.ref: at most 255 characters, found 256"
        ])
    );
}

#[test]
fn people_get_a_table_and_what_needs_a_look() {
    let folder = folder("check-text", &[("a.json", TEXT), ("b.json", "{")]);
    let (code, out, error) = run(kaleyra_wa(&["check"]).arg(&folder));
    assert_eq!(code, 1);
    for part in [
        "unknown field /meta_object/value/messages/0/text/shade",
        "not JSON: expected",
        "message text",
        "2 files: 1 ok, 0 malformed, 1 not JSON, 0 lossy",
    ] {
        assert!(out.contains(part), "{part} is not in\n{out}");
    }
    assert_eq!(error, "error: 1 of 2 files are not ok\n");
}

#[test]
fn a_path_that_cant_be_read_is_bad_input() {
    let (code, out, error) = run(&mut kaleyra_wa(&["check", "no/such/file.json"]));
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(
        error.starts_with("error: no/such/file.json: can't be read"),
        "{error}"
    );
    // The others are checked all the same.
    let folder_of_two = folder("check-others", &[("a.json", "{"), ("b.json", TEXT)]);
    let (code, out, error) =
        run(kaleyra_wa(&["check", "--json", "no/such/file.json"]).arg(&folder_of_two));
    // A line for each file, and the failure.
    assert_eq!((code, out.lines().count()), (2, 3));
    assert!(
        error.ends_with("error: 1 of 2 files are not ok\n"),
        "{error}"
    );
    let (code, _, error) = run(kaleyra_wa(&["check"]).arg(folder("check-empty", &[("a.txt", "")])));
    assert_eq!(code, 2);
    assert!(error.contains("no .json file"), "{error}");
}
