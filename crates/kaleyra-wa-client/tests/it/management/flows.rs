//! Flows.

use serde_json::json;

use super::{WABA, asked, body, ok, waba};
use crate::server::Server;

#[tokio::test]
async fn flows_are_made_changed_and_read() {
    let server = Server::in_turn([ok(json!({"id": "55"}))]).await;
    let created = waba(&server)
        .create_flow("booking", ["SURVEY"])
        .clone_of("54")
        .endpoint_uri("https://e.com")
        .await
        .unwrap();
    assert_eq!(created.id().unwrap().as_str(), "55");
    assert_eq!(
        body(&server),
        json!({"name": "booking", "categories": ["SURVEY"], "clone_flow_id": "54", "endpoint_uri": "https://e.com"})
    );

    let server = Server::in_turn([ok(json!({"success": true}))]).await;
    let flow = server.client().flow("55");
    flow.update().name("b").categories(["OTHER"]).await.unwrap();
    flow.publish().await.unwrap();
    flow.deprecate().await.unwrap();
    flow.delete().await.unwrap();
    flow.read().fields(["id", "status"]).await.unwrap();
    flow.assets().await.unwrap();
    server.client().flow_key().await.unwrap();
    server
        .client()
        .set_flow_key("-----BEGIN PUBLIC KEY-----\n")
        .await
        .unwrap();
    server
        .client()
        .waba(WABA)
        .migrate_flows("103")
        .names(["booking"])
        .await
        .unwrap();
    let flow = "/v2/SID/whatsapp/55";
    let sender = "/v2/SID/whatsapp/+918000000001/flows_encryption";
    assert_eq!(
        asked(&server),
        [
            format!("POST {flow}"),
            format!("POST {flow}/publish"),
            format!("POST {flow}/deprecate"),
            format!("DELETE {flow}"),
            format!("GET {flow}?fields=id,status"),
            format!("GET {flow}/assets"),
            format!("GET {sender}"),
            format!("POST {sender}"),
            "POST /v2/SID/whatsapp/102000000000001/migrate_flows/103".to_owned(),
        ]
    );
    assert!(
        server.requests()[7]
            .ends_with("\r\n\r\nbusiness_public_key=-----BEGIN%20PUBLIC%20KEY-----%0A")
    );
}

#[tokio::test]
async fn faults_in_the_screens_are_told() {
    let fault = json!({"error": "INVALID_PROPERTY", "line_start": 3});
    let server =
        Server::in_turn([ok(json!({"success": true, "validation_errors": [fault]}))]).await;
    let flow = server
        .client()
        .flow("55")
        .update_json(r#"{"version":"7.0"}"#)
        .await
        .unwrap();
    assert_eq!(flow.validation_errors().len(), 1);
    let request = &server.requests()[0];
    for part in [
        "name=\"name\"\r\n\r\nflow.json\r\n",
        "name=\"asset_type\"\r\n\r\nFLOW_JSON\r\n",
        "{\"version\":\"7.0\"}",
    ] {
        assert!(request.contains(part));
    }
    let list = json!({"data": [{"id": 55, "name": "booking", "status": "PUBLISHED", "validation_errors": []}]});
    let server = Server::in_turn([ok(list)]).await;
    let flows = waba(&server).flows().await.unwrap();
    let [flow] = flows.flows() else { panic!() };
    assert_eq!(
        (flow.id().unwrap().as_str(), flow.name(), flow.status()),
        ("55", Some("booking"), Some("PUBLISHED"))
    );
    assert_eq!(
        asked(&server),
        ["GET /v2/SID/whatsapp/102000000000001/flows"]
    );
}
