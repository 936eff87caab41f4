//! How many callbacks a second receivers take, beside what the server itself commits.
//!
//! `KWA_LOAD` says how many seconds each measurement takes, as `cargo xtask bench cluster` does; without it this is a short try of
//! what is measured.

use std::fs;
use std::io::BufReader;
use std::net::TcpStream;
use std::path::Path;
use std::process::Child;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use kaleyra_wa_store::inbox::InboxStore;
use kaleyra_wa_store_postgres::PostgresOptions;

use crate::child::{Role, address, start};
use crate::cluster::post;
use crate::server::Server;

/// Connections that callbacks come by.
const SENDERS: usize = 64;

#[test]
fn receivers_take_callbacks_as_fast_as_the_server_commits() {
    let seconds = std::env::var("KWA_LOAD").ok();
    let seconds: Option<u64> = seconds.map(|it| it.parse().expect("a number of seconds"));
    let took = seconds.map_or(Duration::from_millis(700), Duration::from_secs);
    let receivers: &[usize] = if seconds.is_some() { &[1, 2, 4] } else { &[2] };
    for receivers in receivers {
        let Some(server) = Server::start() else {
            return;
        };
        let rate = measure(&server, *receivers, took);
        println!("{receivers} receivers: {rate:.0} callbacks/s, each committed before its 200");
    }
    if let Some(seconds) = seconds {
        let Some(server) = Server::start() else {
            return;
        };
        for clients in [16, 64] {
            let rate = server.pgbench(clients, seconds);
            println!("pgbench, {clients} clients, a row of 1 kB in each transaction: {rate:.0}/s");
        }
    }
}

fn measure(server: &Server, receivers: usize, took: Duration) -> f64 {
    let folder = std::env::temp_dir().join(format!("kwa-load-{}-{receivers}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let names: Vec<String> = (0..receivers)
        .map(|nth| format!("receiver-{nth}"))
        .collect();
    let lease = Duration::from_secs(30);
    let run = |name: &String| start(Role::Receiver, name, &folder, &server.url(), lease);
    let mut children: Vec<Child> = names.iter().map(run).collect();
    let begun = Instant::now();
    while names.iter().any(|name| address(&folder, name).is_none()) {
        assert!(
            begun.elapsed() < Duration::from_secs(120),
            "no receiver comes up"
        );
        thread::sleep(Duration::from_millis(10));
    }
    let (stop, acknowledged) = (AtomicBool::new(false), AtomicU64::new(0));
    let begun = Instant::now();
    thread::scope(|scope| {
        for sender in 0..SENDERS {
            let address = address(&folder, &names[sender % receivers]).unwrap();
            let (stop, acknowledged) = (&stop, &acknowledged);
            scope.spawn(move || send(&address, sender, stop, acknowledged));
        }
        thread::sleep(took);
        stop.store(true, Ordering::SeqCst);
    });
    let rate = acknowledged.load(Ordering::SeqCst) as f64 / begun.elapsed().as_secs_f64();
    for child in &mut children {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let kept = kept(server);
    let acknowledged = acknowledged.load(Ordering::SeqCst);
    assert!(acknowledged > 0);
    assert!(
        kept >= acknowledged,
        "{acknowledged} acknowledged, {kept} kept"
    );
    remove(&folder);
    rate
}

fn send(address: &str, sender: usize, stop: &AtomicBool, acknowledged: &AtomicU64) {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(&stream);
    for number in 0_u64.. {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let id = format!("{sender}-{number:09}-{}", "x".repeat(700));
        if post(&stream, &mut reader, &sender.to_string(), &id) == Some(200) {
            acknowledged.fetch_add(1, Ordering::SeqCst);
        }
    }
}

fn kept(server: &Server) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let options = PostgresOptions::new(&server.url()).receive_only();
        let store = options.open().await.unwrap();
        store.stats().await.unwrap().waiting
    })
}

fn remove(folder: &Path) {
    let _ = fs::remove_dir_all(folder);
}
