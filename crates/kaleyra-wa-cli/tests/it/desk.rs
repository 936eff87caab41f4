//! A day at the desk: every kind of message, files, users, numbers, codes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::command::{kaleyra_wa, run};
use crate::http::{post, serving};
use crate::send::{KEY, TO, accepted, fail, send, sim};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("desk")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Any command, with the account in the environment.
fn desk(address: &str, arguments: &[&str]) -> Command {
    let mut command = kaleyra_wa(arguments);
    command
        .env("KALEYRA_SID", "HX1")
        .env("KALEYRA_API_KEY", KEY)
        .env("KALEYRA_SENDER", "+918000000001")
        .env("KALEYRA_BASE_URL", format!("http://{address}"));
    command
}

#[test]
fn each_kind_of_message_is_what_the_flags_say() {
    let folder = folder("kinds");
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    write(
        "rows.json",
        r#"{"button":"Choose","rows":[{"id":"a","title":"A","description":"first"}]}"#,
    );
    write(
        "asha.json",
        r#"{"name":{"formatted_name":"Asha","first_name":"Asha"},"phones":[{"phone":"+91"}]}"#,
    );
    write("values.json", r#"["Asha", 17]"#);
    write("named.json", r#"{"customer": "Asha"}"#);
    write(
        "parts.json",
        r#"[{"type":"body","parameters":[{"type":"text","text":"Asha"}]}]"#,
    );
    write(
        "message.json",
        r#"{"messaging_object":{"to":"+919800000009","type":"text","text":{"body":"Hi"}},"extra_info":{"ref":"own"}}"#,
    );
    let body = |text: &str| json!({"type": "body", "parameters": [{"type": "text", "text": text}]});
    let sim = sim();
    for (arguments, member, expected) in [
        (
            &[
                "--text",
                "Size?",
                "--buttons",
                "41|b2=42",
                "--footer",
                "Thanks",
            ][..],
            "interactive",
            json!({
            "type": "button", "body": {"text": "Size?"}, "footer": {"text": "Thanks"}, "action": {"buttons": [
                {"type": "reply", "reply": {"id": "41", "title": "41"}},
                {"type": "reply", "reply": {"id": "b2", "title": "42"}}]}}),
        ),
        (
            &["--text", "Where?", "--list", "rows.json"],
            "interactive",
            json!({
            "type": "list", "body": {"text": "Where?"}, "action": {"button": "Choose",
                "sections": [{"rows": [{"id": "a", "title": "A", "description": "first"}]}]}}),
        ),
        (
            &[
                "--text",
                "Pay",
                "--link-button",
                "Now=https://example.com/?a=b",
            ],
            "interactive",
            json!({
            "type": "cta_url", "body": {"text": "Pay"}, "action": {"name": "cta_url",
                "parameters": {"display_text": "Now", "url": "https://example.com/?a=b"}}}),
        ),
        (
            &["--text", "Where are you?", "--ask-location"],
            "interactive",
            json!({
            "type": "location_request_message", "body": {"text": "Where are you?"}, "action": {"name": "send_location"}}),
        ),
        (
            &["--location=-12.5,77.25", "--name", "Shop"],
            "location",
            json!({
            "latitude": -12.5, "longitude": 77.25, "name": "Shop"}),
        ),
        (
            &["--contact", "asha.json"],
            "contacts",
            json!([
            {"name": {"formatted_name": "Asha", "first_name": "Asha"}, "phones": [{"phone": "+91"}]}]),
        ),
        (
            &["--template", "a", "--param", "Asha"],
            "template",
            json!({
            "name": "a", "language": {"code": "en"}, "components": [body("Asha")]}),
        ),
        (
            &[
                "--template",
                "a",
                "--language",
                "hi",
                "--params",
                "values.json",
            ],
            "template",
            json!({
            "name": "a", "language": {"code": "hi"}, "components": [{"type": "body", "parameters": [
                {"type": "text", "text": "Asha"}, {"type": "text", "text": "17"}]}]}),
        ),
        (
            &["--template", "a", "--params", "named.json"],
            "template",
            json!({
            "name": "a", "language": {"code": "en"}, "components": [{"type": "body", "parameters": [
                {"type": "text", "parameter_name": "customer", "text": "Asha"}]}]}),
        ),
        (
            &[
                "--template",
                "a",
                "--params",
                "parts.json",
                "--url-button",
                "1=x/17",
            ],
            "template",
            json!({
            "name": "a", "language": {"code": "en"}, "components": [body("Asha"),
                {"type": "button", "sub_type": "url", "index": 1, "parameters": [{"type": "text", "text": "x/17"}]}]}),
        ),
        (
            &[
                "--template",
                "a",
                "--header-image",
                "https://example.com/a.png",
            ],
            "template",
            json!({
            "name": "a", "language": {"code": "en"}, "components": [{"type": "header", "parameters": [
                {"type": "image", "image": {"link": "https://example.com/a.png"}}]}]}),
        ),
        (&["--file", "message.json"], "text", json!({"body": "Hi"})),
    ] {
        // What is shown is what is sent.
        let (code, out, error) = run(send(&sim.address, arguments)
            .arg("--dry-run")
            .current_dir(&folder));
        assert_eq!(code, 0, "{arguments:?}: {error}");
        let shown: Value = serde_json::from_str(&out).unwrap();
        let (code, _, error) = run(send(&sim.address, arguments).current_dir(&folder));
        assert_eq!(code, 0, "{arguments:?}: {error}");
        let sent = accepted(&sim).pop().unwrap();
        assert_eq!(sent["messaging_object"], shown["messaging_object"]);
        assert_eq!(sent["messaging_object"][member], expected, "{arguments:?}");
        // The flag names the recipient, also where the file names another.
        assert_eq!(sent["messaging_object"]["to"], TO);
    }
    assert_eq!(accepted(&sim).last().unwrap()["extra_info"]["ref"], "own");
    let count = accepted(&sim).len();
    write("callback.json", r#"{"meta_object":{}}"#);
    write("nobody.json", r#"{"type":"text","text":{"body":"Hi"}}"#);
    write("broken.json", "{");
    for (arguments, part) in [
        (&["--text", "a", "--buttons", "1|2|3|4"][..], "not sent"),
        (
            &["--text", "a", "--footer", "b"],
            "neither header nor footer",
        ),
        (&["--text", "a", "--link-button", "x"], "LABEL"),
        (&["--location", "here"], "latitude"),
        (&["--location", "91,0"], "not sent"),
        (&["--contact", "rows.json"], ""),
        (&["--list", "rows.json"], ""),
        (&["--template", "a", "--url-button", "x"], "place"),
        (&["--template", "a", "--params", "broken.json"], "not JSON"),
        (&["--template", "a", "--named", "x"], "name and value"),
        (&["--file", "callback.json"], "a callback"),
        (&["--file", "nowhere.json"], "no such file"),
        (&["--image", "nowhere.jpg"], "no such file"),
        (&["--image", "."], "a folder"),
    ] {
        let (code, _, error) = run(send(&sim.address, arguments).current_dir(&folder));
        assert_eq!(code, 2, "{arguments:?}: {error}");
        let is_usage = error.contains("Usage") || error.contains("required");
        assert!(
            is_usage || part == "LABEL" || error.contains(part),
            "{arguments:?}: {error}"
        );
    }
    let (code, _, error) =
        run(desk(&sim.address, &["send", "--file", "nobody.json"]).current_dir(&folder));
    assert!(code == 2 && error.contains("no recipient"), "{error}");
    assert_eq!(accepted(&sim).len(), count);
}

#[test]
fn users_are_answered_reacted_to_and_read() {
    let sim = sim();
    let ok = |arguments: &[&str]| {
        let (code, out, error) = run(&mut desk(&sim.address, arguments));
        assert_eq!(code, 0, "{arguments:?}: {error}");
        out
    };
    ok(&["reply", "wamid.1", "--to", TO, "--text", "Yes"]);
    let sent = accepted(&sim).pop().unwrap()["messaging_object"].clone();
    assert_eq!(
        (&sent["context"]["message_id"], &sent["text"]["body"]),
        (&"wamid.1".into(), &"Yes".into())
    );
    ok(&["react", "wamid.1", "👍", "--to", TO]);
    assert_eq!(
        accepted(&sim).pop().unwrap()["messaging_object"]["reaction"],
        json!({"message_id": "wamid.1", "emoji": "👍"})
    );
    ok(&["react", "wamid.1", "--remove", "--to", TO]);
    assert_eq!(
        accepted(&sim).pop().unwrap()["messaging_object"]["reaction"]["emoji"],
        ""
    );
    let read: Value =
        serde_json::from_str(&ok(&["read", "wamid.1", "--typing", "--json"])).unwrap();
    assert_eq!(read, json!({"read": "wamid.1", "typing": true}));
    let receipt = accepted(&sim).pop().unwrap()["messaging_object"].clone();
    assert_eq!(
        (&receipt["status"], &receipt["typing_indicator"]["type"]),
        (&"read".into(), &"text".into())
    );
    assert_eq!(
        run(&mut desk(&sim.address, &["react", "wamid.1", "--to", TO])).0,
        2
    );
}

#[test]
fn files_go_up_and_come_down_whole() {
    let folder = folder("files");
    fs::write(folder.join("cup.jpg"), b"\xff\xd8\xff\xe0 cup").unwrap();
    let sim = sim();
    let (code, out, error) =
        run(desk(&sim.address, &["upload", "cup.jpg", "--json"]).current_dir(&folder));
    assert_eq!(code, 0, "{error}");
    let uploaded: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&uploaded["kind"], &uploaded["mime_type"]),
        (&"image".into(), &"image/jpeg".into())
    );
    let id = uploaded["media_id"].as_str().unwrap();
    assert_eq!(run(&mut send(&sim.address, &["--image", id])).0, 0);

    let server = serving(&[("content-type", "image/jpeg")], b"the picture");
    let url = format!("http://{server}/got.jpg?key=1");
    let get = |arguments: &[&str]| {
        let all = [&["download", &url], arguments].concat();
        run(kaleyra_wa(&all).current_dir(&folder))
    };
    assert_eq!(get(&[]).0, 0);
    assert_eq!(fs::read(folder.join("got.jpg")).unwrap(), b"the picture");
    let (code, _, error) = get(&[]);
    assert!(code == 2 && error.contains("--force"), "{error}");
    assert_eq!(get(&["--force"]).0, 0);
    assert_eq!(get(&["-o", "-"]).1, "the picture");
    let (code, _, error) = get(&[
        "-o",
        "other.jpg",
        "--sha256",
        "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    ]);
    assert!(code == 1 && !folder.join("other.jpg").exists(), "{error}");
    let (code, _, error) =
        run(kaleyra_wa(&["download", &format!("http://{server}/")]).current_dir(&folder));
    assert!(code == 2 && error.contains("--output"), "{error}");
}

#[test]
fn users_are_blocked_and_the_number_shown() {
    let sim = sim();
    post(
        &sim.address,
        "/sim/users/919800000001/text",
        &[],
        br#"{"name":"Asha","body":"Hi"}"#,
    );
    let block =
        |arguments: &[&str]| run(&mut desk(&sim.address, &[&["block"], arguments].concat()));
    let (code, out, _) = block(&["add", "+919800000001", "+919800000005", "--json"]);
    assert_eq!(code, 3, "{out}");
    let lines: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["outcome"], "done");
    assert_eq!(lines[1]["outcome"], "refused", "{out}");
    assert!(lines[1]["reason"].is_string(), "{out}");
    let (_, out, _) = block(&["ls"]);
    assert!(out.contains("919800000001"), "{out}");
    assert_eq!(block(&["rm", "+919800000001"]).0, 0);
    assert_eq!(block(&["ls"]).1, "");
    let (code, out, _) = run(&mut desk(&sim.address, &["number", "--json"]));
    assert_eq!(code, 0);
    let number: Value = serde_json::from_str(&out).unwrap();
    assert!(
        number.get("quality_rating").is_some() && number["data"].is_object(),
        "{number}"
    );
}

#[test]
fn codes_are_explained_wherever_they_stand() {
    let folder = folder("why");
    let why = |arguments: &[&str]| {
        let (code, out, error) =
            run(kaleyra_wa(&[&["why", "--json"], arguments].concat()).current_dir(&folder));
        let lines = out
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        (code, lines.collect::<Vec<_>>(), error)
    };
    let (code, lines, _) = why(&["131047"]);
    assert_eq!((code, &lines[0]["class"]), (0, &"never".into()));
    for member in ["meaning", "do", "source"] {
        assert!(lines[0][member].is_string(), "{lines:?}");
    }
    assert!(
        why(&["E110"]).1[0]["source"]
            .as_str()
            .unwrap()
            .contains("Kaleyra")
    );
    assert_eq!(why(&["987654"]).0, 1);
    assert_eq!(why(&["nothing.json"]).0, 2);
    let details = "Downloading media from weblink failed with http code 503, status message Service Unavailable";
    let callback = json!({"meta_object": {"value": {"statuses": [{"id": "1", "status": "failed",
        "errors": [{"code": 131053, "error_data": {"details": details}}]}]}}});
    fs::write(folder.join("failed.json"), callback.to_string()).unwrap();
    let (code, lines, _) = why(&["failed.json"]);
    // The details tell which of the code's meanings it is.
    assert_eq!(
        (code, &lines[0]["class"]),
        (0, &"transient".into()),
        "{lines:?}"
    );
    fs::write(folder.join("fine.json"), "{}").unwrap();
    assert_eq!(why(&["fine.json"]).0, 2);
    fs::write(
        folder.join("answer.json"),
        r#"{"code":"WA401","message":"x","data":{},"error":{}}"#,
    )
    .unwrap();
    assert_eq!(why(&["answer.json"]).1[0]["code"], "WA401");
}

#[test]
fn a_failure_below_a_message_is_told_with_what_to_do() {
    let sim = sim();
    fail(&sim, "low-balance");
    let (code, out, _) = run(&mut send(&sim.address, &["--text", "a", "--json"]));
    assert_eq!(code, 3);
    let outcome: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(outcome["error"]["code"], "E110");
    assert!(
        outcome["error"]["do"].as_str().unwrap().contains("top up"),
        "{outcome}"
    );
}
