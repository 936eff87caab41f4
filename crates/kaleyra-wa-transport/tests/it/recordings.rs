//! What is recorded, what is not, and what a replay makes of it.

use std::error::Error;

use kaleyra_wa_transport::http::{self, StatusCode};
use kaleyra_wa_transport::{
    Body, Cassette, Never, Operation, OperationClass, Phase, RecordedBody, RecordedOutcome,
    Recording, Replay, Request, Response, Scripted, Scrubber, Transport, TransportError,
    TransportErrorKind, read_whole,
};

const MESSAGES: &str = "https://api.in.kaleyra.io/v2/HXIN1/whatsapp/+918000000001/messages";

fn send(to: &str, text: &str) -> Request {
    let body = format!(
        r#"{{"messaging_object":{{"to":"{to}","type":"text","text":{{"body":"{text}"}}}},"extra_info":{{"ref":"{text}-1"}}}}"#
    );
    let mut request = http::Request::post(MESSAGES)
        .header("api-key", "canary-key")
        .header("authorization", "Bearer canary-token")
        .body(Body::from(body))
        .unwrap();
    let operation = Operation::new("send", OperationClass::Send, 1);
    request.extensions_mut().insert(operation);
    request
}

async fn read(
    transport: &dyn Transport,
    request: Request,
) -> Result<(u16, String), TransportError> {
    let answer = read_whole(transport.execute(request).await?, 1024).await?;
    let body = String::from_utf8(answer.body().to_vec()).unwrap();
    Ok((answer.status().as_u16(), body))
}

fn cause(error: &TransportError) -> String {
    assert_eq!(error.kind(), TransportErrorKind::Unscripted);
    assert_eq!(error.phase(), Phase::Connect);
    error.source().unwrap().to_string()
}

