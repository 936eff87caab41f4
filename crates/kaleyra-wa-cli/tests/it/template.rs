//! `kaleyra-wa template`: a template's life by the command, against the simulator.

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
    let (_, out, error) = run(&mut template(&sim, &["list", "--status", "rejected"]));
    assert_eq!(
        (out.as_str(), error.as_str()),
        ("", "no template is listed\n")
    );
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
fn a_pulled_folder_is_the_same_each_time() {
    let (sim, folder) = (sim(), folder("pull"));
    let parcel = folder.join("parcel.json");
    assert_eq!(
        run(&mut template(
            &sim,
            &["create", parcel.to_str().unwrap(), "--yes"]
        ))
        .0,
        0
    );
    let into = folder.join("templates");
    let pull = |json: bool| {
        let mut arguments = vec!["pull", into.to_str().unwrap()];
        arguments.extend(json.then_some("--json"));
        run(&mut template(&sim, &arguments))
    };
    let (code, out, error) = pull(false);
    assert_eq!(code, 0, "{error}");
    assert!(out.contains("added    parcel in en_US"), "{out}");
    let file = into.join("parcel.en_US.json");
    let first = fs::read(&file).unwrap();
    let (_, out, _) = pull(true);
    let again = json_of(&out);
    assert_eq!(
        (&again["listed"], &again["added"], &again["changed"]),
        (&json!(1), &json!([]), &json!([]))
    );
    assert_eq!(fs::read(&file).unwrap(), first);
    // What was pulled says the same as what is there.
    let (_, out, _) = run(&mut template(
        &sim,
        &["create", file.to_str().unwrap(), "--json"],
    ));
    assert_eq!(json_of(&out)["outcome"], "unchanged");
    assert_eq!(
        run(&mut template(&sim, &["delete", "parcel", "--yes"])).0,
        0
    );
    let (_, _, error) = pull(false);
    assert!(
        error.contains("parcel in en_US is not listed any more") && file.exists(),
        "{error}"
    );
    // Another WABA than the account's.
    let (code, _, error) = run(&mut template(&sim, &["list", "--waba", "1"]));
    assert_eq!(code, 3, "{error}");
}

#[test]
fn files_and_folders_are_checked_each() {
    let folder = folder("check-many");
    let at = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    fs::remove_file(folder.join("right.json")).unwrap();
    fs::remove_file(folder.join("wrong.json")).unwrap();
    fs::create_dir_all(folder.join("more")).unwrap();
    // With enough words around its variables, so that there is nothing to say about it.
    let parcel = PARCEL.replace("it waits", "your parcel has arrived and waits for you");
    fs::write(folder.join("parcel.json"), &parcel).unwrap();
    let check = |arguments: &[&str]| {
        run(&mut kaleyra_wa(
            &[&["template", "check"], arguments].concat(),
        ))
    };
    // As an editor on Windows writes it.
    let windows = format!(
        "\u{feff}{}",
        parcel
            .replace("\"parcel\"", "\"second\"")
            .replace('\n', "\r\n")
    );
    fs::write(folder.join("more/second.json"), windows).unwrap();
    let (one, more) = (at("parcel.json"), at("more"));
    let (code, out, error) = check(&[&one, &more]);
    assert_eq!((code, out.as_str()), (0, ""), "{error}");
    assert!(error.contains("2 definitions keep"), "{error}");

    // Misspelt values are told; they may be new.
    let misspelt = parcel
        .replace("UTILITY", "UTILTY")
        .replace("en_US", "en_XX")
        .replace("\"URL\"", "\"LINK\"");
    fs::write(folder.join("more/third.json"), &misspelt).unwrap();
    let (code, out, error) = check(&[&one, &more]);
    assert_eq!(code, 1);
    assert!(
        out.contains("third.json  parcel in en_XX") && !out.contains("second"),
        "{out}"
    );
    for path in ["category", "language", "components[2].buttons[0].type"] {
        assert!(out.contains(&format!("unknown  {path}: ")), "{out}");
    }
    assert!(error.contains("3 values not known"), "{error}");
    assert_eq!(check(&[&more, "--allow-unknown"]).0, 0);

    fs::write(folder.join("more/broken.json"), "{").unwrap();
    let (code, out, _) = check(&[&one, &more, "--json"]);
    let lines: Vec<Value> = out.lines().map(json_of).collect();
    // A line for each, and one for the error.
    assert_eq!((code, lines.len()), (2, 5), "{out}");
    assert_eq!(lines[4]["error"]["message"], "1 file can't be read");
    let broken = lines.iter().find(|it| it["name"].is_null()).unwrap();
    assert!(broken["file"].as_str().unwrap().ends_with("broken.json"));
    assert_eq!(broken["findings"][0]["severity"], "unreadable");
    assert_eq!(check(&[&one, &more, "--with", &parcel]).0, 2);
}

