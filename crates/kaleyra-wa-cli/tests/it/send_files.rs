//! Files that `kaleyra-wa send` reads: what a flag takes, in which shapes, and what is wrong with them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::run;
use crate::send::{TO, accepted, send, sim};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("send-files")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF";
const WEBP: &[u8] = b"RIFF\0\0\0\0WEBPVP8 \0";
const MP4: &[u8] = b"\0\0\0\x18ftypmp42\0";
const PDF: &[u8] = b"%PDF-1.7 ";
const OGG: &[u8] = b"OggS\0\x02";

#[test]
fn a_file_of_another_kind_is_refused_before_it_goes_up() {
    let folder = folder("kinds");
    for (name, bytes) in [
        ("text.txt", &b"Hello"[..]),
        ("photo.jpg", JPEG),
        ("sticker.webp", WEBP),
        ("clip.mp4", MP4),
        ("bill.pdf", PDF),
        ("voice.ogg", OGG),
        // The name is one thing, the content another.
        ("words.jpg", b"Hello"),
        ("bill.png", PDF),
        ("photo.mp4", JPEG),
        ("empty.jpg", b""),
        ("noname", PDF),
    ] {
        fs::write(folder.join(name), bytes).unwrap();
    }
    let sim = sim();
    for (flag, file, part) in [
        ("--image", "text.txt", "use --document"),
        ("--image", "bill.pdf", "use --document"),
        ("--image", "sticker.webp", "use --sticker"),
        ("--image", "words.jpg", "it holds text"),
        ("--image", "bill.png", "by its content it is a PDF"),
        ("--image", "empty.jpg", "it is empty"),
        ("--image", "noname", "by its content it is a PDF"),
        ("--sticker", "photo.jpg", "use --image"),
        ("--video", "photo.jpg", "use --image"),
        ("--video", "photo.mp4", "a JPEG image"),
        ("--audio", "clip.mp4", "use --video"),
        ("--audio", "photo.jpg", "use --image"),
    ] {
        for more in [&[][..], &["--dry-run"]] {
            let arguments = [&[flag, file], more].concat();
            let (code, out, error) = run(send(&sim.address, &arguments).current_dir(&folder));
            assert_eq!((code, out.as_str()), (2, ""), "{flag} {file}: {error}");
            assert!(
                error.starts_with(&format!("error: {flag}: {file}: ")),
                "{error}"
            );
            assert!(
                error.contains(part) && error.contains("takes"),
                "{flag} {file}: {error}"
            );
        }
    }
    let (code, _, error) = run(send(
        &sim.address,
        &["--template", "sale", "--header-image", "clip.mp4"],
    )
    .current_dir(&folder));
    assert!(code == 2 && error.contains("use --header-video"), "{error}");
    assert!(accepted(&sim).is_empty());
    for (flag, file) in [
        ("--image", "photo.jpg"),
        ("--sticker", "sticker.webp"),
        ("--video", "clip.mp4"),
        ("--audio", "voice.ogg"),
        ("--document", "bill.pdf"),
        // A photo may be sent as a file.
        ("--document", "photo.jpg"),
    ] {
        let (code, _, error) = run(send(&sim.address, &[flag, file]).current_dir(&folder));
        assert_eq!(code, 0, "{flag} {file}: {error}");
    }
}

