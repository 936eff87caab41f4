//! Numbers, callback profiles, call permissions, and any other call.

use kaleyra_wa_client::transport::OperationClass;
use kaleyra_wa_client::transport::http::Method;
use kaleyra_wa_client::types::PhoneNumber;
use kaleyra_wa_client::{Delivery, ErrorKind, ProfileStatus};
use serde_json::{Value, json};

use super::{asked, body, ok, waba};
use crate::server::Server;

fn user() -> PhoneNumber {
    "+14155550123".parse().unwrap()
}

#[tokio::test]
async fn numbers_are_listed_and_added() {
    let server = Server::in_turn([ok(
        json!([{"phone_number": "918000000001", "verified_name": "Shop", "status": "CONNECTED"}]),
    )])
    .await;
    let numbers = waba(&server).phone_numbers().await.unwrap();
    let [number] = numbers.numbers().try_into().unwrap();
    assert_eq!(
        (number.phone_number(), number.name(), number.status()),
        (Some("918000000001"), Some("Shop"), Some("CONNECTED"))
    );
    assert!(!format!("{number:?}{numbers:?}").contains("918"));
    assert_eq!(
        asked(&server),
        ["GET /v2/SID/whatsapp/102000000000001/number"]
    );

    let numbers = "/v2/SID/whatsapp/102000000000001/number";
    let server = Server::in_turn([ok(json!({"id": 7}))]).await;
    waba(&server)
        .add_phone_number(&user(), "Shop", "1")
        .verification_type("VOICE")
        .await
        .unwrap();
    assert_eq!(asked(&server), [format!("POST {numbers}/add")]);
    assert_eq!(
        body(&server),
        json!({"phone_number": "14155550123", "name": "Shop", "country_code": "1", "verification_type": "VOICE"})
    );
    let server = Server::in_turn([ok(json!({}))]).await;
    waba(&server)
        .verify_phone_number("7", &user(), "123456")
        .await
        .unwrap();
    assert_eq!(asked(&server), [format!("POST {numbers}/verify")]);
    assert_eq!(
        body(&server),
        json!({"id": 7, "phone_number": "14155550123", "otp": "123456"})
    );
    let server = Server::in_turn([ok(json!({}))]).await;
    waba(&server)
        .retry_phone_number_code("7", &user())
        .await
        .unwrap();
    assert_eq!(
        body(&server),
        json!({"id": "7", "phone_number": "14155550123"})
    );
    let server = Server::in_turn([ok(json!({}))]).await;
    waba(&server)
        .update_phone_number(json!({"about": "Open"}))
        .await
        .unwrap();
    assert_eq!(asked(&server), [format!("PUT {numbers}/update")]);
}

fn profile(id: u32, status: u32) -> Value {
    json!({"profile_id": format!("SG_{id}"), "title": "t", "url": "https://e.com/s3cret", "status": status,
           "enc": {"algo": "AES-128-CFB", "key": "canary"}})
}

