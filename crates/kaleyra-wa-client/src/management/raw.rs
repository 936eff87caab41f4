//! Any call of the API.

use kaleyra_wa_transport::OperationClass;
use kaleyra_wa_transport::http::Method;
use kaleyra_wa_types::response::Response;
use serde_json::Value;

use super::draft::{Draft, awaited};
use crate::Client;
use crate::endpoint::endpoints;

endpoints! {
    /// Reads whatever the caller asks for.
    GET = "request", Read GET "{path}";

    /// Posts whatever the caller asks for.
    POST = "request", Send POST "{path}";

    /// Puts whatever the caller asks for.
    PUT = "request", Send PUT "{path}";

    /// Patches whatever the caller asks for.
    PATCH = "request", Send PATCH "{path}";

    /// Deletes whatever the caller asks for.
    DELETE = "request", Send DELETE "{path}";
}

/// A request to any path of Kaleyra's API; made by [`Client::request`].
///
/// ```
/// use kaleyra_wa_client::Client;
/// use kaleyra_wa_client::transport::http::Method;
/// use kaleyra_wa_client::transport::{OperationClass, Scripted};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
/// let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"found":2}}"#);
/// let client = Client::with_transport(account, kaleyra.clone());
/// // A search: it changes nothing, so it may be tried again as a read is, though it is a POST.
/// let found = client
///     .request(Method::POST, "/v2/{sid}/whatsapp/{sender}/groups/search")
///     .parameter("limit", "25")
///     .body(serde_json::json!({"subject": "shoes"}))
///     .class(OperationClass::Read)
///     .await?;
/// assert_eq!(found.data.unwrap()["found"], 2);
/// assert_eq!(kaleyra.requests()[0].uri().path(), "/v2/HXIN0000000000IN/whatsapp/+918000000001/groups/search");
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until it is awaited"]
#[derive(Clone, Debug)]
pub struct RawRequest {
    draft: Draft,
    is_known: bool,
}

impl Client {
    /// A request to any path of Kaleyra's API, with this account's key: for what this version has no method for.
    ///
    /// The path begins with `/` below the base URL; `{sid}` and `{sender}` in it are filled in. A `GET` is tried again as every
    /// [read](OperationClass::Read) is; anything else as a send, only where it certainly was not sent, unless
    /// [`class`](RawRequest::class) says otherwise.
    ///
    /// ```
    /// use kaleyra_wa_client::transport::http::Method;
    ///
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"groups":[{"id":"120363"}]}}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let groups = client.request(Method::GET, "/v2/{sid}/whatsapp/{sender}/groups").parameter("limit", "25").await?;
    /// assert_eq!(groups.data.unwrap()["groups"][0]["id"], "120363");
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: Method, path: impl Into<String>) -> RawRequest {
        let (endpoint, is_known) = match method {
            Method::GET => (&GET, true),
            Method::POST => (&POST, true),
            Method::PUT => (&PUT, true),
            Method::PATCH => (&PATCH, true),
            Method::DELETE => (&DELETE, true),
            _ => (&GET, false),
        };
        RawRequest {
            draft: Draft::new(self.clone(), endpoint).path(path),
            is_known,
        }
    }
}

impl RawRequest {
    /// Sets a parameter in the query.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.draft = self.draft.parameter(name, value);
        self
    }

    /// Sets the body, as JSON.
    pub fn body(mut self, body: impl Into<Value>) -> Self {
        self.draft = self.draft.json(body.into());
        self
    }

    /// Says what a second copy would do, and so when it may be tried again.
    pub fn class(mut self, class: OperationClass) -> Self {
        self.draft = self.draft.class(class);
        self
    }

    async fn perform(self) -> Result<Response, crate::Error> {
        if !self.is_known {
            return Err(self
                .draft
                .refuse("the method is GET, POST, PUT, PATCH or DELETE"));
        }
        self.draft.succeed().await
    }
}

awaited!(RawRequest => Response);
