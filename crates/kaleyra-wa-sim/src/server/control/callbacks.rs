//! `POST /sim/callbacks`, and the same once more.

use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;

use super::members::{BadRequest, parse};
use super::{not_found, posted};
use crate::callback::encode;
use crate::core::{Core, Queued};
use crate::delivery::webhook::CallbackError;
use crate::server::response::{self, HttpResponse};

/// Posts any JSON, and tells what the webhook said.
pub(super) async fn post(core: &Arc<Core>, body: &[u8]) -> Result<HttpResponse, BadRequest> {
    let callback = parse(body)?;
    let queued = core.post_as_given(&callback);
    Ok(outcome(queued, Some(&callback)).await)
}

/// Posts a callback once more: as it was, or with the body that is given.
pub(super) async fn redeliver(
    core: &Arc<Core>,
    number: &str,
    body: &[u8],
) -> Result<HttpResponse, BadRequest> {
    let number: Option<u64> = number.parse().ok();
    let queued = match body {
        [] => number.and_then(|number| core.redeliver(number)),
        body => {
            let edited = Bytes::from(encode(&parse(body)?));
            number.and_then(|number| core.redeliver_as(number, edited))
        }
    };
    match queued {
        Some(queued) => Ok(outcome(queued, None).await),
        None => Ok(not_found(
            "no callback has this number: give that of a `callback` entry of the log",
        )),
    }
}

/// What came of a callback.
pub(super) async fn outcome(queued: Queued, callback: Option<&Value>) -> HttpResponse {
    let number = queued.number;
    match queued.done().await {
        Ok(status) => posted(callback, number, status),
        Err(error @ (CallbackError::UserBlocked | CallbackError::Dropped(_))) => {
            response::refused(StatusCode::CONFLICT, &error.detail())
        }
        Err(error) => response::refused(StatusCode::BAD_GATEWAY, &error.detail()),
    }
}
