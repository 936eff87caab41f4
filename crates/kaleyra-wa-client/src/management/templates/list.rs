//! The templates of a WABA, page by page.

use std::fmt;

use kaleyra_wa_types::RawJson;
use kaleyra_wa_types::response::Response;
use kaleyra_wa_types::template::{TemplateCategory, TemplateDefinition, TemplateStatus};
use serde_json::Value;

use super::{GET, LIST};
use crate::Error;
use crate::decoded_response::find;
use crate::management::Waba;
use crate::management::draft::{Draft, awaited, overridable};
use crate::management::pages::{Asking, Items, Page};

/// A page of templates that is read when this is awaited; made by [`Waba::templates`].
///
/// ```
/// use kaleyra_wa_client::Client;
/// use kaleyra_wa_client::transport::Scripted;
/// use kaleyra_wa_client::types::template::{TemplateCategory, TemplateStatus};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
/// let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":[{"name":"closed","language":"en","status":"APPROVED"}]}"#);
/// let client = Client::with_transport(account, kaleyra.clone());
/// let page = client
///     .waba("102000000000001")
///     .templates()
///     .status(TemplateStatus::Approved)
///     .category(TemplateCategory::Utility)
///     .language("en")
///     .name("closed")
///     .limit(100)
///     .await?;
/// assert_eq!(page.templates()[0].name, "closed");
/// assert_eq!(
///     kaleyra.requests()[0].uri().query().unwrap(),
///     "status=APPROVED&category=UTILITY&language=en&name=closed&limit=100",
/// );
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is read until it is awaited"]
#[derive(Clone, Debug)]
pub struct ListTemplates {
    draft: Draft,
}

/// One template that is read when this is awaited; made by [`Waba::template`].
///
/// For an example see [`Waba::template`].
#[must_use = "nothing is read until it is awaited"]
#[derive(Clone, Debug)]
pub struct GetTemplate {
    draft: Draft,
    name: String,
    language: String,
}

/// A page of templates.
///
/// ```
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let body = r#"{"code": "WA200", "paging": {"cursors": {"after": "QVFI"}}, "data": [
///     {"id": "734500000000001", "name": "closed", "language": "en", "status": "APPROVED", "category": "UTILITY",
///      "components": [{"type": "BODY", "text": "We are closed on Monday."}]},
///     {"name": "no_language"}
/// ]}"#;
/// # let kaleyra = Scripted::new().respond(200, body);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let page = client.waba("102000000000001").templates().await?;
/// assert_eq!(page.templates()[0].name, "closed");
/// assert!(page.next_page().is_some()); // to await, as this one was
/// assert_eq!(page.response().code.as_ref().unwrap().as_str(), "WA200");
///
/// // What can't be sent is told apart, and keeps nothing else away.
/// let odd = &page.unreadable()[0];
/// assert_eq!(odd.to_string(), "no_language (entry 2 of the list): it has no language");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct TemplatePage {
    request: ListTemplates,
    templates: Vec<TemplateDefinition>,
    unreadable: Vec<UnreadableTemplate>,
    response: Response,
}

/// An entry of the list that is no definition: it has another shape, or no name or language to send it by.
///
/// For an example see [`TemplatePage`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnreadableTemplate {
    /// Its place in the page, from 0.
    pub position: usize,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// What is wrong with it.
    pub reason: String,
    /// All of it.
    pub value: Value,
}

/// Names the template, or its place.
impl fmt::Display for UnreadableTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.position + 1;
        match &self.name {
            Some(name) => write!(f, "{name} (entry {place} of the list): {}", self.reason),
            None => write!(f, "entry {place} of the list: {}", self.reason),
        }
    }
}

impl Waba {
    /// The templates of this WABA, page by page: those made through Kaleyra. One made in Meta's own manager can be sent and
    /// yet be missing here.
    ///
    /// *Inferred*: the filters and the paging are Meta's. The page has a table of parameters that is cut off, and shows that
    /// `data` is a list. A next page is asked for by the cursor that the response has or, where a limit was set and the page is
    /// full, by `offset`; a page that repeats the one before is the last.
    ///
    /// ```
    /// use kaleyra_wa_client::types::template::TemplateStatus;
    ///
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":[{"name":"closed","language":"en","status":"APPROVED"}]}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let waba = client.waba("102000000000001");
    /// let approved = waba.templates().status(TemplateStatus::Approved).limit(100).items().collect().await?;
    /// assert_eq!(approved.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Get Templates*.
    pub fn templates(&self) -> ListTemplates {
        ListTemplates {
            draft: self.draft(&LIST),
        }
    }

