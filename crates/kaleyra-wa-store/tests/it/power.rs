//! Power cuts, without hardware: what was written and synced is recorded, and put together as a disk may have it at any
//! moment. Whatever was acknowledged by then has to be found in it.
//!
//! A disk has all that was written to a file before its last sync, and any part of what came after it. `KWA_POWER` says how
//! many such parts are tried at each moment, and then no moment is left out; `cargo xtask prove power` makes it 16.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use kaleyra_wa_store::inbox::{EventId, InboxStore, Settlement};
use kaleyra_wa_store::outbox::{Digest, NewSend, OutboxStore, Purpose, Queued, Takeoff};
use kaleyra_wa_store::{Moment, SqliteStore};

use crate::support::{Folder, delivery};

const FOLDER: &str = "KWA_TEST_POWER_FOLDER";
const DELIVERIES: usize = 16;
const DATABASE: &str = "a.db";
const LOG: &str = "a.db-wal";
const NOTES: &str = "notes";

/// The child: keeps deliveries and handles some of them, queues sends and lets them fly, notes each that was acknowledged, and
/// is opened anew on the way.
#[test]
fn notes_what_is_acknowledged() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut notes = File::create(folder.join(NOTES)).unwrap();
        for part in 0..4 {
            let store = SqliteStore::open(folder.join(DATABASE)).unwrap();
            for number in (0..DELIVERIES).skip(part).step_by(4) {
                let key = number.to_string();
                let mut delivery = delivery(&[(&key, "1")]);
                delivery.raw = vec![b'x'; 3_000].into();
                let kept = store.keep(delivery, Box::new(|_| ())).await.unwrap();
                notes
                    .write_all(format!("kept {number}\n").as_bytes())
                    .unwrap();
                let queued = store.enqueue(send(&key)).await.unwrap();
                assert!(matches!(queued, Queued::New(_)));
                notes
                    .write_all(format!("queued {number}\n").as_bytes())
                    .unwrap();
                if number % 2 == 0 {
                    let flown = store.fly(Takeoff::new(SENDER, 1)).await.unwrap();
                    assert_eq!(flown.flights.len(), 1);
                    let reference = &flown.flights[0].reference;
                    notes
                        .write_all(format!("flown {reference}\n").as_bytes())
                        .unwrap();
                    let (_, id) = kept.events[0];
                    store.take(id).await.unwrap();
                    let handled = Settlement::Handled { sends: vec![] };
                    store.settle(id, 1, handled).await.unwrap();
                    notes
                        .write_all(format!("handled {number}\n").as_bytes())
                        .unwrap();
                }
            }
            // Half of the times in good order, which moves the log into the file and deletes it.
            if part % 2 == 0 {
                store.close().await;
            } else {
                store.load(EventId::default(), 1).await.unwrap();
                let end = store.clone();
                drop(store);
                end.close().await;
            }
        }
    });
}

const SENDER: &str = "+918000000001";

/// A send of its own conversation.
fn send(key: &str) -> NewSend {
    NewSend {
        key: key.to_owned(),
        digest: Digest::of([key.as_bytes()]),
        reference: key.to_owned(),
        sender: SENDER.to_owned(),
        recipient: format!("+{key}"),
        conversation: key.to_owned(),
        body: vec![b'x'; 500].into(),
        fallback: None,
        purpose: Purpose::Utility,
        priority: 0,
        not_before: Moment::default(),
        expires_at: None,
        needs_window: false,
        user_wrote_at: None,
        follows: None,
    }
}

/// What the child did to its files.
#[derive(Debug)]
enum Act {
    Write {
        file: String,
        at: usize,
        bytes: Vec<u8>,
    },
    Truncate {
        file: String,
        length: usize,
    },
    Sync {
        file: String,
    },
    Delete {
        file: String,
    },
    /// Something was acknowledged.
    Note(String),
}

