//! `/sim/templates`: how the templates stand, and a review by hand.

use serde_json::{Value, json};

use super::members::{BadRequest, parse};
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

/// `{"status": "PAUSED", "reason": "NONE"}`, `{"quality": "RED"}`, `{"category": "MARKETING"}` or `{"components": […]}`, and
/// `language` where the template has several.
pub(super) fn change(core: &Core, name: &str, body: &[u8]) -> Result<HttpResponse, BadRequest> {
    let fields = parse(body)?;
    let change = TemplateChange::of_json(&fields).ok_or_else(|| {
        BadRequest("give status (and reason), quality, category or components".to_owned())
    })?;
    let waba = fields["waba"]
        .as_str()
        .unwrap_or(core.accounts.first().waba());
    let languages: Vec<String> = match fields["language"].as_str() {
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
            false => Err(BadRequest("language: the template has several".to_owned())),
        };
    };
    if !core.change_template(waba, name, language, change, None) {
        return Ok(not_found(NONE));
    }
    let changed = core.template(waba, name, language);
    Ok(ok(&json!(changed.as_deref())))
}
