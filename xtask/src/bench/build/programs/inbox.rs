//! Receives callbacks, and keeps them before the 200.

use kaleyra_wa_inbox::Inbox;
use kaleyra_wa_webhook::{Receiver, Router, SharedHeader, WebhookService, serve};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bot = Router::new(()).on_text(async |_, text| println!("{}", text.body));
    let inbox = Inbox::open("bot.db", bot).await?;
    let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", "a long random text")?);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    serve(listener, WebhookService::new(receiver, inbox), std::future::pending()).await?;
    Ok(())
}
