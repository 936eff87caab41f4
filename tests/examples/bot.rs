//! A bot with client and router, as the README shows it.

use std::time::Duration;

use kaleyra_wa_client::{Account, Client, Delivery, Error, Pod};
use kaleyra_wa_webhook::{MemorySink, Receiver, Router, SharedHeader, WebhookService, serve};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt::init(); // a response that fails is in the log, with the reason
    let account = Account::new(Pod::In, "HXIN0000000000IN", "A-your-key", "+918000000001")?;
    let bot = Router::new(Client::new(account)?).on_text(async |bot, text| {
        let response = format!("You said: {}", text.body);
        bot.state.reply(&bot.message, response).await
    });
    let sink = MemorySink::builder(bot)
        .retry_error(|error: &Error| error.delivery() == Delivery::NotSent) // else once is enough
        .build();
    let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", "a long random text")?);
    let service = WebhookService::new(receiver, sink.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    let stop = async { drop(tokio::signal::ctrl_c().await) };
    serve(listener, service, stop).await?;
    Ok(sink.shutdown(Duration::from_secs(10)).await?)
}
