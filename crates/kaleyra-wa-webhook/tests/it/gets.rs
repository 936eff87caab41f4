//! GETs: the one that is a callback, the one of a load balancer, and all others.

use kaleyra_wa_webhook::Server;
use kaleyra_wa_webhook::types::inbound::Event;
use kaleyra_wa_webhook::types::inbound::field::{FieldChange, PhoneNumberQualityEvent};

use crate::server::{Answer, Running, SECRET, collecting};

const NEWS: &str = "display_phone_number=918000000001&event=FLAGGED&current_limit=TIER_10K&new=1";

async fn request(server: &Running, method: &str, target: &str, secret: &str) -> Answer {
    let request = format!(
        "{method} {target} HTTP/1.1\r\nhost: localhost\r\nx-kaleyra-secret: {secret}\r\n\
         connection: close\r\n\r\n"
    );
    server.exchange(&request).await
}

#[tokio::test]
async fn news_about_a_number_are_a_delivery() {
    let (server, mut deliveries) = Running::collecting().await;
    let response = request(&server, "GET", &format!("/hook?{NEWS}"), SECRET).await;
    assert_eq!((response.status, &*response.body), (200, "accepted\n"));

    let delivery = deliveries.try_recv().unwrap();
    let again =
        kaleyra_wa_webhook::ReceivedCallback::from_raw(delivery.raw, delivery.received_at).unwrap();
    for callback in [delivery.callback, again.callback] {
        let events: Vec<_> = callback.events().collect();
        let [Event::Field(change)] = events[..] else {
            panic!("another event");
        };
        let FieldChange::PhoneNumberQualityUpdate(update) = change.change() else {
            panic!("another change");
        };
        assert_eq!(update.display_phone_number.as_deref(), Some("918000000001"));
        assert_eq!(update.event, Some(PhoneNumberQualityEvent::Flagged));
        assert_eq!(update.current_limit.unwrap().users(), Some(10_000));
        // What nobody knows is not lost.
        assert_eq!(callback.unknown_fields(), ["/meta_object/value/new"]);
    }
}

#[tokio::test]
async fn they_are_verified_like_any_callback() {
    let (server, mut deliveries) = Running::collecting().await;
    for secret in ["", "wrong"] {
        let response = request(&server, "GET", &format!("/?{NEWS}"), secret).await;
        assert_eq!((response.status, &*response.body), (401, "unauthorized\n"));
    }
    assert!(deliveries.try_recv().is_err());
}

#[tokio::test]
async fn other_gets_and_other_methods_are_405() {
    let (server, mut deliveries) = Running::collecting().await;
    let quality_update = format!("/?{NEWS}");
    let messages = "/?from=919800000001&body=Hi&id=wamid.A";
    for (method, target, says) in [
        ("GET", "/", "send callbacks by POST"),
        ("GET", "/?", "send callbacks by POST"),
        ("GET", "/?display_phone_number=918000000001", "http_method"),
        ("GET", "/?hub.mode=subscribe&hub.challenge=1", "http_method"),
        ("GET", messages, "http_method"),
        ("GET", "/healthz/", "send callbacks by POST"),
        ("PATCH", &quality_update, "send callbacks by POST"),
        ("DELETE", "/healthz", "send callbacks by POST"),
    ] {
        let response = request(&server, method, target, SECRET).await;
        assert_eq!(response.status, 405, "{method} {target}");
        assert!(
            response.body.contains(says),
            "{method} {target}: {}",
            response.body
        );
        assert_eq!(
            response.header("allow"),
            Some("get, head, options, post, put")
        );
    }
    assert!(deliveries.try_recv().is_err());
}

#[tokio::test]
async fn who_asks_whether_somebody_is_there_is_answered_and_delivers_nothing() {
    let (server, mut deliveries) = Running::collecting().await;
    for target in ["/hook", "/", &format!("/?{NEWS}")] {
        for secret in [SECRET, ""] {
            let response = request(&server, "HEAD", target, secret).await;
            assert_eq!((response.status, &*response.body), (200, ""), "{target}");
            let response = request(&server, "OPTIONS", target, secret).await;
            assert_eq!((response.status, &*response.body), (204, ""), "{target}");
            assert_eq!(
                response.header("allow"),
                Some("get, head, options, post, put")
            );
        }
    }
    assert!(deliveries.try_recv().is_err());
}

#[tokio::test]
async fn a_put_is_a_post() {
    let (server, mut deliveries) = Running::collecting().await;
    let put = crate::server::post(SECRET, "{}").replacen("POST", "PUT", 1);
    assert_eq!(server.exchange(&put).await.status, 200);
    assert_eq!(deliveries.try_recv().unwrap().raw, "{}");
    let forged = crate::server::post("wrong", "{}").replacen("POST", "PUT", 1);
    assert_eq!(server.exchange(&forged).await.status, 401);
}

/// What Kaleyra sends about a template, and its own sample with its raw quotes.
#[tokio::test]
async fn what_a_get_is_about_is_decided_by_what_is_there() {
    use FieldChange::{
        MessageTemplateStatusUpdate as Template, PhoneNumberQualityUpdate as Quality,
    };
    let (server, mut deliveries) = Running::collecting().await;
    for (query, is_template) in [
        (
            "id=102&time=1767225600&event=APPROVED&message_template_id=123&message_template_name=offer\
             &message_template_language=en&reason=NONE",
            true,
        ),
        (r#"id="102"&event="REJECTED"&reason="INVALID_FORMAT""#, true),
        (
            r#"id="102"&event="REJECTED"&reason="NOT AS ANNOUNCED <é>""#,
            true,
        ),
        ("id=%22102%22&event=%22PAUSED%22&other_info=x", true),
        (NEWS, false),
        ("event=FLAGGED", false),
        ("event=UPGRADE&current_limit=TIER_1K", false),
    ] {
        let response = request(&server, "GET", &format!("/hook?{query}"), SECRET).await;
        assert_eq!(response.status, 200, "{query}");
        let delivery = deliveries.try_recv().unwrap();
        let Some(Event::Field(change)) = delivery.events().next() else {
            panic!("another event");
        };
        match change.change() {
            Template(update) => {
                assert!(is_template, "{query}");
                let event = update.event.unwrap();
                assert!(!event.as_str().contains('"'), "{query}");
            }
            Quality(_) => assert!(!is_template, "{query}"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn health_is_told_to_anybody_and_elsewhere_if_wanted() {
    let (service, mut deliveries) = collecting();
    let moved = Running::start(Server::new(service.clone().health_path("/live"))).await;
    let none = Running::start(Server::new(service.clone().without_health_path())).await;
    let server = Running::start(Server::new(service)).await;

    for (server, path, status) in [
        (&server, "/healthz", 200),
        (&server, "/healthz?a=b", 200),
        (&moved, "/live", 200),
    ] {
        let response = request(server, "GET", path, "").await;
        assert_eq!(response.status, status, "{path}");
        if status == 200 {
            assert_eq!(response.body, "ok\n");
        }
        let response = request(server, "HEAD", path, "").await;
        assert_eq!((response.status, &*response.body), (status, ""), "{path}");
    }
    assert!(deliveries.try_recv().is_err());

    for server in [&moved, &none] {
        let response = request(server, "GET", "/healthz", "").await;
        assert_eq!(response.status, 405);
    }

    // A callback may come to any path.
    let post = crate::server::post(SECRET, "{}").replacen("/hook", "/healthz", 1);
    assert_eq!(server.exchange(&post).await.status, 200);
    assert!(deliveries.try_recv().is_ok());
}
