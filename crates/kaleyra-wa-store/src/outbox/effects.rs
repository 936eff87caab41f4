//! What a handler wants sent, until it is known that the event was handled.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::NewSend;

/// What a handler wants sent, held back until its event is handled, and then queued in the same transaction.
///
/// An inbox puts one into each event that it gives to a handler; an outbox finds it there. Clones share the buffer.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::outbox::Effects;
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
///
/// let effects = Effects::new("message/wamid.A");
/// let key = effects.next_key();
/// assert_eq!(key, "reply/message/wamid.A/0"); // the same at the next attempt
/// assert_eq!(effects.named_key("receipt"), "reply/message/wamid.A/receipt");
///
/// assert!(effects.push(new_send(&key)).is_ok());
/// let sends = effects.close(); // the handler has ended, and this is queued with its outcome
/// assert_eq!(sends[0].key, key);
/// assert!(effects.push(new_send("late")).is_err());
/// ```
#[derive(Clone)]
pub struct Effects(Arc<Shared>);

struct Shared {
    event: String,
    buffer: Mutex<Buffer>,
}

#[derive(Default)]
struct Buffer {
    sends: Vec<NewSend>,
    keys: u32,
    is_closed: bool,
}

impl Effects {
    /// An empty buffer for an event with this name, which is the same at every attempt.
    pub fn new(event: impl Into<String>) -> Self {
        Self(Arc::new(Shared {
            event: event.into(),
            buffer: Mutex::default(),
        }))
    }

    /// A key for one more send, the same at every attempt if the handler sends in the same order.
    pub fn next_key(&self) -> String {
        let mut buffer = self.buffer();
        let key = format!("reply/{}/{}", self.0.event, buffer.keys);
        buffer.keys += 1;
        key
    }

    /// The key of a send that the handler has named.
    pub fn named_key(&self, name: &str) -> String {
        format!("reply/{}/{name}", self.0.event)
    }

    /// Holds a send back.
    ///
    /// # Errors
    ///
    /// Gives it back where the handler has ended: then nothing waits for it any more.
    pub fn push(&self, send: NewSend) -> Result<(), Box<NewSend>> {
        let mut buffer = self.buffer();
        if buffer.is_closed {
            return Err(Box::new(send));
        }
        buffer.sends.push(send);
        Ok(())
    }

    /// Ends it, and gives what was held back.
    pub fn close(&self) -> Vec<NewSend> {
        let mut buffer = self.buffer();
        buffer.is_closed = true;
        std::mem::take(&mut buffer.sends)
    }

    /// Each step leaves it whole.
    fn buffer(&self) -> MutexGuard<'_, Buffer> {
        self.0.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Effects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sends = self.buffer().sends.len();
        f.debug_struct("Effects")
            .field("sends", &sends)
            .finish_non_exhaustive()
    }
}
