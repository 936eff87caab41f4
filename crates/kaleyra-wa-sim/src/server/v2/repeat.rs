//! `POST /sim/requests/{number}/repeat`: a request of the bot's once more, as it was or with another body.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HeaderName};
use http::{HeaderValue, Request, StatusCode};
use hyper::body::Incoming;

use super::{Arrived, answer_to};
use crate::core::Core;
use crate::journal::{About, Fact, HttpRequest};
use crate::server::NoResponse;
use crate::server::after_flush::AfterFlush;
use crate::server::body::{BODY_MAX, read};
use crate::server::response::{self, HttpResponse};
use crate::server::route::Route;

/// Makes the request that the journal has under this number again, and gives what the bot would have got.
///
/// The journal has no keys: where there was one, the account's own takes its place.
pub(in crate::server) async fn repeat(
    core: &Arc<Core>,
    after_flush: &AfterFlush,
    entry: &str,
    body: Incoming,
    number: &mut Option<u64>,
) -> Result<HttpResponse, NoResponse> {
    let edited = match read(body, BODY_MAX).await {
        Ok(body) => Bytes::from(body),
        Err(unread) => return unread.answer(core, About::default()),
    };
    let entry = entry.parse().ok().and_then(|entry| core.journal.get(entry));
    let Some(Fact::Request(original)) = entry.as_ref().map(|entry| &entry.fact) else {
        let why = "no request has this number: give that of a `request` entry of the log";
        return Ok(response::refused(StatusCode::NOT_FOUND, why));
    };
    let repeated = again(core, original);
    let route = repeated
        .as_ref()
        .and_then(|it| Route::of(it.method(), it.uri().path()).ok());
    let (
        Some(repeated),
        Some(Route::Kaleyra {
            sid,
            sender,
            endpoint,
        }),
    ) = (repeated, route)
    else {
        let why = "this request can't be repeated: the log keeps no files, and only what a sender's own endpoints take goes again";
        return Ok(response::refused(StatusCode::CONFLICT, why));
    };
    let body = match edited.is_empty() {
        true => original.body.clone(),
        false => edited,
    };
    let (head, ()) = repeated.into_parts();
    let arrived = Arrived {
        core,
        head: &head,
        after_flush,
        request: number,
    };
    answer_to(arrived, &sid, &sender, endpoint, body).await
}

/// Its head, with the key that the journal leaves out; `None` where it is no request that HTTP knows.
fn again(core: &Core, original: &HttpRequest) -> Option<Request<()>> {
    let request = Request::builder()
        .method(original.method.as_str())
        .uri(original.path.as_str());
    let mut request = request.body(()).ok()?;
    let sid = request.uri().path().split('/').nth(2)?.to_owned();
    for (name, value) in &original.headers {
        let name: HeaderName = name.parse().ok()?;
        let value = match name.as_str() {
            "api-key" => core.accounts.key_of(&sid).unwrap_or_default(),
            _ => value,
        };
        if name != CONTENT_LENGTH {
            let value = HeaderValue::from_str(value).ok()?;
            request.headers_mut().append(name, value);
        }
    }
    Some(request)
}
