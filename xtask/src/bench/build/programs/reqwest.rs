//! Sends a message by hand, over rustls with ring and the machine's certificates.

use std::sync::Arc;

use rustls_platform_verifier::BuilderVerifierExt;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls).build()?;
    let message = serde_json::json!({"messaging_object": {
        "messaging_product": "whatsapp", "to": "+919800000001", "type": "text", "text": {"body": "Hello"},
    }});
    let request = client.post("https://api.kaleyra.io/v2/HXIN0000000000IN/whatsapp/+918000000001/messages");
    let request = request.header("api-key", "A-key").header("content-type", "application/json");
    let response = request.body(serde_json::to_vec(&message)?).send().await?;
    let response: serde_json::Value = serde_json::from_slice(&response.bytes().await?)?;
    println!("{}", response["data"]["message_id"]);
    Ok(())
}
