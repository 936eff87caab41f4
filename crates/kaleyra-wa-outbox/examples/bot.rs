//! A bot that answers each message once, through any crash: `cargo run -p kaleyra-wa-outbox --example bot`, with the account in
//! `KALEYRA_SID`, `KALEYRA_API_KEY` and `KALEYRA_SENDER`.

use std::time::Duration;

use kaleyra_wa_client::{Account, Client, Pod};
use kaleyra_wa_inbox::Inbox;
use kaleyra_wa_outbox::Outbox;
use kaleyra_wa_outbox::store::SqliteStore;
use kaleyra_wa_webhook::{Receiver, Router, SharedHeader, WebhookService, serve};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let of = |name: &str| std::env::var(name);
    let account = Account::new(
        Pod::In,
        of("KALEYRA_SID")?,
        of("KALEYRA_API_KEY")?,
        of("KALEYRA_SENDER")?,
    )?;
    let store = SqliteStore::open("bot.db")?;
    let outbox = Outbox::start(Client::new(account)?, store.clone()).await?;
    let bot = Router::new(outbox.clone()).on_text(async |bot, text| {
        let response = format!("You said: {}", text.body);
        bot.state.reply(&bot.event, response).await
    });
    let inbox = Inbox::builder(bot).start(store).await?;
    let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", "a long random text")?);
    let service = WebhookService::new(receiver, inbox.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    let stop = async { drop(tokio::signal::ctrl_c().await) };
    serve(listener, service, stop).await?;
    inbox.shutdown(Duration::from_secs(10)).await;
    outbox.shutdown(Duration::from_secs(10)).await;
    Ok(())
}
