//! The simulator's own endpoints, for a person with curl.

use http::StatusCode;
use http::request::Parts;
use hyper::body::Incoming;
use serde_json::{Map, Value, json};

use super::NoAnswer;
use super::answer::{self, Answer};
use super::body::{BODY_MAX, read};
use super::route::Control;
use super::users;
use crate::CallbackError;
use crate::event::{AS_GIVEN, USER_MESSAGE};
use crate::fault::Fault;
use crate::shared::Shared;

/// How many sends one request may let fail.
const TIMES_MAX: u64 = 1000;

/// What is wrong with a request, for the person who made it.
pub(super) struct BadRequest(pub(super) String);

pub(super) async fn answer(
    shared: &Shared,
    head: &Parts,
    control: Control,
    body: Incoming,
) -> Result<Answer, NoAnswer> {
    let max = match &control {
        Control::User { .. } if users::file_type(&head.headers).is_some() => users::FILE_MAX,
        _ => BODY_MAX,
    };
    let body = match read(body, max).await {
        Ok(body) => body,
        Err(unread) => return unread.answer(shared),
    };
    let result = match control {
        Control::Accepted => Ok(accepted(shared)),
        Control::Uploads => Ok(uploads(shared)),
        Control::Upload { id } => upload(shared, &id),
        Control::Fail => fail(shared, &body),
        Control::Heal => {
            shared.faults().clear();
            Ok(answer::json(StatusCode::OK, &json!({"fault": null})))
        }
        Control::Callback => match parse(&body) {
            Ok(callback) => Ok(post(shared, AS_GIVEN, callback).await),
            Err(error) => Err(error),
        },
        Control::User { number, writes } => {
            match users::callback(shared, head, &number, writes, body) {
                Ok(callback) => Ok(post(shared, USER_MESSAGE, callback).await),
                Err(error) => Err(error),
            }
        }
    };
    Ok(result.unwrap_or_else(|BadRequest(why)| answer::refused(StatusCode::BAD_REQUEST, &why)))
}

fn accepted(shared: &Shared) -> Answer {
    let accepted = shared.accepted().all();
    let messages: Vec<Value> = accepted.iter().map(|message| message.to_json()).collect();
    answer::json(StatusCode::OK, &Value::Array(messages))
}

fn uploads(shared: &Shared) -> Answer {
    let uploads = shared.uploads().all();
    let uploads: Vec<Value> = uploads.iter().map(|media| media.to_json()).collect();
    answer::json(StatusCode::OK, &Value::Array(uploads))
}

fn upload(shared: &Shared, id: &str) -> Result<Answer, BadRequest> {
    let file = shared.uploads().file(id);
    file.map(answer::file).ok_or_else(|| {
        let why =
            "the content of this upload is not kept: it was too long, or newer ones took its place";
        BadRequest(why.to_owned())
    })
}

fn fail(shared: &Shared, body: &[u8]) -> Result<Answer, BadRequest> {
    let members = Members::parse(body)?;
    let fault: Fault = members
        .text("fault")?
        .parse()
        .map_err(|error| BadRequest(format!("fault: {error}")))?;
    let times = match members.0.get("times") {
        None | Some(Value::Null) => None,
        Some(times) => Some(
            times
                .as_u64()
                .filter(|times| (1..=TIMES_MAX).contains(times))
                .ok_or_else(|| BadRequest(format!("times: must be from 1 to {TIMES_MAX}")))?,
        ),
    };
    match times {
        Some(times) => shared.faults().push(fault, times as usize),
        None => shared.faults().set_all(fault),
    }
    let answer = json!({"fault": fault.to_string(), "times": times});
    Ok(answer::json(StatusCode::OK, &answer))
}

/// Posts a callback, and tells what the webhook said and what it was given.
async fn post(shared: &Shared, kind: &'static str, callback: Value) -> Answer {
    match shared.post_and_tell(kind, &callback).await {
        Ok(status) => answer::json(
            StatusCode::OK,
            &json!({"webhook_status": status, "callback": callback}),
        ),
        Err(error @ CallbackError::UserBlocked) => {
            answer::refused(StatusCode::CONFLICT, &error.detail())
        }
        Err(error) => answer::refused(StatusCode::BAD_GATEWAY, &error.detail()),
    }
}

fn parse(body: &[u8]) -> Result<Value, BadRequest> {
    serde_json::from_slice(body).map_err(|error| BadRequest(format!("not JSON: {error}")))
}

/// The members of a small JSON object.
pub(super) struct Members(Map<String, Value>);

impl Members {
    pub(super) fn parse(body: &[u8]) -> Result<Self, BadRequest> {
        match parse(body)? {
            Value::Object(members) => Ok(Self(members)),
            _ => Err(BadRequest("not a JSON object".to_owned())),
        }
    }

    /// A text that has to be there.
    pub(super) fn text(&self, name: &str) -> Result<&str, BadRequest> {
        self.optional_text(name)?
            .ok_or_else(|| BadRequest(format!("{name}: missing")))
    }

    /// A text that may be there.
    pub(super) fn optional_text(&self, name: &str) -> Result<Option<&str>, BadRequest> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(BadRequest(format!("{name}: must be a string"))),
        }
    }
}
