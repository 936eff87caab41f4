//! `POST /sim/users/{number}/…`: lets an end user write.

use std::sync::Arc;

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use serde_json::Value;

use super::control::{BadRequest, Members};
use super::query::Query;
use super::route::Writes;
use crate::AcceptedMessage;
use crate::callback::{EndUser, MediaKind, UserMessage};
use crate::shared::Shared;

/// The longest file that a user can send.
pub(super) const FILE_MAX: usize = 16 << 20;

/// The callback for what the user is to write.
///
/// `message` names the message that it is about, by the id of the 202 or by a wamid. Where it is left out, a reaction and
/// a button are about the newest message that the user was sent; a text and a file are about none.
pub(super) fn callback(
    shared: &Shared,
    head: &Parts,
    number: &str,
    writes: Writes,
    body: Vec<u8>,
) -> Result<Value, BadRequest> {
    match (writes, file_type(&head.headers)) {
        (Writes::Media(kind), Some(mime_type)) => {
            let query = Query::parse(head.uri.query());
            file(shared, &query, number, kind, mime_type, body)
        }
        _ => members(shared, number, writes, &body),
    }
}

/// The MIME type of a body that is a file; `None` where it is JSON, or what curl takes JSON for.
pub(super) fn file_type(headers: &HeaderMap) -> Option<&str> {
    let mime_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = mime_type.split(';').next()?.trim().to_ascii_lowercase();
    let is_json = ["application/json", "application/x-www-form-urlencoded"].contains(&&*essence);
    (!is_json).then_some(mime_type)
}

/// The user sends the body, as the file that it is.
fn file(
    shared: &Shared,
    query: &Query,
    number: &str,
    kind: MediaKind,
    mime_type: &str,
    body: Vec<u8>,
) -> Result<Value, BadRequest> {
    if mime_type.starts_with("multipart/") {
        let why = "Content-Type: must be the file's: send it with curl's --data-binary and -H, not with -F";
        return Err(BadRequest(why.to_owned()));
    }
    let user = user(shared, query.text("name"), number);
    let mut file = shared.host(mime_type, body.into());
    file.file_name = query.text("filename").map(str::to_owned);
    let about = About::find(shared, query.text("message"));
    Ok(about.quoted_by(user.file(kind, &file)).callback())
}

/// The user writes what the members of the body say.
fn members(
    shared: &Shared,
    number: &str,
    writes: Writes,
    body: &[u8],
) -> Result<Value, BadRequest> {
    let members = Members::parse(body)?;
    let user = user(shared, members.optional_text("name")?, number);
    let named = members.optional_text("message")?;
    let about = About::find(shared, named);
    let newest = || match &about {
        About::Nothing => About::newest(shared, number),
        _ => about.clone(),
    };

    let message = match writes {
        Writes::Text => about.quoted_by(user.text(members.text("body")?)),
        Writes::Media(kind) => about.quoted_by(user.media(kind, members.text("url")?)),
        Writes::Button => newest()
            .quoted_by(user.template_button(members.text("payload")?, members.text("text")?)),
        Writes::Reaction => {
            let about = newest();
            let wamid = about.wamid().ok_or_else(|| {
                BadRequest("message: missing, and this user was sent no message yet".to_owned())
            })?;
            // Without an emoji the user takes the reaction back.
            about.quoted_by(match members.optional_text("emoji")? {
                Some(emoji) => user.reaction(wamid, emoji),
                None => user.reaction_removed(wamid),
            })
        }
    };
    Ok(message.callback())
}

fn user(shared: &Shared, name: Option<&str>, number: &str) -> EndUser {
    EndUser::new(name.unwrap_or("Asha Example"), number).writing_to(shared.business.clone())
}

/// What a user's message is about.
#[derive(Clone)]
enum About {
    Accepted(Arc<AcceptedMessage>),
    /// A wamid that is none of the simulator's.
    Foreign(String),
    Nothing,
}

impl About {
    fn find(shared: &Shared, id: Option<&str>) -> Self {
        let Some(id) = id else { return Self::Nothing };
        let is_it =
            |message: &AcceptedMessage| message.id.as_str() == id || message.wamid.as_str() == id;
        match shared.accepted().newest(is_it) {
            Some(message) => Self::Accepted(message),
            None => Self::Foreign(id.to_owned()),
        }
    }

    fn newest(shared: &Shared, number: &str) -> Self {
        let newest = shared.accepted().newest(|message| message.is_to(number));
        newest.map_or(Self::Nothing, Self::Accepted)
    }

    fn wamid(&self) -> Option<&str> {
        match self {
            Self::Accepted(message) => Some(message.wamid.as_str()),
            Self::Foreign(wamid) => Some(wamid),
            Self::Nothing => None,
        }
    }

    fn quoted_by(&self, message: UserMessage) -> UserMessage {
        match self {
            Self::Accepted(accepted) => message.replying_to(accepted),
            Self::Foreign(wamid) => message.quoting(wamid.as_str()),
            Self::Nothing => message,
        }
    }
}
