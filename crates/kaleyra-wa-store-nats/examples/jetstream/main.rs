//! Receivers, workers and a load that share one NATS server. `README.md` beside this says what to watch.
//!
//! ```text
//! jetstream receive 0.0.0.0:8080        keeps callbacks, and handles none
//! jetstream work                        handles them, with others
//! jetstream load 10 HOST:PORT …         sends callbacks to these receivers for 10 seconds, each until it is acknowledged
//! ```
//!
//! `KWA_STORE` is the server, `KWA_SECRET` what callbacks carry in their header `x-secret`.
#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "an example talks to the person who started it"
)]

// The load is the same for each store.
#[path = "../../../kaleyra-wa-store-postgres/examples/cluster/load.rs"]
mod load;

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kaleyra_wa_inbox::Inbox;
use kaleyra_wa_inbox::webhook::{
    IncomingEvent, Receiver, SharedHeader, WebhookService, handler_fn, serve,
};
use kaleyra_wa_store_nats::{NatsOptions, NatsStore};
use tokio::net::TcpListener;
use tokio::time::{interval, sleep};

type Outcome = Result<(), Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["receive", address] => receive(address).await,
        ["work"] => work().await,
        ["load", seconds, ref receivers @ ..] if !receivers.is_empty() => {
            load::run(Duration::from_secs(seconds.parse()?), receivers, &secret()?).await
        }
        _ => Err("say `receive ADDRESS`, `work`, or `load SECONDS RECEIVER…`".into()),
    }
}

fn secret() -> Result<String, Box<dyn Error>> {
    std::env::var("KWA_SECRET").map_err(|_| "KWA_SECRET is missing".into())
}

/// The store; the server may be slower to start than this.
async fn store(receives_only: bool) -> Result<NatsStore, Box<dyn Error>> {
    let server = std::env::var("KWA_STORE").map_err(|_| "KWA_STORE is missing")?;
    loop {
        // As `nats.conf` has it.
        let options = NatsOptions::new(&server).server_syncs_always();
        let options = if receives_only {
            options.receive_only()
        } else {
            options
        };
        match options.open().await {
            Err(error) if error.is_temporary() => eprintln!("waiting for the store: {error}"),
            opened => return Ok(opened?),
        }
        sleep(Duration::from_millis(500)).await;
    }
}

async fn receive(address: &str) -> Outcome {
    let store = store(true).await?;
    // It never handles anything: this is for workers.
    let inbox = Inbox::builder(handler_fn(async |_| Ok(())))
        .start(store.clone())
        .await?;
    let receiver = Receiver::new(SharedHeader::new("x-secret", &secret()?)?);
    let listener = TcpListener::bind(address).await?;
    println!("receiving on {}", listener.local_addr()?);
    let service = WebhookService::new(receiver, inbox.clone());
    serve(listener, service, stopped()).await?;
    inbox.shutdown(Duration::from_secs(10)).await;
    store.close().await;
    Ok(())
}

async fn work() -> Outcome {
    let store = store(false).await?;
    let handled = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&handled);
    let handler = handler_fn(move |_: IncomingEvent| {
        let count = Arc::clone(&count);
        async move {
            // Whatever a bot does.
            sleep(Duration::from_millis(5)).await;
            count.fetch_add(1, Ordering::Relaxed);
            Ok(())
        }
    });
    let inbox = Inbox::builder(handler).start(store.clone()).await?;
    let mut stop = std::pin::pin!(stopped());
    let mut each_second = interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            () = &mut stop => break,
            _ = each_second.tick() => println!(
                "{} of 64 partitions, {} events handled, {} in memory",
                store.share(),
                handled.load(Ordering::Relaxed),
                inbox.depth().events
            ),
        }
    }
    inbox.shutdown(Duration::from_secs(10)).await;
    store.close().await;
    Ok(())
}

/// Ctrl-C, or what the compose file says instead.
async fn stopped() {
    let _ = tokio::signal::ctrl_c().await;
}
