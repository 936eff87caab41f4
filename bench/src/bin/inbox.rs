//! How fast callbacks are kept through a crash, beside what the disk can sync and what memory alone can take, in the same
//! run; whether that stays so over a million; and how long a start takes with a million pending.

#![allow(clippy::print_stdout, reason = "it prints tables")]

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use kaleyra_wa_bench::load::Crowd;
use kaleyra_wa_bench::measure::median_ratio;
use kaleyra_wa_bench::memory;
use kaleyra_wa_bench::payloads::numbered;
use kaleyra_wa_inbox::Inbox;
use kaleyra_wa_store::inbox::{Fingerprint, InboxStore, NewDelivery, NewEvent};
use kaleyra_wa_store::{Moment, SqliteStore, tracking::Facts};
use kaleyra_wa_types::inbound::{Callback, EventKey};
use kaleyra_wa_webhook::{
    MemorySink, Receiver, SharedHeader, Sink, WebhookService, handler_fn, serve,
};
use tokio::runtime::{self, Runtime};
use tokio::sync::Notify;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const CONNECTIONS: usize = 64;
const ROUNDS: usize = 15;
/// Of each connection in a round.
const POSTS: usize = 200;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (mode, folder) = match arguments[..] {
        [folder] => ("", folder),
        [mode @ ("--flat" | "--start"), folder] => (mode, folder),
        _ => {
            return Err("use [--flat | --start] FOLDER, on the disk that is to be measured".into());
        }
    };
    let folder = PathBuf::from(folder);
    fs::create_dir_all(&folder)?;
    let bodies = numbered()?;
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    match mode {
        "--flat" => flat(&runtime, &folder, &bodies),
        "--start" => start_with_a_million(&runtime, &folder),
        _ => compare(&runtime, &folder, &bodies),
    }
}

/// The inbox beside the disk and the memory, in turn.
fn compare(runtime: &Runtime, folder: &Path, bodies: &[Vec<u8>]) -> Outcome<()> {
    let kept = serve_inbox(&fresh(folder, "kept.db")?, false)?;
    let handled = serve_inbox(&fresh(folder, "handled.db")?, true)?;
    let memory = serve_memory()?;
    let servers = [
        ("kept", kept),
        ("kept and handled", handled),
        ("in memory", memory),
    ];
    let mut crowds = Vec::new();
    for (_, server) in servers {
        crowds.push(runtime.block_on(Crowd::connect(server, CONNECTIONS, bodies))?);
    }
    let mut figures: Vec<Figures> = servers.iter().map(|_| Figures::default()).collect();
    let mut syncs = Vec::new();
    for round in 0..=ROUNDS {
        let synced = syncs_per_second(folder)?;
        if round > 0 {
            syncs.push(synced);
        }
        for (crowd, figures) in crowds.iter_mut().zip(&mut figures) {
            let mut seen = runtime.block_on(crowd.post(POSTS))?;
            // The first round warms up.
            if round > 0 {
                let posts = (CONNECTIONS * POSTS) as f64;
                figures.rates.push(posts / seen.time.as_secs_f64());
                figures.latencies.append(&mut seen.latencies);
            }
        }
    }
    println!(
        "{CONNECTIONS} senders on kept connections; bodies of about 1 KB; each 200 after a synced commit\n"
    );
    println!(
        "{:<24}{:>12}{:>12}{:>12}{:>10}{:>10}",
        "", "per second", "of fdatasync", "of memory", "p50", "p99"
    );
    println!(
        "{:<24}{:>12.0}{:>12.2}",
        "append + fdatasync",
        median(&syncs),
        1.0
    );
    let in_memory = figures[2].rates.clone();
    for ((name, _), figures) in servers.iter().zip(&mut figures) {
        println!(
            "{:<24}{:>12.0}{:>12.2}{:>12.2}{:>7.2} ms{:>7.2} ms",
            name,
            median(&figures.rates),
            median_ratio(&figures.rates, &syncs),
            median_ratio(&figures.rates, &in_memory),
            figures.percentile(50),
            figures.percentile(99),
        );
    }
    println!(
        "\nRates and ratios are medians of {ROUNDS} rounds in turn. {}",
        resident()
    );
    Ok(())
}

/// Posts a million callbacks, and tells how that changes on the way.
fn flat(runtime: &Runtime, folder: &Path, bodies: &[Vec<u8>]) -> Outcome<()> {
    const STEPS: usize = 10;
    const EACH: usize = 100_000 / CONNECTIONS + 1;
    let path = fresh(folder, "flat.db")?;
    let server = serve_inbox(&path, true)?;
    println!("kept and handled, one after the other; senders are part of the process\n");
    println!(
        "{:>12}{:>14}{:>10}{:>10}{:>12}{:>12}",
        "callbacks", "per second", "p50", "p99", "file", "resident"
    );
    runtime.block_on(async {
        let mut crowd = Crowd::connect(server, CONNECTIONS, bodies).await?;
        for step in 1..=STEPS {
            let seen = crowd.post(EACH).await?;
            let mut figures = Figures {
                rates: vec![(EACH * CONNECTIONS) as f64 / seen.time.as_secs_f64()],
                latencies: seen.latencies,
            };
            let rate = figures.rates[0];
            println!(
                "{:>12}{rate:>14.0}{:>7.2} ms{:>7.2} ms{:>8.0} MiB{:>8.0} MiB",
                step * EACH * CONNECTIONS,
                figures.percentile(50),
                figures.percentile(99),
                mib(fs::metadata(&path)?.len()),
                mib(memory::resident().unwrap_or_default()),
            );
        }
        Ok(())
    })
}

