//! Templates over the wire: submitted, reviewed, listed, edited, deleted, and the sends that they judge.

use std::time::Duration;

use kaleyra_wa_sim::{Simulator, TemplateChange};
use kaleyra_wa_types::template::{QualityScore, TemplateStatus};
use serde_json::{Value, json};

use super::wire::{Answer, KEY, SID, Webhook, builder, request, send, simulator};

pub(crate) const WABA: &str = "347000000000069";
const HEADERS: [(&str, &str); 2] = [("api-key", KEY), ("content-type", "application/json")];

/// A request below the WABA.
pub(crate) async fn manage(sim: &Simulator, method: &str, rest: &str, body: &str) -> Answer {
    let line = format!("{method} /v2/{SID}/whatsapp/{WABA}/{rest}");
    request(sim, &line, &HEADERS, body).await
}

fn parcel(name: &str) -> String {
    json!({
        "name": name, "language": "en_US", "category": "UTILITY",
        "components": [{
            "type": "BODY", "text": "Hello {{1}}, your parcel is here.",
            "example": {"body_text": [["Anna"]]},
        }],
    })
    .to_string()
}

async fn create(sim: &Simulator, name: &str) -> String {
    let response = manage(sim, "POST", "message_templates", &parcel(name)).await;
    assert_eq!(response.status(), 200, "{response:?}");
    let data = &response.json()["data"];
    assert_eq!(
        (&data["status"], &data["category"]),
        (&json!("PENDING"), &json!("UTILITY"))
    );
    data["id"].as_str().unwrap().to_owned()
}