#[tokio::test]
async fn no_secret_number_or_text_gets_into_a_cassette() {
    let answer = r#"{"code":"WA400","message":"Bad number 919800000001","data":{},"error":{"phone_number":"canary-text"}}"#;
    let recording = Recording::new(Scripted::new().respond(400, answer));
    read(&recording, send("+919800000001", "canary-text"))
        .await
        .unwrap();

    let cassette = recording.cassette();
    let json = cassette.to_json().unwrap();
    for secret in [
        "canary",
        "919800000001",
        "918000000001",
        "HXIN1",
        "kaleyra.io",
    ] {
        assert!(!json.contains(secret), "{json}");
    }
    let exchange = &cassette.exchanges[0];
    assert_eq!(exchange.target, "/v2/SID/whatsapp/+900000000001/messages");
    assert_eq!(exchange.operation.as_deref(), Some("send"));
    assert!(json.contains(r#""to": "+900000000002""#), "{json}");
    assert!(json.contains("Bad number 900000000002"), "{json}");
    assert_eq!(Cassette::from_json(&json).unwrap(), cassette);
}

#[tokio::test]
async fn a_replay_answers_each_exchange_once_and_says_what_it_has_not() {
    let answers = Scripted::new()
        .respond(202, r#"{"code":"WA202"}"#)
        .respond(500, "{}");
    let recording = Recording::new(answers);
    read(&recording, send("+919800000001", "one"))
        .await
        .unwrap();
    read(&recording, send("+919800000001", "two"))
        .await
        .unwrap();

    let replay = Replay::new(recording.cassette());
    // Other numbers and texts are the same request, once scrubbed.
    let answer = read(&replay, send("+919800000009", "Hello")).await.unwrap();
    assert_eq!(answer, (202, r#"{"code":"WA202"}"#.to_owned()));
    assert_eq!(replay.remaining(), 1);

    let mut other = send("+919800000001", "one");
    *other.body_mut() = Body::from(
        r#"{"messaging_object":{"to":"+919800000001","type":"image"},"extra_info":{"ref":"a"}}"#
            .to_owned(),
    );
    let error = replay.execute(other.clone()).await.unwrap_err();
    assert_eq!(
        cause(&error),
        "`send` (POST): its body differs from the recorded one at $.messaging_object.text"
    );
    let mut elsewhere = send("+919800000001", "one");
    *elsewhere.uri_mut() = "https://api.example/v2/HX1/other".parse().unwrap();
    let error = replay.execute(elsewhere).await.unwrap_err();
    assert!(cause(&error).contains("nothing is left"), "{error:?}");
    assert!(!format!("{error:?}").contains("api.example"), "{error:?}");

    let answer = read(&replay.clone().ignore_bodies(), other).await.unwrap();
    assert_eq!(answer.0, 500);
    replay.assert_finished();
    let error = replay
        .execute(send("+919800000001", "three"))
        .await
        .unwrap_err();
    cause(&error);
}

#[tokio::test]
async fn failures_come_back_in_their_phase() {
    let kind = TransportErrorKind::Timeout;
    let accepted = Phase::Body {
        status: StatusCode::ACCEPTED,
    };
    let broken = TransportErrorKind::Interrupted;
    let recording = Recording::new(
        Scripted::new()
            .fail(Phase::Connect, TransportErrorKind::Connect)
            .fail(Phase::InFlight, kind)
            .then(move |_| Err(TransportError::new(accepted, broken).with_body("{\"code\""))),
    );
    for _ in 0..3 {
        read(&recording, send("+919800000001", "one"))
            .await
            .unwrap_err();
    }
    let json = recording.cassette().to_json().unwrap();
    let replay = Replay::new(Cassette::from_json(&json).unwrap());
    let phases = [
        (Phase::Connect, TransportErrorKind::Connect),
        (Phase::InFlight, kind),
        (accepted, broken),
    ];
    for (phase, kind) in phases {
        let error = read(&replay, send("+919800000001", "one"))
            .await
            .unwrap_err();
        assert_eq!((error.phase(), error.kind()), (phase, kind));
    }
}

#[tokio::test]
async fn an_answer_is_kept_also_when_nobody_reads_it() {
    let recording = Recording::new(Scripted::new().respond(204, "unread"));
    drop(
        recording
            .execute(send("+919800000001", "one"))
            .await
            .unwrap(),
    );
    let cassette = recording.cassette();
    let Some(RecordedOutcome::Response(answer)) = &cassette.exchanges[0].outcome else {
        panic!("{cassette:?}");
    };
    assert_eq!(answer.status, 204);
    assert_eq!(answer.body, RecordedBody::Bytes(0));
}

#[tokio::test]
async fn what_was_given_up_is_noted_and_can_t_be_replayed() {
    let recording = Recording::new(Never::new());
    let sending = recording.execute(send("+919800000001", "one"));
    let limit = std::time::Duration::from_millis(10);
    assert!(tokio::time::timeout(limit, sending).await.is_err());
    let cassette = recording.cassette();
    assert_eq!(cassette.exchanges[0].outcome, None);
    let error = Replay::new(cassette)
        .execute(send("+919800000001", "one"))
        .await;
    assert!(cause(&error.unwrap_err()).contains("cancelled"));
}

#[tokio::test]
async fn a_scrubber_of_one_s_own_works_in_both() {
    let scrubber = || {
        Scrubber::new()
            .keep_field("body")
            .keep_header("x-request-id")
            .then(|exchange| exchange.target = "/anywhere".to_owned())
    };
    let answers = Scripted::new().then(|_| {
        let mut answer = Response::new("{}".into());
        let id = http::HeaderValue::from_static("r1");
        answer.headers_mut().insert("x-request-id", id);
        Ok(answer)
    });
    let recording = Recording::new(answers).scrubber(scrubber());
    read(&recording, send("+919800000001", "Hello"))
        .await
        .unwrap();
    let cassette = recording.cassette();
    let json = cassette.to_json().unwrap();
    assert!(json.contains("Hello") && json.contains("r1"), "{json}");
    assert!(json.contains("/anywhere"), "{json}");

    let replay = Replay::new(cassette).scrubber(scrubber());
    let error = replay
        .execute(send("+919800000001", "Good bye"))
        .await
        .unwrap_err();
    assert!(cause(&error).ends_with("$.messaging_object.text.body"));
    let answer = replay
        .execute(send("+919800000001", "Hello"))
        .await
        .unwrap();
    assert_eq!(answer.headers()["x-request-id"], "r1");
}

#[test]
fn a_cassette_that_can_t_be_read_says_why() {
    let text = |json: &str| Cassette::from_json(json).unwrap_err().to_string();
    assert!(text("[]").contains("not a cassette"));
    assert!(text(r#"{"version":1}"#).contains("not a cassette"));
    assert!(text(r#"{"version":7,"exchanges":"new"}"#).contains("version 7"));
    let missing = Cassette::load("no-such-cassette.json").unwrap_err();
    assert!(missing.source().is_some());
}

#[test]
fn a_cassette_is_kept_in_a_file() {
    let path = std::env::temp_dir().join(format!("kaleyra-wa-{}.json", std::process::id()));
    let json = r#"{"version":1,"exchanges":[{"method":"GET","target":"/","body":{"bytes":0},"outcome":{"response":{"status":200,"body":{"text":"hi"}}}}]}"#;
    let cassette = Cassette::from_json(json).unwrap();
    cassette.save(&path).unwrap();
    let loaded = Cassette::load(&path);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(loaded.unwrap(), cassette);
}

#[cfg(all(feature = "conformance", feature = "reqwest"))]
#[tokio::test]
async fn recording_changes_nothing_of_a_transport() {
    use kaleyra_wa_transport::{ReqwestTransport, conformance};

    let recording = Recording::new(ReqwestTransport::new().unwrap());
    conformance::run(&recording).await.assert_passed();
    assert!(recording.cassette().exchanges.len() > 50);
}