#[test]
fn a_folder_goes_on_after_a_refusal() {
    let (sim, folder) = (sim(), folder("refusals"));
    fs::remove_file(folder.join("right.json")).unwrap();
    fs::remove_file(folder.join("wrong.json")).unwrap();
    let write =
        |name: &str, text: &str| fs::write(folder.join(format!("{name}.json")), text).unwrap();
    let named = |name: &str| PARCEL.replace("\"parcel\"", &format!("\"{name}\""));
    write("a", &named("a").replace("Hello {{1}}, it", "{{1}} it"));
    write("b", "{");
    write("c", &named("c").replace("UTILITY", "UTILTY"));
    write("d", &named("d"));
    let all = folder.to_str().unwrap();
    let (code, out, error) = run(&mut template(&sim, &["create", all, "--yes"]));
    assert_eq!(code, 2, "{error}");
    assert!(
        out.contains("created d in en_US") && out.contains("created parcel"),
        "{out}"
    );
    for part in [
        "refused: a in en_US: components[1].text",
        "b.json",
        "refused: c in en_US",
        "3 of 5 templates were refused",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
    assert!(error.contains("warning: category: not known"), "{error}");

    // The same of an edit: one is not there, one was edited today, one can be.
    for name in ["b", "c"] {
        fs::remove_file(folder.join(format!("{name}.json"))).unwrap();
    }
    let edited = |name: &str, day: &str| write(name, &named(name).replace("Friday", day));
    edited("d", "Sunday");
    let one = folder.join("d.json");
    assert_eq!(
        run(&mut template(
            &sim,
            &["edit", one.to_str().unwrap(), "--yes"]
        ))
        .0,
        0
    );
    edited("d", "Monday");
    edited("parcel", "Monday");
    let (code, out, _) = run(&mut template(&sim, &["edit", all, "--yes", "--json"]));
    let lines: Vec<Value> = out.lines().map(json_of).collect();
    let outcome = |name: &str| {
        let of_name = lines.iter().find(|it| it["name"] == name);
        of_name.unwrap_or_else(|| panic!("{name}: {out}"))["outcome"].clone()
    };
    assert_eq!(
        (outcome("a"), outcome("d"), outcome("parcel")),
        (json!("refused"), json!("refused"), json!("edited"))
    );
    assert_eq!(code, 2);
}

/// By the command alone: the header of a template that was pulled gets a new sample.
#[test]
fn a_header_gets_its_sample_by_the_command() {
    let (folder, sim) = (folder("sample"), sim());
    let picture = folder.join("photo.jpg");
    fs::write(&picture, b"\xff\xd8\xff\xe0 a picture").unwrap();
    let upload = ["sample", picture.to_str().unwrap()];
    let (code, handle, error) = run(&mut template(&sim, &upload));
    assert_eq!(code, 0, "{error}");
    assert!(error.contains("header_handle"), "{error}");
    let definition = json!({"name": "spring", "language": "en", "category": "MARKETING", "components": [
        {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": [handle.trim()]}},
        {"type": "BODY", "text": "Everything is new today."},
    ]});
    let file = folder.join("spring.json");
    fs::write(&file, definition.to_string()).unwrap();
    let create = ["create", file.to_str().unwrap(), "--yes"];
    let (code, out, error) = run(&mut template(&sim, &create));
    assert_eq!(code, 0, "{out}{error}");
    let (code, out, _) = run(&mut template(&sim, &[&upload[..], &["--json"]].concat()));
    let outcome = json_of(&out);
    assert!(
        code == 0 && outcome["handle"].is_string() && outcome["id"].is_string(),
        "{out}"
    );
    for (file, word) in [("nothing.jpg", "no such file"), ("parcel.json", ".mp4")] {
        let path = folder.join(file);
        let (code, _, error) = run(&mut template(&sim, &["sample", path.to_str().unwrap()]));
        assert!(code == 2 && error.contains(word), "{code} {error}");
    }
}

#[test]
fn what_can_be_pulled_is_pulled() {
    let folder = folder("pull-some");
    let long = "n".repeat(300);
    let list = json!({"code": "WA200", "message": "ok", "error": {}, "data": [
        {"id": "1", "name": long, "language": "en", "status": "APPROVED", "components": [{"type": "BODY", "text": "Hi"}]},
        {"id": "2", "language": "en", "status": "APPROVED", "components": []},
        {"id": "3", "name": "last", "language": "en", "status": "APPROVED", "components": [{"type": "BODY", "text": "Hi"}]}]});
    let json = [("content-type", "application/json")];
    let address = crate::http::serving(&json, list.to_string().as_bytes());
    let pulled = |arguments: &[&str]| {
        let mut command = kaleyra_wa(&[&["template"], arguments, &["--waba", "1"]].concat());
        run(command
            .env("KALEYRA_SID", "HX1")
            .env("KALEYRA_API_KEY", KEY)
            .env("KALEYRA_SENDER", "+918000000001")
            .env("KALEYRA_BASE_URL", format!("http://{address}")))
    };
    let into = folder.join("templates");
    let (code, out, error) = pulled(&["pull", into.to_str().unwrap()]);
    assert_eq!(code, 1, "{error}");
    assert!(
        out.contains("last in en")
            && error.contains("not written: entry 2 of the list: it has no name"),
        "{out}{error}"
    );
    assert_eq!(fs::read_dir(&into).unwrap().count(), 2);
    // A broken file in the folder keeps nothing away.
    fs::write(into.join("last.en.json"), "{").unwrap();
    let (code, out, _) = pulled(&["pull", into.to_str().unwrap(), "--json"]);
    let outcome = json_of(out.lines().next().unwrap());
    assert_eq!((code, &outcome["unreadable"][0]["entry"]), (1, &json!(2)));
    assert!(
        fs::read_to_string(into.join("last.en.json"))
            .unwrap()
            .contains("\"Hi\"")
    );
    let (code, out, error) = pulled(&["list"]);
    assert!(
        code == 1 && out.lines().count() == 2 && error.contains("entry 2 of the list"),
        "{out}{error}"
    );
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

/// The samples of `docs/templates.md`, in their order.
#[test]
fn the_commands_of_the_documentation_run() {
    let (sim, folder) = (sim(), folder("documentation"));
    let text = include_str!("../../../../docs/templates.md");
    let blocks = |language: &str| -> Vec<String> {
        let fence = format!("```{language}\n");
        let blocks = text.split(&fence).skip(1);
        blocks
            .map(|block| block.split("```").next().unwrap().to_owned())
            .collect()
    };
    let [parcel, message, parts] = &blocks("json")[..] else {
        panic!("three files are shown");
    };
    let checked = |name: &str, text: &str| {
        let file = folder.join(name);
        fs::write(&file, text).unwrap();
        run(&mut kaleyra_wa(&[
            "template",
            "check",
            file.to_str().unwrap(),
        ]))
    };
    // Nothing is wrong with them, and nothing is to be said of them.
    for (name, text) in [("parcel.json", parcel), ("parts.json", parts)] {
        let (code, out, error) = checked(name, text);
        assert_eq!((code, &*out), (0, ""), "{name}: {error}");
    }
    fs::remove_file(folder.join("parts.json")).unwrap();
    fs::write(folder.join("parcel.json"), parcel).unwrap();
    fs::write(folder.join("message.json"), message).unwrap();
    let commands = blocks("sh");
    let mut count = 0;
    for line in commands.iter().flat_map(|block| block.lines()) {
        let (line, comment) = line.split_once("   # ").unwrap_or((line, "ends with 0"));
        let expected = comment.split([' ', ':']).nth(2).unwrap();
        let words = words(line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match &words[..] {
            // It runs already, at another address.
            ["kaleyra-wa", "sim", ..] | ["export", ..] => continue,
            ["curl", "-X", "PATCH", url, "-d", body] => {
                let path = url.strip_prefix("http://127.0.0.1:8090").unwrap();
                let (status, answer) = request("PATCH", &sim.address, path, &[], body.as_bytes());
                assert_eq!(status, 200, "{line}: {answer}");
            }
            ["kaleyra-wa", arguments @ ..] => {
                let mut command = on_account(&sim, arguments);
                let (code, _, error) = run(command.current_dir(&folder));
                assert_eq!(code.to_string(), expected, "{line}: {error}");
            }
            _ => panic!("{line}"),
        }
        count += 1;
    }
    assert!(count >= 15, "{count}");
}

/// The words of a shell's line, with quotes around those that have blanks.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for sign in line.chars() {
        match (sign, quote) {
            (sign, Some(open)) if sign == open => quote = None,
            ('"' | '\'', None) => quote = Some(sign),
            (' ', None) => words.push(String::new()),
            (sign, _) => words.last_mut().unwrap().push(sign),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
