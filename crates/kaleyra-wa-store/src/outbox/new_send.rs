//! A send on its way into the store.

use std::fmt;

use bytes::Bytes;
use kaleyra_wa_types::inbound::Stage;
use sha2::{Digest as _, Sha256};

use crate::Moment;

/// Which send it is. The order of ids is the order in which sends were queued.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no purpose has this name: say service, authentication, utility or marketing")]
pub struct UnknownPurpose;

/// A send to queue.
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
