//! One flow: read, changed, published.

use kaleyra_wa_transport::Body;
use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_types::FlowId;
use kaleyra_wa_types::response::Response;

use super::draft::{Draft, awaited, overridable};
use super::flow_details::Flow;
use super::flows::texts;
use crate::endpoint::{Endpoint, endpoints};
use crate::media::Form;
use crate::{Client, Error};

endpoints! {
    /// Reads a flow.
    READ = "flow", Read GET "/v2/{sid}/whatsapp/{flow}";

    /// Lists the files of a flow.
    ASSETS = "flow_assets", Read GET "/v2/{sid}/whatsapp/{flow}/assets";

    /// Changes name, categories or endpoint of a flow.
    UPDATE = "update_flow", Send POST "/v2/{sid}/whatsapp/{flow}";

    /// Replaces the screens of a flow.
    UPDATE_JSON = "update_flow_json", Send POST "/v2/{sid}/whatsapp/{flow}/assets";

    /// Makes a flow available.
    PUBLISH = "publish_flow", Send POST "/v2/{sid}/whatsapp/{flow}/publish";

    /// Takes a flow out of use.
    DEPRECATE = "deprecate_flow", Send POST "/v2/{sid}/whatsapp/{flow}/deprecate";

    /// Deletes the draft of a flow.
    DELETE = "delete_flow", Send DELETE "/v2/{sid}/whatsapp/{flow}";
}

/// A flow of this client's account, by its id; made by [`Client::flow`].
///
/// ```
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let success = r#"{"code":"WA200","data":{"success":true,"validation_errors":[]}}"#;
/// # let kaleyra = Scripted::new().respond(200, success).respond(200, success);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let flow = client.flow("870000000000001");
/// assert_eq!(flow.id().as_str(), "870000000000001");
///
/// let screens = r#"{"version": "7.1", "screens": []}"#;
/// let checked = flow.update_json(screens).await?;
/// if checked.validation_errors().is_empty() {
///     flow.publish().await?;
/// }
/// assert!(kaleyra.requests()[1].uri().path().ends_with("/870000000000001/publish"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct FlowHandle {
    client: Client,
    id: FlowId,
}

/// A change of a flow that is made when this is awaited; made by [`FlowHandle::publish`] and its like.
///
/// ```
/// use kaleyra_wa_client::Client;
/// use kaleyra_wa_client::transport::Scripted;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
/// let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"success":true}}"#);
/// let client = Client::with_transport(account, kaleyra.clone());
/// let flow = client.flow("870000000000001");
/// let update = flow.update().name("booking-2").categories(["OTHER"]).endpoint_uri("https://flows.example.com/");
/// update.await?;
/// let body: serde_json::Value = serde_json::from_slice(kaleyra.requests()[0].body().as_bytes().unwrap())?;
/// assert_eq!(body["endpoint_uri"], "https://flows.example.com/");
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is changed until it is awaited"]
#[derive(Clone, Debug)]
pub struct ChangeFlow {
    draft: Draft,
}

/// New screens of a flow, uploaded when this is awaited; made by [`FlowHandle::update_json`].
///
/// For an example see [`Waba::create_flow`](crate::Waba::create_flow).
#[must_use = "nothing is uploaded until it is awaited"]
#[derive(Clone, Debug)]
pub struct UpdateFlowJson {
    draft: Draft,
    json: Bytes,
}

/// What is known of a flow, read when this is awaited; made by [`FlowHandle::read`] and its like.
///
/// ```
/// use kaleyra_wa_client::Client;
/// use kaleyra_wa_client::transport::Scripted;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
/// let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"name":"booking","status":"PUBLISHED"}}"#);
/// let client = Client::with_transport(account, kaleyra.clone());
/// let flow = client.flow("870000000000001").read().fields(["name", "status"]).await?;
/// assert_eq!(flow.status(), Some("PUBLISHED"));
/// assert_eq!(kaleyra.requests()[0].uri().query(), Some("fields=name,status"));
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is read until it is awaited"]
#[derive(Clone, Debug)]
pub struct ReadFlow {
    draft: Draft,
}

impl FlowHandle {
    pub(super) fn new(client: Client, id: FlowId) -> Self {
        Self { client, id }
    }

    /// Its id.
    pub fn id(&self) -> &FlowId {
        &self.id
    }

    fn draft(&self, endpoint: &'static Endpoint) -> Draft {
        Draft::new(self.client.clone(), endpoint).value("flow", self.id.as_str())
    }

    fn change(&self, endpoint: &'static Endpoint) -> ChangeFlow {
        ChangeFlow {
            draft: self.draft(endpoint),
        }
    }

