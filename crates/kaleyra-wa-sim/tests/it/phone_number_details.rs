//! The details of the sender's number.

use kaleyra_wa_sim::{Fault, SimEvent};
use serde_json::json;

use super::wire::{KEY, SENDER, SID, call, request, simulator};

#[tokio::test]
async fn they_tell_how_the_number_stands() {
    let sim = simulator().await;
    let mut events = sim.observe();
    let response = call(&sim, "GET", "phone_number_details", "").await;
    assert_eq!(response.status(), 200);
    let envelope = response.json();
    assert_eq!(envelope["code"], "WA200");
    assert_eq!(envelope["error"], json!({}));
    let details = &envelope["data"];
    assert_eq!(details["display_phone_number"], "918000000001");
    assert_eq!(details["messaging_limit_tier"], "TIER_1K");
    assert_eq!(details["quality_rating"], "GREEN");
    assert_eq!(details["throughput"], json!({"level": "STANDARD"}));
    assert_eq!(details["health_status"]["can_send_message"], "AVAILABLE");
    let entities = details["health_status"]["entities"].as_array().unwrap();
    assert_eq!(entities[0]["entity_type"], "PHONE_NUMBER");
    assert!(matches!(
        events.next().await,
        Some(SimEvent::Read {
            what: "phone number details",
            ..
        })
    ));
}

#[tokio::test]
async fn they_are_a_check_of_the_credentials() {
    let sim = simulator().await;
    for (sid, sender, key, code) in [
        ("HXIN", SENDER, KEY, "RBC001"),
        (SID, SENDER, "A-other", "RBC001"),
        (SID, "919", KEY, "WA401"),
    ] {
        let line = format!("GET /v2/{sid}/whatsapp/{sender}/phone_number_details");
        let response = request(&sim, &line, &[("api-key", key)], "").await;
        assert_eq!(
            (response.status(), &response.json()["code"]),
            (401, &json!(code))
        );
    }
    sim.fail_next(Fault::CutBody);
    let response = call(&sim, "GET", "phone_number_details", "").await;
    let announced: usize = response.header("content-length").unwrap().parse().unwrap();
    assert!(response.status() == 200 && response.body.len() < announced);
}
