//! Opens an inbox on NATS, and counts what it holds.

use kaleyra_wa_store::InboxStore as _;
use kaleyra_wa_store_nats::NatsStore;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let store = NatsStore::connect("nats://127.0.0.1:4222").await?;
    println!("{:?}", store.stats().await?);
    store.close().await;
    Ok(())
}
