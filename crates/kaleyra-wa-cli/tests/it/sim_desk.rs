//! `kaleyra-wa sim …` speaks to a simulator that runs.

use std::path::Path;

use serde_json::Value;

use crate::command::{Running, kaleyra_wa, run};
use crate::http::post;
use crate::send::KEY;
use crate::simulator::{ask, command, start};

fn json(sim: &Running, arguments: &[&str]) -> Value {
    let (code, out, error) = ask(sim, &[arguments, &["--json"]].concat());
    assert_eq!(code, 0, "{arguments:?}: {out}{error}");
    serde_json::from_str(&out).unwrap()
}

fn send(sim: &Running, content: &str) -> String {
    let body = format!(
        r#"{{"messaging_object":{{"messaging_product":"whatsapp","to":"+919800000001",{content}}}}}"#
    );
    let headers = [("api-key", KEY), ("content-type", "application/json")];
    let path = "/v2/HX1/whatsapp/918000000001/messages";
    let (status, response) = post(&sim.address, path, &headers, body.as_bytes());
    assert_eq!(status, 202, "{response}");
    let response: Value = serde_json::from_str(&response).unwrap();
    response["data"]["message_id"].as_str().unwrap().to_owned()
}

#[test]
fn after_25_hours_a_text_fails_and_a_template_arrives() {
    let sim = start(&["--frozen", "--clock", "2026-11-28T12:00:00+05:30"]);
    // There is no webhook, and it is known all the same that the user wrote.
    assert_eq!(ask(&sim, &["say", "919800000001", "Hi"]).0, 0);
    let clock = json(&sim, &["clock", "advance", "25h"]);
    assert_eq!(clock["now"], "2026-11-29T07:30:00.000Z", "{clock}");
    let text = send(&sim, r#""type":"text","text":{"body":"Still there?"}"#);
    let template = send(
        &sim,
        r#""type":"template","template":{"name":"offer","language":{"code":"en"}}"#,
    );
    let (code, out, _) = ask(&sim, &["why", &text]);
    assert!(code == 0 && out.contains("131047"), "{out}");
    let why = json(&sim, &["why", &template]);
    let verdict = why["verdict"].as_str().unwrap();
    assert!(!verdict.contains("131047"), "{verdict}");
    let statuses = post_status(&sim, &template);
    assert_eq!(statuses, ["sent"], "the template");
    assert_eq!(post_status(&sim, &text), ["failed"], "the text");
}

fn post_status(sim: &Running, id: &str) -> Vec<String> {
    let path = format!("/sim/messages/{id}");
    let (_, body) = crate::http::request("GET", &sim.address, &path, &[], b"");
    let message: Value = serde_json::from_str(&body).unwrap();
    let statuses = message["statuses"].as_array().unwrap();
    let names = statuses.iter().map(|it| it["status"].as_str().unwrap());
    names.map(str::to_owned).collect()
}

#[test]
fn the_clock_runs_stands_still_and_runs_fast() {
    let sim = start(&["--speed", "60"]);
    assert_eq!(json(&sim, &["clock"])["speed"], 60.0);
    let clock = json(&sim, &["clock", "freeze"]);
    assert_eq!(
        (&clock["speed"], &clock["frozen"]),
        (&0.0.into(), &true.into())
    );
    assert_eq!(
        json(&sim, &["clock"])["now"],
        clock["now"],
        "it stands still"
    );
    let clock = json(&sim, &["clock", "run"]);
    assert_eq!(
        (&clock["speed"], &clock["frozen"]),
        (&1.0.into(), &false.into())
    );
    let begun = json(&sim, &["clock", "speed", "3600"]);
    assert_eq!(begun["speed"], 3600.0);
    // The first half second is half an hour.
    std::thread::sleep(std::time::Duration::from_millis(500));
    let moment =
        |clock: &Value| -> jiff::Timestamp { clock["now"].as_str().unwrap().parse().unwrap() };
    let passed = moment(&json(&sim, &["clock"])).duration_since(moment(&begun));
    assert!(passed.as_secs() >= 1_800, "{passed:?}");
    for wrong in ["3601", "NaN", "fast"] {
        let (code, _, error) = ask(&sim, &["clock", "speed", wrong]);
        assert!(code == 2 && error.contains("to 3600"), "{wrong}: {error}");
    }
    let mut both = kaleyra_wa(&["sim", "--frozen", "--speed", "2"]);
    assert_eq!(run(&mut both).0, 2);
}

#[test]
fn faults_phones_and_the_state_are_set_from_a_shell() {
    let sim = start(&["--seed", "7", "--faults", "callback:duplicate p=0.2"]);
    assert_eq!(json(&sim, &["fault"])["seed"], 7);
    assert_eq!(json(&sim, &["fault"])["rules"].as_array().unwrap().len(), 1);
    json(&sim, &["fault", "response:low-balance next=1"]);
    json(&sim, &["fault", "heal"]);
    assert_eq!(json(&sim, &["fault"])["rules"].as_array().unwrap().len(), 0);
    let phone = json(&sim, &["user", "+919800000001", "airplane_mode=true"]);
    assert_eq!(phone["airplane_mode"], true, "{phone}");
    let (code, _, error) = ask(&sim, &["user", "919800000001", "light=true"]);
    assert!(code == 2 && error.contains("airplane_mode"), "{error}");

    send(&sim, r#""type":"text","text":{"body":"kept"}"#);
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sim-desk-state.json");
    let file = file.to_str().unwrap();
    assert_eq!(ask(&sim, &["state", "export", file]).0, 0);
    let other = start(&["--state", file]);
    let (_, body) = crate::http::request("GET", &other.address, "/sim/messages", &[], b"");
    assert!(body.contains("kept"), "{body}");
    assert_eq!(ask(&sim, &["wait"]).0, 0);

    // One conversation leaves the others as they are.
    ask(&other, &["say", "919800000002", "Ravi is here"]);
    ask(&other, &["say", "919800000003", "Mina is here"]);
    let chat = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sim-desk-chat.json");
    let chat = chat.to_str().unwrap();
    let (code, _, error) = ask(
        &other,
        &["state", "export", chat, "--user", "+919800000002"],
    );
    assert_eq!(code, 0, "{error}");
    let text = std::fs::read_to_string(chat).unwrap();
    assert!(
        text.contains("Ravi is here") && !text.contains("Mina is here"),
        "{text}"
    );
    assert_eq!(ask(&sim, &["state", "import", chat]).0, 0);
    let (_, body) = crate::http::request("GET", &sim.address, "/sim/conversations", &[], b"");
    assert!(
        body.contains("Ravi is here") && body.contains("kept"),
        "{body}"
    );
    let (code, _, error) = ask(&sim, &["state", "import", chat, "--user", "919800000002"]);
    assert!(code == 2 && error.contains("only an export"), "{error}");

    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let (code, _, error) = run(&mut kaleyra_wa(&["sim", "clock", "--sim", &url]));
    let told = format!(
        "error: no simulator responds at {url}; start one with `kaleyra-wa sim`, or name it by --sim\n"
    );
    assert_eq!((code, error), (4, told));
    let secret = url.replace("http://", "http://user:canary@");
    let (_, _, error) = run(&mut kaleyra_wa(&["sim", "clock", "--sim", &secret]));
    assert!(!error.contains("canary"), "{error}");
}

#[test]
fn the_projects_file_names_faults_and_a_flag_wins() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sim-desk-project");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(
        folder.join(".kaleyra-wa.toml"),
        "faults = \"callback:duplicate p=0.2; month-end\"\n",
    )
    .unwrap();
    let rules = |arguments: &[&str]| {
        let mut command = command(arguments);
        command.current_dir(&folder);
        let sim = Running::run(command);
        let rules = json(&sim, &["fault"])["rules"].clone();
        let rules = rules.as_array().unwrap().iter();
        let rules: Vec<_> = rules
            .map(|rule| rule["rule"].as_str().unwrap().to_owned())
            .collect();
        rules
    };
    assert_eq!(
        rules(&[]),
        ["callback:duplicate p=0.2", "response:low-balance"]
    );
    assert_eq!(rules(&["--faults", "response:hang"]), ["response:hang"]);

    std::fs::write(folder.join(".kaleyra-wa.toml"), "faults = \"nonsense\"\n").unwrap();
    let mut command = kaleyra_wa(&[
        "sim",
        "--sid",
        "HX1",
        "--api-key",
        KEY,
        "--sender",
        "+918000000001",
    ]);
    let (code, _, error) = run(command.args(["--port", "0"]).current_dir(&folder));
    assert!(
        code == 2 && error.contains("faults in ") && error.contains(".kaleyra-wa.toml"),
        "{error}"
    );
}

