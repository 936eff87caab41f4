//! Two receivers, three workers and their server, killed at random: what was acknowledged is kept, handled in its order,
//! replied to once and sent at most once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use kaleyra_wa_inbox::webhook::ReceivedCallback;
use kaleyra_wa_store::inbox::{EventQuery, EventState, InboxStore};
use kaleyra_wa_store::outbox::{OutboxStore, SendQuery, SendState};
use kaleyra_wa_store_postgres::PostgresOptions;
use kaleyra_wa_store_postgres::tokio_postgres::{self, NoTls};

use crate::child::{Role, address, start};
use crate::server::Server;

const CONVERSATIONS: usize = 6;
const LEASE: Duration = Duration::from_secs(5);
const NAMES: [(Role, &str); 5] = [
    (Role::Receiver, "receiver-1"),
    (Role::Receiver, "receiver-2"),
    (Role::Worker, "worker-1"),
    (Role::Worker, "worker-2"),
    (Role::Worker, "worker-3"),
];

/// One sender of callbacks, who repeats each until it is acknowledged, as Kaleyra does; now to one receiver, now to the other.
struct Sender {
    conversation: usize,
    next: u32,
    acknowledged: Vec<String>,
}

impl Sender {
    fn send(&mut self, folder: &Path, stop: &AtomicBool) {
        let mut turn = self.conversation;
        while !stop.load(Ordering::SeqCst) {
            turn += 1;
            let name = NAMES[turn % 2].1;
            let Some(address) = address(folder, name) else {
                thread::sleep(Duration::from_millis(5));
                continue;
            };
            let Ok(stream) = TcpStream::connect(address) else {
                thread::sleep(Duration::from_millis(5));
                continue;
            };
            stream
                .set_read_timeout(Some(Duration::from_secs(10)))
                .unwrap();
            let mut reader = BufReader::new(&stream);
            // A few on each connection.
            for _ in 0..20 {
                let id = format!("{}-{:06}", self.conversation, self.next);
                if post(&stream, &mut reader, &self.conversation.to_string(), &id) != Some(200) {
                    thread::sleep(Duration::from_millis(5));
                    break;
                }
                self.acknowledged.push(id);
                self.next += 1;
                if stop.load(Ordering::SeqCst) {
                    return;
                }
            }
        }
    }
}

/// Sends a message on a connection of its own.
pub(crate) fn post_once(address: &str, from: &str, id: &str) -> Option<u16> {
    let stream = TcpStream::connect(address).ok()?;
    post(&stream, &mut BufReader::new(&stream), from, id)
}

