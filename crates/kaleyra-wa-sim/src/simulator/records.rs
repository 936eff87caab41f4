//! What a running simulator has seen: messages, conversations, the journal.

use std::sync::Arc;

use super::Simulator;
use crate::journal::{Entry, Events, Reader};
use crate::model::accepted_message::AcceptedMessage;
use crate::model::conversation::ConversationId;
use crate::rules::taps::Tap;
use crate::state::conversations::Line;
use crate::state::messages::MessageStatus;
use crate::transcript;
use crate::why::{self, Explanation};

impl Simulator {
    /// Every step of an accepted message, in order, by Kaleyra's or WhatsApp's id of it: with errors, and with what it is
    /// charged as.
    ///
    /// For an example see [`MessageStatus`].
    pub fn statuses(&self, id: &str) -> Vec<MessageStatus> {
        let messages = self.core.state.messages();
        let message = messages.find(id);
        message.map_or_else(Vec::new, |message| {
            messages.statuses(message.wamid.as_str())
        })
    }

    /// All conversations that there are.
    ///
    /// For an example see [`ConversationId`].
    pub fn conversations(&self) -> Vec<ConversationId> {
        self.core.state.conversations().ids()
    }

    /// Whether the user is shown that the business is typing: for 25 seconds by the simulator's clock, or until it writes.
    ///
    /// For an example see [`ConversationId`].
    pub fn is_typing(&self, conversation: &ConversationId) -> bool {
        let now = self.now();
        self.core.state.conversations().is_typing(conversation, now)
    }

    /// What was said in a conversation, oldest first.
    ///
    /// For an example see [`Line`].
    pub fn lines(&self, conversation: &ConversationId) -> Vec<Line> {
        self.core.state.conversations().lines(conversation)
    }

    /// Everything that can be tapped on an accepted message.
    ///
    /// For an example see [`Tap`].
    pub fn taps(&self, message: &AcceptedMessage) -> Vec<Tap> {
        self.core.taps(message)
    }

    /// Everything that happens from now on, with all details.
    ///
    /// For an example see [`Entry`].
    pub fn journal(&self) -> Reader {
        self.core.journal.follow()
    }

    /// Everything that is kept of what happened from this entry on, and what will.
    ///
    /// For an example see [`SimEvent::of`](crate::SimEvent::of).
    pub fn journal_from(&self, number: u64) -> Reader {
        self.core.journal.read_from(number)
    }

    /// An entry of the journal, while it is kept.
    ///
    /// ```
    /// # use kaleyra_wa_sim::Simulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
    /// let _ = sim.post(sim.end_user("Asha Example", "919800000001").text("Hi")).await;
    /// let first = sim.entry(1).ok_or("nothing happened")?;
    /// assert_eq!(first.number, 1);
    /// assert!(sim.entry(1_000_000).is_none());
    /// # sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn entry(&self, number: u64) -> Option<Arc<Entry>> {
        self.core.journal.get(number)
    }

    /// Everything that it does from now on, for a live transcript.
    ///
    /// For an example see [`SimEvent`](crate::SimEvent).
    pub fn observe(&self) -> Events {
        Events(self.core.journal.follow())
    }

    /// Why something went as it did, from the journal: by Kaleyra's or WhatsApp's id of a message, of a user or of the business, or
    /// by the number of an entry of the journal. `None` where nothing that is kept has this id.
    ///
    /// For an example see [`Explanation`].
    pub fn why(&self, id: &str) -> Option<Explanation> {
        why::explain(&self.core, id)
    }

    /// What it did since its start, oldest first, a line each with its time: for the message of a test that fails. The
    /// newest 1,000 lines are kept, of 500 characters each.
    ///
    /// Numbers and texts of messages are in it; the API key and the callbacks' header are not.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use kaleyra_wa_sim::Simulator;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sim = Simulator::builder("HXIN0000000000IN", "A-key", "+918000000001").bind("127.0.0.1:0").await?;
    /// if let Err(error) = sim.wait_for_accepted(1, Duration::from_millis(10)).await {
    ///     println!("{error}; what happened instead:\n{}", sim.transcript());
    /// }
    /// # sim.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    pub fn transcript(&self) -> String {
        transcript::of(&self.core.journal, self.core.started_at)
    }
}