/// The codes of this part are of another family, and failures may come with HTTP's 200.
#[tokio::test]
async fn callback_profiles_are_managed() {
    let page = |ids: std::ops::Range<u32>| {
        let profiles: Vec<Value> = ids.map(|id| profile(id, 1 + id % 2)).collect();
        (
            200,
            json!({"code": "RBC020", "data": profiles, "error": {}, "status": 200}),
        )
    };
    let server = Server::in_turn([page(0..25), page(25..27)]).await;
    let profiles = server
        .client()
        .callback_profiles()
        .title("t")
        .items()
        .collect()
        .await
        .unwrap();
    assert_eq!(profiles.len(), 27);
    assert_eq!(
        (profiles[0].status(), profiles[1].status()),
        (
            Some(ProfileStatus::Active),
            Some(ProfileStatus::AutoDisabled)
        )
    );
    let shown = format!("{:?}", profiles[0]);
    assert!(
        shown.contains("SG_0") && !shown.contains("canary") && !shown.contains("s3cret"),
        "{shown}"
    );
    let list = "GET /v1/SID/callback/profiles?title=t";
    assert_eq!(
        asked(&server),
        [list.to_owned(), format!("{list}&offset=25")]
    );

    let done = (
        200,
        json!({"code": "RBC024", "message": "Deleted", "data": {"profileId": "SG_1"}, "error": {}, "status": 200}),
    );
    let server = Server::in_turn([done]).await;
    let client = server.client();
    assert_eq!(
        client
            .create_callback_profile(profile(1, 1))
            .await
            .unwrap()
            .id(),
        Some("SG_1")
    );
    client
        .edit_callback_profile("SG_1", json!({"status": 1}))
        .await
        .unwrap();
    client.callback_profile("SG_1").await.unwrap();
    client.delete_callback_profile("SG_1").await.unwrap();
    let one = "/v1/SID/callback/profiles/SG_1";
    assert_eq!(
        asked(&server),
        [
            "POST /v1/SID/callback/profiles".to_owned(),
            format!("PATCH {one}"),
            format!("GET {one}"),
            format!("DELETE {one}")
        ]
    );

    for status in [200, 404] {
        let gone = json!({"code": "RBC302", "message": "Not found", "data": {}, "error": [{"params": "SG_1"}], "status": 404});
        let server = Server::in_turn([(status, gone)]).await;
        let error = server
            .client()
            .delete_callback_profile("SG_1")
            .await
            .unwrap_err();
        assert_ne!(error.delivery(), Delivery::Accepted);
        assert_eq!(error.code().unwrap().as_str(), "RBC302");
    }
}

#[tokio::test]
async fn call_permissions_are_read() {
    let data = json!([{"user_phone_number": "14155550123", "permission": {"status": "temporary", "expiration_time": "1780000000"},
        "actions": [{"action_name": "start_call", "can_perform_action": true}]}]);
    let server = Server::in_turn([ok(data)]).await;
    let permissions = server
        .client()
        .call_permissions([user()])
        .limit(5)
        .await
        .unwrap();
    let [permission] = permissions.permissions().try_into().unwrap();
    assert_eq!(
        (permission.user(), permission.status()),
        (Some("14155550123"), Some("temporary"))
    );
    assert_eq!(
        (
            permission.expiration_time(),
            permission.can("start_call"),
            permission.can("fly")
        ),
        (Some(1_780_000_000), Some(true), None)
    );
    assert!(!format!("{permission:?}{permissions:?}").contains("1415"));
    assert_eq!(
        asked(&server),
        [
            "GET /v2/SID/whatsapp/call_permissions?business_phone_number=%2B918000000001&user_phone_number=%2B14155550123&limit=5"
        ]
    );
}

#[tokio::test]
async fn anything_else_can_be_asked_for() {
    let server = Server::in_turn([ok(json!({"groups": []}))]).await;
    let client = server.client();
    client
        .request(Method::GET, "/v2/{sid}/whatsapp/{sender}/groups")
        .parameter("a b", "c&d")
        .await
        .unwrap();
    client
        .request(Method::POST, "/v2/{sid}/x?y=1")
        .parameter("z", "2")
        .body(json!({"q": 1}))
        .await
        .unwrap();
    assert_eq!(
        asked(&server),
        [
            "GET /v2/SID/whatsapp/+918000000001/groups?a%20b=c%26d",
            "POST /v2/SID/x?y=1&z=2"
        ]
    );
    for wrong in [
        client.request(Method::TRACE, "/x"),
        client.request(Method::GET, "x"),
        client.request(Method::GET, "/{group}"),
    ] {
        let error = wrong.await.unwrap_err();
        assert_eq!(
            (error.kind(), error.delivery()),
            (ErrorKind::InvalidRequest, Delivery::NotSent)
        );
    }

    // A class of one's own: a read may be repeated, whatever its method.
    let soon = kaleyra_wa_client::RetryPolicy::default().longest_wait(std::time::Duration::ZERO);
    for (class, attempts) in [(OperationClass::Send, 1), (OperationClass::Read, 3)] {
        let server = Server::in_turn([(503, json!({}))]).await;
        let client = server.client().with_retry(soon);
        let error = client
            .request(Method::POST, "/search")
            .class(class)
            .await
            .unwrap_err();
        assert_eq!(
            (error.attempts(), asked(&server).len()),
            (attempts, attempts as usize)
        );
    }
}
