//! `kaleyra-wa test`, with a bot in Python that knows nothing of this library.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::command::{kaleyra_wa, run};

const CHAT: &str = "user asha \"Asha Example\" +919800000001\n\nasha: Hi\nshop: You said Hi\nasha: Bye\nshop: You said Bye\n";

fn chat(name: &str, text: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("chat-files");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

fn bot(environment: &str) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/chat_bot.py");
    format!("{environment} python3 {script}")
}

#[allow(clippy::print_stderr, reason = "a skipped test says so")]
fn has_python() -> bool {
    let found = Command::new("python3").arg("--version").output().is_ok();
    if !found {
        eprintln!("skipped: there is no python3");
    }
    found
}

#[test]
fn a_bot_in_python_passes_and_fails_at_the_right_line() {
    if !has_python() {
        return;
    }
    let good = chat("good.chat", CHAT);
    let bot = bot("");
    let (code, out, error) = run(&mut kaleyra_wa(&[
        "test",
        good.to_str().unwrap(),
        "--exec",
        &bot,
    ]));
    assert_eq!(code, 0, "{out}{error}");
    assert!(out.contains("ok 1 - "), "{out}");

    let wrong = chat("wrong.chat", &CHAT.replace("said Bye", "say Bye"));
    let junit = wrong.with_extension("xml");
    let (code, out, _) = run(&mut kaleyra_wa(&[
        "test",
        wrong.to_str().unwrap(),
        "--exec",
        &bot,
        "--junit",
        junit.to_str().unwrap(),
    ]));
    assert_eq!(code, 1, "{out}");
    for part in ["line: |\n    6\n", "You say Bye", "asha: Bye", "--exec "] {
        assert!(out.contains(part), "{part} is not in {out}");
    }
    assert!(
        fs::read_to_string(junit)
            .unwrap()
            .contains("failures=\"1\"")
    );
}

/// The bot and the conversation of the README, as they stand there, in a folder of their own.
fn of_the_readme(folder: &str) -> (PathBuf, String) {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let readme = fs::read_to_string(readme).unwrap();
    let block = |begins: &str| {
        let (_, rest) = readme.split_once(begins).unwrap();
        let (block, _) = rest.split_once("\n```").unwrap();
        format!("{block}\n")
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("bot.py"), block("```python\n")).unwrap();
    let conversation = format!("user asha{}", block("```text\nuser asha"));
    fs::write(folder.join("shop.chat"), &conversation).unwrap();
    (folder, conversation)
}

