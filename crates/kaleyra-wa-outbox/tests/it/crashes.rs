//! The process ends at each place where that makes a difference: what is on disk, what happens after the restart, and how
//! many copies were on the wire.

use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::time::Duration;

use kaleyra_wa_client::types::inbound::Callback;
use kaleyra_wa_client::types::outbound::template::Template;
use kaleyra_wa_outbox::{Outbox, Recipients, SendState};
use kaleyra_wa_store::campaign::CampaignStore;
use kaleyra_wa_store::outbox::OutboxStore;
use kaleyra_wa_store::tracking::Facts;
use kaleyra_wa_store::{Moment, SqliteStore};

use crate::kills::{all, child};
use crate::server::Server;
use crate::support::{Folder, client, open};

const FOLDER: &str = "KWA_TEST_FOLDER";
const MESSAGES: usize = 10;
const IN_FLIGHT: usize = 2;

/// The child: queues its messages, whether they are there already or not, and ends when each is settled or uncertain.
#[test]
fn queues_and_sends() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let url = std::env::var("KWA_TEST_SERVER").unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(async {
        let outbox = Outbox::builder(client(&url), open(&folder.join("outbox.db")))
            .rate(100_000)
            .in_flight(IN_FLIGHT)
            .assume_open_window()
            .start()
            .await
            .unwrap();
        for number in 0..MESSAGES {
            let to = format!("+91980000000{number}");
            outbox.enqueue(format!("k{number}"), to, "x").await.unwrap();
        }
        loop {
            let stats = outbox.stats().await.unwrap();
            if stats.count(SendState::Queued) + stats.count(SendState::Flying) == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        assert!(outbox.shutdown(Duration::from_secs(10)).await);
    });
}

/// The child: imports a campaign.
#[test]
fn imports() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let url = std::env::var("KWA_TEST_SERVER").unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(async {
        let outbox = Outbox::builder(client(&url), open(&folder.join("outbox.db"))).build();
        let template = Template::new("offer", "en").body(["{{name}}"]);
        let file = Recipients::file(folder.join("recipients.csv"));
        outbox
            .new_campaign("spring")
            .batch(50)
            .import(template, file)
            .await
            .unwrap();
    });
}

/// Runs the child until it ends by itself, after it was killed at a place; whether it was.
fn run(test: &str, folder: &Folder, server: &Server, crash: &str) -> bool {
    let status = child(test, folder, server)
        .env("KWA_CRASH", crash)
        .status()
        .unwrap();
    let was_killed = status.signal() == Some(9);
    assert!(was_killed || status.success(), "{crash}: {status}");
    let status = child(test, folder, server).status().unwrap();
    assert!(status.success(), "after {crash}: {status}");
    was_killed
}

#[tokio::test]
async fn each_place_leaves_what_the_table_says() {
    // The place; how many copies what is uncertain has; whether anything may be uncertain.
    let places = [
        ("outbox.enqueue", None),   // E0
        ("outbox.enqueued", None),  // E1
        ("outbox.chosen", None),    // S1
        ("outbox.flown", Some(0)),  // S2
        ("outbox.land", Some(1)),   // S4
        ("outbox.landed", Some(1)), // S5: another one may be in flight
        ("store.commit", Some(1)),
        ("store.committed", Some(1)),
    ];
    for (place, doubt) in places {
        for times in [1, 2, 7] {
            let crash = format!("{place}:{times}");
            let (server, folder) = (Server::start(), Folder::new());
            let was_killed = run("crashes::queues_and_sends", &folder, &server, &crash);
            assert!(was_killed, "{crash} was never reached");
            let copies = server.copies();
            assert!(
                copies.values().all(|copies| *copies == 1),
                "{crash}: some went out twice"
            );
            let store = open(&folder.file("outbox.db"));
            let sends = all(&store).await;
            assert_eq!(sends.len(), MESSAGES, "{crash}");
            let mut uncertain = 0;
            for send in &sends {
                let arrived = u32::from(copies.contains_key(&send.reference));
                match send.state {
                    SendState::Accepted => assert_eq!(arrived, 1, "{crash}"),
                    SendState::Uncertain => {
                        uncertain += 1;
                        if place == "outbox.flown" {
                            // It may be the other one in flight that was sent.
                            assert!(arrived <= 1, "{crash}");
                        }
                    }
                    state => panic!("{crash}: a message is left {state}"),
                }
            }
            match doubt {
                // What is chosen and not committed is queued; another may be in flight.
                None if place != "outbox.chosen" && !place.starts_with("outbox.enqueue") => {
                    assert_eq!(uncertain, 0, "{crash}");
                }
                _ => assert!(uncertain <= IN_FLIGHT, "{crash}: {uncertain} are uncertain"),
            }
            if place == "outbox.flown" && times == 1 {
                let missing = MESSAGES - copies.len();
                assert!(missing >= 1, "{crash}: it was sent before it was flying");
            }
        }
    }
}

