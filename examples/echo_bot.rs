//! A bot that repeats what users write, in as few lines as a bot needs. What it holds in memory is lost in a crash: `order_bot`
//! shows one that loses nothing.
#![allow(clippy::print_stdout, reason = "an example talks to who runs it")]

use std::env;
use std::error::Error;
use std::time::Duration;

use kaleyra_wa_client::{Account, Client, Delivery};
use kaleyra_wa_webhook::{MemorySink, Receiver, Router, SharedHeader, WebhookService, serve};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt::init(); // a reply that fails is in the log, with the reason
    let client = Client::new(Account::from_env()?)?;
    let bot = Router::new(client).on_text(async |bot, text| {
        let reply = format!("You said: {}", text.body);
        bot.state.reply(&bot.message, reply).await
    });
    let sink = MemorySink::builder(bot)
        // Everything else may have been sent, and is not tried again.
        .retry_error(|error: &kaleyra_wa_client::Error| error.delivery() == Delivery::NotSent)
        .build();

    let secret = env::var("KALEYRA_CALLBACK_SECRET")?;
    let receiver = Receiver::new(SharedHeader::new("x-kaleyra-secret", secret)?);
    let address = env::var("BOT_ADDRESS").unwrap_or_else(|_| "127.0.0.1:8080".to_owned());
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}/", listener.local_addr()?);
    let stop = async { drop(tokio::signal::ctrl_c().await) };
    serve(listener, WebhookService::new(receiver, sink.clone()), stop).await?;
    Ok(sink.shutdown(Duration::from_secs(10)).await?)
}
