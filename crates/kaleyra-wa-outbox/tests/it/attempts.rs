//! How often a message is tried, how long, and how much others are held up by that.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use kaleyra_wa_client::types::outbound::template::Template;
use kaleyra_wa_outbox::{Change, Outbox, SendState};
use kaleyra_wa_sim::Fault;
use kaleyra_wa_store::outbox::{OutboxStore as _, SendRecord};
use kaleyra_wa_store::{Clock as _, ManualClock, SqliteOptions};

use crate::server::Server;
use crate::support::{Folder, SENDER, SOON, USER, client, outbox, reaches, simulator, store};

async fn send_of(outbox: &Outbox, key: &str) -> SendRecord {
    let track = outbox.track(key).await.unwrap().unwrap();
    track.send().unwrap().clone()
}

async fn becomes(outbox: &Outbox, key: &str, is_so: impl Fn(&SendRecord) -> bool) {
    let wait = async {
        while !is_so(&send_of(outbox, key).await) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(SOON, wait).await.unwrap();
}

#[tokio::test]
async fn attempts_that_did_not_reach_the_server_are_none_of_those_that_it_may_refuse() {
    let folder = Folder::new();
    // An address that nobody listens at yet.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let outbox = Outbox::builder(client(&format!("http://{address}")), store(&folder))
        .assume_open_window()
        .attempts(3)
        .backoff(Duration::from_millis(5), Duration::from_millis(50))
        .start()
        .await
        .unwrap();
    outbox.enqueue("a", USER, "x").await.unwrap();
    becomes(&outbox, "a", |send| send.attempt >= 5).await;
    let server = Server::start_at(&address, ["131000", "131000"]);
    reaches(&outbox, "a", SendState::Accepted).await;
    let send = send_of(&outbox, "a").await;
    assert!(send.attempt >= 8 && send.refusals == 2, "{send:?}");
    for _ in 0..3 {
        server.refuse("131000");
    }
    outbox.enqueue("b", USER, "y").await.unwrap();
    reaches(&outbox, "b", SendState::Rejected).await;
    let send = send_of(&outbox, "b").await;
    assert_eq!((send.attempt, send.code.as_deref()), (3, Some("131000")));
    outbox.shutdown(SOON).await;
}

#[tokio::test]
async fn trouble_with_its_template_is_a_refusal_of_a_message_of_its_own() {
    let (server, folder) = (Server::start(), Folder::new());
    let outbox = Outbox::builder(client(&server.url), store(&folder))
        .attempts(2)
        .backoff(Duration::from_millis(5), Duration::from_millis(50))
        .start()
        .await
        .unwrap();
    server.refuse("132001");
    server.refuse("132001");
    let template = Template::new("misspelt", "en");
    outbox.enqueue("a", USER, template).await.unwrap();
    reaches(&outbox, "a", SendState::Rejected).await;
    assert!(outbox.paused().await.unwrap().is_none());
    outbox.shutdown(SOON).await;
}

#[tokio::test]
async fn what_only_ever_meets_a_limit_expires_and_that_is_told() {
    for is_own in [false, true] {
        let (sim, folder) = (simulator().await, Folder::new());
        sim.fail_all(Fault::TooManyRequests); // with "again in 300 s"
        let (short, long) = (Duration::from_millis(300), Duration::from_secs(60));
        let outbox = Outbox::builder(client(&sim.base_url()), store(&folder))
            .assume_open_window()
            .expires_in(if is_own { long } else { short })
            .start()
            .await
            .unwrap();
        let mut changes = outbox.changes();
        let mut message = outbox.enqueue("a", USER, "x");
        if is_own {
            message = message.expires_in(short);
        }
        message.await.unwrap();
        let told = async {
            loop {
                if let Some(Change::Send {
                    reference, state, ..
                }) = changes.next().await
                {
                    return (reference, state);
                }
            }
        };
        let told = tokio::time::timeout(SOON, told).await.unwrap();
        assert_eq!(told, ("a".to_owned(), SendState::Expired));
        assert_eq!(send_of(&outbox, "a").await.attempt, 1);
        outbox.shutdown(SOON).await;
    }
}

#[tokio::test]
async fn a_clock_that_is_set_back_a_day_holds_up_nothing_for_a_day() {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    const MINUTE: Duration = Duration::from_secs(60);
    let (server, folder) = (Server::start(), Folder::new());
    let clock = Arc::new(ManualClock::new(SystemTime::now().into()));
    let options = SqliteOptions::new(folder.file("outbox.db")).clock(Arc::clone(&clock));
    let kept = options.open().unwrap();
    let outbox = Outbox::builder(client(&server.url), kept.clone())
        .assume_open_window()
        .backoff(10 * MINUTE, 10 * MINUTE)
        .start()
        .await
        .unwrap();
    // Two wait: one for its next attempt, one for its turn after that.
    server.refuse("131000");
    outbox.enqueue("a", USER, "x").await.unwrap();
    becomes(&outbox, "a", |send| send.refusals == 1).await;
    outbox.enqueue("b", USER, "y").await.unwrap();
    clock.set(clock.now().before(DAY));
    outbox.enqueue("c", "+919800000002", "z").await.unwrap();
    for key in ["a", "b", "c"] {
        reaches(&outbox, key, SendState::Accepted).await;
    }

    let until = Some(clock.now() + 60 * MINUTE);
    kept.pause_sender(SENDER, "131048", until).await.unwrap();
    clock.set(clock.now().before(DAY));
    outbox.enqueue("d", USER, "x").await.unwrap();
    // It is counted from now, once the outbox has seen it.
    let counted_anew = async {
        let latest = Some(clock.now() + 60 * MINUTE);
        while outbox
            .paused()
            .await
            .unwrap()
            .is_some_and(|pause| pause.until > latest)
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(SOON, counted_anew).await.unwrap();
    clock.advance(30 * MINUTE);
    assert!(outbox.paused().await.unwrap().is_some());
    clock.advance(31 * MINUTE);
    outbox.enqueue("e", USER, "x").await.unwrap();
    for key in ["d", "e"] {
        reaches(&outbox, key, SendState::Accepted).await;
    }
    outbox.shutdown(SOON).await;
}

#[tokio::test]
async fn without_a_time_of_its_own_a_message_has_a_week() {
    let (sim, folder) = (simulator().await, Folder::new());
    let outbox = outbox(&sim, &folder).await;
    let later = SystemTime::now() + Duration::from_secs(3_600);
    outbox
        .enqueue("a", USER, "x")
        .not_before(later)
        .await
        .unwrap();
    let send = send_of(&outbox, "a").await;
    let time = send.expires_at.unwrap().since(send.not_before);
    assert_eq!(time, Duration::from_secs(7 * 24 * 60 * 60));
    outbox.shutdown(SOON).await;
}

#[tokio::test]
async fn the_pace_is_kept_while_no_response_comes() {
    const MESSAGES: usize = 40;
    let (server, folder) = (Server::start(), Folder::new());
    server.hold(true);
    let outbox = Outbox::builder(client(&server.url), store(&folder))
        .rate(40) // two at once
        .assume_open_window()
        .start()
        .await
        .unwrap();
    let started = Instant::now();
    for number in 0..MESSAGES {
        let to = format!("+91980000{number:04}");
        outbox.enqueue(format!("k{number}"), to, "x").await.unwrap();
    }
    let all_came = async {
        while server.copies().len() < MESSAGES {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(SOON, all_came).await.unwrap();
    // A second, and not the ten that it takes where room is only looked for when something else happens.
    assert!(started.elapsed() < Duration::from_secs(6));
    server.hold(false);
    outbox.shutdown(SOON).await;
}

#[tokio::test]
async fn a_backlog_of_one_user_holds_up_no_other() {
    let (server, folder) = (Server::start(), Folder::new());
    let kept = store(&folder);
    let build = || {
        let builder = Outbox::builder(client(&server.url), kept.clone());
        builder.rate(10_000).assume_open_window()
    };
    let desk = build().build();
    let backlog: Vec<_> = (0..2_500)
        .map(|nth| desk.enqueue(format!("a{nth}"), USER, "x"))
        .collect();
    let mut queueing = tokio::task::JoinSet::new();
    for message in backlog {
        queueing.spawn(async move { message.await.map(drop) });
    }
    while let Some(queued) = queueing.join_next().await {
        queued.unwrap().unwrap();
    }
    server.hold(true);
    let outbox = build().start().await.unwrap();
    for number in 0..9 {
        let to = format!("+91980001{number:04}");
        outbox.enqueue(format!("b{number}"), to, "x").await.unwrap();
    }
    let others_came = async {
        while server.copies().len() < 10 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(SOON, others_came).await.unwrap();
    assert!(server.copies().contains_key("b8"));
    server.hold(false);
    outbox.shutdown(SOON).await;
}
