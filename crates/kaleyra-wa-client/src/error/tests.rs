//! What an error says, row by row: every documented code and every kind, for each sort of request.

use std::time::Duration;

use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_transport::http::{self, HeaderValue};
use kaleyra_wa_transport::{OperationClass, Phase, TransportError, TransportErrorKind};
use kaleyra_wa_types::error_code::ErrorClass as CodeClass;
use kaleyra_wa_types::response::ApiFailure;

use super::{Cause, Delivery, Error, ErrorKind, ReceivedResponse, Subject};
use crate::NoRecipient;

const HTML: &str = "<html><title>Bad Gateway</title></html>";
const DOUBT: [(Subject, &str); 6] = [
    (
        Subject::Message(true),
        "it may have been sent: look for its reference in the callbacks before sending again",
    ),
    (
        Subject::Message(false),
        "it may have been sent, and without a reference no callback can prove it: don't send it again blindly",
    ),
    (
        Subject::File,
        "it may have been stored: upload it again, an unused copy does no harm",
    ),
    (
        Subject::ReadMark,
        "it may have been done: do it again, a second read mark does no harm",
    ),
    (
        Subject::Blocklist,
        "it may have been done: do it again, or check the list of blocked users",
    ),
    (Subject::Query, "try again later"),
];

fn answered(status: u16, body: &'static str, wait: Option<&'static str>) -> Cause {
    let mut response = http::Response::new(Bytes::from_static(body.as_bytes()));
    *response.status_mut() = status.try_into().unwrap();
    if let Some(wait) = wait {
        let headers = response.headers_mut();
        headers.insert(http::header::RETRY_AFTER, HeaderValue::from_static(wait));
    }
    Cause::of_response(response)
}

fn error(subject: Subject, cause: Cause) -> Error {
    Error::new(cause, OperationClass::Send, 1).about(subject)
}

fn line(subject: Subject, status: u16, body: &'static str) -> String {
    error(subject, answered(status, body, None)).to_string()
}

/// The same whatever the request was about.
fn same(status: u16, body: &'static str, expected: &str) {
    for (subject, _) in DOUBT {
        assert_eq!(line(subject, status, body), expected);
    }
}

/// What comes before the advice is the same; the advice is what doubt asks for.
fn doubtful(status: u16, body: &'static str, expected: &str) {
    for (subject, advice) in DOUBT {
        let error = error(subject, answered(status, body, None));
        assert_eq!(error.delivery(), Delivery::Indeterminate);
        assert_eq!(error.to_string(), format!("{expected}; {advice}"));
    }
}

fn refused_message(status: u16, advice: &str) {
    assert_eq!(
        line(Subject::Message(true), status, ""),
        format!("HTTP status {status}: the server refused the message; {advice}")
    );
}

