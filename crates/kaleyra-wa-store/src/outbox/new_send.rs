//! A send on its way into the store.

use std::fmt;

use bytes::Bytes;
use kaleyra_wa_types::inbound::Stage;
use sha2::{Digest as _, Sha256};

use crate::Moment;

/// Which send it is. The order of ids is the order in which sends were queued.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::outbox::SendId;
///
/// let id = SendId::new(17);
/// assert_eq!((id.get(), id.to_string().as_str()), (17, "17"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SendId(i64);

impl SendId {
    /// The id of this number.
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// Its number; above zero for every send.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for SendId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a message is for: which opt-outs and budgets it falls under.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::outbox::Purpose;
///
/// let purpose: Purpose = "marketing".parse()?;
/// assert_eq!(purpose.as_str(), "marketing");
/// assert_eq!(Purpose::from_code(purpose.code()), Some(Purpose::Marketing)); // as a store keeps it
/// # Ok::<(), kaleyra_wa_store::outbox::UnknownPurpose>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// A reply to what a user wrote.
    #[default]
    Service,
    /// A one-time password.
    Authentication,
    /// About something that the user has in progress, such as an order.
    Utility,
    /// Anything else that the business wants to say.
    Marketing,
}

impl Purpose {
    /// The name of the purpose.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Authentication => "authentication",
            Self::Utility => "utility",
            Self::Marketing => "marketing",
        }
    }

    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Service,
        Self::Authentication,
        Self::Utility,
        Self::Marketing,
    ];

    /// The purpose of this number; `None` where there is none.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.code() == code)
    }

    /// The number that stores keep it as.
    pub const fn code(self) -> i64 {
        match self {
            Self::Service => 0,
            Self::Authentication => 1,
            Self::Utility => 2,
            Self::Marketing => 3,
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Purpose {
    type Err = UnknownPurpose;

    fn from_str(text: &str) -> Result<Self, UnknownPurpose> {
        let mut all = Self::ALL.into_iter();
        all.find(|purpose| purpose.as_str() == text)
            .ok_or(UnknownPurpose)
    }
}

/// No purpose has this name.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::outbox::Purpose;
///
/// let error = "news".parse::<Purpose>().unwrap_err();
/// assert_eq!(error.to_string(), "no purpose has this name: say service, authentication, utility or marketing");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no purpose has this name: say service, authentication, utility or marketing")]
pub struct UnknownPurpose;

/// A send to queue.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::outbox::{Digest, NewSend, Purpose, Queued};
/// use kaleyra_wa_store::{Moment, OutboxStore, SqliteStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-example-newsend-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// let body = r#"{"messaging_object": {"to": "+919800000001", "type": "text", "text": {"body": "It is shipped."}}}"#;
/// let send = NewSend {
///     key: "order-17/shipped".into(),
///     digest: Digest::of([body.as_bytes()]),
///     reference: "r-4711".into(),
///     sender: "919700000001".into(),
///     recipient: "+919800000001".into(),
///     conversation: "919800000001".into(),
///     body: body.into(),
///     fallback: None,
///     purpose: Purpose::Utility,
///     priority: 0,
///     not_before: Moment::default(),
///     expires_at: None,
///     needs_window: true,
///     user_wrote_at: None,
///     follows: None,
/// };
/// let Queued::New(id) = store.enqueue(send.clone()).await? else { panic!("it is new") };
/// assert_eq!(store.enqueue(send).await?, Queued::Known(id)); // the same key never makes a second send
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct NewSend {
    /// Names it: the same key is never queued twice.
    pub key: String,
    /// What identifies whether the same key comes with the same content.
    pub digest: Digest,
    /// Comes back in callbacks, and is on one message only.
    pub reference: String,
    /// The business number that it goes out from.
    pub sender: String,
    /// Whom it goes to.
    pub recipient: String,
    /// The conversation that it belongs to: sends of one conversation keep their order.
    pub conversation: String,
    /// The whole request, as it goes over the wire.
    pub body: Bytes,
    /// The request to send in its place where the 24-hour window is closed.
    pub fallback: Option<Bytes>,
    /// What it is for.
    pub purpose: Purpose,
    /// Lower goes first.
    pub priority: i32,
    /// Not sent before this.
    pub not_before: Moment,
    /// Not sent after this.
    pub expires_at: Option<Moment>,
    /// Whether the request may go out in the 24-hour window only: anything but a template.
    pub needs_window: bool,
    /// When the user wrote what this replies to, where it is a reply: that opens the window.
    pub user_wrote_at: Option<Moment>,
    /// What has to happen first.
    pub follows: Option<Follows>,
}

/// Another send that has to get somewhere first.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::outbox::Follows;
/// use kaleyra_wa_store::types::inbound::Stage;
///
/// let follows = Follows::new("order-17/shipped", Stage::Delivered);
/// assert_eq!((&*follows.key, follows.to), ("order-17/shipped", Stage::Delivered));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Follows {
    /// Its key.
    pub key: String,
    /// How far it has to get: [`Stage::Accepted`], [`Stage::Sent`], [`Stage::Delivered`] or [`Stage::Read`].
    pub to: Stage,
}

impl Follows {
    /// Waits until the send with this key has got so far.
    pub fn new(key: impl Into<String>, to: Stage) -> Self {
        let key = key.into();
        Self { key, to }
    }
}

impl fmt::Debug for NewSend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewSend")
            .field("purpose", &self.purpose)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// What identifies whether two sends have the same content.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::outbox::Digest;
///
/// let digest = Digest::of([&b"recipient"[..], b"body"]);
/// assert_ne!(digest, Digest::of([&b"recipientb"[..], b"ody"])); // the parts are kept apart
/// assert_eq!(Digest::from_bytes(*digest.as_bytes()), digest);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 16]);

impl Digest {
    /// The digest of these parts, which are kept apart.
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.finalize()[..16]);
        Self(bytes)
    }

    /// A digest that was stored.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str(")")
    }
}

