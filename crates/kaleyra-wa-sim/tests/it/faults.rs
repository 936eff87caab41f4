//! Every fault, as a client meets it.

use std::collections::BTreeMap;

use kaleyra_wa_sim::{Fault, SimEvent, Simulator};
use kaleyra_wa_types::response::ApiFailure;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::wire::{KEY, SENDER, SID, SOON, kept_alive, parse, raw, send, simulator, text_to};

/// The documented failures, word for word.
fn documented() -> BTreeMap<&'static str, (u16, Value)> {
    let account_type =
        "API is not available for given customer.Please contact support for more info";
    let api_version = "The phone number you're using is associated with different Version of our WA API. \
                       Please use the appropriate endpoint.";
    let balance = "Please check your balance, You have a low balance!";
    let sender = "Phone number is not present or does not belong to the account.";
    BTreeMap::from([
        (
            "incorrect-credentials",
            (
                401,
                json!({"code": "RBC001", "message": "Incorrect SID or API key.", "data": [],
                    "error": {"error": "Incorrect SID or API key."}}),
            ),
        ),
        (
            "sender-not-in-account",
            (
                401,
                json!({"code": "WA401", "message": sender, "data": {}, "error": {"phone_number": sender}}),
            ),
        ),
        (
            "incorrect-payload",
            (
                400,
                json!({"code": "WA400", "message": "Refer to correct payload format", "data": {},
                    "error": {"payload": "Incorrect payload format"}}),
            ),
        ),
        (
            "internal",
            (
                500,
                json!({"code": "WA500", "message": "Please try again later", "data": {},
                    "error": {"error": "Internal server error"}}),
            ),
        ),
        (
            "low-balance",
            (
                400,
                json!({"code": "E110", "message": balance, "data": {}, "error": {"balance": balance}}),
            ),
        ),
        (
            "account-type",
            (
                401,
                json!({"code": "WA-401", "message": account_type, "data": {}, "error": {"account": account_type}}),
            ),
        ),
        (
            "api-version",
            (
                401,
                json!({"code": "WA-401", "message": api_version, "data": {}, "error": {"phone_number": api_version}}),
            ),
        ),
    ])
}

/// All bytes of the response to a right send.
async fn bytes(sim: &Simulator) -> Vec<u8> {
    raw(
        sim,
        &format!("POST /v2/{SID}/whatsapp/{SENDER}/messages"),
        &[("api-key", KEY), ("content-type", "application/json")],
        text_to("+919800000001").as_bytes(),
    )
    .await
}

#[tokio::test]
async fn documented_failures_are_as_documented() {
    let sim = simulator().await;
    let mut events = sim.observe();
    for (name, (status, envelope)) in documented() {
        sim.fail_next(name.parse().unwrap());
        let answer = send(&sim, &text_to("+919800000001")).await;
        assert_eq!(
            (answer.status(), answer.json()),
            (status, envelope.clone()),
            "{name}"
        );
        match events.next().await.unwrap() {
            SimEvent::Rejected {
                status: told,
                code,
                why,
                ..
            } => {
                assert_eq!(told, status);
                assert_eq!(Value::from(code.unwrap().as_str()), envelope["code"]);
                assert_eq!(why, format!("the fault `{name}` was asked for"));
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(sim.accepted().is_empty());
    assert_eq!(documented().len(), ApiFailure::ALL.len());
}

#[tokio::test]
async fn a_cut_answer_is_for_an_accepted_message() {
    let sim = simulator().await;
    sim.fail_next(Fault::CutBody);
    let answer = parse(bytes(&sim).await);
    assert_eq!(answer.status(), 202);
    let announced: usize = answer.header("content-length").unwrap().parse().unwrap();
    assert!(!answer.body.is_empty() && answer.body.len() < announced);
    assert_eq!(sim.accepted().len(), 1);
}

#[tokio::test]
async fn the_printed_answer_is_for_an_accepted_message() {
    let sim = simulator().await;
    sim.fail_next(Fault::DocumentedBody);
    let answer = parse(bytes(&sim).await);
    assert_eq!(answer.status(), 202);
    assert!(serde_json::from_str::<Value>(&answer.body).is_err());
    let id = &sim.accepted()[0].id;
    let repaired = answer
        .body
        .replace("\"WA202\"\n", "\"WA202\",\n")
        .replace("}\n\"error\"", "},\n\"error\"");
    let envelope: Value = serde_json::from_str(&repaired).unwrap();
    assert_eq!(envelope["data"]["message_id"], json!(id));
}

#[tokio::test]
async fn a_closed_connection_has_no_answer() {
    let sim = simulator().await;
    let mut events = sim.observe();
    sim.fail_next(Fault::Close);
    assert_eq!(bytes(&sim).await, b"");
    assert!(matches!(
        events.next().await,
        Some(SimEvent::Unanswered {
            fault: Fault::Close,
            ..
        })
    ));
    assert!(sim.accepted().is_empty());
}

#[tokio::test]
async fn a_hanging_request_ends_with_the_simulator() {
    let sim = simulator().await;
    let mut events = sim.observe();
    sim.fail_all(Fault::Hang);
    let request = kept_alive(&text_to("+919800000001"));
    let mut stream = TcpStream::connect(sim.addr()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    assert!(matches!(
        events.next().await,
        Some(SimEvent::Unanswered {
            fault: Fault::Hang,
            ..
        })
    ));
    tokio::time::timeout(SOON, sim.shutdown()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert_eq!(answer, b"");
}

#[tokio::test]
async fn gateways_answer_in_their_own_way() {
    let sim = simulator().await;
    sim.fail_next(Fault::TooManyRequests);
    let answer = parse(bytes(&sim).await);
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.header("retry-after"), Some("300"));
    assert_eq!(answer.json()["code"], "WA429");

    sim.fail_next(Fault::BadGateway);
    let answer = parse(bytes(&sim).await);
    assert_eq!(answer.status(), 502);
    assert_eq!(answer.header("content-type"), Some("text/html"));
    assert!(answer.body.starts_with("<html>"));

    sim.fail_next(Fault::ForeignPage);
    let answer = parse(bytes(&sim).await);
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.header("content-type"), Some("text/html"));
    assert!(answer.body.starts_with("<html>"));

    sim.fail_next("foreign-json".parse().unwrap());
    let answer = parse(bytes(&sim).await);
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.json()["success"], json!(false));
    assert!(sim.accepted().is_empty());
}

#[tokio::test]
async fn faults_come_in_order_and_go() {
    let sim = simulator().await;
    let status = async || send(&sim, &text_to("+919800000001")).await.status();
    sim.fail_all(Fault::BadGateway);
    sim.fail_next(Fault::Documented(ApiFailure::Internal));
    sim.fail_next(Fault::Documented(ApiFailure::LowBalance));
    // What is wrong anyway uses up no fault.
    assert_eq!(send(&sim, "{}").await.json()["code"], "WA400");
    assert_eq!(status().await, 500);
    assert_eq!(status().await, 400);
    assert_eq!(status().await, 502);
    assert_eq!(status().await, 502);
    sim.heal();
    assert_eq!(status().await, 202);
}
