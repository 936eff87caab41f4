//! A campaign that is kept.

use std::io::Write;

use kaleyra_wa_store::campaign::{BadLine, CampaignRecord, CampaignState};

use super::report::{self, Report};
use crate::{Outbox, OutboxError};

/// A stored campaign; from [`Outbox::campaign`] or [`NewCampaign::import`](crate::NewCampaign::import).
///
/// ```
/// use kaleyra_wa_outbox::Recipients;
/// use kaleyra_wa_outbox::store::campaign::CampaignState;
/// use kaleyra_wa_outbox::types::outbound::template::Template;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-outbox-campaign-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
/// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
/// # let client = kaleyra_wa_client::Client::new(account)?;
/// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
/// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
/// let customers = "to,name\n+919800000001,Asha\n+919800000002,Ravi\nnobody,Tom\n";
/// let template = Template::new("spring_offer", "en").body(["{{name}}"]);
/// outbox.new_campaign("spring").import(template, Recipients::csv(customers)).await?;
///
/// let campaign = outbox.campaign("spring").await?.expect("it was imported");
/// assert_eq!((campaign.name(), campaign.record().recipients()), ("spring", 2));
/// assert_eq!(campaign.bad_lines(0, 100).await?[0].line, 4);
///
/// campaign.set_rate(Some(10)).await?; // messages a second
/// campaign.run().await?;
/// assert!(campaign.pause("the shelves are empty").await?);
/// assert!(campaign.cancel().await?);
/// assert_eq!(campaign.status().await?.state, CampaignState::Cancelled);
///
/// let mut csv = Vec::new();
/// campaign.report(&mut csv).await?;
/// assert_eq!(String::from_utf8(csv)?.lines().count(), 4); // a heading, and a row for each line
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Campaign {
    outbox: Outbox,
    record: CampaignRecord,
}

impl Campaign {
    pub(crate) const fn new(outbox: Outbox, record: CampaignRecord) -> Self {
        Self { outbox, record }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.record.name
    }

    /// What was known of it when this was read: [`status`](Self::status) reads it again.
    pub const fn record(&self) -> &CampaignRecord {
        &self.record
    }

    /// What is known of it now: its state, and how many recipients are in which.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    ///
    /// For an example see [`NewCampaign`](crate::NewCampaign).
    pub async fn status(&self) -> Result<CampaignRecord, OutboxError> {
        let found = self.outbox.parts.store.campaign(self.name()).await?;
        found.ok_or_else(|| OutboxError::Campaign("the campaign is gone".to_owned()))
    }

    /// Starts it: the outbox of the process that owns the store sends it, at once or when it starts. Also for one that is
    /// paused, once what had paused it is fixed. One that is running keeps running.
    ///
    /// # Errors
    ///
    /// Where it is still importing, is done or was cancelled, or the store can't be written.
    ///
    /// For an example see [`NewCampaign`](crate::NewCampaign).
    pub async fn run(&self) -> Result<(), OutboxError> {
        use CampaignState::{Paused, Ready, Running};
        if self.move_to(&[Ready, Paused], Running, None).await? {
            return Ok(());
        }
        let why = match self.status().await?.state {
            Running => return Ok(()),
            CampaignState::Importing => {
                "not all recipients are imported: import the same file again first"
            }
            CampaignState::Done => "the campaign is done",
            CampaignState::Cancelled => "the campaign was cancelled",
            _ => "the campaign can't run",
        };
        Err(OutboxError::Campaign(why.to_owned()))
    }

    /// Sends nothing more of it until it [runs](Self::run) again. `false` where it does not run.
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    ///
    /// For an example see [`Campaign`].
    pub async fn pause(&self, why: &str) -> Result<bool, OutboxError> {
        let to = CampaignState::Paused;
        self.move_to(&[CampaignState::Running], to, Some(why)).await
    }

    /// Sends nothing more of it, for good: what is queued is cancelled. `false` where it is already done or cancelled.
    ///
    /// For an example see [`Campaign`].
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    pub async fn cancel(&self) -> Result<bool, OutboxError> {
        use CampaignState::{Importing, Paused, Ready, Running};
        let from = [Importing, Ready, Running, Paused];
        self.move_to(&from, CampaignState::Cancelled, None).await
    }

    async fn move_to(
        &self,
        from: &[CampaignState],
        to: CampaignState,
        why: Option<&str>,
    ) -> Result<bool, OutboxError> {
        let store = &self.outbox.parts.store;
        Ok(store.move_campaign(self.record.id, from, to, why).await?)
    }

    /// Changes the maximum number of messages a second.
    ///
    /// For an example see [`Campaign`].
    ///
    /// # Errors
    ///
    /// Where the store can't be written.
    pub async fn set_rate(&self, per_second: Option<u32>) -> Result<(), OutboxError> {
        let rate = per_second.map(|rate| rate.max(1));
        Ok(self
            .outbox
            .parts
            .store
            .set_rate(self.record.id, rate)
            .await?)
    }

    /// Lines of the file that are not a recipient, after this line, up to this many.
    ///
    /// # Errors
    ///
    /// Where the store can't be read.
    ///
    /// For an example see [`NewCampaign`](crate::NewCampaign).
    pub async fn bad_lines(&self, after: u64, limit: usize) -> Result<Vec<BadLine>, OutboxError> {
        let store = &self.outbox.parts.store;
        Ok(store.bad_lines(self.record.id, after, limit).await?)
    }

    /// Writes what became of each recipient as CSV, in the order of the file: a row for each line, good or bad.
    ///
    /// # Errors
    ///
    /// Where the store can't be read, or the report can't be written.
    ///
    /// For an example see [`NewCampaign`](crate::NewCampaign).
    pub async fn report(&self, to: impl Write + Send) -> Result<Report, OutboxError> {
        report::write(&self.outbox, &self.record, to).await
    }
}
