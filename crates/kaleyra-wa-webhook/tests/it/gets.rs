//! GETs: the one that is a callback, the one of a load balancer, and all others.

use kaleyra_wa_webhook::Server;
use kaleyra_wa_webhook::types::callback::Event;
use kaleyra_wa_webhook::types::callback::field::{FieldChange, PhoneNumberQualityEvent};

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
    let answer = request(&server, "GET", &format!("/hook?{NEWS}"), SECRET).await;
    assert_eq!((answer.status, &*answer.body), (200, "accepted\n"));

    let delivery = deliveries.try_recv().unwrap();
    let again = kaleyra_wa_webhook::Delivery::from_raw(delivery.raw, delivery.received_at).unwrap();
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
        let answer = request(&server, "GET", &format!("/?{NEWS}"), secret).await;
        assert_eq!((answer.status, &*answer.body), (401, "unauthorized\n"));
    }
    assert!(deliveries.try_recv().is_err());
}

#[tokio::test]
async fn other_gets_and_other_methods_are_405() {
    let (server, mut deliveries) = Running::collecting().await;
    let news = format!("/?{NEWS}");
    for (method, target) in [
        ("GET", "/"),
        ("GET", "/?"),
        ("GET", "/?display_phone_number=918000000001"),
        ("GET", "/?hub.mode=subscribe&hub.challenge=1"),
        ("GET", "/healthz/"),
        ("HEAD", &news),
        ("PUT", &news),
        ("DELETE", "/healthz"),
    ] {
        let answer = request(&server, method, target, SECRET).await;
        assert_eq!(answer.status, 405, "{method} {target}");
        assert_eq!(answer.header("allow"), Some("post"));
    }
    assert!(deliveries.try_recv().is_err());
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
        (&moved, "/healthz", 405),
        (&none, "/healthz", 405),
    ] {
        let answer = request(server, "GET", path, "").await;
        assert_eq!(answer.status, status, "{path}");
        if status == 200 {
            assert_eq!(answer.body, "ok\n");
        }
        let answer = request(server, "HEAD", path, "").await;
        assert_eq!((answer.status, &*answer.body), (status, ""), "{path}");
    }
    assert!(deliveries.try_recv().is_err());

    // A callback may come to any path.
    let post = crate::server::post(SECRET, "{}").replacen("/hook", "/healthz", 1);
    assert_eq!(server.exchange(&post).await.status, 200);
    assert!(deliveries.try_recv().is_ok());
}
