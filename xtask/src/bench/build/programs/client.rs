//! Sends a message.

use kaleyra_wa_client::{Account, Client, Pod};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let account = Account::new(Pod::In, "HXIN0000000000IN", "A-key", "+918000000001")?;
    let sent = Client::new(account)?.send("+919800000001", "Hello").await?;
    println!("{}", sent.message_id());
    Ok(())
}
