//! What `kaleyra-wa send` takes, and what it refuses before anything is sent.

use serde_json::Value;

use crate::command::{kaleyra_wa, run};
use crate::send::{KEY, TEXT, TO, accepted, send, sim};

#[test]
fn bad_input_is_refused_before_anything_is_sent() {
    let sim = sim();
    let url = format!("http://{}", sim.address);
    for arguments in [
        &["--text", TEXT, "--to", "9800000077"][..],
        &["--text", TEXT, "--to", "+919800000077,+919800000078"],
        &["--text", ""],
        &["--text", &"x".repeat(4097)],
        &["--image", "ftp://example.com/cup.png"],
        &["--text", TEXT, "--reference", &"r".repeat(256)],
        &["--text", TEXT, "--image", "1"],
        &["--text", TEXT, "--caption", "x"],
        &["--text", TEXT, "--sender", "shop"],
        &["--text", TEXT, "--sid", "../.."],
        &["--text", TEXT, "--pod", "mars"],
        &["--text", TEXT, "--base-url", "http://example.com"],
        &["--text", TEXT, "--base-url", "not a url"],
        &["--text", TEXT, "--base-url", &url, "--pod", "eu"],
        &["--text", TEXT, "--reply-to", ""],
        &["--text", TEXT, "--reference", ""],
        &["--text", TEXT, "--reference1", ""],
        &["--text", TEXT, "--reference2", ""],
        &["--text", TEXT, "--source", ""],
        &["--text", TEXT, "--sid", ""],
        &["--image", "./cup.jpg"],
        &["--image", "cup.jpg"],
        &["--video", r"C:\cup"],
        &["--document", "example.com/bill"],
        &["--image", "photo"],
        &["--image", "not a url"],
        &["--image", "not a url 1"],
        &["--image", ""],
        &["--sticker", "12:34"],
        &["--text", TEXT, "--filename", "bill.pdf"],
        &["--text", TEXT, "--name", "Shop"],
        &["--image", "1234", "--address", "1 Example Road"],
        &["--text", TEXT, "--param", "Asha"],
        &["--text", TEXT, "--named", "name=Asha"],
        &["--text", TEXT, "--params", "values.json"],
        &["--text", TEXT, "--language", "en"],
        &["--text", TEXT, "--header-text", "x"],
        &["--text", TEXT, "--header-image", "1234"],
        &["--text", TEXT, "--header-video", "1234"],
        &["--text", TEXT, "--header-document", "1234"],
        &["--text", TEXT, "--url-button", "0=x"],
        &["--text", TEXT, "--reply-button", "0=x"],
        &["--text", TEXT, "--code-button", "0=x"],
        &["--text", TEXT, "--otp", "123456"],
        &["--image", "1234", "--buttons", "Yes|No"],
        &["--image", "1234", "--list", "rows.json"],
        &["--image", "1234", "--preview"],
        &["--image", "1234", "--ask-location"],
        &[
            "--image",
            "1234",
            "--link-button",
            "Pay=https://example.com",
        ],
        &["--template", "sale", "--header", "x"],
        &["--template", "sale", "--footer", "x"],
        &["--template", "sale", "--caption", "x"],
        &["--document", "1234", "--param", "x"],
        &[],
    ] {
        // A later --to wins over the helper's own.
        let mut command = kaleyra_wa(&["send"]);
        command
            .env("KALEYRA_SID", "HX1")
            .env("KALEYRA_API_KEY", KEY)
            .env("KALEYRA_SENDER", "+918000000001");
        command.env("KALEYRA_BASE_URL", format!("http://{}", sim.address));
        if !arguments.contains(&"--to") {
            command.args(["--to", TO]);
        }
        let (code, out, error) = run(command.args(arguments));
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {error}");
        assert!(error.starts_with("error: "), "{error}");
    }
    assert_eq!(accepted(&sim).len(), 0);
}

#[test]
fn what_is_refused_here_is_a_line_of_json_as_well() {
    let sim = sim();
    for arguments in [
        &["--text", TEXT, "--json", "--sid", "../.."][..],
        &["--text", TEXT, "--json", "--api-key", "A key"],
        &["--text", TEXT, "--json", "--sender", "shop"],
        &["--text", TEXT, "--json", "--base-url", "http://example.com"],
        &["--text", "", "--json"],
        &["--image", "cup.jpg", "--json"],
    ] {
        let (code, out, error) = run(&mut send(&sim.address, arguments));
        assert_eq!((code, error.as_str()), (2, ""), "{arguments:?}");
        let json: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(
            (&json["outcome"], &json["kind"]),
            (&"not_sent".into(), &"invalid_request".into())
        );
        assert!(json["error"]["message"].is_string(), "{json}");
    }
}

