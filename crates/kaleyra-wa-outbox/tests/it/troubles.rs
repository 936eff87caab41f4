//! A limit or a trouble of the account stops the sender, and burns no recipient.

use std::time::Duration;

use kaleyra_wa_client::types::response::ApiFailure;
use kaleyra_wa_outbox::{Adoption, Change, Outbox, SendState};
use kaleyra_wa_sim::Fault;
use kaleyra_wa_store::inbox::InboxStore as _;

use crate::support::{Folder, SOON, USER, client, open, outbox, reaches, simulator, store};

async fn paused(outbox: &Outbox) -> String {
    for _ in 0..2_000 {
        if let Some(pause) = outbox.paused().await.unwrap() {
            return pause.why;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("nothing was paused");
}

#[tokio::test]
async fn trouble_of_the_account_pauses_and_costs_nobody_their_message() {
    for (failure, words) in [
        (ApiFailure::LowBalance, "E110"),
        (ApiFailure::IncorrectCredentials, "RBC001"),
        (ApiFailure::SenderNotInAccount, "WA401"),
    ] {
        let (sim, folder) = (simulator().await, Folder::new());
        sim.fail_all(Fault::Documented(failure));
        let outbox = outbox(&sim, &folder).await;
        let mut changes = outbox.changes();
        for user in 0..30 {
            let to = format!("+9198000000{user:02}");
            outbox.enqueue(format!("k{user}"), to, "x").await.unwrap();
        }
        assert!(paused(&outbox).await.starts_with(words));
        let told = async {
            loop {
                if let Some(Change::SenderPaused { why, until }) = changes.next().await {
                    return (why, until);
                }
            }
        };
        let (why, until) = tokio::time::timeout(SOON, told).await.unwrap();
        assert!(why.starts_with(words));
        assert_eq!(until, None);
        sim.heal();
        assert!(outbox.resume().await.unwrap());
        sim.wait_for_accepted(30, SOON).await.unwrap();
        for user in 0..30 {
            reaches(&outbox, &format!("k{user}"), SendState::Accepted).await;
        }
        outbox.shutdown(SOON).await;
        assert_eq!(sim.accepted().len(), 30);
    }
}

#[tokio::test]
async fn too_many_requests_in_a_row_pause_and_are_tried_again_when_the_server_says() {
    let (sim, folder) = (simulator().await, Folder::new());
    let outbox = Outbox::builder(client(&sim.base_url()), store(&folder))
        .rate(10_000)
        .attempts(1) // a limit is no refusal of the message
        .assume_open_window()
        .start()
        .await
        .unwrap();
    sim.fail_all(Fault::TooManyRequests);
    for number in 0..5 {
        let to = format!("+91980000001{number}");
        outbox.enqueue(format!("b{number}"), to, "x").await.unwrap();
    }
    assert!(paused(&outbox).await.starts_with("429"));
    let stats = outbox.stats().await.unwrap();
    assert_eq!(stats.count(SendState::Rejected), 0);
    outbox.shutdown(SOON).await;
    // The server asked for 300 s.
    let track = outbox.track("b0").await.unwrap().unwrap();
    let send = track.send().unwrap();
    let wait = send.next_at.unwrap().since(send.flown_at.unwrap());
    assert!((1, send.state) == (send.attempt, SendState::Queued) && wait.as_secs() >= 299);
}

#[tokio::test]
async fn while_the_server_can_not_be_reached_nothing_is_given_up() {
    let folder = Folder::new();
    // A port that nobody listens at.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let outbox = Outbox::builder(client(&format!("http://{address}")), store(&folder))
        .rate(10_000)
        .assume_open_window()
        .attempts(1)
        .backoff(Duration::from_millis(5), Duration::from_millis(50))
        .start()
        .await
        .unwrap();
    for number in 0..9 {
        let to = format!("+91980000001{number}");
        outbox.enqueue(format!("k{number}"), to, "x").await.unwrap();
    }
    let tried = async {
        while outbox
            .track("k0")
            .await
            .unwrap()
            .unwrap()
            .send()
            .unwrap()
            .attempt
            == 0
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(SOON, tried).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    outbox.shutdown(SOON).await;
    let stats = outbox.stats().await.unwrap();
    assert_eq!(stats.count(SendState::Queued), 9);
}

#[tokio::test]
async fn a_server_whose_responses_prove_nothing_gets_one_message_at_a_time() {
    const MESSAGES: u32 = 60;
    let (sim, folder) = (simulator().await, Folder::new());
    let outbox = Outbox::builder(client(&sim.base_url()), store(&folder))
        .rate(10_000)
        .in_flight(4)
        .backoff(Duration::from_millis(200), Duration::from_millis(400))
        .assume_open_window()
        .start()
        .await
        .unwrap();
    sim.fail_all(Fault::Documented(ApiFailure::Internal));
    for number in 0..MESSAGES {
        let to = format!("+9198000000{number:02}");
        outbox.enqueue(format!("k{number}"), to, "x").await.unwrap();
    }
    assert!(paused(&outbox).await.contains("don't tell"));
    sim.heal();
    let settled = async {
        while outbox.stats().await.unwrap().count(SendState::Queued) > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, settled).await.unwrap();
    outbox.shutdown(SOON).await;
    let stats = outbox.stats().await.unwrap();
    let uncertain = stats.count(SendState::Uncertain);
    // Those in flight when it began to show, and one for each look after that.
    assert!((3..=16).contains(&uncertain), "{uncertain}");
    let accepted = stats.count(SendState::Accepted);
    assert_eq!(accepted + uncertain, u64::from(MESSAGES));
}

#[tokio::test]
async fn trouble_that_a_callback_tells_pauses_the_number() {
    for (code, ends_by_itself) in [("131048", true), ("WAV2101", true), ("131042", false)] {
        let (sim, folder) = (simulator().await, Folder::new());
        let outbox = outbox(&sim, &folder).await;
        outbox.enqueue("a", USER, "x").await.unwrap();
        reaches(&outbox, "a", SendState::Accepted).await;
        let now = std::time::SystemTime::now();
        let now = now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        let body = format!(
            r#"{{"meta_object":{{"field":"messages","value":{{"statuses":[{{"id":"wamid.A","status":"failed",
                "timestamp":"{now}","recipient_id":"919800000001","errors":[{{"code":"{code}"}}]}}]}}}},
                "extra_info":{{"ref":"a"}}}}"#
        );
        let callback = kaleyra_wa_client::types::inbound::Callback::from_slice(body.as_bytes());
        outbox.observe(&callback.unwrap()).await.unwrap();
        assert!(paused(&outbox).await.starts_with(code));
        let pause = outbox.paused().await.unwrap().unwrap();
        assert_eq!(pause.until.is_some(), ends_by_itself, "{code}");
        outbox.enqueue("b", USER, "y").await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(sim.accepted().len(), 1);
        assert!(outbox.resume().await.unwrap());
        reaches(&outbox, "b", SendState::Accepted).await;
        outbox.shutdown(SOON).await;
    }
}

