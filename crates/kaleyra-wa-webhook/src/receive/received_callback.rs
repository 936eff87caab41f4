//! A callback as it was received.

use std::fmt;
use std::time::SystemTime;

use bytes::Bytes;
use kaleyra_wa_types::DecodeError;
use kaleyra_wa_types::inbound::{Callback, Event};

/// One callback that was verified and read: the bytes, what they say, and when they came.
///
/// Its `Debug` shows sizes only; the contents are personal data.
///
/// # Examples
///
/// ```
/// use std::time::SystemTime;
///
/// use kaleyra_wa_webhook::ReceivedCallback;
///
/// let raw = r#"{"meta_object": {"field": "messages", "value": {"messages": [
///     {"from": "919800000001", "id": "wamid.A", "type": "text", "text": {"body": "Is it in stock?"}}
/// ]}}, "extra_info": {"ref": "order-17"}}"#;
/// let callback = ReceivedCallback::from_raw(raw.into(), SystemTime::now())?;
/// let events: Vec<_> = callback.events().map(|event| event.type_name()).collect();
/// assert_eq!(events, ["text"]);
/// assert_eq!(callback.raw, raw); // what to keep
/// assert!(!format!("{callback:?}").contains("919800000001"));
/// # Ok::<(), kaleyra_wa_webhook::types::DecodeError>(())
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct ReceivedCallback {
    /// The body, byte for byte: what to keep, since a later version may read more in it. A GET has
    /// none; see [`from_query`](Self::from_query) for what takes its place.
    pub raw: Bytes,
    /// The same, read.
    pub callback: Callback,
    /// When the body had arrived, by this machine's clock.
    pub received_at: SystemTime,
}

impl ReceivedCallback {
    /// Reads a body that is trusted already: one that was kept, or made by a test.
    ///
    /// A request from outside goes through [`Receiver::receive`](crate::Receiver::receive), which
    /// verifies it first.
    ///
    /// # Errors
    ///
    /// Only when the bytes are not a JSON object. Whatever else is unexpected inside is data.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::SystemTime;
    ///
    /// use kaleyra_wa_webhook::ReceivedCallback;
    ///
    /// let raw = r#"{"status": "not sent", "reason": "Daily limit reached"}"#;
    /// let delivery = ReceivedCallback::from_raw(raw.into(), SystemTime::now())?;
    /// assert_eq!(delivery.events().count(), 1);
    /// # Ok::<(), kaleyra_wa_webhook::types::DecodeError>(())
    /// ```
    pub fn from_raw(raw: Bytes, received_at: SystemTime) -> Result<Self, DecodeError> {
        let callback = Callback::from_slice(&raw)?;
        Ok(Self {
            raw,
            callback,
            received_at,
        })
    }

    /// Reads the query of a GET: Kaleyra reports the rating and the limit of a business
    /// number in this way, to the URL for incoming messages, and about templates and their files
    /// where the callback profile says so. `None` if it is something else. What it is follows from the
    /// parameters that are there: see [`Callback::from_query`].
    ///
    /// It becomes what Meta would have posted, such as a change of the field
    /// `phone_number_quality_update`, as bytes too: so handlers see one kind of event, and what is kept
    /// can be read again by [`from_raw`](Self::from_raw). Parameters that nobody knows are fields of
    /// the change.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::SystemTime;
    ///
    /// use kaleyra_wa_webhook::ReceivedCallback;
    /// use kaleyra_wa_webhook::types::inbound::Event;
    /// use kaleyra_wa_webhook::types::inbound::field::FieldChange;
    ///
    /// let query = "display_phone_number=918000000001&event=FLAGGED&current_limit=TIER_10K";
    /// let delivery = ReceivedCallback::from_query(query, SystemTime::now()).ok_or("something else")?;
    /// let Some(Event::Field(change)) = delivery.events().next() else { return Err("no change".into()) };
    /// let FieldChange::PhoneNumberQualityUpdate(update) = change.change() else { return Err("another".into()) };
    /// assert_eq!(update.current_limit.and_then(|limit| limit.users()), Some(10_000));
    ///
    /// assert!(ReceivedCallback::from_query("hub.mode=subscribe", SystemTime::now()).is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Source: *Receive updates about rating and limits using webhooks*.
    pub fn from_query(query: &str, received_at: SystemTime) -> Option<Self> {
        let callback = Callback::from_query(query)?;
        Some(Self {
            raw: callback.to_vec().into(),
            callback,
            received_at,
        })
    }

    /// All that is in it, in the order of the wire. Never empty: what is in no known shape is one
    /// [`Event::Other`].
    pub fn events(&self) -> impl Iterator<Item = Event<'_>> {
        self.callback.events()
    }
}

impl fmt::Debug for ReceivedCallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedCallback")
            .field("bytes", &self.raw.len())
            .field("events", &self.events().count())
            .field("received_at", &self.received_at)
            .finish()
    }
}
