//! `/sim/settings`: what can be set while it runs.

use serde_json::json;

use super::members::{BadRequest, Members};
use super::ok;
use crate::core::Core;
use crate::delivery::settings::Callbacks;
use crate::delivery::webhook::Webhook;
use crate::rules::ladder::StatusLadder;
use crate::rules::settings::{ServiceWindow, Strictness};
use crate::server::response::HttpResponse;

pub(super) fn show(core: &Core) -> HttpResponse {
    let settings = core.settings();
    let accounts: Vec<_> = core
        .accounts
        .all()
        .iter()
        .map(|account| {
            let numbers = account.numbers().iter();
            let numbers: Vec<&str> = numbers.map(|number| number.sender.as_str()).collect();
            json!({"sid": account.sid(), "numbers": numbers})
        })
        .collect();
    ok(&json!({
        "accounts": accounts,
        "seed": core.chance.seed(),
        "statuses": settings.ladder.to_string(),
        "tells_statuses": settings.tells_statuses,
        "strictness": settings.strictness.as_str(),
        "window": settings.window().as_str(),
        "has_webhook": core.webhook().is_some(),
    }))
}

/// `{"statuses": "sent:0,read:manual", "strictness": "meta", "window": "strict", "callback_url": "http://…",
/// "callback_header": ["x-kaleyra-secret", "s3cret"]}`, or some of these.
pub(super) fn set(core: &Core, body: &[u8]) -> Result<HttpResponse, BadRequest> {
    let members = Members::parse(body)?;
    fn read<T: std::str::FromStr<Err: std::fmt::Display>>(
        members: &Members,
        name: &str,
    ) -> Result<Option<T>, BadRequest> {
        let text = members.optional_text(name)?;
        let parsed = text.map(str::parse).transpose();
        parsed.map_err(|error| BadRequest(format!("{name}: {error}")))
    }
    let ladder: Option<StatusLadder> = read(&members, "statuses")?;
    let strictness: Option<Strictness> = read(&members, "strictness")?;
    let window: Option<ServiceWindow> = read(&members, "window")?;
    let webhook = match members.optional_text("callback_url")? {
        None => None,
        Some("") => Some(None),
        Some(url) => {
            let header = members.value("callback_header");
            let callbacks = Callbacks::to(url);
            let callbacks = match (header[0].as_str(), header[1].as_str()) {
                (Some(name), Some(value)) => callbacks.header(name, value),
                _ => callbacks,
            };
            let webhook = Webhook::new(&callbacks);
            Some(Some(
                webhook.map_err(|error| BadRequest(error.to_string()))?,
            ))
        }
    };
    // Nothing is changed unless all of it is right.
    if let Some(ladder) = ladder {
        core.change_settings(format!("statuses: {ladder}"), |it| it.ladder = ladder);
    }
    if let Some(strictness) = strictness {
        core.change_settings(format!("strictness: {strictness}"), |it| {
            it.strictness = strictness;
        });
    }
    if let Some(window) = window {
        core.change_settings(format!("window: {}", window.as_str()), |it| {
            it.window = Some(window);
        });
    }
    if let Some(webhook) = webhook {
        core.set_webhook(webhook);
    }
    Ok(show(core))
}
