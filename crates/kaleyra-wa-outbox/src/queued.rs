//! What a message that is queued waits for, and the result of queueing it.

use kaleyra_wa_store::outbox::SendId;
use kaleyra_wa_store::types::inbound::Stage;

/// How far a message has to get before the next one goes out.
///
/// ```
/// use kaleyra_wa_outbox::Once;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-outbox-once-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
/// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
/// # let client = kaleyra_wa_client::Client::new(account)?;
/// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
/// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
/// let invoice = outbox.enqueue("invoice-17", "+919800000001", "Your invoice.");
/// outbox.enqueue("order-17", "+919800000001", "It is on its way.").then(Once::Delivered, invoice).await?;
///
/// let invoice = outbox.track("invoice-17").await?.expect("it was queued, too");
/// assert_eq!(invoice.send().and_then(|send| send.next_at), None); // it waits for the other
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Once {
    /// Kaleyra accepted it.
    Accepted,
    /// WhatsApp has it.
    Sent,
    /// It is on the user's device.
    Delivered,
    /// The user saw it.
    Read,
}

/// What was queued.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-outbox-enqueued-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
/// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
/// # let client = kaleyra_wa_client::Client::new(account)?;
/// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
/// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
/// let first = outbox.enqueue("order-17", "+919800000001", "It is on its way.").await?;
/// let again = outbox.enqueue("order-17", "+919800000001", "It is on its way.").await?;
/// assert!(first.is_new && !again.is_new);
/// assert_eq!((first.id, &*first.reference), (again.id, "order-17"));
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Enqueued {
    /// Which send it is; `None` for a reply that is queued with the event's outcome.
    pub id: Option<SendId>,
    /// The reference that callbacks have.
    pub reference: String,
    /// Whether the key was not known before.
    pub is_new: bool,
}

impl Once {
    pub(crate) const fn stage(self) -> Stage {
        match self {
            Self::Accepted => Stage::Accepted,
            Self::Sent => Stage::Sent,
            Self::Delivered => Stage::Delivered,
            Self::Read => Stage::Read,
        }
    }
}
