//! The rest of an account: templates, samples, numbers, flows, callback profiles, call permissions.

mod call_permissions;
mod draft;
mod flow_details;
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
pub use self::flows::{
    ChangeFlow, CreateFlow, FlowHandle, ListFlows, MigrateFlows, ReadFlow, SetFlowKey,
    UpdateFlowJson,
};
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
/// use kaleyra_wa_client::types::template::TemplateDefinition;
///
/// # async fn run(client: &kaleyra_wa_client::Client) -> Result<(), kaleyra_wa_client::Error> {
/// let waba = client.waba("102000000000001");
/// let definition = TemplateDefinition::utility("parcel_ready", "en_US")
///     .body("Hello {{1}}, your parcel waits at {{2}} until Friday.", ["Anna", "Main Street"]);
/// let created = waba.create_template(&definition).await?;
/// println!("{:?} is {:?}", created.id(), created.status());
///
/// let mut templates = waba.templates().items();
/// while let Some(template) = templates.next().await {
///     let template = template?;
///     println!("{} in {}: {:?}", template.name, template.language, template.status);
/// }
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