/// Records what the child does; `None` where that can't be had.
fn record(folder: &Folder) -> Option<Vec<Act>> {
    let trace = folder.file("trace");
    let calls = "trace=pwrite64,write,fsync,fdatasync,ftruncate,unlink";
    let output = Command::new("strace")
        .args([
            "-f",
            "-qq",
            "-y",
            "-xx",
            "-s",
            "1000000",
            "-e",
            calls,
            "-e",
            "signal=none",
            "-o",
        ])
        .arg(&trace)
        .arg(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "power::notes_what_is_acknowledged",
            "--nocapture",
        ])
        .env(FOLDER, folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output();
    let Ok(output) = output else {
        eprintln!("SKIPPED: there is no strace on this machine");
        return None;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() && said.to_lowercase().contains("ptrace") {
        eprintln!("SKIPPED: nothing may be traced here: {said}");
        return None;
    }
    assert!(output.status.success(), "{said}");
    let text = fs::read_to_string(trace).unwrap();
    Some(
        whole_calls(&text)
            .iter()
            .filter_map(|call| act(call))
            .collect(),
    )
}

/// The calls, each in a line: one that another thread's came in the middle of is put together.
fn whole_calls(trace: &str) -> Vec<String> {
    let mut begun: BTreeMap<&str, &str> = BTreeMap::new();
    let mut calls = Vec::new();
    for line in trace.lines() {
        let (thread, call) = line.split_once(' ').unwrap();
        let call = call.trim_start();
        if let Some(start) = call.strip_suffix(" <unfinished ...>") {
            begun.insert(thread, start);
        } else if let Some(rest) = call.strip_prefix("<... ") {
            let (_, end) = rest.split_once(" resumed>").unwrap();
            calls.push(format!("{}{end}", begun.remove(thread).unwrap()));
        } else {
            calls.push(call.to_owned());
        }
    }
    calls
}

fn act(call: &str) -> Option<Act> {
    let (name, rest) = call.split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    if result.starts_with('-') {
        return None;
    }
    let arguments = arguments.trim_end().strip_suffix(')')?;
    if name == "unlink" {
        let path = unescape(arguments.trim_matches('"'));
        let file = String::from_utf8(path).ok()?.rsplit('/').next()?.to_owned();
        return is_ours(&file).then_some(Act::Delete { file });
    }
    // The descriptor has its path beside it.
    let (path, rest) = arguments.split_once('<')?.1.split_once('>')?;
    let path = String::from_utf8(unescape(path)).ok()?;
    let file = path.rsplit('/').next()?.to_owned();
    if !is_ours(&file) {
        return None;
    }
    let mut rest = rest.trim_start_matches(", ").rsplitn(3, ", ");
    match name {
        "fsync" | "fdatasync" => Some(Act::Sync { file }),
        "ftruncate" => {
            let length = rest.next()?.parse().ok()?;
            Some(Act::Truncate { file, length })
        }
        "pwrite64" => {
            let at = rest.next()?.parse().ok()?;
            let bytes = unescape(rest.nth(1)?.trim_matches('"'));
            Some(Act::Write { file, at, bytes })
        }
        "write" if file == NOTES => {
            let bytes = unescape(rest.nth(1)?.trim_matches('"'));
            Some(Act::Note(String::from_utf8(bytes).ok()?.trim().to_owned()))
        }
        _ => None,
    }
}

fn is_ours(file: &str) -> bool {
    [DATABASE, LOG, NOTES].contains(&file)
}

/// The bytes of a text in which each is an escape.
fn unescape(text: &str) -> Vec<u8> {
    if !text.contains("\\x") {
        return text.as_bytes().to_vec();
    }
    let digits = text.split("\\x").skip(1);
    digits
        .map(|digits| u8::from_str_radix(&digits[..2], 16).unwrap())
        .collect()
}

/// A file on the disk.
#[derive(Clone, Default)]
struct Platter {
    synced: Option<Vec<u8>>,
    /// What was done to it since.
    open: Vec<usize>,
    /// The directory may not know it yet, so that it may come back.
    is_deleted: bool,
}

/// Puts the disk together as it may be after the first so many acts, and what was acknowledged by then.
fn disk(acts: &[Act]) -> (BTreeMap<String, Platter>, Vec<String>) {
    let mut files: BTreeMap<String, Platter> = BTreeMap::new();
    let mut notes = Vec::new();
    for (nth, act) in acts.iter().enumerate() {
        match act {
            Act::Write { file, .. } | Act::Truncate { file, .. } => {
                files.entry(file.clone()).or_default().open.push(nth);
            }
            Act::Sync { file } => {
                let platter = files.entry(file.clone()).or_default();
                let mut bytes = platter.synced.take().unwrap_or_default();
                for nth in platter.open.drain(..) {
                    do_it(&mut bytes, &acts[nth], usize::MAX);
                }
                platter.synced = Some(bytes);
            }
            Act::Delete { file } => {
                if let Some(mut platter) = files.remove(file) {
                    platter.is_deleted = true;
                    files.insert(format!("deleted {file}"), platter);
                }
            }
            Act::Note(note) => notes.push(note.clone()),
        }
    }
    (files, notes)
}

/// As far as so many bytes, of a write that the power cut in the middle.
fn do_it(bytes: &mut Vec<u8>, act: &Act, at_most: usize) {
    match act {
        Act::Write {
            at, bytes: written, ..
        } => {
            let written = &written[..written.len().min(at_most)];
            if bytes.len() < at + written.len() {
                bytes.resize(at + written.len(), 0);
            }
            bytes[*at..at + written.len()].copy_from_slice(written);
        }
        Act::Truncate { length, .. } => bytes.resize(*length, 0),
        Act::Sync { .. } | Act::Delete { .. } | Act::Note(_) => {}
    }
}

/// Chance that comes out the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % limit
    }
}

