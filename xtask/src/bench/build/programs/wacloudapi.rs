//! Sends a message by the crate `wacloudapi`.

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = wacloudapi::Client::new("token", "918000000001");
    let response = client.messages().send_text("919800000001", "Hello").await?;
    println!("{}", response.messages[0].id);
    Ok(())
}
