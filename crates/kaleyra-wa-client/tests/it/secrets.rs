//! The key, phone numbers and texts turn up in no `Debug`, no error and no log.

use std::error::Error as _;
use std::fmt::Write as _;
use std::io;
use std::sync::{LazyLock, Mutex};

use kaleyra_wa_client::transport::{MockTransport, Phase, TransportError, TransportErrorKind};
use kaleyra_wa_client::types::outbound::Image;
use kaleyra_wa_client::{Account, Client, ConfigError, Error, Pod, RetryPolicy, SendMessage};
use serde_json::json;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::fixtures::{KEY, Recording, Responding, answer, client, incoming};

/// As they are written in more than one way, the digits that all ways share.
const SENDER: &str = "8000000001";
const USER: &str = "9800004321";
const TEXT: &str = "canary-text-7a20";
const REFERENCE: &str = "canary-reference-03bf";
const ANSWER: &str = "canary-response-5e6d";
/// In what [`crate::media::quiet`] uploads and downloads.
const MEDIA: &str = "canary-media-c81d";

fn assert_quiet(shown: &str) {
    for canary in [KEY, SENDER, USER, TEXT, REFERENCE, ANSWER, MEDIA] {
        assert!(!shown.contains(canary), "{canary} in {shown}");
    }
}

