//! A process that is killed at any moment, again and again, while it sends a campaign: nobody is left out, nobody gets it
//! twice, and what is uncertain is no more than what was in flight.
//!
//! The process is this test binary again, which then runs [`sends_until_it_is_killed`] alone. `KWA_KILLS` says how often it is
//! killed; `cargo xtask prove kill` makes it 1,000.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use kaleyra_wa_client::types::outbound::template::Template;
use kaleyra_wa_outbox::{Outbox, Recipients, SendState};
use kaleyra_wa_store::campaign::{CampaignState, CampaignStore};
use kaleyra_wa_store::outbox::{OutboxStore, SendQuery};
use kaleyra_wa_store::{SqliteStore, outbox::SendRecord};

use crate::server::Server;
use crate::support::{Folder, client, open};

const FOLDER: &str = "KWA_TEST_FOLDER";
const SERVER: &str = "KWA_TEST_SERVER";
const RATE: &str = "KWA_TEST_RATE";
const IN_FLIGHT: usize = 8;

/// The child: goes on with the campaign where it was, and ends when it is done.
#[test]
fn sends_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let url = std::env::var(SERVER).unwrap();
    let rate = std::env::var(RATE).unwrap().parse().unwrap();
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let outbox = Outbox::builder(client(&url), open(&folder.join("outbox.db")))
            .rate(rate)
            .in_flight(IN_FLIGHT)
            .start()
            .await
            .unwrap();
        let campaign = outbox.campaign("spring").await.unwrap().unwrap();
        if campaign.record().state != CampaignState::Done {
            campaign.run().await.unwrap();
        }
        while campaign.status().await.unwrap().state != CampaignState::Done {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(outbox.shutdown(Duration::from_secs(10)).await);
    });
}

pub(crate) fn child(test: &str, folder: &Folder, server: &Server) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]);
    command.env(FOLDER, folder.file("."));
    command.env(SERVER, &server.url);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn start(folder: &Folder, server: &Server, rate: u32) -> Child {
    let mut command = child("kills::sends_until_it_is_killed", folder, server);
    command.env(RATE, rate.to_string()).spawn().unwrap()
}

pub(crate) async fn all(store: &SqliteStore) -> Vec<SendRecord> {
    let mut found: Vec<SendRecord> = Vec::new();
    loop {
        let after = found.last().map(|send| send.id).unwrap_or_default();
        let page = store.sends(SendQuery::new().after(after)).await.unwrap();
        if page.is_empty() {
            return found;
        }
        found.extend(page);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_reaches_everybody_once_through_any_number_of_kills() {
    let kills: u32 = std::env::var("KWA_KILLS").map_or(50, |text| text.parse().unwrap());
    let recipients = 30 * kills.max(20);
    let (server, folder) = (Server::start(), Folder::new());
    let mut csv = String::from("to,name\n");
    for number in 0..recipients {
        csv.push_str(&format!("+9198{number:08},Name {number}\n"));
    }
    // What a kill leaves of an import is tried elsewhere: here it is the sending that has to be hit.
    let store = open(&folder.file("outbox.db"));
    let outbox = Outbox::builder(client(&server.url), store.clone()).build();
    let template = Template::new("offer", "en").body(["{{name}}"]);
    let new = outbox.new_campaign("spring");
    new.import(template, Recipients::csv(csv)).await.unwrap();
    store.close().await;

    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut killed = 0;
    while killed < kills {
        let mut child = start(&folder, &server, 400);
        // Any moment counts: while it starts, and while it sends.
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        thread::sleep(Duration::from_millis(20 + seed % 180));
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "the child failed by itself: {status}");
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        killed += 1;
    }
    let sent_meanwhile = server.copies().len();
    assert!(sent_meanwhile > 0, "no kill hit the sending");
    let mut child = start(&folder, &server, 100_000);
    let (mut sent, mut since) = (0, Instant::now());
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        let now_sent = server.copies().len();
        if now_sent > sent {
            (sent, since) = (now_sent, Instant::now());
        }
        let still = since.elapsed();
        assert!(still < Duration::from_secs(60), "it stands still");
        thread::sleep(Duration::from_millis(50));
    };
    assert!(status.success());

    let store = open(&folder.file("outbox.db"));
    let copies = server.copies();
    let doubles = copies.values().filter(|copies| **copies > 1).count();
    assert_eq!(doubles, 0, "some got it twice");
    let sends = all(&store).await;
    assert_eq!(sends.len(), recipients as usize, "a recipient was lost");
    let mut uncertain = 0;
    for send in &sends {
        let arrived = copies.contains_key(&send.reference);
        match send.state {
            SendState::Accepted => assert!(arrived, "accepted, and never sent"),
            SendState::Uncertain => uncertain += 1,
            state => panic!("a recipient is left {state}"),
        }
    }
    assert!(
        uncertain <= killed as usize * IN_FLIGHT,
        "{uncertain} are uncertain after {killed} kills"
    );
    let campaign = store.campaign("spring").await.unwrap().unwrap();
    assert_eq!(campaign.count(SendState::Uncertain), uncertain as u64);
    assert_eq!(campaign.recipients(), u64::from(recipients));
    println!(
        "{killed} kills, {sent_meanwhile} sent between them, {} in all, {doubles} twice, {uncertain} uncertain",
        copies.len()
    );
}
