//! Ten thousand clients that connect and do nothing.

#![allow(clippy::print_stderr, reason = "it says where the system allows fewer")]

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use kaleyra_wa_webhook::Server;
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::{JoinSet, spawn_blocking};

use crate::server::{Answer, PATIENCE, Running, collecting};

/// As many as there should be, where the system lets one process have so many open files.
const MANY: usize = 10_000;
/// Files that are no connection of the flood.
const OTHER_FILES: u64 = 200;
/// Tells [`flood`] where to connect, and how often.
const TARGET: &str = "KALEYRA_WA_FLOOD";

/// How many connections a process can have, after raising its limit as far as it may.
fn possible() -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
    let files = limit
        .maximum
        .unwrap_or(u64::MAX)
        .saturating_sub(OTHER_FILES);
    let many = MANY.min(usize::try_from(files).unwrap());
    if many < MANY {
        eprintln!("{many} connections instead of {MANY}: the system allows no more open files");
    }
    many
}

/// The clients, in a process of their own, since each connection has two ends.
struct Flood {
    process: Child,
    lines: Option<std::io::Lines<BufReader<std::process::ChildStdout>>>,
}

impl Flood {
    fn start(address: SocketAddr, connections: usize) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "many::flood", "--ignored", "--nocapture"])
            .env(TARGET, format!("{address} {connections}"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = Some(BufReader::new(process.stdout.take().unwrap()).lines());
        Self { process, lines }
    }

    /// Waits for a line of its output that begins with a word, and returns the rest of it.
    async fn told(&mut self, word: &'static str) -> String {
        let mut lines = self.lines.take().unwrap();
        let (told, lines) = spawn_blocking(move || {
            let told = lines.by_ref().find_map(|line| {
                let line = line.unwrap();
                Some(line.strip_prefix(word)?.trim().to_owned())
            });
            (told, lines)
        })
        .await
        .unwrap();
        self.lines = Some(lines);
        told.unwrap_or_else(|| panic!("the flood ended before it was {word}"))
    }
}

impl Drop for Flood {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Connects, says `open` and how many are, waits until each connection is closed, says `closed` and
/// after how many milliseconds the first was.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the other tests run it as a process of its own"]
async fn flood() {
    let target = std::env::var(TARGET).expect("it is no test");
    let (address, connections) = target.split_once(' ').unwrap();
    let (address, connections): (SocketAddr, usize) =
        (address.parse().unwrap(), connections.parse().unwrap());
    assert!(possible() >= connections);

    let begun = Instant::now();
    let mut streams = Vec::with_capacity(connections);
    while streams.len() < connections {
        let batch = (connections - streams.len()).min(100);
        let mut connecting: JoinSet<_> = (0..batch).map(|_| TcpStream::connect(address)).collect();
        while let Some(stream) = connecting.join_next().await {
            streams.push(stream.unwrap().unwrap());
        }
        // They are accepted in order: once this one is answered, those before it have left the
        // system's queue, which would drop some of them if it overflowed.
        let mut asking = TcpStream::connect(address).await.unwrap();
        let request = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
        asking.write_all(request).await.unwrap();
        assert_eq!(Answer::read_to_end(&mut asking).await.status, 200);
    }
    // `WouldBlock` is a connection that is open, and silent.
    let is_open = |stream: &TcpStream| stream.try_read(&mut [0]).is_err();
    println!(
        "\nopen {}",
        streams.iter().filter(|stream| is_open(stream)).count()
    );

    let mut closing: JoinSet<_> = streams
        .into_iter()
        .map(|mut stream| async move {
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).await.ok();
            assert!(rest.is_empty());
        })
        .collect();
    closing.join_next().await.unwrap().unwrap();
    let first = begun.elapsed().as_millis();
    while let Some(closed) = closing.join_next().await {
        closed.unwrap();
    }
    println!("\nclosed {first}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_are_served_beside_idle_ones_and_these_are_closed_in_time() {
    let many = possible();
    // Long enough to open them all; a machine with other work gets longer, so that none is closed before the last is open.
    for seconds in [3, 12, 48] {
        let (service, _deliveries) = collecting();
        let server = Server::new(service).max_connections(many + 10);
        let server = server.header_timeout(Duration::from_secs(seconds));
        let server = Running::start(server).await;

        let begun = Instant::now();
        let mut flood = Flood::start(server.address, many);
        let open: usize = flood.told("open").await.parse().unwrap();
        if begun.elapsed() >= Duration::from_secs(seconds) {
            continue;
        }
        assert_eq!(open, many);
        for _ in 0..10 {
            server.assert_alive().await;
        }
        let first: u64 = flood.told("closed").await.parse().unwrap();
        let least = seconds * 1_000;
        assert!(first >= least, "the first was closed after {first} ms");
        server.assert_alive().await;
        return;
    }
    panic!("this machine can't open {many} connections within 48 seconds");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shutdown_does_not_wait_for_them() {
    // Longer than `stopped` waits.
    let drain_deadline = PATIENCE * 2;
    let (service, _deliveries) = collecting();
    let server = Server::new(service).max_connections(2_000);
    let mut server = Running::start(server.drain_deadline(drain_deadline)).await;

    let mut flood = Flood::start(server.address, 1_500);
    assert_eq!(flood.told("open").await, "1500");
    let begun = Instant::now();
    server.stop();
    server.stopped().await;
    assert!(begun.elapsed() < drain_deadline);
    flood.told("closed").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_idle_ones_than_places_make_room() {
    let (service, _deliveries) = collecting();
    // Nothing but the wish of others closes a connection in time.
    let server = Server::new(service)
        .max_connections(100)
        .header_timeout(PATIENCE * 2);
    let server = Running::start(server).await;
    let mut flood = Flood::start(server.address, 300);
    flood.told("open").await;
    let begun = Instant::now();
    server.assert_alive().await;
    assert!(begun.elapsed() < PATIENCE / 4, "{:?}", begun.elapsed());
}
