//! `…/template_analytics`: what became of the messages of templates, by day.
//!
//! Kaleyra shows counts from 1,000 events of a template on. Here every message counts, so that there is something to see.

use std::collections::{BTreeMap, HashMap};
use std::time::{SystemTime, UNIX_EPOCH};

use kaleyra_wa_types::inbound::StatusName;
use serde_json::{Value, json};

use super::{Asked, Wrong};
use crate::core::Core;
use crate::server::NoResponse;
use crate::server::response::{HttpResponse, Success};
use crate::time::moment;

const DAY: u64 = 86_400;

/// How many messages got so far.
#[derive(Default)]
struct Counts {
    sent: u64,
    delivered: u64,
    read: u64,
    replied: u64,
}

impl Asked<'_> {
    pub(super) async fn analytics(self) -> Result<HttpResponse, NoResponse> {
        let Some(ids) = self.list("template_ids") else {
            return Ok(self.refuse(Wrong("template_ids: missing".to_owned())));
        };
        let (start, end) = (self.query.text("start"), self.query.text("end"));
        let (Some(start), Some(end)) = (start.and_then(day), end.and_then(day)) else {
            let why = "start and end: must be days, such as 2026-11-01";
            return Ok(self.refuse(Wrong(why.to_owned())));
        };
        if start > end {
            let why = "start: must not be behind end";
            return Ok(self.refuse(Wrong(why.to_owned())));
        }
        let days = start / DAY..=end / DAY;
        let metrics = self.list("metric_types");
        let points: Vec<Value> = count(self.core(), self.subject)
            .into_iter()
            .filter(|((id, day), _)| ids.contains(id) && days.contains(day))
            .map(|((id, day), counts)| {
                let mut point =
                    json!({"template_id": id, "start": day * DAY, "end": (day + 1) * DAY});
                for (name, count) in [
                    ("sent", counts.sent),
                    ("delivered", counts.delivered),
                    ("read", counts.read),
                    ("replied", counts.replied),
                ] {
                    let is_metric = |it: &String| it.eq_ignore_ascii_case(name);
                    if metrics
                        .as_ref()
                        .is_none_or(|metrics| metrics.iter().any(is_metric))
                    {
                        point[name] = count.into();
                    }
                }
                point
            })
            .collect();
        let product = self.query.text("product_type").unwrap_or("CLOUD_API");
        let data =
            json!([{"granularity": "DAILY", "product_type": product, "data_points": points}]);
        self.done(|| Success::processed(data)).await
    }
}

/// A day, or a moment in seconds, in seconds.
fn day(text: &str) -> Option<u64> {
    let seconds = text.parse().ok();
    seconds.or_else(|| seconds_of(moment::parse(&format!("{text}T00:00:00Z"))?))
}

fn seconds_of(moment: SystemTime) -> Option<u64> {
    Some(moment.duration_since(UNIX_EPOCH).ok()?.as_secs())
}

/// What became of the messages that are kept, by template and day.
fn count(core: &Core, waba: &str) -> BTreeMap<(String, u64), Counts> {
    let mut counted: BTreeMap<_, Counts> = BTreeMap::new();
    // Looked up once for all: there are many messages, and each conversation has many lines.
    let quoted = core.state.conversations().quoted();
    let mut ids: HashMap<(String, String), Option<String>> = HashMap::new();
    let messages = core.state.messages().all();
    for message in messages {
        let sender = core.number(&message.sender);
        if message.type_name() != Some("template") || sender.business.waba_id != waba {
            continue;
        }
        let sent = message.content();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let key = (text(&sent["name"]), text(&sent["language"]["code"]));
        let id = ids.entry(key).or_insert_with(|| {
            let template = core.template_of(&message.sender, sent)?;
            Some(template.id.as_ref()?.as_str().to_owned())
        });
        let (Some(id), Some(at)) = (id.clone(), seconds_of(message.received_at)) else {
            continue;
        };
        let counts = counted.entry((id, at / DAY)).or_default();
        let statuses = core.state.messages().statuses(message.wamid.as_str());
        let has = |wanted: StatusName| u64::from(statuses.iter().any(|it| it.status == wanted));
        counts.sent += has(StatusName::Sent);
        counts.delivered += has(StatusName::Delivered);
        counts.read += has(StatusName::Read);
        counts.replied += u64::from(quoted.contains(message.wamid.as_str()));
    }
    counted
}
