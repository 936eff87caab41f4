//! Whatever goes wrong, at most one copy goes out, and the verdict says what became of it.
//!
//! The outcome is a table, which stands in `docs/sending.md`, too: this test prints it, and fails if the two differ.

use std::fmt::Write;
use std::time::Duration;

use kaleyra_wa_client::{Account, BaseUrl, Client, Delivery, Error, MediaFile, RetryPolicy};
use kaleyra_wa_transport::ReqwestTransport;
use kaleyra_wa_types::inbound::{Callback, Message};

use crate::fault_server::{Fault, FaultServer};
use crate::layers::{LATER, Layer, Layered};

const OPERATIONS: [Operation; 4] = [
    Operation::Send,
    Operation::Reply,
    Operation::Upload,
    Operation::MarkRead,
];

#[derive(Clone, Copy, Debug)]
enum Operation {
    Send,
    Reply,
    Upload,
    MarkRead,
}

impl Operation {
    fn name(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Reply => "reply",
            Self::Upload => "upload",
            Self::MarkRead => "mark read",
        }
    }

    async fn run(self, client: &Client) -> Result<(), Error> {
        match self {
            Self::Send => client.send("+919800000001", "Hello").await.map(drop),
            Self::Reply => client.reply(&incoming(), "Hello").await.map(drop),
            Self::Upload => {
                // Large enough to be on its way for a while.
                let photo = MediaFile::bytes("photo.jpg", vec![b'x'; 2 * 1024 * 1024]);
                client.upload(photo).await.map(drop)
            }
            Self::MarkRead => client.mark_read("wamid.A").await,
        }
    }
}

fn incoming() -> Message {
    let callback = br#"{"meta_object": {"field": "messages", "value": {"messages": [
        {"from": "919800000001", "id": "wamid.A", "type": "text", "text": {"body": "Hello?"}}
    ]}}}"#;
    let callback = Callback::from_slice(callback).unwrap();
    callback.messages().next().unwrap().clone()
}

/// A row of the table.
struct Row {
    name: &'static str,
    /// What the server does; `None` where there is none to be reached.
    fault: Option<Fault>,
    /// Where the client looks for it, with `{}` for the server's address.
    base_url: &'static str,
    /// What is between the client and the wire.
    layer: Option<Layer>,
    verdict: Delivery,
}

fn row(name: &'static str, fault: Fault, verdict: Delivery) -> Row {
    Row {
        name,
        fault: Some(fault),
        base_url: "http://{}",
        layer: None,
        verdict,
    }
}

fn answer(status: &str, headers: &str, body: &str) -> Fault {
    let length = body.len();
    Fault::Respond(format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n{body}"
    ))
}

/// The body of the 202 as the documentation prints it: two commas are missing.
const PRINTED: &str = "{\n\"code\":\"WA202\"\n\"message\":\"Request Accepted\",\n\"data\":{\n\"message_id\":\"AX1\"\n}\n\"error\":{}\n}";
const WA400: &str = r#"{"code":"WA400","message":"Refer to correct payload format","data":{},"error":{"payload":"Incorrect payload format"}}"#;
const WA202: &str =
    r#"{"code":"WA202","message":"Request Accepted","data":{"message_id":"AX1"},"error":{}}"#;
const HALF: &str = "HTTP/1.1 413 Content Too Large\r\ncontent-length: 500\r\n\r\n<html>";
const CUT: &str = "HTTP/1.1 202 Accepted\r\ncontent-length: 500\r\n\r\n{\"code\":\"WA202\",\"da";