/// The status of the response; `None` where there is none.
pub(crate) fn post(
    mut stream: &TcpStream,
    reader: &mut BufReader<&TcpStream>,
    from: &str,
    id: &str,
) -> Option<u16> {
    let body = format!(
        r#"{{"meta_object": {{"field": "messages", "value": {{"messages": [
            {{"from": "{from}", "id": "{id}", "type": "text", "text": {{"body": "Hello"}}}}]}}}}}}"#
    );
    let head = format!(
        "POST / HTTP/1.1\r\nhost: a\r\nx-secret: a long random text\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).ok()?;
    let (mut status, mut length) = (None, 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(rest) = line.strip_prefix("http/1.1 ") {
            status = rest.get(..3)?.parse().ok();
        } else if let Some(rest) = line.strip_prefix("content-length:") {
            length = rest.trim().parse().ok()?;
        } else if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    status
}

/// All that runs, and is killed.
struct Cluster {
    server: Server,
    folder: PathBuf,
    children: Vec<Child>,
}

impl Cluster {
    fn start() -> Option<Self> {
        let server = Server::start()?;
        let folder = std::env::temp_dir().join(format!("kwa-cluster-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let mut cluster = Self {
            server,
            folder,
            children: Vec::new(),
        };
        for (role, name) in NAMES {
            let child = start(role, name, &cluster.folder, &cluster.server.url(), LEASE);
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
        let _ = fs::remove_file(self.folder.join(format!("{name}.address")));
        self.children[number] = start(*role, name, &self.folder, &self.server.url(), LEASE);
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
                let log = fs::read_to_string(self.folder.join(format!("{name}.log")));
                eprintln!("--- {name}\n{}", log.unwrap_or_default());
            }
        }
        let _ = fs::remove_dir_all(&self.folder);
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
    let mut senders: Vec<Sender> = (0..CONVERSATIONS)
        .map(|conversation| Sender {
            conversation,
            next: 0,
            acknowledged: Vec::new(),
        })
        .collect();
    let stop = AtomicBool::new(false);
    let folder = cluster.folder.clone();
    let begun = Instant::now();
    while address(&folder, "receiver-1").is_none() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "no receiver comes up"
        );
        thread::sleep(Duration::from_millis(10));
    }
    thread::scope(|scope| {
        for sender in &mut senders {
            scope.spawn(|| sender.send(&folder, &stop));
        }
        let mut chance: u64 = 0x9E37_79B9;
        for kill in 0..kills {
            chance = chance
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            thread::sleep(Duration::from_millis(50 + (chance >> 33) % 300));
            // One of the five, and now and then the server.
            let number = if kill % 10 == 5 {
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

/// What is where, for who has to find out why something does not go on.
async fn explain(url: &str) -> String {
    let sql = "SELECT format('%s state %s by %s under %s', 'send', state, epoch, claim), count(*) FROM kwa.send WHERE state < 8 GROUP BY 1
               UNION ALL SELECT format('event state %s of shard %s (%s)', e.state, s.id, s.worker), count(*)
                 FROM kwa.event e JOIN kwa.shard s ON s.id = e.shard WHERE e.state < 8 GROUP BY 1
               UNION ALL SELECT format('worker %s handles %s until %s', id, handles, leased_until), 1 FROM kwa.worker
               UNION ALL SELECT format('sender of %s', worker), 1 FROM kwa.sender_lease";
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let rows = client.query(sql, &[]).await.unwrap();
    let lines = rows.iter().map(|row| {
        let (what, count): (String, i64) = (row.get(0), row.get(1));
        format!("{count} {what}\n")
    });
    lines.collect()
}

/// Waits until nothing is left, for as long as it gets less: the machine may be slow.
async fn comes_to_nothing(what: &str, url: &str, left: impl AsyncFn() -> Option<u64>) {
    const LONGEST: Duration = Duration::from_secs(120);
    let (mut least, mut since) = (u64::MAX, Instant::now());
    loop {
        match left().await {
            Some(0) => return,
            Some(left) if left < least => (least, since) = (left, Instant::now()),
            _ => {}
        }
        if since.elapsed() >= LONGEST {
            let why = explain(url).await;
            panic!("{least} {what} are left, and in {LONGEST:?} none of them went on\n{why}");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Lets all that is left be handled, and checks all that is promised.
fn judge(cluster: &Cluster, senders: &[Sender]) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let (records, sends) = runtime.block_on(async {
        let options = PostgresOptions::new(&cluster.server.url()).receive_only();
        let store = options.open().await.unwrap();
        let url = cluster.server.url();
        comes_to_nothing("events", &url, async || store.live().await.ok()).await;
        comes_to_nothing("sends", &url, async || {
            let stats = store.outbox_stats().await.ok()?;
            Some(stats.count(SendState::Queued) + stats.count(SendState::Flying))
        })
        .await;
        let (mut records, mut query) = (Vec::new(), EventQuery::new().with_bodies());
        loop {
            let page = store.events(query.clone()).await.unwrap();
            let Some(last) = page.last() else { break };
            query = query.after(last.id);
            records.extend(page);
        }
        let (mut sends, mut query) = (Vec::new(), SendQuery::new());
        loop {
            let page = store.sends(query.clone()).await.unwrap();
            let Some(last) = page.last() else { break };
            query = query.after(last.id);
            sends.extend(page);
        }
        (records, sends)
    });

    let mut kept: BTreeMap<String, EventState> = BTreeMap::new();
    for record in &records {
        let came =
            ReceivedCallback::from_raw(record.raw.clone().unwrap(), std::time::SystemTime::now());
        let came = came.unwrap();
        let id = came.events().next().unwrap().id().unwrap().to_owned();
        assert_eq!(
            kept.insert(id, record.state),
            None,
            "an event was kept twice"
        );
    }
    for id in senders.iter().flat_map(|sender| &sender.acknowledged) {
        assert!(kept.contains_key(id), "{id} was acknowledged and is lost");
    }
    let handled = kept
        .values()
        .filter(|it| **it == EventState::Handled)
        .count();
    assert_eq!(handled, kept.len(), "all are handled in the end");
    assert_eq!(sends.len(), handled, "one reply for each");

    let log = fs::read_to_string(cluster.folder.join("log")).unwrap();
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
    let wire = fs::read_to_string(cluster.folder.join("wire")).unwrap();
    let copies = wire.lines().count();
    let different: BTreeSet<&str> = wire.lines().collect();
    assert_eq!(copies, different.len(), "something was sent twice");
    for send in &sends {
        let is_out = different.contains(send.reference.as_str());
        let state = send.state.as_str();
        assert!(is_out || state == "uncertain", "{state}, and not sent");
    }
    println!("{} events, {copies} sent, none twice", kept.len());
}
