//! `kaleyra-wa campaign`, `outbox` and `track`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::command::{Running, kaleyra_wa, run};

/// A folder of one test, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("kwa-desk-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs a command over this file, with an account at this server.
fn desk(arguments: &[&str], file: &str, server: &str) -> (i32, String, String) {
    let mut command = kaleyra_wa(arguments);
    with_account(&mut command, file, server);
    run(&mut command)
}

fn with_account(command: &mut Command, file: &str, server: &str) {
    command.args(["--outbox", file]);
    command
        .env("KALEYRA_SID", "HX1")
        .env("KALEYRA_API_KEY", "A1");
    command.env("KALEYRA_SENDER", "+918000000001");
    command.env("KALEYRA_BASE_URL", format!("http://{server}"));
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// A simulated Kaleyra for this account.
fn sim(more: &[&str]) -> Running {
    let account = ["--sid", "HX1", "--api-key", "A1"];
    let sender = ["--sender", "+918000000001"];
    Running::start(&[&["sim", "--port", "0"][..], &account, &sender, more].concat())
}

#[test]
fn a_campaign_is_made_run_and_reported_at_the_desk() {
    let folder = Folder::new("campaign");
    let sim = sim(&[]);
    let csv = "to,name\n+919800000001,Asha\n+919800000002,Ravi\n+919800000001,Asha\nnobody,Tom\n";
    fs::write(folder.file("customers.csv"), csv).unwrap();
    let (file, recipients) = (folder.file("shop.db"), folder.file("customers.csv"));
    let desk = |arguments: &[&str]| desk(arguments, &file, &sim.address);

    let create = [
        "campaign",
        "create",
        "spring",
        "--template",
        "offer",
        "--body",
        "{{name}}",
    ];
    let recipients = ["--recipients", recipients.as_str(), "--json"];
    let (code, out, error) = desk(&[&create[..], &recipients].concat());
    assert_eq!(code, 0, "{error}");
    let made = json(&out);
    assert_eq!(
        (made["recipients"].as_u64(), made["bad"].as_u64()),
        (Some(2), Some(2))
    );
    assert_eq!(made["bad_lines"][1]["line"], 5);

    let (code, out, error) = desk(&["campaign", "run", "spring", "--json"]);
    assert_eq!(code, 0, "{error}");
    assert_eq!(json(&out)["state"], "done");
    assert_eq!(json(&out)["counts"]["accepted"], 2);

    let (code, out, _) = desk(&["campaign", "report", "spring"]);
    assert_eq!((code, out.lines().count()), (0, 5));
    let reference = out.lines().nth(1).unwrap().split(',').nth(4).unwrap();
    let (code, out, _) = desk(&["track", reference, "--json"]);
    assert_eq!(
        (code, &json(&out)["text"]),
        (0, &Value::from("[template] offer Asha"))
    );
    let (code, out, _) = desk(&["outbox", "stats", "--json"]);
    assert_eq!(
        (code, &json(&out)["states"]["accepted"]),
        (0, &Value::from(2))
    );
    let (_, out, _) = desk(&["outbox", "list", "--state", "accepted"]);
    assert_eq!(out.lines().count(), 2);

    let (code, out, error) = desk(&["outbox", "resend", "1"]);
    assert_eq!(
        (code, out.as_str(), error.as_str()),
        (0, "1: queued again as 3\n", "")
    );
    let (code, out, _) = desk(&["outbox", "cancel", "3", "--json"]);
    assert_eq!((code, &json(&out)["done"]), (0, &Value::from(true)));
    let (code, _, error) = desk(&["outbox", "cancel", "3"]);
    assert_eq!(
        (code, error.as_str()),
        (1, "error: not all of it could be done\n")
    );
    let (code, _, _) = desk(&["campaign", "cancel", "spring"]);
    assert_eq!(code, 1);
    let (code, _, _) = desk(&["campaign", "status", "winter"]);
    assert_eq!(code, 2);
}

#[test]
fn a_campaign_that_could_not_be_made_leaves_its_name_free() {
    let folder = Folder::new("again");
    let file = folder.file("shop.db");
    let desk = |arguments: &[&str]| desk(arguments, &file, "127.0.0.1:1");
    let create = |name: &str, body: &str, csv: &[u8]| {
        let recipients = folder.file("customers.csv");
        fs::write(&recipients, csv).unwrap();
        let create = ["campaign", "create", name, "--template", "offer"];
        let more = ["--body", body, "--recipients", &recipients];
        desk(&[&create[..], &more].concat())
    };
    let good = &b"to,name\n+919800000001,Asha\n"[..];
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0";
    for (body, csv, told) in [
        ("{{town}}", good, "there is no column `town`"),
        ("{{name}}", b"", "empty"),
        ("{{name}}", b"to,name\n", "no recipients"),
        ("{{name}}", png, "save the table as CSV"),
        (
            "{{name}}",
            b"to,name\n+919800000001,\n",
            "line 2: `name` is empty",
        ),
    ] {
        let (code, out, error) = create("diwali", body, csv);
        assert_eq!((code, out.as_str()), (2, ""), "{error}");
        assert!(error.contains(told), "{told} is not in {error}");
    }
    let (code, out, error) = create("diwali", "{{name}}", good);
    assert_eq!(
        (code, out.as_str()),
        (0, "diwali: 1 recipient, 0 bad lines\n"),
        "{error}"
    );
    for name in ["a/b", "spring sale", "-x", ""] {
        let (code, _, _) = create(name, "{{name}}", good);
        assert_eq!(code, 2, "{name}");
    }
    // Of another number nothing would ever be sent.
    let mut command = kaleyra_wa(&["campaign", "run", "diwali"]);
    with_account(&mut command, &file, "127.0.0.1:1");
    command.env("KALEYRA_SENDER", "+918000000002");
    let (code, _, error) = run(&mut command);
    assert_eq!(code, 2, "{error}");
    assert!(
        error.contains("made for the number +918000000001") && error.contains("KALEYRA_SENDER"),
        "{error}"
    );
}

#[test]
fn a_file_that_is_missing_is_told() {
    let folder = Folder::new("missing");
    for arguments in [
        &["outbox", "stats"][..],
        &["track", "order-17"],
        &["campaign", "status"],
    ] {
        let (code, _, error) = run(&mut kaleyra_wa(arguments));
        assert_eq!(code, 2);
        assert!(error.contains("--outbox"), "{error}");
        let (code, out, _) = desk(arguments, &folder.file("nothing.db"), "127.0.0.1:1");
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(!fs::exists(folder.file("nothing.db")).unwrap());
    }
}

#[test]
fn a_run_that_leaves_messages_in_doubt_says_so_by_its_exit_code() {
    let folder = Folder::new("doubt");
    let (file, recipients) = (folder.file("shop.db"), folder.file("customers.csv"));
    fs::write(&recipients, "to\n+919800000001\n+919800000002\n").unwrap();
    let create = [
        "--template",
        "offer",
        "--recipients",
        recipients.as_str(),
        "--json",
    ];
    let sim = sim(&["--fail", "WA500", "--fail-times", "1"]);
    let desk = |arguments: &[&str]| desk(arguments, &file, &sim.address);
    let (code, _, error) = desk(&[&["campaign", "create", "diwali"][..], &create].concat());
    assert_eq!(code, 0, "{error}");
    for again in [false, true] {
        let (code, out, error) = desk(&["campaign", "run", "diwali", "--json"]);
        assert_eq!(code, 5, "{again}: {error}");
        assert!(error.contains("for 1 of 2 messages"), "{error}");
        let (state, counts) = (&json(&out)["state"], &json(&out)["counts"]);
        let found = (state, &counts["accepted"], &counts["uncertain"]);
        assert_eq!(found, (&"done".into(), &1.into(), &1.into()));
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_is_held_up_says_why_and_is_stopped_and_resumed() {
    let folder = Folder::new("held");
    let (file, recipients) = (folder.file("shop.db"), folder.file("customers.csv"));
    let lines: String = (1..=3_000).map(|nth| format!("+9198{nth:08}\n")).collect();
    fs::write(&recipients, format!("to\n{lines}")).unwrap();
    let sim = sim(&["--fail", "E110", "--fail-times", "1"]);
    let desk = |arguments: &[&str]| desk(arguments, &file, &sim.address);
    let recipients = ["--template", "offer", "--recipients", recipients.as_str()];
    let (code, _, error) = desk(&[&["campaign", "create", "diwali"][..], &recipients].concat());
    assert_eq!(code, 0, "{error}");

    let start = |file: &str| {
        let mut command = kaleyra_wa(&["campaign", "run", "diwali", "--rate", "20", "--wait"]);
        with_account(&mut command, file, &sim.address);
        Running::silent(command)
    };
    // What only a person can lift ends the run, with the code of what the server refused.
    let (code, out, error) = desk(&["campaign", "run", "diwali", "--json"]);
    assert_eq!(code, 3, "{error}");
    assert!(error.starts_with("paused: E110"), "{error}");
    let (error, state) = (&json(&out)["error"], &json(&out)["state"]);
    assert_eq!((&error["code"], state), (&"E110".into(), &"running".into()));
    let advice = error["do"].as_str().unwrap();
    assert!(
        advice.contains("kaleyra-wa campaign resume diwali"),
        "{advice}"
    );
    let (_, out, _) = desk(&["campaign", "status", "diwali", "--json"]);
    let why = json(&out)["why"].as_str().unwrap().to_owned();
    assert!(why.starts_with("E110"), "{out}");
    assert!(json(&out)["number_paused"]["until"].is_null(), "{out}");
    let (_, out, _) = desk(&["campaign", "status"]);
    assert!(
        out.contains("its number is paused: E110") && out.contains("campaign resume diwali"),
        "{out}"
    );
    // It stays so until somebody lifts it, and a run that waits goes on then.
    let (code, _, error) = desk(&["campaign", "run", "diwali"]);
    assert!(
        code == 3 && error.contains("error: it is paused: E110"),
        "{error}"
    );
    let mut running = start(&file);
    tells(&mut running, "paused: E110");
    let (code, out, error) = desk(&["campaign", "resume", "diwali", "--json"]);
    assert_eq!(code, 0, "{error}");
    let lifted = &json(&out)["lifted"];
    assert!(lifted["why"].as_str().unwrap().starts_with("E110"), "{out}");
    assert_eq!(lifted["also"], serde_json::json!([]));
    let (_, out, _) = desk(&["outbox", "stats", "--json"]);
    assert_eq!(json(&out)["paused"], serde_json::json!([]));
    running.interrupt();
    assert_eq!(running.end(), 1);
    tells(&mut running, "run it again");
    let (code, out, _) = desk(&["outbox", "resume"]);
    assert_eq!((code, out.as_str()), (0, "nothing was paused\n"));
    let (code, out, _) = desk(&["campaign", "report", "diwali"]);
    assert_eq!((code, out.lines().count()), (0, 3_001));
    let copy = folder.file("copy.db");
    let (code, _, error) = run(&mut kaleyra_wa(&["inbox", "backup", &file, &copy]));
    assert_eq!(code, 0, "{error}");
    tells(&mut start(&copy), "restored from a backup");
}

#[cfg(unix)]
#[test]
fn a_resumed_campaign_lifts_the_pause_of_its_number_for_all() {
    let folder = Folder::new("shared");
    let (file, recipients) = (folder.file("shop.db"), folder.file("customers.csv"));
    fs::write(&recipients, "to\n+919800000001\n+919800000002\n").unwrap();
    let sim = sim(&["--fail", "incorrect-credentials", "--fail-times", "2"]);
    let desk = |arguments: &[&str]| desk(arguments, &file, &sim.address);
    for name in ["diwali", "holi"] {
        let create = ["campaign", "create", name, "--template", "offer"];
        let (code, _, error) = desk(&[&create[..], &["--recipients", &recipients]].concat());
        assert_eq!(code, 0, "{error}");
    }
    // A wrong key: said at once, and the end.
    let (code, out, error) = desk(&["campaign", "run", "holi"]);
    assert_eq!(code, 3, "{out}{error}");
    assert!(
        error.contains("RBC001") && error.contains("campaign resume holi"),
        "{error}"
    );
    let (code, _, error) = desk(&["campaign", "resume", "diwali"]);
    assert_eq!(code, 0, "{error}");
    let (_, out, _) = desk(&["outbox", "stats", "--json"]);
    assert_eq!(json(&out)["paused"], serde_json::json!([]));
    // Both may go on, and the one that ran is named.
    let (code, out, error) = desk(&["campaign", "run", "diwali"]);
    assert!(code == 0 || code == 3, "{out}{error}");
    let (_, out, _) = desk(&["campaign", "resume", "holi"]);
    assert!(!out.contains("lifted") || out.contains("diwali"), "{out}");
}

#[cfg(unix)]
#[test]
fn a_run_without_a_connection_says_so_and_goes_on_with_one() {
    let folder = Folder::new("lost");
    let (file, recipients) = (folder.file("shop.db"), folder.file("customers.csv"));
    fs::write(&recipients, "to\n+919800000001\n").unwrap();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = closed.local_addr().unwrap().to_string();
    drop(closed);
    let create = ["campaign", "create", "diwali", "--template", "offer"];
    let recipients = ["--recipients", recipients.as_str()];
    let (code, _, error) = desk(&[&create[..], &recipients].concat(), &file, &address);
    assert_eq!(code, 0, "{error}");
    let mut command = kaleyra_wa(&["campaign", "run", "diwali"]);
    with_account(&mut command, &file, &address);
    let mut running = Running::silent(command);
    tells(&mut running, "no connection since 20");
    let port = address.rsplit(':').next().unwrap();
    let account = [
        "--sid",
        "HX1",
        "--api-key",
        "A1",
        "--sender",
        "+918000000001",
    ];
    let _sim = Running::start(&[&["sim", "--port", port][..], &account].concat());
    assert_eq!(running.end(), 0);
}

#[cfg(unix)]
#[test]
fn a_run_at_the_daily_limit_says_until_when() {
    let folder = Folder::new("limit");
    let (file, recipients) = (folder.file("shop.db"), folder.file("customers.csv"));
    fs::write(&recipients, "to\n+919800000001\n+919800000002\n").unwrap();
    let sim = sim(&[]);
    let create = ["campaign", "create", "diwali", "--template", "offer"];
    let recipients = ["--recipients", recipients.as_str()];
    let (code, _, error) = desk(&[&create[..], &recipients].concat(), &file, &sim.address);
    assert_eq!(code, 0, "{error}");
    let mut command = kaleyra_wa(&["campaign", "run", "diwali", "--daily-limit", "1"]);
    with_account(&mut command, &file, &sim.address);
    let mut running = Running::silent(command);
    tells(
        &mut running,
        "the daily limit of 1 user is reached until 20",
    );
    running.interrupt();
    assert_eq!(running.end(), 1);
}

/// Waits until it says so on standard error.
#[cfg(unix)]
fn tells(running: &mut Running, words: &str) {
    while !running.error_line().contains(words) {}
}
