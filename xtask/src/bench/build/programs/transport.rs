//! Carries one request.

use kaleyra_wa_transport::{Request, ReqwestTransport, Transport};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let transport = ReqwestTransport::new()?;
    let response = transport.execute(Request::new("Hello".to_owned().into())).await?;
    println!("{}", response.status());
    Ok(())
}
