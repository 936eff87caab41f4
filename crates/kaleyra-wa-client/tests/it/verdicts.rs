//! The verdict table, row by row.

use std::error::Error as _;
use std::time::Duration;

use kaleyra_wa_client::transport::http::StatusCode;
use kaleyra_wa_client::transport::{MockTransport, Phase, TransportError, TransportErrorKind};
use kaleyra_wa_client::{Delivery, Error, ErrorKind, RetryPolicy};

use crate::fixtures::{ACCEPTED, USER, answer, client};

const LOOK_FIRST: &str =
    "it may have been sent: look for its reference in the callbacks before sending again";

async fn answered(status: u16, body: &'static str) -> Error {
    let mut transport = MockTransport::new();
    transport
        .expect_execute()
        .times(1)
        .returning(move |_| Ok(answer(status, body)));
    client(transport).send(USER, "Hello").await.unwrap_err()
}

async fn broken(phase: Phase, body: &'static str) -> Error {
    let mut transport = MockTransport::new();
    transport.expect_execute().times(1).returning(move |_| {
        let error = TransportError::new(phase, TransportErrorKind::Interrupted);
        Err(error.with_body(body).with_source("below"))
    });
    let client = client(transport).with_retry(RetryPolicy::never());
    client.send(USER, "Hello").await.unwrap_err()
}

fn body_of(status: u16) -> Phase {
    Phase::Body {
        status: StatusCode::from_u16(status).unwrap(),
    }
}