/// Sends a template, and gives the code that it failed with.
async fn fate(sim: &Simulator, name: &str, language: &str, values: usize) -> Option<String> {
    let values = vec![json!({"type": "text", "text": "Asha"}); values];
    let body = json!({"messaging_object": {
        "messaging_product": "whatsapp", "to": "+919800000001", "type": "template",
        "template": {"name": name, "language": {"code": language}, "components": [{"type": "body", "parameters": values}]},
    }});
    let response = send(sim, &body.to_string()).await;
    sim.settle().await;
    let id = response.json()["data"]["message_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let statuses = sim.statuses(&id);
    assert!(!statuses.is_empty(), "nothing became of it");
    statuses[0].error.as_ref().map(|error| error.code.clone())
}

#[tokio::test]
async fn a_template_lives_and_judges_its_sends() {
    let mut webhook = Webhook::answering(&[200]).await;
    let sim = builder()
        .callbacks(webhook.url.as_str(), None)
        .statuses(false)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    let id = create(&sim, "parcel").await;
    let reported = serde_json::from_str::<Value>(&webhook.next().await.body).unwrap();
    assert_eq!(reported["event"], "APPROVED");
    assert_eq!(reported["message_template_id"], id.as_str());
    assert_eq!(
        (&reported["id"], &reported["reason"]),
        (&json!(WABA), &json!("NONE"))
    );
    assert!(reported["time"].is_string());

    let code = async |values| fate(&sim, "parcel", "en_US", values).await;
    assert_eq!(code(1).await, None);
    assert_eq!(code(2).await.as_deref(), Some("132000"));
    assert_eq!(
        fate(&sim, "parcel", "en-US", 1).await.as_deref(),
        Some("132001")
    );
    // Another one is not known, which is no reason to refuse it unless the simulator is strict.
    assert_eq!(fate(&sim, "other", "en", 0).await, None);

    for (change, expected, event) in [
        (TemplateChange::paused(), Some("132015"), "PAUSED"),
        (TemplateChange::approved(), None, "APPROVED"),
        (TemplateChange::disabled(), Some("132016"), "DISABLED"),
        (
            TemplateChange::rejected("SCAM".to_owned()),
            Some("132001"),
            "REJECTED",
        ),
        (TemplateChange::approved(), None, "APPROVED"),
    ] {
        assert!(sim.change_template("parcel", "en_US", change));
        let reported = serde_json::from_str::<Value>(&webhook.next().await.body).unwrap();
        assert_eq!(reported["event"], event);
        assert_eq!(code(1).await.as_deref(), expected, "{event}");
    }

    let edit = json!({"components": [{"type": "BODY", "text": "Your parcel is here, at last."}]});
    let path = format!("message_templates?template_id={id}");
    assert_eq!(
        manage(&sim, "PUT", &path, &edit.to_string()).await.status(),
        200
    );
    let reported = serde_json::from_str::<Value>(&webhook.next().await.body).unwrap();
    assert_eq!(
        reported["meta_object"]["field"],
        "message_template_components_update"
    );
    assert_eq!(
        reported["meta_object"]["value"]["message_template_element"],
        "Your parcel is here, at last."
    );
    webhook.next().await;
    assert_eq!(code(0).await, None);
    assert_eq!(code(1).await.as_deref(), Some("132000"));
    // An approved one can be edited once a day, with the id in the body just as well.
    let mut again = edit.clone();
    again["template_id"] = id.as_str().into();
    let response = manage(&sim, "PUT", "message_templates", &again.to_string()).await;
    assert_eq!(
        (
            response.status(),
            &response.json()["error"]["error_subcode"]
        ),
        (400, &json!(2_388_039))
    );

    let response = manage(&sim, "DELETE", "message_templates?name=parcel", "").await;
    assert_eq!(response.status(), 200);
    let reported = serde_json::from_str::<Value>(&webhook.next().await.body).unwrap();
    assert_eq!(reported["event"], "DELETED");
    assert_eq!(code(0).await.as_deref(), Some("132001"));
    assert!(sim.templates().is_empty());
    let deleted = sim.template("parcel", "en_US").unwrap();
    assert_eq!(deleted.status, Some(TemplateStatus::Deleted));
    let response = manage(&sim, "POST", "message_templates", &parcel("parcel")).await;
    assert_eq!(response.json()["error"]["error_subcode"], 2_388_023);
    // A month later the name is free.
    sim.advance(Duration::from_secs(31 * 86_400)).await;
    create(&sim, "parcel").await;
}

#[tokio::test]
async fn reviews_go_by_rules_and_by_the_clock() {
    let sim = builder()
        .frozen()
        .reviews(
            "bad_*=reject:SCAM@10m, draft=hold, slow=approve@1h"
                .parse()
                .unwrap(),
        )
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    for name in ["bad_one", "draft", "slow", "quick"] {
        create(&sim, name).await;
    }
    let status = |name: &str| sim.template(name, "en-US").unwrap().status.clone().unwrap();
    sim.settle().await;
    assert_eq!(status("quick"), TemplateStatus::Approved);
    assert_eq!(status("bad_one"), TemplateStatus::Pending);
    assert_eq!(
        fate(&sim, "slow", "en_US", 1).await.as_deref(),
        Some("132001")
    );
    sim.advance(Duration::from_secs(600)).await;
    assert_eq!(status("bad_one"), TemplateStatus::Rejected);
    assert_eq!(
        sim.template("bad_one", "en_US").unwrap().rejected_reason,
        Some("SCAM".to_owned().into())
    );
    sim.advance(Duration::from_secs(3000)).await;
    assert_eq!(
        (status("slow"), status("draft")),
        (TemplateStatus::Approved, TemplateStatus::Pending)
    );

    // By hand, over HTTP.
    let patch = async |name: &str, body: &str| {
        request(&sim, &format!("PATCH /sim/templates/{name}"), &[], body).await
    };
    assert_eq!(
        patch("draft", r#"{"status":"approved"}"#).await.json()["status"],
        "APPROVED"
    );
    assert_eq!(patch("draft", r#"{"quality":"red"}"#).await.status(), 200);
    assert_eq!(
        sim.template("draft", "en_US").unwrap().quality(),
        Some(QualityScore::Red)
    );
    assert_eq!(
        patch("draft", r#"{"category":"MARKETING"}"#).await.json()["previous_category"],
        "UTILITY"
    );
    assert_eq!(patch("draft", "{}").await.status(), 400);
    assert_eq!(
        patch("nobody", r#"{"status":"PAUSED"}"#).await.status(),
        404
    );
    let shown = request(&sim, "GET /sim/templates", &[], "").await.json();
    assert_eq!(shown.as_array().unwrap().len(), 4);
    let shown = request(&sim, "GET /sim/templates/slow", &[], "")
        .await
        .json();
    assert_eq!(shown[0]["name"], "slow");
    let set = request(&sim, "PATCH /sim/settings", &[], r#"{"reviews":"*=hold"}"#).await;
    assert_eq!(set.json()["reviews"], "*=hold");
    create(&sim, "waiting").await;
    sim.advance(Duration::from_secs(86_400)).await;
    assert_eq!(status("waiting"), TemplateStatus::Pending);
}

#[tokio::test]
async fn lists_have_filters_and_pages() {
    let sim = simulator().await;
    for name in ["a", "b", "c", "d"] {
        create(&sim, name).await;
    }
    sim.settle().await;
    assert!(sim.change_template("c", "en_US", TemplateChange::paused()));
    let names = async |query: &str| {
        let response = manage(&sim, "GET", &format!("message_templates{query}"), "").await;
        let json = response.json();
        let names = json["data"].as_array().unwrap().iter();
        let names: Vec<String> = names
            .map(|it| it["name"].as_str().unwrap().to_owned())
            .collect();
        (
            names.concat(),
            json["paging"]["cursors"]["after"]
                .as_str()
                .map(str::to_owned),
        )
    };
    assert_eq!(names("").await, ("abcd".to_owned(), None));
    assert_eq!(names("?status=PAUSED").await.0, "c");
    assert_eq!(
        names("?name=a,d&language=en-US&category=utility").await.0,
        "ad"
    );
    assert_eq!(names("?language=de").await.0, "");
    let (first, after) = names("?limit=3").await;
    assert_eq!(first, "abc");
    let rest = names(&format!(
        "?limit=3&after={}",
        after.unwrap().replace('=', "%3D")
    ))
    .await;
    assert_eq!(rest, ("d".to_owned(), None));
    assert_eq!(names("?limit=2&offset=1").await.0, "bc");
    let listed = manage(&sim, "GET", "message_templates?name=a", "")
        .await
        .json();
    assert!(listed["data"][0]["company_id"].is_string());

    // Only approved and pending ones are deleted in bulk, and not without a filter.
    let bulk = async |query: &str| {
        manage(
            &sim,
            "DELETE",
            &format!("message_templates/bulk{query}"),
            "",
        )
        .await
    };
    assert_eq!(bulk("").await.status(), 400);
    assert_eq!(bulk("?start_date=2026-01-01").await.status(), 400);
    assert_eq!(
        bulk("?start_data=1999-01-01&end_date=1999-01-02")
            .await
            .json()["data"]["deleted"],
        0
    );
    assert_eq!(bulk("?name=a,b,c").await.json()["data"]["deleted"], 2);
    assert_eq!(names("").await.0, "cd");
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_with_metas_code() {
    let sim = builder()
        .why_header(true)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    let post =
        async |body: Value| manage(&sim, "POST", "message_templates", &body.to_string()).await;
    let right: Value = serde_json::from_str(&parcel("parcel")).unwrap();
    let response = post(right.clone()).await;
    assert!(
        response
            .header("x-sim-basis")
            .unwrap()
            .starts_with("documented: "),
        "{response:?}"
    );
    let list = manage(&sim, "GET", "message_templates", "").await;
    assert!(
        list.header("x-sim-basis")
            .unwrap()
            .starts_with("inferred: ")
    );

    let subcode = async |change: &dyn Fn(&mut Value)| {
        let mut wrong = right.clone();
        wrong["name"] = "wrong".into();
        change(&mut wrong);
        let response = post(wrong).await;
        assert_eq!(
            (response.status(), &response.json()["code"]),
            (400, &json!("WA400"))
        );
        response.json()["error"]["error_subcode"].clone()
    };
    assert_eq!(
        subcode(&|it| it["components"][0]["example"] = Value::Null).await,
        2_388_043
    );
    assert_eq!(
        subcode(&|it| it["components"][0]["text"] = "{{1}} is here.".into()).await,
        2_388_299
    );
    assert_eq!(
        subcode(
            &|it| it["components"][0]["text"] = format!("a {{{{1}}}} {}", "x".repeat(1024)).into()
        )
        .await,
        2_388_040
    );
    assert_eq!(subcode(&|it| it["name"] = "parcel".into()).await, 2_388_024);
    assert_eq!(
        subcode(&|it| (it["name"], it["language"], it["category"]) =
            ("parcel".into(), "de".into(), "MARKETING".into()))
        .await,
        Value::Null
    );
    let header = json!({"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["https://example.com/a.png"]}});
    assert_eq!(
        subcode(&|it| it["components"]
            .as_array_mut()
            .unwrap()
            .push(header.clone()))
        .await,
        Value::Null
    );

    // Whose it is, and whether it is anything at all.
    let line = format!("GET /v2/{SID}/whatsapp/918000000001/message_templates");
    let foreign = request(&sim, &line, &HEADERS, "").await;
    assert_eq!(
        (foreign.status(), &foreign.json()["code"]),
        (401, &json!("WA401"))
    );
    let line = format!("GET /v2/{SID}/whatsapp/{WABA}/message_templates");
    let nobody = request(&sim, &line, &[("api-key", "wrong")], "").await;
    assert_eq!(
        (nobody.status(), &nobody.json()["code"]),
        (401, &json!("RBC001"))
    );
    assert_eq!(post(json!({"language": "en"})).await.status(), 400);
    assert_eq!(
        manage(&sim, "PATCH", "message_templates", "")
            .await
            .header("allow"),
        Some("POST, GET, PUT, DELETE")
    );
    let both = json!({"components": [], "category": "UTILITY"}).to_string();
    assert_eq!(
        manage(&sim, "PUT", "message_templates?template_id=1", &both)
            .await
            .status(),
        400
    );
    assert_eq!(
        manage(&sim, "DELETE", "message_templates?name=nobody", "")
            .await
            .status(),
        400
    );
    assert_eq!(
        manage(&sim, "DELETE", "message_templates", "")
            .await
            .status(),
        400
    );

    // A hundred an hour.
    for number in 0..99 {
        create(&sim, &format!("t{number}")).await;
    }
    assert_eq!(
        post(serde_json::from_str(&parcel("one_more")).unwrap())
            .await
            .status(),
        429
    );
}

#[tokio::test]
async fn templates_are_part_of_the_state() {
    let sim = simulator().await;
    create(&sim, "parcel").await;
    create(&sim, "gone").await;
    sim.settle().await;
    assert!(sim.change_template("parcel", "en_US", TemplateChange::paused()));
    manage(&sim, "DELETE", "message_templates?name=gone", "").await;
    let state = sim.export();
    let other = simulator().await;
    other.import(&state).unwrap();
    assert_eq!(other.templates(), sim.templates());
    assert_eq!(
        fate(&other, "parcel", "en_US", 1).await.as_deref(),
        Some("132015")
    );
    assert_eq!(
        fate(&other, "gone", "en_US", 1).await.as_deref(),
        Some("132001")
    );
    let mut broken = state.clone();
    broken["templates"][0]["definition"] = json!([]);
    assert!(other.import(&broken).is_err());
    other.reset();
    assert!(other.templates().is_empty());
    // A state of an earlier version has none.
    let mut earlier = state;
    earlier.as_object_mut().unwrap().remove("templates");
    other.import(&earlier).unwrap();
}

#[tokio::test]
async fn what_became_of_them_is_counted() {
    let sim = builder()
        .ladder("sent:0,delivered:0".parse().unwrap())
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    let id = create(&sim, "parcel").await;
    sim.settle().await;
    fate(&sim, "parcel", "en_US", 1).await;
    fate(&sim, "parcel", "en_US", 1).await;
    fate(&sim, "parcel", "en_US", 2).await;
    let query = format!(
        "template_analytics?template_ids={id}&start=2020-01-01&end=2100-01-01&granularity=DAILY"
    );
    let counted = manage(&sim, "GET", &query, "").await.json();
    let points = &counted["data"][0]["data_points"];
    let sum = |name: &str| {
        let points = points.as_array().unwrap().iter();
        points
            .map(|point| point[name].as_u64().unwrap())
            .sum::<u64>()
    };
    assert_eq!(
        (sum("sent"), sum("delivered"), sum("read")),
        (2, 2, 0),
        "{counted}"
    );
    assert_eq!(
        manage(&sim, "GET", "template_analytics?template_ids=1", "")
            .await
            .status(),
        400
    );
}
