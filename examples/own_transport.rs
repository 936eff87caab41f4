//! A transport of your own around the client's: it writes a line for each request, with what became of it, and counts nothing as sent
//! that was not. `own_transport +919800000001 Hello` sends a message through it.
//!
//! A transport that speaks HTTP itself, instead of handing on to another, claims `SendOnce` first: the README has one.
#![allow(clippy::print_stdout, reason = "an example talks to who runs it")]

use std::env;
use std::error::Error;
use std::time::Instant;

use async_trait::async_trait;
use kaleyra_wa_client::{Account, Client};
use kaleyra_wa_transport::{Request, ReqwestTransport, Response, Transport, TransportError};

/// What an auditor may see: no key, no number, no text.
struct Audited<T>(T);

#[async_trait]
impl<T: Transport> Transport for Audited<T> {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        let begun = Instant::now();
        let method = request.method().clone();
        let length = request.body().as_bytes().map(|body| body.len());
        let outcome = self.0.execute(request).await;
        let told = match &outcome {
            Ok(response) => format!("status {}", response.status().as_u16()),
            // How far it got is what the client's verdict rests on, so it is handed on as it is.
            Err(error) => format!("failed at {:?}: {:?}", error.phase(), error.kind()),
        };
        let milliseconds = begun.elapsed().as_millis();
        println!("audit: {method} of {length:?} bytes, {told}, {milliseconds} ms");
        outcome
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [to, text] = &arguments[..] else {
        return Err("usage: own_transport NUMBER TEXT".into());
    };
    let transport = Audited(ReqwestTransport::new()?);
    let client = Client::with_transport(Account::from_env()?, transport);
    match client.send(to.as_str(), text.as_str()).await {
        Ok(sent) => println!("accepted as {}", sent.message_id()),
        Err(error) => println!("{:?}: {error}", error.delivery()),
    }
    Ok(())
}
