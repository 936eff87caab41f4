//! A campaign against a simulated Kaleyra: `cargo run -p kaleyra-wa-outbox --example campaign`.
#![allow(clippy::print_stdout, reason = "an example talks to who runs it")]

use std::time::Duration;

use kaleyra_wa_client::{Account, BaseUrl, Client};
use kaleyra_wa_outbox::store::SqliteStore;
use kaleyra_wa_outbox::store::campaign::CampaignState;
use kaleyra_wa_outbox::types::outbound::template::Template;
use kaleyra_wa_outbox::{Outbox, Recipients};
use kaleyra_wa_sim::Simulator;

const CUSTOMERS: &str = "\
to,name
+919800000001,Asha
+919800000002,Ravi
+919800000001,Asha again
98000,Tom
";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (sid, key, sender) = ("HXIN0000000000IN", "A-key", "+918000000001");
    let sim = Simulator::builder(sid, key, sender)
        .bind("127.0.0.1:0")
        .await?;
    let account = Account::new(BaseUrl::parse(&sim.base_url())?, sid, key, sender)?;

    let folder = std::env::temp_dir().join(format!("kaleyra-wa-campaign-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let store = SqliteStore::open(folder.join("shop.db"))?;
    let outbox = Outbox::start(Client::new(account)?, store).await?;

    let template = Template::new("spring_offer", "en").body(["{{name}}", "20 %"]);
    let new = outbox.new_campaign("spring").rate(50);
    let (campaign, import) = new.import(template, Recipients::csv(CUSTOMERS)).await?;
    println!("{} recipients, {} bad lines", import.recipients, import.bad);
    for bad in campaign.bad_lines(0, 100).await? {
        println!("line {}: {}", bad.line, bad.why);
    }

    campaign.run().await?;
    while campaign.status().await?.state == CampaignState::Running {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut report = Vec::new();
    campaign.report(&mut report).await?;
    print!("{}", String::from_utf8_lossy(&report));

    outbox.shutdown(Duration::from_secs(10)).await;
    println!("the simulator accepted {} messages", sim.accepted().len());
    sim.shutdown().await;
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
