//! A process that is killed again and again: what was acknowledged is kept, handled in its order, and answered once.
//!
//! The process is this test binary again, which then runs [`serves_until_it_is_killed`] alone.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use kaleyra_wa_inbox::Inbox;
use kaleyra_wa_inbox::store::SqliteStore;
use kaleyra_wa_inbox::store::inbox::{EventQuery, EventState, InboxStore};
use kaleyra_wa_inbox::store::outbox::{Digest, Effects, NewSend, Purpose};
use kaleyra_wa_inbox::webhook::{
    IncomingEvent, ReceivedCallback, Receiver, SharedHeader, WebhookService, handler_fn, serve,
};

use crate::support::{Folder, message};

const FOLDER: &str = "KWA_TEST_FOLDER";
const CONVERSATIONS: usize = 8;

/// The child: an inbox behind a server. It handles an event by noting it in a file, and replies to it.
#[test]
fn serves_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(run(&folder));
}

async fn run(folder: &Path) {
    let log = OpenOptions::new()
        .append(true)
        .create(true)
        .open(folder.join("log"))
        .unwrap();
    let log = Arc::new(log);
    let handler = handler_fn(move |event: IncomingEvent| {
        let log = Arc::clone(&log);
        async move {
            let id = event.event().id().unwrap_or_default().to_owned();
            if id.starts_with("poison") {
                std::process::abort();
            }
            let effects = event.extensions().get::<Effects>().ok_or("no buffer")?;
            effects.push(reply(effects)).map_err(|_| "closed")?;
            (&*log).write_all(format!("{id}\n").as_bytes())?;
            Ok(())
        }
    });
    let inbox = Inbox::builder(handler)
        .attempts(3)
        .open(folder.join("bot.db"))
        .await
        .unwrap();
    let receiver = Receiver::new(SharedHeader::new("x-secret", "a long random text").unwrap());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    fs::write(folder.join("address.new"), address).unwrap();
    fs::rename(folder.join("address.new"), folder.join("address")).unwrap();
    let service = WebhookService::new(receiver, inbox.clone());
    serve(listener, service, std::future::pending())
        .await
        .unwrap();
}

fn reply(effects: &Effects) -> NewSend {
    let key = effects.next_key();
    NewSend {
        digest: Digest::of([key.as_bytes()]),
        reference: key.clone(),
        key,
        sender: "+918000000001".to_owned(),
        recipient: "+919800000001".to_owned(),
        conversation: "919800000001".to_owned(),
        body: "{}".into(),
        fallback: None,
        purpose: Purpose::Service,
        priority: 0,
        not_before: kaleyra_wa_inbox::store::Moment::default(),
        expires_at: None,
        needs_window: false,
        user_wrote_at: None,
        follows: None,
    }
}

/// Starts the child, and waits until it serves; `None` where it ended before that.
fn start(folder: &Folder, crash: Option<&str>) -> Option<(Child, String)> {
    let address = folder.file("address");
    let _ = fs::remove_file(&address);
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "kills::serves_until_it_is_killed", "--nocapture"]);
    command.env(FOLDER, folder.file("."));
    command.stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(crash) = crash {
        command.env("KWA_CRASH", crash);
    }
    let mut child = command.spawn().unwrap();
    let begun = Instant::now();
    loop {
        if let Ok(address) = fs::read_to_string(&address) {
            return Some((child, address));
        }
        if child.try_wait().unwrap().is_some() {
            return None;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "the child does not serve"
        );
        thread::sleep(Duration::from_millis(1));
    }
}

/// One sender of callbacks, who repeats each until it is acknowledged, as Kaleyra does.
struct Sender {
    conversation: usize,
    next: u32,
    acknowledged: Vec<String>,
}

