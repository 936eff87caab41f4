//! The simulator's own endpoints: for a person with curl, for the page, and for the command.

mod callbacks;
mod clock;
mod conversations;
mod faults;
mod log;
mod members;
mod settings;
mod state;
mod users;

use std::sync::Arc;

use http::StatusCode;
use http::request::Parts;
use hyper::body::Incoming;
use serde_json::{Value, json};

use super::NoResponse;
use super::body::{BODY_MAX, read};
use super::query::Query;
use super::response::{self, HttpResponse};
use super::route::Control;
use crate::core::Core;
use crate::journal::About;
use crate::why;

use members::BadRequest;

/// A state with files inside is longer than other bodies.
const STATE_MAX: usize = 256 << 20;

pub(super) async fn answer(
    core: &Arc<Core>,
    head: &Parts,
    control: Control,
    body: Incoming,
) -> Result<HttpResponse, NoResponse> {
    let max = match &control {
        Control::User { .. } if users::file_type(&head.headers).is_some() => users::FILE_MAX,
        Control::Import => STATE_MAX,
        _ => BODY_MAX,
    };
    let body = match read(body, max).await {
        Ok(body) => body,
        Err(unread) => return unread.answer(core, About::default()),
    };
    let query = Query::parse(head.uri.query());
    let result = match control {
        Control::Accepted => Ok(accepted(core)),
        Control::Message { id } => message(core, &id),
        Control::Uploads => Ok(uploads(core)),
        Control::Upload { id } => upload(core, &id),
        Control::Faults => Ok(faults::list(core)),
        Control::Fail => faults::add(core, &body),
        Control::Heal { number } => faults::remove(core, number.as_deref()),
        Control::Callback => callbacks::post(core, &body).await,
        Control::Redeliver { number } => callbacks::redeliver(core, &number, &body).await,
        Control::Users => Ok(users::list(core)),
        Control::Phone { number } => Ok(users::show(core, &number)),
        Control::SetPhone { number } => users::set(core, &query, &number, &body),
        Control::User { number, writes } => {
            users::act(core, head, &query, &number, writes, body).await
        }
        Control::Conversations => Ok(conversations::list(core)),
        Control::Conversation { number } => Ok(conversations::show(core, &query, &number)),
        Control::Clock => Ok(clock::show(core)),
        Control::SetClock => clock::set(core, &body).await,
        Control::Settings => Ok(settings::show(core)),
        Control::SetSettings => settings::set(core, &body),
        Control::Log => log::answer(core, head, &query),
        Control::Entry { number } => log::entry(core, &number),
        Control::Why { id } => explain(core, &id),
        Control::Export => Ok(state::export(core, &query)),
        Control::Import => state::import(core, &body),
        Control::Reset => Ok(state::reset(core)),
    };
    Ok(result.unwrap_or_else(|BadRequest(why)| response::refused(StatusCode::BAD_REQUEST, &why)))
}

fn ok(body: &Value) -> HttpResponse {
    response::json(StatusCode::OK, body)
}

fn not_found(why: &str) -> HttpResponse {
    response::refused(StatusCode::NOT_FOUND, why)
}

fn accepted(core: &Core) -> HttpResponse {
    let messages = core.state.messages().all();
    let messages: Vec<Value> = messages.iter().map(|message| message.to_json()).collect();
    ok(&Value::Array(messages))
}

fn message(core: &Core, id: &str) -> Result<HttpResponse, BadRequest> {
    let Some(message) = core.state.messages().find(id) else {
        return Ok(not_found("no message that is kept has this id"));
    };
    let mut json = message.to_json();
    json["statuses"] = conversations::statuses(core, &message);
    json["taps"] = conversations::taps(core, &message);
    Ok(ok(&json))
}

fn uploads(core: &Core) -> HttpResponse {
    let uploads = core.state.uploads().all();
    let uploads: Vec<Value> = uploads.iter().map(|media| media.to_json()).collect();
    ok(&Value::Array(uploads))
}

fn upload(core: &Core, id: &str) -> Result<HttpResponse, BadRequest> {
    let file = core.state.uploads().file(id);
    match file {
        Some(file) => Ok(response::file(file)),
        None => {
            let why = "the content of this upload is not kept: it was too long, or newer ones took its place";
            Err(BadRequest(why.to_owned()))
        }
    }
}

fn explain(core: &Core, id: &str) -> Result<HttpResponse, BadRequest> {
    match why::explain(core, id) {
        Some(explanation) => Ok(ok(&explanation.to_json())),
        None => Ok(not_found(
            "nothing that is kept has this id: give a message_id, a wamid, or the number of an entry of the log",
        )),
    }
}

/// What a webhook said in the end, and what it was given; the header says which entry of the log it is.
fn posted(callback: Option<&Value>, number: Option<u64>, status: u16) -> HttpResponse {
    let mut answer = json!({"webhook_status": status});
    if let Some(callback) = callback {
        answer["callback"] = callback.clone();
    }
    let mut answer = ok(&answer);
    if let Some(number) = number {
        answer.headers_mut().insert("x-sim-entry", number.into());
    }
    answer
}
