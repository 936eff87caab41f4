//! `/sim/conversations`: what was said, as the page shows it.

use serde_json::{Value, json};

use super::ok;
use crate::core::Core;
use crate::model::accepted_message::AcceptedMessage;
use crate::model::conversation::ConversationId;
use crate::model::delivery_error::DeliveryError;
use crate::rules::taps::{Tap, TapAction};
use crate::server::query::Query;
use crate::server::response::HttpResponse;
use crate::state::conversations::Line;
use crate::time::moment;

pub(super) fn list(core: &Core) -> HttpResponse {
    let ids = core.state.conversations().ids();
    let now = core.clock().unix_seconds();
    let all: Vec<Value> = ids
        .iter()
        .map(|id| {
            let lines = core.state.conversations().lines(id).len();
            let phone = core.state.phones().get(&id.user);
            let last = core
                .state
                .with_lists(&id.business, |lists| lists.wrote.last(&id.user));
            let left = last.map(|at| (at + 86_400).saturating_sub(now));
            json!({
                "business": id.business,
                "user": id.user,
                "name": phone.name,
                "lines": lines,
                "window_seconds_left": left,
            })
        })
        .collect();
    ok(&Value::Array(all))
}

/// What was said with a user; `?business=` where it is not the first number.
pub(super) fn show(core: &Core, query: &Query, user: &str) -> HttpResponse {
    let business = query.text("business");
    let business = business.map_or_else(|| core.default_business(), str::to_owned);
    let id = ConversationId::new(&business, user);
    let lines = core.state.conversations().lines(&id);
    let again = core.answered_again(&lines);
    let lines: Vec<Value> = lines
        .iter()
        .map(|line| {
            let mut json = self::line(core, line);
            if again.contains(&line.entry()) {
                json["answered_again"] = true.into();
            }
            json
        })
        .collect();
    ok(&Value::Array(lines))
}

fn line(core: &Core, line: &Line) -> Value {
    match line {
        Line::User { message, entry } => json!({
            "from": "user",
            "entry": entry,
            "id": message.id(),
            "at": message.written_at(),
            "type": message.type_name(),
            "content": message.content(),
            "quotes": message.quotes(),
            "media_url": message.media_url(),
            "read": core.state.conversations().is_read(message.id().as_str()),
        }),
        Line::Business {
            message,
            entry,
            answers,
        } => json!({
            "from": "business",
            "entry": entry,
            "id": message.wamid,
            "message_id": message.id,
            "at": moment::format(message.received_at),
            "type": message.type_name(),
            "content": message.content(),
            "quotes": message.quotes(),
            "answers": answers,
            "statuses": statuses(core, message),
            "taps": taps(core, message),
        }),
    }
}

pub(super) fn statuses(core: &Core, message: &AcceptedMessage) -> Value {
    let statuses = core.state.messages().statuses(message.wamid.as_str());
    statuses
        .iter()
        .map(|step| {
            json!({
                "status": step.status,
                "at": moment::format(step.at),
                "error": step.error.as_ref().map(DeliveryError::to_json),
                "category": step.category,
            })
        })
        .collect()
}

pub(super) fn taps(core: &Core, message: &AcceptedMessage) -> Value {
    core.taps(message).iter().map(tap).collect()
}

fn tap(tap: &Tap) -> Value {
    let (kind, more) = match &tap.action {
        TapAction::ReplyButton { id } => ("reply_button", json!({"id": id})),
        TapAction::ListRow {
            id,
            description,
            section,
        } => (
            "list_row",
            json!({"id": id, "description": description, "section": section}),
        ),
        TapAction::TemplateButton { payload } => ("template_button", json!({"payload": payload})),
        TapAction::Link { url } => ("link", json!({"url": url})),
        TapAction::CopyCode { code } => ("copy_code", json!({"code": code})),
        TapAction::LocationRequest => ("location_request", json!({})),
        TapAction::ContactRequest => ("contact_request", json!({})),
        TapAction::CallPermission => ("call_permission", json!({})),
        TapAction::Form { name } => ("form", json!({"name": name})),
        TapAction::Catalog {
            catalog_id,
            product,
        } => (
            "catalog",
            json!({"catalog_id": catalog_id, "product": product}),
        ),
        TapAction::Call => ("call", json!({})),
    };
    let mut json = json!({"label": tap.label, "kind": kind});
    if let (Value::Object(json), Value::Object(more)) = (&mut json, more) {
        json.extend(more);
    }
    json
}
