//! Sends a message by the crate `whatsapp-business-rs`.

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = whatsapp_business_rs::Client::new("token").await?;
    client.message("918000000001").send("+919800000001", "Hello").await?;
    Ok(())
}
