//! `/sim/state`: everything that the simulator knows, as one JSON.

use serde_json::json;

use super::members::{BadRequest, parse};
use super::ok;
use crate::core::Core;
use crate::model::conversation::ConversationId;
use crate::server::query::Query;
use crate::server::response::HttpResponse;

/// All of it, or with `?user=` (and `?business=`) one conversation.
pub(super) fn export(core: &Core, query: &Query) -> HttpResponse {
    let only = query.text("user").map(|user| {
        let business = query.text("business");
        let business = business.map_or_else(|| core.default_business(), str::to_owned);
        ConversationId::new(&business, user)
    });
    ok(&core.export(only.as_ref()))
}

/// Takes the place of what is known; of one conversation, where it is one.
pub(super) fn import(core: &Core, body: &[u8]) -> Result<HttpResponse, BadRequest> {
    let state = parse(body)?;
    let imported = core
        .import(&state)
        .map_err(|error| BadRequest(error.to_string()))?;
    Ok(ok(&json!({"messages": imported})))
}

pub(super) fn reset(core: &Core) -> HttpResponse {
    core.reset();
    ok(&json!({"messages": 0}))
}
