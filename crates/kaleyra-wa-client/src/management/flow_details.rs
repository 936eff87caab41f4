//! What is known of flows.

use std::fmt;

use kaleyra_wa_types::FlowId;
use kaleyra_wa_types::response::Response;
use serde_json::Value;

use crate::decoded_response::find;

/// A flow was made.
///
/// ```
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"id":"870000000000001"}}"#);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let created = client.waba("102000000000001").create_flow("booking", ["APPOINTMENT_BOOKING"]).await?;
/// assert_eq!(created.id().unwrap().as_str(), "870000000000001");
/// assert_eq!(created.response().code.as_ref().unwrap().as_str(), "WA200");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct CreatedFlow {
    pub(super) response: Response,
}

/// What is known of a flow.
///
/// ```
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let body = r#"{"code": "WA200", "data": {"id": "870000000000001", "name": "booking", "status": "DRAFT", "validation_errors": [
///     {"error": "INVALID_PROPERTY", "message": "The property 'initial-text' cannot be specified.", "line_start": 46}
/// ]}}"#;
/// # let kaleyra = Scripted::new().respond(200, body);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let flow = client.flow("870000000000001").read().await?;
/// assert_eq!(flow.id().unwrap().as_str(), "870000000000001");
/// assert_eq!((flow.name(), flow.status()), (Some("booking"), Some("DRAFT")));
/// assert_eq!(flow.validation_errors()[0]["line_start"], 46);
/// assert_eq!(flow.value()["name"], "booking"); // and what else the response has
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Flow {
    pub(super) value: Value,
}

/// The flows of a WABA.
///
/// ```
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"data":[{"id":"870000000000001","name":"booking","status":"PUBLISHED"}]}}"#);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let flows = client.waba("102000000000001").flows().await?;
/// let published: Vec<_> = flows.flows().iter().filter(|flow| flow.status() == Some("PUBLISHED")).collect();
/// assert_eq!(published[0].name(), Some("booking"));
/// assert_eq!(flows.response().code.as_ref().unwrap().as_str(), "WA200");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Flows {
    pub(super) flows: Vec<Flow>,
    pub(super) response: Response,
}

impl CreatedFlow {
    /// Its id.
    pub fn id(&self) -> Option<FlowId> {
        let id = find(self.response.data.as_ref()?, "id")?;
        serde_json::from_value(id.clone()).ok()
    }

    /// The whole response.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl Flow {
    /// Its id.
    pub fn id(&self) -> Option<FlowId> {
        serde_json::from_value(find(&self.value, "id")?.clone()).ok()
    }

    /// Its name.
    pub fn name(&self) -> Option<&str> {
        find(&self.value, "name").and_then(Value::as_str)
    }

    /// Its state: `DRAFT`, `PUBLISHED`, `DEPRECATED`, `BLOCKED` or `THROTTLED`.
    pub fn status(&self) -> Option<&str> {
        find(&self.value, "status").and_then(Value::as_str)
    }

    /// What is wrong with its screens, each with `error`, `message` and where it is; empty if nothing is.
    pub fn validation_errors(&self) -> &[Value] {
        let names = ["validation_errors", "validation_error"];
        let errors = names
            .iter()
            .find_map(|name| find(&self.value, name)?.as_array());
        errors.map_or(&[], |errors| errors)
    }

    /// All that the response tells.
    pub fn value(&self) -> &Value {
        &self.value
    }
}

impl Flows {
    /// Each flow.
    pub fn flows(&self) -> &[Flow] {
        &self.flows
    }

    /// The whole response.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl fmt::Debug for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flow")
            .field("id", &self.id())
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Flows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flows")
            .field("flows", &self.flows.len())
            .finish_non_exhaustive()
    }
}
