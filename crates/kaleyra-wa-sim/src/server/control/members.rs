//! The fields of a small JSON object that somebody wrote by hand.

use serde_json::{Map, Value};

/// What is wrong with a request, for the person who made it.
pub(in crate::server) struct BadRequest(pub(in crate::server) String);

pub(super) fn parse(body: &[u8]) -> Result<Value, BadRequest> {
    serde_json::from_slice(body).map_err(|error| BadRequest(format!("not JSON: {error}")))
}

pub(in crate::server) struct Members(pub(super) Map<String, Value>);

impl Members {
    pub(super) fn parse(body: &[u8]) -> Result<Self, BadRequest> {
        match parse(body)? {
            Value::Object(members) => Ok(Self(members)),
            _ => Err(BadRequest("not a JSON object".to_owned())),
        }
    }

    /// The same, where nothing at all is as good as `{}`.
    pub(super) fn parse_or_none(body: &[u8]) -> Result<Self, BadRequest> {
        match body {
            [] => Ok(Self(Map::new())),
            body => Self::parse(body),
        }
    }

    /// A text that has to be there.
    pub(super) fn text(&self, name: &str) -> Result<&str, BadRequest> {
        self.optional_text(name)?
            .ok_or_else(|| BadRequest(format!("{name}: missing")))
    }

    /// A text that may be there.
    pub(super) fn optional_text(&self, name: &str) -> Result<Option<&str>, BadRequest> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(BadRequest(format!("{name}: must be a string"))),
        }
    }

    /// A number that has to be there.
    pub(super) fn number(&self, name: &str) -> Result<f64, BadRequest> {
        let number = self.0.get(name).and_then(Value::as_f64);
        number.ok_or_else(|| BadRequest(format!("{name}: must be a number")))
    }

    /// A flag that may be there.
    pub(super) fn optional_flag(&self, name: &str) -> Result<Option<bool>, BadRequest> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(BadRequest(format!("{name}: must be true or false"))),
        }
    }

    /// Any JSON that may be there.
    pub(super) fn value(&self, name: &str) -> Value {
        self.0.get(name).cloned().unwrap_or_default()
    }
}
