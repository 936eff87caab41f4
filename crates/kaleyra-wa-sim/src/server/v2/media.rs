//! `POST …/media`: uploads a file, as a form with the fields `file` and `type`.
//!
//! *Upload Media Files* tells the request; the body of its answer was not to be had. `data.id` is Meta's name for the id, and
//! the rest is Kaleyra's envelope as other pages print it.

use std::sync::Arc;
use std::time::SystemTime;

use http::{HeaderMap, StatusCode};
use hyper::body::Incoming;
use serde_json::json;

use super::form::{self, Form, FormFile, Unread};
use super::outcome::outcome;
use super::{check_account, reject, reject_payload};
use crate::callback::MediaKind;
use crate::event::SimEvent;
use crate::fresh;
use crate::server::NoAnswer;
use crate::server::answer::{self, Answer, Success};
use crate::shared::Shared;
use crate::uploads::UploadedMedia;

pub(in crate::server) async fn answer(
    shared: &Shared,
    headers: &HeaderMap,
    sid: &str,
    sender: &str,
    body: Incoming,
) -> Result<Answer, NoAnswer> {
    if let Err((failure, why)) = check_account(shared, headers, sid, sender) {
        return match form::discard(body).await {
            Err(Unread::BrokenOff) => Err(NoAnswer),
            _ => Ok(reject(shared, failure, why)),
        };
    }
    let form = match form::read(headers, body, &shared.in_flight).await {
        Ok(form) => form,
        Err(Unread::Wrong(why)) => return Ok(reject_payload(shared, why)),
        Err(Unread::BrokenOff) => return Err(NoAnswer),
        Err(Unread::TooSlow) => {
            let why = "the form stopped arriving for 10 seconds";
            shared.rejected(408, None, why);
            return Ok(answer::refused(StatusCode::REQUEST_TIMEOUT, why));
        }
    };
    let (file, mime_type, kind) = match check(form) {
        Ok(checked) => checked,
        Err(why) => return Ok(reject_payload(shared, why)),
    };
    outcome(shared, || {
        let media = Arc::new(UploadedMedia {
            id: fresh::digits16().into(),
            mime_type,
            kind,
            size: file.size,
            sha256: file.sha256,
            file_name: file.name,
            received_at: SystemTime::now(),
        });
        let success = Success::processed(json!({"id": media.id}));
        shared.uploads().push(media.clone(), file.bytes);
        shared.events.emit(SimEvent::Uploaded(media));
        success
    })
    .await
}

fn check(form: Form) -> Result<(FormFile, String, MediaKind), String> {
    let file = form.file.ok_or("file: missing")?;
    let mime_type = form.mime_type.ok_or("type: missing")?;
    let kind =
        MediaKind::of_mime_type(&mime_type).ok_or("type: not a MIME type that WhatsApp takes")?;
    if file.size == 0 {
        return Err("file: empty".to_owned());
    }
    if file.size > kind.max_bytes() {
        let (size, max, kind) = (file.size, kind.max_bytes(), kind.as_str());
        return Err(format!("file: {size} bytes, where {kind} may have {max}"));
    }
    Ok((file, mime_type, kind))
}
