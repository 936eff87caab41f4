//! Where values come from, what is refused, and how secrets are kept.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;

use crate::command::{kaleyra_wa, run};
use crate::send::{KEY, accepted, sim};

/// A folder of its own, as home and as a place to be.
fn home(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("config")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("project/.git")).unwrap();
    fs::create_dir_all(folder.join("project/below")).unwrap();
    folder
}

fn at(home: &Path, arguments: &[&str]) -> std::process::Command {
    let mut command = kaleyra_wa(arguments);
    command.env("XDG_CONFIG_HOME", home.join("config"));
    command.current_dir(home.join("project/below"));
    command
}

fn ok(home: &Path, arguments: &[&str]) -> String {
    let (code, out, error) = run(&mut at(home, arguments));
    assert_eq!(code, 0, "{arguments:?}: {error}");
    out
}

fn refused(home: &Path, arguments: &[&str]) -> String {
    let (code, out, error) = run(&mut at(home, arguments));
    assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {error}");
    error
}

#[test]
fn a_value_counts_from_flag_environment_project_profile_and_default() {
    let home = home("order");
    let told = |command: &mut std::process::Command| {
        let (code, out, error) = run(command);
        assert_eq!(code, 0, "{error}");
        let rows = out
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        let row = rows.into_iter().find(|row| row["name"] == "pod").unwrap();
        (
            row["value"].as_str().unwrap().to_owned(),
            row["from"].as_str().unwrap().to_owned(),
        )
    };
    let show = ["config", "show", "--json"];
    let (value, from) = told(&mut at(&home, &show));
    assert!(value == "in" && from.contains("default"), "{value} {from}");
    ok(&home, &["config", "set", "pod", "eu", "--profile", "shop"]);
    ok(&home, &["config", "use", "shop"]);
    let (value, from) = told(&mut at(&home, &show));
    assert!(
        value == "eu" && from.contains("profile \"shop\""),
        "{value} {from}"
    );
    fs::write(
        home.join("project/.kaleyra-wa.toml"),
        "pod = \"sg\"\nprofile = \"shop\"\n",
    )
    .unwrap();
    let (value, from) = told(&mut at(&home, &show));
    assert!(
        value == "sg" && from.contains(".kaleyra-wa.toml"),
        "{value} {from}"
    );
    let (value, from) = told(at(&home, &show).env("KALEYRA_POD", "na"));
    assert!(
        value == "na" && from.contains("KALEYRA_POD"),
        "{value} {from}"
    );
    assert_eq!(ok(&home, &["config", "get", "pod"]), "sg\n");
    assert_eq!(run(&mut at(&home, &["config", "get", "waba_id"])).0, 1);
    // Above the repository nobody looks.
    fs::write(home.join(".kaleyra-wa.toml"), "api_key = \"x\"").unwrap();
    fs::remove_file(home.join("project/.kaleyra-wa.toml")).unwrap();
    assert_eq!(told(&mut at(&home, &show)).0, "eu");
    let paths: Value = serde_json::from_str(&ok(&home, &["config", "path", "--json"])).unwrap();
    assert!(
        paths["config"]
            .as_str()
            .unwrap()
            .ends_with("kaleyra-wa/config.toml"),
        "{paths}"
    );
}

