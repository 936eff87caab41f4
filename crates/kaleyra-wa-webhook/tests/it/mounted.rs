//! In somebody else's application: axum, on a socket.

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRef, State};
use axum::routing::{any, get};
use kaleyra_wa_webhook::{ReceivedCallback, Receiver, Rejection, SinkError};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::fixtures::{BUTTON, REACTION};
use crate::server::{Answer, SECRET, collecting, post, receiver};

struct App(std::net::SocketAddr);

impl App {
    async fn start(app: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async { axum::serve(listener, app).await });
        Self(address)
    }

    async fn exchange(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(self.0).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        Answer::read_to_end(&mut stream).await
    }
}

#[tokio::test]
async fn the_service_is_a_route() {
    let (service, mut deliveries) = collecting();
    let app = Router::new()
        .route("/", get(|| async { "the shop" }))
        .route_service("/hook", service.clone())
        .nest_service("/under", service);
    let app = App::start(app).await;

    let large = format!("{{\"a\":\"{}\"}}", "a".repeat(2_500_000));
    for (request, status) in [
        (post(SECRET, BUTTON), 200),
        (post(SECRET, BUTTON).replacen("/hook", "/under/it", 1), 200),
        // axum's own cap of 2 MB is none for a service.
        (post(SECRET, &large), 200),
        (post(SECRET, "[]"), 400),
        (post("wrong", BUTTON), 401),
        (post(SECRET, BUTTON).replacen("/hook", "/other", 1), 404),
    ] {
        let response = app.exchange(&request).await;
        assert_eq!(response.status, status, "{response:?}");
        assert_eq!(deliveries.try_recv().is_ok(), status == 200);
    }
    let shop = post("", "").replacen("POST /hook", "GET /", 1);
    assert_eq!(app.exchange(&shop).await.body, "the shop");
    let health = shop.replacen("GET /", "GET /under/healthz", 1);
    assert_eq!(app.exchange(&health).await.body, "ok\n");
}

#[derive(Clone)]
struct Shop {
    receiver: Arc<Receiver>,
    queue: mpsc::Sender<ReceivedCallback>,
}

impl FromRef<Shop> for Arc<Receiver> {
    fn from_ref(shop: &Shop) -> Self {
        Self::clone(&shop.receiver)
    }
}

#[tokio::test]
async fn a_delivery_is_an_argument() {
    async fn callback(
        State(shop): State<Shop>,
        delivery: ReceivedCallback,
    ) -> Result<(), Rejection> {
        let sent = shop.queue.try_send(delivery);
        Ok(sent.map_err(|_| SinkError::new("the queue is full"))?)
    }

    let (queue, mut deliveries) = mpsc::channel(1);
    let receiver = Arc::new(receiver());
    let app = Router::new().route("/hook", any(callback));
    let app = App::start(app.with_state(Shop { receiver, queue })).await;

    for (secret, body, status) in [
        ("wrong", BUTTON, 401),
        (SECRET, "not JSON", 400),
        (SECRET, BUTTON, 200),
        (SECRET, REACTION, 503),
    ] {
        let response = app.exchange(&post(secret, body)).await;
        assert_eq!(response.status, status, "{response:?}");
        if status == 503 {
            assert_eq!(response.header("retry-after"), Some("30"));
        }
    }
    assert_eq!(deliveries.try_recv().unwrap().raw, BUTTON);

    let large = format!("{{\"a\":\"{}\"}}", "a".repeat(2_500_000));
    assert_eq!(app.exchange(&post(SECRET, &large)).await.status, 200);
    assert_eq!(deliveries.try_recv().unwrap().raw, large);

    let quality_update = post(SECRET, "").replacen("POST /hook", "GET /hook?event=FLAGGED", 1);
    assert_eq!(app.exchange(&quality_update).await.status, 200);
    assert_eq!(deliveries.try_recv().unwrap().events().count(), 1);
}
