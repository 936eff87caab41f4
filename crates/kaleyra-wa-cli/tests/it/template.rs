//! `kaleyra-wa template`: a template's life by the command, against the simulator.

mod documentation;
mod folders;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value, json};

use crate::command::{Running, kaleyra_wa, run};
use crate::http::request;
use crate::send::{KEY, send, sim};

const PARCEL: &str = r#"{
  "name": "parcel", "language": "en_US", "category": "UTILITY",
  "components": [
    {"type": "HEADER", "format": "TEXT", "text": "Parcel {{1}}", "example": {"header_text": ["A-17"]}},
    {"type": "BODY", "text": "Hello {{1}}, it waits at {{2}} until Friday.", "example": {"body_text": [["Anna", "Main Street"]]}},
    {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Track", "url": "https://example.com/t/{{1}}", "example": ["https://example.com/t/A17"]}]}
  ]
}"#;

/// A message of it, with these values in its body.
fn message(values: &[&str]) -> String {
    let text = |text: &&str| json!({"type": "text", "text": text});
    json!({"name": "parcel", "language": {"code": "en_US"}, "components": [
        {"type": "header", "parameters": [text(&"B-4")]},
        {"type": "body", "parameters": values.iter().map(text).collect::<Vec<_>>()},
        {"type": "button", "sub_type": "url", "index": "0", "parameters": [text(&"B4")]},
    ]})
    .to_string()
}

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("template-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("parcel.json"), PARCEL).unwrap();
    fs::write(folder.join("right.json"), message(&["Asha", "Park Lane"])).unwrap();
    fs::write(folder.join("wrong.json"), message(&["Asha\ncanary"])).unwrap();
    folder
}

fn template(sim: &Running, arguments: &[&str]) -> Command {
    on_account(sim, &[&["template"], arguments].concat())
}

fn on_account(sim: &Running, arguments: &[&str]) -> Command {
    let mut command = kaleyra_wa(arguments);
    command
        .env("KALEYRA_SID", "HX1")
        .env("KALEYRA_API_KEY", KEY)
        .env("KALEYRA_SENDER", "+918000000001")
        .env("KALEYRA_BASE_URL", format!("http://{}", sim.address));
    command
}

fn json_of(out: &str) -> Value {
    serde_json::from_str(out).unwrap_or_else(|error| panic!("{error}: {out}"))
}

