//! Opens a store on Postgres, and counts what it holds.

use kaleyra_wa_store::OutboxStore as _;
use kaleyra_wa_store_postgres::PostgresStore;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let store = PostgresStore::connect("postgres://bot@localhost/bot").await?;
    println!("{:?}", store.outbox_stats().await?);
    store.close().await;
    Ok(())
}
