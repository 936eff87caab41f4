//! Submitting a template.

use std::fmt;

use kaleyra_wa_types::response::Response;
use kaleyra_wa_types::template::{
    TemplateCategory, TemplateDefinition, TemplateId, TemplateStatus,
};
use serde_json::Value;

use super::CREATE;
use crate::Error;
use crate::decoded_response::find;
use crate::management::Waba;
use crate::management::draft::{Draft, awaited, overridable};

/// A template that is submitted when this is awaited; made by [`Waba::create_template`].
///
/// Where Meta has changed a limit, a template is sent all the same:
///
/// ```
/// use kaleyra_wa_client::types::template::TemplateDefinition;
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"id":"734500000000001"}}"#);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let waba = client.waba("102000000000001");
/// let name = "a_name_that_this_version_refuses".repeat(20);
/// let definition = TemplateDefinition::utility(name, "en").body("We are closed on Monday.", [] as [&str; 0]);
/// assert!(waba.create_template(&definition).await.is_err());
/// assert!(waba.create_template(&definition).unchecked().await.is_ok());
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is submitted until it is awaited"]
#[derive(Clone, Debug)]
pub struct CreateTemplate {
    draft: Draft,
}

/// A template was submitted.
///
/// ```
/// use kaleyra_wa_client::types::template::{TemplateCategory, TemplateDefinition, TemplateStatus};
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let body = r#"{"code": "WA200", "data": {"id": "734500000000001", "status": "PENDING", "category": "MARKETING"}}"#;
/// # let kaleyra = Scripted::new().respond(200, body);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let news = TemplateDefinition::utility("news", "en").body("Everything is new today.", [] as [&str; 0]);
/// let created = client.waba("102000000000001").create_template(&news).await?;
/// assert_eq!(created.id().unwrap().as_str(), "734500000000001");
/// assert_eq!(created.status(), Some(TemplateStatus::Pending));
/// assert_eq!(created.category(), Some(TemplateCategory::Marketing)); // Meta has chosen another one, with another price
/// assert_eq!(created.response().code.as_ref().unwrap().as_str(), "WA200");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct CreatedTemplate {
    response: Response,
}

impl Waba {
    /// Submits a template for approval, [as it is submitted](TemplateDefinition::for_submission): what only one has that was
    /// submitted before is left out. [What is wrong](TemplateDefinition::submission_violations) with it is reported first, all
    /// at once.
    ///
    /// - A category, language or kind that this version [does not know](TemplateDefinition::unknown_values) is sent as it is.
    /// - A WABA can submit 100 an hour. The WABA has to be onboarded on V2.
    /// - Meta's own refusals (2388023 to 2388299) come with `WA400` in a form that no page shows:
    ///   [`Error::response`] has the response.
    ///
    /// *Inferred*: the body is Meta's object as it is. The page is cut off after its first characters; its response is Meta's
    /// own, inside the envelope.
    ///
    /// ```
    /// use kaleyra_wa_client::types::template::{TemplateDefinition, TemplateStatus};
    ///
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"id":"734500000000001","status":"PENDING","category":"UTILITY"}}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let waba = client.waba("102000000000001");
    /// let closed = TemplateDefinition::utility("closed_monday", "en").body("We are closed on Monday.", [] as [&str; 0]);
    /// let created = waba.create_template(&closed).await?;
    /// assert_eq!(created.status(), Some(TemplateStatus::Pending));
    ///
    /// // What Meta would refuse is refused here, with everything that is wrong.
    /// let nameless = TemplateDefinition::utility("Closed Monday", "en");
    /// let error = waba.create_template(&nameless).await.unwrap_err();
    /// assert!(error.violations().len() > 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Create Template*; *Error codes for template*.
    pub fn create_template(&self, definition: &TemplateDefinition) -> CreateTemplate {
        let body = serde_json::to_value(definition.for_submission()).unwrap_or_default();
        CreateTemplate {
            draft: self
                .draft(&CREATE)
                .json(body)
                .refused_for(definition.submission_violations()),
        }
    }
}

impl CreateTemplate {
    /// Submits it even if it breaks limits that this version knows.
    pub fn unchecked(mut self) -> Self {
        self.draft = self.draft.unchecked();
        self
    }

    async fn perform(self) -> Result<CreatedTemplate, Error> {
        let response = self.draft.succeed().await?;
        Ok(CreatedTemplate { response })
    }
}

awaited!(CreateTemplate => CreatedTemplate);
overridable!(CreateTemplate);

impl CreatedTemplate {
    /// Meta's id of it.
    pub fn id(&self) -> Option<TemplateId> {
        let id = find(self.response.data.as_ref()?, "id")?;
        serde_json::from_value(id.clone()).ok()
    }

    /// Its state, most often `PENDING`.
    pub fn status(&self) -> Option<TemplateStatus> {
        self.text("status")
            .map(|status| status.to_ascii_uppercase().into())
    }

    /// Its category: Meta may have chosen a different one from the one requested.
    pub fn category(&self) -> Option<TemplateCategory> {
        self.text("category")
            .map(|category| category.to_ascii_uppercase().into())
    }

    /// The whole response.
    pub fn response(&self) -> &Response {
        &self.response
    }

    fn text(&self, name: &str) -> Option<&str> {
        find(self.response.data.as_ref()?, name).and_then(Value::as_str)
    }
}

impl fmt::Debug for CreatedTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreatedTemplate")
            .field("id", &self.id())
            .field("status", &self.status())
            .field("category", &self.category())
            .finish_non_exhaustive()
    }
}
