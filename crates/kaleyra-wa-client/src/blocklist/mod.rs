//! The users that a number blocks: blocking, unblocking, listing.

mod list;
mod update;

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;

use kaleyra_wa_types::Recipient;
use serde_json::{Value, json};

pub use self::list::{BlockedUser, BlockedUsers, ListBlockedUsers};
pub use self::update::{BlocklistUpdate, UserOutcome};
use crate::endpoint::{BLOCK, Endpoint, UNBLOCK};
use crate::error::{Cause, Subject};
use crate::{Client, Error, IntoRecipient, NoRecipient, observe};

/// How many users Meta accepts in one request.
const MAX_USERS: usize = 1000;

impl Client {
    /// Blocks users: they can no longer write to this number, nor it to them. They are not notified.
    ///
    /// - Only users who wrote in the last 24 hours can be blocked; others are [`Failed`](UserOutcome::Failed).
    /// - The list holds 64,000 users. It belongs to this one number: block with each of several.
    /// - At most 1,000 users in one call.
    ///
    /// Source: *Block WhatsApp User Numbers*; Meta's *Block users*.
    ///
    /// ```
    /// use kaleyra_wa_client::UserOutcome;
    ///
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(200, r#"{"code":"WA200","data":{"block_users":{"added_users":[{"input":"+14155550123"},{"input":"+14155550124"}]}}}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let update = client.block(["+14155550123", "+14155550124"]).await?;
    /// for (user, outcome) in update.outcomes() {
    ///     match outcome {
    ///         UserOutcome::Done => println!("{user:?} is blocked"), // `Debug` masks the number
    ///         other => println!("{user:?} is not: {other}"),
    ///     }
    /// }
    /// assert!(update.is_complete());
    /// # Ok(())
    /// # }
    /// ```
    pub fn block(&self, users: impl IntoIterator<Item: IntoRecipient>) -> UpdateBlocklist {
        UpdateBlocklist::new(self.clone(), &BLOCK, users)
    }

    /// Unblocks users. At most 1,000 in one call.
    ///
    /// For an example see [`block`](Self::block): the outcomes are the same.
    ///
    /// Source: *Unblock WhatsApp User Numbers*.
    pub fn unblock(&self, users: impl IntoIterator<Item: IntoRecipient>) -> UpdateBlocklist {
        UpdateBlocklist::new(self.clone(), &UNBLOCK, users)
    }

    /// The users that this number blocks, page by page.
    ///
    /// Source: *Get List of Blocked WhatsApp User Numbers*.
    ///
    /// ```
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let first = r#"{"code":"WA200","data":{"data":[{"wa_id":"14155550123"}],"paging":{"cursors":{"after":"QVFI"}}}}"#;
    /// # let last = r#"{"code":"WA200","data":{"data":[{"wa_id":"14155550124"}]}}"#;
    /// # let kaleyra = Scripted::new().respond(200, first).respond(200, last);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let mut blocked = Vec::new();
    /// let mut next = Some(client.blocked_users().limit(100));
    /// while let Some(request) = next {
    ///     let page = request.await?;
    ///     blocked.extend(page.users().iter().cloned());
    ///     next = page.next_page();
    /// }
    /// assert_eq!(blocked.len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn blocked_users(&self) -> ListBlockedUsers {
        ListBlockedUsers::new(self.clone())
    }
}

/// A change of the list of blocked users that is made when it is awaited; made by [`Client::block`] and
/// [`Client::unblock`].
///
/// Like a message it is retried only if it was not sent, although a second copy would change nothing.
///
/// For an example see [`Client::block`].
#[must_use = "nobody is blocked or unblocked until it is awaited"]
#[derive(Clone)]
pub struct UpdateBlocklist {
    client: Client,
    endpoint: &'static Endpoint,
    users: Result<Vec<Recipient>, NoRecipient>,
}

impl UpdateBlocklist {
    fn new(
        client: Client,
        endpoint: &'static Endpoint,
        users: impl IntoIterator<Item: IntoRecipient>,
    ) -> Self {
        let users = users.into_iter().map(IntoRecipient::into_recipient);
        Self {
            client,
            endpoint,
            // Reading one more shows that there are too many.
            users: users.take(MAX_USERS + 1).collect(),
        }
    }

    async fn send(self) -> Result<BlocklistUpdate, Error> {
        let refused = |reason| Error::new(Cause::NoRecipient(reason), self.endpoint.class, 0);
        let users = self.users.map_err(refused)?;
        if users.is_empty() {
            return Err(refused(NoRecipient::new("no user was given")));
        }
        if users.len() > MAX_USERS {
            let too_many = "more than 1,000 users: split them over several calls";
            return Err(refused(NoRecipient::new(too_many)));
        }
        let call = self.endpoint.json(self.client.account(), &body(&users));
        let reply = self.client.ask(self.endpoint, call).await?;
        BlocklistUpdate::read(users, reply)
    }
}

impl IntoFuture for UpdateBlocklist {
    type Output = Result<BlocklistUpdate, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let (account, endpoint) = (self.client.account().clone(), self.endpoint);
            let sending = async { self.send().await.map_err(|e| e.about(Subject::Blocklist)) };
            observe::observed(account.base_url(), endpoint, sending).await
        })
    }
}

/// Shows how many users it is about, but not which.
impl fmt::Debug for UpdateBlocklist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdateBlocklist")
            .field("operation", &self.endpoint.operation)
            .field("users", &self.users.as_ref().ok().map(Vec::len))
            .finish_non_exhaustive()
    }
}

/// The body: Meta's, without Kaleyra's envelope.
fn body(users: &[Recipient]) -> Value {
    let users: Vec<Value> = users
        .iter()
        .map(|user| match user {
            // Kaleyra's pages speak of numbers only; this is how Meta names the id of a user who hides the number.
            Recipient::User(user_id) => json!({"user_id": user_id}),
            _ => json!({"user": user.as_str()}),
        })
        .collect();
    json!({"messaging_product": "whatsapp", "block_users": users})
}
