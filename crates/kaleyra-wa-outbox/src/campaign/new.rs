//! A campaign on its way into the store.

use std::time::Duration;

use kaleyra_wa_client::types::outbound::template::Template as WireTemplate;
use kaleyra_wa_store::campaign as stored;
use kaleyra_wa_store::outbox::Purpose;

use super::import::{self, Import};
use super::{QuietHours, Recipients, Template};
use crate::{Campaign, Outbox, OutboxError};

/// A campaign to make; from [`Outbox::new_campaign`].
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use kaleyra_wa_outbox::types::outbound::template::{Button, Template};
/// use kaleyra_wa_outbox::{Purpose, Recipients};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("kwa-outbox-newcampaign-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
/// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
/// # let client = kaleyra_wa_client::Client::new(account)?;
/// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
/// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
/// # let path = directory.join("customers.csv");
/// # std::fs::write(&path, "to,name,code\n+919800000001,Asha,A1\n+919800000002,Ravi,B2\n")?;
/// // customers.csv: to,name,code
/// let template = Template::new("spring_offer", "en")
///     .body(["{{name}}", "20 %"])
///     .button(Button::url(0, "offers/{{code}}"));
/// let (campaign, import) = outbox
///     .new_campaign("spring")
///     .purpose(Purpose::Marketing)
///     .rate(50)
///     .quiet_hours("21:00-09:00 Asia/Kolkata".parse()?)
///     .expires_in(Duration::from_secs(3 * 24 * 60 * 60))
///     .import(template, Recipients::file(path))
///     .await?;
/// assert_eq!((import.recipients, import.bad), (2, 0));
/// campaign.run().await?;
/// # store.close().await;
/// # std::fs::remove_dir_all(&directory)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use]
pub struct NewCampaign {
    outbox: Outbox,
    name: String,
    purpose: Purpose,
    rate: Option<u32>,
    quiet: Option<QuietHours>,
    expires_in: Option<Duration>,
    batch: usize,
}

impl NewCampaign {
    pub(crate) const fn new(outbox: Outbox, name: String) -> Self {
        Self {
            outbox,
            name,
            purpose: Purpose::Marketing,
            rate: None,
            quiet: None,
            expires_in: None,
            batch: 2_000,
        }
    }

    /// What it is for: [`Purpose::Marketing`] by default, which users can opt out of.
    ///
    /// For an example see [`NewCampaign`].
    pub fn purpose(mut self, purpose: Purpose) -> Self {
        self.purpose = purpose;
        self
    }

    /// The maximum number of messages a second, below the outbox's own rate.
    ///
    /// For an example see [`NewCampaign`].
    pub fn rate(mut self, per_second: u32) -> Self {
        self.rate = Some(per_second.max(1));
        self
    }

    /// When nothing goes out.
    ///
    /// For an example see [`NewCampaign`].
    pub fn quiet_hours(mut self, hours: QuietHours) -> Self {
        self.quiet = Some(hours);
        self
    }

    /// After how long from now nothing goes out any more: recipients that are left then are expired. Without it, the campaign
    /// goes on until everybody had it, however long limits and pauses hold it up, or somebody cancels it.
    ///
    /// For an example see [`NewCampaign`].
    pub fn expires_in(mut self, time: Duration) -> Self {
        self.expires_in = Some(time);
        self
    }

    /// How many lines of the file are kept in one transaction: 2,000. Fewer take longer, and delay other writes less.
    ///
    /// For an example see [`import_with`](Self::import_with).
    pub fn batch(mut self, lines: usize) -> Self {
        self.batch = lines.max(1);
        self
    }

    /// Makes the campaign and imports its recipients, each with the values that the template has places for: `{{name}}` in
    /// any text of it is filled from the column `name`. From then on it does not depend on the file.
    ///
    /// Lines that are not a recipient are left out and listed, with their number and the reason; so are those that repeat
    /// one. Nothing is sent before it [runs](Campaign::run).
    ///
    /// Where an import was interrupted, the same call with the same file resumes it; with another file, it is an
    /// error. Where all was imported, it changes nothing.
    ///
    /// # Errors
    ///
    /// Where the template or the file is not usable (nothing is made then: the same name can be tried again), no line of the
    /// file is a recipient, the campaign exists with another file or template, or it can't be
    /// stored.
    ///
    /// For an example see [`NewCampaign`].
    pub async fn import(
        self,
        template: WireTemplate,
        recipients: Recipients,
    ) -> Result<(Campaign, Import), OutboxError> {
        self.import_with(template, recipients, |_| ()).await
    }

