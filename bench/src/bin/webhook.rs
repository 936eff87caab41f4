//! How fast callbacks are taken, beside a bare hyper server and axum, with the same senders, in the same run.

#![allow(clippy::print_stdout, reason = "it prints tables")]

use std::convert::Infallible;
use std::env;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use axum::Json;
use axum::routing::post;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use kaleyra_wa_bench::load::Crowd;
use kaleyra_wa_bench::measure::median_ratio;
use kaleyra_wa_bench::memory;
use kaleyra_wa_bench::payloads::numbered;
use kaleyra_wa_types::inbound::Callback;
use kaleyra_wa_webhook::{
    MemorySink, Receiver, SharedHeader, Sink, WebhookService, handler_fn, serve, sink_fn,
};
use serde::de::IgnoredAny;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::{self, Runtime};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const CONNECTIONS: usize = 64;
const ROUNDS: usize = 25;
/// Of each connection in a round.
const POSTS: usize = 200;

/// A server under test.
struct Way {
    name: &'static str,
    start: fn(std::net::TcpListener) -> io::Result<()>,
}

const WAYS: [Way; 6] = [
    Way {
        name: "bare hyper",
        start: |listener| run(listener, bare),
    },
    Way {
        name: "bare, JSON checked",
        start: |listener| run(listener, checked),
    },
    Way {
        name: "bare, and parsed",
        start: |listener| run(listener, parsed),
    },
    Way {
        name: "axum, Json<Value>",
        start: |listener| run(listener, in_axum),
    },
    Way {
        name: "ours, no-op sink",
        start: |listener| run(listener, no_op),
    },
    Way {
        name: "ours, in memory",
        start: |listener| run(listener, in_memory),
    },
];

fn main() -> Outcome<()> {
    // The three documented callbacks and a status, in turn.
    let bodies = numbered()?;
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {}
        ["--flat"] => return flat(&runtime, &bodies),
        ["--once", name, count] => return once(&runtime, name, count.parse()?, &bodies),
        _ => return Err("use no arguments, --flat, or --once WAY COUNT".into()),
    }

    let mut crowds = Vec::new();
    for way in &WAYS {
        let server = start(way)?;
        crowds.push(runtime.block_on(Crowd::connect(server, CONNECTIONS, &bodies))?);
    }

    let mut figures: Vec<Figures> = WAYS.iter().map(|_| Figures::default()).collect();
    for round in 0..=ROUNDS {
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

    println!("{CONNECTIONS} senders on kept connections; a core for them, a core for the server\n");
    println!(
        "{:<20}{:>14}{:>12}{:>10}{:>10}",
        "", "callbacks/s", "of bare", "p50", "p99"
    );
    let bare = figures[0].rates.clone();
    for (way, figures) in WAYS.iter().zip(&mut figures) {
        println!(
            "{:<20}{:>14.0}{:>12.2}{:>7.2} ms{:>7.2} ms",
            way.name,
            figures.rate(),
            median_ratio(&figures.rates, &bare),
            figures.percentile(50),
            figures.percentile(99),
        );
    }
    println!(
        "\nRates and ratios are medians of {ROUNDS} rounds in turn. Ours verifies a secret, reads the callback and asks the sink."
    );
    Ok(())
}

/// Posts a million callbacks to the in-memory sink, and tells how much memory the process has on the way.
fn flat(runtime: &Runtime, bodies: &[Vec<u8>]) -> Outcome<()> {
    const STEPS: usize = 10;
    const EACH: usize = 100_000 / CONNECTIONS + 1;
    let server = start(&WAYS[WAYS.len() - 1])?;
    println!("memory of the in-memory sink's process, senders included\n");
    println!("{:>12}{:>12}", "callbacks", "resident");
    runtime.block_on(async {
        let mut crowd = Crowd::connect(server, CONNECTIONS, bodies).await?;
        for step in 1..=STEPS {
            // The latencies are dropped each time: they would be what grows.
            crowd.post(EACH).await?;
            let resident = memory::resident().map_or_else(
                || "unknown".to_owned(),
                |bytes| format!("{:.1} MiB", bytes as f64 / 1024.0 / 1024.0),
            );
            println!("{:>12}{resident:>12}", step * EACH * CONNECTIONS);
        }
        Ok(())
    })
}

