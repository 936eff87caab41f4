//! Opens a store, and counts what it holds.

use kaleyra_wa_store::{OutboxStore as _, SqliteStore};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let store = SqliteStore::open("bot.db")?;
    println!("{:?}", store.outbox_stats().await?);
    store.close().await;
    Ok(())
}
