//! How fast messages are sent with a journal that survives a crash, beside the same client without one, in the same run; and how
//! fast a campaign's recipients are imported, and in how much of a file.

#![allow(clippy::print_stdout, reason = "it prints tables")]

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use kaleyra_wa_client::types::outbound::template::Template;
use kaleyra_wa_client::{Account, BaseUrl, Client};
use kaleyra_wa_outbox::store::SqliteStore;
use kaleyra_wa_outbox::store::campaign::CampaignState;
use kaleyra_wa_outbox::{Outbox, Recipients};
use tokio::net::TcpListener;
use tokio::runtime::Builder;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const IN_FLIGHT: usize = 64;
const SENDS: u32 = 20_000;
const RECIPIENTS: u32 = 1_000_000;

fn main() -> Outcome<()> {
    let folder = std::env::args().nth(1).map(PathBuf::from);
    let folder = folder.ok_or("use FOLDER, on the disk that is to be measured")?;
    fs::create_dir_all(&folder)?;
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let address = runtime.block_on(serve())?;
    println!("outbox: {SENDS} messages to a server on this machine, {IN_FLIGHT} in flight\n");
    println!("| round | without a journal | outbox | ratio |");
    println!("|---|---|---|---|");
    for round in 1..=3 {
        let bare = runtime.block_on(bare(address))?;
        let path = folder.join(format!("outbox-{round}.db"));
        let ours = runtime.block_on(journaled(address, &path))?;
        println!(
            "| {round} | {bare:.0}/s | {ours:.0}/s | {:.2} |",
            ours / bare
        );
    }
    runtime.block_on(import(address, &folder))?;
    Ok(())
}

fn client(address: SocketAddr) -> Outcome<Client> {
    let server = BaseUrl::parse(&format!("http://{address}"))?;
    let account = Account::new(server, "HXIN0000000000IN", "A-key", "+918000000001")?;
    Ok(Client::new(account)?)
}

/// A server that accepts everything.
async fn serve() -> Outcome<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = service_fn(async |request: Request<Incoming>| {
                request.into_body().collect().await?;
                let body = r#"{"code":"WA202","message":"Request Accepted","data":{"message_id":"AX1"},"error":{}}"#;
                let mut response = Response::new(Full::new(Bytes::from_static(body.as_bytes())));
                *response.status_mut() = hyper::StatusCode::ACCEPTED;
                Ok::<_, hyper::Error>(response)
            });
            let connection = hyper::server::conn::http1::Builder::new();
            tokio::spawn(connection.serve_connection(TokioIo::new(stream), service));
        }
    });
    Ok(address)
}

fn template() -> Template {
    Template::new("offer", "en").body(["{{name}}"])
}

/// The same messages by the client alone.
async fn bare(address: SocketAddr) -> Outcome<f64> {
    let client = client(address)?;
    let recipients = (0..SENDS).map(|number| format!("+9198{number:08}"));
    let template = Template::new("offer", "en").body(["Asha"]);
    let begun = Instant::now();
    let mut sends = client
        .send_each(recipients, template)
        .concurrency(IN_FLIGHT);
    while let Some(outcome) = sends.next().await {
        outcome.result?;
    }
    Ok(f64::from(SENDS) / begun.elapsed().as_secs_f64())
}

async fn journaled(address: SocketAddr, path: &Path) -> Outcome<f64> {
    let store = SqliteStore::open(path)?;
    let outbox = Outbox::builder(client(address)?, store.clone())
        .rate(1_000_000)
        .in_flight(IN_FLIGHT)
        .start()
        .await?;
    let (campaign, _) = outbox
        .new_campaign("bench")
        .import(template(), Recipients::csv(csv(SENDS)?))
        .await?;
    let begun = Instant::now();
    campaign.run().await?;
    while campaign.status().await?.state != CampaignState::Done {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let rate = f64::from(SENDS) / begun.elapsed().as_secs_f64();
    outbox.shutdown(Duration::from_secs(10)).await;
    store.close().await;
    Ok(rate)
}

async fn import(address: SocketAddr, folder: &Path) -> Outcome<()> {
    let path = folder.join("import.db");
    let store = SqliteStore::open(&path)?;
    let outbox = Outbox::builder(client(address)?, store.clone()).build();
    let csv = csv(RECIPIENTS)?;
    let begun = Instant::now();
    let new = outbox.new_campaign("import");
    new.import(template(), Recipients::csv(csv)).await?;
    let rate = f64::from(RECIPIENTS) / begun.elapsed().as_secs_f64();
    store.close().await;
    let mib = fs::metadata(&path)?.len() as f64 / f64::from(1 << 20);
    let begun = Instant::now();
    let store = SqliteStore::open(&path)?;
    let outbox = Outbox::builder(client(address)?, store.clone())
        .start()
        .await?;
    let start = begun.elapsed();
    outbox.shutdown(Duration::from_secs(10)).await;
    store.close().await;
    println!(
        "\nimport of {RECIPIENTS} recipients: {rate:.0}/s, {mib:.0} MiB; a start with all of them pending: {start:.0?}"
    );
    Ok(())
}

fn csv(recipients: u32) -> Outcome<String> {
    let mut csv = String::from("to,name\n");
    for number in 0..recipients {
        // As numbers come: in no order. Each is there once, as the factor and the modulus have no divisor in common.
        let scattered = (u64::from(number) * 61_803_399) % 100_000_000;
        writeln!(csv, "+9198{scattered:08},Customer {number}")?;
    }
    Ok(csv)
}
