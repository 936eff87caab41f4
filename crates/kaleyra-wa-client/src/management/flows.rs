//! The flows of a WABA, which are forms that open inside WhatsApp, and the key of their data.

use kaleyra_wa_types::response::Response;
use kaleyra_wa_types::{FlowId, WabaId};
use serde_json::Value;

use super::Waba;
use super::draft::{Draft, awaited, overridable};
use super::flow_details::{CreatedFlow, Flow, Flows};
use super::flow_handle::{FlowHandle, ReadFlow};
use crate::endpoint::endpoints;
use crate::{Client, Error};

endpoints! {
    /// Makes a flow.
    CREATE = "create_flow", Send POST "/v2/{sid}/whatsapp/{waba}/flows";

    /// Lists the flows of a WABA.
    LIST = "flows", Read GET "/v2/{sid}/whatsapp/{waba}/flows";

    /// Copies flows to another WABA.
    MIGRATE = "migrate_flows", Send POST "/v2/{sid}/whatsapp/{waba}/migrate_flows/{destination}";

    /// Sets the key that the data of flows is encrypted with.
    SET_KEY = "set_flow_key", Send POST "/v2/{sid}/whatsapp/{sender}/flows_encryption";

    /// Reads that key.
    KEY = "flow_key", Read GET "/v2/{sid}/whatsapp/{sender}/flows_encryption";
}

/// A flow that is made when this is awaited; made by [`Waba::create_flow`].
///
/// ```
/// use kaleyra_wa_client::Client;
/// use kaleyra_wa_client::transport::Scripted;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
/// let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"id":"870000000000002"}}"#);
/// let client = Client::with_transport(account, kaleyra.clone());
/// client
///     .waba("102000000000001")
///     .create_flow("booking-2", ["APPOINTMENT_BOOKING"])
///     .clone_of("870000000000001")
///     .endpoint_uri("https://flows.example.com/booking")
///     .await?;
/// let body: serde_json::Value = serde_json::from_slice(kaleyra.requests()[0].body().as_bytes().unwrap())?;
/// assert_eq!(body, serde_json::json!({
///     "name": "booking-2",
///     "categories": ["APPOINTMENT_BOOKING"],
///     "clone_flow_id": "870000000000001",
///     "endpoint_uri": "https://flows.example.com/booking",
/// }));
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is made until it is awaited"]
#[derive(Clone, Debug)]
pub struct CreateFlow {
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

/// The flows of a WABA, read when this is awaited; made by [`Waba::flows`].
///
/// ```
/// use kaleyra_wa_client::Client;
/// use kaleyra_wa_client::transport::Scripted;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
/// let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"data":[{"name":"booking"}]}}"#);
/// let client = Client::with_transport(account, kaleyra.clone());
/// let flows = client.waba("102000000000001").flows().fields(["name"]).await?;
/// assert_eq!(flows.flows()[0].name(), Some("booking"));
/// assert_eq!(kaleyra.requests()[0].uri().query(), Some("fields=name"));
/// # Ok(())
/// # }
/// ```
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
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let created = r#"{"code":"WA200","data":{"id":"870000000000001"}}"#;
    /// # let success = r#"{"code":"WA200","data":{"success":true,"validation_errors":[]}}"#;
    /// # let kaleyra = Scripted::new().respond(200, created).respond(200, success).respond(200, success);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// # let json = r#"{"version": "7.1", "screens": []}"#;
    /// let created = client.waba("102000000000001").create_flow("booking", ["APPOINTMENT_BOOKING"]).await?;
    /// if let Some(id) = created.id() {
    ///     let flow = client.flow(id);
    ///     let checked = flow.update_json(json).await?;
    ///     if checked.validation_errors().is_empty() {
    ///         flow.publish().await?;
    ///     }
    /// }
    /// # kaleyra.assert_finished();
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
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"migrated_flows":[{"source_name":"booking"}],"failed_flows":[]}}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let waba = client.waba("102000000000001");
    /// let migrated = waba.migrate_flows("102000000000002").names(["booking"]).await?;
    /// assert_eq!(migrated.data.unwrap()["migrated_flows"][0]["source_name"], "booking");
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
        FlowHandle::new(self.clone(), id.into())
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
        ReadFlow::new(Draft::new(self.clone(), &KEY))
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
awaited!(MigrateFlows => Response);
awaited!(SetFlowKey => Response);
awaited!(ListFlows => Flows);
overridable!(CreateFlow);
overridable!(MigrateFlows);
overridable!(ListFlows);

pub(super) fn texts(texts: impl IntoIterator<Item = impl Into<String>>) -> Vec<Value> {
    texts
        .into_iter()
        .map(|text| Value::from(text.into()))
        .collect()
}
