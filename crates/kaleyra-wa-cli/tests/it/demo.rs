//! `kaleyra-wa demo`.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::command::{kaleyra_wa, run};
use crate::http::{post, request};

#[test]
fn the_scene_shows_both_directions_and_ends_well() {
    let (code, out, error) = run(&mut kaleyra_wa(&["demo", "--once"]));
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    for part in [
        "Asha Example → shop     image: image/jpeg",
        "shop → Kaleyra          to +919800000001: text \"What a lovely picture",
        "Ravi Example → shop     reaction: 😂",
        "shop → Kaleyra          to +919800000002: image https://",
        "Mina Example → shop     button: tapped \"Book again\" (payload \"book-again\")",
        "ref \"booking-18\", ref1 \"from-template\"",
        "All as it should be",
    ] {
        assert!(out.contains(part), "{part} is not in\n{out}");
    }
    assert_eq!(out.matches("callback got 200").count(), 3, "{out}");
    assert_eq!(out.matches("202 accepted as A").count(), 3, "{out}");
    // Cause before effect, in each act.
    let mut rest = out.as_str();
    for (user, name) in [("Asha", "photo"), ("Ravi", "reaction"), ("Mina", "button")] {
        let answered = format!("{name}'s callback got 200");
        for part in [
            &format!("{user} Example → shop"),
            "shop → Kaleyra          to",
            "202 accepted as A",
            &answered,
            "Kaleyra → shop          status sent",
        ] {
            let (_, after) = rest
                .split_once(part)
                .unwrap_or_else(|| panic!("{part} is not in its place in\n{out}"));
            rest = after;
        }
    }
    assert!(!out.contains("{\""), "no JSON unless asked for");
    assert!(!out.contains('\u{1b}'), "no colours where no terminal is");
}

#[test]
fn the_wire_shows_the_bodies() {
    let (code, out, _) = run(&mut kaleyra_wa(&["demo", "--once", "--wire"]));
    assert_eq!(code, 0, "{out}");
    assert_eq!(out.matches("    {\"meta_object\"").count(), 6, "{out}");
    assert_eq!(out.matches("\"messaging_object\"").count(), 3, "{out}");
    assert_eq!(out.matches("    {\"code\":\"WA202\"").count(), 3, "{out}");
}

#[test]
fn a_port_in_use_is_said_with_the_flag_that_chose_it() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for flag in ["--sim-port", "--webhook-port"] {
        let (code, _, error) = run(&mut kaleyra_wa(&["demo", "--once", flag, &port]));
        assert_eq!(code, 1);
        assert!(error.contains(&format!("another with {flag}")), "{error}");
    }
}

#[test]
fn it_keeps_running_and_its_curl_lines_work() {
    let mut child = kaleyra_wa(&["demo"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let mut next = |begin: &str| {
        let line = lines.find(|line| line.trim_start().starts_with(begin));
        line.unwrap_or_else(|| panic!("no line begins with {begin}"))
    };
    let url = |line: &str| {
        line.split("http://")
            .nth(1)
            .unwrap()
            .split([' ', '\''])
            .next()
            .unwrap()
            .to_owned()
    };
    let body = |line: &str| {
        line.split("-d '")
            .nth(1)
            .unwrap()
            .strip_suffix('\'')
            .unwrap()
            .to_owned()
    };

    let user_writes = next("curl http");
    let callback = next("curl -i http");
    let send = url(&next("curl -i http"));
    let send_body = body(&next("-d "));
    let accepted = url(&next("curl http"));
    let split = |url: &str| -> (String, String) {
        let (address, path) = url.split_once('/').unwrap();
        (address.to_owned(), format!("/{path}"))
    };

    let (address, path) = split(&url(&user_writes));
    assert_eq!(
        post(&address, &path, &[], body(&user_writes).as_bytes()).0,
        200
    );
    let (address, path) = split(&url(&callback));
    let secret = [("x-kaleyra-secret", "demo-secret")];
    // The second time the same message was answered already.
    for _ in 0..2 {
        assert_eq!(
            post(&address, &path, &secret, body(&callback).as_bytes()).0,
            200
        );
    }
    let (address, path) = split(&send);
    let key = [
        ("api-key", "A0demo0key0of0nobody0000000000000"),
        ("content-type", "application/json"),
    ];
    assert_eq!(post(&address, &path, &key, send_body.as_bytes()).0, 202);
    let (address, path) = split(&accepted);
    let (status, all) = request("GET", &address, &path, &[], b"");
    // Three of the scene, the bot's answers to the two that wrote just now, and the one sent by hand.
    assert_eq!(
        (status, all.matches("\"wamid\"").count()),
        (200, 6),
        "{all}"
    );
    child.kill().unwrap();
    child.wait().unwrap();
}
