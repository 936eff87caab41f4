//! What somebody gets wrong, told at once, in a line, and in plain words.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use crate::command::{Running, kaleyra_wa, run};
use crate::http::{answering, serving_as};
use crate::send::KEY;

/// Runs it with an account at this address.
fn at(server: &str, arguments: &[&str]) -> (i32, String, String) {
    let mut command = kaleyra_wa(arguments);
    command
        .env("KALEYRA_SID", "HX1")
        .env("KALEYRA_API_KEY", KEY)
        .env("KALEYRA_SENDER", "+918000000001")
        .env("KALEYRA_BASE_URL", server);
    run(&mut command)
}

/// Runs it with this text on standard input.
fn with_input(arguments: &[&str], text: &str) -> (i32, String) {
    let mut command = kaleyra_wa(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(text.as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), out)
}

const SIM: [&str; 9] = [
    "sim",
    "--port",
    "0",
    "--sid",
    "HX1",
    "--api-key",
    KEY,
    "--sender",
    "+918000000001",
];

/// A port that nothing listens at.
fn closed() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

#[test]
fn wrong_arguments_are_told_in_a_line() {
    for (arguments, words) in [
        (&["send"][..], "see kaleyra-wa send --help"),
        (&["sim", "--port", "x"], "give a whole number"),
        (&["--timeout", "0", "number"], "give a number from 1 to 600"),
        (
            &["sim", "say", "abc", "hi"],
            "'<USER>': give a number with its country code",
        ),
        (&["test", "a.chat"], "--exec <COMMAND>"),
        (
            &["react", "wamid.1", "notemoji", "--to", "+919800000001"],
            "this is no emoji",
        ),
        (
            &["check", "/nowhere.json"],
            "there is no such file; check the path",
        ),
    ] {
        let (code, out, error) = run(&mut kaleyra_wa(arguments));
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(error.contains(words), "{words} is not in {error}");
        assert!(!error.contains("Usage:"), "{error}");
    }
}

#[test]
fn a_failure_is_the_same_document_everywhere() {
    for (arguments, code) in [
        (&["check", "/nowhere.json", "--json"][..], 2),
        (&["why", "nonsense", "--json"], 1),
    ] {
        let (found, out, error) = run(&mut kaleyra_wa(arguments));
        assert_eq!((found, error.as_str()), (code, ""), "{out}");
        let last: Value = serde_json::from_str(out.lines().last().unwrap()).unwrap();
        assert!(last["error"]["message"].is_string(), "{out}");
    }
}

#[test]
fn codes_are_explained_however_they_are_written() {
    let (code, out, _) = run(&mut kaleyra_wa(&["why", "WA202"]));
    assert_eq!(code, 0);
    assert!(out.contains("Kaleyra, WhatsApp API V2"), "{out}");
    let (code, out, _) = run(&mut kaleyra_wa(&["why", "e110", "131047"]));
    assert_eq!(code, 0);
    assert!(out.contains("E110") && out.contains("131047"), "{out}");
    for text in ["131047", "131047\n", "\"131047\"", "E110, 131047"] {
        let (code, out) = with_input(&["why", "-"], text);
        assert_eq!(code, 0, "{text}");
        assert!(out.contains("131047"), "{out}");
    }
    assert_eq!(with_input(&["why", "-"], "what is this?").0, 2);
    let (code, _, error) = run(&mut kaleyra_wa(&["why", ""]));
    assert!(code == 2 && error.contains("there is no code"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_reader_who_left_is_no_failure_to_speak_of() {
    for arguments in [&["why", "131047"][..], &["man"], &["completions", "bash"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = kaleyra_wa(arguments);
        let output = command
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(error, "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(141), "{arguments:?}");
    }
}

#[test]
fn another_server_than_kaleyras_is_blamed_on_its_address() {
    for status in [
        "501 Not Implemented",
        "500 Internal Server Error",
        "404 Not Found",
    ] {
        let server = format!("http://{}", serving_as(status, &[], b"<html>no</html>"));
        let (code, out, _) = at(&server, &["doctor", "--timeout", "5"]);
        assert_eq!(code, 1);
        assert!(
            out.contains("check --base-url or KALEYRA_BASE_URL"),
            "{status}: {out}"
        );
    }
    let send = ["send", "--to", "+919800000001", "--text", "Hi"];
    let server = format!("http://{}", answering("200 OK", "<html>hello</html>"));
    let (_, _, error) = at(&server, &send);
    assert!(error.contains("check the base URL"), "{error}");
    let (code, _, error) = at("127.0.0.1:18090", &["number"]);
    assert_eq!(code, 2);
    assert!(error.contains("http://127.0.0.1:18090"), "{error}");
    let sim = Running::start(&SIM);
    let (_, out, _) = at(&format!("https://{}", sim.address), &["doctor"]);
    assert!(out.contains("the port speaks plain HTTP"), "{out}");
}

#[test]
fn what_is_not_reached_is_named() {
    let address = closed();
    let link = format!("http://{address}/media/1");
    let (code, _, error) = run(&mut kaleyra_wa(&["download", &link, "-o", "-"]));
    assert!(code == 4 && !error.contains("base URL"), "{error}");
    let chat = std::env::temp_dir().join(format!("kwa-{}.chat", std::process::id()));
    fs::write(&chat, "user asha \"Asha\" +919800000001\nasha: Hi\n").unwrap();
    let (bot, chat) = (format!("http://{address}/"), chat.display().to_string());
    let (code, _, error) = run(&mut kaleyra_wa(&[
        "test", &chat, "--bot", &bot, "--port", "0",
    ]));
    fs::remove_file(&chat).unwrap();
    assert_eq!(code, 1);
    assert!(error.contains("the bot can't be reached"), "{error}");
}

#[test]
fn a_user_writes_though_there_is_no_webhook() {
    let sim = Running::start(&SIM);
    let url = format!("http://{}", sim.address);
    let say = ["sim", "say", "919800000001", "Hi", "--sim", &url];
    let (code, _, error) = run(&mut kaleyra_wa(&say));
    assert_eq!(code, 0, "{error}");
    assert!(error.contains("there is no webhook"), "{error}");
}

#[test]
fn what_is_no_callback_is_told_by_exit_code_and_hint() {
    for (what, text, code, words) in [
        (
            "callback",
            r#"{"messaging_product":"whatsapp","type":"text","text":{"body":"hi"}}"#,
            1,
            "--as message",
        ),
        ("callback", r#"{"messaging_object":{}}"#, 1, "--as message"),
        (
            "callback",
            r#"{"object":"x","entry":[{"id":"1","changes":[]}]}"#,
            0,
            "no change in it",
        ),
        (
            "callback",
            r#"{"object":"x","entry":[]}"#,
            0,
            "no change in it",
        ),
        (
            "message",
            r#"{"messaging_product":"whatsapp","type":"text","text":{"body":"hi"}}"#,
            1,
            "; 1 limit broken",
        ),
    ] {
        let (found, out) = with_input(&["check", "--as", what, "-"], text);
        assert_eq!(found, code, "{text}: {out}");
        assert!(out.contains(words), "{text}: {out}");
    }
}
