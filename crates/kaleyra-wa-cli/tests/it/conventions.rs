//! What holds for every command: where things are said, how failures look, what exit codes mean.

use std::net::TcpListener;

use serde_json::Value;

use crate::command::{kaleyra_wa, run};
use crate::send::{KEY, TEXT, accepted, send, sim};

#[test]
fn a_failure_is_one_object_with_the_same_exit_code() {
    let sim = sim();
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    let account = |address: &str, arguments: &[&str]| {
        let mut command = kaleyra_wa(arguments);
        command
            .env("KALEYRA_SID", "HX1")
            .env("KALEYRA_API_KEY", KEY)
            .env("KALEYRA_SENDER", "+918000000001")
            .env("KALEYRA_BASE_URL", format!("http://{address}"));
        command
    };
    for (address, arguments, code, kind) in [
        (
            &*sim.address,
            &["number", "--sender", "+918000000002"][..],
            3,
            "rejected",
        ),
        (&closed, &["number"], 4, "transport"),
        (&closed, &["read", "wamid.1"], 4, "transport"),
        (&closed, &["block", "ls"], 4, "transport"),
        (
            &closed,
            &["trigger", "text", "--to", &format!("http://{closed}/")],
            4,
            "transport",
        ),
        (
            &sim.address,
            &["upload", "/nowhere.jpg"],
            2,
            "invalid_request",
        ),
        (
            &sim.address,
            &["why", "./nothing.json"],
            2,
            "invalid_request",
        ),
        (
            &sim.address,
            &["block", "add", "98"],
            2,
            "invalid_recipient",
        ),
        (
            &sim.address,
            &["trigger", "txt", "--to", "http://127.0.0.1:1/"],
            2,
            "usage",
        ),
        (
            &sim.address,
            &["trigger", "text", "--to", "shop"],
            2,
            "invalid_request",
        ),
        (
            &sim.address,
            &["trigger", "text", "--to", "http://shop.example/"],
            2,
            "invalid_request",
        ),
        (&sim.address, &["send", "--flavour"], 2, "usage"),
        (&sim.address, &["flavour"], 2, "usage"),
        (&sim.address, &["number", "--timeout", "0"], 2, "usage"),
        (
            &sim.address,
            &["number", "--profile", "none"],
            2,
            "invalid_request",
        ),
    ] {
        let (found, out, error) = run(&mut account(address, &[arguments, &["--json"]].concat()));
        assert_eq!((found, error.as_str()), (code, ""), "{arguments:?}: {out}");
        assert_eq!(out.lines().count(), 1, "{out}");
        let failure: Value = serde_json::from_str(&out).unwrap();
        let failure = failure["error"].as_object().unwrap();
        let members: Vec<_> = failure.keys().map(String::as_str).collect();
        assert_eq!(
            members,
            ["code", "do", "kind", "message", "source"],
            "{out}"
        );
        assert_eq!(failure["kind"], kind, "{out}");
        assert!(failure["message"].is_string(), "{out}");
        // The same for people: a line on standard error, nothing on standard output.
        let (found, out, error) = run(&mut account(address, arguments));
        assert_eq!((found, out.as_str()), (code, ""), "{error}");
        assert!(error.starts_with("error: "), "{error}");
    }
    let (_, out, _) = run(&mut account(
        &sim.address,
        &["number", "--sid", "HX2", "--json"],
    ));
    let failure: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(failure["error"]["code"], "RBC001");
    assert!(
        failure["error"]["source"]
            .as_str()
            .unwrap()
            .contains("Error Codes"),
        "{failure}"
    );
    assert!(failure["error"]["do"].is_string(), "{failure}");
}

#[test]
fn the_exit_codes_are_in_the_help_and_in_the_manual() {
    let (_, help, _) = run(&mut kaleyra_wa(&["--help"]));
    let (code, manual, _) = run(&mut kaleyra_wa(&["man"]));
    assert_eq!(code, 0);
    for part in [
        "rejected by Kaleyra",
        "safe to repeat",
        "interrupted before anything was sent",
    ] {
        assert!(help.contains(part), "{part}: {help}");
        assert!(manual.contains(part), "{part}");
    }
    for name in ["send", "doctor", "replay"] {
        assert!(
            manual.contains(&format!("kaleyra\\-wa\\-{name}")) || manual.contains(name),
            "{name}"
        );
    }
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("man1");
    let (code, _, _) = run(&mut kaleyra_wa(&["man", folder.to_str().unwrap()]));
    assert_eq!(code, 0);
    for name in [
        "kaleyra-wa",
        "kaleyra-wa-send",
        "kaleyra-wa-block-add",
        "kaleyra-wa-config-login",
    ] {
        let page = std::fs::read_to_string(folder.join(format!("{name}.1"))).unwrap();
        for section in [
            "NAME",
            "SYNOPSIS",
            "EVERYWHERE",
            "\"EXIT STATUS\"",
            "\"ENVIRONMENT\"",
            "\"FILES\"",
            "\"EXAMPLES\"",
            "\"SEE ALSO\"",
        ] {
            assert!(
                page.contains(&format!(".SH {section}\n")),
                "{name}: {section}"
            );
        }
        assert!(!page.contains("EXTRA"), "{name}");
        // Examples stay as they are typed.
        let examples = page.split(".SH \"EXAMPLES\"").nth(1).unwrap();
        assert!(
            examples.contains(".nf\n  ") && examples.contains("\n  kaleyra\\-wa"),
            "{name}: {examples}"
        );
    }
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (code, script, error) = run(&mut kaleyra_wa(&["completions", shell]));
        assert_eq!((code, error.as_str()), (0, ""));
        for part in ["doctor", "dry-run", "replay"] {
            assert!(script.contains(part), "{shell}: {part}");
        }
    }
    assert_eq!(run(&mut kaleyra_wa(&["completions", "tcsh"])).0, 2);
}

