//! What became of the messages of templates, counted by day.

use std::fmt;

use kaleyra_wa_types::response::Response;
use kaleyra_wa_types::template::TemplateId;
use serde_json::Value;

use super::ANALYTICS;
use crate::Error;
use crate::decoded_response::find;
use crate::management::Waba;
use crate::management::draft::{Draft, awaited, overridable};

/// Counts that are read when this is awaited; made by [`Waba::template_analytics`].
///
/// ```
/// use kaleyra_wa_client::Client;
/// use kaleyra_wa_client::transport::Scripted;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
/// let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":[]}"#);
/// let client = Client::with_transport(account, kaleyra.clone());
/// let reading = client.waba("102000000000001").template_analytics(["734500000000001"], "2026-11-01", "2026-11-30");
/// reading.metrics(["SENT", "READ"]).product("CLOUD_API").await?;
/// let requests = kaleyra.requests();
/// let query = requests[0].uri().query().unwrap();
/// assert!(query.ends_with("&granularity=DAILY&metric_types=SENT,READ&product_type=CLOUD_API"));
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is read until it is awaited"]
#[derive(Clone, Debug)]
pub struct ReadTemplateAnalytics {
    draft: Draft,
}

/// What became of the messages of templates.
///
/// ```
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let body = r#"{"code": "WA200", "data": [{"granularity": "DAILY", "data_points": [
///     {"template_id": "734500000000001", "start": 1761955200, "end": 1762041600, "sent": 1200, "delivered": 1180, "read": 900,
///      "clicked": [{"type": "quick_reply_button", "button_content": "Yes", "count": 300}]}
/// ]}]}"#;
/// # let kaleyra = Scripted::new().respond(200, body);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let waba = client.waba("102000000000001");
/// let analytics = waba.template_analytics(["734500000000001"], "2025-11-01", "2025-11-02").await?;
/// let day = &analytics.points()[0];
/// assert_eq!((day.sent, day.read, day.clicked), (Some(1200), Some(900), Some(300)));
/// assert_eq!(day.replied, None); // not reported
/// assert_eq!(analytics.response().code.as_ref().unwrap().as_str(), "WA200");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct TemplateAnalytics {
    response: Response,
}

/// The counts of one template in one day. What is not reported is `None`.
///
/// For an example see [`TemplateAnalytics`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplatePoint {
    /// The template.
    pub template_id: Option<TemplateId>,
    /// When it begins, in seconds since 1970-01-01 UTC.
    pub start: Option<i64>,
    /// When it ends, in seconds since 1970-01-01 UTC.
    pub end: Option<i64>,
    /// How many were sent.
    pub sent: Option<u64>,
    /// How many were delivered.
    pub delivered: Option<u64>,
    /// How many were read.
    pub read: Option<u64>,
    /// How many were replied to; in Kaleyra's pages, not in Meta's.
    pub replied: Option<u64>,
    /// How often all buttons together were tapped.
    pub clicked: Option<u64>,
}

impl Waba {
    /// What became of the messages of these templates between two days, such as `2026-11-01` and `2026-11-30`, by UTC and of
    /// the last 90 days.
    ///
    /// Counts appear from 1,000 events of a template on; taps for marketing and utility only. WABAs of the EU, the UK and Japan
    /// have none, nor has an account that opted into Meta's own template analytics. Meta takes ten templates at once.
    ///
    /// *Inferred*: the path, the names of the parameters and the response are Meta's; the page is cut off before them.
    ///
    /// ```
    /// # async fn run(waba: &kaleyra_wa_client::Waba) -> Result<(), kaleyra_wa_client::Error> {
    /// let analytics = waba.template_analytics(["734500000000001"], "2026-11-01", "2026-11-30").await?;
    /// for point in analytics.points() {
    ///     println!("{:?}: {:?} sent, {:?} read", point.template_id, point.sent, point.read);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Template Analytics*.
    pub fn template_analytics(
        &self,
        templates: impl IntoIterator<Item = impl Into<TemplateId>>,
        start: impl Into<String>,
        end: impl Into<String>,
    ) -> ReadTemplateAnalytics {
        let ids = templates
            .into_iter()
            .map(|id| id.into().as_str().to_owned());
        ReadTemplateAnalytics {
            draft: self
                .draft(&ANALYTICS)
                .list("template_ids", ids)
                .parameter("start", start)
                .parameter("end", end)
                .parameter("granularity", "DAILY"),
        }
    }
}

impl ReadTemplateAnalytics {
    /// Only these counts: `SENT`, `DELIVERED`, `READ`, `CLICKED`, `REPLIED`.
    pub fn metrics(mut self, metrics: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.draft = self.draft.list("metric_types", metrics);
        self
    }

    /// Only what was sent through this product, such as `CLOUD_API`.
    pub fn product(mut self, product: impl Into<String>) -> Self {
        self.draft = self.draft.parameter("product_type", product);
        self
    }

    async fn perform(self) -> Result<TemplateAnalytics, Error> {
        let response = self.draft.succeed().await?;
        Ok(TemplateAnalytics { response })
    }
}

awaited!(ReadTemplateAnalytics => TemplateAnalytics);
overridable!(ReadTemplateAnalytics);

impl TemplateAnalytics {
    /// The counts, by template and day.
    pub fn points(&self) -> Vec<TemplatePoint> {
        let Some(data) = &self.response.data else {
            return Vec::new();
        };
        let mut found = Vec::new();
        collect(data, &mut found);
        found
    }

    /// The whole response.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

/// Every list of points, however deep it lies.
fn collect(value: &Value, found: &mut Vec<TemplatePoint>) {
    match value {
        Value::Object(members) if members.contains_key("template_id") => {
            found.push(TemplatePoint::of(value));
        }
        Value::Object(members) => members.values().for_each(|member| collect(member, found)),
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, found)),
        _ => {}
    }
}

impl TemplatePoint {
    fn of(value: &Value) -> Self {
        let number = |name| find(value, name).and_then(count);
        let clicked = value.get("clicked");
        Self {
            template_id: value
                .get("template_id")
                .and_then(|id| serde_json::from_value(id.clone()).ok()),
            start: value.get("start").and_then(Value::as_i64),
            end: value.get("end").and_then(Value::as_i64),
            sent: number("sent"),
            delivered: number("delivered"),
            read: number("read"),
            replied: number("replied"),
            clicked: match clicked {
                Some(Value::Array(buttons)) => Some(
                    buttons
                        .iter()
                        .filter_map(|button| button.get("count").and_then(count))
                        .sum(),
                ),
                clicked => clicked.and_then(count),
            },
        }
    }
}

fn count(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

impl fmt::Debug for TemplateAnalytics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TemplateAnalytics")
            .field("points", &self.points().len())
            .finish_non_exhaustive()
    }
}