    /// Its name, state, categories and validation errors.
    ///
    /// For an example see [`Client::flow`].
    ///
    /// Source: *Get Flow Details*.
    pub fn read(&self) -> ReadFlow {
        ReadFlow {
            draft: self.draft(&READ),
        }
    }

    /// Its files, each with a URL to download it from.
    ///
    /// ```
    /// # async fn run(flow: &kaleyra_wa_client::FlowHandle) -> Result<(), kaleyra_wa_client::Error> {
    /// println!("{}", flow.assets().await?.value());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Get Flow Assets*.
    pub fn assets(&self) -> ReadFlow {
        ReadFlow {
            draft: self.draft(&ASSETS),
        }
    }

    /// Changes name, categories or endpoint, by [`name`](ChangeFlow::name) and its like. A published flow becomes a draft
    /// again.
    ///
    /// ```
    /// # async fn run(flow: &kaleyra_wa_client::FlowHandle) -> Result<(), kaleyra_wa_client::Error> {
    /// flow.update().name("booking-2").categories(["APPOINTMENT_BOOKING"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Update Flow Metadata*.
    pub fn update(&self) -> ChangeFlow {
        self.change(&UPDATE)
    }

    /// Replaces the screens. Faults in them are not an error: the response [reports](Flow::validation_errors) them.
    ///
    /// For an example see [`Waba::create_flow`](crate::Waba::create_flow).
    ///
    /// Source: *Update Flow JSON*.
    pub fn update_json(&self, json: impl Into<Bytes>) -> UpdateFlowJson {
        UpdateFlowJson {
            draft: self.draft(&UPDATE_JSON),
            json: json.into(),
        }
    }

    /// Makes it available. A published flow can't be deleted, only [deprecated](Self::deprecate).
    ///
    /// For an example see [`Waba::create_flow`](crate::Waba::create_flow).
    ///
    /// Source: *Publish Flow*.
    pub fn publish(&self) -> ChangeFlow {
        self.change(&PUBLISH)
    }

    /// Takes it out of use, for good.
    ///
    /// *Inferred*: the path is Meta's; the page is cut off before it.
    ///
    /// ```
    /// # async fn run(flow: &kaleyra_wa_client::FlowHandle) -> Result<(), kaleyra_wa_client::Error> {
    /// flow.deprecate().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Deprecate Flow*.
    pub fn deprecate(&self) -> ChangeFlow {
        self.change(&DEPRECATE)
    }

    /// Deletes it: drafts only.
    ///
    /// ```
    /// # async fn run(flow: &kaleyra_wa_client::FlowHandle) -> Result<(), kaleyra_wa_client::Error> {
    /// flow.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Delete Flow*.
    pub fn delete(&self) -> ChangeFlow {
        self.change(&DELETE)
    }
}

impl ChangeFlow {
    /// Its new name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.draft = self.draft.field("name", name.into());
        self
    }

    /// Its new categories.
    pub fn categories(mut self, categories: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.draft = self.draft.field("categories", texts(categories));
        self
    }

    /// Where it exchanges data from now on.
    pub fn endpoint_uri(mut self, uri: impl Into<String>) -> Self {
        self.draft = self.draft.field("endpoint_uri", uri.into());
        self
    }

    async fn perform(self) -> Result<Response, Error> {
        self.draft.succeed().await
    }
}

impl UpdateFlowJson {
    async fn perform(self) -> Result<Flow, Error> {
        let fields = [("name", "flow.json"), ("asset_type", "FLOW_JSON")];
        let form = Form::of(
            &fields,
            "application/json",
            "flow.json",
            Body::from(self.json),
        );
        let reply = self.draft.ask_with(form).await?;
        let response = reply
            .into_success()
            .map_err(|error| self.draft.about(error))?;
        Ok(Flow {
            value: response.data.unwrap_or_default(),
        })
    }
}

impl ReadFlow {
    pub(super) fn new(draft: Draft) -> Self {
        Self { draft }
    }

    /// Only these fields, such as `id`, `name`, `status`, `categories`, `validation_errors`.
    pub fn fields(mut self, fields: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.draft = self.draft.list("fields", fields);
        self
    }

    async fn perform(self) -> Result<Flow, Error> {
        let response = self.draft.succeed().await?;
        Ok(Flow {
            value: response.data.unwrap_or_default(),
        })
    }
}

awaited!(ChangeFlow => Response);
awaited!(UpdateFlowJson => Flow);
awaited!(ReadFlow => Flow);
overridable!(ChangeFlow);
overridable!(ReadFlow);
