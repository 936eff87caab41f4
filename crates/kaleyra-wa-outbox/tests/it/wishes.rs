//! What users want is learned from whatever tells it: WhatsApp's switch, failures, Kaleyra's status, a response, a handler.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use kaleyra_wa_client::types::inbound::Callback;
use kaleyra_wa_client::types::outbound::template::Template;
use kaleyra_wa_outbox::{Outbox, Purpose, SendState};

use crate::server::Server;
use crate::support::{Folder, SOON, USER, client, reaches, store};

async fn outbox(server: &Server, folder: &Folder) -> Outbox {
    Outbox::builder(client(&server.url), store(folder))
        .rate(10_000)
        .start()
        .await
        .unwrap()
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap().as_secs()
}

async fn tell(outbox: &Outbox, body: &str) {
    let callback = Callback::from_slice(body.as_bytes()).unwrap();
    outbox.observe(&callback).await.unwrap();
}

fn preference(value: &str, at: u64) -> String {
    format!(
        r#"{{"meta_object":{{"field":"user_preferences","value":{{"messaging_product":"whatsapp",
            "metadata":{{"display_phone_number":"+91 80000 00001","phone_number_id":"1"}},
            "user_preferences":[{{"wa_id":"919800000001","detail":"…","category":"marketing_messages","value":"{value}",
            "timestamp":{at}}}]}}}}}}"#
    )
}

/// Queues an offer and an invoice, and gives what became of the offer; the invoice always goes out.
async fn offer(outbox: &Outbox, key: &str) -> SendState {
    let offer = outbox.enqueue(format!("{key}/offer"), USER, Template::new("offer", "en"));
    offer.purpose(Purpose::Marketing).await.unwrap();
    let invoice = format!("{key}/invoice");
    let template = Template::new("invoice", "en");
    outbox.enqueue(&invoice, USER, template).await.unwrap();
    reaches(outbox, &invoice, SendState::Accepted).await;
    let offer = format!("{key}/offer");
    for _ in 0..2_000 {
        let track = outbox.track(&offer).await.unwrap().unwrap();
        let send = track.send().unwrap();
        if matches!(send.state, SendState::Accepted | SendState::Skipped) {
            let is_told = send
                .reason
                .as_deref()
                .is_some_and(|it| it.contains("opted out"));
            assert_eq!(is_told, send.state == SendState::Skipped, "{key}");
            return send.state;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("{key}: nothing became of the offer");
}

#[tokio::test]
async fn a_user_s_own_switch_counts_by_what_was_said_last() {
    let (server, folder) = (Server::start(), Folder::new());
    let outbox = outbox(&server, &folder).await;
    let at = now() - 100;
    assert_eq!(offer(&outbox, "before").await, SendState::Accepted);
    tell(&outbox, &preference("stop", at)).await;
    assert_eq!(offer(&outbox, "stopped").await, SendState::Skipped);
    // It was said earlier, and came later.
    tell(&outbox, &preference("resume", at - 10)).await;
    assert_eq!(offer(&outbox, "late").await, SendState::Skipped);
    tell(&outbox, &preference("resume", at + 10)).await;
    assert_eq!(offer(&outbox, "resumed").await, SendState::Accepted);
    outbox.shutdown(SOON).await;
}

#[tokio::test]
async fn a_failure_that_says_it_opts_out() {
    let (server, folder) = (Server::start(), Folder::new());
    let outbox = outbox(&server, &folder).await;
    assert_eq!(offer(&outbox, "a").await, SendState::Accepted);
    let at = now();
    let failed = format!(
        r#"{{"meta_object":{{"field":"messages","value":{{"metadata":{{"display_phone_number":"918000000001"}},
            "statuses":[{{"id":"wamid.A","status":"failed","timestamp":"{at}","recipient_id":"919800000001",
            "errors":[{{"code":131050,"title":"…"}}]}}]}}}},"extra_info":{{"ref":"a/offer"}}}}"#
    );
    tell(&outbox, &failed).await;
    assert_eq!(offer(&outbox, "b").await, SendState::Skipped);
    let known = outbox.conversation(USER).await.unwrap();
    assert_eq!(known.opt_outs[0].source, "131050");
    outbox.shutdown(SOON).await;
}

#[tokio::test]
async fn kaleyra_s_status_opts_out_whom_the_message_went_to() {
    let (server, folder) = (Server::start(), Folder::new());
    let outbox = outbox(&server, &folder).await;
    assert_eq!(offer(&outbox, "a").await, SendState::Accepted);
    let not_sent = r#"{"code":"WAV2999","status":"NOT-SENT","reason":"Number Opted-Out","message_id":"AX1",
        "extra_info":{"ref":"a/offer"}}"#;
    tell(&outbox, not_sent).await;
    assert_eq!(offer(&outbox, "b").await, SendState::Skipped);
    let known = outbox.conversation(USER).await.unwrap();
    assert_eq!(known.opt_outs[0].source, "kaleyra");
    outbox.shutdown(SOON).await;
}

#[tokio::test]
async fn a_response_that_says_it_opts_out_and_is_no_other_s_trouble() {
    let (server, folder) = (Server::start(), Folder::new());
    let outbox = outbox(&server, &folder).await;
    server.refuse("131050");
    let first = outbox.enqueue("a", USER, Template::new("offer", "en"));
    first.purpose(Purpose::Marketing).await.unwrap();
    reaches(&outbox, "a", SendState::Rejected).await;
    assert_eq!(offer(&outbox, "b").await, SendState::Skipped);
    assert!(outbox.paused().await.unwrap().is_none());
    outbox.shutdown(SOON).await;
}