#[tokio::test]
async fn a_failure_that_proves_nothing_is_settled_by_its_callback() {
    let (sim, folder) = (simulator().await, Folder::new());
    let outbox = outbox(&sim, &folder).await;
    sim.fail_next(Fault::Documented(ApiFailure::Internal));
    outbox.enqueue("a", USER, "x").await.unwrap();
    reaches(&outbox, "a", SendState::Uncertain).await;
    outbox.enqueue("b", USER, "y").await.unwrap();
    reaches(&outbox, "b", SendState::Accepted).await;
    let advice = outbox.track("a").await.unwrap().unwrap().advice().unwrap();
    assert!(advice.contains("WA500"), "{advice}");
    let body = r#"{"meta_object":{"field":"messages","value":{"statuses":[{"id":"wamid.A","status":"sent",
        "timestamp":"1722863329","recipient_id":"919800000001"}]}},"extra_info":{"ref":"a"}}"#;
    let callback = kaleyra_wa_client::types::inbound::Callback::from_slice(body.as_bytes());
    outbox.observe(&callback.unwrap()).await.unwrap();
    reaches(&outbox, "a", SendState::Accepted).await;
    outbox.shutdown(SOON).await;
    assert_eq!(sim.accepted().len(), 1);
}

#[tokio::test]
async fn a_restored_backup_sends_nothing_before_it_is_adopted() {
    for (adoption, sent) in [(Adoption::Uncertain, 0), (Adoption::Queued, 1)] {
        let (sim, folder) = (simulator().await, Folder::new());
        let first = store(&folder);
        let outbox = Outbox::builder(client(&sim.base_url()), first.clone())
            .assume_open_window()
            .build();
        outbox.enqueue("a", USER, "x").await.unwrap();
        let copy = folder.file("copy.db");
        first.backup(&copy).await.unwrap();
        first.close().await;
        let restored = Outbox::builder(client(&sim.base_url()), open(&copy))
            .assume_open_window()
            .start()
            .await
            .unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(restored.stats().await.unwrap().is_restored);
        assert_eq!(sim.accepted().len(), 0);
        restored.adopt(adoption).await.unwrap();
        let state = match adoption {
            Adoption::Queued => SendState::Accepted,
            _ => SendState::Uncertain,
        };
        reaches(&restored, "a", state).await;
        assert!(!restored.stats().await.unwrap().is_restored);
        restored.shutdown(SOON).await;
        assert_eq!(sim.accepted().len(), sent);
    }
}
