//! `kaleyra-wa campaign run`.

use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use kaleyra_wa_client::Client;
use kaleyra_wa_outbox::Outbox;
use kaleyra_wa_store::campaign::{CampaignRecord, CampaignState};
use kaleyra_wa_store::outbox::SendState;
use kaleyra_wa_store::{CampaignStore as _, SqliteStore, StoreErrorKind};
use kaleyra_wa_transport::ReqwestTransport;
use serde_json::json;

use super::desk::{as_json, named, show, told};
use super::held::{Held, Noted, Reach, stopped};
use crate::commands::inbox::unusable;
use crate::commands::outbox::{StoreFile, or_exit};
use crate::commands::stop_signal;
use crate::exit::Exit;
use crate::global;
use crate::settings::AccountSettings;
use crate::show::line::Line;
use crate::show::output::{note, say};

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
    #[arg(long, value_name = "N", default_value_t = 80, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    rate: u32,
    /// How many users a day it may begin a conversation with
    #[arg(long, value_name = "USERS", value_parser = clap::value_parser!(u32).range(1..))]
    daily_limit: Option<u32>,
    /// Keep waiting where only a person can lift a pause, such as that of a wrong key, in place of ending
    #[arg(long)]
    wait: bool,
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
        let (client, reach) = self.client()?;
        let found = store.campaign(&self.name).await.map_err(Exit::failed)?;
        let made = found.ok_or_else(|| Exit::bad_input("there is no campaign of this name"))?;
        // No outbox of another number would ever send it.
        let sender = client.account().sender();
        if made.sender != sender.as_str() {
            return Err(Exit::bad_input(format!(
                "this campaign was made for the number {}, and the account's is {}; set KALEYRA_SENDER or --sender to \
                 the campaign's number, or make the campaign anew for this one",
                made.sender,
                sender.as_str()
            )));
        }
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
        let mut held = Held::new(reach, self.daily_limit);
        let mut stop = std::pin::pin!(stop_signal());
        let mut pause = None;
        let is_stopped = loop {
            let status = or_exit(campaign.status().await)?;
            bar.set_position(status.recipients() - status.open());
            if status.state != CampaignState::Running {
                break false;
            }
            pause = held.look((&outbox, &store), &status, &bar).await?;
            if pause.is_some() && !self.wait {
                break false;
            }
            tokio::select! {
                () = &mut stop => break true,
                () = tokio::time::sleep(LOOK) => {}
            }
        };
        bar.finish_and_clear();
        outbox.shutdown(PATIENCE).await;
        let status = or_exit(campaign.status().await)?;
        store.close().await;
        if is_stopped {
            show(&status, json)?;
            return Err(Exit::found("stopped: run it again, and it goes on"));
        }
        // A number's pause, or one of the campaign's own.
        let why = pause.map(|pause| pause.why);
        let own = || {
            status
                .why
                .clone()
                .filter(|_| status.state == CampaignState::Paused)
        };
        if let Some(why) = why.or_else(own) {
            return ended(&status, stopped(&why, &status.name), json);
        }
        show(&status, json)?;
        if status.state != CampaignState::Done {
            return Err(Exit::found(format!("it is {}", status.state)));
        }
        in_doubt(&status)
    }

    /// A client that notes whether the server can be reached.
    fn client(&self) -> Result<(Client, Reach), Exit> {
        let transport = ReqwestTransport::builder()
            .timeout(global::settings().timeout())
            .build()
            .map_err(Exit::failed)?;
        let reach = Reach::default();
        let noted = Noted {
            inner: transport,
            reach: reach.clone(),
        };
        Ok((
            Client::with_transport(self.account.account()?, noted),
            reach,
        ))
    }
}

/// Shows how far it came, and why it goes no further: with JSON in one document.
fn ended(status: &CampaignRecord, exit: Exit, json: bool) -> Result<(), Exit> {
    if !json {
        show(status, json)?;
        return Err(exit);
    }
    let mut value = as_json(status);
    value["error"] = json!(exit.failure());
    say(Line::json(&value).map_err(Exit::failed)?)?;
    Err(exit.quiet())
}
