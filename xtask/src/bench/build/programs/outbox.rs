//! Sends a message that survives a crash.

use kaleyra_wa_client::{Account, Client, Pod};
use kaleyra_wa_outbox::Outbox;
use kaleyra_wa_outbox::store::SqliteStore;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let account = Account::new(Pod::In, "HXIN0000000000IN", "A-key", "+918000000001")?;
    let outbox = Outbox::start(Client::new(account)?, SqliteStore::open("shop.db")?).await?;
    outbox.enqueue("order-17", "+919800000001", "Hello").await?;
    outbox.shutdown(std::time::Duration::from_secs(10)).await;
    Ok(())
}
