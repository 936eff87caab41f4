//! Two receivers, three workers and their server, killed at random: what was acknowledged is kept, and handled in its order.

use std::collections::BTreeMap;
use std::fs;
use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use kaleyra_wa_inbox::webhook::ReceivedCallback;
use kaleyra_wa_store::inbox::{EventQuery, EventRecord, EventState, InboxStore};
use kaleyra_wa_store_nats::NatsOptions;

use crate::child::{Role, address, start};
use crate::post::Sender;
use crate::sample::Folder;
use crate::server::Server;

const CONVERSATIONS: usize = 6;
const LEASE: Duration = Duration::from_secs(4);
const NAMES: [(Role, &str); 5] = [
    (Role::Receiver, "receiver-1"),
    (Role::Receiver, "receiver-2"),
    (Role::Worker, "worker-1"),
    (Role::Worker, "worker-2"),
    (Role::Worker, "worker-3"),
];

/// All that runs, and is killed.
struct Cluster {
    server: Server,
    folder: Folder,
    children: Vec<Child>,
}

impl Cluster {
    fn start() -> Option<Self> {
        let mut cluster = Self {
            server: Server::start()?,
            folder: Folder::new(),
            children: Vec::new(),
        };
        for (role, name) in NAMES {
            let url = cluster.server.url();
            let child = start(role, name, cluster.folder.path(), &url, LEASE);
            cluster.children.push(child);
        }
        Some(cluster)
    }

    fn kill(&mut self, number: usize) {
        let Some((role, name)) = NAMES.get(number) else {
            self.server.kill();
            return self.server.run();
        };
        let _ = self.children[number].kill();
        let _ = self.children[number].wait();
        let folder = self.folder.path();
        let _ = fs::remove_file(folder.join(format!("{name}.address")));
        self.children[number] = start(*role, name, folder, &self.server.url(), LEASE);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
        if thread::panicking() {
            for (_, name) in NAMES {
                let log = fs::read_to_string(self.folder.path().join(format!("{name}.log")));
                eprintln!("--- {name}\n{}", log.unwrap_or_default());
            }
        }
    }
}

/// `KWA_KILLS` says how many; 50 if nothing does.
#[test]
fn kills_of_anybody_lose_nothing_that_was_acknowledged() {
    let kills = std::env::var("KWA_KILLS").ok();
    let kills: usize = kills.map_or(50, |kills| kills.parse().expect("a number of kills"));
    let Some(mut cluster) = Cluster::start() else {
        return;
    };
    let mut senders: Vec<Sender> = (0..CONVERSATIONS).map(Sender::new).collect();
    let stop = AtomicBool::new(false);
    let folder = cluster.folder.path().to_owned();
    let begun = Instant::now();
    while address(&folder, "receiver-1").is_none() {
        let is_late = begun.elapsed() > Duration::from_secs(60);
        assert!(!is_late, "no receiver comes up");
        thread::sleep(Duration::from_millis(10));
    }
    thread::scope(|scope| {
        for sender in &mut senders {
            scope.spawn(|| sender.send(&folder, &["receiver-1", "receiver-2"], &stop));
        }
        let mut chance: u64 = 0x9E37_79B9;
        for kill in 0..kills {
            chance = chance
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            thread::sleep(Duration::from_millis(50 + (chance >> 33) % 300));
            // One of the five, and now and then the server.
            let number = if kill % 6 == 5 {
                NAMES.len()
            } else {
                (chance >> 40) as usize % NAMES.len()
            };
            cluster.kill(number);
        }
        thread::sleep(Duration::from_secs(1));
        stop.store(true, Ordering::SeqCst);
    });
    let acknowledged: usize = senders.iter().map(|sender| sender.acknowledged.len()).sum();
    println!("{kills} kills, {acknowledged} acknowledged");
    assert!(acknowledged > kills, "{acknowledged}");
    judge(&cluster, &senders);
}

/// Lets all that is left be handled, and checks all that is promised.
fn judge(cluster: &Cluster, senders: &[Sender]) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let records: Vec<EventRecord> = runtime.block_on(async {
        let options = NatsOptions::new(cluster.server.url()).receive_only();
        let store = options.open().await.unwrap();
        let begun = Instant::now();
        while !store.stats().await.is_ok_and(|stats| stats.live() == 0) {
            if begun.elapsed() > Duration::from_secs(120) {
                let all = store.events(EventQuery::new()).await.unwrap();
                let live = all.iter().filter(|event| event.state.is_live());
                panic!("these wait for ever: {:#?}", live.collect::<Vec<_>>());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let (mut records, mut query) = (Vec::new(), EventQuery::new().with_bodies());
        loop {
            let page = store.events(query.clone()).await.unwrap();
            let Some(last) = page.last() else { break };
            query = query.after(last.id);
            records.extend(page);
        }
        records
    });

    let mut kept: BTreeMap<String, EventState> = BTreeMap::new();
    for record in &records {
        let raw = record.raw.clone().unwrap();
        let came = ReceivedCallback::from_raw(raw, std::time::SystemTime::now()).unwrap();
        let id = came.events().next().unwrap().id().unwrap().to_owned();
        let before = kept.insert(id, record.state);
        assert_eq!(before, None, "an event was kept twice");
    }
    for id in senders.iter().flat_map(|sender| &sender.acknowledged) {
        assert!(kept.contains_key(id), "{id} was acknowledged and is lost");
    }
    let all = kept.values();
    let handled = all.filter(|it| **it == EventState::Handled).count();
    assert_eq!(handled, kept.len(), "all are handled in the end");

    let log = fs::read_to_string(cluster.folder.path().join("log")).unwrap();
    for conversation in 0..CONVERSATIONS {
        let prefix = format!("{conversation}-");
        let lines = log.lines().filter(|line| line.starts_with(&prefix));
        let mut done: Vec<&str> = lines.filter_map(|line| line.split(' ').next()).collect();
        done.dedup();
        assert!(
            done.is_sorted(),
            "conversation {conversation} was handled out of its order"
        );
    }
    println!("{} events, all handled", kept.len());
}