/// Writes the disk into a folder, with a part of what was not synced, as chance has it.
fn write(
    folder: &Path,
    acts: &[Act],
    files: &BTreeMap<String, Platter>,
    chance: &mut Chance,
    part: usize,
) {
    for name in [DATABASE, LOG, "a.db-shm"] {
        let _ = fs::remove_file(folder.join(name));
    }
    for (name, platter) in files {
        let comes_back = part >= 2 && chance.below(2) == 0;
        let is_left_out = platter.is_deleted && !comes_back;
        if name == NOTES || is_left_out || (platter.synced.is_none() && part == 0) {
            continue;
        }
        let name = name.trim_start_matches("deleted ");
        if platter.is_deleted && files.contains_key(name) {
            continue;
        }
        let mut bytes = platter.synced.clone().unwrap_or_default();
        for nth in &platter.open {
            let (is_done, at_most) = match part {
                0 => (false, 0),
                1 => (true, usize::MAX),
                2 => (chance.below(2) == 0, usize::MAX),
                // Sectors of 512 bytes, torn off.
                _ => (chance.below(2) == 0, 512 * chance.below(9)),
            };
            if is_done {
                do_it(&mut bytes, &acts[*nth], at_most);
            }
        }
        fs::write(folder.join(name), bytes).unwrap();
    }
}

/// Opens it, and says what is in it.
fn found(path: &Path) -> Result<BTreeSet<String>, rusqlite::Error> {
    let db = rusqlite::Connection::open(path)?;
    let whole: String = db.query_row("PRAGMA quick_check", [], |row| row.get(0))?;
    assert_eq!(whole, "ok");
    let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version == 0 {
        return Ok(BTreeSet::new());
    }
    let mut events = db
        .prepare("SELECT CAST(key AS TEXT), state FROM event JOIN delivery d ON d.id = delivery")?;
    let mut rows = events.query([])?;
    let mut notes = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let (key, state): (String, i64) = (row.get(0)?, row.get(1)?);
        let number = key.trim_end_matches('\0').to_owned();
        if state == 8 {
            notes.insert(format!("handled {number}"));
        }
        notes.insert(format!("kept {number}"));
    }
    let mut sends = db.prepare("SELECT reference, state FROM send")?;
    let mut rows = sends.query([])?;
    while let Some(row) = rows.next()? {
        let (reference, state): (String, i64) = (row.get(0)?, row.get(1)?);
        if state > 0 {
            notes.insert(format!("flown {reference}"));
        }
        notes.insert(format!("queued {reference}"));
    }
    Ok(notes)
}

#[test]
fn what_was_acknowledged_is_there_after_any_power_cut() {
    let folder = Folder::new();
    let Some(acts) = record(&folder) else {
        return;
    };
    let syncs = acts
        .iter()
        .filter(|act| matches!(act, Act::Sync { .. }))
        .count();
    let notes = acts
        .iter()
        .filter(|act| matches!(act, Act::Note(_)))
        .count();
    assert!(
        syncs > DELIVERIES && notes == 3 * DELIVERIES,
        "{syncs} {notes}"
    );

    let disk_of_its_own = Folder::within(Path::new("/dev/shm"));
    let parts = std::env::var("KWA_POWER").ok();
    let parts: Option<usize> = parts.map(|parts| parts.parse().expect("a number of parts"));
    let mut chance = Chance(7);
    let mut tried = 0;
    for end in 0..=acts.len() {
        let is_sync = end > 0
            && matches!(
                acts[end - 1],
                Act::Sync { .. } | Act::Delete { .. } | Act::Note(_)
            );
        // Every moment right after a sync, and a part of the others.
        if !is_sync && parts.is_none() && chance.below(8) > 0 {
            continue;
        }
        let (files, acknowledged) = disk(&acts[..end]);
        for part in 0..parts.unwrap_or(4) {
            write(disk_of_its_own.path(), &acts, &files, &mut chance, part);
            let path = disk_of_its_own.file(DATABASE);
            if !path.exists() {
                assert!(acknowledged.is_empty());
                continue;
            }
            let found = found(&path).unwrap_or_else(|error| panic!("{end}, {part}: {error}"));
            let lost: Vec<_> = acknowledged
                .iter()
                .filter(|note| !found.contains(*note))
                .collect();
            assert!(
                lost.is_empty(),
                "after {end} acts, part {part}: {lost:?} lost"
            );
            tried += 1;
        }
    }
    assert!(tried > 200, "{tried}");
    println!("{tried} disks after {syncs} syncs, {notes} acknowledged, none lost");
}
