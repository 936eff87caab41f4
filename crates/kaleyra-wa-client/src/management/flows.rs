//! Flows: forms that open inside WhatsApp.

use kaleyra_wa_transport::Body;
use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_types::response::Response;
use kaleyra_wa_types::{FlowId, WabaId};
use serde_json::Value;

use super::Waba;
use super::draft::{Draft, awaited, overridable};
use super::flow_details::{CreatedFlow, Flow, Flows};
use crate::endpoint::{Endpoint, endpoints};
use crate::media::Form;
use crate::{Client, Error};

endpoints! {
    /// Makes a flow.
    CREATE = "create_flow", Send POST "/v2/{sid}/whatsapp/{waba}/flows";

    /// Lists the flows of a WABA.
    LIST = "flows", Read GET "/v2/{sid}/whatsapp/{waba}/flows";

    /// Copies flows to another WABA.
    MIGRATE = "migrate_flows", Send POST "/v2/{sid}/whatsapp/{waba}/migrate_flows/{destination}";

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

    /// Sets the key that the data of flows is encrypted with.
    SET_KEY = "set_flow_key", Send POST "/v2/{sid}/whatsapp/{sender}/flows_encryption";

    /// Reads that key.
    KEY = "flow_key", Read GET "/v2/{sid}/whatsapp/{sender}/flows_encryption";
}

/// A flow of this client's account, by its id; made by [`Client::flow`].
///
/// For an example see [`Client::flow`].
#[derive(Clone, Debug)]
pub struct FlowHandle {
    client: Client,
    id: FlowId,
}

/// A flow that is made when this is awaited; made by [`Waba::create_flow`].
///
/// For an example see [`Waba::create_flow`].
#[must_use = "nothing is made until it is awaited"]
#[derive(Clone, Debug)]
pub struct CreateFlow {
    draft: Draft,
}

/// A change of a flow that is made when this is awaited; made by [`FlowHandle::publish`] and its like.
///
/// For an example see [`Waba::create_flow`], which publishes one.
#[must_use = "nothing is changed until it is awaited"]
#[derive(Clone, Debug)]
pub struct ChangeFlow {
    draft: Draft,
}

/// Flows that are copied when this is awaited; made by [`Waba::migrate_flows`].
///
/// For an example see [`Waba::migrate_flows`].
#[must_use = "nothing is copied until it is awaited"]
#[derive(Clone, Debug)]
pub struct MigrateFlows {
    draft: Draft,
}

/// A key that is set when this is awaited; made by [`Client::set_flow_key`].
///
/// For an example see [`Client::set_flow_key`].
#[must_use = "nothing is set until it is awaited"]
#[derive(Clone, Debug)]
pub struct SetFlowKey {
    draft: Draft,
}

/// New screens of a flow, uploaded when this is awaited; made by [`FlowHandle::update_json`].
///
/// For an example see [`Waba::create_flow`].
#[must_use = "nothing is uploaded until it is awaited"]
#[derive(Clone, Debug)]
pub struct UpdateFlowJson {
    draft: Draft,
    json: Bytes,
}

/// What is known of a flow, read when this is awaited; made by [`FlowHandle::read`] and its like.
///
/// For an example see [`Client::flow`].
#[must_use = "nothing is read until it is awaited"]
#[derive(Clone, Debug)]
pub struct ReadFlow {
    draft: Draft,
}

/// The flows of a WABA, read when this is awaited; made by [`Waba::flows`].
///
/// For an example see [`Waba::flows`].
#[must_use = "nothing is read until it is awaited"]
#[derive(Clone, Debug)]
pub struct ListFlows {
    draft: Draft,
}

impl Waba {
    /// Makes a flow of this name, as a draft.
    ///
    /// *Inferred*: path and body are Meta's; the page is cut off before them. Categories are `SIGN_UP`, `SIGN_IN`,
    /// `APPOINTMENT_BOOKING`, `LEAD_GENERATION`, `CONTACT_US`, `CUSTOMER_SUPPORT`, `SURVEY`, `OTHER`.
    ///
    /// ```
    /// # use kaleyra_wa_client::{Client, Error};
    /// # async fn run(client: &Client, json: Vec<u8>) -> Result<(), Error> {
    /// let created = client.waba("102000000000001").create_flow("booking", ["APPOINTMENT_BOOKING"]).await?;
    /// if let Some(id) = created.id() {
    ///     let flow = client.flow(id);
    ///     let checked = flow.update_json(json).await?;
    ///     if checked.validation_errors().is_empty() {
    ///         flow.publish().await?;
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Create Flow*.
    pub fn create_flow(
        &self,
        name: impl Into<String>,
        categories: impl IntoIterator<Item = impl Into<String>>,
    ) -> CreateFlow {
        CreateFlow {
            draft: self
                .draft(&CREATE)
                .field("name", name.into())
                .field("categories", texts(categories)),
        }
    }