/// Posts so many callbacks to one server, for counting instructions.
fn once(runtime: &Runtime, name: &str, count: usize, bodies: &[Vec<u8>]) -> Outcome<()> {
    let way = WAYS.iter().find(|way| way.name == name);
    let server = start(way.ok_or("no such way")?)?;
    runtime.block_on(async {
        let mut crowd = Crowd::connect(server, 1, bodies).await?;
        crowd.post(count).await?;
        Ok(())
    })
}

#[derive(Default)]
struct Figures {
    rates: Vec<f64>,
    latencies: Vec<Duration>,
}

impl Figures {
    fn rate(&self) -> f64 {
        let mut rates = self.rates.clone();
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    }

    /// In milliseconds.
    fn percentile(&mut self, percent: usize) -> f64 {
        self.latencies.sort_unstable();
        let index = self.latencies.len() * percent / 100;
        self.latencies[index.min(self.latencies.len() - 1)].as_secs_f64() * 1e3
    }
}

/// Starts a server on a thread of its own, where it runs until the process ends.
fn start(way: &Way) -> io::Result<SocketAddr> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let start = way.start;
    thread::spawn(move || start(listener));
    Ok(address)
}

fn run<F>(listener: std::net::TcpListener, server: fn(TcpListener) -> F) -> io::Result<()>
where
    F: Future<Output = io::Result<()>>,
{
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async { server(TcpListener::from_std(listener)?).await })
}

/// The least that a server does: it reads the body and responds with 200.
async fn bare(listener: TcpListener) -> io::Result<()> {
    in_hyper(listener, |_| StatusCode::OK).await
}

/// The same with the body checked for being JSON, which a server must know to respond with 400; nothing of it is kept.
async fn checked(listener: TcpListener) -> io::Result<()> {
    in_hyper(listener, |body| {
        let text = std::str::from_utf8(body);
        match text.map(serde_json::from_str::<IgnoredAny>) {
            Ok(Ok(_)) => StatusCode::OK,
            _ => StatusCode::BAD_REQUEST,
        }
    })
    .await
}

/// The same with the callback read: what no service that reads callbacks can be faster than.
async fn parsed(listener: TcpListener) -> io::Result<()> {
    in_hyper(listener, |body| match Callback::from_slice(body) {
        Ok(callback) => {
            std::hint::black_box(callback);
            StatusCode::OK
        }
        Err(_) => StatusCode::BAD_REQUEST,
    })
    .await
}

async fn in_hyper(listener: TcpListener, take: fn(&[u8]) -> StatusCode) -> io::Result<()> {
    let response = move |request: Request<Incoming>| async move {
        let mut response = Response::new(Full::<Bytes>::from("accepted\n"));
        *response.status_mut() = match request.into_body().collect().await {
            Ok(body) => take(&body.to_bytes()),
            Err(_) => StatusCode::BAD_REQUEST,
        };
        Ok::<_, Infallible>(response)
    };
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new());
        tokio::spawn(http.serve_connection(TokioIo::new(stream), service_fn(response)));
    }
}

/// What one would write with axum.
async fn in_axum(listener: TcpListener) -> io::Result<()> {
    async fn take(Json(callback): Json<Value>) -> StatusCode {
        std::hint::black_box(callback);
        StatusCode::OK
    }
    axum::serve(listener, axum::Router::new().route("/", post(take))).await
}

async fn no_op(listener: TcpListener) -> io::Result<()> {
    ours(listener, sink_fn(|_| async { Ok(()) })).await
}

/// With order per conversation, repetitions dropped, and a handler that does nothing.
async fn in_memory(listener: TcpListener) -> io::Result<()> {
    ours(listener, MemorySink::new(handler_fn(async |_| Ok(())))).await
}

async fn ours(listener: TcpListener, sink: impl Sink + 'static) -> io::Result<()> {
    let secret = SharedHeader::new("x-kaleyra-secret", "s3cret").map_err(io::Error::other)?;
    let service = WebhookService::new(Receiver::new(secret), sink);
    serve(listener, service, std::future::pending()).await
}
