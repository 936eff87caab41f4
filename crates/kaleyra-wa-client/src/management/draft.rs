//! A request about an account, until it is sent: a path with gaps, parameters, a body.

use std::fmt;

use kaleyra_wa_transport::http::{HeaderValue, Uri};
use kaleyra_wa_transport::{Body, OperationClass};
use kaleyra_wa_types::Violation;
use kaleyra_wa_types::response::Response;
use serde_json::Value;

use crate::decoded_response::DecodedResponse;
use crate::endpoint::{Endpoint, Unsendable};
use crate::error::{Cause, Subject};
use crate::exchange::Call;
use crate::media::Form;
use crate::media::pace::time_for;
use crate::{Client, Error};

/// A request that is put together.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(super) client: Client,
    endpoint: &'static Endpoint,
    /// In place of the endpoint's.
    path: Option<String>,
    class: OperationClass,
    /// What is put into the gaps of the path.
    values: Vec<(&'static str, String)>,
    query: Vec<(String, String)>,
    body: Payload,
    violations: Vec<Violation>,
    /// What identifies the previous page.
    seen: Option<String>,
}

/// What goes along.
#[derive(Clone)]
enum Payload {
    None,
    Json(Value),
    /// Parameters in a form.
    Parameters(Vec<(String, String)>),
}

impl Draft {
    pub(super) fn new(client: Client, endpoint: &'static Endpoint) -> Self {
        Self {
            client,
            endpoint,
            path: None,
            class: endpoint.class,
            values: Vec::new(),
            query: Vec::new(),
            body: Payload::None,
            violations: Vec::new(),
            seen: None,
        }
    }

    /// What is put into a gap of the path.
    pub(super) fn value(mut self, gap: &'static str, value: impl Into<String>) -> Self {
        self.values.push((gap, value.into()));
        self
    }

    /// A parameter in the query, in place of one of its name.
    pub(super) fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        match self.query.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.query.push((name, value)),
        }
        self
    }

    /// Several values in one parameter, with commas between; none at all, if there are none.
    pub(super) fn list(
        self,
        name: &str,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let values: Vec<String> = values.into_iter().map(Into::into).collect();
        match values.is_empty() {
            true => self,
            false => self.parameter(name, values.join(",")),
        }
    }

    pub(super) fn parameter_of(&self, name: &str) -> Option<&str> {
        let mut query = self.query.iter();
        query
            .find(|(known, _)| known == name)
            .map(|(_, value)| &**value)
    }

    pub(super) fn without_parameter(mut self, name: &str) -> Self {
        self.query.retain(|(known, _)| known != name);
        self
    }

    pub(super) fn json(mut self, body: Value) -> Self {
        self.body = Payload::Json(body);
        self
    }

    /// A field of the JSON body, which is an object.
    pub(super) fn field(mut self, name: &str, value: impl Into<Value>) -> Self {
        let mut body = match self.body {
            Payload::Json(body @ Value::Object(_)) => body,
            _ => Value::Object(serde_json::Map::new()),
        };
        body[name] = value.into();
        self.body = Payload::Json(body);
        self
    }

    pub(super) fn form(mut self, parameters: Vec<(String, String)>) -> Self {
        self.body = Payload::Parameters(parameters);
        self
    }

    pub(super) fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    pub(super) fn class(mut self, class: OperationClass) -> Self {
        self.class = class;
        self
    }

    /// Limits that are broken: the request is refused with them, unless it is unchecked.
    pub(super) fn refused_for(mut self, violations: Vec<Violation>) -> Self {
        self.violations = violations;
        self
    }

    pub(super) fn unchecked(mut self) -> Self {
        self.violations.clear();
        self
    }

    pub(super) fn has_parameters(&self) -> bool {
        !self.query.is_empty()
    }

    /// The error for a request that can't be sent, for this reason.
    pub(super) fn refuse(&self, reason: &'static str) -> Error {
        self.about(Error::new(Cause::Unsendable(reason.into()), self.class, 0))
    }

    /// Remembers what identifies the previous page.
    pub(super) fn seen(mut self, mark: String) -> Self {
        self.seen = Some(mark);
        self
    }

    pub(super) fn has_seen(&self, mark: &str) -> bool {
        self.seen.as_deref() == Some(mark)
    }

    pub(super) fn endpoint(&self) -> &'static Endpoint {
        self.endpoint
    }

    /// The envelope of a success.
    pub(super) async fn succeed(&self) -> Result<Response, Error> {
        self.ask()
            .await?
            .into_success()
            .map_err(|error| self.about(error))
    }

    /// The envelope of a success, for the parts of the API whose codes are of other families.
    pub(super) async fn succeed_by_status(&self) -> Result<Response, Error> {
        let reply = self.ask().await?;
        reply
            .into_success_by_status()
            .map_err(|error| self.about(error))
    }

    /// The response, whatever it is.
    pub(super) async fn ask(&self) -> Result<DecodedResponse, Error> {
        if !self.violations.is_empty() {
            let cause = Cause::Violations(self.violations.clone());
            return Err(self.about(Error::new(cause, self.class, 0)));
        }
        let call = self.call();
        let reply = self.client.ask(self.endpoint, call).await;
        reply.map_err(|error| self.about(error))
    }

    /// The response to a form with a file.
    pub(super) async fn ask_with(&self, form: Form) -> Result<DecodedResponse, Error> {
        let call = self.call().and_then(|mut call| {
            call.timeout = Some(time_for(form.body.len()));
            call.content_type = Some(form.content_type.parse()?);
            call.body = form.body;
            Ok(call)
        });
        let reply = self.client.ask(self.endpoint, call).await;
        reply.map_err(|error| self.about(error))
    }

    pub(super) fn about(&self, error: Error) -> Error {
        match self.class {
            OperationClass::Read => error,
            OperationClass::Upload => error.about(Subject::File),
            _ => error.about(Subject::Change),
        }
    }

    fn call(&self) -> Result<Call, Unsendable> {
        let account = self.client.account();
        let (body, content_type) = match &self.body {
            Payload::None => (Body::empty(), None),
            Payload::Json(value) => (
                Body::from(serde_json::to_vec(value)?),
                Some(HeaderValue::from_static("application/json")),
            ),
            Payload::Parameters(parameters) => {
                let form = HeaderValue::from_static("application/x-www-form-urlencoded");
                (Body::from(pairs(parameters).into_bytes()), Some(form))
            }
        };
        Ok(Call {
            endpoint: self.endpoint,
            url: self.url()?,
            api_key: Some(account.api_key().to_header()?),
            content_type,
            body,
            timeout: None,
            recipient: None,
            class: self.class,
        })
    }

    fn url(&self) -> Result<Uri, Unsendable> {
        let account = self.client.account();
        let template = self.path.as_deref().unwrap_or(self.endpoint.template);
        if !template.starts_with('/') {
            return Err("the path has to begin with /".into());
        }
        let mut url = account.base_url().to_string();
        let mut rest = template;
        while let Some(start) = rest.find('{') {
            let Some(length) = rest[start..].find('}') else {
                break;
            };
            url.push_str(&rest[..start]);
            let gap = &rest[start + 1..start + length];
            match gap {
                "sid" => url.push_str(account.sid()),
                "sender" => url.push_str(account.sender().as_str()),
                _ => {
                    let value = self.values.iter().find(|(name, _)| *name == gap);
                    let value = value.map(|(_, value)| value.trim()).unwrap_or_default();
                    if value.is_empty() {
                        return Err(format!("the path needs a {gap}, and there is none").into());
                    }
                    push_encoded(value, &mut url);
                }
            }
            rest = &rest[start + length + 1..];
        }
        url.push_str(rest);
        if !self.query.is_empty() {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&pairs(&self.query));
        }
        Ok(url.parse()?)
    }
}