/// What Tab gives in bash behind these words, the last of which is begun.
fn tab_in_bash(script: &str, words: &[&str]) -> String {
    let typed = words.join(" ");
    let at = words.len() - 1;
    let pressed = format!(
        "source '{script}'; COMP_WORDS=({typed}); COMP_CWORD={at}; \
         _kaleyra__wa kaleyra-wa '{}' '{}'; echo \"${{COMPREPLY[*]}}\"",
        words[at],
        words[at - 1]
    );
    let output = std::process::Command::new("bash")
        .args(["-c", &pressed])
        .output();
    let text = String::from_utf8(output.unwrap().stdout).unwrap();
    text.trim().to_owned()
}

#[test]
fn tab_completes_in_bash_on_every_level() {
    if std::process::Command::new("bash")
        .arg("--version")
        .output()
        .is_err()
    {
        return;
    }
    // Longer than an argument may be.
    let file = concat!(env!("CARGO_TARGET_TMPDIR"), "/completions.bash");
    let (_, script, _) = run(&mut kaleyra_wa(&["completions", "bash"]));
    std::fs::write(file, script).unwrap();
    for (words, expected) in [
        (&["kaleyra-wa", "sen"][..], "send"),
        (&["kaleyra-wa", "send", "--tem"], "--template"),
        (&["kaleyra-wa", "sim", "clo"], "clock"),
        (&["kaleyra-wa", "sim", "log", "--fol"], "--follow"),
        (&["kaleyra-wa", "completions", "z"], "zsh"),
        (&["kaleyra-wa", "listen", "--only", "mes"], "message"),
        (&["kaleyra-wa", "send", "--pod", ""], "in sg eu na"),
        (
            &["kaleyra-wa", "trigger", "template-"],
            "template-status template-profile template-file",
        ),
        (
            &["kaleyra-wa", "sim", "--faults", "mon"],
            "monsoon month-end",
        ),
        (&["kaleyra-wa", "sim", "--fail", "low"], "low-balance"),
        (&["kaleyra-wa", "sim", "--strictness", "m"], "meta"),
        (&["kaleyra-wa", "sim", "--window", "s"], "strict"),
        (&["kaleyra-wa", "sim", "fault", "he"], "heal"),
        (&["kaleyra-wa", "sim", "clock", "ad"], "advance"),
        (&["kaleyra-wa", "test", "--faults", "bad"], "bad-day"),
        (
            &["kaleyra-wa", "outbox", "list", "--state", "un"],
            "uncertain unresolved",
        ),
        (
            &["kaleyra-wa", "inbox", "list", "--state", "d"],
            "dead dropped",
        ),
        (&["kaleyra-wa", "inbox", "list", "--kind", "st"], "status"),
        (
            &["kaleyra-wa", "campaign", "create", "--purpose", "mar"],
            "marketing",
        ),
        (&["kaleyra-wa", "replay", "--gaps", "or"], "original"),
        (&["kaleyra-wa", "check", "--as", ""], "callback message"),
        (&["kaleyra-wa", "number", "--color", "a"], "auto always"),
        (&["kaleyra-wa", "config", "get", "s"], "sid sender sim_port"),
    ] {
        assert_eq!(tab_in_bash(file, words), expected, "{words:?}");
    }
}

#[test]
fn colours_and_words_are_as_asked_for() {
    let sim = sim();
    let (_, out, _) = run(&mut send(
        &sim.address,
        &["--text", TEXT, "--color", "always"],
    ));
    assert!(out.contains('\u{1b}'), "{out:?}");
    let (_, out, _) =
        run(send(&sim.address, &["--text", TEXT, "--color", "always"]).env("NO_COLOR", "1"));
    assert!(out.contains('\u{1b}'), "the flag wins: {out:?}");
    let (_, out, _) = run(&mut send(&sim.address, &["--text", TEXT]));
    assert!(!out.contains('\u{1b}'), "{out:?}");
    // Failures are told even if nobody wants to hear more.
    let (code, _, error) = run(&mut send(&sim.address, &["--text", "", "--quiet"]));
    assert!(code == 2 && error.starts_with("error: "), "{error}");
    let (_, _, log) = run(&mut send(&sim.address, &["--text", TEXT, "-vv"]));
    assert!(log.contains("kaleyra_wa.send"), "{log}");
    assert_eq!(accepted(&sim).len(), 4);
}