/// Everything that an error can be made to say.
fn texts(error: &Error) -> String {
    let mut texts = format!("{error} {error:?} {error:#?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        write!(texts, " {error} {error:?} {error:#?}").unwrap();
        cause = error.source();
    }
    texts
}

fn number() -> String {
    format!("+91{USER}")
}

/// What each operation but a send is asked for, with this as what may be secret in it.
async fn administer(client: &Client) -> Vec<(String, Error)> {
    let block = client.block([number()]);
    let unblock = client.unblock([number()]);
    let list = client.blocked_users().after(REFERENCE).limit(5);
    let details = client.phone_number_details();
    let each = client.send_each([number()], TEXT).reference1(REFERENCE);
    let mut found = vec![
        (format!("{block:?}"), block.await.unwrap_err()),
        (format!("{unblock:?}"), unblock.await.unwrap_err()),
        (format!("{list:?}"), list.await.unwrap_err()),
        (format!("{details:?}"), details.await.unwrap_err()),
    ];
    let shown = format!("{each:?}");
    for outcome in each.collect().await {
        found.push((format!("{shown} {outcome:?}"), outcome.result.unwrap_err()));
    }
    found
}

async fn fail(answered: Result<(u16, String), Phase>) -> Error {
    let mut transport = MockTransport::new();
    transport
        .expect_execute()
        .returning(move |_| match &answered {
            Ok((status, body)) => Ok(answer(*status, body)),
            Err(phase) => {
                Err(TransportError::new(*phase, TransportErrorKind::Interrupted).with_body(ANSWER))
            }
        });
    client(transport)
        .send(number(), TEXT)
        .reference(REFERENCE)
        .await
        .unwrap_err()
}

#[test]
fn clients_accounts_and_messages() {
    let client = client(Recording::default());
    let image = Image::link(format!("https://example.com/{TEXT}")).caption(TEXT);
    let reply = incoming(json!({"from": format!("91{USER}"), "text": {"body": TEXT}}));
    let messages: [SendMessage; 3] = [
        client.send(number(), TEXT).reference(REFERENCE),
        client.send(number(), image).reference1(REFERENCE),
        client.reply(&reply, TEXT).reference2(REFERENCE),
    ];
    for message in &messages {
        assert_quiet(&format!("{message:?} {message:#?}"));
    }
    assert!(format!("{:?}", messages[2]).contains("is_reply: Some(true)"));
    assert_quiet(&format!("{client:?} {client:#?} {:?}", client.account()));
    assert!(format!("{client:?}").contains("ApiKey(…)"));
}

#[test]
fn settings_that_are_refused() {
    let account =
        |sid: &str, key: &str, sender: &str| Account::new(Pod::In, sid, key, sender).unwrap_err();
    let errors: [ConfigError; 3] = [
        account(&format!("{KEY}/"), "A-key", "+918000000001"),
        account("HX1", &format!("{KEY}\n"), "+918000000001"),
        account("HX1", "A-key", &format!("91{USER}")),
    ];
    for error in errors {
        assert_quiet(&format!("{error} {error:?}"));
    }
}

#[tokio::test]
async fn errors() {
    let echo = json!({
        "code": format!("{ANSWER} {USER}"),
        "message": ANSWER,
        "data": {},
        "error": {"payload": format!("{TEXT} for {USER} with {KEY}")},
    });
    let misshapen = json!({"code": {USER: TEXT}});
    let head_seen = Phase::Body {
        status: answer(202, "").status(),
    };
    for answered in [
        Ok((400, echo.to_string())),
        Ok((202, echo.to_string())),
        Ok((500, ANSWER.to_owned())),
        // Of somebody else, who may repeat anything.
        Ok((200, format!("<html>{USER} {TEXT} {KEY} {REFERENCE}</html>"))),
        Ok((
            200,
            json!({"success": false, "message": ANSWER, USER: TEXT}).to_string(),
        )),
        Ok((202, format!("{{\"code\":\"WA202\" \"{USER}\":\"{TEXT}\"}}"))),
        Ok((302, ANSWER.to_owned())),
        Ok((202, misshapen.to_string())),
        Ok((400, format!("{USER} is {TEXT}"))),
        Err(Phase::Connect),
        Err(Phase::InFlight),
        Err(head_seen),
    ] {
        assert_quiet(&texts(&fail(answered).await));
    }

    let client = client(Recording::default());
    for message in [
        client.send(USER, TEXT),
        client.send(number(), TEXT).reference(REFERENCE.repeat(20)),
        client.send(number(), Image::link(TEXT)),
    ] {
        assert_quiet(&texts(&message.await.unwrap_err()));
    }
}

#[tokio::test]
async fn administration() {
    let echo = json!({
        "code": format!("{ANSWER} {USER}"), "message": ANSWER,
        "data": {"data": [{"wa_id": USER}], "verified_name": TEXT},
        "error": {"payload": format!("{TEXT} for {USER} with {KEY}")},
    });
    for (status, body) in [
        (200, echo.to_string()),
        (400, echo.to_string()),
        (502, ANSWER.to_owned()),
        (200, format!("{USER} is {TEXT}")),
    ] {
        let client = client(Responding::with_bodies([(status, body)]));
        let found = administer(&client.with_retry(RetryPolicy::never())).await;
        assert_eq!(found.len(), 5);
        for (shown, error) in found {
            assert_quiet(&format!("{shown} {}", texts(&error)));
        }
    }

    let blocked = json!({"code": "WA200", "data": {
        "data": [{"wa_id": format!("91{USER}"), "user_id": format!("IN.{USER}")}],
        "paging": {"cursors": {"after": REFERENCE}},
        "block_users": {"failed_users": [{"input": number(), "errors": [{"code": 7, "message": TEXT}]}]},
        "display_phone_number": number(), "verified_name": TEXT,
    }});
    let client = client(Responding::with([(200, blocked)]));
    let list = client.blocked_users().await.unwrap();
    let update = client.block([number()]).await.unwrap();
    let details = client.phone_number_details().await.unwrap();
    assert_quiet(&format!(
        "{list:?} {:?} {:?}",
        list.users(),
        list.next_page()
    ));
    assert_quiet(&format!("{update:?} {details:?}"));
    let (user, outcome) = update.outcomes().next().unwrap();
    assert_quiet(&format!("{user:?} {outcome}"));
}

static LOG: LazyLock<Mutex<Vec<u8>>> = LazyLock::new(Mutex::default);

struct Log;

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Over real sockets where there are, so that the layers below are heard as well.
#[tokio::test]
async fn logs() {
    // For the whole process: what is logged from other threads counts, and so does what other tests log.
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(|| Log)
        .init();

    assert_quiet(&texts(&fail(Ok((400, ANSWER.to_owned()))).await));
    let accepted = client(Recording::default()).send(number(), TEXT);
    accepted.reference(REFERENCE).await.unwrap();
    let refusing = client(Responding::with_bodies([(400, ANSWER.to_owned())]));
    for (_, error) in administer(&refusing).await {
        assert_quiet(&texts(&error));
    }
    #[cfg(feature = "reqwest")]
    {
        use crate::server::{Server, client_of, nobody};
        let server = Server::responding("500 Internal Server Error", "", ANSWER).await;
        for client in [server.client(), client_of(nobody())] {
            let soon = RetryPolicy::default().longest_wait(std::time::Duration::ZERO);
            let client = client.with_retry(soon);
            for (_, error) in administer(&client).await {
                assert_quiet(&texts(&error));
            }
            let message = client.send(number(), TEXT).reference(REFERENCE);
            message.await.unwrap_err();
        }
        let requests = server.requests().concat();
        assert!(
            requests.contains(TEXT) && requests.contains(REFERENCE),
            "it did go out"
        );
    }

    #[cfg(all(feature = "reqwest", feature = "tokio"))]
    for error in crate::media::quiet::exercise().await {
        assert_quiet(&texts(&error));
    }

    let log = String::from_utf8(LOG.lock().unwrap().clone()).unwrap();
    #[cfg(feature = "reqwest")]
    assert!(log.contains(" reqwest::"), "the layers below are heard");
    for noted in [
        "kaleyra_wa.send{",
        "kaleyra_wa.block{",
        "kaleyra_wa.unblock{",
        "kaleyra_wa.blocked_users{",
        "kaleyra_wa.phone_number_details{",
        r#"kaleyra_wa.operation="send""#,
        r#"http.request.method="POST""#,
        r#"server.address="api.in.kaleyra.io""#,
        r#"url.template="/v2/{sid}/whatsapp/{sender}/messages""#,
        "http.response.status_code=400",
        r#"error.type="400""#,
        "http.response.status_code=202",
        "server.port=443",
        r#"kaleyra_wa.delivery="rejected""#,
        r#"kaleyra_wa.delivery="accepted""#,
    ] {
        assert!(log.contains(noted), "{noted} not in {log}");
    }
    assert_quiet(&log);
}
