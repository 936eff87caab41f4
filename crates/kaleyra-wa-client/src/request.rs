//! The requests of the API: where they go, and what goes along.

use std::error::Error;

use kaleyra_wa_transport::http::{HeaderValue, Method};
use kaleyra_wa_transport::{Body, Class};
use serde::Serialize;

use crate::Account;
use crate::exchange::Call;

/// An operation of the API.
pub(crate) struct Endpoint {
    /// Its name in logs and metrics.
    pub(crate) operation: &'static str,
    pub(crate) class: Class,
    pub(crate) method: Method,
    /// The path as it may be logged.
    pub(crate) template: &'static str,
    /// What the path has after the sender's number.
    pub(crate) tail: &'static str,
    /// The header `accept`: what the answer may be.
    pub(crate) accept: &'static str,
}

/// Sends a message.
pub(crate) const SEND: Endpoint = Endpoint {
    operation: "send",
    class: Class::Send,
    method: Method::POST,
    template: "/v2/{sid}/whatsapp/{sender}/messages",
    tail: "messages",
    accept: "application/json",
};

/// Marks a message as read, and may show that somebody is typing.
pub(crate) const MARK_READ: Endpoint = Endpoint {
    operation: "mark_read",
    ..SEND
};

/// Blocks users.
pub(crate) const BLOCK: Endpoint = Endpoint {
    operation: "block",
    template: "/v2/{sid}/whatsapp/{sender}/block_users",
    tail: "block_users",
    ..SEND
};

/// Unblocks users.
pub(crate) const UNBLOCK: Endpoint = Endpoint {
    operation: "unblock",
    method: Method::DELETE,
    ..BLOCK
};

/// Lists blocked users.
pub(crate) const BLOCKED_USERS: Endpoint = Endpoint {
    operation: "blocked_users",
    class: Class::Read,
    method: Method::GET,
    ..BLOCK
};

/// Tells what there is to know about the sender's number.
pub(crate) const PHONE_NUMBER_DETAILS: Endpoint = Endpoint {
    operation: "phone_number_details",
    class: Class::Read,
    method: Method::GET,
    template: "/v2/{sid}/whatsapp/{sender}/phone_number_details",
    tail: "phone_number_details",
    accept: "application/json",
};

/// Stores a file.
pub(crate) const UPLOAD: Endpoint = Endpoint {
    operation: "upload",
    class: Class::Upload,
    method: Method::POST,
    template: "/v2/{sid}/whatsapp/{sender}/media",
    tail: "media",
    accept: "application/json",
};

/// Fetches a file that a user sent, from wherever Kaleyra keeps it.
pub(crate) const DOWNLOAD: Endpoint = Endpoint {
    operation: "download",
    class: Class::Read,
    method: Method::GET,
    template: "{media_url}",
    tail: "",
    accept: "*/*",
};

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Why no request can be made: a key that fits into no header, or a body that can't be written as JSON.
pub(crate) type Unsendable = Box<dyn Error + Send + Sync>;

impl Endpoint {
    /// A call of this endpoint with a body of JSON.
    pub(crate) fn json(
        &'static self,
        account: &Account,
        body: &impl Serialize,
    ) -> Result<Call, Unsendable> {
        // Room for a usual request, so that the buffer need not grow and move.
        let mut json = Vec::with_capacity(1024);
        serde_json::to_writer(&mut json, body)?;
        let mut call = self.call(account, json.into())?;
        call.content_type = Some(JSON);
        Ok(call)
    }

    /// A call of this endpoint with this body. Who gives one says by `content_type` what it is.
    pub(crate) fn call(&'static self, account: &Account, body: Body) -> Result<Call, Unsendable> {
        Ok(Call {
            endpoint: self,
            url: account.url(self.tail)?,
            api_key: Some(account.api_key().to_header()?),
            content_type: None,
            body,
            timeout: None,
            recipient: None,
        })
    }
}