/// Makes a store with a million pending events, and times the start until the first is with its handler.
fn start_with_a_million(runtime: &Runtime, folder: &Path) -> Outcome<()> {
    const EVENTS: usize = 1_000_000;
    let path = fresh(folder, "start.db")?;
    runtime.block_on(async {
        let store = SqliteStore::open(&path)?;
        let begun = Instant::now();
        let mut waiting = Vec::new();
        for nth in 0..EVENTS {
            waiting.push(tokio::spawn(keep(store.clone(), nth)));
            if waiting.len() == 2_000 {
                for kept in waiting.drain(..) {
                    kept.await??;
                }
            }
        }
        for kept in waiting {
            kept.await??;
        }
        let rate = EVENTS as f64 / begun.elapsed().as_secs_f64();
        println!("kept {EVENTS} events without HTTP: {rate:.0} per second");
        store.close().await;

        let before = memory::resident().unwrap_or_default();
        let first = Arc::new(Notify::new());
        let told = Arc::clone(&first);
        let handler = handler_fn(move |_| {
            told.notify_one();
            std::future::pending()
        });
        let begun = Instant::now();
        let inbox = Inbox::open(&path, handler).await?;
        first.notified().await;
        let took = begun.elapsed();
        println!("start with {EVENTS} pending, until the first is with its handler: {took:.2?}");
        let grown = memory::resident()
            .unwrap_or_default()
            .saturating_sub(before);
        println!("memory for that: {:.0} MiB more", mib(grown));
        inbox.shutdown(Duration::ZERO).await;
        Ok(())
    })
}

async fn keep(store: SqliteStore, nth: usize) -> Outcome<()> {
    let user = 919_800_000_000 + nth as u64 % 100_000;
    let raw = format!(
        r#"{{"meta_object": {{"field": "messages", "value": {{"messages": [{{"from": "{user}", "id": "wamid.{nth}",
            "type": "text", "text": {{"body": "{}"}}}}]}}}}}}"#,
        "x".repeat(800)
    );
    let key = EventKey::from(format!("message/wamid.{nth}"));
    let delivery = NewDelivery {
        received_at: Moment::from(std::time::SystemTime::now()),
        events: vec![NewEvent {
            nth: 0,
            fingerprint: Some(Fingerprint::of(&Callback::default(), &key)),
            conversation: Some(user.to_string()),
            kind: kaleyra_wa_types::inbound::EventKind::Message,
        }],
        raw: raw.into(),
        facts: Facts::default(),
    };
    store.keep(delivery, Box::new(|_| ())).await?;
    Ok(())
}

/// How often this disk appends 4 KiB and syncs them, in a fifth of a second.
fn syncs_per_second(folder: &Path) -> io::Result<f64> {
    const TIME: Duration = Duration::from_millis(200);
    let path = folder.join("sync");
    let mut file = File::create(&path)?;
    let (block, begun, mut count) = ([0x4B; 4_096], Instant::now(), 0_u32);
    while begun.elapsed() < TIME {
        file.write_all(&block)?;
        file.sync_data()?;
        count += 1;
    }
    let rate = f64::from(count) / begun.elapsed().as_secs_f64();
    fs::remove_file(path)?;
    Ok(rate)
}

/// A path without what an earlier run left there.
fn fresh(folder: &Path, name: &str) -> io::Result<PathBuf> {
    for ending in ["", "-wal", "-shm", ".lock", ".reserve"] {
        match fs::remove_file(folder.join(format!("{name}{ending}"))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(folder.join(name))
}

fn serve_inbox(path: &Path, is_handled: bool) -> Outcome<SocketAddr> {
    let path = path.to_owned();
    start(move || async move {
        let handler = handler_fn(move |_| async move {
            if !is_handled {
                std::future::pending::<()>().await;
            }
            Ok(())
        });
        Inbox::open(path, handler).await.map_err(io::Error::other)
    })
}

fn serve_memory() -> Outcome<SocketAddr> {
    start(|| async { Ok(MemorySink::new(handler_fn(async |_| Ok(())))) })
}

/// Starts a server on a thread of its own, where it runs until the process ends.
fn start<F, S>(sink: impl FnOnce() -> F + Send + 'static) -> Outcome<SocketAddr>
where
    F: Future<Output = io::Result<S>>,
    S: Sink + 'static,
{
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let (ready, is_ready) = mpsc::channel();
    thread::spawn(move || -> Outcome<()> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let secret = SharedHeader::new("x-kaleyra-secret", "s3cret")?;
            let sink = sink().await;
            ready.send(sink.as_ref().map(drop).map_err(ToString::to_string))?;
            let service = WebhookService::new(Receiver::new(secret), sink?);
            serve(listener, service, std::future::pending()).await?;
            Ok(())
        })
    });
    is_ready.recv()??;
    Ok(address)
}

fn resident() -> String {
    let bytes = memory::peak().unwrap_or_default();
    format!(
        "All of it, senders included, had {:.0} MiB of memory at most.",
        mib(bytes)
    )
}

fn mib(bytes: u64) -> f64 {
    bytes as f64 / 1_024.0 / 1_024.0
}

fn median(rates: &[f64]) -> f64 {
    let mut rates = rates.to_vec();
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

#[derive(Default)]
struct Figures {
    rates: Vec<f64>,
    latencies: Vec<Duration>,
}

impl Figures {
    /// In milliseconds.
    fn percentile(&mut self, percent: usize) -> f64 {
        self.latencies.sort_unstable();
        let index = self.latencies.len() * percent / 100;
        self.latencies[index.min(self.latencies.len() - 1)].as_secs_f64() * 1e3
    }
}
