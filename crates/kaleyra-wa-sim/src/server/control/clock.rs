//! `/sim/clock`: what time it is, and how fast it goes by.

use std::sync::Arc;

use serde_json::json;

use super::members::{BadRequest, Members};
use super::ok;
use crate::core::Core;
use crate::server::response::HttpResponse;
use crate::time::clock::SPEED_MAX;
use crate::time::{duration, moment};

pub(super) fn show(core: &Core) -> HttpResponse {
    let speed = core.clock().speed();
    ok(&json!({
        "now": moment::format(core.clock().now()),
        "speed": speed,
        "frozen": speed == 0.0,
        "next_due": core.next_due().map(moment::format),
    }))
}

/// `{"advance": "25h"}`, `{"to": "2026-11-28T12:00:00Z"}`, `{"frozen": true}`, `{"speed": 60}`; several at once in this order.
pub(super) async fn set(core: &Arc<Core>, body: &[u8]) -> Result<HttpResponse, BadRequest> {
    let members = Members::parse(body)?;
    let wrong = |name: &str, hint: &str| BadRequest(format!("{name}: {hint}"));
    let frozen = members.optional_flag("frozen")?;
    let speed = match members.0.get("speed") {
        None => frozen.map(|frozen| if frozen { 0.0 } else { 1.0 }),
        Some(_) => {
            let speed = members.number("speed")?;
            if !(0.0..=SPEED_MAX).contains(&speed) {
                return Err(wrong("speed", "must be from 0 to 3600"));
            }
            Some(speed)
        }
    };
    let advance = match members.optional_text("advance")? {
        Some(text) => Some(duration::parse(text).ok_or_else(|| wrong("advance", duration::HINT))?),
        None => None,
    };
    let to = match members.optional_text("to")? {
        Some(text) => Some(moment::parse(text).ok_or_else(|| wrong("to", moment::HINT))?),
        None => None,
    };
    if advance.is_none() && to.is_none() && speed.is_none() {
        return Err(BadRequest("give advance, to, frozen or speed".to_owned()));
    }
    if let Some(by) = advance {
        core.advance(by).await;
    }
    if let Some(to) = to {
        let by = to
            .duration_since(core.clock().now())
            .map_err(|_| wrong("to", "is in the past, and the clock never goes back"))?;
        core.advance(by).await;
    }
    if let Some(speed) = speed {
        core.clock().set_speed(speed);
        core.changed(format!("clock: speed {speed}"));
    }
    Ok(show(core))
}
