//! What is queued goes out once, in its order, and is known afterwards.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use kaleyra_wa_client::types::inbound::Callback;
use kaleyra_wa_client::types::outbound::template::Template;
use kaleyra_wa_inbox::Inbox;
use kaleyra_wa_outbox::{Once, Outbox, OutboxError, Purpose, SendState, Wish};
use kaleyra_wa_webhook::{HandlerError, IncomingEvent, ReceivedCallback, Router, Sink, handler_fn};

use crate::support::{
    Folder, SOON, USER, client, client_of_nothing, outbox, reaches, simulator, store,
};

fn status(reference: &str, status: &str) -> Callback {
    let body = format!(
        r#"{{"meta_object":{{"field":"messages","value":{{"statuses":[{{"id":"wamid.A","status":"{status}",
            "timestamp":"1722863329","recipient_id":"919800000001"}}]}}}},"extra_info":{{"ref":"{reference}"}}}}"#
    );
    Callback::from_slice(body.as_bytes()).unwrap()
}

fn wrote(id: &str) -> ReceivedCallback {
    let now = SystemTime::now();
    let seconds = now
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let body = format!(
        r#"{{"meta_object":{{"field":"messages","value":{{"metadata":{{"display_phone_number":"918000000001"}},
            "messages":[{{"from":"919800000001","id":"{id}","timestamp":"{seconds}","type":"text",
            "text":{{"body":"Hi"}}}}]}}}}}}"#
    );
    ReceivedCallback::from_raw(body.into(), now).unwrap()
}

#[tokio::test]
async fn a_message_goes_out_once_for_its_key_and_is_tracked() {
    let (sim, folder) = (simulator().await, Folder::new());
    let outbox = outbox(&sim, &folder).await;
    let queue = |text: &'static str| outbox.enqueue("order-17", USER, text);
    assert!(queue("On its way.").await.unwrap().is_new);
    assert!(!queue("On its way.").await.unwrap().is_new);
    let conflict = queue("Something else.").await.unwrap_err();
    assert!(matches!(conflict, OutboxError::KeyConflict));
    reaches(&outbox, "order-17", SendState::Accepted).await;
    assert!(!queue("On its way.").await.unwrap().is_new);
    outbox.observe(&status("order-17", "read")).await.unwrap();

    let order = outbox.track("order-17").await.unwrap().unwrap();
    assert_eq!(order.state(), "read");
    assert_eq!(order.text().as_deref(), Some("On its way."));
    assert_eq!(order.advice(), None);
    let send = order.send().unwrap();
    assert!(send.flown_at.is_some() && send.message_id.is_some());
    assert_eq!(send.http, Some(202));
    assert!(outbox.track("order-18").await.unwrap().is_none());
    assert!(outbox.shutdown(SOON).await);
    assert_eq!(sim.accepted().len(), 1);
    assert_eq!(
        sim.accepted()[0].references.reference.as_deref(),
        Some("order-17")
    );
}

#[tokio::test]
async fn what_can_not_be_sent_is_not_queued() {
    let folder = Folder::new();
    let outbox = Outbox::builder(client_of_nothing(), store(&folder)).build();
    let invalid = outbox
        .enqueue("a", USER, "x".repeat(4_097))
        .await
        .unwrap_err();
    assert!(matches!(&invalid, OutboxError::Invalid(violations) if violations.len() == 1));
    let nobody = outbox.enqueue("a", "98000", "x").await.unwrap_err();
    assert!(matches!(nobody, OutboxError::NoRecipient(_)));
    for key in [String::new(), "k".repeat(401)] {
        let refused = outbox.enqueue(key, USER, "x").await.unwrap_err();
        assert!(matches!(refused, OutboxError::InvalidKey));
    }
    assert!(outbox.stats().await.unwrap().states.is_empty());
}