    /// The same, with a function that is called with the number of the last line after each batch.
    ///
    /// ```
    /// use kaleyra_wa_outbox::Recipients;
    /// use kaleyra_wa_outbox::types::outbound::template::Template;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let directory = std::env::temp_dir().join(format!("kwa-outbox-importwith-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let server = kaleyra_wa_client::BaseUrl::parse("http://127.0.0.1:9")?;
    /// # let account = kaleyra_wa_client::Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
    /// # let client = kaleyra_wa_client::Client::new(account)?;
    /// # let store = kaleyra_wa_outbox::store::SqliteStore::open(directory.join("shop.db"))?;
    /// # let outbox = kaleyra_wa_outbox::Outbox::builder(client, store.clone()).build();
    /// let customers = "to\n+919800000001\n+919800000002\n+919800000003\n";
    /// let mut lines = Vec::new();
    /// outbox
    ///     .new_campaign("spring")
    ///     .batch(2)
    ///     .import_with(Template::new("spring_offer", "en"), Recipients::csv(customers), |line| lines.push(line))
    ///     .await?;
    /// assert_eq!(lines.last(), Some(&4));
    /// # store.close().await;
    /// # std::fs::remove_dir_all(&directory)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`import`](Self::import).
    pub async fn import_with(
        self,
        template: WireTemplate,
        recipients: Recipients,
        progress: impl FnMut(u64) + Send,
    ) -> Result<(Campaign, Import), OutboxError> {
        let refused = |why: &str| Err(OutboxError::Campaign(why.to_owned()));
        if self.name.trim().is_empty() || self.name.len() > 200 {
            return refused("give the campaign a name of 1 to 200 bytes");
        }
        let template = Template::new(&template).map_err(OutboxError::Campaign)?;
        let (recipients, sha256) = import::hashed(recipients).await?;
        // Before there is a campaign: what is wrong with the file must not take the name.
        let recipients = import::checked(&template, recipients).await?;
        let store = &self.outbox.parts.store;
        let now = store.time();
        let new = stored::NewCampaign {
            name: self.name,
            token: token()?,
            sender: self.outbox.sender(),
            template: template.to_stored(),
            purpose: self.purpose,
            rate: self.rate,
            quiet: self.quiet.map(|hours| hours.to_string()),
            expires_at: self.expires_in.map(|time| now + time),
            source: Some(stored::Source {
                name: recipients.name(),
                sha256,
            }),
        };
        let written = new.template.clone();
        let record = store.create_campaign(new).await?;
        let is_same = record.template == written
            && record.sender == self.outbox.sender()
            && record.source.as_ref().is_some_and(|it| it.sha256 == sha256);
        if !is_same {
            return refused(
                "a campaign of this name exists already, with another template, sender or file: choose another name",
            );
        }
        let import = import::run(
            &self.outbox,
            &record,
            template,
            recipients,
            self.batch,
            progress,
        )
        .await?;
        let store = &self.outbox.parts.store;
        let record = store.campaign(&record.name).await?.unwrap_or(record);
        Ok((Campaign::new(self.outbox, record), import))
    }
}

/// What references begin with: unlike that of any other campaign, in any store.
fn token() -> Result<String, OutboxError> {
    // Each character is stored four times for each recipient, so few of them carry much.
    const CHARACTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut random = [0_u8; 8];
    getrandom::fill(&mut random)
        .map_err(|_| OutboxError::Campaign("the system has no random numbers".to_owned()))?;
    let characters = random
        .iter()
        .map(|byte| CHARACTERS[usize::from(*byte) % CHARACTERS.len()]);
    Ok(characters.map(char::from).collect())
}