#[test]
fn an_empty_variable_is_none_and_flags_win_over_variables() {
    let sim = sim();
    let (code, _, error) = run(send(&sim.address, &["--text", TEXT]).env("KALEYRA_SID", ""));
    assert_eq!(
        (code, error.as_str()),
        (2, "error: --sid (or KALEYRA_SID) is missing\n")
    );
    let (code, _, error) = run(send(&sim.address, &["--text", TEXT]).env("KALEYRA_POD", ""));
    assert_eq!(code, 0, "{error}");
    // The variable is not looked at: the error is the reference's.
    let long = "r".repeat(256);
    let arguments = ["--text", TEXT, "--reference", &long, "--pod", "eu"];
    let unsent = |arguments: &[&str]| {
        run(send(&sim.address, arguments).env("KALEYRA_BASE_URL", "not a url"))
    };
    let (code, _, error) = unsent(&arguments);
    assert_eq!(code, 2);
    assert!(error.starts_with("error: not sent: "), "{error}");
    let (code, _, error) = unsent(&arguments[..4]);
    assert_eq!(code, 2);
    assert!(error.starts_with("error: base URL: "), "{error}");
    assert_eq!(accepted(&sim).len(), 1);
}

#[test]
fn texts_may_begin_with_a_hyphen() {
    let sim = sim();
    assert_eq!(run(&mut send(&sim.address, &["--text", "- tea"])).0, 0);
    let image = ["--image", "1", "--caption", "-20 %"];
    assert_eq!(run(&mut send(&sim.address, &image)).0, 0);
    let sent = accepted(&sim);
    assert_eq!(sent[0]["messaging_object"]["text"]["body"], "- tea");
    assert_eq!(sent[1]["messaging_object"]["image"]["caption"], "-20 %");
}

#[test]
fn a_hyphen_reads_the_text_from_standard_input() {
    use std::io::Write;
    use std::process::Stdio;

    let sim = sim();
    let send_input = |input: &[u8]| {
        let mut command = send(&sim.address, &["--text", "-"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        // It may end before it has read all.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.wait_with_output().unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, error) = send_input("Dear Asha,\n- tea\r\n\n".as_bytes());
    assert_eq!((code, error.as_str()), (0, ""));
    let body = &accepted(&sim)[0]["messaging_object"]["text"]["body"];
    assert_eq!(body, "Dear Asha,\n- tea");
    for input in [
        &b""[..],
        b"\n",
        b"\xff\xfe",
        &[b'x'; 4097],
        &[b'x'; 2 << 20],
    ] {
        let (code, error) = send_input(input);
        assert_eq!(code, 2, "{error}");
    }
    assert_eq!(accepted(&sim).len(), 1);
}

#[test]
fn a_wrong_region_in_the_environment_is_named() {
    let sim = sim();
    for arguments in [&["--text", TEXT][..], &["--text", TEXT, "--pod", "eu"]] {
        let (code, _, error) = run(send(&sim.address, arguments).env("KALEYRA_POD", "mars"));
        assert_eq!(code, 2);
        assert!(error.starts_with("error: KALEYRA_POD: "), "{error}");
    }
    assert_eq!(accepted(&sim).len(), 0);
}

#[test]
fn a_file_of_this_machine_goes_up_and_out() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("send-file");
    std::fs::create_dir_all(&folder).unwrap();
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";
    std::fs::write(folder.join("photo1.png"), png).unwrap();
    let sim = sim();
    for name in ["photo1.png", "./photo1.png"] {
        let mut command = send(&sim.address, &["--image", name, "--caption", "This one"]);
        let (code, out, error) = run(command.current_dir(&folder));
        assert_eq!(code, 0, "{error}");
        assert!(out.starts_with("accepted"), "{out}");
        assert!(error.starts_with("uploaded photo1.png as "), "{error}");
        let id = error
            .split_whitespace()
            .nth(3)
            .unwrap()
            .trim_end_matches(';');
        let image = &accepted(&sim).pop().unwrap()["messaging_object"]["image"];
        assert_eq!(image["id"], id);
    }
    // Nothing goes up, and nothing out.
    let (code, out, error) =
        run(send(&sim.address, &["--image", "photo1.png", "--dry-run"]).current_dir(&folder));
    assert_eq!((code, error.as_str()), (0, ""));
    assert!(out.contains("id-of-the-upload-of-photo1.png"), "{out}");
    // What WhatsApp does not take is refused before it leaves.
    std::fs::write(folder.join("notes.xyz1"), "not a picture").unwrap();
    let (code, _, error) = run(send(&sim.address, &["--image", "notes.xyz1"]).current_dir(&folder));
    assert_eq!(code, 2, "{error}");
    assert_eq!(accepted(&sim).len(), 2);
}
