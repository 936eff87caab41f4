//! `…/message_templates`: submits, lists, edits and deletes templates.

use std::time::{Duration, SystemTime};

use kaleyra_wa_types::template::{TemplateDefinition, TemplateStatus};
use serde_json::{Value, json};

use super::{Asked, Wrong, or_refuse, text_of};
use crate::base64;
use crate::callback::template::COMPANY_ID;
use crate::core::Edit;
use crate::server::NoResponse;
use crate::server::response::{HttpResponse, Success};
use crate::time::moment;

/// How many templates a WABA can create in an hour, and how many it can edit: *Create Template*, *Edit Template*.
const PER_HOUR: usize = 100;
/// How many a page has, unless it is asked for more or fewer; made up.
const PAGE: usize = 25;
const DAY: Duration = Duration::from_secs(86_400);

impl Asked<'_> {
    pub(super) async fn create_template(self, body: &[u8]) -> Result<HttpResponse, NoResponse> {
        let json = or_refuse!(self, self.json(body));
        let definition = match serde_json::from_value::<TemplateDefinition>(json) {
            Ok(definition) if !definition.name.is_empty() => definition,
            _ => return Ok(self.refuse(Wrong("no definition of a template".to_owned()))),
        };
        let definition = match self.core().check_template(self.subject, definition) {
            Ok(definition) => definition,
            Err(refused) => return Ok(self.refuse_as_meta(&refused)),
        };
        if let Some(answer) = self.over_quota(PER_HOUR) {
            return Ok(answer);
        }
        let mut definition = Some(definition);
        self.done(|| {
            // It is asked for once at most.
            let Some(definition) = definition.take() else {
                return Success::processed(json!({}));
            };
            let cause = self.call.request;
            let made = self.core().submit_template(self.subject, definition, cause);
            Success::processed(
                json!({"id": made.id, "status": made.status, "category": made.category}),
            )
        })
        .await
    }

    /// The list: filters and cursors as Meta has them, `offset` as Kaleyra's other lists have it.
    pub(super) async fn list_templates(self) -> Result<HttpResponse, NoResponse> {
        let wanted = Wanted::of(&self);
        let after = match self.query.text("after") {
            None => 0,
            Some(cursor) => match read_cursor(cursor) {
                Some(after) => after,
                None => {
                    return Ok(self.refuse(Wrong("after: is not a cursor of this list".to_owned())));
                }
            },
        };
        let all = self.core().templates(self.subject);
        let all: Vec<Value> = all
            .iter()
            .filter(|(it, at)| wanted.has(it, *at))
            .map(|(it, _)| listed(it))
            .collect();
        let count = all.len();
        let page = or_refuse!(self, self.page(all.into_iter().skip(after).collect(), PAGE));
        let offset = self
            .query
            .text("offset")
            .and_then(|it| it.parse::<usize>().ok());
        let end = after
            .saturating_add(offset.unwrap_or(0))
            .saturating_add(page.len());
        let paging = (end < count && !page.is_empty())
            .then(|| json!({"cursors": {"after": base64::encode(end.to_string().as_bytes())}}));
        self.done(|| Success::processed(Value::Array(page)).paging(paging))
            .await
    }

    /// The id is read from the query, or from the body, since no page says where it is.
    pub(super) async fn edit_template(self, body: &[u8]) -> Result<HttpResponse, NoResponse> {
        let json = or_refuse!(self, self.json(body));
        let in_body = ["template_id", "id", "message_template_id"];
        let id = self.query.text("template_id").map(str::to_owned);
        let id = id.or_else(|| in_body.iter().find_map(|name| text_of(&json, name)));
        let Some(id) = id else {
            return Ok(self.refuse(Wrong("template_id: missing".to_owned())));
        };
        let components = json.get("components").cloned();
        let edit = match (components, json["category"].as_str()) {
            (Some(components), None) => match serde_json::from_value(components) {
                Ok(components) => Edit::Components(components),
                Err(_) => return Ok(self.refuse(Wrong("components: not valid".to_owned()))),
            },
            (None, Some(category)) => Edit::Category(category.to_ascii_uppercase().into()),
            (Some(_), Some(_)) => {
                let why = "category and components: only one of them can be edited in one call";
                return Ok(self.refuse(Wrong(why.to_owned())));
            }
            (None, None) => {
                return Ok(self.refuse(Wrong("components or category: missing".to_owned())));
            }
        };
        let edit = match self.core().check_edit(self.subject, &id, edit) {
            Ok(edit) => edit,
            Err(refused) => return Ok(self.refuse_as_meta(&refused)),
        };
        if let Some(answer) = self.over_quota(PER_HOUR) {
            return Ok(answer);
        }
        let mut edit = Some(edit);
        self.done(|| {
            if let Some(edit) = edit.take() {
                self.core()
                    .edit_template(self.subject, edit, self.call.request);
            }
            Success::processed(json!({"success": true}))
        })
        .await
    }

    /// By name in every language, or with the id in one.
    pub(super) async fn delete_template(self) -> Result<HttpResponse, NoResponse> {
        let Some(name) = self.query.text("name") else {
            return Ok(self.refuse(Wrong("name: missing".to_owned())));
        };
        let id = self.query.text("template_id");
        let mut wanted = Vec::new();
        for (it, _) in self.core().templates(self.subject) {
            let known = it.id.as_ref().map(|id| id.as_str());
            if it.name == name && (id.is_none() || known == id) {
                wanted.push(it);
            }
        }
        if wanted.is_empty() {
            let why = "name: there is no such template";
            return Ok(self.refuse(Wrong(why.to_owned())));
        }
        if wanted
            .iter()
            .any(|it| it.status == Some(TemplateStatus::Disabled))
        {
            let why = "a disabled template can't be deleted";
            return Ok(self.refuse(Wrong(why.to_owned())));
        }
        self.done(|| {
            let cause = self.call.request;
            self.core().delete_templates(self.subject, &wanted, cause);
            Success::processed(json!({"success": true}))
        })
        .await
    }

    /// Approved and pending ones that fit all filters.
    pub(super) async fn delete_templates(self) -> Result<HttpResponse, NoResponse> {
        let filters = Wanted::of(&self);
        if filters.is_everything() {
            return Ok(self.refuse(Wrong("no filter is given".to_owned())));
        }
        if filters.has_half_interval {
            let why = "start_date and end_date: both are needed, such as 2026-11-01";
            return Ok(self.refuse(Wrong(why.to_owned())));
        }
        let mut wanted = Vec::new();
        for (it, at) in self.core().templates(self.subject) {
            let is_deletable = matches!(
                it.status,
                Some(TemplateStatus::Approved | TemplateStatus::Pending)
            );
            if is_deletable && filters.has(&it, at) {
                wanted.push(it);
            }
        }
        self.done(|| {
            let cause = self.call.request;
            self.core().delete_templates(self.subject, &wanted, cause);
            Success::processed(json!({"deleted": wanted.len()}))
        })
        .await
    }
}