#[tokio::test]
async fn one_conversation_keeps_its_order_while_others_go_on() {
    let (sim, folder) = (simulator().await, Folder::new());
    let outbox = outbox(&sim, &folder).await;
    for number in 0..20 {
        for user in 1..=3 {
            let key = format!("{user}-{number:02}");
            let to = format!("+91980000000{user}");
            outbox.enqueue(&key, to, key.as_str()).await.unwrap();
        }
    }
    sim.wait_for_accepted(60, SOON).await.unwrap();
    for user in 1..=3 {
        let prefix = format!("{user}-");
        let sent: Vec<String> = sim
            .accepted()
            .iter()
            .filter_map(|it| Some(it.references.reference.as_deref()?.to_owned()))
            .filter(|it| it.starts_with(&prefix))
            .collect();
        let expected: Vec<String> = (0..20)
            .map(|number| format!("{user}-{number:02}"))
            .collect();
        assert_eq!(sent, expected);
    }
    outbox.shutdown(SOON).await;
}

#[tokio::test]
async fn a_message_waits_for_its_time_and_for_the_one_before_it() {
    let (sim, folder) = (simulator().await, Folder::new());
    let outbox = outbox(&sim, &folder).await;
    let later = SystemTime::now() + Duration::from_millis(300);
    outbox
        .enqueue("later", USER, "later")
        .not_before(later)
        .await
        .unwrap();
    let next = outbox.enqueue("b", USER, "then");
    outbox
        .enqueue("a", USER, "first")
        .then(Once::Delivered, next)
        .await
        .unwrap();
    reaches(&outbox, "later", SendState::Accepted).await;
    let references = |sim: &kaleyra_wa_sim::Simulator| -> Vec<String> {
        sim.accepted()
            .iter()
            .filter_map(|it| Some(it.references.reference.as_deref()?.to_owned()))
            .collect()
    };
    assert_eq!(references(&sim), ["a", "later"]);
    outbox.observe(&status("a", "delivered")).await.unwrap();
    reaches(&outbox, "b", SendState::Accepted).await;
    outbox.shutdown(SOON).await;
}

#[tokio::test]
async fn a_template_goes_out_where_the_window_is_closed() {
    let (sim, folder) = (simulator().await, Folder::new());
    let outbox = Outbox::start(client(&sim.base_url()), store(&folder))
        .await
        .unwrap();
    let template = || Template::new("order_shipped", "en").body(["17"]);
    outbox
        .enqueue("a", USER, "free")
        .or_template(template())
        .await
        .unwrap();
    outbox.enqueue("b", "+919800000002", "free").await.unwrap();
    reaches(&outbox, "a", SendState::Accepted).await;
    reaches(&outbox, "b", SendState::Skipped).await;
    let body = wrote("wamid.1");
    outbox.observe(&body.callback).await.unwrap();
    assert!(
        outbox
            .conversation(USER)
            .await
            .unwrap()
            .open_until()
            .is_some()
    );
    outbox
        .enqueue("c", USER, "free")
        .or_template(template())
        .await
        .unwrap();
    reaches(&outbox, "c", SendState::Accepted).await;
    let texts: Vec<_> = [outbox.track("a").await, outbox.track("c").await]
        .into_iter()
        .map(|it| it.unwrap().unwrap().text().unwrap())
        .collect();
    assert_eq!(texts, ["[template] order_shipped 17", "free"]);
    let kinds: Vec<_> = sim
        .accepted()
        .iter()
        .map(|it| it.request["messaging_object"]["type"].clone())
        .collect();
    assert_eq!(kinds, ["template", "text"]);
    outbox.shutdown(SOON).await;
}

#[tokio::test]
async fn who_opted_out_gets_no_marketing_and_everything_else() {
    let (sim, folder) = (simulator().await, Folder::new());
    let outbox = outbox(&sim, &folder).await;
    outbox.opt_out(USER, Purpose::Marketing).await.unwrap();
    let offer = Template::new("offer", "en");
    outbox
        .enqueue("offer", USER, offer.clone())
        .purpose(Purpose::Marketing)
        .await
        .unwrap();
    outbox
        .enqueue("invoice", USER, Template::new("invoice", "en"))
        .await
        .unwrap();
    reaches(&outbox, "offer", SendState::Skipped).await;
    reaches(&outbox, "invoice", SendState::Accepted).await;
    outbox.opt_in(USER, Purpose::Marketing).await.unwrap();
    outbox
        .enqueue("offer-2", USER, offer)
        .purpose(Purpose::Marketing)
        .await
        .unwrap();
    reaches(&outbox, "offer-2", SendState::Accepted).await;
    outbox.shutdown(SOON).await;
}

