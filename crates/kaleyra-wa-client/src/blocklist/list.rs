//! The users that a number blocks, page by page.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;

use kaleyra_wa_transport::Body;
use kaleyra_wa_types::response::Response;
use kaleyra_wa_types::{RawJson, UserId, WaId};
use serde_json::Value;

use crate::decoded_response::{DecodedResponse, find};
use crate::endpoint::{BLOCKED_USERS, Unsendable};
use crate::exchange::Call;
use crate::{Client, Error, observe};

/// A page of the list of blocked users that is read when it is awaited; made by [`Client::blocked_users`].
///
/// A page after or before another is asked for by a cursor, which can be kept:
///
/// ```
/// use kaleyra_wa_client::Client;
/// use kaleyra_wa_client::transport::Scripted;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let account = kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?;
/// let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"data":[]}}"#);
/// let client = Client::with_transport(account, kaleyra.clone());
/// # let _ = kaleyra.clone().respond(200, r#"{"code":"WA200","data":{"data":[]}}"#);
/// client.blocked_users().limit(100).after("QVFIbmV4dA").await?;
/// client.blocked_users().before("QVFIYmVm").await?;
/// let requests = kaleyra.requests();
/// assert_eq!(requests[0].uri().query(), Some("limit=100&after=QVFIbmV4dA"));
/// assert_eq!(requests[1].uri().query(), Some("before=QVFIYmVm"));
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is read until it is awaited"]
#[derive(Clone)]
pub struct ListBlockedUsers {
    client: Client,
    limit: Option<u32>,
    /// `after` or `before`, and a cursor.
    cursor: Option<(&'static str, String)>,
}

/// A page of the list of blocked users.
///
/// The pages show no response. It is assumed to be Meta's, inside Kaleyra's envelope; [`response`](Self::response) has
/// all of it. `Debug` shows counts.
///
/// ```
/// # use kaleyra_wa_client::transport::Scripted;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let body = r#"{"code": "WA200", "data": {
///     "data": [{"messaging_product": "whatsapp", "wa_id": "14155550123"}],
///     "paging": {"cursors": {"before": "QVFIYmVm", "after": "QVFIYWZ0"}}
/// }}"#;
/// # let kaleyra = Scripted::new().respond(200, body);
/// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
/// let page = client.blocked_users().await?;
/// assert_eq!(page.users()[0].wa_id.as_ref().unwrap().as_str(), "14155550123");
///
/// // Cursors can be kept, and the listing be continued later.
/// assert_eq!(page.after().as_deref(), Some("QVFIYWZ0"));
/// assert_eq!(page.before().as_deref(), Some("QVFIYmVm"));
/// assert!(page.next_page().is_some());
/// assert_eq!(page.response().code.as_ref().unwrap().as_str(), "WA200");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct BlockedUsers {
    request: ListBlockedUsers,
    users: Vec<BlockedUser>,
    response: Response,
}

/// A user who is blocked. `Debug` masks the number.
///
/// For an example see [`BlockedUsers`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct BlockedUser {
    /// WhatsApp's id of the user: the number without `+`. Missing where it is hidden.
    pub wa_id: Option<WaId>,
    /// The id that the user has for this business, if the response has it.
    pub user_id: Option<UserId>,
}

impl ListBlockedUsers {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            limit: None,
            cursor: None,
        }
    }

    /// How many users a page has at most. The server has a limit of its own.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The page after this cursor: see [`BlockedUsers::after`].
    pub fn after(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(("after", cursor.into()));
        self
    }

    /// The page before this cursor: see [`BlockedUsers::before`]. It takes the place of [`after`](Self::after).
    pub fn before(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(("before", cursor.into()));
        self
    }

    fn call(&self) -> Result<Call, Unsendable> {
        let account = self.client.account();
        let mut call = BLOCKED_USERS.call(account, Body::empty())?;
        let limit = self.limit.map(|limit| format!("limit={limit}"));
        let cursor = self.cursor.as_ref();
        let cursor = cursor.map(|(name, cursor)| format!("{name}={}", encoded(cursor)));
        let query: Vec<String> = limit.into_iter().chain(cursor).collect();
        if !query.is_empty() {
            call.url = format!("{}?{}", call.url, query.join("&")).parse()?;
        }
        Ok(call)
    }

    async fn read(self) -> Result<BlockedUsers, Error> {
        let reply = self.client.ask(&BLOCKED_USERS, self.call()).await?;
        let Some(users) = users(&reply) else {
            return Err(reply.into_error());
        };
        Ok(BlockedUsers {
            request: self,
            users,
            response: reply.into_success()?,
        })
    }
}

impl BlockedUsers {
    /// The users of this page.
    pub fn users(&self) -> &[BlockedUser] {
        &self.users
    }

    /// The cursor at the end of this page.
    pub fn after(&self) -> Option<String> {
        self.cursor("after")
    }

    /// The cursor at the beginning of this page.
    pub fn before(&self) -> Option<String> {
        self.cursor("before")
    }

    /// The request for the next page; `None` after the last page, which is empty or has no further cursor.
    pub fn next_page(&self) -> Option<ListBlockedUsers> {
        let after = self.after()?;
        let asked = self.request.cursor.as_ref().map(|(_, cursor)| &**cursor);
        let leads_on = !self.users.is_empty() && !after.is_empty() && asked != Some(&*after);
        leads_on.then(|| self.request.clone().after(after))
    }

    /// The whole response.
    pub fn response(&self) -> &Response {
        &self.response
    }

    fn cursor(&self, name: &str) -> Option<String> {
        let inside = self.response.data.iter();
        let beside = self
            .response
            .unknown
            .get("paging")
            .and_then(RawJson::to_value);
        let mut places = inside
            .filter_map(|data| find(data, "paging"))
            .chain(&beside);
        places.find_map(|paging| find(paging, name)?.as_str().map(str::to_owned))
    }
}

impl IntoFuture for ListBlockedUsers {
    type Output = Result<BlockedUsers, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let account = self.client.account().clone();
            observe::observed(account.base_url(), &BLOCKED_USERS, self.read()).await
        })
    }
}

impl fmt::Debug for ListBlockedUsers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListBlockedUsers")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for BlockedUsers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockedUsers")
            .field("users", &self.users.len())
            .finish_non_exhaustive()
    }
}

/// The users in a response; `None` if it has no list of users, which is not the same as an empty one.
fn users(reply: &DecodedResponse) -> Option<Vec<BlockedUser>> {
    let Some(data) = reply.envelope()?.data.as_ref() else {
        return reply.has_empty_data().then(Vec::new);
    };
    let list = match data {
        Value::Array(users) => users,
        Value::Object(members) if members.is_empty() => return Some(Vec::new()),
        _ => ["data", "block_users", "blocked_users"]
            .iter()
            .find_map(|name| find(data, name)?.as_array())?,
    };
    list.iter().map(user).collect()
}

/// An element of the list; `None` if it names no user.
fn user(element: &Value) -> Option<BlockedUser> {
    let text = |name| element.get(name).and_then(Value::as_str);
    let wa_id = text("wa_id").or(text("user")).or(element.as_str());
    let user_id = text("user_id");
    (wa_id.is_some() || user_id.is_some()).then(|| BlockedUser {
        wa_id: wa_id.map(WaId::from),
        user_id: user_id.map(UserId::from),
    })
}

/// A string as a value in a query.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(byte.into());
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