#[test]
fn what_may_not_be_in_a_file_is_refused_with_what_to_do() {
    let home = home("refused");
    let project = home.join("project/.kaleyra-wa.toml");
    for (text, part) in [
        (
            "api_key = \"canary\"",
            "a secret (api_key) may not be in this file",
        ),
        ("callback_secret = \"canary\"", "a secret"),
        (
            "base_url = \"https://evil.example\"",
            "may not say where a key goes",
        ),
        (
            "api_key_command = [\"rm\"]",
            "may not say where a key goes or what is run",
        ),
        ("colour = \"canary\"", "use one of"),
        ("pod = [", "it is not TOML"),
        ("pod = true", "must be a text or a number"),
    ] {
        fs::write(&project, text).unwrap();
        let error = refused(&home, &["config", "show"]);
        assert!(error.contains(part) && !error.contains("canary"), "{error}");
    }
    fs::remove_file(&project).unwrap();
    fs::create_dir_all(home.join("config/kaleyra-wa")).unwrap();
    let config = home.join("config/kaleyra-wa/config.toml");
    for text in [
        "api_key = \"canary\"",
        "[profiles.shop]\napi_key = \"canary\"",
    ] {
        fs::write(&config, text).unwrap();
        let error = refused(&home, &["config", "show"]);
        assert!(
            error.contains("a secret") && !error.contains("canary"),
            "{error}"
        );
    }
    fs::write(&config, "# mine\n[profiles.shop] # here\nsid = \"HX1\"\n").unwrap();
    assert!(
        refused(&home, &["config", "show", "--profile", "shpo"]).contains("choose one of: shop")
    );
    assert!(refused(&home, &["config", "use", "shpo"]).contains("shpo"));
    assert!(refused(&home, &["config", "set", "api_key", "canary"]).contains("config login"));
    assert!(refused(&home, &["config", "set", "pod", "mars"]).contains("pod"));
    assert!(refused(&home, &["config", "set", "sender", "98"]).contains("sender"));
    assert!(refused(&home, &["config", "set", "listen_port", "99999"]).contains("port"));
    assert!(
        refused(&home, &["config", "set", "api_key_command", "pass show"])
            .contains("list of words")
    );
    // What is the user's own in the file stays.
    ok(
        &home,
        &[
            "config",
            "set",
            "sender",
            "+918000000001",
            "--profile",
            "shop",
        ],
    );
    let text = fs::read_to_string(&config).unwrap();
    assert!(
        text.starts_with("# mine\n[profiles.shop] # here\nsid = \"HX1\"\n"),
        "{text}"
    );
    let failure: Value = {
        let (code, out, _) = run(&mut at(&home, &["config", "use", "shpo", "--json"]));
        assert_eq!(code, 2);
        serde_json::from_str(&out).unwrap()
    };
    assert_eq!(failure["error"]["kind"], "invalid_request");
    assert!(
        failure["error"]["do"]
            .as_str()
            .unwrap()
            .starts_with("make it with"),
        "{failure}"
    );
}

#[cfg(unix)]
#[test]
fn a_key_comes_from_a_file_a_command_or_what_login_keeps() {
    use std::os::unix::fs::PermissionsExt;

    let home = home("key");
    let sim = sim();
    let number = |arguments: &[&str], changes: &[(&str, &str)]| {
        let mut command = at(&home, &[&["number"], arguments].concat());
        command
            .env("KALEYRA_SID", "HX1")
            .env("KALEYRA_SENDER", "+918000000001")
            .env("KALEYRA_BASE_URL", format!("http://{}", sim.address));
        for (name, value) in changes {
            command.env(name, value);
        }
        let (code, out, error) = run(&mut command);
        assert!(!format!("{out}{error}").contains(KEY));
        (code, error)
    };
    assert_eq!(number(&[], &[]).0, 2);
    let file = home.join("key.txt");
    fs::write(&file, format!("{KEY}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let path = file.to_str().unwrap();
    let (code, error) = number(&["--api-key-file", path], &[]);
    assert!(
        code == 2 && error.contains("others can read it") && error.contains("chmod 600"),
        "{error}"
    );
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(number(&["--api-key-file", path], &[]).0, 0);
    assert_eq!(number(&[], &[("KALEYRA_API_KEY_FILE", path)]).0, 0);

    let words = format!("[\"cat\", \"{path}\"]");
    ok(&home, &["config", "set", "api_key_command", &words]);
    assert_eq!(number(&[], &[]).0, 0);
    ok(&home, &["config", "set", "api_key_command", "[\"false\"]"]);
    let (code, error) = number(&[], &[]);
    assert!(code == 1 && error.contains("try it by hand"), "{error}");
    ok(&home, &["config", "set", "api_key_command", ""]);

    let login = |arguments: &[&str]| {
        let mut command = at(&home, &[&["config", "login"], arguments].concat());
        command.stdin(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _ = child
            .stdin
            .take()
            .unwrap()
            .write_all(format!("{KEY}\n").as_bytes());
        let output = child.wait_with_output().unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let kept = home.join("config/kaleyra-wa/credentials.toml");
    let (code, said) = login(&[]);
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("plain text") && said.contains("nothing was written") && !kept.exists(),
        "{said}"
    );
    let (code, said) = login(&["--yes"]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("plain text") && said.contains(kept.to_str().unwrap()),
        "{said}"
    );
    assert_eq!(
        fs::metadata(&kept).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(number(&[], &[]).0, 0);
    let shown = ok(&home, &["config", "show"]);
    assert!(
        shown.contains("in plain text") && !shown.contains(KEY),
        "{shown}"
    );
    fs::set_permissions(&kept, fs::Permissions::from_mode(0o640)).unwrap();
    let (code, error) = number(&[], &[]);
    assert!(code == 2 && error.contains("others can read it"), "{error}");
    fs::set_permissions(&kept, fs::Permissions::from_mode(0o600)).unwrap();
    ok(&home, &["config", "login", "--forget"]);
    assert_eq!(number(&[], &[]).0, 2);
    assert!(accepted(&sim).is_empty());
}