impl Sender {
    /// Sends until the connection breaks, or it is told to stop.
    fn send(&mut self, address: &str, stop: &AtomicBool) {
        let Ok(stream) = TcpStream::connect(address) else {
            return;
        };
        let mut reader = BufReader::new(&stream);
        while !stop.load(Ordering::SeqCst) {
            let id = format!("{}-{:06}", self.conversation, self.next);
            let text = message(&self.conversation.to_string(), &id);
            if post(&stream, &mut reader, &text) != Some(200) {
                return;
            }
            self.acknowledged.push(id);
            self.next += 1;
        }
    }
}

/// The status of the response; `None` where there is none.
fn post(mut stream: &TcpStream, reader: &mut BufReader<&TcpStream>, message: &str) -> Option<u16> {
    let body = format!(
        r#"{{"meta_object": {{"field": "messages", "value": {{"messages": [{message}]}}}}}}"#
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

/// Lets all senders send until the child has ended; it is killed after this time, if it does not by itself.
fn traffic(senders: &mut [Sender], child: &mut Child, address: &str, time: Duration) {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for sender in &mut *senders {
            let stop = &stop;
            scope.spawn(move || sender.send(address, stop));
        }
        let begun = Instant::now();
        while begun.elapsed() < time && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_millis(1));
        }
        let _ = child.kill();
        let _ = child.wait();
        stop.store(true, Ordering::SeqCst);
    });
}

fn senders() -> Vec<Sender> {
    let new = |conversation| Sender {
        conversation,
        next: 0,
        acknowledged: Vec::new(),
    };
    (0..CONVERSATIONS).map(new).collect()
}

/// Lets a last child handle what is left, and checks all that is promised.
fn judge(folder: &Folder, senders: &[Sender], kills: usize) {
    let (mut child, _) = start(folder, None).expect("the last child serves");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let records = runtime.block_on(async {
        let store = SqliteStore::attach(folder.file("bot.db")).unwrap();
        let begun = Instant::now();
        while store.stats().await.unwrap().live() > 0 {
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "it is not handled in time"
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let (mut records, mut query) = (Vec::new(), EventQuery::new().with_bodies());
        loop {
            let page = store.events(query.clone()).await.unwrap();
            let Some(last) = page.last() else { break };
            query = query.after(last.id);
            records.extend(page);
        }
        store.close().await;
        records
    });
    let _ = child.kill();
    let _ = child.wait();

    let mut kept: BTreeMap<String, EventState> = BTreeMap::new();
    for record in &records {
        let came =
            ReceivedCallback::from_raw(record.raw.clone().unwrap(), std::time::SystemTime::now());
        let id = came
            .unwrap()
            .events()
            .next()
            .unwrap()
            .id()
            .unwrap()
            .to_owned();
        assert_eq!(
            kept.insert(id, record.state),
            None,
            "an event was kept twice"
        );
    }
    let acknowledged: usize = senders.iter().map(|sender| sender.acknowledged.len()).sum();
    for id in senders.iter().flat_map(|sender| &sender.acknowledged) {
        assert!(kept.contains_key(id), "{id} was acknowledged and is lost");
    }
    // At most one of each sender was kept without its response having come.
    assert!(
        kept.len() <= acknowledged + CONVERSATIONS,
        "{} {acknowledged}",
        kept.len()
    );

    let log = fs::read_to_string(folder.file("log")).unwrap_or_default();
    for conversation in 0..CONVERSATIONS {
        let prefix = format!("{conversation}-");
        let mut done: Vec<&str> = log
            .lines()
            .filter(|line| line.starts_with(&prefix))
            .collect();
        // One that was handled again is next to its first time: nothing else of its conversation is in between.
        done.dedup();
        assert!(
            done.is_sorted(),
            "conversation {conversation} was handled out of its order"
        );
    }
    let handled = kept
        .values()
        .filter(|state| **state == EventState::Handled)
        .count();
    let runs = log.lines().count();
    assert!(
        runs <= kept.len() + kills * CONVERSATIONS,
        "{runs} runs of {} events",
        kept.len()
    );
    let db = rusqlite::Connection::open(folder.file("bot.db")).unwrap();
    let replies: i64 = db
        .query_row("SELECT count(*) FROM send", [], |row| row.get(0))
        .unwrap();
    assert_eq!(
        replies,
        i64::try_from(handled).unwrap(),
        "replies and handled events"
    );
    let whole: String = db
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(whole, "ok");
}

/// `KWA_KILLS` says how many; 50 if nothing does.
#[test]
fn random_kills_lose_nothing_that_was_acknowledged() {
    let kills = std::env::var("KWA_KILLS").ok();
    let kills: usize = kills.map_or(50, |kills| kills.parse().expect("a number of kills"));
    let folder = Folder::new();
    let mut senders = senders();
    let mut chance: u64 = 0x9E37_79B9;
    for _ in 0..kills {
        let (mut child, address) = start(&folder, None).expect("the child serves");
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let time = Duration::from_millis(5 + (chance >> 33) % 60);
        traffic(&mut senders, &mut child, &address, time);
    }
    let acknowledged: usize = senders.iter().map(|sender| sender.acknowledged.len()).sum();
    assert!(acknowledged > kills, "{acknowledged}");
    judge(&folder, &senders, kills);
    println!("{kills} kills, {acknowledged} acknowledged, none lost");
}

#[cfg(feature = "crash-points")]
#[test]
fn a_kill_at_each_place_loses_nothing_that_was_acknowledged() {
    const PLACES: [&str; 9] = [
        "inbox.keep",
        "store.commit",
        "store.committed",
        "inbox.kept",
        "inbox.taken",
        "inbox.attempt",
        "inbox.attempted",
        "inbox.settle",
        "inbox.settled",
    ];
    let cases: Mutex<Vec<_>> = Mutex::default();
    for place in PLACES {
        cases
            .lock()
            .unwrap()
            .extend([1, 2, 7].map(|times| format!("{place}:{times}")));
    }
    let next = || cases.lock().unwrap().pop();
    // Two at a time: most of it is starting processes.
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(crash) = next() {
                    let folder = Folder::new();
                    let mut senders = senders();
                    // At the start of the child, some come by before it serves.
                    if let Some((mut child, address)) = start(&folder, Some(&crash)) {
                        let time = Duration::from_secs(20);
                        traffic(&mut senders, &mut child, &address, time);
                        let status = child.wait().unwrap();
                        assert!(!status.success(), "{crash}: it was not killed there");
                    }
                    judge(&folder, &senders, 1);
                }
            });
        }
    });
}

