//! Each outcome has its response, and the server lives on after each.

use std::sync::Arc;
use std::time::Duration;

use kaleyra_wa_webhook::{
    ReceivedCallback, Receiver, Server, SharedHeader, SinkError, WebhookService, sink_fn,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{Notify, mpsc};
use tokio::time::timeout;

use crate::fixtures::{BUTTON, MEDIA_REPLY, REACTION};
use crate::server::{Answer, Running, SECRET, post, receiver};

#[tokio::test]
async fn callbacks_arrive_byte_for_byte() {
    let (server, mut deliveries) = Running::collecting().await;
    for (body, expected) in [
        (MEDIA_REPLY, "image"),
        (REACTION, "reaction"),
        (BUTTON, "button"),
    ] {
        let response = server.exchange(&post(SECRET, body)).await;
        assert_eq!(
            (response.status, response.body.as_str()),
            (200, "accepted\n")
        );

        let delivery = deliveries.try_recv().unwrap();
        assert_eq!(delivery.raw, body);
        let types: Vec<_> = delivery
            .events()
            .map(|event| event.type_name().to_owned())
            .collect();
        assert_eq!(types, [expected]);
        let written = serde_json::to_value(&delivery.callback).unwrap();
        assert_eq!(
            written,
            serde_json::from_str::<serde_json::Value>(body).unwrap()
        );
    }
}

#[tokio::test]
async fn one_connection_carries_many_callbacks() {
    let (server, mut deliveries) = Running::collecting().await;
    let mut stream = server.connect().await;
    let request = post(SECRET, REACTION).replace("connection: close\r\n", "");
    let last = post(SECRET, "[]");
    stream
        .write_all(format!("{request}{request}{last}").as_bytes())
        .await
        .unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    assert_eq!(text.matches("HTTP/1.1 200").count(), 2, "{text}");
    assert_eq!(text.matches("HTTP/1.1 400").count(), 1, "{text}");
    assert!(deliveries.try_recv().is_ok() && deliveries.try_recv().is_ok());
}

#[tokio::test]
async fn nothing_is_answered_before_the_sink_accepted() {
    let (entered, mut in_sink) = mpsc::unbounded_channel();
    let release = Arc::new(Notify::new());
    let gate = Arc::clone(&release);
    let sink = sink_fn(move |_| {
        entered.send(()).unwrap();
        let gate = Arc::clone(&gate);
        async move {
            gate.notified().await;
            Ok(())
        }
    });
    let server = Running::start(Server::new(WebhookService::new(receiver(), sink))).await;

    let mut stream = server.connect().await;
    stream
        .write_all(post(SECRET, BUTTON).as_bytes())
        .await
        .unwrap();
    in_sink.recv().await.unwrap();
    let early = timeout(Duration::from_millis(200), stream.read_u8()).await;
    assert!(early.is_err(), "answered before the sink had accepted");

    release.notify_one();
    assert_eq!(Answer::read_to_end(&mut stream).await.status, 200);
}

#[tokio::test]
async fn a_sink_that_refuses_is_a_503_with_its_retry_after() {
    let sink = sink_fn(|delivery: ReceivedCallback| async move {
        let error = SinkError::new("the disk is full");
        Err(match &delivery.raw[..] {
            b"{}" => error,
            _ => error.retry_after(Duration::from_millis(1_500)),
        })
    });
    let server = Running::start(Server::new(WebhookService::new(receiver(), sink))).await;

    let response = server.exchange(&post(SECRET, "{}")).await;
    assert_eq!(response.status, 503);
    assert_eq!(response.header("retry-after"), Some("30"));
    assert_eq!(response.body, "not accepted: try again in 30 s\n");

    let response = server.exchange(&post(SECRET, BUTTON)).await;
    assert_eq!(response.status, 503);
    assert_eq!(response.header("retry-after"), Some("2"));
    assert!(!response.body.contains("disk"), "{response:?}");
}

#[tokio::test]
async fn a_sink_that_panics_is_a_503() {
    // Once where the future is made, once inside it.
    let sink = sink_fn(|delivery: ReceivedCallback| {
        assert!(delivery.raw != "{\"at\":1}", "planned");
        async move {
            tokio::task::yield_now().await;
            assert!(delivery.raw != "{\"at\":2}", "planned");
            Ok(())
        }
    });
    let server = Running::start(Server::new(WebhookService::new(receiver(), sink))).await;
    for body in ["{\"at\":1}", "{\"at\":2}"] {
        let response = server.exchange(&post(SECRET, body)).await;
        assert_eq!(response.status, 503, "{response:?}");
        assert_eq!(response.header("retry-after"), Some("30"));
    }
    server.assert_alive().await;
}

#[tokio::test]
async fn a_sink_that_takes_too_long_is_a_503_and_its_future_is_dropped() {
    struct Dropped(mpsc::UnboundedSender<()>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.send(()).unwrap();
        }
    }
    let (dropped, mut is_dropped) = mpsc::unbounded_channel();
    let sink = sink_fn(move |delivery: ReceivedCallback| {
        let dropped = Dropped(dropped.clone());
        async move {
            if delivery.raw != "{}" {
                std::future::pending::<()>().await;
            }
            drop(dropped);
            Ok(())
        }
    });
    let service = WebhookService::new(receiver(), sink).sink_timeout(Duration::from_millis(100));
    let server = Running::start(Server::new(service)).await;

    let response = server.exchange(&post(SECRET, BUTTON)).await;
    assert_eq!(response.status, 503);
    assert_eq!(response.header("retry-after"), Some("30"));
    is_dropped.recv().await.unwrap();
    server.assert_alive().await;
}

