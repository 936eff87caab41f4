//! What the simulator refuses of templates and records, and what stays as it was.

use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use kaleyra_wa_sim::{Simulator, Templates};
use kaleyra_wa_types::template::{TemplateDefinition, TemplateStatus};
use serde_json::{Value, json};

use super::templates::{WABA, manage};
use super::wire::{builder, request, simulator};

fn closed(language: &str) -> TemplateDefinition {
    TemplateDefinition::utility("closed", language).body("We are closed.", [""; 0])
}

async fn create(sim: &Simulator, definition: &TemplateDefinition) {
    let body = serde_json::to_string(definition).unwrap();
    let response = manage(sim, "POST", "message_templates", &body).await;
    assert_eq!(response.status(), 200, "{response:?}");
    sim.settle().await;
}

#[tokio::test]
async fn a_change_by_hand_says_what_it_may_be() {
    let sim = simulator().await;
    create(&sim, &closed("en")).await;
    let patch = async |query: &str, body: &str| {
        let line = format!("PATCH /sim/templates/closed{query}");
        request(&sim, &line, &[], body).await
    };
    for (body, parts) in [
        (
            r#"{"status":"PAUSD"}"#,
            &["status: ", "PAUSED", "DISABLED"][..],
        ),
        (r#"{"status":5}"#, &["status: "]),
        (r#"{"status":"DELETED"}"#, &["status: "]),
        (
            r#"{"quality":"PURPLE"}"#,
            &["quality: ", "YELLOW", "UNKNOWN"],
        ),
        (r#"{"category":"UTILTY"}"#, &["category: ", "MARKETING"]),
        (r#"{"components":7}"#, &["components: "]),
        (r#"{"state":"PAUSED"}"#, &["state: ", "quality"]),
        (r#"{"status":"PAUSED","quality":"RED"}"#, &["one of"]),
        (r#"{"quality":"RED","reason":"SCAM"}"#, &["reason: "]),
        ("[]", &["object"]),
    ] {
        let response = patch("", body).await;
        let text = response.json().to_string();
        assert_eq!(response.status(), 400, "{body}");
        assert!(
            parts.iter().all(|part| text.contains(part)),
            "{body}: {text}"
        );
    }
    let status = |language: &str| sim.template("closed", language).unwrap().status.clone();
    assert_eq!(status("en"), Some(TemplateStatus::Approved));

    // Of several languages one has to be chosen, in the query as in the body.
    create(&sim, &closed("de")).await;
    let response = patch("", r#"{"status":"PAUSED"}"#).await;
    assert!(response.status() == 400 && response.json().to_string().contains("de, en"));
    assert_eq!(
        patch("?language=de", r#"{"status":"PAUSED"}"#)
            .await
            .status(),
        200
    );
    assert_eq!(
        patch("", r#"{"status":"DISABLED","language":"en"}"#)
            .await
            .status(),
        200
    );
    assert_eq!(
        (status("de"), status("en")),
        (Some(TemplateStatus::Paused), Some(TemplateStatus::Disabled))
    );
    assert_eq!(
        patch("?language=fr", r#"{"status":"PAUSED"}"#)
            .await
            .status(),
        404
    );

    let mut wrong = closed("en_XX");
    for field in ["language", "category"] {
        let body = serde_json::to_string(&wrong).unwrap();
        let response = manage(&sim, "POST", "message_templates", &body).await;
        assert!(response.status() == 400 && response.json().to_string().contains(field));
        wrong = TemplateDefinition::new("other", "en", "UTILTY").body("We are closed.", [""; 0]);
    }
}

/// A user's own templates, which ask the simulator in their turn.
#[derive(Clone, Default)]
struct Asking(Arc<OnceLock<Weak<Simulator>>>);

impl Templates for Asking {
    fn find(&self, name: &str, language: &str) -> Option<Arc<TemplateDefinition>> {
        let sim = self.0.get()?.upgrade()?;
        assert!(sim.export()["templates"].is_array());
        (name == "closed" && language == "en").then(|| Arc::new(closed("en")))
    }
}

#[tokio::test]
async fn a_users_own_templates_may_ask_the_simulator() {
    let asking = Asking::default();
    let builder = builder().templates(asking.clone());
    let sim = Arc::new(builder.bind("127.0.0.1:0").await.unwrap());
    assert!(asking.0.set(Arc::downgrade(&sim)).is_ok());
    let asked = tokio::task::spawn_blocking(move || sim.template("closed", "en").is_some());
    let asked = tokio::time::timeout(Duration::from_secs(20), asked).await;
    assert!(asked.expect("it waits for itself").unwrap());
}

struct Given;

impl Templates for Given {
    fn find(&self, name: &str, language: &str) -> Option<Arc<TemplateDefinition>> {
        self.all().into_iter().find(|it| it.is(name, language))
    }

    fn all(&self) -> Vec<Arc<TemplateDefinition>> {
        vec![Arc::new(closed("en"))]
    }
}

#[tokio::test]
async fn what_was_given_and_deleted_stays_deleted() {
    let sim = builder()
        .templates(Given)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    let delete = async || {
        let deleted = manage(&sim, "DELETE", "message_templates?name=closed", "").await;
        assert_eq!(deleted.status(), 200);
    };
    delete().await;
    sim.advance(Duration::from_secs(31 * 86_400)).await;
    // A creation is when old ones are forgotten.
    let other = TemplateDefinition::utility("other", "en").body("Hello.", [""; 0]);
    create(&sim, &other).await;
    assert_eq!(sim.templates().len(), 1);
    let status = sim.template("closed", "en").unwrap().status.clone();
    assert_eq!(status, Some(TemplateStatus::Deleted));
    // Its name is free by now; and once more.
    for _ in 0..2 {
        create(&sim, &closed("en")).await;
        assert_eq!(sim.templates().len(), 2);
        delete().await;
        sim.advance(Duration::from_secs(31 * 86_400)).await;
    }
    let other = TemplateDefinition::utility("third", "en").body("Hello.", [""; 0]);
    create(&sim, &other).await;
    assert_eq!(sim.templates().len(), 2);
}

#[tokio::test]
async fn what_there_is_no_room_for_is_refused() {
    let sim = simulator().await;
    let added = json!({"phone_number": "919800000099", "name": "Shop", "country_code": "91", "verification_type": "SMS"});
    let record = |at: usize| json!({"kind": "sample", "owner": "another", "id": at.to_string(), "value": {}});
    let mut state = sim.export();
    let one = json!({"kind": "number", "owner": "another", "id": "1", "value": {"id": 41, "phone_number": "1"}});
    let records = (1..9_999).map(record).chain([one]);
    state["records"] = records.collect();
    sim.import(&state).unwrap();
    // The last one, with an id that no other number has, whosever that is.
    let response = manage(&sim, "POST", "number/add", &added.to_string()).await;
    assert_eq!(
        (response.status(), &response.json()["data"]["id"]),
        (200, &json!(42))
    );
    let mut second = added.clone();
    second["phone_number"] = json!("919800000098");
    let flow = json!({"name": "a", "categories": ["OTHER"]});
    for (path, body) in [("number/add", &second), ("flows", &flow)] {
        let response = manage(&sim, "POST", path, &body.to_string()).await;
        assert_eq!(
            (response.status(), &response.json()["code"]),
            (400, &json!("WA400")),
            "{path}"
        );
    }
    let profiles = format!("POST /v1/{}/callback/profiles", super::wire::SID);
    let headers = [
        ("api-key", super::wire::KEY),
        ("content-type", "application/json"),
    ];
    let profile = json!({"title": "a", "url": "https://example.com"}).to_string();
    assert_eq!(
        request(&sim, &profiles, &headers, &profile).await.status(),
        400
    );
    // What is there can be changed, and keeps its id.
    let change = json!({"phone_number": "919800000099", "name": "Other", "id": 7}).to_string();
    let changed = manage(&sim, "PUT", "number/update", &change).await.json();
    assert_eq!(
        (&changed["data"]["id"], &changed["data"]["name"]),
        (&json!(42), &json!("Other"))
    );
    let listed = manage(&sim, "GET", "number", "").await.json();
    let numbers: &Vec<Value> = listed["data"].as_array().unwrap();
    assert_eq!(numbers.len(), 2, "{WABA}");
}

/// As Meta lists them: links where samples and the button for codes were.
#[tokio::test]
async fn what_is_listed_is_not_what_was_written() {
    let sim = simulator().await;
    let code = TemplateDefinition::authentication("code", "en").code_expiration_minutes(5);
    create(&sim, &code).await;
    let listed = manage(&sim, "GET", "message_templates?name=code", "")
        .await
        .json();
    let listed: TemplateDefinition = serde_json::from_value(listed["data"][0].clone()).unwrap();
    assert_eq!(listed.buttons()[0].kind.as_str(), "URL");
    assert!(listed.buttons()[0].is_one_time_code());
    assert_eq!(code.differences(&listed), []);
    let submitted = listed.for_submission();
    assert_eq!(submitted.submission_violations(), []);
    assert_eq!(submitted.buttons()[0].kind.as_str(), "OTP");
}