#[test]
fn the_log_is_for_people_unless_json_is_asked_for() {
    let sim = start(&[]);
    let id = send(&sim, r#""type":"text","text":{"body":"the canary sings"}"#);
    let (code, out, error) = ask(&sim, &["log"]);
    assert_eq!((code, error.as_str()), (0, ""));
    assert!(out.lines().count() >= 3, "{out}");
    for line in out.lines() {
        assert!(!line.contains('{') && line.len() < 200, "{line}");
        assert!(
            line.trim_start()
                .starts_with(|sign: char| sign.is_ascii_digit()),
            "{line}"
        );
    }
    assert!(
        out.contains("POST  /v2/HX1/whatsapp/918000000001/messages"),
        "{out}"
    );
    assert!(
        out.contains(&format!("text  {id}")) && out.contains("because of 1"),
        "{out}"
    );
    let (_, out, _) = ask(&sim, &["log", "--json"]);
    for line in out.lines() {
        let entry: Value = serde_json::from_str(line).unwrap();
        assert!(
            entry["number"].is_u64() && entry["what"].is_string(),
            "{line}"
        );
    }
}

#[test]
fn why_takes_each_id_of_a_message_and_its_reference() {
    let sim = start(&[]);
    let body = r#"{"messaging_object":{"messaging_product":"whatsapp","to":"+919800000001","type":"text","text":{"body":"Hi"}},
        "extra_info":{"ref":"booking/17 a","ref1":"spring","ref2":"17"}}"#;
    let headers = [("api-key", KEY), ("content-type", "application/json")];
    let path = "/v2/HX1/whatsapp/918000000001/messages";
    let (_, response) = post(&sim.address, path, &headers, body.as_bytes());
    let response: Value = serde_json::from_str(&response).unwrap();
    let id = response["data"]["message_id"].as_str().unwrap();
    let (_, message) = crate::http::request(
        "GET",
        &sim.address,
        &format!("/sim/messages/{id}"),
        &[],
        b"",
    );
    let message: Value = serde_json::from_str(&message).unwrap();
    let wamid = message["wamid"].as_str().unwrap();
    let expected = json(&sim, &["why", id]);
    for name in [wamid, "booking/17 a", "spring"] {
        assert_eq!(
            json(&sim, &["why", name])["verdict"],
            expected["verdict"],
            "{name}"
        );
    }
    let (code, _, error) = ask(&sim, &["why", "booking-18"]);
    assert_eq!(code, 2, "{error}");
}
