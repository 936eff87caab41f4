//! What is known of flows.

use std::fmt;

use kaleyra_wa_types::FlowId;
use kaleyra_wa_types::response::Response;
use serde_json::Value;

use crate::decoded_response::find;

/// A flow was made.
///
/// For an example see [`Waba::create_flow`](crate::Waba::create_flow).
#[derive(Clone, Debug)]
pub struct CreatedFlow {
    pub(super) response: Response,
}

/// What is known of a flow.
///
/// For an example see [`Client::flow`](crate::Client::flow).
#[derive(Clone)]
pub struct Flow {
    pub(super) value: Value,
}

/// The flows of a WABA.
///
/// For an example see [`Waba::flows`](crate::Waba::flows).
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