#[tokio::test]
async fn half_a_batch_of_an_import_is_nothing_of_it() {
    for place in ["campaign.import", "campaign.imported", "store.commit"] {
        for times in [1, 2, 7] {
            let crash = format!("{place}:{times}");
            let (server, folder) = (Server::start(), Folder::new());
            let mut csv = String::from("to,name\n");
            for number in 0..380 {
                csv.push_str(&format!("+9198{number:08},Name\n"));
            }
            std::fs::write(folder.file("recipients.csv"), csv).unwrap();
            run("crashes::imports", &folder, &server, &crash);
            let store = open(&folder.file("outbox.db"));
            let campaign = store.campaign("spring").await.unwrap().unwrap();
            let found = (campaign.recipients(), campaign.bad, campaign.source_rows);
            assert_eq!(found, (380, 0, 381), "{crash}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_half_out_is_proven_by_a_callback_before_or_after_the_restart() {
    for callback_first in [true, false] {
        let (server, folder) = (Server::start(), Folder::new());
        server.hold(true);
        let mut running = child("crashes::queues_and_sends", &folder, &server)
            .spawn()
            .unwrap();
        // S3: the requests are out, and no response is back.
        while server.copies().len() < IN_FLIGHT {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let path = folder.file("outbox.db");
        let prove = async |store: &SqliteStore| {
            for reference in server.copies().keys() {
                store.note(sent(reference)).await.unwrap();
            }
        };
        if callback_first {
            // S6: kept before the outcome.
            prove(&SqliteStore::attach(&path).unwrap()).await;
        }
        running.kill().unwrap();
        running.wait().unwrap();
        server.hold(false);
        let first: Vec<String> = server.copies().into_keys().collect();
        let status = child("crashes::queues_and_sends", &folder, &server)
            .status()
            .unwrap();
        assert!(status.success());
        let store = open(&path);
        let expected = if callback_first {
            SendState::Accepted
        } else {
            SendState::Uncertain
        };
        for key in &first {
            let send = store.find_send(key).await.unwrap().unwrap();
            assert_eq!(send.state, expected);
        }
        prove(&store).await;
        for send in all(&store).await {
            assert_eq!(send.state, SendState::Accepted);
        }
        assert_eq!(server.copies().len(), MESSAGES);
        assert!(server.copies().values().all(|copies| *copies == 1));
    }
}

fn sent(reference: &str) -> Facts {
    let body = format!(
        r#"{{"meta_object":{{"field":"messages","value":{{"statuses":[{{"id":"wamid.A","status":"sent",
            "timestamp":"1722863329","recipient_id":"919800000001"}}]}}}},"extra_info":{{"ref":"{reference}"}}}}"#
    );
    let callback = Callback::from_slice(body.as_bytes()).unwrap();
    Facts::of(&callback, Moment::from_millis(1_722_863_330_000))
}
