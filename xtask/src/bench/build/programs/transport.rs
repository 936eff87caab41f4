//! Carries one request.

use kaleyra_wa_transport::{Request, ReqwestTransport, Transport};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let transport = ReqwestTransport::new()?;
    let response = transport.execute(Request::new("Hello".into())).await?;
    println!("{}", response.status());
    Ok(())
}