#[test]
fn a_message_file_may_be_the_request_the_message_or_its_template() {
    let folder = folder("shapes");
    let sim = sim();
    let template = r#"{"name": "parcel", "language": {"code": "en_US"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": "Asha"}]}]}"#;
    let message = r#"{"type": "text", "text": {"body": "Hi"}}"#;
    for (content, kind) in [
        (message.to_owned(), "text"),
        (
            format!(r#"{{"messaging_object": {message}, "extra_info": {{"ref": "order-17"}}}}"#),
            "text",
        ),
        (r#"{"text": {"body": "Hi"}}"#.to_owned(), "text"),
        (template.to_owned(), "template"),
        (
            format!(r#"{{"type": "template", "template": {template}}}"#),
            "template",
        ),
        (format!("\u{feff}{message}"), "text"),
        (format!("\u{feff}{template}"), "template"),
    ] {
        fs::write(folder.join("message.json"), &content).unwrap();
        let (code, _, error) =
            run(send(&sim.address, &["--file", "message.json"]).current_dir(&folder));
        assert_eq!(code, 0, "{content}: {error}");
        let sent = accepted(&sim).pop().unwrap();
        let object = &sent["messaging_object"];
        assert_eq!(
            (&object["type"], &object["to"]),
            (&kind.into(), &TO.into()),
            "{content}"
        );
        if content.contains("order-17") {
            assert_eq!(sent["extra_info"]["ref"], "order-17");
        }
    }
    let count = accepted(&sim).len();
    for (content, part) in [
        (
            "{\"type\": \"text\"\n \"text\": {}}",
            "line 2, column 2: a , or } is expected",
        ),
        ("", "it is empty"),
        ("{\"type\": ", "it ends where a value is expected"),
        ("[1]", "one JSON object"),
        (
            r#"{"name": "parcel", "category": "UTILITY"}"#,
            "a template's definition",
        ),
        (r#"{"type": "text", "text": 5}"#, "text: "),
    ] {
        fs::write(folder.join("message.json"), content).unwrap();
        let (code, out, error) =
            run(send(&sim.address, &["--file", "message.json"]).current_dir(&folder));
        assert_eq!((code, out.as_str()), (2, ""), "{content}: {error}");
        assert!(
            error.starts_with("error: --file: ") && error.contains(part),
            "{content}: {error}"
        );
        for jargon in [
            "EOF", "serde", "at line", "parsing", "struct", "variant", "i64", "u64", "(Text)",
        ] {
            assert!(!error.contains(jargon), "{content}: {error}");
        }
    }
    // As an editor on Windows may save it.
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(message.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    fs::write(folder.join("message.json"), utf16).unwrap();
    let (code, _, error) =
        run(send(&sim.address, &["--file", "message.json"]).current_dir(&folder));
    assert!(code == 2 && error.contains("save it as UTF-8"), "{error}");
    assert_eq!(accepted(&sim).len(), count);
}

#[test]
fn a_byte_order_mark_is_read_over_in_every_file() {
    let folder = folder("marks");
    let sim = sim();
    let write = |name: &str, content: &str| {
        fs::write(folder.join(name), format!("\u{feff}{content}")).unwrap();
    };
    write("rows.json", r#"{"rows": [{"id": "a", "title": "A"}]}"#);
    write(
        "asha.json",
        r#"{"name": {"formatted_name": "Asha", "first_name": "Asha"}}"#,
    );
    write("values.json", r#"["Asha"]"#);
    write(
        "parcel.json",
        r#"{"name":"parcel","language":"en_US","category":"UTILITY","components":[{"type":"BODY","text":"It is here."}]}"#,
    );
    write(
        "message.json",
        r#"{"name":"parcel","language":{"code":"en_US"}}"#,
    );
    write(
        "failed.json",
        r#"{"meta_object":{"value":{"errors":[{"code":131047}]}}}"#,
    );
    write(".kaleyra-wa.toml", "sid = \"HX1\"\n");
    write(
        "config.toml",
        "profile = \"shop\"\n[profiles.shop]\nsid = \"HX1\"\n",
    );
    write("customers.csv", "to,name\n+919800000001,Asha\n");
    write(
        "template.json",
        r#"{"name":"offer","language":{"code":"en"}}"#,
    );
    for arguments in [
        &[
            "send",
            "--to",
            TO,
            "--text",
            "Which?",
            "--list",
            "rows.json",
        ][..],
        &["send", "--to", TO, "--contact", "asha.json"],
        &[
            "send",
            "--to",
            TO,
            "--template",
            "parcel",
            "--params",
            "values.json",
        ],
        &["template", "check", "parcel.json", "--with", "message.json"],
        &["why", "failed.json"],
        &["check", "failed.json"],
        &["config", "show"],
        &["config", "show", "--config", "config.toml"],
        &[
            "campaign",
            "create",
            "c",
            "--outbox",
            "c.db",
            "--recipients",
            "customers.csv",
            "--template-file",
            "template.json",
        ],
    ] {
        let mut command = send(&sim.address, &[]);
        let mut command = {
            let mut plain = crate::command::kaleyra_wa(arguments);
            for (name, value) in command.get_envs() {
                match value {
                    Some(value) => plain.env(name, value),
                    None => plain.env_remove(name),
                };
            }
            command = plain;
            command
        };
        let (code, out, error) = run(command.current_dir(&folder));
        assert_eq!(code, 0, "{arguments:?}: {out}{error}");
    }
}
