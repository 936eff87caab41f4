//! Sends a message by the crate `whatsapp`.

use whatsapp::WhatsappClient;
use whatsapp::models::{Message, Text};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = WhatsappClient::new("token", "918000000001");
    let message = Message::from_text("919800000001", Text::new("Hello"), None);
    println!("{}", client.send_message(&message).await?.messages[0].id);
    Ok(())
}
