//! A response decoded as Kaleyra's envelope, success or failure.

use kaleyra_wa_transport::OperationClass;
use kaleyra_wa_transport::bytes::Bytes;
use kaleyra_wa_transport::http;
use kaleyra_wa_types::response::Response;
use kaleyra_wa_types::{DecodeError, RawJson};
use serde_json::Value;

use crate::endpoint::{Endpoint, Unsendable};
use crate::error::{Cause, ReceivedResponse};
use crate::exchange::{Call, Exchanged};
use crate::{Client, Error};

/// A complete response, success or failure.
pub(crate) struct DecodedResponse {
    received: http::Response<Bytes>,
    decoded: Result<Response, DecodeError>,
    class: OperationClass,
    attempts: u32,
}

impl Client {
    /// Sends the request, and reads the whole response whatever its status.
    pub(crate) async fn ask(
        &self,
        endpoint: &Endpoint,
        call: Result<Call, Unsendable>,
    ) -> Result<DecodedResponse, Error> {
        let class = call.as_ref().map_or(endpoint.class, |call| call.class);
        let failed = |cause, attempts| Error::new(cause, class, attempts);
        let call = call.map_err(|error| failed(Cause::Unsendable(error), 0))?;
        let Exchanged { outcome, attempts } = self.exchange(&call).await;
        let received: http::Response<Bytes> =
            outcome.map_err(|error| failed(Cause::of_transport(error), attempts))?;
        Ok(DecodedResponse {
            decoded: Response::from_slice(received.body()),
            received,
            class,
            attempts,
        })
    }
}

impl DecodedResponse {
    /// Its status.
    pub(crate) fn status(&self) -> http::StatusCode {
        self.received.status()
    }

    /// The envelope, whatever the status; `None` if it is none.
    pub(crate) fn envelope(&self) -> Option<&Response> {
        self.decoded.as_ref().ok()
    }

    /// Whether `data` is `[]`, which the model takes for absent.
    pub(crate) fn has_empty_data(&self) -> bool {
        serde_json::from_slice(self.received.body()).is_ok_and(|body: Value| {
            let data = body.get("data").and_then(Value::as_array);
            data.is_some_and(Vec::is_empty)
        })
    }

    /// The envelope of a success that names no failure and says something; the error otherwise.
    pub(crate) fn into_success(self) -> Result<Response, Error> {
        let is_said = |response: &Response| response.code.is_some() || response.data.is_some();
        match self.decoded {
            Ok(response)
                if self.received.status().is_success()
                    && is_said(&response)
                    && !ReceivedResponse::is_failure(&response) =>
            {
                Ok(response)
            }
            decoded => Err(Self { decoded, ..self }.into_error()),
        }
    }

    /// The envelope of a success by the status alone, for parts of the API whose successes have codes of other families
    /// (`RBC024`): neither HTTP's nor the envelope's own `status` tells of a failure, and `error` says nothing.
    pub(crate) fn into_success_by_status(self) -> Result<Response, Error> {
        let is_success = |response: &Response| {
            let own = response.unknown.get("status").and_then(RawJson::to_value);
            own.and_then(|status| status.as_u64())
                .is_none_or(|status| (200..300).contains(&status))
                && !ReceivedResponse::has_error(response)
        };
        match self.decoded {
            Ok(response) if self.received.status().is_success() && is_success(&response) => {
                Ok(response)
            }
            decoded => Err(Self { decoded, ..self }.into_error()),
        }
    }

    /// The error for this response.
    pub(crate) fn into_error(self) -> Error {
        let received = ReceivedResponse::whole(self.received, self.decoded);
        Error::new(Cause::Response(received), self.class, self.attempts)
    }
}

/// The field with this name, the one nearest to the top if there are several. The pages about administration don't say
/// how deep in `data` Meta's response is.
pub(crate) fn find<'a>(within: &'a Value, name: &str) -> Option<&'a Value> {
    let mut level = vec![within];
    while !level.is_empty() {
        let mut found = level.iter().filter_map(|value| value.get(name));
        if let Some(value) = found.find(|value| !value.is_null()) {
            return Some(value);
        }
        level = level.into_iter().flat_map(children).collect();
    }
    None
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(elements) => elements.iter().collect(),
        Value::Object(members) => members.values().collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_nearest_member_is_found() {
        let value = json!({
            "a": {"x": {"b": {"name": "deep"}}},
            "c": [{"name": null}, {"name": "near"}],
            "d": {"e": null},
        });
        assert_eq!(find(&value, "name"), Some(&json!("near")));
        assert_eq!(find(&value, "b"), Some(&json!({"name": "deep"})));
        assert_eq!(find(&value, "e"), None);
        assert_eq!(find(&json!("text"), "name"), None);
    }
}
