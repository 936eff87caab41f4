//! Samples, numbers, flows, callback profiles and call permissions over the wire.

use kaleyra_wa_sim::Simulator;
use serde_json::{Value, json};

use super::templates::{WABA, manage};
use super::wire::{Answer, KEY, SENDER, SID, Webhook, builder, request, simulator};

const JSON: [(&str, &str); 2] = [("api-key", KEY), ("content-type", "application/json")];

async fn at(sim: &Simulator, line: &str, body: &str) -> Answer {
    request(sim, line, &JSON, body).await
}

async fn form(
    sim: &Simulator,
    line: &str,
    file_name: &str,
    fields: &[(&str, &str)],
    content: &str,
) -> Answer {
    let mut body = String::new();
    for (name, value) in fields {
        body.push_str(&format!(
            "--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str(&format!(
        "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\r\n{content}\r\n--b--\r\n"
    ));
    let headers = [
        ("api-key", KEY),
        ("content-type", "multipart/form-data; boundary=b"),
    ];
    request(sim, line, &headers, &body).await
}

#[tokio::test]
async fn a_sample_gets_a_handle_and_the_webhook_is_told() {
    let mut webhook = Webhook::answering(&[200]).await;
    let sim = builder()
        .callbacks(webhook.url.as_str(), None)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    let line = format!("POST /v2/{SID}/whatsapp/{WABA}/resumable_media");
    let upload =
        async |name: &str, kind: &str| form(&sim, &line, name, &[("type", kind)], "PNG").await;
    assert_eq!(upload("a b.png", "image/png").await.status(), 400);
    assert_eq!(upload("a.gif", "image/gif").await.status(), 400);
    let response = upload("a.png", "image/png").await.json();
    let id = response["data"]["id"].as_u64().unwrap();
    let told: Value = serde_json::from_str(&webhook.next().await.body).unwrap();
    assert_eq!(
        (&told["status"], &told["resumable_media_id"]),
        (&json!("UPLOADED"), &json!(id.to_string()))
    );
    let read = manage(&sim, "GET", &format!("resumable_media?id={id}"), "")
        .await
        .json();
    let handle = &read["data"]["uploaded_file_handle"];
    assert_eq!(handle, &told["uploaded_file_handle"]);
    let list = manage(&sim, "GET", "resumable_media?limit=5", "")
        .await
        .json();
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
    assert_eq!(
        manage(&sim, "GET", "resumable_media?id=1", "")
            .await
            .status(),
        400
    );

    // It is good for a day.
    let template = |name: &str| {
        json!({"name": name, "language": "en", "category": "UTILITY", "components": [
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": [handle]}},
            {"type": "BODY", "text": "Your parcel is here."},
        ]})
        .to_string()
    };
    assert_eq!(
        manage(&sim, "POST", "message_templates", &template("one"))
            .await
            .status(),
        200
    );
    sim.advance(std::time::Duration::from_secs(25 * 3600)).await;
    assert_eq!(
        manage(&sim, "POST", "message_templates", &template("two"))
            .await
            .status(),
        400
    );
}

#[tokio::test]
async fn numbers_are_listed_added_verified_and_updated() {
    let sim = simulator().await;
    let numbers = async || manage(&sim, "GET", "number", "").await.json()["data"].clone();
    assert_eq!(numbers().await[0]["phone_number"], "918000000001");
    let add = r#"{"phone_number":"14155550123","name":"Shop","country_code":"US","verification_type":"SMS"}"#;
    let added = manage(&sim, "POST", "number/add", add).await.json()["data"].clone();
    assert_eq!(added["status"], "PENDING");
    assert_eq!(manage(&sim, "POST", "number/add", r#"{"phone_number":"918000000001","name":"A","country_code":"IN","verification_type":"SMS"}"#).await.status(), 400);
    let verify = |code: &str| {
        json!({"id": added["id"], "phone_number": "+14155550123", "otp": code}).to_string()
    };
    assert_eq!(
        manage(&sim, "POST", "number/verify", &verify("000000"))
            .await
            .status(),
        400
    );
    let retry = json!({"id": added["id"].to_string(), "phone_number": "14155550123"}).to_string();
    assert_eq!(
        manage(&sim, "POST", "number/retry_otp", &retry)
            .await
            .status(),
        200
    );
    assert_eq!(
        manage(&sim, "POST", "number/verify", &verify("123456"))
            .await
            .status(),
        200
    );
    assert_eq!(numbers().await[1]["status"], "CONNECTED");
    let update = r#"{"phone_number":"918000000001","name":"New name"}"#;
    assert_eq!(
        manage(&sim, "PUT", "number/update", update).await.status(),
        200
    );
    assert_eq!(numbers().await[0]["name"], "New name");
    assert_eq!(numbers().await.as_array().unwrap().len(), 2);
    assert_eq!(
        manage(&sim, "PUT", "number/update", r#"{"phone_number":"1"}"#)
            .await
            .status(),
        400
    );
}

#[tokio::test]
async fn flows_are_drafts_and_then_published() {
    let sim = simulator().await;
    let made = manage(
        &sim,
        "POST",
        "flows",
        r#"{"name":"booking","categories":["OTHER"]}"#,
    )
    .await
    .json();
    let id = made["data"]["id"].as_str().unwrap().to_owned();
    let flow = async |method: &str, rest: &str, body: &str| {
        at(
            &sim,
            &format!("{method} /v2/{SID}/whatsapp/{id}{rest}"),
            body,
        )
        .await
    };
    assert_eq!(flow("GET", "", "").await.json()["data"]["status"], "DRAFT");
    assert_eq!(flow("POST", "/publish", "").await.status(), 400);
    let line = format!("POST /v2/{SID}/whatsapp/{id}/assets");
    let fields = [("name", "flow.json"), ("asset_type", "FLOW_JSON")];
    let wrong = form(&sim, &line, "flow.json", &fields, "{").await.json();
    assert_eq!(wrong["data"]["success"], false);
    assert_eq!(flow("GET", "/assets", "").await.json()["data"], json!([]));
    let right = form(&sim, &line, "flow.json", &fields, r#"{"version":"7.0"}"#)
        .await
        .json();
    assert_eq!(right["data"]["success"], true);
    assert_eq!(
        flow("GET", "/assets", "").await.json()["data"][0]["name"],
        "flow.json"
    );
    assert_eq!(flow("POST", "/publish", "").await.status(), 200);
    assert_eq!(flow("DELETE", "", "").await.status(), 400);
    assert_eq!(
        flow("POST", "", r#"{"name":"bookings"}"#).await.status(),
        200
    );
    let shown = flow("GET", "?fields=name,status", "").await.json();
    assert_eq!(
        shown["data"],
        json!({"name": "bookings", "status": "PUBLISHED"})
    );
    assert_eq!(flow("POST", "/deprecate", "").await.status(), 200);
    let twice = manage(
        &sim,
        "POST",
        "flows",
        r#"{"name":"bookings","categories":["OTHER"]}"#,
    )
    .await;
    assert_eq!(twice.status(), 400);
    let clone = json!({"name": "two", "categories": ["OTHER"], "clone_flow_id": id}).to_string();
    let clone = manage(&sim, "POST", "flows", &clone).await.json();
    let clone = clone["data"]["id"].as_str().unwrap();
    let deleted = at(&sim, &format!("DELETE /v2/{SID}/whatsapp/{clone}"), "").await;
    assert_eq!(deleted.status(), 200);
    let gone = at(&sim, &format!("GET /v2/{SID}/whatsapp/{clone}"), "").await;
    assert_eq!(
        (gone.status(), &gone.json()["code"]),
        (401, &json!("WA401"))
    );
    let moved = manage(&sim, "POST", &format!("migrate_flows/{WABA}"), "{}")
        .await
        .json();
    assert_eq!(moved["data"]["failed_flows"][0]["source_name"], "bookings");
    assert_eq!(
        manage(&sim, "POST", "migrate_flows/1", "").await.status(),
        400
    );
    assert_eq!(
        manage(&sim, "GET", "flows", "").await.json()["data"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    let line = format!("/v2/{SID}/whatsapp/{SENDER}/flows_encryption");
    let form = [
        ("api-key", KEY),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let set = format!("POST {line}");
    assert_eq!(
        request(&sim, &set, &form, "business_public_key=x")
            .await
            .status(),
        400
    );
    let key = "business_public_key=-----BEGIN+PUBLIC+KEY-----%0AAA%0A-----END+PUBLIC+KEY-----";
    assert_eq!(request(&sim, &set, &form, key).await.status(), 200);
    let read = at(&sim, &format!("GET {line}"), "").await.json();
    assert!(
        read["data"]["business_public_key"]
            .as_str()
            .unwrap()
            .starts_with("-----BEGIN PUBLIC KEY-----\nAA")
    );
}

#[tokio::test]
async fn callback_profiles_are_kept_as_they_are_given() {
    let sim = simulator().await;
    let line = format!("/v1/{SID}/callback/profiles");
    assert_eq!(
        at(&sim, &format!("POST {line}"), r#"{"title":"a"}"#)
            .await
            .status(),
        400
    );
    for title in ["Orders", "Payments"] {
        let body = json!({"title": title, "url": "https://example.com/hook"}).to_string();
        assert_eq!(at(&sim, &format!("POST {line}"), &body).await.status(), 200);
    }
    let list = at(&sim, &format!("GET {line}?title=orders&limit=1"), "")
        .await
        .json();
    let profile = &list["data"][0];
    assert_eq!(
        (&profile["title"], &profile["status"], &list["status"]),
        (&json!("Orders"), &json!(1), &json!(200))
    );
    let one = format!("{line}/{}", profile["profile_id"].as_str().unwrap());
    let edited = at(&sim, &format!("PATCH {one}"), r#"{"status":3}"#)
        .await
        .json();
    assert_eq!(edited["data"]["status"], 3);
    assert_eq!(
        at(&sim, &format!("GET {one}"), "").await.json()["data"]["title"],
        "Orders"
    );
    let deleted = at(&sim, &format!("DELETE {one}"), "").await.json();
    assert_eq!(
        (&deleted["code"], &deleted["data"]["profileId"]),
        (&json!("RBC024"), &profile["profile_id"])
    );
    let gone = at(&sim, &format!("GET {one}"), "").await;
    assert_eq!(
        (gone.status(), &gone.json()["code"]),
        (404, &json!("RBC302"))
    );
    assert!(gone.json()["error"].is_array());

    // All of it is part of the state.
    let other = simulator().await;
    other.import(&sim.export()).unwrap();
    let list = at(&other, &format!("GET {line}"), "").await.json();
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn call_permissions_are_what_users_answered() {
    let sim = simulator().await;
    let query = format!(
        "call_permissions?business_phone_number={}&user_phone_number=%2B919800000001,919800000002",
        SENDER.replace('+', "%2B")
    );
    let permissions = async || {
        let line = format!("GET /v2/{SID}/whatsapp/{query}");
        at(&sim, &line, "").await.json()["data"].clone()
    };
    assert_eq!(
        permissions().await[0]["permission"]["status"],
        "no_permission"
    );
    let line = "POST /sim/users/919800000001/call-permission";
    request(&sim, line, &[], r#"{"accept":true}"#).await;
    let all = permissions().await;
    assert_eq!(all[0]["permission"]["status"], "temporary");
    assert!(all[0]["permission"]["expiration_time"].is_u64());
    assert_eq!(
        all[0]["actions"][1],
        json!({"action_name": "start_call", "can_perform_action": true})
    );
    assert_eq!(all[1]["permission"]["status"], "no_permission");
    sim.advance(std::time::Duration::from_secs(8 * 86_400))
        .await;
    assert_eq!(
        permissions().await[0]["permission"]["status"],
        "no_permission"
    );
    let line = format!(
        "GET /v2/{SID}/whatsapp/call_permissions?business_phone_number=1&user_phone_number=2"
    );
    assert_eq!(at(&sim, &line, "").await.status(), 400);
}
