//! Every example of every `--help`, as it stands there, against the simulator.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::command::{Running, kaleyra_wa, run};
use crate::http::{post, serving};
use crate::send::{KEY, sim};

/// What an example may end with, if not only with 0.
const ENDS: [(&str, &[i32]); 20] = [
    // Without a terminal nobody can be asked.
    ("kaleyra-wa config login --profile shop", &[2]),
    // There is no network, and a tunnel's program is not installed.
    ("kaleyra-wa doctor", &[0, 1]),
    ("kaleyra-wa listen --tunnel", &[0, 1]),
    // The simulator has no webhook, and sent no buttons.
    ("kaleyra-wa sim tap", &[0, 2]),
    ("kaleyra-wa sim reply", &[0, 2]),
    ("kaleyra-wa sim react", &[0, 2, 3]),
    ("kaleyra-wa sim form", &[0, 2, 3]),
    ("kaleyra-wa sim edit", &[0, 2, 3]),
    ("kaleyra-wa sim delete", &[0, 2, 3]),
    // Nothing is set that could be taken out.
    ("kaleyra-wa config get", &[0, 1]),
    // It is done by then.
    ("kaleyra-wa campaign pause", &[1]),
    ("kaleyra-wa campaign resume", &[2]),
    ("kaleyra-wa campaign cancel", &[1]),
    // The file has no such message, and no such event.
    ("kaleyra-wa outbox show", &[2]),
    ("kaleyra-wa outbox resend", &[1]),
    ("kaleyra-wa outbox cancel", &[1]),
    ("kaleyra-wa track", &[2]),
    ("kaleyra-wa inbox show", &[1]),
    ("kaleyra-wa inbox requeue bot.db 17", &[1]),
    ("kaleyra-wa inbox drop", &[1]),
];

/// The commands, and the commands of commands.
fn commands(path: &[String], found: &mut Vec<Vec<String>>) {
    let arguments: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
    let (code, help, _) = run(&mut kaleyra_wa(&arguments));
    assert_eq!(code, 0, "{path:?}");
    found.push(path.to_vec());
    let Some(section) = help.split("\nCommands:\n").nth(1) else {
        return;
    };
    let section = section.split("\n\n").next().unwrap();
    let names = section
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    for name in names.filter_map(|line| line.split_whitespace().next()) {
        if name != "help" {
            commands(&[path, &[name.to_owned()]].concat(), found);
        }
    }
}