#[tokio::test]
async fn people_cancel_and_send_again() {
    let (sim, folder) = (simulator().await, Folder::new());
    let outbox = outbox(&sim, &folder).await;
    let hour = SystemTime::now() + Duration::from_secs(3_600);
    let later = outbox
        .enqueue("later", USER, "x")
        .not_before(hour)
        .await
        .unwrap();
    let id = later.id.unwrap();
    assert_eq!(outbox.cancel(id).await.unwrap(), Wish::Done(id));
    assert_eq!(
        outbox.cancel(id).await.unwrap(),
        Wish::Refused(SendState::Cancelled)
    );
    assert!(matches!(outbox.resend(id).await.unwrap(), Wish::Done(copy) if copy != id));
    reaches(&outbox, "later#2", SendState::Accepted).await;
    outbox.shutdown(SOON).await;
}

#[tokio::test]
async fn a_reply_commits_with_the_event_and_is_sent_once_however_often_it_is_handled() {
    let (sim, folder) = (simulator().await, Folder::new());
    let store = store(&folder);
    let outbox = Outbox::start(client(&sim.base_url()), store.clone())
        .await
        .unwrap();
    let bot = Router::new(outbox.clone()).on_text(async |bot, text| {
        bot.state
            .reply(&bot.event, format!("You said: {}", text.body))
            .await?;
        if bot.event.attempt() == 1 {
            return Err(HandlerError::from("not yet"));
        }
        Ok(())
    });
    let inbox = Inbox::builder(bot)
        .backoff(Duration::from_millis(5), Duration::from_millis(5))
        .start(store)
        .await
        .unwrap();
    inbox.accept(wrote("wamid.1")).await.unwrap();
    let sent = sim.wait_for_accepted(1, SOON).await.unwrap();
    assert_eq!(
        sent[0].request["messaging_object"]["text"]["body"],
        "You said: Hi"
    );
    assert_eq!(
        sent[0].request["messaging_object"]["context"]["message_id"],
        "wamid.1"
    );
    inbox.accept(wrote("wamid.1")).await.unwrap();
    inbox.shutdown(SOON).await;
    outbox.shutdown(SOON).await;
    assert_eq!(sim.accepted().len(), 1);
}

#[tokio::test]
async fn without_an_inbox_the_same_attempt_queues_the_same_replies() {
    let (sim, folder) = (simulator().await, Folder::new());
    let outbox = Outbox::start(client(&sim.base_url()), store(&folder))
        .await
        .unwrap();
    let handler = {
        let outbox = outbox.clone();
        move |event: IncomingEvent| {
            let outbox = outbox.clone();
            async move {
                outbox.reply(&event, "one").await?;
                outbox.reply(&event, "two").await?;
                outbox.reply(&event, "three").key("last").await?;
                Ok::<(), HandlerError>(())
            }
        }
    };
    let handler = Arc::new(handler_fn(handler));
    let event = IncomingEvent::all(wrote("wamid.1")).remove(0);
    for attempt in 1..=3 {
        let event = event.clone().at_attempt(attempt);
        kaleyra_wa_webhook::Handler::handle(&*handler, event)
            .await
            .unwrap();
    }
    sim.wait_for_accepted(3, SOON).await.unwrap();
    outbox.shutdown(SOON).await;
    let texts: Vec<_> = sim
        .accepted()
        .iter()
        .map(|it| it.request["messaging_object"]["text"]["body"].clone())
        .collect();
    assert_eq!(texts, ["one", "two", "three"]);
}
