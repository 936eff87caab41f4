//! How long a send takes beside what a user would write by hand with reqwest, against the same server, in the same run.
//!
//! Where code and stacks lie differs from start to start of a program, and moves the ratio by some hundredths: the table has
//! the medians of several starts.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it prints tables, and how far it is"
)]

use std::error::Error;
use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use kaleyra_wa_bench::measure::Figures;
use kaleyra_wa_bench::{memory, server};
use kaleyra_wa_client::{Account, BaseUrl, Client, MediaFile};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// How often the program is started.
const STARTS: usize = 9;
/// How many rounds a start has; in each, both ways have their turn.
const ROUNDS: usize = 41;
/// How many sends a turn has.
const SENDS: usize = 512;
const TO: &str = "+919800000001";
const TEXT: &str = "Your table is booked for tonight at eight. We look forward to seeing you!";

/// How many sends are under way at a time, in the rows of the table.
const LANES: [usize; 2] = [1, 64];

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => table(),
        // What the table starts.
        ["--start"] => start(),
        ["--upload"] => {
            let ours = ours(server::start()?)?;
            runtime()?.block_on(upload(&ours))
        }
        ["--once", way, count] => once(way, count.parse()?),
        _ => Err("use no arguments, --upload, or --once WAY COUNT".into()),
    }
}

/// One thread, so that both ways run under the same conditions, and the server has a core of its own.
fn runtime() -> io::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}

/// The medians of several starts of this program.
fn table() -> Outcome<()> {
    let mut starts = Vec::new();
    for number in 1..=STARTS {
        let output = Command::new(std::env::current_exe()?)
            .arg("--start")
            .stderr(Stdio::inherit())
            .output()?;
        if !output.status.success() {
            return Err(format!("start {number} failed: {}", output.status).into());
        }
        let start: Vec<Row> = serde_json::from_slice(&output.stdout)?;
        let ratios: Vec<String> = start
            .iter()
            .map(|row| format!("{:.3}", row.ratio))
            .collect();
        eprintln!(
            "start {number} of {STARTS}: ours/bare {}",
            ratios.join(", ")
        );
        starts.push(start);
    }
    println!(
        "send: median time of one, over loopback with kept connections; medians of {STARTS} starts\n"
    );
    println!(
        "{:<16}{:>14}{:>14}{:>12}{:>16}",
        "", "bare reqwest", "ours", "ours/bare", "of the starts"
    );
    for (row, lanes) in LANES.into_iter().enumerate() {
        let name = match lanes {
            1 => "one by one".to_owned(),
            _ => format!("{lanes} at a time"),
        };
        let sorted = |figure: fn(&Row) -> f64| {
            let mut figures: Vec<f64> = starts.iter().map(|start| figure(&start[row])).collect();
            figures.sort_by(f64::total_cmp);
            figures
        };
        let ratios = sorted(|row| row.ratio);
        let middle = STARTS / 2;
        println!(
            "{name:<16}{:>11.1} µs{:>11.1} µs{:>12.2}{:>16}",
            sorted(|row| row.bare)[middle],
            sorted(|row| row.ours)[middle],
            ratios[middle],
            format!("{:.2} - {:.2}", ratios[0], ratios[STARTS - 1]),
        );
    }
    println!(
        "\nBare is a shared `reqwest::Client`, the JSON put together with `json!`, the id taken out of a `Value`. \
         Ours adds the check of the limits, a reference, a verdict, time limits and a span. A ratio \
         is the median of the starts' own, each the median of its rounds'."
    );
    Ok(())
}

/// What a start tells of a row: microseconds, and the median of its rounds' ratios.
#[derive(Serialize, Deserialize)]
struct Row {
    bare: f64,
    ours: f64,
    ratio: f64,
}

/// One start: its rows, as JSON.
fn start() -> Outcome<()> {
    let server = server::start()?;
    let runtime = runtime()?;
    let (bare, ours) = (Bare::new(server)?, ours(server)?);
    let mut rows = Vec::new();
    for lanes in LANES {
        let [bare, ours] = compare(&runtime, lanes, &bare, &ours)?;
        rows.push(Row {
            bare: micros(bare.time()),
            ours: micros(ours.time()),
            ratio: ours.ratio_to(&bare),
        });
    }
    println!("{}", serde_json::to_string(&rows)?);
    Ok(())
}

/// Sends `count` times in one way, for counting instructions.
fn once(way: &str, count: usize) -> Outcome<()> {
    let server = server::start()?;
    let (bare, ours) = (Bare::new(server)?, ours(server)?);
    runtime()?.block_on(async {
        for _ in 0..count {
            match way {
                "bare" => drop(bare.send().await?),
                _ => drop(ours.send(TO, TEXT).await?),
            }
        }
        Ok(())
    })
}

