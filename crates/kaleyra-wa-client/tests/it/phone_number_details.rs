//! What is known of the sender's number, and the credential check.

use kaleyra_wa_client::transport::{Operation, OperationClass};
use kaleyra_wa_client::types::inbound::field::MessagingLimit;
use kaleyra_wa_client::types::response::ApiFailure;
use kaleyra_wa_client::{Availability, ErrorKind, PhoneNumberDetails};
use serde_json::{Value, json};

use crate::fixtures::{KEY, Responding, SENDER, SID, client};

async fn details(data: Value) -> PhoneNumberDetails {
    let body = json!({"code": "WA200", "message": "OK", "data": data, "error": {}});
    client(Responding::with([(200, body)]))
        .phone_number_details()
        .await
        .unwrap()
}

#[tokio::test]
async fn it_is_asked_for_as_documented() {
    let transport = Responding::with([(200, json!({"code": "WA200", "data": {}}))]);
    client(transport.clone())
        .phone_number_details()
        .await
        .unwrap();
    let [request] = transport.requests().try_into().unwrap();
    assert_eq!(request.method(), "GET");
    assert_eq!(
        request.uri().to_string(),
        format!("https://api.in.kaleyra.io/v2/{SID}/whatsapp/{SENDER}/phone_number_details")
    );
    assert_eq!(request.headers()["api-key"], KEY);
    assert!(request.headers().get("content-type").is_none());
    let operation = request.extensions().get::<Operation>().unwrap();
    assert_eq!(
        (operation.name, operation.class),
        ("phone_number_details", OperationClass::Read)
    );
}

#[tokio::test]
async fn meta_s_shape_is_read() {
    let details = details(json!({
        "verified_name": "The Shop", "quality_rating": "GREEN", "quality_score": {"score": "GREEN"},
        "messaging_limit_tier": "TIER_10K", "throughput": {"level": "HIGH"}, "status": "CONNECTED",
        "name_status": "APPROVED",
        "health_status": {"can_send_message": "LIMITED", "entities": [
            {"entity_type": "PHONE_NUMBER", "can_send_message": "AVAILABLE", "can_receive_call_sip": "BLOCKED"},
            {"entity_type": "WABA", "can_send_message": "LIMITED", "errors": [
                {"error_code": 141006, "error_description": "No payment method", "possible_solution": "Add one"},
                {"error_code": "141007"},
            ]},
        ]},
    }))
    .await;
    assert_eq!(details.verified_name(), Some("The Shop"));
    assert_eq!(details.quality_rating(), Some("GREEN"));
    assert_eq!(
        details.messaging_limit(),
        Some(MessagingLimit::from("TIER_10K"))
    );
    assert_eq!(details.throughput_level(), Some("HIGH"));
    assert_eq!(details.status(), Some("CONNECTED"));
    assert_eq!(details.name_status(), Some("APPROVED"));
    // The whole first, its parts in their problems.
    assert_eq!(details.can_send_message(), Some(Availability::Limited));
    assert_eq!(details.can_receive_call(), Some(Availability::Blocked));
    let problems = details.problems();
    assert_eq!(problems.len(), 2);
    assert_eq!(problems[0].entity_type, Some("WABA"));
    assert_eq!(problems[0].code, Some(141_006));
    assert_eq!(problems[0].description, Some("No payment method"));
    assert_eq!(problems[0].solution, Some("Add one"));
    assert_eq!(
        (problems[1].code, problems[1].solution),
        (Some(141_007), None)
    );
    assert!(!format!("{details:?}").contains("Shop"));
}

#[tokio::test]
async fn flat_and_wrapped_shapes_are_read() {
    let flat = json!({
        "quality_score": "YELLOW", "messaging_limit": "TIER_UNLIMITED", "throughput_level": "STANDARD",
        "throughput": {}, "can_send_message": true, "can_receive_call": false,
        "entity_type": "PHONE_NUMBER", "error_code": 7, "error_description": "Bad", "possible_solution": "Good",
    });
    for data in [
        flat.clone(),
        json!([flat]),
        json!({"phone_number_details": flat}),
    ] {
        let details = details(data).await;
        assert_eq!(details.quality_rating(), Some("YELLOW"));
        assert!(details.messaging_limit().unwrap().is_unlimited());
        assert_eq!(details.throughput_level(), Some("STANDARD"));
        assert_eq!(details.can_send_message(), Some(Availability::Available));
        assert_eq!(details.can_receive_call(), Some(Availability::Blocked));
        assert_eq!(details.problems().len(), 1);
        assert_eq!(details.problems()[0].entity_type, Some("PHONE_NUMBER"));
    }
    for nothing in [
        json!({}),
        json!([]),
        json!({"can_send_message": "", "status": 7, "throughput": 1}),
    ] {
        let details = details(nothing).await;
        assert_eq!(details.quality_rating(), None);
        assert_eq!(details.can_send_message(), None);
        assert_eq!((details.status(), details.throughput_level()), (None, None));
        assert!(details.problems().is_empty());
    }
    let details = details(json!({"can_send_message": "SOMETIMES"})).await;
    assert_eq!(details.can_send_message().unwrap().as_str(), "SOMETIMES");
}

/// `Ok` has to mean that SID, key and number fit together, so nothing else may be one.
#[tokio::test]
async fn it_is_the_credential_check() {
    for failure in ApiFailure::ALL {
        let body = serde_json::to_value(failure.response()).unwrap();
        let transport =
            Responding::with([(failure.status(), body.clone()), (failure.status(), body)]);
        let at_once = kaleyra_wa_client::RetryPolicy::never();
        let checked = client(transport)
            .with_retry(at_once)
            .phone_number_details()
            .await;
        let error = checked.unwrap_err();
        assert_eq!(error.failure(), Some(failure));
        let text = error.to_string();
        assert!(text.starts_with(failure.code().as_str()), "{text}");
        assert!(text.contains(failure.meaning()), "{text}");
    }
    for (body, kind) in [
        (
            "<html>Welcome to the network of the hotel</html>",
            ErrorKind::UnexpectedResponse,
        ),
        ("", ErrorKind::UnreadableResponse),
        ("{}", ErrorKind::UnexpectedResponse),
        (r#"{"status":"ok"}"#, ErrorKind::UnexpectedResponse),
        (
            r#"{"code":"RBC001","data":[]}"#,
            ErrorKind::UnexpectedResponse,
        ),
        (
            r#"{"data":{},"error":{"phone_number":"unknown"}}"#,
            ErrorKind::UnexpectedResponse,
        ),
    ] {
        let client = client(Responding::with_bodies([(200, body.to_owned())]));
        let error = client.phone_number_details().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{body}");
    }
    let hotel = client(Responding::with_bodies([(200, "<html>".to_owned())]));
    assert_eq!(
        hotel.phone_number_details().await.unwrap_err().to_string(),
        "HTTP status 200: a success that is not Kaleyra's: a proxy, a firewall or another server responded; \
         check the base URL, and any proxy or firewall on the way"
    );
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn over_sockets_it_is_tried_again() {
    use crate::server::Server;

    let server =
        Server::responding("503 Service Unavailable", "connection: close\r\n", "<html>").await;
    let soon = kaleyra_wa_client::RetryPolicy::default().longest_wait(std::time::Duration::ZERO);
    let error = server
        .client()
        .with_retry(soon)
        .phone_number_details()
        .await
        .unwrap_err();
    assert_eq!((error.attempts(), server.requests().len()), (3, 3));
    assert_eq!(
        error.to_string(),
        "HTTP status 503: the server failed, or a gateway in front of it; try again later"
    );
}
