//! Whether users may be called.

use std::fmt;

use kaleyra_wa_types::PhoneNumber;
use kaleyra_wa_types::response::Response;
use serde_json::Value;

use super::draft::{Draft, awaited, overridable};
use crate::decoded_response::find;
use crate::endpoint::endpoints;
use crate::{Client, Error};

endpoints! {
    /// Reads whether users may be called.
    LIST = "call_permissions", Read GET "/v2/{sid}/whatsapp/call_permissions";
}

/// Permissions that are read when this is awaited; made by [`Client::call_permissions`].
///
/// ```
/// use kaleyra_wa_client::Client;
/// use kaleyra_wa_client::transport::Scripted;
/// use kaleyra_wa_client::types::PhoneNumber;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
/// let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":[]}"#);
/// let client = Client::with_transport(account, kaleyra.clone());
/// let users = ["+14155550123", "+14155550124"].map(|user| user.parse::<PhoneNumber>().unwrap());
/// client.call_permissions(users).limit(50).offset(100).await?;
/// assert_eq!(
///     kaleyra.requests()[0].uri().query().unwrap(),
///     "business_phone_number=%2B918000000001&user_phone_number=%2B14155550123,%2B14155550124&limit=50&offset=100",
/// );
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is read until it is awaited"]
#[derive(Clone, Debug)]
pub struct ListCallPermissions {
    draft: Draft,
}

/// Whether users may be called.
///
/// ```
/// # use kaleyra_wa_client::types::PhoneNumber;
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let body = r#"{"code": "WA200", "data": [{
///     "user_phone_number": "14155550123",
///     "permission": {"status": "granted", "expiration_time": 1795953600},
///     "actions": [{"action_name": "start_call", "can_perform_action": true}]
/// }]}"#;
/// # let kaleyra = Scripted::new().respond(200, body);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// # let user: PhoneNumber = "+14155550123".parse()?;
/// let response = client.call_permissions([user]).await?;
/// let permission = response.permissions()[0];
/// assert_eq!((permission.user(), permission.status()), (Some("14155550123"), Some("granted")));
/// assert_eq!(permission.expiration_time(), Some(1_795_953_600));
/// assert_eq!(permission.can("start_call"), Some(true));
/// assert_eq!(permission.can("send_call_permission_request"), None); // the response does not say
///
/// // What has no method here.
/// assert_eq!(permission.value()["actions"][0]["action_name"], "start_call");
/// assert_eq!(response.response().code.as_ref().unwrap().as_str(), "WA200");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct CallPermissions {
    response: Response,
}

/// Whether one user may be called. `Debug` shows no number.
///
/// For an example see [`CallPermissions`].
#[derive(Clone, Copy)]
pub struct CallPermission<'a> {
    value: &'a Value,
}

impl Client {
    /// Whether these users may be called from this client's number.
    ///
    /// *Inferred*: the response, as the page shows none: one object for each user with the fields of Meta's, `permission` and
    /// `actions`.
    ///
    /// ```
    /// use kaleyra_wa_client::types::PhoneNumber;
    ///
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":[{"permission":{"status":"granted"},"actions":[{"action_name":"start_call","can_perform_action":true}]}]}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let user: PhoneNumber = "+14155550123".parse()?;
    /// for permission in client.call_permissions([user]).await?.permissions() {
    ///     assert_eq!((permission.status(), permission.can("start_call")), (Some("granted"), Some(true)));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Source: *Voice Calling, Get Call Consent Status*; Meta's page on call permissions.
    pub fn call_permissions(
        &self,
        users: impl IntoIterator<Item = PhoneNumber>,
    ) -> ListCallPermissions {
        let sender = self.account().sender().as_str();
        let users = users.into_iter().map(|user| user.as_str().to_owned());
        ListCallPermissions {
            draft: Draft::new(self.clone(), &LIST)
                .parameter("business_phone_number", sender)
                .list("user_phone_number", users),
        }
    }
}

impl ListCallPermissions {
    /// The maximum number in a response.
    pub fn limit(mut self, limit: u32) -> Self {
        self.draft = self.draft.parameter("limit", limit.to_string());
        self
    }

    /// Skips the first ones.
    pub fn offset(mut self, offset: u32) -> Self {
        self.draft = self.draft.parameter("offset", offset.to_string());
        self
    }

    async fn perform(self) -> Result<CallPermissions, Error> {
        let response = self.draft.succeed().await?;
        Ok(CallPermissions { response })
    }
}

awaited!(ListCallPermissions => CallPermissions);
overridable!(ListCallPermissions);

impl CallPermissions {
    /// One for each user.
    pub fn permissions(&self) -> Vec<CallPermission<'_>> {
        match &self.response.data {
            Some(Value::Array(elements)) => elements
                .iter()
                .map(|value| CallPermission { value })
                .collect(),
            Some(data) => {
                let names = ["data", "call_permissions", "permissions"];
                match names.iter().find_map(|name| data.get(name)?.as_array()) {
                    Some(list) => list.iter().map(|value| CallPermission { value }).collect(),
                    None if data.get("permission").is_some() => {
                        vec![CallPermission { value: data }]
                    }
                    None => Vec::new(),
                }
            }
            None => Vec::new(),
        }
    }

    /// The whole response.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl<'a> CallPermission<'a> {
    /// The user's number, where the response has it.
    pub fn user(&self) -> Option<&'a str> {
        let names = ["user_phone_number", "user_wa_id", "wa_id"];
        names
            .iter()
            .find_map(|name| find(self.value, name)?.as_str())
    }

    /// What was decided. Meta's machine-readable schema has `granted`, `pending`, `denied` and `expired`, its pages
    /// `no_permission`, `temporary` and `permanent`.
    pub fn status(&self) -> Option<&'a str> {
        find(self.value, "status").and_then(Value::as_str)
    }

    /// When the permission ends, in seconds since 1970-01-01 UTC.
    pub fn expiration_time(&self) -> Option<i64> {
        let time = find(self.value, "expiration_time")?;
        time.as_i64().or_else(|| time.as_str()?.parse().ok())
    }

    /// Whether this can be done now: `start_call`, or `send_call_permission_request`.
    pub fn can(&self, action: &str) -> Option<bool> {
        let actions = find(self.value, "actions")?.as_array()?;
        let is_it =
            |found: &&Value| found.get("action_name").and_then(Value::as_str) == Some(action);
        actions
            .iter()
            .find(is_it)?
            .get("can_perform_action")?
            .as_bool()
    }

    /// All that the response says.
    pub fn value(&self) -> &'a Value {
        self.value
    }
}

impl fmt::Debug for CallPermission<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallPermission")
            .field("status", &self.status())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for CallPermissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallPermissions")
            .field("permissions", &self.permissions().len())
            .finish_non_exhaustive()
    }
}