/// Shows what is asked for, and no parameter: one may hold a user's number.
impl fmt::Debug for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Draft")
            .field("operation", &self.endpoint.operation)
            .finish_non_exhaustive()
    }
}

fn pairs(parameters: &[(String, String)]) -> String {
    let mut text = String::new();
    for (name, value) in parameters {
        if !text.is_empty() {
            text.push('&');
        }
        push_encoded(name, &mut text);
        text.push('=');
        push_encoded(value, &mut text);
    }
    text
}

/// A text as a segment of a path, or as a name or value in a query. Commas stay, as Kaleyra's samples have them.
fn push_encoded(text: &str, url: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b',') {
            url.push(byte.into());
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
}

/// Makes a request about an account awaitable: `perform` gives the outcome, inside a span.
macro_rules! awaited {
    ($request:ident => $output:ty) => {
        impl std::future::IntoFuture for $request {
            type Output = Result<$output, crate::Error>;
            type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(async move {
                    let server = self.draft.client.account().base_url().clone();
                    let endpoint = self.draft.endpoint();
                    crate::observe::observed(&server, endpoint, self.perform()).await
                })
            }
        }
    };
}

/// Gives a request about an account the setters by which what is inferred can be changed.
macro_rules! overridable {
    ($request:ident) => {
        impl $request {
            /// Sets a parameter in the query that this version has no setter for, or under another name or value than it
            /// was inferred.
            ///
            /// For an example see [`Waba`](crate::Waba).
            pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
                self.draft = self.draft.parameter(name, value);
                self
            }

            /// Leaves out a parameter that this version would send.
            ///
            /// For an example see [`Waba`](crate::Waba).
            pub fn without_parameter(mut self, name: &str) -> Self {
                self.draft = self.draft.without_parameter(name);
                self
            }

            /// Sends it to another path. It begins with `/`; `{sid}`, `{sender}` and what the usual one has in braces are
            /// filled in.
            ///
            /// For an example see [`Waba`](crate::Waba).
            pub fn path(mut self, path: impl Into<String>) -> Self {
                self.draft = self.draft.path(path);
                self
            }

            /// Sends another body, in place of all that was set before.
            ///
            /// For an example see [`Waba`](crate::Waba).
            pub fn body(mut self, body: impl Into<serde_json::Value>) -> Self {
                self.draft = self.draft.json(body.into());
                self
            }
        }
    };
}

pub(super) use {awaited, overridable};