#[test]
fn the_readmes_bot_passes_and_fails_where_a_word_is_changed() {
    if !has_python() {
        return;
    }
    let (folder, conversation) = of_the_readme("readme-bot");
    let play = || {
        let arguments = ["test", "shop.chat", "--exec", "python3 bot.py"];
        run(kaleyra_wa(&arguments).current_dir(&folder))
    };
    let (code, out, error) = play();
    assert_eq!(code, 0, "{out}{error}");

    // Each line that the bot is expected to say, with another last word.
    let lines: Vec<&str> = conversation.lines().collect();
    let said = (0..lines.len()).filter(|index| lines[*index].starts_with("shop: "));
    for index in said {
        let changed = lines[index].rsplit_once(' ').unwrap().0.to_owned() + " tomorrow";
        let mut wrong = lines.clone();
        wrong[index] = &changed;
        fs::write(folder.join("shop.chat"), wrong.join("\n")).unwrap();
        let (code, out, error) = play();
        assert_eq!(code, 1, "{out}{error}");
        for part in [&format!("line: |\n    {}\n", index + 1), lines[index]] {
            assert!(out.contains(part), "{part:?} is not in {out}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_planted_double_answer_is_found_and_the_printed_command_shows_it_again() {
    if !has_python() {
        return;
    }
    let chat = chat("twice.chat", CHAT);
    let bot = bot("ANSWERS_TWICE=1");
    let arguments = ["test", chat.to_str().unwrap(), "--exec", &bot];
    let more = [
        "--seeds",
        "1..30",
        "--faults",
        "callback:duplicate p=0.2",
        "--json",
    ];
    let (code, out, error) = run(&mut kaleyra_wa(&[&arguments[..], &more].concat()));
    assert_eq!(code, 1, "{out}{error}");
    let found: Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    assert_eq!(found["kind"], "answered twice", "{found}");
    assert_eq!(found["faults"].as_array().unwrap().len(), 1, "{found}");

    // As it stands there, typed into a shell.
    let typed = found["reproduce"].as_str().unwrap();
    let path = Path::new(env!("CARGO_BIN_EXE_kaleyra-wa"))
        .parent()
        .unwrap();
    let path = format!("{}:{}", path.display(), std::env::var("PATH").unwrap());
    for _ in 0..10 {
        let output = Command::new("sh")
            .args(["-c", typed])
            .env("PATH", &path)
            .output();
        let output = output.unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{typed}\n{out}");
        assert!(out.contains("answered twice"), "{out}");
    }
}

#[cfg(unix)]
#[test]
fn seeds_and_files_side_by_side_end_as_one_after_the_other() {
    if !has_python() {
        return;
    }
    let twice = chat("twice-jobs.chat", CHAT);
    let good = chat("good-jobs.chat", CHAT);
    let wrong = chat("wrong-jobs.chat", &CHAT.replace("said Bye", "say Bye"));
    let planted = bot("ANSWERS_TWICE=1");
    let search = |jobs: &str| {
        let arguments = [
            "test",
            twice.to_str().unwrap(),
            "--exec",
            &planted,
            "--json",
        ];
        let seeds = [
            "--seeds",
            "8..10",
            "--faults",
            "callback:duplicate p=0.1",
            "--jobs",
            jobs,
        ];
        let (code, out, error) = run(&mut kaleyra_wa(&[&arguments[..], &seeds].concat()));
        assert_eq!(code, 1, "{out}{error}");
        let found: Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
        assert_eq!(found["ok"], false, "{found}");
        ["seed", "tried", "kind", "faults"].map(|key| found[key].clone())
    };
    assert_eq!(search("3"), search("1"));

    let bot = bot("");
    let files = [&good, &wrong, &good].map(|it| it.to_str().unwrap());
    let arguments = [
        "test", files[0], files[1], files[2], "--exec", &bot, "--jobs", "3",
    ];
    let (code, out, _) = run(&mut kaleyra_wa(&arguments));
    assert_eq!(code, 1, "{out}");
    for part in ["\nok 1 - ", "\nnot ok 2 - ", "\nok 3 - "] {
        assert!(out.contains(part), "{part:?} is not in {out}");
    }
    let url = ["--bot", "http://127.0.0.1:1/", "--jobs", "2"];
    let (code, _, error) = run(&mut kaleyra_wa(&[&["test", files[0]], &url[..]].concat()));
    assert!(code == 2 && error.contains("--jobs"), "{error}");
}

#[test]
fn what_cant_be_played_is_told() {
    let told = |arguments: &[&str]| {
        let (code, _, error) = run(&mut kaleyra_wa(&[&["test"], arguments].concat()));
        (code, error)
    };
    let good = chat("plain.chat", CHAT);
    let good = good.to_str().unwrap();
    let bad = chat("bad.chat", "user asha +919800000001\nasha dances\n");
    let (code, error) = told(&[bad.to_str().unwrap(), "--exec", "true"]);
    assert!(code == 2 && error.contains("line 2"), "{error}");
    let (code, error) = told(&[good]);
    assert!(code == 2 && error.contains("--bot"), "{error}");
    let (code, error) = told(&[good, "--exec", "true", "--faults", "gravity"]);
    assert!(code == 2 && error.contains("--faults: rule 1"), "{error}");
    let (code, error) = told(&[good, "--exec", "true", "--seeds", "9..1"]);
    assert!(code == 2 && error.contains("1..200"), "{error}");
    let (code, error) = told(&[good, "--exec", "exit 3"]);
    assert!(code == 1 && error.contains("before it listened"), "{error}");
}