    /// The template of this name in this language; `None` if it is not listed.
    ///
    /// *Inferred*: there is no page for it. Templates of this name are listed, and this one is taken from them.
    ///
    /// ```
    /// use kaleyra_wa_client::types::template::TemplateStatus;
    ///
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":[{"name":"parcel_ready","language":"en_US","status":"APPROVED"}]}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let waba = client.waba("102000000000001");
    /// match waba.template("parcel_ready", "en_US").await? {
    ///     Some(parcel) if parcel.status == Some(TemplateStatus::Approved) => println!("it can be sent"),
    ///     Some(parcel) => println!("it is {:?}", parcel.status),
    ///     None => println!("there is none"),
    /// }
    /// # kaleyra.assert_finished();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Get Templates*.
    pub fn template(&self, name: impl Into<String>, language: impl Into<String>) -> GetTemplate {
        let name = name.into();
        GetTemplate {
            draft: self.draft(&GET).parameter("name", name.as_str()),
            name,
            language: language.into(),
        }
    }
}

impl ListTemplates {
    /// Those in this state.
    pub fn status(mut self, status: impl Into<TemplateStatus>) -> Self {
        let status: TemplateStatus = status.into();
        self.draft = self.draft.parameter("status", status.as_str());
        self
    }

    /// Those of this category.
    pub fn category(mut self, category: impl Into<TemplateCategory>) -> Self {
        let category: TemplateCategory = category.into();
        self.draft = self.draft.parameter("category", category.as_str());
        self
    }

    /// Those in this language.
    pub fn language(mut self, language: impl Into<String>) -> Self {
        self.draft = self.draft.parameter("language", language);
        self
    }

    /// Those of this name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.draft = self.draft.parameter("name", name);
        self
    }

    /// How many a page has at most. The server has a limit of its own.
    pub fn limit(mut self, limit: u32) -> Self {
        self.draft = self.draft.parameter("limit", limit.to_string());
        self
    }

    /// Every template, with pages asked for as they are needed. Entries that are no definitions are left out: a page
    /// [has them](TemplatePage::unreadable).
    ///
    /// For an example see [`Items`].
    pub fn items(self) -> Items<TemplateDefinition> {
        Items::of(self.into_future())
    }

    async fn perform(self) -> Result<TemplatePage, Error> {
        let response = read(&self.draft).await?;
        let (templates, unreadable) = templates(response.data.as_ref());
        Ok(TemplatePage {
            request: self,
            templates,
            unreadable,
            response,
        })
    }
}

impl GetTemplate {
    async fn perform(self) -> Result<Option<TemplateDefinition>, Error> {
        let mut page = ListTemplates {
            draft: self.draft.clone(),
        }
        .perform()
        .await?;
        loop {
            let mut found = page.templates.iter();
            if let Some(found) = found.find(|found| found.is(&self.name, &self.language)) {
                return Ok(Some(found.clone()));
            }
            match page.next_page() {
                Some(next) => page = next.perform().await?,
                None => return Ok(None),
            }
        }
    }
}

awaited!(ListTemplates => TemplatePage);
awaited!(GetTemplate => Option<TemplateDefinition>);
overridable!(ListTemplates);
overridable!(GetTemplate);

impl TemplatePage {
    /// The templates of this page.
    pub fn templates(&self) -> &[TemplateDefinition] {
        &self.templates
    }

    /// The elements of the list that are no definitions.
    pub fn unreadable(&self) -> &[UnreadableTemplate] {
        &self.unreadable
    }

