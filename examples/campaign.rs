//! Sends a template to everybody in a CSV file, each once: `campaign spring customers.csv`, with the columns `to` and `name`.
//!
//! Interrupt it and start it again: who has got it doesn't get it again, who has not does. The report is printed as CSV.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example talks to who runs it"
)]

use std::env;
use std::error::Error;
use std::io;
use std::time::Duration;

use kaleyra_wa_client::types::outbound::template::Template;
use kaleyra_wa_client::{Account, Client};
use kaleyra_wa_outbox::store::SqliteStore;
use kaleyra_wa_outbox::store::campaign::CampaignState;
use kaleyra_wa_outbox::{Outbox, Recipients};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [name, file] = &arguments[..] else {
        return Err("usage: campaign NAME FILE.csv".into());
    };
    let path = env::var("BOT_DB").unwrap_or_else(|_| "bot.db".to_owned());
    let outbox =
        Outbox::start(Client::new(Account::from_env()?)?, SqliteStore::open(path)?).await?;

    // `{{name}}` is the column of that name.
    let template = Template::new("spring_offer", "en").body(["{{name}}", "20 %"]);
    let new = outbox.new_campaign(name).rate(50);
    let (campaign, import) = new.import(template, Recipients::file(file)).await?;
    eprintln!("{} recipients, {} bad lines", import.recipients, import.bad);
    for bad in campaign.bad_lines(0, 100).await? {
        eprintln!("line {}: {}", bad.line, bad.why);
    }

    if campaign.status().await?.state != CampaignState::Done {
        campaign.run().await?;
    }
    while campaign.status().await?.state == CampaignState::Running {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let status = campaign.status().await?;
    if status.state == CampaignState::Paused {
        eprintln!("it is paused: `kaleyra-wa campaign` says why, and what to do");
    }
    campaign.report(io::stdout()).await?;
    outbox.shutdown(Duration::from_secs(10)).await;
    Ok(())
}
