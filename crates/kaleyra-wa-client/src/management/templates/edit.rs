//! Changing a template.

use kaleyra_wa_types::response::Response;
use kaleyra_wa_types::template::{
    ComponentDefinition, TemplateCategory, TemplateDefinition, TemplateId,
};
use serde_json::Value;

use super::EDIT;
use crate::Error;
use crate::management::Waba;
use crate::management::draft::{Draft, awaited, overridable};

/// A change of a template that is made when this is awaited; made by [`Waba::edit_template`].
///
/// ```
/// use kaleyra_wa_client::Client;
/// use kaleyra_wa_client::transport::Scripted;
/// use kaleyra_wa_client::types::template::{TemplateCategory, TemplateDefinition};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
/// let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"success":true}}"#);
/// let client = Client::with_transport(account, kaleyra.clone());
/// # let _ = kaleyra.clone().respond(200, r#"{"code":"WA200"}"#).respond(200, r#"{"code":"WA200"}"#).respond(200, r#"{"code":"WA200"}"#);
/// let waba = client.waba("102000000000001");
///
/// // The category, by the id in the query; or in the body, should Kaleyra want it there.
/// waba.edit_template("734500000000001").category(TemplateCategory::Marketing).await?;
/// assert_eq!(kaleyra.requests()[0].uri().query(), Some("template_id=734500000000001"));
/// waba.edit_template("734500000000001").category(TemplateCategory::Marketing).id_in_body("template_id").await?;
/// assert_eq!(kaleyra.requests()[1].uri().query(), None);
///
/// // All components: of a definition, whose limits are checked, or any.
/// let closed = TemplateDefinition::utility("closed", "en").body("We are closed on {{1}}.", ["Monday"]);
/// waba.edit_template("734500000000002").components_of(&closed).await?;
/// waba.edit_template("734500000000002")
///     .components(closed.components)
///     .field("message_send_ttl_seconds", 600) // which Meta takes
///     .await?;
///
/// // What breaks a limit is refused here, unless it is unchecked.
/// let endless = TemplateDefinition::utility("closed", "en").body("We are closed. ".repeat(100), [] as [&str; 0]);
/// let error = waba.edit_template("734500000000002").components_of(&endless).await.unwrap_err();
/// assert_eq!(error.violations()[0].path, "components[0].text");
/// # let _ = kaleyra.clone().respond(200, r#"{"code":"WA200"}"#);
/// waba.edit_template("734500000000002").components_of(&endless).unchecked().await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is changed until it is awaited"]
#[derive(Clone, Debug)]
pub struct EditTemplate {
    draft: Draft,
    id: String,
}

impl Waba {
    /// Changes a template, by Meta's id of it: its components or its category, never both in one call.
    ///
    /// - Only one that is approved, rejected or paused; the category of an approved one not at all. One with a button for
    ///   calls over WhatsApp can't be edited.
    /// - An approved one ten times in 30 days and once in 24 hours; a WABA 100 times an hour.
    /// - **All** components are replaced by those that are given.
    ///
    /// *Inferred*: the id is in the query as `template_id`, as it does for a deletion; the page shows none.
    /// [`id_in_body`](EditTemplate::id_in_body) has it in the body.
    ///
    /// ```
    /// use kaleyra_wa_client::types::template::{TemplateCategory, TemplateDefinition};
    ///
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let success = r#"{"code":"WA200","data":{"success":true}}"#;
    /// # let kaleyra = Scripted::new().respond(200, success).respond(200, success);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let waba = client.waba("102000000000001");
    /// let closed = TemplateDefinition::utility("closed", "en").body("We are closed on {{1}}.", ["Monday"]);
    /// waba.edit_template("734500000000001").components_of(&closed).await?;
    /// waba.edit_template("734500000000002").category(TemplateCategory::Marketing).await?;
    /// # kaleyra.assert_finished();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Edit Template*.
    pub fn edit_template(&self, id: impl Into<TemplateId>) -> EditTemplate {
        let id = id.into().as_str().to_owned();
        EditTemplate {
            draft: self.draft(&EDIT).parameter("template_id", id.as_str()),
            id,
        }
    }
}

impl EditTemplate {
    /// Replaces all components.
    pub fn components(mut self, components: impl IntoIterator<Item = ComponentDefinition>) -> Self {
        let components: Vec<ComponentDefinition> = components.into_iter().collect();
        let components = serde_json::to_value(components).unwrap_or_default();
        self.draft = self.draft.field("components", components);
        self
    }

    /// Replaces all components by those of a definition, [as they are submitted](TemplateDefinition::for_submission), whose
    /// limits are checked. One that was listed has a link where a header's sample was: it needs the handle of a new
    /// [upload](Waba::upload_sample) there, and is refused without one.
    pub fn components_of(mut self, definition: &TemplateDefinition) -> Self {
        let mut violations = definition.submission_violations();
        violations.retain(|violation| violation.path.starts_with("components"));
        self.draft = self.draft.refused_for(violations);
        self.components(definition.for_submission().components)
    }

    /// Changes the category.
    pub fn category(mut self, category: impl Into<TemplateCategory>) -> Self {
        let category: TemplateCategory = category.into();
        self.draft = self.draft.field("category", category.as_str());
        self
    }

    /// Any other field of the body, such as `message_send_ttl_seconds`. Kaleyra's page names components and category only;
    /// Meta's API takes more.
    pub fn field(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.draft = self.draft.field(name, value);
        self
    }

    /// Has the id in the body under this name, instead of in the query.
    pub fn id_in_body(mut self, name: &str) -> Self {
        let id = self.id.clone();
        self.draft = self.draft.without_parameter("template_id").field(name, id);
        self
    }

    /// Sends it even if it breaks limits that this version knows.
    pub fn unchecked(mut self) -> Self {
        self.draft = self.draft.unchecked();
        self
    }

    async fn perform(self) -> Result<Response, Error> {
        self.draft.succeed().await
    }
}

awaited!(EditTemplate => Response);
overridable!(EditTemplate);