/// Uploads 100 MB from disk, and tells the most memory that the process had.
async fn upload(client: &Client) -> Outcome<()> {
    const SIZE: usize = 100_000_000;
    let before = memory::peak();
    let path = std::env::temp_dir().join(format!("kaleyra-wa-bench-{}.pdf", std::process::id()));
    File::create(&path)?.set_len(SIZE as u64)?;
    let start = Instant::now();
    let outcome = client.upload(MediaFile::path(&path)).await;
    let time = start.elapsed();
    std::fs::remove_file(&path)?;
    outcome?;
    let mebibytes = |bytes: Option<u64>| bytes.map(|bytes| bytes as f64 / 1024.0 / 1024.0);
    println!(
        "upload of {} MB from disk: {:.2} s; peak memory {:.1} MiB, {:.1} MiB before it (server included)",
        SIZE / 1_000_000,
        time.as_secs_f64(),
        mebibytes(memory::peak()).unwrap_or(f64::NAN),
        mebibytes(before).unwrap_or(f64::NAN),
    );
    Ok(())
}

/// Both ways in turn: what one send took.
fn compare(runtime: &Runtime, lanes: usize, bare: &Bare, ours: &Client) -> Outcome<[Figures; 2]> {
    let by_hand = || -> Outcome<Duration> {
        let start = Instant::now();
        runtime.block_on(in_lanes(lanes, || {
            let bare = bare.clone();
            async move { bare.send().await }
        }))?;
        Ok(start.elapsed() / SENDS as u32)
    };
    let with_ours = || -> Outcome<Duration> {
        let start = Instant::now();
        runtime.block_on(in_lanes(lanes, || {
            let ours = ours.clone();
            async move {
                let sent = ours.send(TO, TEXT).await?;
                Ok(sent.message_id().to_string())
            }
        }))?;
        Ok(start.elapsed() / SENDS as u32)
    };
    // The first round opens the connections.
    by_hand()?;
    with_ours()?;
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        // Each goes first as often as the other.
        if round % 2 == 0 {
            times[0].push(by_hand()?);
            times[1].push(with_ours()?);
        } else {
            times[1].push(with_ours()?);
            times[0].push(by_hand()?);
        }
    }
    let [bare, ours] = times;
    Ok([Figures::new("bare", bare), Figures::new("ours", ours)])
}

/// So many sends, so many at a time.
async fn in_lanes<F>(lanes: usize, send: impl Fn() -> F) -> Outcome<()>
where
    F: Future<Output = Outcome<String>> + Send + 'static,
{
    let mut running = tokio::task::JoinSet::new();
    for started in 0..SENDS {
        if started >= lanes
            && let Some(sent) = running.join_next().await
        {
            sent??;
        }
        running.spawn(send());
    }
    while let Some(sent) = running.join_next().await {
        sent??;
    }
    Ok(())
}

/// What one would write by hand.
#[derive(Clone)]
struct Bare {
    client: reqwest::Client,
    url: String,
}

impl Bare {
    fn new(server: SocketAddr) -> Outcome<Self> {
        Ok(Self {
            client: reqwest::Client::builder()
                .no_proxy()
                .tls_backend_preconfigured(tls()?)
                .build()?,
            url: format!("http://{server}/v2/HX1/whatsapp/+918000000001/messages"),
        })
    }

    async fn send(&self) -> Outcome<String> {
        let message = json!({
            "messaging_object": {
                "messaging_product": "whatsapp",
                "recipient_type": "individual",
                "to": TO,
                "type": "text",
                "text": {"body": TEXT},
            },
        });
        let answer = self
            .client
            .post(&self.url)
            .header("api-key", "A-key")
            .header("content-type", "application/json")
            .body(message.to_string())
            .send()
            .await?
            .error_for_status()?
            .bytes()
            .await?;
        let answer: Value = serde_json::from_slice(&answer)?;
        let id = answer["data"]["message_id"].as_str().ok_or("no id")?;
        Ok(id.to_owned())
    }
}

/// No certificate is ever looked at; without a provider the client could not be built.
fn tls() -> Outcome<rustls::ClientConfig> {
    let provider = rustls::crypto::ring::default_provider();
    let config = rustls::ClientConfig::builder_with_provider(provider.into())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    Ok(config)
}

fn ours(server: SocketAddr) -> Outcome<Client> {
    let server = BaseUrl::parse(&format!("http://{server}"))?;
    Ok(Client::new(Account::new(
        server,
        "HX1",
        "A-key",
        "+918000000001",
    )?)?)
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
