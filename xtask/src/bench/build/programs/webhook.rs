//! Receives callbacks.

use kaleyra_wa_webhook::{Receiver, SharedHeader, WebhookService, serve, sink_fn};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", "a long random text")?);
    let sink = sink_fn(|delivery| async move {
        for event in delivery.events() {
            println!("{} {}", event.kind(), event.type_name());
        }
        Ok(())
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    serve(listener, WebhookService::new(receiver, sink), std::future::pending()).await?;
    Ok(())
}