/// The lines of a help that can be typed.
fn examples(path: &[String]) -> Vec<String> {
    let arguments: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
    let help = run(&mut kaleyra_wa(&arguments)).1.replace("\\\n", " ");
    let lines = help.lines().map(str::trim_start);
    let typed = lines.filter(|line| line.starts_with("kaleyra-wa "));
    typed
        .filter(|line| {
            !line.contains('…') && !line.contains('<'.to_string().as_str()) || line.contains(" < ")
        })
        .map(|line| line.split(" | ").next().unwrap().to_owned())
        .collect()
}

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("examples");
    let _ = fs::remove_dir_all(&folder);
    for name in [
        "callbacks",
        "captures",
        ".zfunc",
        ".config/fish/completions",
        ".local/share/bash-completion/completions",
    ] {
        fs::create_dir_all(folder.join(name)).unwrap();
    }
    let callback = r#"{"meta_object":{"field":"messages","value":{"statuses":[{"id":"1","status":"failed",
        "recipient_id":"919800000001","errors":[{"code":131047}]}]}}}"#;
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";
    let files: [(&str, &[u8]); 20] = [
        ("message.txt", b"Dear Asha"),
        ("photo.jpg", b"\xff\xd8\xff\xe0 photo"),
        ("scan.bin", b"%PDF-1.7"),
        ("pixel.png", png),
        ("rows.json", br#"{"button":"Choose","rows":[{"id":"a","title":"A"},{"id":"b","title":"B"}]}"#),
        ("asha.json", br#"{"name":{"formatted_name":"Asha","first_name":"Asha"},"phones":[{"phone":"+919800000001"}]}"#),
        ("values.json", br#"["Asha", "17"]"#),
        ("message.json", br#"{"type":"text","text":{"body":"Hello"}}"#),
        ("template.json", br#"{"messaging_product":"whatsapp","to":"+919800000001","type":"template","template":{"name":"a","language":{"code":"en"}}}"#),
        ("parcel.json", br#"{"name":"parcel","language":"en_US","category":"UTILITY","components":[{"type":"BODY","text":"Your parcel is here."}]}"#),
        ("parcel-message.json", br#"{"name":"parcel","language":{"code":"en_US"}}"#),
        ("shipped.json", br#"{"name":"order_shipped","language":"en","category":"UTILITY","components":[{"type":"BODY","text":"Your order is here."}]}"#),
        ("shipped-message.json", br#"{"name":"order_shipped","language":{"code":"en"}}"#),
        ("failed.json", callback.as_bytes()),
        ("callback.json", callback.as_bytes()),
        ("callbacks/1.json", callback.as_bytes()),
        ("captures/1.json", callback.as_bytes()),
        ("secret.txt", b"s3cret-of-examples"),
        ("shoes.chat", b"user asha +919800000001\nasha: Hi\nshop nothing more within 1s\n"),
        ("customers.csv", b"to,name\n+919800000001,Asha\n+919800000002,Ravi\n"),
    ];
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).unwrap();
    }
    fs::write(folder.join("key.txt"), KEY).unwrap();
    for name in ["secret.txt", "key.txt"] {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o600)).unwrap();
        }
    }
    folder
}

/// Waits for the end; presses Ctrl-C where a command goes on, once it has said so.
fn end(mut child: Child, goes_on: bool) -> (i32, String) {
    let mut text = String::new();
    let mut error = BufReader::new(child.stderr.take().unwrap());
    if goes_on {
        while !text.contains("Ctrl-C") && error.read_line(&mut text).unwrap() > 0 {}
        crate::command::interrupt(&child);
    }
    // The end of what it writes is its own end.
    error.read_to_string(&mut text).unwrap();
    let status = child.wait().unwrap();
    (status.code().unwrap_or(-1), text)
}

#[cfg(unix)]
#[test]
fn every_example_of_every_help_works() {
    let folder = folder();
    let sim = sim();
    let listen = Running::start(&["listen", "--port", "0", "--secret", "s3cret-of-examples"]);
    let inbox = folder.join("bot.db");
    let filled = Running::start(&[
        "listen",
        "--port",
        "0",
        "--secret",
        "s3cret-of-examples",
        "--inbox",
        inbox.to_str().unwrap(),
    ]);
    let callback = fs::read(folder.join("callback.json")).unwrap();
    let secret = ("x-kaleyra-secret", "s3cret-of-examples");
    assert_eq!(post(&filled.address, "/", &[secret], &callback).0, 200);
    drop(filled);
    let waba = "/v2/HX1/whatsapp/347000000000069/message_templates";
    for name in ["order_shipped", "old_offer"] {
        let template = format!(
            r#"{{"name":"{name}","language":"en","category":"UTILITY","components":[{{"type":"BODY","text":"Your order was shipped."}}]}}"#
        );
        let headers = [("api-key", KEY), ("content-type", "application/json")];
        post(&sim.address, waba, &headers, template.as_bytes());
    }
    let media = serving(&[("content-type", "image/jpeg")], b"\xff\xd8\xff\xe0 photo");
    // Only who wrote lately can be blocked.
    for user in ["919800000001", "919800000002"] {
        let path = format!("/sim/users/{user}/text");
        post(&sim.address, &path, &[], br#"{"name":"Asha","body":"Hi"}"#);
    }
    let binary = Path::new(env!("CARGO_BIN_EXE_kaleyra-wa"));
    let path = format!(
        "{}:{}",
        binary.parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    let mut all = Vec::new();
    commands(&[], &mut all);
    assert!(all.len() > 20, "{all:?}");
    let mut count = 0;
    let mut without = Vec::new();
    for command in &all {
        let lines = examples(command);
        if lines.is_empty() {
            without.push(command.join(" "));
        }
        for line in lines {
            count += 1;
            let typed = line
                .replace(
                    "http://127.0.0.1:8090/media/1",
                    &format!("http://{media}/photo.jpg"),
                )
                .replace(
                    "http://127.0.0.1:8080",
                    &format!("http://{}", listen.address),
                )
                .replace(
                    "http://127.0.0.1:3000",
                    &format!("http://{}", listen.address),
                )
                .replace(
                    "--base-url http://127.0.0.1:8090",
                    &format!("--base-url http://{} --api-key {KEY}", sim.address),
                )
                .replace("--api-key A1 ", " ")
                .replace("--port 8080", "--port 0")
                .replace("kaleyra-wa listen", "exec kaleyra-wa listen")
                .replace("kaleyra-wa sim --", "exec kaleyra-wa sim --port 0 --")
                .replace("kaleyra-wa demo", "exec kaleyra-wa demo");
            let typed = match typed.strip_prefix("exec kaleyra-wa listen") {
                Some(rest) if !rest.contains("--port") => {
                    format!("exec kaleyra-wa listen --port 0{rest}")
                }
                _ => typed,
            };
            let typed = match typed.contains("kaleyra-wa sim --") && !typed.contains("--api-key") {
                true => format!("{typed} --api-key A1"),
                false => typed,
            };
            let goes_on = typed.starts_with("exec ");
            let typed = match goes_on {
                true => format!("{typed} 1>&2"),
                false => typed,
            };
            let child = Command::new("sh")
                .args(["-c", &typed])
                .current_dir(&folder)
                .env("PATH", &path)
                .env("HOME", &folder)
                .env("XDG_CONFIG_HOME", folder.join(".config"))
                .env_remove("XDG_STATE_HOME")
                .env("KALEYRA_SID", "HX1")
                .env("KALEYRA_API_KEY", KEY)
                .env("KALEYRA_SENDER", "+918000000001")
                .env("KALEYRA_SIM_URL", format!("http://{}", sim.address))
                .env("KALEYRA_BASE_URL", format!("http://{}", sim.address))
                .env("KALEYRA_CALLBACK_SECRET", "s3cret-of-examples")
                .env_remove("KALEYRA_INBOX")
                .env_remove("KALEYRA_OUTBOX")
                .env_remove("KALEYRA_WABA_ID")
                .env_remove("KALEYRA_POD")
                .env_remove("KALEYRA_PROFILE")
                .env_remove("KALEYRA_CONFIG")
                .env_remove("RUST_LOG")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let (code, error) = end(child, goes_on);
            let allowed = ENDS.iter().find(|(start, _)| line.starts_with(start));
            let allowed = allowed.map_or(&[0][..], |(_, codes)| codes);
            assert!(
                allowed.contains(&code),
                "{line}\nran as {typed}\nended with {code}: {error}"
            );
        }
    }
    assert!(count > 60, "{count}");
    assert_eq!(
        without,
        ["sim pay", "sim redeliver", "demo"],
        "these teach by no example"
    );
}
