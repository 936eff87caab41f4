//! `POST …/messages`.

use http::HeaderMap;

use super::outcome::outcome;
use super::reject_payload;
use crate::payload;
use crate::server::NoAnswer;
use crate::server::answer::{Answer, Success};
use crate::shared::Shared;

pub(super) async fn answer(
    shared: &Shared,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Answer, NoAnswer> {
    let payload = match payload::check(headers, body) {
        Ok(payload) => payload,
        Err(why) => return Ok(reject_payload(shared, why)),
    };
    let mut accepted = None;
    let accept = || {
        let message = shared.accept(payload);
        let success = Success::accepted(&message.id);
        accepted = Some(message);
        success
    };
    let mut answer = outcome(shared, accept).await?;
    // Beside its answer: once that has been written, the message's status may be posted.
    if let Some(message) = accepted {
        answer.extensions_mut().insert(message);
    }
    Ok(answer)
}
