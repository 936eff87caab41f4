//! Blocking, unblocking, looking who is blocked.

use kaleyra_wa_client::transport::{MockTransport, Request};
use kaleyra_wa_client::transport::{
    Operation, OperationClass, Phase, TransportError, TransportErrorKind,
};
use kaleyra_wa_client::types::inbound::ErrorCode;
use kaleyra_wa_client::types::{UserId, WaId};
use kaleyra_wa_client::{
    BlocklistUpdate, Client, Delivery, Error, ErrorKind, RetryPolicy, UserOutcome,
};
use serde_json::{Value, json};

use crate::fixtures::{KEY, Recording, Responding, SENDER, SID, client};

const ASHA: &str = "+14155550123";
const BEN: &str = "+14155550124";

/// Meta's response inside Kaleyra's envelope.
fn told(users: Value) -> Value {
    json!({
        "code": "WA200", "message": "Request Processed Successfully", "error": {},
        "data": {"messaging_product": "whatsapp", "block_users": users},
    })
}

fn done(name: &str, user: &str) -> Value {
    told(json!({name: [{"input": user, "wa_id": user.trim_start_matches('+')}]}))
}

async fn block(status: u16, body: Value) -> Result<BlocklistUpdate, Error> {
    let client = client(Responding::with([(status, body)]));
    client.block([ASHA, BEN]).await
}

fn outcomes(update: &BlocklistUpdate) -> Vec<&UserOutcome> {
    update.outcomes().map(|(_, outcome)| outcome).collect()
}

fn check(request: &Request, method: &str, name: &str, class: OperationClass) {
    assert_eq!(request.method(), method);
    let url = format!("https://api.in.kaleyra.io/v2/{SID}/whatsapp/{SENDER}/block_users");
    assert!(
        request.uri().to_string().starts_with(&url),
        "{}",
        request.uri()
    );
    assert_eq!(request.headers()["api-key"], KEY);
    let operation = request.extensions().get::<Operation>().unwrap();
    assert_eq!((operation.name, operation.class), (name, class));
}

#[tokio::test]
async fn the_body_is_meta_s_without_an_envelope() {
    let transport = Responding::with([(200, done("added_users", ASHA))]);
    let client = client(transport.clone());
    client.block([ASHA]).await.unwrap();
    client.unblock([BEN]).await.unwrap();
    client.block([UserId::from("US.1349")]).await.unwrap();
    let requests = transport.requests();
    check(&requests[0], "POST", "block", OperationClass::Send);
    check(&requests[1], "DELETE", "unblock", OperationClass::Send);
    for (request, user) in requests.iter().zip([
        json!({"user": ASHA}),
        json!({"user": BEN}),
        json!({"user_id": "US.1349"}),
    ]) {
        assert_eq!(request.headers()["content-type"], "application/json");
        let body: Value = serde_json::from_slice(request.body().as_bytes().unwrap()).unwrap();
        let expected = json!({"messaging_product": "whatsapp", "block_users": [user]});
        assert_eq!(body, expected);
    }
}

#[tokio::test]
async fn each_user_has_an_outcome() {
    let answer = told(json!({
        "added_users": [{"input": ASHA, "wa_id": "14155550123"}],
        "failed_users": [{"input": BEN, "errors": [{
            "message": "Re-engagement required", "code": 131047,
            "error_data": {"details": "User has not messaged in the last 24 hours"},
        }]}],
    }));
    // Meta gives a mixed response the status 400: who was blocked is blocked all the same.
    let mut refused = answer.clone();
    refused["code"] = json!("WA400");
    refused["error"] =
        json!({"message": "(#139100) Failed to block/unblock users", "code": 139100});
    for (status, answer) in [(200, answer), (400, refused)] {
        let update = block(status, answer).await.unwrap();
        assert!(!update.is_complete());
        assert_eq!(update.status().as_u16(), status);
        let found = outcomes(&update);
        assert_eq!(found[0], &UserOutcome::Done);
        let UserOutcome::Failed(errors) = found[1] else {
            panic!("{:?}", found[1]);
        };
        assert_eq!(errors[0].code, Some(ErrorCode::from("131047")));
        assert_eq!(
            found[1].to_string(),
            "failed: more than 24 hours since the user's last message: send a template"
        );
        let users: Vec<String> = update
            .outcomes()
            .map(|(user, _)| format!("{user:?}"))
            .collect();
        assert!(
            users[0].contains("…23") && users[1].contains("…24"),
            "{users:?}"
        );
        assert!(!format!("{update:?}").contains("4155550"), "{update:?}");
    }
}

