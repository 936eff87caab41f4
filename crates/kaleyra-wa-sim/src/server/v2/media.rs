//! `POST …/media`: uploads a file, as a form with the fields `file` and `type`.
//!
//! *Upload Media Files* documents the request; the body of its response was not available. `data.id` is Meta's name for the id, and
//! the rest is Kaleyra's envelope as other pages print it.

use std::sync::Arc;

use http::StatusCode;
use hyper::body::Incoming;
use serde_json::json;

use super::form::{self, Form, FormFile, Unread};
use super::outcome::outcome;
use super::{Arrived, check_account, reject_at, reject_payload};
use crate::journal::Fact;
use crate::model::uploaded_media::UploadedMedia;
use crate::rules::settings::Strictness;
use crate::server::NoResponse;
use crate::server::response::{self, HttpResponse, Success};
use kaleyra_wa_types::MediaKind;

pub(in crate::server) async fn answer(
    mut arrived: Arrived<'_>,
    sid: &str,
    sender: &str,
    body: Incoming,
) -> Result<HttpResponse, NoResponse> {
    let core = arrived.core;
    let request = arrived.note(bytes::Bytes::new());
    let number = match check_account(core, &arrived.head.headers, sid, sender) {
        Ok(number) => number,
        Err((failure, why)) => {
            return match form::discard(body).await {
                Err(Unread::BrokenOff) => Err(NoResponse),
                _ => Ok(reject_at(core, request, failure, why)),
            };
        }
    };
    let mut call = arrived.call(request, number, "media");
    let form = match form::read(&call.head.headers, body, &core.state.in_flight).await {
        Ok(form) => form,
        Err(Unread::Wrong(why)) => return Ok(reject_payload(&call, why)),
        Err(Unread::BrokenOff) => return Err(NoResponse),
        Err(Unread::TooSlow) => {
            let why = "the form stopped arriving for 10 seconds";
            core.rejected(call.about(), 408, None, why);
            return Ok(response::refused(StatusCode::REQUEST_TIMEOUT, why));
        }
    };
    let is_strict = core.settings().strictness == Strictness::Meta;
    let (file, mime_type, kind) = match check(form, is_strict) {
        Ok(checked) => checked,
        Err(why) => return Ok(reject_payload(&call, why)),
    };
    call.is_about("", kind.as_str(), "");
    outcome(&call, || {
        let media = Arc::new(UploadedMedia {
            id: core.sources.ids.digits16(&call.business()).into(),
            mime_type,
            kind,
            size: file.size,
            sha256: file.sha256,
            file_name: file.name,
            received_at: core.clock().now(),
        });
        let success = Success::processed(json!({"id": media.id}));
        core.state.uploads().push(media.clone(), file.bytes);
        core.journal.write(call.about(), Fact::Uploaded(media));
        success
    })
    .await
}

/// As Meta takes documents, by its page on supported media types.
const DOCUMENTS: [&str; 8] = [
    "text/plain",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
];

fn check(form: Form, is_strict: bool) -> Result<(FormFile, String, MediaKind), String> {
    let file = form.file.ok_or("file: missing")?;
    let mime_type = form.mime_type.ok_or("type: missing")?;
    let kind =
        MediaKind::of_mime_type(&mime_type).ok_or("type: not a MIME type that WhatsApp takes")?;
    let essence = mime_type.split(';').next().unwrap_or_default().trim();
    let is_listed = DOCUMENTS.iter().any(|it| it.eq_ignore_ascii_case(essence));
    if is_strict && kind == MediaKind::Document && !is_listed {
        return Err("type: not one that Meta's page of media types has".to_owned());
    }
    if file.size == 0 {
        return Err("file: empty".to_owned());
    }
    if file.size > kind.max_bytes() {
        let (size, max, kind) = (file.size, kind.max_bytes(), kind.as_str());
        return Err(format!("file: {size} bytes, where {kind} may have {max}"));
    }
    Ok((file, mime_type, kind))
}