#[cfg(unix)]
#[test]
fn an_interrupt_before_a_send_says_that_nothing_was_sent() {
    use std::io::Write;
    use std::process::Stdio;

    let sim = sim();
    for json in [false, true] {
        // It waits for a text on standard input.
        let mut command = send(&sim.address, &["--text", "-"]);
        if json {
            command.arg("--json");
        }
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // More than a pipe holds: once it is written, the command is reading, and hears Ctrl-C.
        let mut input = child.stdin.take().unwrap();
        input.write_all(&[b'a'; 128 << 10]).unwrap();
        crate::command::interrupt(&child);
        let output = child.wait_with_output().unwrap();
        drop(input);
        let text = String::from_utf8(if json { output.stdout } else { output.stderr }).unwrap();
        assert_eq!(output.status.code(), Some(130), "{text}");
        assert!(text.contains("interrupted: nothing was sent"), "{text}");
    }
    assert!(accepted(&sim).is_empty());
}

#[test]
fn a_wrong_value_says_what_is_allowed() {
    for (arguments, allowed) in [
        (
            &["send", "--pod", "mars", "--to", "1", "--text", "a"][..],
            "in, sg, eu, na",
        ),
        (
            &["trigger", "txt", "--to", "http://127.0.0.1:1/"],
            "text, reply, ",
        ),
        (
            &["inbox", "list", "--kind", "foo"],
            "message, status, error, field, other",
        ),
        (
            &["inbox", "list", "--state", "foo"],
            "waiting, running, handled, dead, dropped",
        ),
        (&["outbox", "list", "--state", "foo"], "queued, "),
        (
            &[
                "campaign",
                "create",
                "a",
                "--recipients",
                "a.csv",
                "--purpose",
                "foo",
            ],
            "marketing",
        ),
        (&["campaign", "run", "a", "--rate", "0"], "from 1 to 10000"),
        (
            &["campaign", "run", "a", "--daily-limit", "0"],
            "from 1 to 4294967295",
        ),
        (
            &[
                "campaign",
                "create",
                "a",
                "--recipients",
                "a.csv",
                "--template",
                "a",
                "--rate",
                "0",
            ],
            "from 1 to 10000",
        ),
        (&["sim", "--number", "foo"], "--number"),
        (&["sim", "--strictness", "foo"], "lenient, kaleyra, meta"),
        (&["sim", "--window", "foo"], "off, known, strict"),
        (&["sim", "--fail", "foo"], "low-balance"),
        (&["sim", "--account", "HX:A:foo"], "not a phone number"),
        (
            &["completions", "tcsh"],
            "bash, elvish, fish, powershell, zsh",
        ),
    ] {
        let (code, out, error) = run(&mut kaleyra_wa(arguments));
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {error}");
        assert!(
            error.starts_with("error: ") && error.contains(allowed),
            "{arguments:?}: {error}"
        );
        let (code, out, error) = run(&mut kaleyra_wa(&[arguments, &["--json"]].concat()));
        assert_eq!((code, error.as_str()), (2, ""), "{arguments:?}");
        let failure: Value = serde_json::from_str(&out).unwrap();
        let failure = &failure["error"];
        assert_eq!(failure["kind"], "usage", "{arguments:?}: {out}");
        assert!(
            !failure["message"].as_str().unwrap().contains('\n'),
            "{out}"
        );
        assert!(failure["do"].is_string(), "{out}");
        assert!(out.contains(allowed), "{arguments:?}: {out}");
    }
    // What only shows once it is used.
    let account = [
        "--sid",
        "HX1",
        "--api-key",
        KEY,
        "--sender",
        "+918000000001",
    ];
    for (arguments, part) in [
        (
            &["sim", "--port", "0", "--state", "/no/such/folder/x"][..],
            "no such folder",
        ),
        (&["sim", "--port", "0", "--state", "/"], "it is a folder"),
        (&["sim", "--port", "0", "--faults", "foo"], "monsoon"),
        (
            &["sim", "--port", "0", "--faults", "@/no/such/file"],
            "no such file",
        ),
    ] {
        let (code, out, error) = run(&mut kaleyra_wa(&[arguments, &account].concat()));
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {error}");
        assert!(error.contains(part), "{arguments:?}: {error}");
    }
    let create = [
        "campaign",
        "create",
        "a",
        "--outbox",
        "/no/such/folder/a.db",
        "--recipients",
        "a.csv",
    ];
    let (code, _, error) = run(&mut kaleyra_wa(
        &[&create[..], &["--template", "Bad Name"]].concat(),
    ));
    assert!(code == 2 && error.contains("lower-case letters"), "{error}");
}
