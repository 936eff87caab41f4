//! Blocked users: who can be, what is answered, and what it changes.

use std::time::Duration;

use kaleyra_wa_sim::{CallbackError, Fault, SimEvent, Simulator};
use kaleyra_wa_types::response::ApiFailure;
use serde_json::{Value, json};

use super::wire::{
    Answer, KEY, SENDER, SID, Webhook, builder, call, request, simulator, why, wrong_payload,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn named(users: &[&str]) -> String {
    let users: Vec<Value> = users.iter().map(|user| json!({"user": user})).collect();
    json!({"messaging_product": "whatsapp", "block_users": users}).to_string()
}

async fn block(sim: &Simulator, users: &[&str]) -> Answer {
    call(sim, "POST", "block_users", &named(users)).await
}

async fn list(sim: &Simulator, query: &str) -> Answer {
    call(sim, "GET", &format!("block_users{query}"), "").await
}

/// The user writes, whether or not anybody is called back.
async fn writes(sim: &Simulator, number: &str, ago: Duration) {
    let message = sim
        .end_user("Asha Example", number)
        .text("Hi")
        .written_ago(ago);
    let _ = sim.post_callback(&message.callback()).await;
}

#[tokio::test]
async fn each_user_has_an_outcome() {
    let sim = simulator().await;
    writes(&sim, "919800000001", Duration::ZERO).await;
    writes(&sim, "919800000002", DAY + Duration::from_secs(60)).await;
    let answer = block(&sim, &["+919800000001", "919800000002", "+919800000003"]).await;
    assert_eq!(answer.status(), 200);
    let errors = json!([{
        "message": "Re-engagement required",
        "code": 131047,
        "error_data": {"details": "The user has not messaged the business in the last 24 hours."},
    }]);
    assert_eq!(
        answer.json(),
        json!({
            "code": "WA200",
            "message": "Request Processed Successfully",
            "data": {
                "messaging_product": "whatsapp",
                "block_users": {
                    "added_users": [{"input": "+919800000001", "wa_id": "919800000001"}],
                    "failed_users": [
                        {"input": "919800000002", "wa_id": "919800000002", "errors": errors},
                        {"input": "+919800000003", "wa_id": "919800000003", "errors": errors},
                    ],
                },
            },
            "error": {},
        })
    );
    assert_eq!(sim.blocked_users(), ["919800000001"]);

    let again = block(&sim, &["919800000001"]).await.json();
    let outcomes = &again["data"]["block_users"];
    assert_eq!(outcomes["added_users"][0]["input"], "919800000001");
    assert_eq!(outcomes["failed_users"], Value::Null);
    assert_eq!(sim.blocked_users().len(), 1);
}

#[tokio::test]
async fn unblocking_lets_them_write_again() {
    let mut webhook = Webhook::answering(&[200]).await;
    let sim = builder()
        .callbacks(webhook.url.as_str(), None)
        .bind("127.0.0.1:0")
        .await
        .unwrap();
    let user = sim.end_user("Asha Example", "+919800000001");
    assert_eq!(
        sim.post_callback(&user.text("1").callback()).await.unwrap(),
        200
    );
    block(&sim, &["+919800000001"]).await;

    let mut events = sim.observe();
    let error = sim
        .post_callback(&user.text("2").callback())
        .await
        .unwrap_err();
    assert!(matches!(error, CallbackError::UserBlocked), "{error}");
    assert!(matches!(
        events.next().await,
        Some(SimEvent::CallbackFailed {
            kind: "as given",
            attempts: 0,
            ..
        })
    ));
    let line = "POST /sim/users/919800000001/text";
    let answer = request(&sim, line, &[], r#"{"body":"3"}"#).await;
    assert_eq!(answer.status(), 409);
    assert_eq!(
        answer.json()["message"],
        "the callback was not posted: the user is blocked"
    );
    let other = sim.end_user("Ravi Example", "919800000002");
    assert_eq!(
        sim.post_callback(&other.text("4").callback())
            .await
            .unwrap(),
        200
    );

    let both = named(&["919800000001", "919800000009"]);
    let answer = call(&sim, "DELETE", "block_users", &both).await;
    assert_eq!(
        answer.json()["data"],
        json!({
            "messaging_product": "whatsapp",
            "block_users": {"removed_users": [
                {"input": "919800000001", "wa_id": "919800000001"},
                {"input": "919800000009", "wa_id": "919800000009"},
            ]},
        })
    );
    assert!(sim.blocked_users().is_empty());
    assert_eq!(
        sim.post_callback(&user.text("5").callback()).await.unwrap(),
        200
    );
    for expected in ["1", "4", "5"] {
        let posted = webhook.next().await.json();
        assert_eq!(
            posted["meta_object"]["value"]["messages"][0]["text"]["body"],
            expected
        );
    }
}

#[tokio::test]
async fn the_list_comes_in_pages() {
    let sim = simulator().await;
    let empty = list(&sim, "").await;
    assert_eq!(empty.status(), 200);
    assert_eq!(
        empty.body,
        r#"{"code":"WA200","message":"Request Processed Successfully","data":[],"error":{}}"#
    );

    let numbers: Vec<String> = (1..=5).map(|n| format!("91980000000{n}")).collect();
    for number in &numbers {
        writes(&sim, number, Duration::ZERO).await;
    }
    let named: Vec<&str> = numbers.iter().map(String::as_str).collect();
    block(&sim, &named).await;

    let mut found = Vec::new();
    let mut query = "?limit=2".to_owned();
    loop {
        let page = list(&sim, &query).await.json();
        let Some(after) = page["paging"]["cursors"]["after"].as_str() else {
            assert_eq!(page["data"], json!([]));
            break;
        };
        for user in page["data"].as_array().unwrap() {
            assert_eq!(user["messaging_product"], "whatsapp");
            found.push(user["wa_id"].as_str().unwrap().to_owned());
        }
        query = format!("?limit=2&after={}", after.replace('=', "%3D"));
    }
    assert_eq!(found, numbers);

    let whole = list(&sim, "").await.json();
    assert_eq!(whole["data"].as_array().unwrap().len(), 5);
    let last = &list(&sim, "?limit=1&after=NA==").await.json();
    assert_eq!(last["data"][0]["wa_id"], *numbers[4]);
    let before = last["paging"]["cursors"]["before"].as_str().unwrap();
    let previous = list(&sim, &format!("?limit=2&before={before}"))
        .await
        .json();
    let previous: Vec<_> = previous["data"].as_array().unwrap().iter().collect();
    assert_eq!(previous[0]["wa_id"], *numbers[2]);
    assert_eq!(previous[1]["wa_id"], *numbers[3]);
}

#[tokio::test]
async fn what_is_not_right_is_told() {
    let sim = simulator().await;
    let many = vec!["919800000001"; 1001];
    for (body, expected) in [
        ("", "not JSON: EOF while parsing a value at line 1 column 0"),
        ("[]", "not a JSON object"),
        ("{}", "messaging_product: must be `whatsapp`"),
        (
            r#"{"messaging_product":"whatsapp"}"#,
            "block_users: must be an array",
        ),
        (&named(&[]), "block_users: must name 1 to 1000 users"),
        (&named(&many), "block_users: must name 1 to 1000 users"),
        (
            r#"{"messaging_product":"whatsapp","block_users":[{"user":"1"},{"user":2}]}"#,
            "block_users[1].user: must be a number in a string",
        ),
    ] {
        for method in ["POST", "DELETE"] {
            let (answer, reason) = why(&sim, call(&sim, method, "block_users", body)).await;
            assert_eq!((answer.status(), answer.json()), (400, wrong_payload()));
            assert_eq!(reason, expected);
        }
    }
    for (query, expected) in [
        ("?limit=0", "limit: must be from 1 to 1000"),
        ("?limit=1001", "limit: must be from 1 to 1000"),
        ("?limit=ten", "limit: must be from 1 to 1000"),
        ("?after=x", "after: is not a cursor of this list"),
        ("?before=-", "before: is not a cursor of this list"),
    ] {
        let (answer, reason) = why(&sim, list(&sim, query)).await;
        assert_eq!((answer.status(), answer.json()), (400, wrong_payload()));
        assert_eq!(reason, expected);
    }
}

#[tokio::test]
async fn account_and_faults_are_as_for_sends() {
    let sim = simulator().await;
    writes(&sim, "919800000001", Duration::ZERO).await;
    for method in ["GET", "POST", "DELETE"] {
        let line = format!("{method} /v2/{SID}/whatsapp/{SENDER}/block_users");
        let answer = request(&sim, &line, &[("api-key", "A-other")], "").await;
        assert_eq!(answer.json()["code"], "RBC001");
        let line = format!("{method} /v2/{SID}/whatsapp/919/block_users");
        let answer = request(&sim, &line, &[("api-key", KEY)], "").await;
        assert_eq!(answer.json()["code"], "WA401");
    }
    sim.fail_all(Fault::Documented(ApiFailure::Internal));
    assert_eq!(block(&sim, &["919800000001"]).await.status(), 500);
    assert_eq!(list(&sim, "").await.status(), 500);
    sim.heal();
    assert!(sim.blocked_users().is_empty());
    sim.fail_next(Fault::DocumentedBody);
    let answer = list(&sim, "").await;
    assert!(serde_json::from_str::<Value>(&answer.body).is_err());
}