/// The filters of a request, all of which have to fit.
struct Wanted {
    names: Option<Vec<String>>,
    ids: Option<Vec<String>>,
    statuses: Option<Vec<String>>,
    categories: Option<Vec<String>>,
    languages: Option<Vec<String>>,
    between: Option<(SystemTime, SystemTime)>,
    has_half_interval: bool,
}

impl Wanted {
    fn of(asked: &Asked<'_>) -> Self {
        // The page spells one end `start_data`.
        let day = |names: &[&str]| names.iter().find_map(|name| asked.query.text(name));
        let ends = (day(&["start_date", "start_data"]), day(&["end_date"]));
        let at = |day: &str| moment::parse(&format!("{day}T00:00:00Z"));
        let between = ends.0.and_then(at).zip(ends.1.and_then(at));
        Self {
            names: asked.list("name"),
            ids: asked.list("template_id"),
            statuses: asked.list("status"),
            categories: asked.list("category"),
            languages: asked.list("language"),
            has_half_interval: between.is_none() && (ends.0.is_some() || ends.1.is_some()),
            between: between.map(|(start, end)| (start, end + DAY)),
        }
    }

    fn is_everything(&self) -> bool {
        let lists = [
            &self.names,
            &self.ids,
            &self.statuses,
            &self.categories,
            &self.languages,
        ];
        lists.iter().all(|list| list.is_none()) && self.between.is_none() && !self.has_half_interval
    }

    fn has(&self, it: &TemplateDefinition, created_at: SystemTime) -> bool {
        let is_in = |list: &Option<Vec<String>>, value: &str| {
            let list = list.as_ref();
            list.is_none_or(|list| list.iter().any(|one| one.eq_ignore_ascii_case(value)))
        };
        let status = it.status.as_ref().map_or("", |status| status.as_str());
        let category = it
            .category
            .as_ref()
            .map_or("", |category| category.as_str());
        let languages = self.languages.as_ref();
        is_in(&self.names, &it.name)
            && is_in(&self.ids, it.id.as_ref().map_or("", |id| id.as_str()))
            && is_in(&self.statuses, status)
            && is_in(&self.categories, category)
            && languages.is_none_or(|list| list.iter().any(|one| it.is(&it.name, one)))
            && self
                .between
                .is_none_or(|(start, end)| (start..end).contains(&created_at))
    }
}

/// A template as the list has it: with Kaleyra's own id of the account.
fn listed(definition: &TemplateDefinition) -> Value {
    let mut listed = json!(definition);
    listed["company_id"] = COMPANY_ID.into();
    listed
}

fn read_cursor(text: &str) -> Option<usize> {
    String::from_utf8(base64::decode(text)?).ok()?.parse().ok()
}
