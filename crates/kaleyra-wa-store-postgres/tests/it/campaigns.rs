//! Campaigns, from the import to the end.

use kaleyra_wa_store::campaign::{
    BadLine, CampaignRow, CampaignState, CampaignStore, NewCampaign, Source,
};
use kaleyra_wa_store::outbox::{Landing, OutboxStore, Purpose, SendState, Takeoff};
use kaleyra_wa_store_postgres::PostgresStore;

use crate::sample::SENDER;
use crate::server::Server;

fn row(line: u64, conversation: &str) -> CampaignRow {
    CampaignRow {
        line,
        recipient: format!("+{conversation}"),
        conversation: conversation.to_owned(),
        params: "[]".to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_campaign_reaches_everybody_once() {
    let Some(server) = Server::start() else {
        return;
    };
    let store = PostgresStore::connect(&server.url()).await.unwrap();
    let new = NewCampaign {
        name: "offers".to_owned(),
        token: "c1".to_owned(),
        sender: SENDER.to_owned(),
        template: "{}".to_owned(),
        purpose: Purpose::Marketing,
        rate: Some(10),
        quiet: None,
        expires_at: None,
        source: Some(Source {
            name: "list.csv".to_owned(),
            sha256: [7; 32],
        }),
    };
    let made = store.create_campaign(new.clone()).await.unwrap();
    assert_eq!(store.create_campaign(new).await.unwrap().id, made.id);
    let id = made.id;
    let rows = vec![row(1, "1"), row(2, "2"), row(4, "1")];
    let bad = vec![BadLine::new(3, "no number")];
    let imported = store.import(id, 0, 4, rows, bad).await.unwrap();
    assert_eq!((imported.added, imported.duplicates), (2, 1));
    // Another import was faster.
    assert!(
        store
            .import(id, 0, 4, vec![row(1, "9")], Vec::new())
            .await
            .is_err()
    );
    let bad = store.bad_lines(id, 0, 10).await.unwrap();
    assert_eq!(bad.iter().map(|it| it.line).collect::<Vec<_>>(), [3, 4]);

    let move_to = async |from, to| store.move_campaign(id, &[from], to, None).await.unwrap();
    assert!(move_to(CampaignState::Importing, CampaignState::Ready).await);
    assert!(!move_to(CampaignState::Importing, CampaignState::Ready).await);
    let takeoff = Takeoff::new(SENDER, 9).campaign(id);
    assert!(store.fly(takeoff.clone()).await.unwrap().flights.is_empty());
    assert!(move_to(CampaignState::Ready, CampaignState::Running).await);
    let flown = store.fly(takeoff).await.unwrap();
    assert_eq!(flown.flights.len(), 2);
    for flight in &flown.flights {
        let landing = Landing::Accepted {
            http: Some(202),
            message_id: None,
        };
        assert!(
            store
                .land(flight.id, flight.attempt, landing)
                .await
                .unwrap()
        );
    }
    store.settle_campaign(id, 100).await.unwrap();
    let record = store.campaign("offers").await.unwrap().unwrap();
    assert_eq!(record.state, CampaignState::Done);
    assert_eq!((record.count(SendState::Accepted), record.open()), (2, 0));
    assert_eq!((record.bad, record.source_rows), (2, 4));
    assert_eq!(record.source.unwrap().sha256, [7; 32]);
}
