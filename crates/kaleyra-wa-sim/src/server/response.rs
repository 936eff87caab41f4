//! The responses.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use kaleyra_wa_types::KaleyraMessageId;
use kaleyra_wa_types::response::{ApiFailure, Code, Response as Envelope};
use serde_json::{Value, json};

use super::odd_body::{CutBody, Interrupted, TrickledBody};
use super::route::Misrouted;
use crate::state::files::File;

pub(super) type HttpResponse = Response<ResponseBody>;
pub(super) type ResponseBody = UnsyncBoxBody<Bytes, Interrupted>;

/// What the journal keeps of a response's body.
#[derive(Clone)]
pub(super) struct Recorded(pub(super) Bytes);

const JSON: &str = "application/json";

/// What a documented failure is answered with.
pub(super) fn failure(failure: ApiFailure) -> HttpResponse {
    let status =
        StatusCode::from_u16(failure.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    whole(status, JSON, to_string(&failure.response()))
}

/// The response to what was done.
#[derive(Debug)]
pub(super) struct Success {
    status: StatusCode,
    code: Code,
    text: &'static str,
    data: Value,
    /// Beside `data`, where that is a page of a list.
    paging: Option<Value>,
}

impl Success {
    /// A message was accepted.
    pub(super) fn accepted(id: &KaleyraMessageId) -> Self {
        Self {
            status: StatusCode::ACCEPTED,
            code: Code::Accepted,
            text: "Request Accepted",
            data: json!({"message_id": id}),
            paging: None,
        }
    }

    /// Something else was done, and this is what came of it.
    pub(super) fn processed(data: Value) -> Self {
        Self {
            status: StatusCode::OK,
            code: Code::Processed,
            text: "Request Processed Successfully",
            data,
            paging: None,
        }
    }

    pub(super) fn paging(mut self, paging: Option<Value>) -> Self {
        self.paging = paging;
        self
    }

    /// The response as it should be.
    pub(super) fn whole(self) -> HttpResponse {
        whole(self.status, JSON, self.envelope())
    }

    /// The response as Kaleyra's pages print the 202, where two commas are missing.
    pub(super) fn documented(self) -> HttpResponse {
        let (code, text) = (Value::from(self.code.as_str()), Value::from(self.text));
        let mut data = self.data.to_string();
        data.insert(1, '\n');
        data.insert(data.len() - 1, '\n');
        let body = format!(
            "{{\n\"code\":{code}\n\"message\":{text},\n\"data\":{data}\n\"error\":{{}}\n}}\n"
        );
        whole(self.status, JSON, body)
    }

    /// The response, of whose body only the first half comes.
    pub(super) fn cut(self) -> HttpResponse {
        let body = self.envelope();
        let half = Bytes::copy_from_slice(&body.as_bytes()[..body.len() / 2]);
        let mut answer = Response::new(CutBody::Unsent(half.clone()).boxed_unsync());
        answer.extensions_mut().insert(Recorded(half));
        *answer.status_mut() = self.status;
        set(&mut answer, CONTENT_TYPE, JSON);
        answer
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        answer
    }

    /// The response, each byte of whose body comes only after a while.
    pub(super) fn trickled(self, pause: Duration) -> HttpResponse {
        let body = Bytes::from(self.envelope());
        let length = HeaderValue::from(body.len());
        let mut answer = Response::new(TrickledBody::new(body.clone(), pause).boxed_unsync());
        answer.extensions_mut().insert(Recorded(body));
        *answer.status_mut() = self.status;
        set(&mut answer, CONTENT_TYPE, JSON);
        answer.headers_mut().insert(CONTENT_LENGTH, length);
        answer
    }

    /// The envelope with its fields in the order of the pages.
    fn envelope(&self) -> String {
        let (code, text) = (Value::from(self.code.as_str()), Value::from(self.text));
        let data = &self.data;
        let paging = self.paging.as_ref();
        let paging = paging.map_or(String::new(), |paging| format!(r#""paging":{paging},"#));
        format!(r#"{{"code":{code},"message":{text},"data":{data},{paging}"error":{{}}}}"#)
    }
}

/// A file, byte for byte.
pub(super) fn file(file: File) -> HttpResponse {
    let mut answer = Response::new(full(file.bytes));
    let content_type = HeaderValue::from_str(&file.mime_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    answer.headers_mut().insert(CONTENT_TYPE, content_type);
    answer
}

pub(super) fn too_many_requests() -> HttpResponse {
    let body = envelope("WA429", "Too many requests", "error");
    let mut answer = whole(StatusCode::TOO_MANY_REQUESTS, JSON, body);
    // Kaleyra's pages ask for a first retry after five minutes.
    set(&mut answer, RETRY_AFTER, "300");
    answer
}

pub(super) fn bad_gateway() -> HttpResponse {
    let body = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body><h1>502 Bad Gateway</h1></body>\n</html>\n";
    whole(StatusCode::BAD_GATEWAY, "text/html", body.to_owned())
}

/// What a firewall says in place of the server: the status alone looks like a success.
pub(super) fn foreign_page() -> HttpResponse {
    let body = "<html>\n<head><title>Request blocked</title></head>\n<body><h1>Request blocked</h1></body>\n</html>\n";
    whole(StatusCode::OK, "text/html", body.to_owned())
}

/// The same of a proxy that speaks JSON.
pub(super) fn foreign_json() -> HttpResponse {
    let body = json!({"success": false, "error": {"message": "Request blocked"}});
    json(StatusCode::OK, &body)
}

/// What is the simulator's own refusal and not Kaleyra's, in the same envelope; its codes begin with `SIM`.
pub(super) fn refused(status: StatusCode, why: &str) -> HttpResponse {
    let code = format!("SIM{}", status.as_u16());
    whole(status, JSON, envelope(&code, why, "request"))
}

/// Says in a header what is wrong, beside the documented body.
pub(super) fn tell_why(answer: &mut HttpResponse, why: &str) {
    // What is no visible ASCII can't stand in a header.
    let why: String = why
        .chars()
        .map(|it| {
            if it.is_ascii_graphic() || it == ' ' {
                it
            } else {
                '?'
            }
        })
        .collect();
    if let Ok(why) = HeaderValue::from_str(&why) {
        answer.headers_mut().insert("x-sim-why", why);
    }
}

pub(super) fn misrouted(misrouted: &Misrouted) -> HttpResponse {
    let mut answer = refused(misrouted.status(), &misrouted.to_string());
    if let Misrouted::MethodNotAllowed(allowed) = misrouted {
        set(&mut answer, ALLOW, allowed);
    }
    answer
}

pub(super) fn json(status: StatusCode, body: &Value) -> HttpResponse {
    whole(status, JSON, body.to_string())
}

pub(super) fn text(body: String) -> HttpResponse {
    whole(StatusCode::OK, "text/plain; charset=utf-8", body)
}

fn full(body: Bytes) -> ResponseBody {
    Full::from(body)
        .map_err(|never| match never {})
        .boxed_unsync()
}

fn whole(status: StatusCode, content_type: &'static str, body: String) -> HttpResponse {
    let body = Bytes::from(body);
    let mut answer = Response::new(full(body.clone()));
    answer.extensions_mut().insert(Recorded(body));
    *answer.status_mut() = status;
    set(&mut answer, CONTENT_TYPE, content_type);
    answer
}

fn set(answer: &mut HttpResponse, name: HeaderName, value: &'static str) {
    answer
        .headers_mut()
        .insert(name, HeaderValue::from_static(value));
}

/// The envelope with its fields in the order of the pages. Nothing in it can fail to become JSON.
fn to_string(envelope: &Envelope) -> String {
    serde_json::to_string(envelope).unwrap_or_default()
}

/// An envelope that the types crate has no maker for, with its fields in the same order.
fn envelope(code: &str, text: &str, part: &str) -> String {
    let [code, text, part] = [code, text, part].map(Value::from);
    format!(r#"{{"code":{code},"message":{text},"data":{{}},"error":{{{part}:{text}}}}}"#)
}
