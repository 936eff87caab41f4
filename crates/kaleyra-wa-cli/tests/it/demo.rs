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
    let mut child = kaleyra_wa(&["demo", "--no-open"])
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
    let all: serde_json::Value = serde_json::from_str(&all).unwrap();
    let sent = all.as_array().unwrap().iter();
    let sent = sent.filter(|it| it["request"]["messaging_object"]["status"].is_null());
    assert_eq!((status, sent.count()), (200, 6), "{all}");
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A demo that runs, and the address of its simulator.
struct Running {
    child: std::process::Child,
    sim: String,
}

impl Running {
    fn start() -> Self {
        let mut child = kaleyra_wa(&["demo", "--no-open"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let page = lines.find_map(|line| {
            let line = line.unwrap();
            Some(
                line.trim()
                    .strip_prefix("http://")?
                    .trim_end_matches('/')
                    .to_owned(),
            )
        });
        // What it says from here on is not read, but must find room.
        std::thread::spawn(move || lines.for_each(drop));
        let sim = page.unwrap();
        Self { child, sim }
    }

    fn post(&self, path: &str, body: &str) -> serde_json::Value {
        let (status, text) = post(&self.sim, path, &[], body.as_bytes());
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// What was said with the user, once the bot's newest message is as it should be.
    fn last(&self, user: &str, is_it: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        let mut last = serde_json::Value::Null;
        for _ in 0..200 {
            let path = format!("/sim/conversations/{user}");
            let (_, text) = request("GET", &self.sim, &path, &[], b"");
            let lines: serde_json::Value = serde_json::from_str(&text).unwrap();
            last = lines
                .as_array()
                .and_then(|lines| lines.last())
                .cloned()
                .unwrap_or_default();
            if last["from"] == "business" && is_it(&last) {
                return last;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("the bot's last message is {last}");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_bot_is_worth_chatting_with() {
    const USER: &str = "919800000009";
    let demo = Running::start();
    let writes = |body: &str| {
        let body = serde_json::json!({"name": "Dev Example", "body": body}).to_string();
        demo.post(&format!("/sim/users/{USER}/text"), &body)
    };
    for (word, kind, part) in [
        ("Hello", "interactive", "I am a small bot"),
        ("menu", "interactive", "Look around"),
        ("picture", "image", "The blue one"),
        ("where", "location", "Example Shoes"),
        ("order", "interactive", "blue-shoe"),
        ("size", "interactive", "find_my_size"),
        ("deliver", "interactive", "location_request_message"),
        ("help", "text", "*menu*"),
    ] {
        writes(word);
        let said = demo.last(USER, |it| it.to_string().contains(part));
        assert_eq!(said["type"], kind, "{word}");
    }
    let path = format!("/sim/users/{USER}");
    demo.post(
        &format!("{path}/order"),
        r#"{"catalog_id":"catalog-17","product_items":[{"product_retailer_id":"red-shoe","quantity":2,"item_price":10,"currency":"INR"}]}"#,
    );
    demo.last(USER, |it| it.to_string().contains("2 × red-shoe"));
    demo.post(
        &format!("{path}/form"),
        r#"{"form":"flow","response":{"length_in_cm":"26"}}"#,
    );
    demo.last(USER, |it| it.to_string().contains("size *41*"));
    demo.post(
        &format!("{path}/location"),
        r#"{"latitude":12.9,"longitude":77.5,"place":"Home"}"#,
    );
    demo.last(USER, |it| it.to_string().contains("at Home in two days"));
    // A photo comes back, byte for byte.
    let shoe = include_bytes!("../../assets/shoe.png");
    let (status, _) = post(
        &demo.sim,
        &format!("{path}/image"),
        &[("content-type", "image/png")],
        shoe,
    );
    assert_eq!(status, 200);
    let echo = demo.last(USER, |it| it.to_string().contains("Here it is again"));
    assert_eq!(echo["media"]["size"], shoe.len(), "{echo}");
}

#[test]
fn a_day_later_a_text_fails_and_a_template_gets_through() {
    const USER: &str = "919800000009";
    let demo = Running::start();
    demo.post(
        &format!("/sim/users/{USER}/text"),
        r#"{"name":"Dev Example","body":"Hello"}"#,
    );
    demo.last(USER, |_| true);
    demo.post("/sim/clock", r#"{"advance":"25h"}"#);
    let template = demo.last(USER, |it| it["type"] == "template");
    assert_eq!(
        template["says"]["body"],
        "Hi Dev Example! The blue shoe is still there. Shall we keep it for you?"
    );
    let (_, lines) = request(
        "GET",
        &demo.sim,
        &format!("/sim/conversations/{USER}"),
        &[],
        b"",
    );
    assert_eq!(lines.matches("131047").count(), 1, "{lines}");
    demo.post(
        &format!("/sim/users/{USER}/tap"),
        r#"{"label":"Keep it for me"}"#,
    );
    demo.last(USER, |it| it.to_string().contains("until Saturday"));
}