#[test]
fn documented_codes() {
    same(
        401,
        r#"{"code":"RBC001","data":[],"error":{"error":"Incorrect SID or API key."}}"#,
        "RBC001: the SID or the API key is wrong; compare both with the console, and the pod with the account's region",
    );
    same(
        401,
        r#"{"code":"WA401","data":{},"error":{"phone_number":"Phone number is not present"}}"#,
        "WA401: the sender's number is not in the account; use a WhatsApp number of this account, with its country code",
    );
    let account = r#"{"code":"WA-401","data":{},"error":{"account":"API is not available"}}"#;
    for (subject, _) in DOUBT {
        let expected = match subject {
            Subject::File => {
                "WA-401: this type of account may not upload files; only postpaid accounts may; \
                 send the file by a public link, or ask Kaleyra's support about the account"
            }
            _ => {
                "WA-401: this type of account may not use the API; ask Kaleyra's support to enable the API"
            }
        };
        assert_eq!(line(subject, 401, account), expected);
    }
    same(
        401,
        r#"{"code":"WA-401","data":{},"error":{"phone_number":"different Version"}}"#,
        "WA-401: the sender's number is on another version of the WhatsApp API; ask Kaleyra's support to move the number to V2",
    );
    for body in [
        r#"{"code":"WA-401","data":{},"error":{}}"#,
        r#"{"code":"WA-401"}"#,
        r#"{"code":"WA-401","error":{"other":"text"}}"#,
    ] {
        same(
            401,
            body,
            "WA-401: the account may not use this API, or its number is on another version of it; \
             ask Kaleyra's support whether the account may use API V2 and whether the number is on it",
        );
    }
    same(
        400,
        r#"{"code":"E110","error":{"balance":"You have a low balance!"}}"#,
        "E110: the account's balance is too low; top up the account",
    );
    same(
        400,
        r#"{"code":"WAV2101"}"#,
        "WAV2101: the account's daily limit is reached; \
         wait until the day is over, or ask Kaleyra's support for a higher limit",
    );
    same(
        400,
        r#"{"code":"E13001","error":{"to":"Invalid"}}"#,
        "E13001: the request is not as API V1 wants it; \
         check the base URL and the number: API V1 responded, and this client speaks V2",
    );
    doubtful(
        500,
        r#"{"code":"WA500","error":{"error":"Internal server error"}}"#,
        "WA500: Kaleyra had an internal error",
    );
}

#[test]
fn an_incorrect_payload() {
    let body = r#"{"code":"WA400","error":{"payload":"Incorrect payload format"}}"#;
    for (subject, advice) in [
        (
            Subject::Message(true),
            "check the message's type and its fields",
        ),
        (
            Subject::File,
            "check the file's type, and that it is not empty",
        ),
        (
            Subject::ReadMark,
            "check the message id: it must be one from a callback, such as wamid.…",
        ),
        (Subject::Blocklist, "check the users' numbers"),
        (
            Subject::Query,
            "check the sender's number and the request's parameters",
        ),
    ] {
        assert_eq!(
            line(subject, 400, body),
            format!("WA400: Kaleyra did not understand the payload; {advice}")
        );
    }
}

#[test]
fn too_many_requests() {
    for (subject, again) in [
        (Subject::Message(true), "sending again"),
        (Subject::File, "uploading it again"),
        (Subject::Query, "asking again"),
        (Subject::Blocklist, "trying again"),
        (Subject::ReadMark, "trying again"),
    ] {
        let body = r#"{"code":"WA429","data":{}}"#;
        assert_eq!(
            line(subject, 429, body),
            format!("WA429: too many requests; wait 5 minutes before {again}")
        );
        assert_eq!(
            line(subject, 429, ""),
            format!("HTTP status 429: too many requests; wait before {again}")
        );
        for body in [body, HTML, ""] {
            let error = error(subject, answered(429, body, Some("7")));
            assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
            let text = error.to_string();
            let expected = format!("too many requests; wait 7 s before {again}");
            assert!(text.ends_with(&expected), "{text}");
        }
    }
}

