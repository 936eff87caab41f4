//! The webhook in an axum application, beside the routes that are there already.
//!
//! ```text
//! cargo run --example axum
//! curl -H 'x-kaleyra-secret: a long random text' -d '{"status": "not sent"}' http://127.0.0.1:8080/callbacks
//! ```

#![allow(clippy::print_stdout, reason = "it tells its user what it does")]

use std::env;
use std::net::SocketAddr;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;
use kaleyra_wa_webhook::{PeerAddress, Receiver, SharedHeader, WebhookService, sink_fn};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = env::var("KALEYRA_CALLBACK_SECRET");
    let secret = secret.unwrap_or_else(|_| "a long random text".to_owned());
    let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", secret)?);
    let sink = sink_fn(|delivery| async move {
        for event in delivery.events() {
            println!("{} {}", event.kind(), event.type_name());
        }
        Ok(()) // now it is yours, and the response is 200
    });

    let app = Router::new()
        .route("/", get(|| async { "the shop\n" }))
        .route_service("/callbacks", WebhookService::new(receiver, sink))
        // Only for verifiers that go by the address.
        .layer(from_fn(tell_the_peer));

    let address = env::args().nth(1);
    let listener = TcpListener::bind(address.as_deref().unwrap_or("127.0.0.1:8080")).await?;
    println!("listening on http://{}/callbacks", listener.local_addr()?);
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app)
        .with_graceful_shutdown(async {
            tokio::signal::ctrl_c().await.ok();
        })
        .await?;
    Ok(())
}

async fn tell_the_peer(
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    request.extensions_mut().insert(PeerAddress(peer));
    next.run(request).await
}
