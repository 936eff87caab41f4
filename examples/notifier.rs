//! Notifies a customer about an order, once, and by a template where WhatsApp wants one: `notifier order-17 +919800000001 'Your order …'`.
//!
//! A free text reaches only who wrote in the last 24 hours. The outbox knows from the callbacks in its file; to all others it sends the
//! template. The same order is never notified twice, however often this is started.
#![allow(clippy::print_stdout, reason = "an example talks to who runs it")]

use std::env;
use std::error::Error;
use std::time::Duration;

use kaleyra_wa_client::types::outbound::template::Template;
use kaleyra_wa_client::{Account, Client};
use kaleyra_wa_outbox::Outbox;
use kaleyra_wa_outbox::store::SqliteStore;
use tokio::time::timeout;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [order, to, text] = &arguments[..] else {
        return Err("usage: notifier ORDER NUMBER TEXT".into());
    };
    let path = env::var("BOT_DB").unwrap_or_else(|_| "bot.db".to_owned());
    let outbox =
        Outbox::start(Client::new(Account::from_env()?)?, SqliteStore::open(path)?).await?;

    let mut changes = outbox.changes();
    let queued = outbox
        .enqueue(order.as_str(), to.as_str(), text.as_str())
        // Approved beforehand, with one variable: `kaleyra-wa template create` submits it.
        .or_template(Template::new("order_update", "en").body([text.as_str()]))
        .expires_in(Duration::from_secs(6 * 3600)) // later it would only confuse
        .await?;
    if queued.is_new {
        // A server would go on; this program ends, and waits for Kaleyra's response before.
        let _ = timeout(Duration::from_secs(30), changes.next()).await;
    }

    let track = outbox.track(order).await?.ok_or("nothing is known of it")?;
    println!("{order}: {}", track.state());
    if let Some(advice) = track.advice() {
        println!("{advice}");
    }
    outbox.shutdown(Duration::from_secs(10)).await;
    Ok(())
}
