//! `POST …/messages`.

use super::outcome::outcome;
use super::{Call, reject_payload};
use crate::model::basis::Basis;
use crate::rules::{fate, payload};
use crate::server::NoResponse;
use crate::server::response::{HttpResponse, Success};

pub(super) async fn answer(mut call: Call<'_>, body: &[u8]) -> Result<HttpResponse, NoResponse> {
    let payload = match payload::check(&call.head.headers, body) {
        Ok(payload) => payload,
        Err(why) => return Ok(reject_payload(&call, why)),
    };
    let strictness = call.core.settings().strictness;
    if let Some(why) = fate::refused_at_once(strictness, payload.typed.as_ref()) {
        call.basis = Some(Basis::Inferred(
            "a limit of Meta's pages; Kaleyra may respond with 202 and tell of it afterwards",
        ));
        return Ok(reject_payload(&call, why));
    }
    let message = &payload.json["messaging_object"];
    let text = |member: &str| message[member].as_str().unwrap_or_default().to_owned();
    let recipient = [text("to"), text("recipient")]
        .into_iter()
        .find(|it| !it.is_empty());
    call.is_about(
        &recipient.unwrap_or_default(),
        message["type"].as_str().unwrap_or("text"),
        payload.json["extra_info"]["ref"]
            .as_str()
            .unwrap_or_default(),
    );
    let mut payload = Some(payload);
    outcome(&call, || {
        // It is asked for once at most.
        let Some(payload) = payload.take() else {
            return Success::processed(serde_json::json!({}));
        };
        let message = call
            .core
            .accept(&call.number.sender, payload, Some(call.request));
        let success = Success::accepted(&message.id);
        // Once the response has been written, or the connection has ended, the message goes on its way.
        let core = call.core.clone();
        call.after_flush.push(move || core.deliver(&message));
        success
    })
    .await
}