/// What became of a send that was to be queued.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::outbox::{Digest, Queued};
/// use kaleyra_wa_store::{OutboxStore, SqliteStore};
/// # use kaleyra_wa_store::{Moment, outbox::{Digest as D, NewSend, Purpose}};
/// # fn new_send(key: &str) -> NewSend {
/// #     NewSend {
/// #         key: key.into(), digest: D::of([key.as_bytes()]), reference: key.into(),
/// #         sender: "919700000001".into(),
/// #         recipient: "+919800000001".into(), conversation: "919800000001".into(),
/// #         body: "{}".into(), fallback: None,
/// #         purpose: Purpose::Utility, priority: 0, not_before: Moment::default(), expires_at: None,
/// #         needs_window: false,
/// #         user_wrote_at: None, follows: None,
/// #     }
/// # }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-example-queued-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// let Queued::New(id) = store.enqueue(new_send("order-17")).await? else { panic!("it is new") };
/// assert_eq!(store.enqueue(new_send("order-17")).await?, Queued::Known(id));
///
/// let mut other = new_send("order-17"); // the same key for another message
/// other.digest = Digest::of([&b"another body"[..]]);
/// assert_eq!(store.enqueue(other).await?, Queued::Conflict(id));
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Queued {
    /// It is new.
    New(SendId),
    /// One with its key and content exists already.
    Known(SendId),
    /// One with its key and another content exists already: this one was not queued.
    Conflict(SendId),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_keeps_the_parts_apart() {
        let digest = |parts: &[&str]| Digest::of(parts.iter().map(|part| part.as_bytes()));
        assert_eq!(digest(&["ab", "c"]), digest(&["ab", "c"]));
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
        assert_ne!(digest(&["ab"]), digest(&["ab", ""]));
    }
}
