//! The operations of the API: where each request goes, and what it carries.

use std::error::Error;

use kaleyra_wa_transport::http::{HeaderValue, Method};
use kaleyra_wa_transport::{Body, OperationClass};
use serde::Serialize;
use tracing::Span;

use crate::exchange::Call;
use crate::{Account, BaseUrl};

/// An operation of the API. Made by [`endpoints!`], so that none is without a span of its own name.
pub(crate) struct Endpoint {
    /// Its name in logs and metrics.
    pub(crate) operation: &'static str,
    pub(crate) class: OperationClass,
    pub(crate) method: Method,
    /// The path as it may be logged: what differs from account to account is in braces.
    pub(crate) template: &'static str,
    /// The header `accept`: what the response may be.
    pub(crate) accept: &'static str,
    /// Makes the span of a call. A span's name has to be a constant, so each operation has a function of its own.
    pub(crate) span: fn(&BaseUrl, &Self) -> Span,
}

/// Makes operations: a name for logs and metrics, the class, the method, the path.
macro_rules! endpoints {
    ($(
        $(#[$meta:meta])*
        $name:ident = $operation:literal, $class:ident $method:ident $template:literal $($accept:literal)?;
    )+) => { $(
        $(#[$meta])*
        pub(crate) const $name: $crate::endpoint::Endpoint = $crate::endpoint::Endpoint {
            operation: $operation,
            class: ::kaleyra_wa_transport::OperationClass::$class,
            method: ::kaleyra_wa_transport::http::Method::$method,
            template: $template,
            accept: $crate::endpoint::accept!($($accept)?),
            span: |server, endpoint| {
                $crate::observe::span!(concat!("kaleyra_wa.", $operation), server, endpoint)
            },
        };
    )+ };
}

/// What a response may be: JSON, unless said otherwise.
macro_rules! accept {
    () => {
        "application/json"
    };
    ($accept:literal) => {
        $accept
    };
}

pub(crate) use {accept, endpoints};

endpoints! {
    /// Sends a message.
    SEND = "send", Send POST "/v2/{sid}/whatsapp/{sender}/messages";

    /// Marks a message as read, and may show that somebody is typing.
    MARK_READ = "mark_read", Send POST "/v2/{sid}/whatsapp/{sender}/messages";

    /// Blocks users.
    BLOCK = "block", Send POST "/v2/{sid}/whatsapp/{sender}/block_users";

    /// Unblocks users.
    UNBLOCK = "unblock", Send DELETE "/v2/{sid}/whatsapp/{sender}/block_users";

    /// Lists blocked users.
    BLOCKED_USERS = "blocked_users", Read GET "/v2/{sid}/whatsapp/{sender}/block_users";

    /// Reads the details of the sender's number.
    PHONE_NUMBER_DETAILS = "phone_number_details", Read GET "/v2/{sid}/whatsapp/{sender}/phone_number_details";

    /// Stores a file.
    UPLOAD = "upload", Upload POST "/v2/{sid}/whatsapp/{sender}/media";

    /// Fetches a file that a user sent, from wherever Kaleyra keeps it.
    DOWNLOAD = "download", Read GET "{media_url}" "*/*";
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Why no request can be made: a key that fits into no header, or a body that can't be written as JSON.
pub(crate) type Unsendable = Box<dyn Error + Send + Sync>;

impl Endpoint {
    /// What the path has after the sender's number.
    fn tail(&self) -> &'static str {
        self.template
            .rsplit_once("{sender}/")
            .map_or("", |(_, tail)| tail)
    }

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

    /// A call of this endpoint with this body. A caller that gives one says by `content_type` what it is.
    pub(crate) fn call(&'static self, account: &Account, body: Body) -> Result<Call, Unsendable> {
        Ok(Call {
            endpoint: self,
            url: account.url(self.tail())?,
            api_key: Some(account.api_key().to_header()?),
            content_type: None,
            body,
            timeout: None,
            recipient: None,
            class: self.class,
        })
    }
}
