//! What comes from outside reaches the terminal as harmless text, wherever the command shows it.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::command::{Running, kaleyra_wa, run};
use crate::http::{answering, post};
use crate::send::{KEY, TO, send, sim};

/// Clears the screen in two ways, deletes, turns the text around, ends the line in four ways, and hides.
const EVIL: &str =
    "x\u{1b}[2J\u{9b}2J\u{7f}\u{202e}\u{2066}\nerror: forged\r\u{2028}\u{85}\u{200b}\u{feff}y";

/// Fails unless the text is made of lines that do nothing, each of which the command has begun itself.
fn assert_harmless(text: &str) {
    let harmful = |character: &char| {
        (character.is_control() && *character != '\n')
            || matches!(character, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
    };
    assert_eq!(text.chars().find(harmful), None, "{text:?}");
    assert!(!text.contains("\nerror: forged"), "{text:?}");
}

#[test]
fn answers_of_the_server() {
    let accepted =
        json!({"code": "WA202", "message": EVIL, "data": {"message_id": EVIL}, "error": {}});
    let refused = json!({"code": EVIL, "message": EVIL, "data": {}, "error": {"payload": EVIL}});
    for (status, body, code) in [
        ("202 Accepted", &accepted, 0),
        ("400 Bad Request", &refused, 3),
    ] {
        let arguments = ["--text", "Hello", "--reference", "a"];
        let server = answering(status, &body.to_string());
        let (exit, out, error) = run(&mut send(&server, &arguments));
        assert_eq!(exit, code, "{error}");
        assert_harmless(&out);
        assert_harmless(&error);
        assert_eq!((out + &error).lines().count(), 1);

        let server = answering(status, &body.to_string());
        let (exit, out, error) = run(&mut send(&server, &[&arguments[..], &["--json"]].concat()));
        assert_eq!((exit, error.as_str()), (code, ""));
        assert_harmless(&out);
        assert_eq!(out.lines().count(), 1);
        let told: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(told["server_message"], EVIL, "escapes say the same");
    }
}

#[cfg(unix)]
#[test]
fn names_and_contents_of_files() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("harmless");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let message = json!({"id": EVIL, "from": EVIL, "type": EVIL, (EVIL): {(EVIL): 1}});
    let malformed = json!({"type": "text", "text": 1, "id": EVIL});
    let callback = json!({"meta_object": {"field": EVIL, "value": {"messages": [message, malformed]}}, (EVIL): EVIL});
    fs::write(folder.join(format!("{EVIL}.json")), callback.to_string()).unwrap();
    fs::write(folder.join("b\u{1b}[2J.json"), format!("{{\"{EVIL}\"")).unwrap();
    fs::write(folder.join("c.json"), r#"{"a":1}"#).unwrap();
    for arguments in [
        &["check", "-v"][..],
        &["check", "-v", "--as", "message"],
        &["check", "--json"],
    ] {
        let (_, out, error) = run(kaleyra_wa(arguments).arg(&folder));
        assert_harmless(&out);
        assert_harmless(&error);
        if arguments.contains(&"--json") {
            assert_eq!(out.lines().count(), 3, "{out}");
            let files: Vec<Value> = out
                .lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect();
            assert!(
                files
                    .iter()
                    .any(|file| file["file"].as_str().unwrap().contains(EVIL))
            );
        }
    }
    for path in [format!("no/{EVIL}"), format!("{}/{EVIL}", folder.display())] {
        let (code, out, error) = run(&mut kaleyra_wa(&["check", &path]));
        assert_eq!((code, out.as_str()), (2, ""));
        assert_harmless(&error);
        assert_eq!(error.lines().count(), 1, "{error}");
    }
}

#[test]
fn callbacks_that_are_listened_to() {
    let message = json!({"id": EVIL, "from": EVIL, "type": EVIL, (EVIL): EVIL});
    let text = json!({"id": EVIL, "from": EVIL, "type": "text", "text": {"body": EVIL}});
    let failed = json!({"id": EVIL, "status": "failed", "errors": [{"code": 131047, "title": EVIL, "message": EVIL}]});
    let contact = json!({"wa_id": EVIL, "profile": {"name": EVIL}});
    let value = json!({"contacts": [contact], "messages": [message, text], "statuses": [failed]});
    let callback =
        json!({"meta_object": {"field": "messages", "value": value}, "extra_info": {"ref": EVIL}});
    for arguments in [&[][..], &["--json"]] {
        let all = [&["listen", "--port", "0", "--secret", "s3cret"], arguments].concat();
        let mut listen = Running::start(&all);
        let secret = ("x-kaleyra-secret", "s3cret");
        assert_eq!(
            post(
                &listen.address,
                "/",
                &[secret],
                callback.to_string().as_bytes()
            )
            .0,
            200
        );
        let lines = if arguments.is_empty() { 7 } else { 3 };
        for _ in 0..lines {
            let line = listen.line();
            assert_harmless(&line);
            assert!(!line.starts_with("error"), "{line}");
        }
    }
}

#[test]
fn requests_to_the_simulator_and_its_log() {
    let mut command = crate::simulator::command(&[]);
    let mut sim = Running::run({
        command.env("RUST_LOG", "trace");
        command
    });
    let headers = [("api-key", KEY), ("content-type", "application/json")];
    let path = "/v2/HX1/whatsapp/+918000000001/messages";
    let request = json!({"messaging_object": {"messaging_product": "whatsapp", "to": TO, "type": "text", "text": {"body": EVIL}},
        "extra_info": {"ref": EVIL}});
    assert_eq!(
        post(&sim.address, path, &headers, request.to_string().as_bytes()).0,
        202
    );
    let refused = json!({"messaging_object": {"messaging_product": EVIL, "to": EVIL, "type": EVIL, (EVIL): {(EVIL): EVIL}}});
    assert_eq!(
        post(&sim.address, path, &headers, refused.to_string().as_bytes()).0,
        400
    );
    for expected in ["202 A", "400 WA400"] {
        let line = sim.line();
        assert_harmless(&line);
        assert!(line.contains(expected), "{line}");
    }
    // The log is on standard error; so much of it is there already.
    let mut is_logged = false;
    while !is_logged {
        let line = sim.error_line();
        assert_harmless(&line);
        is_logged = line.contains("kaleyra_wa_sim") && line.contains("accepted");
    }
}

#[test]
fn what_the_user_typed() {
    let sim = sim();
    for arguments in [
        &["--text", "a", EVIL][..],
        &["--text", "a", "--pod", EVIL],
        &["--text", "a", "--timeout", EVIL],
        &["--text", "a", &format!("--{EVIL}")],
        &["--text", "a", "--sender", EVIL],
        &["--text", "a", "--sid", EVIL],
        &["--text", "a", "--base-url", EVIL],
        &["--image", EVIL],
    ] {
        let (code, out, error) = run(&mut send(&sim.address, arguments));
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        assert_harmless(&error);
        assert!(error.starts_with("error: "), "{error}");
    }
    let (code, _, error) = run(&mut kaleyra_wa(&[EVIL]));
    assert_eq!(code, 2);
    assert_harmless(&error);
    assert!(error.contains("unrecognized subcommand"), "{error}");
}

#[test]
fn a_filter_of_the_log_that_is_none() {
    let sim = sim();
    let mut command = send(&sim.address, &["--text", "a"]);
    // A variable can't hold everything that an argument can.
    let (code, _, error) =
        run(command.env("RUST_LOG", format!("a={EVIL},kaleyra_wa_client=debug")));
    assert_eq!(code, 0, "{error}");
    assert_harmless(&error);
    assert!(error.starts_with("warning: RUST_LOG: "), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}

#[test]
fn help_and_version_are_on_standard_output() {
    for (arguments, part) in [
        (&["--help"][..], "Usage: kaleyra-wa"),
        (&["--version"], "kaleyra-wa 0."),
        (&["send", "-h"], "--to <NUMBER>"),
    ] {
        let (code, out, error) = run(&mut kaleyra_wa(arguments));
        assert_eq!((code, error.as_str()), (0, ""));
        assert!(out.contains(part), "{out}");
        assert_harmless(&out);
    }
    let (code, out, error) = run(&mut kaleyra_wa(&[]));
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(error.contains("Usage: kaleyra-wa"), "{error}");
}

/// A second guard beside clippy's: it holds where only the tests are run.
#[test]
fn one_file_writes_to_the_terminal() {
    fn sources(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 20);
    // Programs of the user's own have outputs, too.
    files.retain(|file| !file.ends_with("src/child.rs"));
    for file in files {
        let is_the_one = file.ends_with("show/output.rs");
        let text = fs::read_to_string(&file).unwrap();
        let writes = ["stdout", "stderr", "print!(", "println!(", "dbg!("]
            .iter()
            .any(|way| {
                text.lines().any(|line| {
                    line.contains(way)
                        && !line.trim_start().starts_with('/')
                        && !line.contains("clippy::")
                })
            });
        assert_eq!(
            writes,
            is_the_one,
            "{}: write by `show::output`",
            file.display()
        );
    }
}