    /// The flows of this WABA.
    ///
    /// ```
    /// # async fn run(waba: &kaleyra_wa_client::Waba) -> Result<(), kaleyra_wa_client::Error> {
    /// for flow in waba.flows().await?.flows() {
    ///     println!("{:?}: {:?}", flow.name(), flow.status());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *List Flows*.
    pub fn flows(&self) -> ListFlows {
        ListFlows {
            draft: self.draft(&LIST),
        }
    }

    /// Copies flows to another WABA: all, or those that [`names`](MigrateFlows::names) names. One whose name is there
    /// already is skipped and reported as failed; what was published stays so.
    ///
    /// *Inferred*: the body is Meta's.
    ///
    /// ```
    /// # async fn run(waba: &kaleyra_wa_client::Waba) -> Result<(), kaleyra_wa_client::Error> {
    /// waba.migrate_flows("102000000000002").names(["booking"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Migrate Flows*.
    pub fn migrate_flows(&self, destination: impl Into<WabaId>) -> MigrateFlows {
        MigrateFlows {
            draft: self
                .draft(&MIGRATE)
                .value("destination", destination.into().as_str()),
        }
    }
}

impl Client {
    /// A flow of this account, by its id. No request is made yet.
    ///
    /// ```
    /// # async fn run(client: &kaleyra_wa_client::Client) -> Result<(), kaleyra_wa_client::Error> {
    /// let flow = client.flow("870000000000001").read().fields(["name", "status", "validation_errors"]).await?;
    /// println!("{:?} is {:?}", flow.name(), flow.status());
    /// # Ok(())
    /// # }
    /// ```
    pub fn flow(&self, id: impl Into<FlowId>) -> FlowHandle {
        FlowHandle {
            client: self.clone(),
            id: id.into(),
        }
    }

    /// Sets the public key (RSA of 2048 bits, as PEM) that the data of this number's flows is encrypted with.
    ///
    /// ```
    /// # async fn run(client: &kaleyra_wa_client::Client, pem: String) -> Result<(), kaleyra_wa_client::Error> {
    /// client.set_flow_key(pem).await?;
    /// println!("{:?}", client.flow_key().await?.value());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Set Encryption Public Key*.
    pub fn set_flow_key(&self, public_key_pem: impl Into<String>) -> SetFlowKey {
        let key = ("business_public_key".to_owned(), public_key_pem.into());
        SetFlowKey {
            draft: Draft::new(self.clone(), &SET_KEY).form(vec![key]),
        }
    }

    /// The key that the data of this number's flows is encrypted with.
    ///
    /// *Inferred*: the method is Meta's `GET`. Kaleyra's page says `POST` without a body, by which a key could be lost.
    ///
    /// For an example see [`set_flow_key`](Self::set_flow_key).
    ///
    /// Source: *Get Encryption Public Key*.
    pub fn flow_key(&self) -> ReadFlow {
        ReadFlow {
            draft: Draft::new(self.clone(), &KEY),
        }
    }
}

impl FlowHandle {
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
    /// For an example see [`Waba::create_flow`].
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
    /// For an example see [`Waba::create_flow`].
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

impl CreateFlow {
    /// Begins with the screens of another flow.
    pub fn clone_of(mut self, flow: impl Into<FlowId>) -> Self {
        self.draft = self.draft.field("clone_flow_id", flow.into().as_str());
        self
    }

    /// Where the flow exchanges data.
    pub fn endpoint_uri(mut self, uri: impl Into<String>) -> Self {
        self.draft = self.draft.field("endpoint_uri", uri.into());
        self
    }

    async fn perform(self) -> Result<CreatedFlow, Error> {
        let response = self.draft.succeed().await?;
        Ok(CreatedFlow { response })
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

impl MigrateFlows {
    /// Only the flows of these names.
    pub fn names(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.draft = self.draft.field("source_flow_names", texts(names));
        self
    }

    async fn perform(self) -> Result<Response, Error> {
        self.draft.succeed().await
    }
}

impl SetFlowKey {
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

impl ListFlows {
    /// Only these fields of each.
    pub fn fields(mut self, fields: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.draft = self.draft.list("fields", fields);
        self
    }

    async fn perform(self) -> Result<Flows, Error> {
        let response = self.draft.succeed().await?;
        let list = match &response.data {
            Some(Value::Array(elements)) => elements.clone(),
            Some(data) => data
                .get("data")
                .or_else(|| data.get("flows"))
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default(),
            None => Vec::new(),
        };
        Ok(Flows {
            flows: list.into_iter().map(|value| Flow { value }).collect(),
            response,
        })
    }
}

awaited!(CreateFlow => CreatedFlow);
awaited!(ChangeFlow => Response);
awaited!(MigrateFlows => Response);
awaited!(SetFlowKey => Response);
awaited!(UpdateFlowJson => Flow);
awaited!(ReadFlow => Flow);
awaited!(ListFlows => Flows);
overridable!(CreateFlow);
overridable!(ChangeFlow);
overridable!(MigrateFlows);
overridable!(ReadFlow);
overridable!(ListFlows);

fn texts(texts: impl IntoIterator<Item = impl Into<String>>) -> Vec<Value> {
    texts
        .into_iter()
        .map(|text| Value::from(text.into()))
        .collect()
}
