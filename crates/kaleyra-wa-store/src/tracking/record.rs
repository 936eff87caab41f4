//! What is known of a message and of a conversation.

use std::fmt;

use kaleyra_wa_types::inbound::Stage;

use super::WINDOW;
use crate::Moment;
use crate::outbox::Purpose;

/// What callbacks said about a message, combined: the same in whatever order they came, and however often.
///
/// The default is a record for a store to fill in.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::tracking::MessageRecord;
/// use kaleyra_wa_store::types::inbound::Stage;
///
/// let mut record = MessageRecord::default();
/// record.reached = Some(Stage::Sent);
/// record.failure = Some(Stage::Failed);
/// assert_eq!(record.stage(), Some(Stage::Failed));
/// record.reached = Some(Stage::Delivered); // which came in later, and overrides the failure
/// assert_eq!(record.stage(), Some(Stage::Delivered));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageRecord {
    /// The reference that they came with.
    pub reference: String,
    /// How far it came on its way.
    pub reached: Option<Stage>,
    /// The failure that was reported.
    pub failure: Option<Stage>,
    /// When it was accepted for sending, by WhatsApp's clock as all of these.
    pub accepted_at: Option<Moment>,
    /// When WhatsApp had it.
    pub sent_at: Option<Moment>,
    /// When it reached the device.
    pub delivered_at: Option<Moment>,
    /// When the user saw it.
    pub read_at: Option<Moment>,
    /// When it failed.
    pub failed_at: Option<Moment>,
    /// Why it failed: a code of Meta's or Kaleyra's.
    pub code: Option<String>,
    /// The same in human-readable form, by the server.
    pub title: Option<String>,
    /// Whom it went to, as the callback has it.
    pub recipient: Option<String>,
    /// Every id that callbacks named, and where: `status.id wamid.A`.
    pub ids: Vec<String>,
    /// When something of this was last noted.
    pub changed_at: Moment,
}

impl MessageRecord {
    /// Where the message is: a delivery overrides a failure, and a failure what comes before a delivery.
    pub fn stage(&self) -> Option<Stage> {
        self.reached.max(self.failure)
    }
}

/// What is known of a conversation.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_store::Moment;
/// use kaleyra_wa_store::outbox::Purpose;
/// use kaleyra_wa_store::tracking::{ConversationRecord, OptOut, WINDOW};
///
/// let wrote = Moment::from_millis(1_722_863_329_000);
/// let mut opt_out = OptOut::default();
/// (opt_out.purpose, opt_out.is_out) = (Purpose::Marketing, true);
/// let mut conversation = ConversationRecord::default();
/// conversation.user_wrote_at = Some(wrote);
/// conversation.opt_outs.push(opt_out);
/// assert_eq!(conversation.open_until(), Some(wrote + WINDOW)); // 24 hours, less a minute
/// assert!(conversation.is_open(wrote + Duration::from_secs(60 * 60)));
/// assert!(conversation.is_opted_out(Purpose::Marketing) && !conversation.is_opted_out(Purpose::Utility));
///
/// conversation.closed_at = Some(wrote + Duration::from_secs(60)); // WhatsApp said so
/// assert_eq!(conversation.open_until(), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConversationRecord {
    /// When the user last wrote.
    pub user_wrote_at: Option<Moment>,
    /// When WhatsApp last said that the 24-hour window is closed.
    pub closed_at: Option<Moment>,
    /// Until when nothing is billed, after a click on an ad.
    pub free_until: Option<Moment>,
    /// What the user does not want, or wants again.
    pub opt_outs: Vec<OptOut>,
}

/// What a user said about messages of a kind, last. The default is a record for a store to fill in.
///
/// # Examples
///
/// ```
/// use kaleyra_wa_store::outbox::Purpose;
/// use kaleyra_wa_store::{OutboxStore, SqliteStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-example-optout-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// let store = SqliteStore::open(directory.join("bot.db"))?;
/// store.set_opt_out("919700000001", "919800000001", Purpose::Marketing, true, "reply STOP").await?;
///
/// let conversation = store.conversation("919700000001", "919800000001").await?;
/// assert_eq!((conversation.opt_outs[0].is_out, &*conversation.opt_outs[0].source), (true, "reply STOP"));
/// assert!(conversation.is_opted_out(Purpose::Marketing));
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OptOut {
    /// Messages for this purpose.
    pub purpose: Purpose,
    /// Whether they are not wanted.
    pub is_out: bool,
    /// When that was said.
    pub since: Moment,
    /// Where it comes from: `131050`, `user_preferences`, `kaleyra`, or what a call named.
    pub source: String,
}

impl ConversationRecord {
    /// Until when anything may be sent; `None` where the window is closed, or nothing is known of it.
    pub fn open_until(&self) -> Option<Moment> {
        let wrote = self.user_wrote_at?;
        let is_closed = self.closed_at.is_some_and(|closed| closed >= wrote);
        (!is_closed).then(|| wrote + WINDOW)
    }

    /// Whether the 24-hour window is open.
    pub fn is_open(&self, now: Moment) -> bool {
        self.open_until().is_some_and(|until| now < until)
    }

    /// Whether the user wants no messages for this purpose.
    pub fn is_opted_out(&self, purpose: Purpose) -> bool {
        let mut said = self.opt_outs.iter();
        said.any(|said| said.purpose == purpose && said.is_out)
    }
}

impl fmt::Debug for MessageRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageRecord")
            .field("reached", &self.reached)
            .field("failure", &self.failure)
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}
