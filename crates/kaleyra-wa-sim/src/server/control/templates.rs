//! `/sim/templates`: how the templates stand, and a review by hand.

use kaleyra_wa_types::template::TemplateReason;
use serde_json::{Value, json};

use super::members::{BadRequest, Members};
use super::{not_found, ok};
use crate::core::Core;
use crate::model::template_change::TemplateChange;
use crate::server::query::Query;
use crate::server::response::HttpResponse;

/// All that are not deleted, of every account.
pub(super) fn list(core: &Core) -> HttpResponse {
    let mut all: Vec<Value> = Vec::new();
    for account in core.accounts.all() {
        let waba = account.waba();
        let templates = core.templates(waba).into_iter();
        all.extend(templates.map(|(it, _)| json!({"waba": waba, "definition": &*it})));
    }
    ok(&Value::Array(all))
}

/// Those of a name, with `?language=` one of them, whether they are deleted or not.
pub(super) fn show(core: &Core, query: &Query, name: &str) -> HttpResponse {
    let waba = query.text("waba").unwrap_or(core.accounts.first().waba());
    if let Some(language) = query.text("language") {
        return match core.template(waba, name, language) {
            Some(definition) => ok(&json!(&*definition)),
            None => not_found(NONE),
        };
    }
    let all = core.templates(waba).into_iter().map(|(it, _)| it);
    ok(&all
        .filter(|it| it.name == name)
        .map(|it| json!(&*it))
        .collect())
}

const NONE: &str = "no template has this name and language: GET /sim/templates lists them";

/// The fields that change something, of which a request has one, and those beside them.
const CHANGES: [&str; 4] = ["status", "quality", "category", "components"];
const BESIDE: [&str; 3] = ["reason", "language", "waba"];

/// `{"status": "PAUSED", "reason": "NONE"}`, `{"quality": "RED"}`, `{"category": "MARKETING"}` or `{"components": […]}`. Where
/// the template has several languages, `language` says which, in the body or in the query; so does `waba`.
pub(super) fn change(
    core: &Core,
    query: &Query,
    name: &str,
    body: &[u8],
) -> Result<HttpResponse, BadRequest> {
    let fields = Members::parse(body)?;
    let change = read(&fields)?;
    let waba = query.text("waba").or(fields.optional_text("waba")?);
    let waba = waba.unwrap_or(core.accounts.first().waba());
    let language = query.text("language").or(fields.optional_text("language")?);
    let languages: Vec<String> = match language {
        Some(language) => vec![language.to_owned()],
        None => {
            let all = core.templates(waba).into_iter().map(|(it, _)| it);
            let named = all.filter(|it| it.name == name);
            named.map(|it| it.language_code().into_owned()).collect()
        }
    };
    let [language] = languages.as_slice() else {
        return match languages.is_empty() {
            true => Ok(not_found(NONE)),
            false => Err(BadRequest(format!(
                "language: the template has several, choose one: {}",
                languages.join(", ")
            ))),
        };
    };
    if !core.change_template(waba, name, language, change, None) {
        return Ok(not_found(NONE));
    }
    let changed = core.template(waba, name, language);
    Ok(ok(&json!(changed.as_deref())))
}

fn read(fields: &Members) -> Result<TemplateChange, BadRequest> {
    let bad = |why: String| Err(BadRequest(why));
    let mut names = fields.0.keys().map(String::as_str);
    if let Some(other) = names.find(|it| !CHANGES.contains(it) && !BESIDE.contains(it)) {
        let known = [&CHANGES[..], &BESIDE[..]].concat().join(", ");
        return bad(format!("{other}: no field of a change, which are {known}"));
    }
    let given: Vec<&str> = CHANGES
        .into_iter()
        .filter(|name| fields.0.contains_key(*name))
        .collect();
    let [given] = given.as_slice() else {
        return bad(format!("give one of {}", CHANGES.join(", ")));
    };
    if *given == "components" {
        let components = serde_json::from_value(fields.value("components"));
        return components
            .map(TemplateChange::Components)
            .map_err(|error| BadRequest(format!("components: {error}")));
    }
    let value = fields.text(given)?.trim().to_ascii_uppercase();
    let allowed: &[&str] = match *given {
        "status" => &STATUSES,
        "quality" => &["GREEN", "YELLOW", "RED", "UNKNOWN"],
        _ => &["AUTHENTICATION", "MARKETING", "UTILITY"],
    };
    if !allowed.contains(&&*value) {
        return bad(format!("{given}: must be one of {}", allowed.join(", ")));
    }
    let reason = fields.optional_text("reason")?;
    let reason = reason.map(|it| TemplateReason::from(it.to_ascii_uppercase()));
    if reason.is_some() && *given != "status" {
        return bad("reason: goes with status only".to_owned());
    }
    if value == "APPROVED"
        && reason
            .as_ref()
            .is_some_and(|it| *it != TemplateReason::None)
    {
        return bad("reason: an approved template has none".to_owned());
    }
    Ok(match *given {
        "status" => TemplateChange::Status(value.into(), reason),
        "quality" => TemplateChange::Quality(value.into()),
        _ => TemplateChange::Category(value.into()),
    })
}

/// What a template can be put into. `DELETED` is a request of its own.
const STATUSES: [&str; 13] = [
    "APPROVED",
    "PENDING",
    "REJECTED",
    "PAUSED",
    "DISABLED",
    "IN_APPEAL",
    "PENDING_DELETION",
    "LIMIT_EXCEEDED",
    "ARCHIVED",
    "UNARCHIVED",
    "FLAGGED",
    "REINSTATED",
    "LOCKED",
];