/// What every status means, whether the body came or not.
#[tokio::test]
async fn by_status() {
    use Delivery::{Accepted, Indeterminate, Rejected};
    for (status, kind, delivery) in [
        (101, ErrorKind::UnexpectedResponse, Indeterminate),
        (200, ErrorKind::UnreadableResponse, Accepted),
        (202, ErrorKind::UnreadableResponse, Accepted),
        (204, ErrorKind::UnreadableResponse, Accepted),
        (301, ErrorKind::Redirect, Rejected),
        (302, ErrorKind::Redirect, Indeterminate),
        (303, ErrorKind::Redirect, Indeterminate),
        (307, ErrorKind::Redirect, Rejected),
        (308, ErrorKind::Redirect, Rejected),
        (400, ErrorKind::Rejected, Rejected),
        (401, ErrorKind::Rejected, Rejected),
        (404, ErrorKind::Rejected, Rejected),
        (408, ErrorKind::Server, Indeterminate),
        (413, ErrorKind::Rejected, Rejected),
        (425, ErrorKind::Rejected, Rejected),
        (429, ErrorKind::Rejected, Rejected),
        (499, ErrorKind::Server, Indeterminate),
        (500, ErrorKind::Server, Indeterminate),
        (502, ErrorKind::Server, Indeterminate),
        (504, ErrorKind::Server, Indeterminate),
        (999, ErrorKind::UnexpectedResponse, Indeterminate),
    ] {
        // What is somebody else's, or may be, proves nothing where it comes with a success.
        for body in ["<html>Bad gateway</html>", "[]", "{}", "null"] {
            let foreign = answered(status, body).await;
            let expected = match delivery {
                Accepted => (ErrorKind::UnexpectedResponse, Indeterminate),
                _ => (kind, delivery),
            };
            assert_eq!(
                (foreign.kind(), foreign.delivery()),
                expected,
                "{status} {body}"
            );
        }
        for error in [
            answered(status, "").await,
            broken(body_of(status), r#"{"code":"#).await,
            broken(body_of(status), "<html>").await,
        ] {
            assert_eq!(
                (error.kind(), error.delivery()),
                (kind, delivery),
                "{status}"
            );
            assert_eq!(error.status().unwrap().as_u16(), status);
            assert_eq!(error.attempts(), 1);
            assert_eq!(error.to_string().lines().count(), 1);
            assert!(error.body().is_some());
            assert!(error.source().is_some(), "why it is unreadable");
        }
    }
}

#[tokio::test]
async fn by_phase() {
    let error = broken(Phase::Connect, "").await;
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Transport, Delivery::NotSent)
    );
    assert!(error.to_string().ends_with("nothing was sent"), "{error}");
    assert_eq!(error.transport_error().unwrap().phase(), Phase::Connect);
    assert_eq!(error.source().unwrap().to_string(), "below");
    assert_eq!(error.attempts(), 1);

    let error = broken(Phase::InFlight, "").await;
    assert_eq!(
        (error.kind(), error.delivery()),
        (ErrorKind::Transport, Delivery::Indeterminate)
    );
    assert!(error.status().is_none() && error.body().is_none());

    let error = broken(body_of(202), r#"{"code":"WA202","da"#).await;
    assert_eq!(error.body().unwrap(), r#"{"code":"WA202","da"#);
    assert_eq!(error.transport_error().unwrap().phase(), body_of(202));
}

#[tokio::test]
async fn accepted_without_an_id_says_not_to_send_again() {
    for body in [
        "",
        " \n",
        r#"{"code":"WA202"}"#,
        r#"{"code":"WA202","data":{"message_id":""}}"#,
        r#"{"code":"WA202","data":[]}"#,
        r#"{"code":"WA299","data":{}}"#,
        r#"{"code":"WA202","data":{},"error":{}}"#,
        r#"{"code":"WA202","data":{},"error":[]}"#,
        r#"{"code":"WA202","data":{},"error":null}"#,
        r#"{"data":{}}"#,
    ] {
        let error = answered(202, body).await;
        assert_eq!(error.kind(), ErrorKind::UnreadableResponse, "{body}");
        assert_eq!(error.delivery(), Delivery::Accepted, "{body}");
        assert_eq!(error.body().unwrap(), body);
        assert_eq!(
            error.to_string(),
            "accepted with HTTP status 202, but its id is unknown because the response can't be read: don't send it again"
        );
    }
}

/// Kaleyra's, though no parser takes it.
#[tokio::test]
async fn a_success_of_kaleyra_s_that_can_t_be_read_is_accepted() {
    for body in [
        "{\n\"code\":\"WA202\"\n\"message\":\"Request Accepted\",\n\"data\":{\n\"message_id\":\"AX1\"\n}\n\"error\":{}\n}",
        "\u{feff}{ \"code\" : \"WA202\", \"data\": {\"message_id\": \"AX",
        r#"[{"code":"WA202","data":{"message_id":"AX1"}}]"#,
    ] {
        let error = answered(202, body).await;
        assert_eq!(error.delivery(), Delivery::Accepted, "{body}");
        assert_eq!(error.kind(), ErrorKind::UnreadableResponse, "{body}");
    }
}

/// A gateway that makes a string of the envelope hides nothing.
#[tokio::test]
async fn an_envelope_in_a_string_is_read() {
    let body = r#""{\"code\":\"WA202\",\"data\":{\"message_id\":\"AX1\"}}""#;
    let mut transport = MockTransport::new();
    transport
        .expect_execute()
        .times(1)
        .returning(move |_| Ok(answer(202, body)));
    let sent = client(transport).send(USER, "Hello").await.unwrap();
    assert_eq!(sent.message_id().as_str(), "AX1");
}

/// A firewall, a hotel's network or another API answered, and Kaleyra may never have been asked.
#[tokio::test]
async fn a_success_in_other_words_than_kaleyra_s_proves_nothing() {
    for body in [
        "<!DOCTYPE html><html><title>Blocked</title></html>",
        "<html><pre>{\"code\":\"WA202\"}</pre></html>",
        "OK",
        "0",
        "true",
        "{\"code\":\"WA400\" \"message\":\"no commas\"}",
        r#"{"success":false,"error":{}}"#,
        r#"{"success":false,"message":"blocked by policy"}"#,
        r#"{"success":true}"#,
        r#"{"status":"ok"}"#,
        r#"{"message":"Forbidden"}"#,
        r#"{"data":{"id":7}}"#,
        r#"["WA202"]"#,
        r#""queued""#,
    ] {
        for status in [200, 202, 203] {
            let error = answered(status, body).await;
            assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{body}");
            assert_eq!(error.delivery(), Delivery::Indeterminate, "{body}");
            assert_eq!(error.body().unwrap(), body);
            assert_eq!(
                error.to_string(),
                format!(
                    "HTTP status {status}: a success that is not Kaleyra's: a proxy, a firewall or another server responded; {LOOK_FIRST}"
                )
            );
        }
    }
}

#[tokio::test]
async fn an_id_in_a_broken_answer_is_not_trusted_but_kept() {
    let error = broken(body_of(202), ACCEPTED).await;
    assert_eq!(error.delivery(), Delivery::Accepted);
    assert_eq!(
        error.response().unwrap().message_id().unwrap().as_str(),
        "AX1"
    );
}

#[tokio::test]
async fn a_success_that_names_a_failure_is_settled_by_neither() {
    let body = r#"{"code":"E110","message":"Low balance","data":{},"error":{}}"#;
    let error = answered(202, body).await;
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
    assert_eq!(error.delivery(), Delivery::Indeterminate);
    assert_eq!(error.body().unwrap(), body);
    assert_eq!(
        error.to_string(),
        format!("HTTP status 202 with code E110: the account's balance is too low; {LOOK_FIRST}")
    );
}

/// Sent again it could be there twice: a gateway may have put its own status on the response of the server behind it.
#[tokio::test]
async fn a_refusal_that_names_a_success_is_settled_by_neither() {
    for body in [
        ACCEPTED,
        r#"{"code":"WA202"}"#,
        r#"{"data":{"message_id":"AX1"}}"#,
    ] {
        for status in [307, 400, 401, 413, 429] {
            for error in [
                answered(status, body).await,
                broken(body_of(status), body).await,
            ] {
                assert_eq!(
                    error.kind(),
                    ErrorKind::UnexpectedResponse,
                    "{status} {body}"
                );
                assert_eq!(error.delivery(), Delivery::Indeterminate, "{status} {body}");
                assert!(error.to_string().ends_with(LOOK_FIRST), "{error}");
            }
        }
    }
    assert_eq!(
        answered(400, r#"{"data":{"message_id":"AX1"}}"#)
            .await
            .to_string(),
        format!("HTTP status 400: a refusal whose body names a success; {LOOK_FIRST}")
    );
    // An id does not outweigh the code of a refusal.
    let body = r#"{"code":"WA400","data":{"message_id":"AX1"}}"#;
    assert_eq!(answered(400, body).await.delivery(), Delivery::Rejected);
}

#[tokio::test]
async fn an_internal_error_is_no_refusal_whatever_its_status() {
    for status in [400, 401, 429, 500, 503] {
        let error = answered(status, r#"{"code":"WA500","data":{},"error":{}}"#).await;
        assert_eq!(error.kind(), ErrorKind::Server, "{status}");
        assert_eq!(error.delivery(), Delivery::Indeterminate, "{status}");
        assert_eq!(
            error.to_string(),
            format!("WA500: Kaleyra had an internal error; {LOOK_FIRST}")
        );
    }
}

/// It has no id that could prove the contrary.
#[tokio::test]
async fn a_read_mark_is_not_done_where_the_answer_names_a_failure() {
    for (body, is_done) in [
        (ACCEPTED, true),
        ("", true),
        (r#"{"code":"WA202","data":{},"error":{}}"#, true),
        (r#"{"code":"WA400","data":{},"error":{}}"#, false),
        (r#"{"code":"WA202","error":{"payload":"Incorrect"}}"#, false),
        (r#"{"error":{"payload":"Incorrect"}}"#, false),
        ("{\"code\":\"WA202\"\n\"data\":{}}", true),
        // Meta's own.
        (r#"{"success":true}"#, true),
        (r#"{"success":false}"#, false),
        (r#"{"success":true,"code":"E110"}"#, false),
        ("<html>Blocked</html>", false),
    ] {
        let mut transport = MockTransport::new();
        transport
            .expect_execute()
            .times(1)
            .returning(move |_| Ok(answer(202, body)));
        let outcome = client(transport).mark_read("wamid.A").await;
        let verdict = outcome.map_err(|error| error.delivery());
        let expected = if is_done {
            Ok(())
        } else {
            Err(Delivery::Indeterminate)
        };
        assert_eq!(verdict, expected, "{body}");
    }
}

/// Neither known codes nor known statuses are all that there are: what is not a plain success is not called one.
#[tokio::test]
async fn a_success_that_names_an_unknown_failure_is_not_called_accepted() {
    for body in [
        r#"{"code":"E13001","message":"Invalid","data":{},"error":{"to":"Invalid number"}}"#,
        r#"{"code":"E13001","data":[],"error":[]}"#,
        r#"{"code":"WAV2101","data":{}}"#,
        r#"{"code":"WA429","data":{}}"#,
        r#"{"code":"WA202","data":{},"error":{"to":"Invalid number"}}"#,
        r#"{"code":"WA202","data":{},"error":["Invalid number"]}"#,
        r#"{"data":{},"error":"Invalid number"}"#,
        r#"{"error":{"to":"Invalid number"}}"#,
    ] {
        for error in [answered(200, body).await, broken(body_of(200), body).await] {
            assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{body}");
            assert_eq!(error.delivery(), Delivery::Indeterminate, "{body}");
            assert_eq!(error.body().unwrap(), body);
            assert!(error.to_string().ends_with(LOOK_FIRST), "{error}");
        }
    }
    assert_eq!(
        answered(200, r#"{"code":"E13001","error":{"to":"Invalid number"}}"#)
            .await
            .to_string(),
        format!(
            "HTTP status 200 with code E13001: the request is not valid for API V1; {LOOK_FIRST}"
        )
    );
}

#[tokio::test]
async fn an_id_beside_the_code_of_a_failure_is_not_sent() {
    for code in ["E110", "WA500", "E13001", "WA-202", "202"] {
        let body = format!(r#"{{"code":"{code}","data":{{"message_id":"AX1"}},"error":{{}}}}"#);
        let error = answered(202, body.leak()).await;
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{code}");
        assert_eq!(error.delivery(), Delivery::Indeterminate, "{code}");
        let id = error.response().unwrap().message_id().unwrap();
        assert_eq!(id.as_str(), "AX1", "it is kept for who wants to look");
    }
}

#[tokio::test]
async fn an_id_with_a_code_of_a_success_or_none_is_sent() {
    for body in [
        r#"{"code":"WA200","data":{"message_id":"AX1"}}"#,
        r#"{"code":"WA209","data":{"message_id":"AX1"}}"#,
        r#"{"code":"","data":{"message_id":"AX1"}}"#,
        r#"{"data":{"message_id":"AX1"}}"#,
    ] {
        let mut transport = MockTransport::new();
        transport
            .expect_execute()
            .returning(move |_| Ok(answer(200, body)));
        let sent = client(transport).send(USER, "Hello").await.unwrap();
        assert_eq!(sent.message_id().as_str(), "AX1", "{body}");
    }
}

/// What a program ends with whose `main` returns the error.
#[tokio::test]
async fn debug_begins_with_the_line_and_leaves_out_what_is_not_there() {
    let error = answered(401, r#"{"code":"RBC001","data":[],"error":{}}"#).await;
    assert_eq!(
        format!("{error:?}"),
        format!(r#"Error {{ Rejected: "{error}", status: 401, attempts: 1 }}"#)
    );
    let error = broken(Phase::Connect, "").await;
    assert_eq!(
        format!("{error:?}"),
        format!(r#"Error {{ Transport: "{error}", source: "below", attempts: 1 }}"#)
    );
    let error = client(MockTransport::new())
        .send("98000", "Hello")
        .await
        .unwrap_err();
    assert_eq!(
        format!("{error:?}"),
        format!(r#"Error {{ InvalidRecipient: "{error}", attempts: 0 }}"#)
    );
}

#[tokio::test]
async fn the_line_says_what_to_do_where_no_code_does() {
    async fn check(status: u16, body: &'static str, expected: &str) {
        assert_eq!(answered(status, body).await.to_string(), expected);
    }
    check(
        404,
        "",
        "HTTP status 404: the server refused the message; check the base URL",
    )
    .await;
    check(
        503,
        "",
        &format!("HTTP status 503: the server failed; {LOOK_FIRST}"),
    )
    .await;
    check(
        408,
        "",
        &format!("HTTP status 408: the server gave up waiting; {LOOK_FIRST}"),
    )
    .await;
    check(
        307,
        "",
        "HTTP status 307: a redirect, which is never followed because it would take the key along; check the base URL",
    )
    .await;
    check(
        429,
        r#"{"code":"WA429"}"#,
        "WA429: too many requests; wait 5 minutes before sending again",
    )
    .await;
    // A text in place of a code is not repeated.
    check(
        400,
        r#"{"code":"call +14155550123"}"#,
        "HTTP status 400: the server refused the message; the message in the response says why",
    )
    .await;
}

#[tokio::test]
async fn the_hint_how_long_to_wait_is_passed_on_and_not_slept_on() {
    for (hint, seconds) in [
        ("7", Some(7)),
        ("0", Some(0)),
        ("Fri, 20 Nov 2026 10:00:00 GMT", None),
        ("-1", None),
        ("rubbish", None),
        ("18446744073709551615", None),
    ] {
        let mut transport = MockTransport::new();
        transport.expect_execute().times(1).returning(move |_| {
            let mut answer = answer(429, "");
            answer
                .headers_mut()
                .insert("retry-after", hint.parse().unwrap());
            Ok(answer)
        });
        let error = client(transport).send(USER, "Hello").await.unwrap_err();
        assert_eq!(
            error.retry_after(),
            seconds.map(Duration::from_secs),
            "{hint}"
        );
        assert_eq!(
            error.to_string().contains("wait 7 s"),
            seconds == Some(7),
            "{error}"
        );
    }
}