/// What a send of the right message came to: the code that it failed with.
fn fate(sim: &Running, folder: &std::path::Path) -> Value {
    let body = format!(
        r#"{{"type":"template","template":{}}}"#,
        fs::read_to_string(folder.join("right.json")).unwrap()
    );
    let file = folder.join("send.json");
    fs::write(&file, body).unwrap();
    let (code, out, error) = run(&mut send(
        &sim.address,
        &["--file", file.to_str().unwrap(), "--json"],
    ));
    assert_eq!(code, 0, "{error}");
    let id = json_of(&out)["message_id"].as_str().unwrap().to_owned();
    for _ in 0..200 {
        let (_, shown) = request(
            "GET",
            &sim.address,
            &format!("/sim/messages/{id}"),
            &[],
            b"",
        );
        let statuses = json_of(&shown)["statuses"].clone();
        if statuses.as_array().is_some_and(|it| !it.is_empty()) {
            return statuses[0]["error"]["code"].clone();
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("nothing became of it");
}

#[test]
fn a_template_lives_by_the_command() {
    let (sim, folder) = (sim(), folder("life"));
    let parcel = folder.join("parcel.json");
    let parcel = parcel.to_str().unwrap();
    // Nothing is done without a yes; what would be is shown.
    let (code, out, error) = run(&mut template(&sim, &["create", parcel]));
    assert_eq!((code, out.as_str()), (2, ""), "{error}");
    assert!(
        error.contains("Hello {{1}}, it waits at {{2}}") && error.contains("--yes"),
        "{error}"
    );
    let (code, out, _) = run(&mut template(
        &sim,
        &["create", parcel, "--dry-run", "--json"],
    ));
    assert_eq!(
        (code, &json_of(&out)["outcome"]),
        (0, &json!("would_create"))
    );
    let (code, out, _) = run(&mut template(&sim, &["create", parcel, "--yes", "--json"]));
    let created = json_of(&out);
    assert_eq!(
        (code, &created["outcome"], &created["status"]),
        (0, &json!("created"), &json!("PENDING"))
    );
    let (code, out, _) = run(&mut template(&sim, &["create", parcel, "--json"]));
    assert_eq!((code, &json_of(&out)["outcome"]), (0, &json!("unchanged")));

    let (code, out, _) = run(&mut template(&sim, &["list"]));
    assert!(
        code == 0 && out.contains("parcel") && out.contains("APPROVED"),
        "{out}"
    );
    for status in ["rejected", "UNARCHIVED"] {
        let (_, out, error) = run(&mut template(&sim, &["list", "--status", status]));
        assert_eq!(
            (out.as_str(), error.as_str()),
            ("", "no template is listed\n")
        );
    }
    let (code, out, _) = run(&mut template(
        &sim,
        &["show", "parcel", "--language", "en-US", "--json"],
    ));
    assert_eq!((code, &json_of(&out)["id"]), (0, &created["id"]));
    assert_eq!(fate(&sim, &folder), Value::Null);

    // An edit shows what differs.
    let edited = PARCEL.replace("until Friday", "until Sunday");
    fs::write(folder.join("parcel.json"), edited).unwrap();
    let (code, out, error) = run(&mut template(&sim, &["create", parcel]));
    assert_eq!((code, out.as_str()), (0, ""));
    assert!(
        error.contains("components[1].text") && error.contains("template edit"),
        "{error}"
    );
    let (code, _, error) = run(&mut template(&sim, &["edit", parcel]));
    assert_eq!(code, 2);
    assert!(
        error.contains("- \"Hello") && error.contains("+ \"Hello"),
        "{error}"
    );
    let (code, out, error) = run(&mut template(&sim, &["edit", parcel, "--yes", "--json"]));
    assert_eq!(code, 0, "{error}");
    let outcome = json_of(&out);
    assert_eq!(
        (&outcome["outcome"], &outcome["differences"][0]["path"]),
        (&json!("edited"), &json!("components[1].text"))
    );
    let (code, out, _) = run(&mut template(&sim, &["edit", parcel, "--json"]));
    assert_eq!((code, &json_of(&out)["outcome"]), (0, &json!("unchanged")));
    // Once in 24 hours.
    fs::write(folder.join("parcel.json"), PARCEL).unwrap();
    let (code, _, error) = run(&mut template(&sim, &["edit", parcel, "--yes"]));
    assert!(
        code == 3 && error.contains("once in 24 hours"),
        "{code}: {error}"
    );

    let patch = |body: &[u8]| request("PATCH", &sim.address, "/sim/templates/parcel", &[], body).0;
    assert_eq!(patch(br#"{"status":"PAUSED"}"#), 200);
    assert_eq!(fate(&sim, &folder), "132015");
    let right = folder.join("right.json");
    let (code, out, _) = run(&mut template(
        &sim,
        &[
            "check",
            "parcel",
            "--with",
            right.to_str().unwrap(),
            "--json",
        ],
    ));
    assert_eq!(
        (code, &json_of(&out)["findings"][0]["code"]),
        (1, &json!(132_015))
    );

    let (code, _, error) = run(&mut template(&sim, &["delete", "parcel"]));
    assert!(code == 2 && error.contains("--yes"), "{error}");
    let (code, out, _) = run(&mut template(
        &sim,
        &["delete", "parcel", "--yes", "--json"],
    ));
    assert_eq!(
        (code, &json_of(&out)["deleted"][0]["language"]),
        (0, &json!("en_US"))
    );
    assert_eq!(fate(&sim, &folder), "132001");
    let (code, _, error) = run(&mut template(&sim, &["show", "parcel"]));
    assert!(code == 2 && error.contains("template list"), "{error}");
    // Its name is taken for a month.
    let (code, _, error) = run(&mut template(&sim, &["create", parcel, "--yes"]));
    assert!(code == 3 && error.contains("30 days later"), "{error}");
}

#[test]
fn a_message_is_checked_and_shown_without_an_account() {
    let folder = folder("check");
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let on_file = |arguments: &[&str]| run(&mut kaleyra_wa(&[&["template"], arguments].concat()));
    let (parcel, right, wrong) = (at("parcel.json"), at("right.json"), at("wrong.json"));
    assert_eq!(on_file(&["check", &parcel]).0, 0);
    let (code, out, error) = on_file(&["check", &parcel, "--with", &right]);
    assert_eq!(
        (code, out.as_str(), error.as_str()),
        (0, "", "the message fits the template\n")
    );
    let (code, out, error) = on_file(&["check", &parcel, "--with", &wrong]);
    assert_eq!(code, 1);
    assert!(
        out.contains("132018  components[1].parameters[0].text"),
        "{out}"
    );
    assert!(out.contains("132000") && out.contains("  do  "), "{out}");
    assert!(
        error.contains("2 reasons") && !out.contains("canary"),
        "{error}{out}"
    );
    let (_, out, _) = on_file(&["check", &parcel, "--with", &wrong, "--json"]);
    let checked = json_of(&out);
    assert_eq!(
        (&checked["file"], &checked["name"], &checked["language"]),
        (&json!(parcel), &json!("parcel"), &json!("en_US"))
    );
    let first = &checked["findings"][0];
    let fields: Vec<_> = first.as_object().unwrap().keys().cloned().collect();
    assert_eq!(fields.len(), 5, "{fields:?}");
    assert_eq!(
        (&first["severity"], first["do"].is_string()),
        (&json!("refused"), true)
    );

    // A whole request is as good as its template.
    let whole = json!({"messaging_object": {"to": "+919800000001", "type": "template",
        "template": serde_json::from_str::<Value>(&message(&["Asha", "Park Lane"])).unwrap()}});
    fs::write(folder.join("whole.json"), whole.to_string()).unwrap();
    assert_eq!(
        on_file(&["check", &parcel, "--with", &at("whole.json")]).0,
        0
    );
    fs::write(folder.join("text.json"), r#"{"type":"text"}"#).unwrap();
    for (file, part) in [
        ("text.json", "no template message"),
        ("none.json", "can't be read"),
    ] {
        let (code, _, error) = on_file(&["check", &parcel, "--with", &at(file)]);
        assert!(code == 2 && error.contains(part), "{error}");
    }

    // A definition alone: its limits, and advice.
    fs::write(
        folder.join("bad.json"),
        PARCEL.replace("Hello {{1}}, it", "{{1}} it"),
    )
    .unwrap();
    let (code, out, _) = on_file(&["check", &at("bad.json"), "--json"]);
    let found = &json_of(&out)["findings"][0];
    assert_eq!(
        (code, &found["code"], &found["path"]),
        (1, &Value::Null, &json!("components[1].text"))
    );
    fs::write(
        folder.join("code.json"),
        r#"{"name":"a","language":"en","category":"UTILITY","components":[
        {"type":"BODY","text":"Your code: {{1}}.","example":{"body_text":[["1"]]}}]}"#,
    )
    .unwrap();
    let (code, out, _) = on_file(&["check", &at("code.json")]);
    assert!(code == 0 && out.starts_with("warning"), "{out}");

    let (code, out, _) = on_file(&["preview", &parcel, "--with", &right]);
    assert_eq!(code, 0);
    for part in [
        "Parcel B-4",
        "Hello Asha, it waits at Park Lane",
        "[Track] https://example.com/t/B4",
    ] {
        assert!(out.contains(part), "{out}");
    }
    let (_, out, _) = on_file(&["preview", &parcel, "--json"]);
    let shown = json_of(&out);
    assert_eq!(
        (&shown["header"], &shown["buttons"][0]["type"]),
        (&json!("Parcel {{1}}"), &json!("URL"))
    );
    let (_, _, error) = on_file(&["preview", &parcel, "--with", &wrong]);
    assert!(error.contains("template check"), "{error}");
}

#[test]
fn what_is_sure_to_be_refused_is_refused_before() {
    let (folder, sim) = (folder("locked"), sim());
    let file = folder.join("parcel.json");
    let file = file.to_str().unwrap();
    assert_eq!(run(&mut template(&sim, &["create", file, "--yes"])).0, 0);
    let patch = |body: &[u8]| request("PATCH", &sim.address, "/sim/templates/parcel", &[], body);
    let dry = || run(&mut template(&sim, &["edit", file, "--dry-run"]));
    fs::write(file, PARCEL.replace("UTILITY", "MARKETING")).unwrap();
    let (code, _, error) = dry();
    assert!(
        code == 2 && error.contains("category of an approved one"),
        "{error}"
    );
    // Examples alone are a change; the list of them is shown.
    fs::write(file, PARCEL.replace("Anna", "Asha")).unwrap();
    let (code, _, error) = dry();
    assert!(
        code == 0 && error.contains("components[1].example.body_text"),
        "{error}"
    );
    let (code, _, error) = run(&mut template(&sim, &["create", file]));
    assert!(
        code == 0 && error.contains("1 template differs from what is there"),
        "{error}"
    );
    // A reason goes with what is not approved, and away with it.
    assert_eq!(patch(br#"{"status":"REJECTED","reason":"SCAM"}"#).0, 200);
    let (status, approved) = patch(br#"{"status":"APPROVED"}"#);
    assert!(status == 200 && !approved.contains("SCAM"), "{approved}");
    assert_eq!(patch(br#"{"status":"APPROVED","reason":"SCAM"}"#).0, 400);
    assert_eq!(patch(br#"{"status":"DISABLED"}"#).0, 200);
    let (code, _, error) = dry();
    assert!(code == 2 && error.contains("is DISABLED"), "{error}");
    let (_, _, error) = run(&mut template(&sim, &["delete", "parcel", "--dry-run"]));
    assert!(error.contains("can't be deleted"), "{error}");

    // Nothing counts as added that can't be written.
    let (code, out, _) = run(&mut template(&sim, &["pull", file, "--json"]));
    let outcome = json_of(&out);
    assert!(code != 0 && outcome["error"].is_object(), "{out}");
    let (_, out, _) = run(&mut template(&sim, &["pull", file]));
    assert_eq!(out, "");
    for (arguments, part) in [
        (["list", "--waba", "x1"], "is a number"),
        (["show", "", "--json"], "value is required"),
        (
            ["sample", folder.to_str().unwrap(), "--json"],
            "it is a folder",
        ),
    ] {
        let (code, out, error) = run(&mut template(&sim, &arguments));
        assert!(
            code == 2 && format!("{out}{error}").contains(part),
            "{out}{error}"
        );
    }
}
