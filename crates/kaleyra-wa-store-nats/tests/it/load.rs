//! How many callbacks a second receivers take, beside what the server itself acknowledges.
//!
//! `KWA_LOAD` says how many seconds each measurement takes, as `cargo xtask bench jetstream` does; without it this is a short try of
//! what is measured.

use std::io::BufReader;
use std::net::TcpStream;
use std::process::Child;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use kaleyra_wa_store::inbox::InboxStore;
use kaleyra_wa_store_nats::async_nats::jetstream::{self, stream};
use kaleyra_wa_store_nats::{NatsOptions, async_nats};
use tokio::task::JoinSet;

use crate::child::{Role, address, start};
use crate::post::post;
use crate::sample::Folder;
use crate::server::Server;

/// Connections that callbacks come by.
const SENDERS: usize = 64;

#[test]
fn receivers_take_callbacks_as_fast_as_the_server_acknowledges() {
    let seconds = std::env::var("KWA_LOAD").ok();
    let seconds: Option<u64> = seconds.map(|it| it.parse().expect("a number of seconds"));
    let took = seconds.map_or(Duration::from_millis(700), Duration::from_secs);
    let receivers: &[usize] = if seconds.is_some() { &[1, 2, 4] } else { &[2] };
    for receivers in receivers {
        let Some(server) = Server::synced() else {
            return;
        };
        let rate = measure(&server, *receivers, took);
        println!("{receivers} receivers: {rate:.0} callbacks/s, each synced before its 200");
    }
    for publishers in [16, 64] {
        let Some(server) = Server::synced() else {
            return;
        };
        let rate = publish(&server, publishers, took);
        assert!(rate > 0.0);
        println!("publish+ack, {publishers} at a time, messages of 1 kB: {rate:.0}/s");
        if seconds.is_none() {
            return;
        }
    }
}

/// What the server itself does: each of these publishes, and waits for the acknowledgement.
fn publish(server: &Server, publishers: usize, took: Duration) -> f64 {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let client = async_nats::connect(server.url()).await.unwrap();
        let context = jetstream::new(client);
        let config = stream::Config {
            name: "LOAD".to_owned(),
            subjects: vec!["load.*".to_owned()],
            ..stream::Config::default()
        };
        context.create_stream(config).await.unwrap();
        let begun = Instant::now();
        let mut tasks = JoinSet::new();
        for publisher in 0..publishers {
            let context = context.clone();
            tasks.spawn(async move {
                let mut acknowledged = 0_u64;
                while begun.elapsed() < took {
                    let subject = format!("load.{publisher}");
                    let sent = context.publish(subject, vec![b'x'; 1_000].into()).await;
                    sent.unwrap().await.unwrap();
                    acknowledged += 1;
                }
                acknowledged
            });
        }
        let acknowledged: u64 = tasks.join_all().await.iter().sum();
        acknowledged as f64 / begun.elapsed().as_secs_f64()
    })
}

fn measure(server: &Server, receivers: usize, took: Duration) -> f64 {
    let folder = Folder::new();
    let folder = folder.path();
    let names: Vec<String> = (0..receivers)
        .map(|nth| format!("receiver-{nth}"))
        .collect();
    let lease = Duration::from_secs(30);
    let run = |name: &String| start(Role::Receiver, name, folder, &server.url(), lease);
    let mut children: Vec<Child> = names.iter().map(run).collect();
    let begun = Instant::now();
    while names.iter().any(|name| address(folder, name).is_none()) {
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
            let address = address(folder, &names[sender % receivers]).unwrap();
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
        let options = NatsOptions::new(server.url()).receive_only();
        let store = options.open().await.unwrap();
        store.stats().await.unwrap().waiting
    })
}