    /// The request for the next page; `None` after the last one.
    pub fn next_page(&self) -> Option<ListTemplates> {
        if self.templates.is_empty() && self.unreadable.is_empty() {
            return None;
        }
        let draft = &self.request.draft;
        if let Some(after) = self.after() {
            let is_new = !after.is_empty() && draft.parameter_of("after") != Some(&after);
            let next = is_new.then(|| draft.clone().parameter("after", after));
            return next.map(|draft| ListTemplates { draft });
        }
        let limit: usize = draft.parameter_of("limit")?.parse().ok()?;
        if self.templates.len() + self.unreadable.len() < limit {
            return None;
        }
        let offset = draft.parameter_of("offset").unwrap_or("0");
        let offset = offset.parse::<usize>().ok()?.checked_add(limit)?;
        Some(ListTemplates {
            draft: draft
                .clone()
                .parameter("offset", offset.to_string())
                .seen(mark(self.response.data.as_ref())),
        })
    }

    /// The whole response.
    pub fn response(&self) -> &Response {
        &self.response
    }

    fn after(&self) -> Option<String> {
        let inside = self.response.data.iter().filter(|data| data.is_object());
        let inside = inside.filter_map(|data| find(data, "paging"));
        let beside = self
            .response
            .unknown
            .get("paging")
            .and_then(RawJson::to_value);
        let mut places = beside.iter().chain(inside);
        places.find_map(|paging| find(paging, "after")?.as_str().map(str::to_owned))
    }
}

impl Page for TemplatePage {
    type Item = TemplateDefinition;

    fn into_parts(self) -> (Vec<TemplateDefinition>, Option<Asking<Self>>) {
        let next = self.next_page().map(IntoFuture::into_future);
        (self.templates, next)
    }
}

/// Shows counts.
impl fmt::Debug for TemplatePage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TemplatePage")
            .field("templates", &self.templates.len())
            .field("unreadable", &self.unreadable.len())
            .finish_non_exhaustive()
    }
}

/// The response with a list, or without one where the page is the same as the one before: a server that ignores `offset` returns the
/// first page forever.
async fn read(draft: &Draft) -> Result<Response, Error> {
    let reply = draft.ask().await?;
    let has_list = reply.has_empty_data()
        || reply
            .envelope()
            .is_some_and(|response| list(response.data.as_ref()).is_some());
    if !has_list {
        return Err(draft.about(reply.into_error()));
    }
    let mut response = reply.into_success()?;
    if draft.has_seen(&mark(response.data.as_ref())) {
        response.data = Some(Value::Array(Vec::new()));
    }
    Ok(response)
}

/// What identifies a page: its first entry.
fn mark(data: Option<&Value>) -> String {
    let first = list(data).unwrap_or_default().first();
    first.map_or_else(String::new, |first| {
        match (first["name"].as_str(), first["language"].as_str()) {
            (Some(name), Some(language)) => format!("{name}/{language}"),
            _ => first.to_string(),
        }
    })
}

/// The list in a response, in one of the places where it may be; `None` if there is none.
fn list(data: Option<&Value>) -> Option<&[Value]> {
    match data? {
        Value::Array(elements) => Some(elements),
        Value::Object(members) if members.is_empty() => Some(&[]),
        data => ["data", "templates", "message_templates"]
            .iter()
            .find_map(|name| Some(&**data.get(name)?.as_array()?)),
    }
}

/// The definitions of a list, each by itself, and what is none.
fn templates(data: Option<&Value>) -> (Vec<TemplateDefinition>, Vec<UnreadableTemplate>) {
    let mut unreadable = Vec::new();
    let read = |(position, element): (usize, &Value)| match definition(element) {
        Ok(definition) => Some(definition),
        Err(reason) => {
            let name = element.get("name").and_then(Value::as_str);
            unreadable.push(UnreadableTemplate {
                position,
                name: name.filter(|name| !name.is_empty()).map(str::to_owned),
                reason,
                value: element.clone(),
            });
            None
        }
    };
    let elements = list(data).unwrap_or_default().iter().enumerate();
    let templates = elements.filter_map(read).collect();
    (templates, unreadable)
}

fn definition(element: &Value) -> Result<TemplateDefinition, String> {
    let definition: TemplateDefinition =
        serde_json::from_value(element.clone()).map_err(|error| error.to_string())?;
    if definition.name.is_empty() {
        return Err("it has no name".to_owned());
    }
    if definition.language.is_empty() {
        return Err("it has no language".to_owned());
    }
    Ok(definition)
}
