//! The rest of an account: templates, samples, numbers, flows, callback profiles, call permissions.

mod call_permissions;
mod draft;
mod flow_details;
mod flow_handle;
mod flows;
mod numbers;
mod pages;
mod profiles;
mod raw;
mod samples;
mod templates;

use kaleyra_wa_types::WabaId;

pub use self::call_permissions::{CallPermission, CallPermissions, ListCallPermissions};
pub use self::flow_details::{CreatedFlow, Flow, Flows};
pub use self::flow_handle::{ChangeFlow, FlowHandle, ReadFlow, UpdateFlowJson};
pub use self::flows::{CreateFlow, ListFlows, MigrateFlows, SetFlowKey};
pub use self::numbers::{AddNumber, ChangeNumber, ListNumbers, WabaNumber, WabaNumbers};
pub use self::pages::Items;
pub use self::profiles::{
    CallbackProfile, CallbackProfiles, ChangeCallbackProfile, ListCallbackProfiles, ProfileStatus,
    ReadCallbackProfile,
};
pub use self::raw::RawRequest;
pub use self::samples::{ReadSample, Sample, UploadSample, UploadedSample};
pub use self::templates::{
    CreateTemplate, CreatedTemplate, DeleteTemplate, DeleteTemplates, EditTemplate, GetTemplate,
    ListTemplates, ReadTemplateAnalytics, TemplateAnalytics, TemplatePage, TemplatePoint,
    UnreadableTemplate,
};
use crate::Client;

/// A WhatsApp Business Account: its templates, its numbers, its flows; made by [`Client::waba`].
///
/// Cheap to clone. Each method says what Kaleyra's pages show and what follows from Meta's API: everything marked
/// *inferred* can be changed by `path`, `parameter` and `body` before it is sent, without waiting for a new version.
///
/// ```
/// use kaleyra_wa_client::types::template::{TemplateDefinition, TemplateStatus};
///
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let created = r#"{"code":"WA200","data":{"id":"734500000000001","status":"PENDING"}}"#;
/// # let list = r#"{"code":"WA200","data":[{"name":"parcel_ready","language":"en_US","status":"PENDING","components":[]}]}"#;
/// # let kaleyra = Scripted::new().respond(200, created).respond(200, list);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let waba = client.waba("102000000000001");
/// assert_eq!(waba.id().as_str(), "102000000000001");
///
/// let definition = TemplateDefinition::utility("parcel_ready", "en_US")
///     .body("Hello {{1}}, your parcel waits at {{2}} until Friday.", ["Anna", "Main Street"]);
/// let created = waba.create_template(&definition).await?;
/// assert_eq!(created.status(), Some(TemplateStatus::Pending));
///
/// let mut templates = waba.templates().items();
/// while let Some(template) = templates.next().await {
///     let template = template?;
///     println!("{} in {}: {:?}", template.name, template.language, template.status);
/// }
/// # Ok(())
/// # }
/// ```
///
/// Where Kaleyra wants something else than was inferred, it can be sent at once:
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
/// let waba = client.waba("102000000000001");
/// waba.templates()
///     .limit(50)
///     .without_parameter("limit")
///     .parameter("page_size", "50")
///     .path("/v3/{sid}/whatsapp/{waba}/message_templates")
///     .await?;
/// assert_eq!(
///     kaleyra.requests()[0].uri().path_and_query().unwrap().as_str(),
///     "/v3/HXIN0000000000IN/whatsapp/102000000000001/message_templates?page_size=50",
/// );
///
/// # let kaleyra = kaleyra.respond(200, r#"{"code":"WA200","data":{"success":true}}"#);
/// // Another body, in place of all that was set.
/// let edited = waba.edit_template("734500000000001").body(serde_json::json!({"category": "UTILITY"})).await?;
/// assert_eq!(edited.data.unwrap()["success"], true);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Waba {
    client: Client,
    id: WabaId,
}

impl Client {
    /// A WhatsApp Business Account of this client's account, by its id. No request is made yet.
    ///
    /// ```
    /// # async fn run(client: &kaleyra_wa_client::Client) -> Result<(), kaleyra_wa_client::Error> {
    /// let waba = client.waba("102000000000001");
    /// println!("{} templates on the first page", waba.templates().await?.templates().len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn waba(&self, id: impl Into<WabaId>) -> Waba {
        Waba {
            client: self.clone(),
            id: id.into(),
        }
    }
}

impl Waba {
    /// Its id.
    pub fn id(&self) -> &WabaId {
        &self.id
    }

    fn draft(&self, endpoint: &'static crate::endpoint::Endpoint) -> draft::Draft {
        draft::Draft::new(self.client.clone(), endpoint).value("waba", self.id.as_str())
    }
}
