//! Which send a callback is about.

use std::time::{SystemTime, UNIX_EPOCH};

use kaleyra_wa_types::inbound::{Callback, Event, Stage};

use crate::{Client, Delivery};

/// What a callback says about a message that was sent: which one, and what became of it.
///
/// A send can come back [`Indeterminate`](crate::Delivery::Indeterminate), and no id of a callback is known to equal
/// the id that an accepted send gets. Kaleyra repeats the message's `ref` in every callback about it, so a callback
/// with the reference of a send proves that the send arrived.
///
/// # Examples
///
/// Keep a list of sends that came back indeterminate, until a callback settles them:
///
/// ```
/// use std::collections::HashSet;
///
/// use kaleyra_wa_client::types::inbound::{Callback, Stage};
/// use kaleyra_wa_client::{Delivery, Proof};
///
/// let mut in_doubt = HashSet::from(["order-17".to_owned()]); // Error::reference()
///
/// let callback = Callback::from_slice(br#"{
///     "meta_object": {"field": "messages", "value": {"statuses": [
///         {"id": "wamid.A", "status": "delivered", "timestamp": "1722863329", "recipient_id": "919800000001"}
///     ]}},
///     "extra_info": {"ref": "order-17"}
/// }"#)?;
///
/// let proof = Proof::from_callback(&callback).ok_or("a callback about no send")?;
/// assert!(in_doubt.remove(proof.reference()));
/// assert_eq!(proof.delivery(), Delivery::Accepted); // it was sent: don't send it again
/// assert_eq!(proof.stage(), Some(Stage::Delivered));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof<'a> {
    reference: &'a str,
    stage: Option<Stage>,
}

impl<'a> Proof<'a> {
    /// What a callback proves; `None` if it has no reference, or is about no message that was sent.
    ///
    /// A user's reply repeats the reference of the message that it replies to, which proves the send, too.
    ///
    /// For an example see [`Proof`].
    pub fn from_callback(callback: &'a Callback) -> Option<Self> {
        let reference = callback.extra_info.as_ref()?.reference.as_deref()?;
        let mut is_about_a_send = false;
        let mut stage = None;
        for event in callback.events() {
            let (is_about_it, found) = match event {
                Event::Status(status) => (true, status.stage()),
                Event::KaleyraStatus(status) => (true, status.stage()),
                Event::Message(_) => (true, None),
                _ => (false, None),
            };
            is_about_a_send |= is_about_it;
            stage = stage.max(found);
        }
        (is_about_a_send && !reference.is_empty()).then_some(Self { reference, stage })
    }

    /// The reference of the message: its `ref`.
    ///
    /// For an example see [`Proof`].
    pub fn reference(&self) -> &'a str {
        self.reference
    }

    /// How far the message has come; `None` where the callback doesn't say, for example a user's reply.
    pub fn stage(&self) -> Option<Stage> {
        self.stage
    }

    /// The verdict in place of an indeterminate one: [`Rejected`](Delivery::Rejected) if Kaleyra stopped the message or
    /// WhatsApp did not deliver it, [`Accepted`](Delivery::Accepted) otherwise.
    ///
    /// A later callback may say more; [`Progress`](crate::types::inbound::Progress) puts them together.
    ///
    /// For an example see [`Proof`].
    pub fn delivery(&self) -> Delivery {
        match self.stage {
            Some(stage) if stage.is_failure() => Delivery::Rejected,
            _ => Delivery::Accepted,
        }
    }
}

impl Client {
    /// A reference that no other message has: of [the maker of your own](Self::with_references), or a UUID of version
    /// 7.
    ///
    /// Use it to record a send before it happens. A message without a reference gets one automatically.
    ///
    /// ```
    /// # use kaleyra_wa_client::transport::Scripted;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let kaleyra = Scripted::new().respond(202, r#"{"code":"WA202","data":{"message_id":"AX1"}}"#);
    /// # let client = kaleyra_wa_client::Client::with_transport(kaleyra_wa_client::Account::new("in", "HXIN0000000000IN", "A-key", "+918000000001")?, kaleyra.clone());
    /// let reference = client.new_reference();
    /// // … into your books, then:
    /// let sent = client.send("+14155550123", "Your table is booked").reference(&reference).await?;
    /// assert_eq!(sent.reference(), Some(&*reference));
    /// # Ok(())
    /// # }
    /// ```
    pub fn new_reference(&self) -> String {
        if let Some(make) = &self.settings.references {
            return make();
        }
        let millis = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |time| {
                u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
            });
        let mut random = [0; 10];
        for bytes in random.chunks_mut(8) {
            let number = self.settings.randomness.next_u64().to_le_bytes();
            bytes.copy_from_slice(&number[..bytes.len()]);
        }
        uuid::Builder::from_unix_timestamp_millis(millis, &random)
            .into_uuid()
            .to_string()
    }
}