#[tokio::test]
async fn answers_of_other_shapes_are_read() {
    let both = json!([{"input": "1 415-555-0123"}, {"wa_id": "14155550124"}]);
    for body in [
        told(json!({"added_users": both})),
        told(json!({"removed_users": both})),
        json!({"code": "WA200", "data": {"added_users": both}}),
        json!({"code": "WA200", "data": [{"block_users": {"added_users": both}}]}),
        json!({"code": "WA200", "data": {}, "block_users": {"added_users": both}}),
        json!({"data": {"added_users": [ASHA, "14155550124"]}}),
        json!({"messaging_product": "whatsapp", "block_users": {"added_users": both}}),
    ] {
        let update = block(200, body.clone()).await.unwrap();
        assert!(update.is_complete(), "{body}");
    }
    // Whoever is not mentioned is not called blocked.
    let unknown = &UserOutcome::Unknown;
    let some = block(200, done("added_users", ASHA)).await.unwrap();
    assert_eq!(outcomes(&some), [&UserOutcome::Done, unknown]);
    for body in [
        json!({"code": "WA200", "message": "Request Processed Successfully", "data": {}, "error": {}}),
        json!({"code": "WA202", "data": []}),
    ] {
        let none = block(200, body).await.unwrap();
        assert_eq!(outcomes(&none), [unknown, unknown]);
    }
    // Nor is who is in both lists.
    let both = told(json!({"added_users": [{"input": ASHA}], "failed_users": [{"input": ASHA}]}));
    let update = block(200, both).await.unwrap();
    assert_eq!(outcomes(&update)[0], &UserOutcome::Failed(vec![]));
    assert_eq!(outcomes(&update)[0].to_string(), "failed");
}

#[tokio::test]
async fn failures_are_errors_that_speak_of_the_list() {
    let error = block(401, json!({"code": "RBC001", "data": [], "error": {}})).await;
    assert_eq!(error.unwrap_err().delivery(), Delivery::Rejected);
    let error = block(500, told(json!({"added_users": [{"input": ASHA}]}))).await;
    let error = error.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Indeterminate);
    assert!(
        error
            .to_string()
            .ends_with("it may have been done: do it again, or check the list of blocked users")
    );
    let error = block(200, json!({})).await.unwrap_err();
    assert_eq!(error.delivery(), Delivery::Indeterminate, "anybody's");
    let silent = client(Responding::with_bodies([(200, String::new())]));
    let error = silent.block([ASHA, BEN]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnreadableResponse);
    assert_eq!(
        error.to_string(),
        "accepted with HTTP status 200, but the response can't be read: check the list of blocked users"
    );
}

#[tokio::test]
async fn users_are_checked_before_anything_is_sent() {
    let transport = Recording::default();
    let client = client(transport.clone());
    let nobody: [&str; 0] = [];
    let too_many = (0..2_000_000_000_u64).map(|index| format!("+1415{index:07}"));
    for (request, expected) in [
        (client.block(nobody), "not sent: no user was given"),
        (
            client.block([ASHA, "98000"]),
            "not sent: the recipient is not a phone number: it must begin with + and the country code",
        ),
        (
            client.unblock(too_many),
            "not sent: more than 1,000 users: split them over several calls",
        ),
    ] {
        assert!(!format!("{request:?}").contains("4155550"), "{request:?}");
        let error = request.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRecipient);
        assert_eq!(error.delivery(), Delivery::NotSent);
        assert_eq!(
            (error.to_string().as_str(), error.attempts()),
            (expected, 0)
        );
    }
    assert!(transport.requests().is_empty());
}

fn page(users: &[&str], after: Option<&str>) -> (u16, Value) {
    let users: Vec<Value> = users
        .iter()
        .map(|wa_id| json!({"messaging_product": "whatsapp", "wa_id": wa_id}))
        .collect();
    let paging = after.map(|after| json!({"cursors": {"after": after, "before": "b=1&"}}));
    (
        200,
        json!({"code": "WA200", "data": {"data": users, "paging": paging}}),
    )
}

async fn all(client: &Client) -> (Vec<String>, usize) {
    let (mut found, mut pages) = (Vec::new(), 0);
    let mut next = Some(client.blocked_users().limit(2));
    while let Some(request) = next {
        let page = request.await.unwrap();
        pages += 1;
        found.extend(
            page.users()
                .iter()
                .filter_map(|user| Some(user.wa_id.as_ref()?.as_str().to_owned())),
        );
        next = page.next_page();
    }
    (found, pages)
}