fn rows(elsewhere: &str) -> Vec<Row> {
    use Delivery::{Accepted, Indeterminate, NotSent, Rejected};
    let location = format!("location: {elsewhere}\r\n");
    let without_server = |name, base_url| Row {
        name,
        fault: None,
        base_url,
        layer: None,
        verdict: NotSent,
    };
    vec![
        without_server("connection refused", "http://127.0.0.1:9"),
        without_server("name unknown", "https://name.invalid"),
        Row {
            base_url: "https://{}",
            ..row("no TLS at the other end", Fault::Close, NotSent)
        },
        row(
            "reset in the middle of the request",
            Fault::Reset,
            Indeterminate,
        ),
        row(
            "reset in the middle of the second on a connection",
            Fault::ResetSecond,
            Indeterminate,
        ),
        row("accepted and closed", Fault::Close, Indeterminate),
        row("no response", Fault::Hang, Indeterminate),
        row(
            "no HTTP",
            Fault::Respond("SSH-2.0-OpenSSH_9.9\r\n".to_owned()),
            Indeterminate,
        ),
        row(
            "202 with a header of 1 MB",
            answer(
                "202 Accepted",
                &format!("x-long: {}\r\n", "a".repeat(1024 * 1024)),
                WA202,
            ),
            Indeterminate,
        ),
        row(
            "301 to another host",
            answer("301 Moved Permanently", &location, ""),
            Rejected,
        ),
        row(
            "302 to another host",
            answer("302 Found", &location, ""),
            Indeterminate,
        ),
        row(
            "303 to another host",
            answer("303 See Other", &location, ""),
            Indeterminate,
        ),
        row(
            "307 to another host",
            answer("307 Temporary Redirect", &location, ""),
            Rejected,
        ),
        row(
            "400 as documented",
            answer("400 Bad Request", "", WA400),
            Rejected,
        ),
        row(
            "400 that names a success",
            answer("400 Bad Request", "", WA202),
            Indeterminate,
        ),
        row(
            "400 that names an internal error",
            answer(
                "400 Bad Request",
                "",
                r#"{"code":"WA500","data":{},"error":{}}"#,
            ),
            Indeterminate,
        ),
        row("401, empty", answer("401 Unauthorized", "", ""), Rejected),
        row(
            "401 before the body was read",
            Fault::RespondEarly(
                "HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n".to_owned(),
            ),
            Rejected,
        ),
        row("408", answer("408 Request Timeout", "", ""), Indeterminate),
        row(
            "413 and half a body",
            Fault::Respond(HALF.to_owned()),
            Rejected,
        ),
        row(
            "429",
            answer("429 Too Many Requests", "retry-after: 1\r\n", ""),
            Rejected,
        ),
        row(
            "500",
            answer("500 Internal Server Error", "", ""),
            Indeterminate,
        ),
        row(
            "502",
            answer("502 Bad Gateway", "", "<html>Bad gateway</html>"),
            Indeterminate,
        ),
        row(
            "503",
            answer("503 Service Unavailable", "retry-after: 1\r\n", ""),
            Indeterminate,
        ),
        row("504", answer("504 Gateway Timeout", "", ""), Indeterminate),
        row("202, cut off", Fault::Respond(CUT.to_owned()), Accepted),
        row("202, empty", answer("202 Accepted", "", ""), Accepted),
        row(
            "202 after 103",
            Fault::Respond(format!("HTTP/1.1 103 Early Hints\r\n\r\n{CUT}")),
            Accepted,
        ),
        row(
            "202 that names a failure",
            answer(
                "202 Accepted",
                "",
                r#"{"code":"WA202","data":{},"error":{"payload":"Incorrect payload format"}}"#,
            ),
            Indeterminate,
        ),
        row(
            "204",
            Fault::Respond("HTTP/1.1 204 No Content\r\n\r\n".to_owned()),
            Accepted,
        ),
        row(
            "202, not JSON",
            answer("202 Accepted", "", "<html>OK</html>"),
            Indeterminate,
        ),
        row(
            "200, JSON of another API",
            answer("200 OK", "", r#"{"success":false,"message":"blocked"}"#),
            Indeterminate,
        ),
        row(
            "202 as the documentation prints it",
            answer("202 Accepted", "", PRINTED),
            Accepted,
        ),
        Row {
            layer: Some(Layer::LastKnownError),
            ..row(
                "taken, and a layer returns the error of the copy before",
                Fault::Hang,
                Indeterminate,
            )
        },
        Row {
            layer: Some(Layer::LeftBehind),
            ..row(
                "not sent, and a layer leaves a copy behind",
                answer("202 Accepted", "", ""),
                NotSent,
            )
        },
        Row {
            layer: Some(Layer::FailsOver),
            ..row(
                "refused, and taken by the server that a layer asks then",
                Fault::Close,
                Indeterminate,
            )
        },
    ]
}

/// A client that gives up soon, and would try again at once where it may.
fn client(base_url: &str, layer: Option<Layer>) -> Client {
    let transport = ReqwestTransport::builder()
        .timeout(Duration::from_millis(400))
        .build()
        .unwrap();
    let base_url = BaseUrl::parse(base_url).unwrap();
    let account = Account::new(base_url, "HX1", "canary-key", "+918000000001").unwrap();
    let at_once = RetryPolicy::default().longest_wait(Duration::ZERO);
    let client = match layer {
        None => Client::with_transport(account, transport),
        Some(layer) => Client::with_transport(account, Layered(transport, layer)),
    };
    client.with_retry(at_once)
}

#[tokio::test]
async fn every_fault_for_every_operation() {
    let elsewhere = FaultServer::start(answer("202 Accepted", "", "{}")).await;
    let mut table = heading();
    for row in rows(&format!("http://{}/", elsewhere.address())) {
        write!(table, "| {} |", row.name).unwrap();
        for operation in OPERATIONS {
            let server = match &row.fault {
                Some(fault) => Some(FaultServer::start(fault.clone()).await),
                None => None,
            };
            let address = server.as_ref().map(|server| server.address().to_string());
            let base_url = row.base_url.replace("{}", &address.unwrap_or_default());
            let client = client(&base_url, row.layer);
            let mut before = 0;
            if let Some(Fault::ResetSecond) = row.fault {
                Operation::MarkRead.run(&client).await.unwrap();
                // Until the connection is among those that are kept.
                tokio::time::sleep(Duration::from_millis(20)).await;
                before = 1;
            }
            let outcome = operation.run(&client).await;
            // Copies that come late count as well.
            let late = if row.layer.is_some() {
                2 * LATER
            } else {
                LATER
            };
            tokio::time::sleep(late).await;
            let copies = server.map_or(0, |server| server.copies()) - before;

            let what = format!("{}, {}", row.name, operation.name());
            let verdict = outcome
                .as_ref()
                .map_or_else(Error::delivery, |()| Delivery::Accepted);
            assert_eq!(verdict, row.verdict, "{what}");
            assert!(copies <= 1, "{copies} copies: {what}");
            assert_eq!(
                copies == 0,
                verdict == Delivery::NotSent,
                "{copies} copies: {what}"
            );
            write!(table, " {copies}, {} |", verdict.as_str().replace('_', " ")).unwrap();
        }
        table.push('\n');
    }
    assert_eq!(elsewhere.copies(), 0, "no redirect is followed");

    println!("{table}");
    let kept = include_str!("../../docs/sending.md");
    assert!(
        kept.contains(&table),
        "the table in docs/sending.md is another one; this is what was found:\n\n{table}"
    );
}

fn heading() -> String {
    let names: Vec<&str> = OPERATIONS
        .iter()
        .map(|operation| operation.name())
        .collect();
    format!(
        "| fault | {} |\n|---|{}\n",
        names.join(" | "),
        "---|".repeat(names.len())
    )
}