#[test]
fn answers_without_a_code() {
    doubtful(502, "", "HTTP status 502: the server failed");
    let gateway = "HTTP status 502: the server failed, or a gateway in front of it";
    doubtful(502, HTML, gateway);
    doubtful(408, HTML, "HTTP status 408: the server gave up waiting");
    same(
        403,
        HTML,
        "HTTP status 403: access denied, but not by Kaleyra; \
         check the SID and the base URL, and whether a proxy or a firewall responded",
    );
    same(
        407,
        "",
        "HTTP status 407: the proxy requires a user name and a password; set them in the transport's proxy URL",
    );
    same(
        413,
        HTML,
        "HTTP status 413: too large for the server; make it smaller",
    );
    same(
        307,
        "",
        "HTTP status 307: a redirect, which is never followed because it would take the key along; check the base URL",
    );
    for status in [302, 303] {
        // The same the next time, so asking again is no advice.
        assert_eq!(
            line(Subject::Query, status, ""),
            format!(
                "HTTP status {status}: a redirect, which is never followed because it would take the key along; check the base URL"
            )
        );
    }
    refused_message(402, "check the account's balance");
    refused_message(409, "wait a little before trying again");
    for (subject, refused) in [
        (Subject::Message(true), "the server refused the message"),
        (Subject::File, "the server refused the file"),
        (Subject::Query, "the server refused the request"),
        (Subject::Blocklist, "the server refused the request"),
    ] {
        assert_eq!(
            line(subject, 404, ""),
            format!("HTTP status 404: {refused}; check the base URL")
        );
        assert_eq!(
            line(subject, 404, HTML),
            format!(
                "HTTP status 404: {refused}; \
                 check the base URL, and any proxy or firewall on the way: the response is not Kaleyra's"
            )
        );
        // A code of tomorrow, and a text in its place that is not repeated.
        assert_eq!(
            line(subject, 400, r#"{"code":"WA477"}"#),
            format!("WA477: {refused}; the message in the response says why")
        );
        assert_eq!(
            line(subject, 400, r#"{"code":"call +14155550123"}"#),
            format!("HTTP status 400: {refused}; the message in the response says why")
        );
    }
}

#[test]
fn successes_that_are_none() {
    let refused = r#"{"code":"RBC001","data":[]}"#;
    let meaning = "HTTP status 200 with code RBC001: the SID or the API key is wrong";
    for (subject, doubt) in DOUBT {
        let advice = match subject {
            Subject::Message(_) => doubt,
            _ => "compare both with the console, and the pod with the account's region",
        };
        assert_eq!(line(subject, 200, refused), format!("{meaning}; {advice}"));
    }
    doubtful(
        200,
        r#"{"code":"X1"}"#,
        "HTTP status 200 with code X1: a success whose body names a failure",
    );
    let read = [
        (
            Subject::Message(true),
            "accepted with HTTP status 202, but its id is unknown because the response can't be read: don't send it again",
        ),
        (
            Subject::File,
            "stored with HTTP status 202, but its id is unknown because the response can't be read: upload it again",
        ),
        (
            Subject::ReadMark,
            "done with HTTP status 202, though the response can't be read: nothing needs to be done",
        ),
        (
            Subject::Blocklist,
            "accepted with HTTP status 202, but the response can't be read: check the list of blocked users",
        ),
        (
            Subject::Query,
            "HTTP status 202, but the response can't be read; try again later",
        ),
    ];
    // As the documentation prints it.
    let printed = "{\"code\":\"WA202\"\n\"message\":\"Request Accepted\"}";
    for (subject, expected) in read {
        assert_eq!(line(subject, 202, printed), expected);
        assert_eq!(line(subject, 202, ""), expected);
    }
    let foreign = "HTTP status 200: a success that is not Kaleyra's: a proxy, a firewall or another server responded";
    for body in [
        HTML,
        r#"{"success":false}"#,
        r#"{"message":"Forbidden"}"#,
        "OK",
    ] {
        for (subject, doubt) in DOUBT {
            let advice = match subject {
                Subject::Query => "check the base URL, and any proxy or firewall on the way",
                _ => doubt,
            };
            let error = error(subject, answered(200, body, None));
            assert_eq!(error.delivery(), Delivery::Indeterminate);
            assert_eq!(error.to_string(), format!("{foreign}; {advice}"));
        }
    }
}

#[test]
fn without_an_answer() {
    use TransportErrorKind::{
        Connect, InsecureUrl, Interrupted, InvalidRequest, Other, Timeout, UnreadableBody,
    };
    for (kind, expected) in [
        (
            Connect,
            "could not connect: check the base URL, the network and the proxy",
        ),
        (
            Timeout,
            "connecting timed out: check the network, the proxy and the firewall",
        ),
        (
            Interrupted,
            "the connection broke off while connecting: check the network and the proxy",
        ),
        (
            Other,
            "the transport failed before it was connected: see the error's source",
        ),
        (
            InsecureUrl,
            "plain http to another machine is refused: use an https URL",
        ),
        (
            InvalidRequest,
            "the request can't be sent as it is: check the base URL, and that the transport knows this kind of body",
        ),
        (
            UnreadableBody,
            "the request body could not be read to its end: check that the file exists and does not change",
        ),
    ] {
        for (subject, _) in DOUBT {
            let cause = Cause::of_transport(TransportError::new(Phase::Connect, kind));
            let error = error(subject, cause);
            assert_eq!(error.delivery(), Delivery::NotSent);
            assert_eq!(error.to_string(), format!("{expected}; nothing was sent"));
        }
    }
    for (subject, advice) in DOUBT {
        let cause = |kind| Cause::of_transport(TransportError::new(Phase::InFlight, kind));
        let timeout = error(subject, cause(Timeout));
        assert_eq!(timeout.kind(), ErrorKind::Timeout);
        assert_eq!(
            timeout.to_string(),
            format!("a time limit passed; {advice}")
        );
        assert_eq!(
            error(subject, cause(Interrupted)).to_string(),
            format!("the connection broke off before the end of the response; {advice}")
        );
    }
    let nobody = Cause::NoRecipient(NoRecipient::new("the customer has no number"));
    assert_eq!(
        error(Subject::Message(false), nobody).to_string(),
        "not sent: the customer has no number"
    );
}

/// What every documented failure's class is, and that nothing is said where nothing is known.
#[test]
fn when_the_same_may_work() {
    let minutes = |minutes: u64| Some(CodeClass::Wait(Duration::from_secs(minutes * 60)));
    for (status, body, expected) in [
        (401, r#"{"code":"RBC001"}"#, Some(CodeClass::FixFirst)),
        (401, r#"{"code":"WA401"}"#, Some(CodeClass::FixFirst)),
        (401, r#"{"code":"WA-401"}"#, Some(CodeClass::FixFirst)),
        (400, r#"{"code":"E110"}"#, Some(CodeClass::FixFirst)),
        (400, r#"{"code":"WA400"}"#, Some(CodeClass::Never)),
        (400, r#"{"code":"E13001"}"#, Some(CodeClass::Never)),
        (400, r#"{"code":"WAV2101"}"#, minutes(24 * 60)),
        (429, r#"{"code":"WA429"}"#, minutes(5)),
        (500, r#"{"code":"WA500"}"#, minutes(5)),
        (400, r#"{"code":"WA477"}"#, None),
        (429, "", None),
        (502, HTML, None),
        (202, "", None),
    ] {
        let error = error(Subject::Message(true), answered(status, body, None));
        assert_eq!(error.class(), expected, "{body}");
        assert_eq!(error.retry_after(), None);
    }
    for failure in ApiFailure::ALL {
        let response = serde_json::to_vec(&failure.response()).unwrap();
        let response = http::Response::builder()
            .status(failure.status())
            .body(Bytes::from(response))
            .unwrap();
        let error = error(Subject::Message(true), Cause::of_response(response));
        assert_eq!(error.failure(), Some(failure));
        assert!(error.class().is_some(), "{error}");
    }
}

#[test]
fn every_line_is_one_and_has_no_full_stop() {
    let bodies = [
        "",
        HTML,
        r#"{"code":"RBC001"}"#,
        r#"{"code":"WA500"}"#,
        r#"{"error":"x"}"#,
    ];
    for status in 100..=599 {
        for body in bodies {
            for (subject, _) in DOUBT {
                let text = line(subject, status, body);
                assert_eq!(text.lines().count(), 1, "{text}");
                assert!(!text.ends_with('.') && text.len() < 220, "{text}");
            }
        }
    }
    let cut = ReceivedResponse::broken(
        http::StatusCode::OK,
        TransportError::new(
            Phase::Body {
                status: http::StatusCode::OK,
            },
            TransportErrorKind::BodyTooLarge,
        ),
    );
    assert_eq!(
        error(Subject::Query, Cause::Response(cut)).to_string(),
        "HTTP status 200, but the response is larger than any response of this API; try again later"
    );
}