#[tokio::test]
async fn the_list_is_read_page_by_page() {
    let transport = Responding::with([
        page(&["14155550123", "14155550124"], Some("a+/=&")),
        page(&["14155550125"], Some("c")),
        page(&[], None),
    ]);
    let (found, pages) = all(&client(transport.clone())).await;
    assert_eq!(found, ["14155550123", "14155550124", "14155550125"]);
    assert_eq!(pages, 3);
    let requests = transport.requests();
    let queries: Vec<_> = requests
        .iter()
        .map(|request| request.uri().query().unwrap())
        .collect();
    assert_eq!(
        queries,
        ["limit=2", "limit=2&after=a%2B%2F%3D%26", "limit=2&after=c"]
    );
    for request in &requests {
        check(request, "GET", "blocked_users", OperationClass::Read);
        assert!(request.body().as_bytes().unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_cursor_that_leads_nowhere_ends_it() {
    // A server that repeats its last page for ever.
    let repeated = Responding::with([page(&["14155550123"], Some("a"))]);
    assert_eq!(all(&client(repeated)).await.1, 2);
    let empty = Responding::with([page(&[], Some("a"))]);
    assert_eq!(all(&client(empty)).await.1, 1);
}

#[tokio::test]
async fn pages_of_other_shapes_are_read() {
    let transport = Responding::with([
        (
            200,
            json!({"code": "WA200", "data": [{"wa_id": "14155550123", "user_id": "US.1"}], "paging": {"cursors": {"before": "b", "after": "a"}}}),
        ),
        (200, json!({"code": "WA200", "data": ["14155550123"]})),
        (
            200,
            json!({"data": {"block_users": [{"user": "14155550123"}]}}),
        ),
    ]);
    let client = client(transport.clone());
    let first = client.blocked_users().before("x").await.unwrap();
    assert_eq!(
        (first.before().as_deref(), first.after().as_deref()),
        (Some("b"), Some("a"))
    );
    assert_eq!(first.users()[0].user_id, Some(UserId::from("US.1")));
    assert!(!format!("{first:?} {:?}", first.users()).contains("4155550"));
    for request in [first.next_page().unwrap(), client.blocked_users()] {
        let page = request.await.unwrap();
        assert_eq!(page.users()[0].wa_id, Some(WaId::from("14155550123")));
        assert!(page.next_page().is_none());
    }
    let requests = transport.requests();
    let queries: Vec<_> = requests
        .iter()
        .map(|request| request.uri().query())
        .collect();
    assert_eq!(queries, [Some("before=x"), Some("after=a"), None]);
}

/// "Nobody is blocked" is said only where the response says it.
#[tokio::test]
async fn an_answer_without_a_list_is_not_taken_for_an_empty_one() {
    for (status, body, expected) in [
        (200, json!({"code": "WA200", "data": {}}), None),
        (200, json!({"code": "WA200", "data": []}), None),
        (
            200,
            json!({"code": "WA200", "data": {"users": 7}}),
            Some(ErrorKind::UnreadableResponse),
        ),
        (
            200,
            json!({"code": "WA200", "data": [7]}),
            Some(ErrorKind::UnreadableResponse),
        ),
        (200, json!({}), Some(ErrorKind::UnexpectedResponse)),
        (
            200,
            json!({"code": "E110", "data": []}),
            Some(ErrorKind::UnexpectedResponse),
        ),
        (
            401,
            json!({"code": "RBC001", "data": []}),
            Some(ErrorKind::Rejected),
        ),
    ] {
        let client = client(Responding::with([(status, body.clone())]));
        let found = client.blocked_users().await;
        assert_eq!(found.as_ref().err().map(Error::kind), expected, "{body}");
        assert!(found.is_err() || found.is_ok_and(|page| page.users().is_empty()));
    }
}

#[tokio::test]
async fn only_looking_is_tried_again_after_doubt() {
    let mut transport = MockTransport::new();
    transport.expect_execute().returning(|request| {
        let phase = match request.uri().query() {
            Some("limit=1") => Phase::Connect,
            _ => Phase::InFlight,
        };
        Err(TransportError::new(phase, TransportErrorKind::Interrupted))
    });
    let at_once = RetryPolicy::default().longest_wait(std::time::Duration::ZERO);
    let client = client(transport).with_retry(at_once);
    assert_eq!(client.block([ASHA]).await.unwrap_err().attempts(), 1);
    assert_eq!(client.unblock([ASHA]).await.unwrap_err().attempts(), 1);
    for request in [client.blocked_users(), client.blocked_users().limit(1)] {
        assert_eq!(request.await.unwrap_err().attempts(), 3);
    }
    let error = client.phone_number_details().await.unwrap_err();
    assert_eq!(error.attempts(), 3);
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn over_sockets() {
    use crate::server::Server;

    let body = done("removed_users", ASHA).to_string();
    let server = Server::responding("200 OK", "connection: close\r\n", &body).await;
    let update = server.client().unblock([ASHA]).await.unwrap();
    assert!(update.is_complete());
    let request = &server.requests()[0];
    assert!(
        request.starts_with(&format!(
            "DELETE /v2/{SID}/whatsapp/{SENDER}/block_users HTTP/1.1"
        )),
        "{request}"
    );
    assert!(
        request.ends_with(
            r#"{"block_users":[{"user":"+14155550123"}],"messaging_product":"whatsapp"}"#
        ),
        "{request}"
    );

    let body = page(&["14155550123"], Some("a")).1.to_string();
    let server = Server::responding("200 OK", "connection: close\r\n", &body).await;
    let (found, pages) = all(&server.client()).await;
    assert_eq!((found.len(), pages), (2, 2));
    assert!(server.requests()[1].contains("/block_users?limit=2&after=a HTTP/1.1"));
}