#[test]
fn an_event_that_kills_the_process_is_given_up_and_its_conversation_goes_on() {
    let folder = Folder::new();
    let (mut child, address) = start(&folder, None).unwrap();
    let stream = TcpStream::connect(&address).unwrap();
    let mut reader = BufReader::new(&stream);
    let poison = format!("{}, {}", message("1", "poison"), message("1", "1-after"));
    // The process may end before its response is out.
    post(&stream, &mut reader, &poison);
    assert!(!child.wait().unwrap().success());
    let mut ends = 1;
    let log = || fs::read_to_string(folder.file("log")).unwrap_or_default();
    let mut last = None;
    while ends < 10 {
        let Some((mut child, _)) = start(&folder, None) else {
            ends += 1;
            continue;
        };
        let begun = Instant::now();
        let ended = loop {
            if child.try_wait().unwrap().is_some() {
                break true;
            }
            if log().contains("1-after") {
                break false;
            }
            assert!(begun.elapsed() < Duration::from_secs(60));
            thread::sleep(Duration::from_millis(5));
        };
        if !ended {
            last = Some(child);
            break;
        }
        ends += 1;
    }
    let mut last = last.expect("it is given up at some time");
    let _ = last.kill();
    let _ = last.wait();
    assert_eq!(ends, 3, "as often as an event is tried");
    let db = rusqlite::Connection::open(folder.file("bot.db")).unwrap();
    let states = db.query_row("SELECT group_concat(state) FROM event", [], |row| {
        row.get::<_, String>(0)
    });
    assert!(states.unwrap().starts_with("9,"));
}
