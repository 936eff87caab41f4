//! `kaleyra-wa campaign run`.

use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use kaleyra_wa_outbox::{Outbox, QuietHours};
use kaleyra_wa_store::campaign::{CampaignRecord, CampaignState};
use kaleyra_wa_store::outbox::{Pause, SendState};
use kaleyra_wa_store::{Clock as _, Moment, SqliteStore, StoreErrorKind, SystemClock};

use super::desk::{named, told};
use crate::commands::inbox::unusable;
use crate::commands::outbox::{StoreFile, or_exit, time};
use crate::commands::stop_signal;
use crate::exit::Exit;
use crate::global;
use crate::settings::AccountSettings;
use crate::show::output::note;

/// How often is looked how far it is.
const LOOK: Duration = Duration::from_millis(200);
/// How long is waited for what is in flight, when it is stopped.
const PATIENCE: Duration = Duration::from_secs(40);

#[derive(Args)]
#[allow(clippy::doc_markdown, reason = "these texts are the help")]
pub(super) struct Run {
    /// Its name
    name: String,
    /// How many messages a second the number may send
    #[arg(long, default_value_t = 80)]
    rate: u32,
    /// How many users a day it may begin a conversation with
    #[arg(long, value_name = "USERS")]
    daily_limit: Option<u32>,
    #[command(flatten)]
    account: AccountSettings,
}

/// Messages of which nobody knows whether they were sent are no success.
fn in_doubt(status: &CampaignRecord) -> Result<(), Exit> {
    let doubtful = status.count(SendState::Uncertain) + status.count(SendState::Unresolved);
    if doubtful == 0 {
        return Ok(());
    }
    let message = format!(
        "for {doubtful} of {} messages it is unknown whether they were sent: `kaleyra-wa outbox list --state uncertain` \
         and `--state unresolved` name them, and a callback with the reference settles each",
        status.recipients()
    );
    Err(Exit::in_doubt(message))
}

/// Why nothing is sent, as it was told last.
#[derive(Default)]
struct Held(String);

impl Held {
    /// Says why nothing is sent, once, and in the bar as long as that lasts.
    fn tell(&mut self, pause: Option<&Pause>, status: &CampaignRecord, bar: &ProgressBar) {
        let quiet = || status.quiet.as_ref()?.parse::<QuietHours>().ok();
        let until = |moment: Option<Moment>| {
            moment.map_or_else(String::new, |until| format!(" until {}", time(until)))
        };
        let why = match pause {
            Some(pause) => {
                // A pause without an end does not pass by itself.
                let lift = match pause.until {
                    Some(_) => "",
                    None => "; stop, fix the cause, and run `kaleyra-wa outbox resume`",
                };
                format!("paused{}: {}{lift}", until(pause.until), pause.why)
            }
            None => match quiet().and_then(|hours| hours.until(SystemClock.now())) {
                Some(end) => format!("quiet hours{}", until(Some(end))),
                None => String::new(),
            },
        };
        if why == self.0 {
            return;
        }
        bar.set_message(why.clone());
        if !why.is_empty() {
            bar.suspend(|| note(why.as_str()));
        }
        self.0 = why;
    }
}

impl Run {
    pub(super) async fn run(self, file: &StoreFile, json: bool) -> Result<(), Exit> {
        let path = file.path()?;
        if !path.exists() {
            return Err(Exit::bad_input(format!(
                "{}: there is no such file; `kaleyra-wa campaign create` makes it",
                path.display()
            )));
        }
        let store = match SqliteStore::open(&path) {
            Ok(store) => store,
            Err(error) if error.kind() == StoreErrorKind::Owned => {
                let (_, campaign) = named(file.attach()?, &self.name).await?;
                or_exit(campaign.run().await)?;
                note(
                    "the application that has the file open sends it, if it runs an outbox: `listen --inbox` does not, so stop that and run this again",
                );
                return told(&campaign, json).await;
            }
            Err(error) => return Err(unusable(&path, &error)),
        };
        let client = self.account.client()?;
        let mut builder = Outbox::builder(client, store.clone()).rate(self.rate);
        if let Some(limit) = self.daily_limit {
            builder = builder.daily_limit(limit);
        }
        let outbox = or_exit(builder.start().await)?;
        let found = or_exit(outbox.campaign(&self.name).await)?;
        let campaign = found.ok_or_else(|| Exit::bad_input("there is no campaign of this name"))?;
        if campaign.record().state != CampaignState::Done {
            or_exit(campaign.run().await)?;
        }
        // The bar goes to standard error, and only to a terminal.
        let bar = ProgressBar::new(campaign.record().recipients());
        if global::settings().quiet {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        bar.set_style(
            ProgressStyle::with_template("{bar:40} {pos}/{len} messages  {eta} to go  {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_bar()),
        );
        let mut held = Held::default();
        let mut stop = std::pin::pin!(stop_signal());
        let stopped = loop {
            let status = or_exit(campaign.status().await)?;
            bar.set_position(status.recipients() - status.open());
            if status.state != CampaignState::Running {
                break false;
            }
            let paused = or_exit(outbox.paused().await)?;
            held.tell(paused.as_ref(), &status, &bar);
            tokio::select! {
                () = &mut stop => break true,
                () = tokio::time::sleep(LOOK) => {}
            }
        };
        bar.finish_and_clear();
        outbox.shutdown(PATIENCE).await;
        told(&campaign, json).await?;
        let status = or_exit(campaign.status().await)?;
        store.close().await;
        if stopped {
            return Err(Exit::found("stopped: run it again, and it goes on"));
        }
        if status.state != CampaignState::Done {
            return Err(Exit::found("it is not done"));
        }
        in_doubt(&status)
    }
}
