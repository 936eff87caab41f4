//! What is known of users: the 24-hour window, and what they do not want.

use kaleyra_wa_client::IntoRecipient;
use kaleyra_wa_store::outbox::Purpose;
use kaleyra_wa_store::tracking::{ConversationRecord, Facts};
use kaleyra_wa_store::types::inbound::Callback;

use crate::address::conversation_of;
use crate::{Outbox, OutboxError};

impl Outbox {
    /// Notes that a user wants no messages for a purpose any more: for a handler of `STOP`, say. Opt-outs that WhatsApp and Kaleyra
    /// report are noted without it.
    ///
    /// ```
    /// use kaleyra_wa_outbox::Purpose;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-outbox-optout-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
    /// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// # let client = kaleyra_wa_client::Client::new(account)?;
    /// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
    /// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
    /// outbox.opt_out("+919800000001", Purpose::Marketing).await?; // she wrote STOP
    /// let asha = outbox.conversation("+919800000001").await?;
    /// assert!(asha.is_opted_out(Purpose::Marketing) && !asha.is_opted_out(Purpose::Utility));
    ///
    /// outbox.opt_in("+919800000001", Purpose::Marketing).await?; // she wrote START
    /// assert!(!outbox.conversation("+919800000001").await?.is_opted_out(Purpose::Marketing));
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Where there is no user, or the store can't be written.
    pub async fn opt_out(
        &self,
        user: impl IntoRecipient,
        purpose: Purpose,
    ) -> Result<(), OutboxError> {
        self.set_opt_out(user, purpose, true).await
    }

    /// Notes that a user wants them again.
    ///
    /// For an example see [`opt_out`](Self::opt_out).
    ///
    /// # Errors
    ///
    /// Where there is no user, or the store can't be written.
    pub async fn opt_in(
        &self,
        user: impl IntoRecipient,
        purpose: Purpose,
    ) -> Result<(), OutboxError> {
        self.set_opt_out(user, purpose, false).await
    }

    async fn set_opt_out(
        &self,
        user: impl IntoRecipient,
        purpose: Purpose,
        is_out: bool,
    ) -> Result<(), OutboxError> {
        let user = user.into_recipient().map_err(OutboxError::NoRecipient)?;
        let conversation = conversation_of(&user);
        let (store, sender) = (&self.parts.store, self.sender());
        let set = store.set_opt_out(&sender, &conversation, purpose, is_out, "call");
        Ok(set.await?)
    }

    /// What is known of the conversation with a user: until when anything may be sent, and what the user does not want.
    ///
    /// For an example see [`observe`](Self::observe).
    ///
    /// # Errors
    ///
    /// Where there is no user, or the store can't be read.
    pub async fn conversation(
        &self,
        user: impl IntoRecipient,
    ) -> Result<ConversationRecord, OutboxError> {
        let user = user.into_recipient().map_err(OutboxError::NoRecipient)?;
        let conversation = conversation_of(&user);
        let store = &self.parts.store;
        Ok(store.conversation(&self.sender(), &conversation).await?)
    }

    /// Notes what a callback says about messages that were sent and about conversations: for applications that take callbacks without
    /// an inbox in the same store. With one, each is noted as it is kept.
    ///
    /// ```
    /// use kaleyra_wa_outbox::types::inbound::Callback;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-outbox-observe-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
    /// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// # let client = kaleyra_wa_client::Client::new(account)?;
    /// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
    /// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
    /// let callback = Callback::from_slice(br#"{"meta_object": {"field": "messages", "value": {
    ///     "metadata": {"display_phone_number": "918000000001"},
    ///     "messages": [{"id": "wamid.A", "from": "919800000001", "type": "text", "text": {"body": "Hi"}}]
    /// }}}"#)?;
    /// outbox.observe(&callback).await?;
    ///
    /// let asha = outbox.conversation("+919800000001").await?;
    /// assert!(asha.is_open(std::time::SystemTime::now().into())); // anything may be sent for 24 hours
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Where the store can't be written: the callback is not to be acknowledged then.
    pub async fn observe(&self, callback: &Callback) -> Result<(), OutboxError> {
        let facts = Facts::of(callback, self.parts.store.time());
        Ok(self.parts.store.note(facts).await?)
    }
}