#[tokio::test]
async fn every_rejection_that_is_answered_is_told() {
    let sink = sink_fn(|delivery: ReceivedCallback| async move {
        assert!(delivery.raw != "{\"panic\":1}", "planned");
        match &delivery.raw[..] {
            b"{}" => Ok(()),
            _ => Err(SinkError::new("the disk is full")),
        }
    });
    let (told, mut rejections) = mpsc::unbounded_channel();
    let service = WebhookService::new(receiver(), sink)
        .body_limit(1000)
        .on_rejection(move |rejection| told.send(rejection.clone()).unwrap());
    let server = Running::start(Server::new(service)).await;

    let get = post(SECRET, "{}").replacen("POST", "GET", 1);
    let large = " ".repeat(1001);
    for (request, status) in [
        (post("wrong", "{}"), 401),
        (get, 405),
        (post(SECRET, "[]"), 400),
        (post(SECRET, &large), 413),
        (post(SECRET, "{\"full\":1}"), 503),
        (post(SECRET, "{\"panic\":1}"), 503),
    ] {
        assert_eq!(server.exchange(&request).await.status, status);
        let rejection = rejections.try_recv().unwrap();
        assert_eq!(rejection.status().as_u16(), status);
        assert!(rejections.try_recv().is_err(), "told once");
    }
    server.assert_alive().await;
    assert!(rejections.try_recv().is_err(), "a 200 is none");
}

#[tokio::test]
async fn an_observer_that_panics_takes_no_answer_away() {
    let service = WebhookService::new(receiver(), sink_fn(|_| async { Ok(()) }))
        .on_rejection(|_| panic!("planned"));
    let server = Running::start(Server::new(service)).await;
    assert_eq!(server.exchange(&post("wrong", "{}")).await.status, 401);
}

#[tokio::test]
async fn a_wrong_or_missing_secret_is_always_the_same_401() {
    let (server, mut deliveries) = Running::collecting().await;
    let missing = post("", BUTTON).replace("x-kaleyra-secret: \r\n", "");
    for request in [
        post("wrong", BUTTON),
        post("", BUTTON),
        missing,
        post("wrong", "not JSON"),
    ] {
        let response = server.exchange(&request).await;
        assert_eq!(
            (response.status, response.body.as_str()),
            (401, "unauthorized\n")
        );
    }
    assert!(deliveries.try_recv().is_err());
    server.assert_alive().await;
}

#[tokio::test]
async fn two_secrets_are_live_during_a_rotation() {
    let verifier = SharedHeader::new("x-kaleyra-secret", "old-one")
        .unwrap()
        .or("new-one")
        .unwrap();
    let service = WebhookService::new(Receiver::new(verifier), sink_fn(|_| async { Ok(()) }));
    let server = Running::start(Server::new(service)).await;
    for (secret, status) in [("old-one", 200), ("new-one", 200), ("older", 401)] {
        let response = server.exchange(&post(secret, BUTTON)).await;
        assert_eq!(response.status, status, "{secret}");
    }
}

#[tokio::test]
async fn without_a_verifier_everybody_may_call() {
    let service = WebhookService::new(
        Receiver::dangerously_unverified(),
        sink_fn(|_| async { Ok(()) }),
    );
    let server = Running::start(Server::new(service)).await;
    assert_eq!(server.exchange(&post("", BUTTON)).await.status, 200);
}

#[tokio::test]
async fn another_method_is_a_405_that_says_which_are_allowed() {
    let (server, _deliveries) = Running::collecting().await;
    for method in ["GET", "DELETE", "PATCH"] {
        let request = post(SECRET, "{}").replacen("POST", method, 1);
        let response = server.exchange(&request).await;
        assert_eq!(response.status, 405);
        let allowed = "get, head, options, post, put";
        assert_eq!(response.header("allow"), Some(allowed));
        assert_eq!(
            response.body,
            "the method is not allowed: send callbacks by POST\n"
        );
    }
    server.assert_alive().await;
}

#[tokio::test]
async fn what_is_no_json_object_is_a_400_that_says_why_and_repeats_nothing() {
    let (server, mut deliveries) = Running::collecting().await;
    for (body, why) in [
        ("{\"canary\": 919800000001,", "not JSON"),
        ("canary=919800000001", "not JSON"),
        ("919800000001", "not a JSON object"),
        ("\"canary 919800000001\"", "not a JSON object"),
        ("{} canary 919800000001", "not JSON"),
        ("", "not JSON"),
    ] {
        let response = server.exchange(&post(SECRET, body)).await;
        assert_eq!(response.status, 400, "{body}");
        let start = format!("the body is not a callback: {why}");
        assert!(response.body.starts_with(&start), "{response:?}");
        assert!(
            !response.body.contains("canary") && !response.body.contains("9198"),
            "{response:?}"
        );
        assert_eq!(response.body.lines().count(), 1);
    }
    assert!(deliveries.try_recv().is_err());
    server.assert_alive().await;
}

#[tokio::test]
async fn a_client_that_is_done_sending_gets_its_answer() {
    let sink = sink_fn(|_| async {
        // Long enough for the end of the client's sending to be seen first.
        tokio::time::sleep(Duration::from_millis(50)).await;
        Ok(())
    });
    let server = Running::start(Server::new(WebhookService::new(receiver(), sink))).await;
    let mut stream = server.connect().await;
    stream
        .write_all(post(SECRET, BUTTON).as_bytes())
        .await
        .unwrap();
    stream.shutdown().await.unwrap();
    assert_eq!(Answer::read_to_end(&mut stream).await.status, 200);
}
