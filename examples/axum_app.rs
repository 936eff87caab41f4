//! An axum application with the webhook as one of its routes, and a route of its own that sends:
//!
//! ```text
//! curl http://127.0.0.1:8080/
//! curl -H 'content-type: application/json' -d '{"to": "+919800000001", "text": "Ready!"}' http://127.0.0.1:8080/notify
//! ```
#![allow(clippy::print_stdout, reason = "an example talks to who runs it")]

use std::env;
use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Json;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{get, post};
use kaleyra_wa_client::{Account, Client, Delivery};
use kaleyra_wa_webhook::{MemorySink, PeerAddress, Receiver, Router, SharedHeader, WebhookService};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What becomes of a message decides what the caller may do: 502 is worth another try, 504 is not.
async fn notify(
    State(client): State<Client>,
    Json(order): Json<Value>,
) -> Result<Json<Value>, (StatusCode, String)> {
    let [Some(to), Some(text)] = ["to", "text"].map(|field| order[field].as_str()) else {
        let wanted = "send {\"to\": …, \"text\": …}".to_owned();
        return Err((StatusCode::BAD_REQUEST, wanted));
    };
    match client.send(to, text).await {
        Ok(sent) => Ok(Json(json!({"message": sent.message_id().as_str()}))),
        Err(error) => {
            let status = match error.delivery() {
                Delivery::NotSent => StatusCode::BAD_GATEWAY,
                Delivery::Rejected => StatusCode::UNPROCESSABLE_ENTITY,
                _ => StatusCode::GATEWAY_TIMEOUT,
            };
            Err((status, error.to_string())) // it names no number, no text and no key
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init();
    let client = Client::new(Account::from_env()?)?;
    let bot = Router::new(client.clone())
        .on_text(async |bot, _| bot.state.reply(&bot.message, "We have read it.").await);
    let sink = MemorySink::builder(bot).build();
    let secret = env::var("KALEYRA_CALLBACK_SECRET")?;
    let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", secret)?);

    let app = axum::Router::new()
        .route("/", get(|| async { "the shop\n" }))
        .route("/notify", post(notify))
        .with_state(client)
        .route_service("/callbacks", WebhookService::new(receiver, sink.clone()))
        // Only for verifiers that go by the address.
        .layer(from_fn(tell_the_peer));

    let address = env::var("BOT_ADDRESS").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}/callbacks", listener.local_addr()?);
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app)
        .with_graceful_shutdown(async { drop(tokio::signal::ctrl_c().await) })
        .await?;
    Ok(sink.shutdown(Duration::from_secs(10)).await?)
}

async fn tell_the_peer(
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    request.extensions_mut().insert(PeerAddress(peer));
    next.run(request).await
}
